"""検索: every store in scope is asked, by machine or by slip; what is not proven waits for a human.

Searching writes counts and sealed candidates, never rows. It can be repeated: each search asks
again and the newest stands, with every decision a human has taken on candidates so far.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from daicho.law.kinds import RequestKind
from daicho.people.queries import require_role
from daicho.register.reading import StoreRef
from daicho.rights.access import DESK
from daicho.rights.actions.amending import state_of
from daicho.rights.amendments import judge_state
from daicho.rights.models import CandidateDecision, SubjectRequest
from daicho.rights.reading import lock_request, not_found, open_candidates, require_desk_everywhere, sought_for
from daicho.rights.reopening import judge_searching
from daicho.rights.rules import ClaimState
from daicho.runs.actions import issue_slips
from daicho.runs.queries import Reached, reach
from daicho.runs.resolve import Candidate
from daicho.runs.rules import in_scope
from daicho.stores.port import Store
from daicho.trail.acts import Acts
from daicho.words.errors import NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.progress import SILENT, Progress

OpenStore = Callable[[StoreRef], Store]
DEFAULT_SLIP_DAYS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """Counts of a search: rows per store and table, candidates waiting, slips asked for."""

    number: str
    stores: Mapping[str, Mapping[str, int]]
    rows: int
    candidates: int
    slips: int


def search_request(
    number: str, *, by_name: bool, scope: Scope, at: datetime, open_store: OpenStore, progress: Progress = SILENT
) -> Searched:
    """Search every store of the addressed entities for the person of one request.

    Args:
        by_name: also scan for the name and its reading, in all spellings; finds candidates only.

    Raises:
        NotAllowedError: identity is not verified yet, or a claim is decided on what was found before.
        StoreUnreachableError, StoreChangedError: named; nothing was recorded.
    """
    request = _read(number, scope)
    _require_open(request)
    (sought,) = sought_for([request])
    by_name = by_name or bool(request.searched.get("by_name"))
    organisations = frozenset(request.addressed)
    progress.step("search.stores")
    reached = reach([sought], organisations=organisations, scope=scope, open_store=open_store, search=by_name)
    with transaction.atomic():
        seen, request = request, lock_request(number, scope=scope)
        _require_open(request)
        judge_state(state_of(seen), state_of(request))
        acts = Acts(actor=scope.actor, at=at)
        (found,) = note_search([request], reached, by_name=by_name, at=at, acts=acts)
        request.save(update_fields=["searched", "candidates"])
        request.claims.filter(state=ClaimState.SEARCHING).update(state=ClaimState.ASSESSING)
        acts.add(
            "request.searched",
            organisation=request.organisation,
            request=number,
            stores=len(reached.maps),
            rows=found.rows,
            candidates=found.candidates,
            slips=found.slips,
        )
        acts.write()
    return found


def note_search(
    requests: Sequence[SubjectRequest],
    reached: Reached,
    *,
    by_name: bool = False,
    at: datetime,
    acts: Acts,
) -> list[Searched]:
    """Put the counts and sealed candidates of a batch on its requests, and ask the departments for slips.

    The caller saves the requests and moves their claims to assessing, in the same transaction.
    """
    counts = _counts(requests, reached)
    candidates = _candidates(requests, reached)
    slips = _ask_departments(requests, reached, at=at, acts=acts)
    results = []
    for number, request in enumerate(requests):
        waiting = candidates[number]
        request.searched = {
            "stores": counts[number],
            "at": at.isoformat(),
            "candidates": len(waiting),
            "by_name": by_name,
        }
        kept = _judged_before(request, {one["mark"] for one in waiting}, reached)
        request.candidates = b""
        if waiting or kept:
            plain = json.dumps([*waiting, *kept], ensure_ascii=False, default=str).encode()
            request.candidates = reached.ring.seal(plain, bound_to=f"candidates:{request.number}")
        results.append(
            Searched(
                number=request.number,
                stores=counts[number],
                rows=sum(sum(tables.values()) for tables in counts[number].values()),
                candidates=len(waiting),
                slips=slips[number],
            )
        )
    return results


def _judged_before(request: SubjectRequest, again: set[str], reached: Reached) -> list[dict[str, Any]]:
    """What a human judged stays to be reviewed, and reversed, until the claims are decided; as it was compared then."""
    if not request.candidates:
        return []
    plain = json.loads(reached.ring.unseal(bytes(request.candidates), bound_to=f"candidates:{request.number}"))
    judged = set(request.decisions.values_list("mark", flat=True))
    return [one for one in plain if one["mark"] in judged and one["mark"] not in again]


def _counts(requests: Sequence[SubjectRequest], reached: Reached) -> list[dict[str, dict[str, int]]]:
    """Rows per store and table, for each request; a store that found nothing says so."""
    stores = [finding.map.store.code for finding in reached.resolution.findings]
    counts: list[dict[str, dict[str, int]]] = [{store: {} for store in stores} for _ in requests]
    scopes = {tuple(request.addressed): frozenset(request.addressed) for request in requests}
    for finding in reached.resolution.findings:
        store = finding.map.store.code
        for rows in finding.rows:
            rules = finding.map.tables[rows.table]
            open_to = {addressed: in_scope(rules, organisations) for addressed, organisations in scopes.items()}
            for person, found in Counter(rows.persons).items():
                if open_to[tuple(requests[person].addressed)]:
                    counts[person][store][rows.table] = found
    return counts


def _candidates(requests: Sequence[SubjectRequest], reached: Reached) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = [[] for _ in requests]
    rules = {finding.map.store.code: finding.map.tables for finding in reached.resolution.findings}
    for one in reached.resolution.candidates:
        table = rules[one.store][one.table]
        if in_scope(table, frozenset(requests[one.person].addressed)):
            found[one.person].append(_plain(one))
    return found


def _plain(one: Candidate) -> dict[str, Any]:
    judgement = one.judgement
    return {
        "mark": one.mark,
        "store": one.store,
        "table": one.table,
        "by": sorted(one.by),
        "agreeing": sorted(judgement.agreeing),
        "disagreeing": sorted(judgement.disagreeing),
        "doubt": judgement.doubt,
        "shown": dict(one.shown),
    }


def _ask_departments(requests: Sequence[SubjectRequest], reached: Reached, *, at: datetime, acts: Acts) -> list[int]:
    """A store without a machine's answer is answered by its department (desk practice 1)."""
    due = {store.code: _due(store, at.date()) for store in reached.unsearched}
    for request in requests if due else ():
        issue_slips(request.number, due, task="search", organisation=request.organisation, at=at, acts=acts)
    return [len(due)] * len(requests)


def _due(store: StoreRef, on: date) -> date:
    return on + timedelta(days=store.replies_in_days or DEFAULT_SLIP_DAYS)


def decide_candidate(number: str, mark: str, *, accepted: bool, scope: Scope, at: datetime) -> int:
    """A human compared a row with the verified identity; returns how many candidates are still undecided.

    The next search takes the decision into account: an accepted row leads on to its other rows. Until
    the claims are decided, a judgement can be taken back.

    Raises:
        NotAllowedError: a claim is decided on what was found so far.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        require_desk_everywhere([request], scope=scope)
        _require_open(request)
        waiting = {one["mark"] for one in open_candidates(request)}
        before = request.decisions.filter(mark=mark)
        if mark not in waiting and not before.exists():
            raise NotFoundError(
                Text(f"判断待ちの候補 {mark} はありません。", f"There is no undecided candidate {mark}."),
                advice=Text("請求の候補の一覧で確かめてください。", "See the candidates of the request."),
            )
        CandidateDecision.objects.update_or_create(
            request=request,
            mark=mark,
            defaults={
                "organisation": request.organisation,
                "accepted": accepted,
                "decided_by": scope.actor,
                "decided_at": at,
            },
        )
        acts = Acts(actor=scope.actor, at=at)
        acts.add(
            "candidate.decided", organisation=request.organisation, request=number, candidate=mark, accepted=accepted
        )
        acts.write()
    return len(waiting - {mark})


def _read(number: str, scope: Scope) -> SubjectRequest:
    request = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    if request is None:
        raise not_found(number)
    require_role(scope, request.organisation, DESK)
    require_desk_everywhere([request], scope=scope)
    return request


def _require_open(request: SubjectRequest) -> None:
    """What claims were decided on stays as it is until the decision is taken back."""
    judge_searching(
        {one.number: (ClaimState(one.state), RequestKind(one.kind)) for one in request.claims.order_by("pk")}
    )

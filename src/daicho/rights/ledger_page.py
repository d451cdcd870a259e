"""受付簿の一頁: fifty requests of a year as the screen shows them, counted and cut by the database.

What is approved is the whole year: see `daicho.rights.ledger_book`. Here an approval is only looked up for the rows shown.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db.models import Count, Max

from daicho.law.kinds import RequestKind
from daicho.letters.ledger import LedgerBook, LedgerRow
from daicho.people.queries import list_accounts
from daicho.rights.dossier import local_day
from daicho.rights.ledger import ledger_rows
from daicho.rights.ledger_book import book_house, empty_paper, list_past, past_requests, row_digest, row_key
from daicho.rights.models import LedgerApproval, SubjectRequest
from daicho.rights.past import past_ledger_rows
from daicho.rights.queries import ledger_claims, ledger_requests, list_ledger
from daicho.rights.rules import REQUEST_ENDS, ClaimState, RequestState
from daicho.words.scope import Scope
from daicho.words.text import Language

PAGE: Final = 50
_OPEN: Final = tuple(state for state in RequestState if state not in REQUEST_ENDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """``paper``: the book with the rows of page ``number`` only, in their order; ``total``: requests of the whole year.

    ``changed``: rows of this page that are new or other than approved. ``counted``, ``opened``: claims of the year.
    """

    paper: LedgerBook
    number: int
    total: int
    changed: frozenset[str]
    counted: Mapping[RequestKind, int]
    opened: int
    approved_by: str
    approved_at: datetime | None


def read_page(
    year: int, code: str, *, page: int, names: bool, language: Language, scope: Scope, at: datetime
) -> LedgerPage:
    """One page of one company's year, in the order of the printed book; past the end, the last one.

    Raises:
        NotFoundError: no policy is in force for the company.
    """
    house = book_house([code], at.date())
    accounts = {account.code: account.display_name for account in list_accounts(scope=scope)}
    requests = ledger_requests(year, scope=scope, organisations=frozenset({code}))
    past = past_requests(year, [code], scope=scope)
    brought = past.count()
    had = requests.order_by().aggregate(n=Count("*"), newest=Max("pk"))
    total = had["n"] + brought
    page = max(1, min(page, -(-total // PAGE)))
    keys = requests.order_by("arrived_on", "number").values_list("arrived_on", "number")
    if brought:
        keys = requests.order_by().values_list("arrived_on", "number")
        keys = keys.union(past.values_list("arrived_on", "ref"), all=True).order_by("arrived_on", "number")
    place = {number: nth for nth, (_, number) in enumerate(keys[(page - 1) * PAGE : page * PAGE])}
    found: list[tuple[int, LedgerRow]] = []
    for one in list_ledger(year, scope=scope, organisations=frozenset({code}), names=names, numbers=place):
        found += [(place[one.number], row) for row in ledger_rows(one, house=house, deciders=accounts)]
    for ref, one_past in list_past(year, [code], scope=scope, refs=place) if brought else ():
        found += [(place[ref], row) for row in past_ledger_rows(ref, one_past, names=names)]
    rows = [row for _, row in sorted(found, key=lambda pair: pair[0])]
    approval = LedgerApproval.objects.filter(organisation=code, year=year).order_by("-pk").first()
    changed: frozenset[str] = frozenset()
    if approval is not None:
        changed = frozenset(key for row in rows if approval.rows.get(key := row_key(row)) != row_digest(row))
        on = local_day(approval.approved_at)
        rows = [row if row_key(row) in changed else replace(row, approved_on=on) for row in rows]
    counted, opened = _count(year, code, had["n"], _name_of(had["newest"]), scope=scope)
    return LedgerPage(
        paper=replace(empty_paper(year, house=house, language=language, on=at.date()), rows=tuple(rows)),
        number=page,
        total=total,
        changed=changed,
        counted=counted,
        opened=opened,
        approved_by=accounts.get(approval.approved_by, approval.approved_by) if approval else "",
        approved_at=approval.approved_at if approval else None,
    )


def _count(year: int, code: str, rows: int, newest: str, *, scope: Scope) -> tuple[Counter[RequestKind], int]:
    """Claims of the year by kind, and how many of them are open."""
    claims = ledger_claims(year, scope=scope, organisations=frozenset({code}))
    counted = Counter(dict(_count_kinds(year, code, rows, newest, scope)) if rows else {})
    # Nothing of a closed request is open; of an open one everything that is not answered is, as the ledger tells it.
    opened = claims.filter(request__state__in=_OPEN).exclude(state=ClaimState.ANSWERED).count()
    past = past_requests(year, [code], scope=scope)
    brought = past.order_by("-pk").values_list("ref", flat=True).first()
    if brought is not None:
        kinds, unanswered = _count_past(year, code, past.count(), brought, scope)
        counted.update(dict(kinds))
        opened += unanswered
    return counted, opened


def _name_of(pk: int | None) -> str:
    """A request's number with its person: the two are never given again, whatever becomes of the database."""
    return ":".join(*SubjectRequest.objects.filter(pk=pk).values_list("number", "person")) if pk else ""


@lru_cache(maxsize=64)
def _count_kinds(
    year: int,
    code: str,
    rows: int,  # noqa: ARG001 (says what was counted)
    newest: str,  # noqa: ARG001 (the same)
    scope: Scope,
) -> tuple[tuple[RequestKind, int], ...]:
    """A request keeps its claims and their kinds for good: counted once for as many requests with that newest one."""
    claims = ledger_claims(year, scope=scope, organisations=frozenset({code}))
    return tuple((RequestKind(kind), n) for kind, n in claims.values_list("kind").annotate(n=Count("*")))


@lru_cache(maxsize=64)
def _count_past(
    year: int,
    code: str,
    rows: int,  # noqa: ARG001 (says what was counted)
    newest: str,  # noqa: ARG001 (the same)
    scope: Scope,
) -> tuple[tuple[tuple[RequestKind, int], ...], int]:
    """What was brought over is sealed and never edited: opened once for as many rows with that newest one."""
    found = [row for _, row in list_past(year, [code], scope=scope)]
    counted = Counter(kind for row in found for kind in row.kinds)
    return tuple(counted.items()), sum(len(row.kinds) for row in found if row.answered_on is None)

"""決定: another person than who registered the request says yes, partly, no, or not held, on grounds.

For a disclosure a reviewer first goes through the cells that the map leaves to review, and blacks
out single ones on a ground of Art. 33(2). A tick on the form is not decisive: what a claim *is*
(削除 under 34 or 35) can be put right here before it is decided.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from daicho.keys.queries import ring
from daicho.law.kinds import KINDS, RequestKind
from daicho.register.queries import list_active_maps
from daicho.register.reading import Disclose
from daicho.rights.amendments import judge_decider
from daicho.rights.models import Claim, SubjectRequest
from daicho.rights.reading import (
    lacks,
    lock_request,
    needs_search_again,
    not_found,
    open_candidates,
    paper_found,
    policy_of,
    require_desk_everywhere,
)
from daicho.rights.reopening import SHOW, judge_cells, judge_reopening
from daicho.rights.rules import ClaimState, Standing, gate_on, is_charged, judge_decision, move_claim, taken_in_by
from daicho.runs.actions import drop_data
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

_ROW: Final = re.compile(r"[0-9a-f]{16}")  # see `daicho.runs.marks`
#: Until the answer is printed a reviewer may look again, and withhold more; it makes an approval a partial one.
_CELLS_OPEN: Final = frozenset({ClaimState.ASSESSING, ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.READING_BACK})
#: What a tick on the form may turn out to be: untrue (34) or unwanted (35). Charged kinds are never made of it.
TAKEN_FOR_EACH_OTHER: Final = frozenset(
    {
        RequestKind.CORRECTION,
        RequestKind.ADDITION,
        RequestKind.DELETION,
        RequestKind.ERASE,
        RequestKind.SUSPEND_USE,
        RequestKind.STOP_PROVISION,
    }
)
_CELL_GROUNDS: Final = frozenset(ground.code for ground in KINDS[RequestKind.DISCLOSURE].refusals if ground.partly)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision as it was written down."""

    number: str
    state: ClaimState
    ground: str


def decide_claim(
    number: str, decision: ClaimState, *, ground: str = "", reason: str = "", scope: Scope, at: datetime
) -> Decided:
    """Decide one claim.

    Args:
        number: the claim's number.
        decision: approved, partly, refused or not_held; an approval with blacked-out cells becomes *partly*.
        ground: code of the ground for a refusal (see `daicho.rights.rules.refusal_grounds`).
        reason: the explanation of Art. 36, in the company's words; sealed.

    Raises:
        NotAllowedError: not now, not by this account, or not on this ground; says which.
    """
    with transaction.atomic():
        claim, request = lock_claim(number, scope=scope)
        acts = Acts(actor=scope.actor, at=at)
        decided = decide_locked(claim, request, decision, ground=ground, reason=reason, scope=scope, at=at, acts=acts)
        acts.write()
    return decided


def decide_locked(
    claim: Claim,
    request: SubjectRequest,
    decision: ClaimState,
    *,
    ground: str = "",
    reason: str = "",
    scope: Scope,
    at: datetime,
    acts: Acts,
) -> Decided:
    """As `decide_claim`, for a claim that this transaction already holds."""
    kind = RequestKind(claim.kind)
    _refuse_unpaid(request, kind, at)
    if decision in {ClaimState.APPROVED, ClaimState.PARTLY} and any(value != SHOW for value in claim.cells.values()):
        decision = ClaimState.PARTLY
    move_claim(ClaimState(claim.state), decision)
    open_slips, on_paper = paper_found(request, scope=scope)
    if needs_search_again(request):
        raise NotAllowedError(
            Text("候補の判断のあと、検索し直していません。", "A candidate was decided after the last search."),
            advice=Text("もう一度検索してください。", "Search once more."),
        )
    policy = policy_of(request)
    judge_decider(scope.actor, request.amended_by)
    judge_decision(
        decision,
        ground,
        Standing(
            kind=kind,
            rows=sum(sum(tables.values()) for tables in request.searched.get("stores", {}).values()),
            undecided=len(open_candidates(request)),
            open_slips=open_slips,
            found_on_paper=on_paper,
            taken_in_by=taken_in_by(registered_by=request.registered_by, verified_by=request.verified_by),
            decider=scope.actor,
            law_on=request.law_on,
            mark_holder=policy.privacy_mark is not None,
            withheld=any(value != SHOW for value in claim.cells.values()),
        ),
    )
    claim.state, claim.ground = decision, ground
    claim.reason = ring().seal(reason.encode(), bound_to=f"reason:{claim.number}") if reason else b""
    claim.decided_by, claim.decided_at = scope.actor, at
    claim.save(update_fields=["state", "ground", "reason", "decided_by", "decided_at"])
    acts.add(
        "claim.decided",
        organisation=claim.organisation,
        claim=claim.number,
        decision=str(decision),
        ground=ground or None,
    )
    return Decided(number=claim.number, state=decision, ground=ground)


def _refuse_unpaid(request: SubjectRequest, kind: RequestKind, at: datetime) -> None:
    policy = policy_of(request)
    if not is_charged(policy, kind):
        return
    _, due, paid = lacks(request, policy, on=at.date())
    if paid < due:
        raise NotAllowedError(
            Text(f"手数料が {due - paid:,} 円不足しています。", f"The fee is short by ¥{due - paid:,}."),
            advice=Text(
                "不足分の到着を記録するか、補正を求めてください。", "Record the rest when it comes, or ask for it."
            ),
        )


def decide_cells(number: str, cells: Mapping[str, str], *, scope: Scope, at: datetime) -> tuple[int, int]:
    """A reviewer's decisions: cell mark (``row.column``) → ``show`` or a ground of Art. 33(2).

    Returns (cells decided in all, cells withheld in all).

    Raises:
        InputError: a ground that is none, or a mark that is none; nothing was recorded.
        NotAllowedError: after the decision more would be shown than was decided on.
    """
    for place, ground in enumerate(cells.values(), start=1):
        if ground != SHOW and ground not in _CELL_GROUNDS:
            raise InputError(
                Text(f"{place} 番目のセルの判断は使えません。", f"The decision on cell number {place} cannot be used."),
                advice=Text(
                    f"show か {', '.join(sorted(_CELL_GROUNDS))} を指定してください。評価であることは理由になりません。",
                    f"Use show or one of {', '.join(sorted(_CELL_GROUNDS))}. “It is an evaluation” is not a ground.",
                ),
            )
    with transaction.atomic():
        claim, request = lock_claim(number, scope=scope)
        if claim.kind not in {RequestKind.DISCLOSURE, RequestKind.RECORD_DISCLOSURE} or claim.state not in _CELLS_OPEN:
            raise NotAllowedError(
                Text(
                    "検索を終え、まだ回答していない開示請求だけが対象です。",
                    "Only a disclosure that was searched and is not answered yet has cells to decide.",
                ),
                advice=Text("請求の今の状態を確かめてください。", "See where the request stands now."),
            )
        _require_cells(cells, request, scope=scope)
        taker = taken_in_by(registered_by=request.registered_by, verified_by=request.verified_by)
        judge_cells(claim.cells, cells, ClaimState(claim.state), by_taker=scope.actor == taker)
        claim.cells = {**claim.cells, **cells}
        withheld = sum(1 for ground in claim.cells.values() if ground != SHOW)
        if withheld and claim.state == ClaimState.APPROVED:
            claim.state = ClaimState.PARTLY
        claim.save(update_fields=["cells", "state"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("cell.decided", organisation=claim.organisation, claim=number, cells=len(cells), withheld=withheld)
        acts.write()
    return len(claim.cells), withheld


def _require_cells(cells: Mapping[str, str], request: SubjectRequest, *, scope: Scope) -> None:
    """Marks are kept as they are given, so only what can be one is taken: a row's mark and a column to review."""
    columns = {
        column.column
        for a_map in list_active_maps(scope=scope, organisations=request.addressed)
        for table in a_map.tables.values()
        for column in table.columns.values()
        if column.disclose is Disclose.REVIEW
    }
    for place, cell in enumerate(cells, start=1):
        row, _, column = cell.partition(".")
        if _ROW.fullmatch(row) is None or column not in columns:
            raise InputError(
                Text(f"{place} 番目は確認するセルの番号ではありません。", f"Number {place} is no cell to review."),
                advice=Text(
                    "確認する項目の一覧（daicho rights review）が示す番号を見出しにしてください。",
                    "Use the marks of the cells to review (`daicho rights review`).",
                ),
            )


def reopen_claim(number: str, *, scope: Scope, at: datetime) -> None:
    """決定の取消し: something was missed, so the claim goes back to assessing, to be searched, judged and decided anew.

    What a disclosure had read is dropped: its file's key is gone with this transaction. The judgements of
    cells and candidates stay; whoever decides anew goes through them.

    Raises:
        NotAllowedError: it is not decided, or a store was changed for it, or it is answered.
    """
    with transaction.atomic():
        claim, _ = lock_claim(number, scope=scope)
        before = ClaimState(claim.state)
        judge_reopening(number, before, RequestKind(claim.kind))
        move_claim(before, ClaimState.ASSESSING)
        acts = Acts(actor=scope.actor, at=at)
        acts.add("claim.reopened", organisation=claim.organisation, claim=number, decision=str(before))
        if claim.run:
            drop_data(number, at=at, acts=acts)
        claim.state, claim.run = ClaimState.ASSESSING, ""
        claim.ground, claim.reason, claim.decided_by, claim.decided_at = "", b"", "", None
        claim.save(update_fields=["state", "run", "ground", "reason", "decided_by", "decided_at"])
        acts.write()


def reclassify(number: str, kind: RequestKind, *, scope: Scope, at: datetime) -> None:
    """Put right what a claim is, with the person's word: 削除 untrue (34) or unwanted (35).

    A basis that the new kind does not know is dropped; the Art. 39 gate is counted anew.
    """
    with transaction.atomic():
        claim, request = lock_claim(number, scope=scope)
        if claim.state not in {ClaimState.NOTED, ClaimState.SEARCHING, ClaimState.ASSESSING}:
            raise NotAllowedError(
                Text("決定後は種別を変えられません。", "The kind cannot be changed after the decision."),
                advice=Text("新しい請求として受け付けてください。", "Open it as a new request."),
            )
        if not {RequestKind(claim.kind), kind} <= TAKEN_FOR_EACH_OTHER:
            raise NotAllowedError(
                Text(
                    "入れ替えられるのは、訂正・追加・削除・消去・利用停止・提供停止の間だけです。",
                    "Only corrections, deletions, erasures and stops can be taken for each other.",
                ),
                advice=Text("新しい請求として受け付けてください。", "Open it as a new request."),
            )
        if not KINDS[kind].exists(on=request.law_on):
            raise InputError(
                Text("到着日の法律にない種別です。", "The law of the day of arrival does not know this kind."),
                advice=Text("別の種別を指定してください。", "Name another kind."),
            )
        if kind in {RequestKind.CORRECTION, RequestKind.ADDITION} and not _says_what_is_right(claim):
            raise NotAllowedError(
                Text(
                    "正しい内容が書かれていないため、訂正・追加にはできません。",
                    "It does not say what is right: it cannot become a correction or addition.",
                ),
                advice=Text(
                    "正しい内容を添えて、新しい請求として受け付けてください。",
                    "Open it as a new request that says what is right.",
                ),
            )
        if request.claims.filter(kind=kind).exists():
            raise NotAllowedError(
                Text("同じ種別の請求が既にあります。", "The request already has a claim of that kind."),
                advice=Text("その請求で扱ってください。", "Work on that claim."),
            )
        acts = Acts(actor=scope.actor, at=at)
        acts.add("claim.reclassified", organisation=claim.organisation, claim=number, old=claim.kind, kind=str(kind))
        claim.kind = kind
        if claim.basis not in {basis.code for basis in KINDS[kind].bases}:
            claim.basis = ""
        claim.save(update_fields=["kind", "basis"])
        request.gate_on = gate_on([RequestKind(one.kind) for one in request.claims.all()], request.arrived_on)
        request.save(update_fields=["gate_on"])
        acts.write()


def _says_what_is_right(claim: Claim) -> bool:
    plain = json.loads(ring().unseal(bytes(claim.details), bound_to=f"claim:{claim.number}"))
    return bool(plain["values"])


def lock_claim(number: str, *, scope: Scope) -> tuple[Claim, SubjectRequest]:
    """The claim with its request, both locked, the request first: one order for everybody.

    Raises:
        NotFoundError: not within the scope.
        NotAllowedError: the caller does not work at the desk of every company addressed.
    """
    mine = Claim.objects.filter(number=number, organisation__in=scope.organisations)
    request_number = mine.values_list("request__number", flat=True).first()
    if request_number is None:
        raise not_found(number)
    request = lock_request(request_number, scope=scope)
    require_desk_everywhere([request], scope=scope)
    return Claim.objects.select_for_update().get(number=number), request

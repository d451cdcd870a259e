"""Works requests to their answers on the test desk, and reads the letters back as their reader would."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from daicho.rights.actions.answering import Answered, answer_request
from daicho.rights.actions.carrying import carry_out
from daicho.rights.actions.deciding import decide_cells, decide_claim
from daicho.rights.actions.receiving import check_request, open_request
from daicho.rights.actions.recording import Money, PaperIntake, record_document, record_fee
from daicho.rights.actions.searching import decide_candidate, search_request
from daicho.rights.queries import list_candidates, review_cells
from daicho.rights.rules import ClaimState, DocumentKind, Of
from daicho.runs.actions import Kept, answer_slip
from daicho.runs.queries import list_slips
from daicho.site.wiring import open_store
from tests.letters.reading import text_of
from tests.rights.desk import Desk

NOBODY: dict[str, Any] = {"name": "無名 ななし", "birth_date": "1990-09-09", "address": "札幌市北区北9条西9丁目"}
AGENT: dict[str, Any] = {
    "requester": "mandated_agent",
    "agent": {"name": "﨑山 一郎", "postal_code": "460-0001", "address": "愛知県名古屋市中区三の丸9-1-1"},
    "reply": {"to": "agent"},
}


@dataclass(slots=True, kw_only=True)
class How:
    """What humans decide on the way. ``paper``: answer of the cabinet; ``acted``: of the slips to act."""

    decision: ClaimState = ClaimState.APPROVED
    ground: str = ""
    reason: str = ""
    paper: str = "none"
    acted: str = "done"
    cells: str = "show"


def searched(desk: Desk, number: str, how: How) -> None:
    """Search until no candidate is left, and let the departments answer."""
    for _ in range(3):
        search_request(number, by_name=False, scope=desk.clerk, at=desk.at, open_store=open_store)
        waiting = list_candidates(number, scope=desk.clerk)
        for one in waiting:
            mark = one.reveal(purpose="test")["mark"]
            decide_candidate(number, mark, accepted=True, scope=desk.officer, at=desk.at)
        if not waiting:
            break
    answer_slips(desk, number, how.paper, count=3 if how.paper == "found" else 0)


def answer_slips(desk: Desk, owner: str, answer: str, *, count: int = 0) -> None:
    for slip in list_slips(owners=[owner], scope=desk.clerk, only_open=True):
        answer_slip(
            slip.ref,
            answer=answer,
            count=count,
            searcher="倉庫係",
            kept=Kept(law="労働基準法第109条", until=date(2031, 3, 31)) if answer == "kept" else None,
            scope=desk.clerk,
            at=desk.at,
        )


def decided(desk: Desk, claim: str, kind: str, how: How) -> None:
    if kind in {"disclosure", "record_disclosure"} and how.decision is ClaimState.APPROVED:
        cells = review_cells(claim, scope=desk.officer, at=desk.at, open_store=open_store)
        marks = {cell.mark: how.cells for cell in cells}
        if marks:
            decide_cells(claim, marks, scope=desk.officer, at=desk.at)
    decide_claim(claim, how.decision, ground=how.ground, reason=how.reason, scope=desk.officer, at=desk.at)


def worked(desk: Desk, claim: dict[str, Any], how: How | None = None, *, pack: bool = False, **more: Any) -> Answered:
    """One request with one claim, from the envelope to the answer."""
    how = how or How()
    charged = claim["kind"] in {"disclosure", "purpose_notice"}
    received = asked_by_agent if "agent" in more else Desk.verified
    number = received(desk, claim, fee=500 if charged else 0, **more)
    searched(desk, number, how)
    decided(desk, f"{number}-1", claim["kind"], how)
    if how.decision in {ClaimState.APPROVED, ClaimState.PARTLY}:
        carry_out([f"{number}-1"], scope=desk.clerk, at=desk.at, open_store=open_store, folder=desk.files)
        answer_slips(desk, f"{number}-1", how.acted)
    return answer_request(number, pack=pack, scope=desk.clerk, at=desk.at, folder=desk.files)


def asked_by_agent(desk: Desk, claim: dict[str, Any], *, fee: int, **more: Any) -> str:
    """A request of a mandated agent with all papers, verified."""
    number = open_request(desk.intake(claim, **more), scope=desk.clerk, at=desk.at)
    papers = [
        PaperIntake(kind=DocumentKind.FORM),
        PaperIntake(kind=DocumentKind.ID_COPY, of=Of.AGENT, paper="drivers_licence"),
        PaperIntake(kind=DocumentKind.AUTHORITY, of=Of.AGENT, paper="power_of_attorney"),
        PaperIntake(kind=DocumentKind.AUTHORITY, of=Of.AGENT, paper="seal_certificate"),
    ]
    for paper in papers:
        record_document(number, paper, scope=desk.clerk, at=desk.at)
    if fee:
        record_fee(number, Money(face_value=fee), scope=desk.clerk, at=desk.at)
    check_request(number, identity=True, scope=desk.clerk, at=desk.at)
    return number


def letter_of(answered: Answered) -> tuple[str, str]:
    """(kind, text) of the one letter that was issued; blanks are left out of the text."""
    (file,) = [one for one in answered.files if one.name.endswith(".pdf") and "-pack-" not in one.name]
    return file.name.removeprefix(f"{answered.number}-1-").partition("-")[0], text_of(file.content)

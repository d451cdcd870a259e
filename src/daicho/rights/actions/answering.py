"""回答: letters leave the house, with the data where it was asked for; what is answered is closed.

A letter is printed from what reading back confirmed. Its number, its digest and a sealed copy are
committed together with the claim's move; only then is it written where the caller wants it. A
crash between leaves the sealed copy, and answering again hands out the same letter, not a second one.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from daicho.keys.queries import ring
from daicho.keys.ring import Ring
from daicho.keys.sealed import SealedFile
from daicho.law.kinds import Requester, RequestKind
from daicho.letters.data import DataFileHead, DisclosedRecord, csv_chunks, json_chunks
from daicho.letters.disclosures import DataFile
from daicho.letters.house import Enclosure
from daicho.letters.letter import Letter
from daicho.letters.press import render
from daicho.policy.language import ReplyBy
from daicho.register.queries import list_active_maps, list_holdings, list_stores
from daicho.rights.actions.carrying import outcome_of, still_open
from daicho.rights.actions.receiving import lacks, lock_request, policy_of, take_numbers
from daicho.rights.intake import facts_from
from daicho.rights.models import Claim, IssuedLetter, SubjectRequest
from daicho.rights.papers import (
    Answer,
    Case,
    answer_letter,
    defect_letter,
    disclosed_records,
    receipt_letter,
    return_letter,
)
from daicho.rights.rules import (
    CLAIM_ENDS,
    ClaimState,
    DocumentKind,
    RequestState,
    move_claim,
    move_request,
)
from daicho.runs.queries import find_data, list_slips
from daicho.trail.acts import Acts
from daicho.words.errors import JudgementError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

ANSWERABLE = frozenset({ClaimState.READING_BACK, ClaimState.REFUSED, ClaimState.NOT_HELD})
SHOWN = frozenset({RequestKind.DISCLOSURE, RequestKind.RECORD_DISCLOSURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class OutFile:
    """A file to be handed over: its plain name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one call answered. ``waiting``: claim number → why it could not be answered yet."""

    number: str
    state: RequestState
    files: Sequence[OutFile]
    letters: Sequence[str]
    warnings: Sequence[Text]
    waiting: Mapping[str, Sequence[str]]


def answer_request(number: str, *, scope: Scope, at: datetime, folder: Path) -> Answered:
    """Print the answer of every claim that is ready, and close the request when none is left.

    Letters already issued are handed out again as they were.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        acts = Acts(actor=scope.actor, at=at)
        case = case_of(request, scope=scope, at=at)
        files = _reissue(request, case, folder, scope=scope)
        letters: list[str] = []
        warnings: list[Text] = []
        waiting: dict[str, list[str]] = {}
        for claim in request.claims.select_for_update().order_by("pk"):
            left = _why_not(claim, scope=scope)
            if left:
                waiting[claim.number] = left
            if left or ClaimState(claim.state) not in ANSWERABLE:
                continue
            more, issued, warned = _answer_claim(request, claim, case, scope=scope, folder=folder, at=at, acts=acts)
            files += more
            letters.append(issued.number)
            warnings += warned
        _close_if_done(request, at=at, acts=acts)
        acts.write()
    return Answered(
        number=number,
        state=RequestState(request.state),
        files=files,
        letters=letters,
        warnings=warnings,
        waiting=waiting,
    )


def _why_not(claim: Claim, *, scope: Scope) -> list[str]:
    if claim.state in CLAIM_ENDS or claim.state in {ClaimState.REFUSED, ClaimState.NOT_HELD}:
        return []
    if claim.state == ClaimState.READING_BACK:
        return still_open(claim, scope=scope)
    return [str(claim.state)]


def _answer_claim(
    request: SubjectRequest, claim: Claim, case: Case, *, scope: Scope, folder: Path, at: datetime, acts: Acts
) -> tuple[list[OutFile], IssuedLetter, list[Text]]:
    answer = answer_of(claim, scope=scope)
    records = _records(claim, case, answer, folder) if answer.kind in SHOWN and claim.run else []
    electronic = case.facts.reply.method is ReplyBy.ELECTRONIC
    data = _data_files(claim, case, records) if answer.kind in SHOWN and records else []
    names = [
        DataFile(
            name=file.name, form=Text("JSON形式", "JSON") if file.name.endswith("json") else Text("CSV形式", "CSV")
        )
        for file in data
    ]
    (letter_no,) = take_numbers("L", 1, at=at)
    letter = answer_letter(case, answer, letter_no, records=records, files=names if electronic else ())
    out, row, warned = issue(
        request, letter, claim=claim.number, kind=_kind_of(letter), folder=folder, at=at, acts=acts
    )
    move_claim(ClaimState(claim.state), ClaimState.ANSWERED)
    claim.state, claim.answered_at = ClaimState.ANSWERED, at
    claim.save(update_fields=["state", "answered_at"])
    acts.add("claim.answered", organisation=claim.organisation, claim=claim.number, outcome=str(answer.state))
    return [out, *data], row, warned


def _kind_of(letter: Letter) -> str:
    """``DisclosureLetter`` → ``disclosure``; the code of a letter is its class's name."""
    name = type(letter).__name__.removesuffix("Letter")
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")


def _records(claim: Claim, case: Case, answer: Answer, folder: Path) -> list[DisclosedRecord]:
    raw = find_data(claim.number, folder=folder)
    if raw is None:
        raise JudgementError(
            Text(f"請求 {claim.number} の開示データがありません。", f"The data of claim {claim.number} is gone."),
            advice=Text(
                "保存期間を過ぎた場合は、新しい請求として受け付けてください。",
                "If it has expired, open the request anew.",
            ),
        )
    undecided: list[str] = []
    records = list(disclosed_records(case, answer, raw, undecided=undecided.append))
    if undecided:
        raise NotAllowedError(
            Text(
                f"確認していない項目が {len(undecided)} 件あります。",
                f"{len(undecided)} cell(s) have not been reviewed.",
            ),
            advice=Text(
                "daicho rights review で見て、cells で判断してください。",
                "See them with `daicho rights review`, decide with `cells`.",
            ),
        )
    return records


def _data_files(claim: Claim, case: Case, records: Sequence[DisclosedRecord]) -> list[OutFile]:
    head = DataFileHead(
        request_no=claim.number, dated_on=case.dated_on, company=case.policy.organisation(case.organisation).name
    )
    return [
        OutFile(name=f"{claim.number}-data.json", content=b"".join(json_chunks(records, head=head))),
        OutFile(
            name=f"{claim.number}-data.csv", content=b"".join(csv_chunks(records, language=case.language, bom=True))
        ),
    ]


def issue(
    request: SubjectRequest, letter: Letter, *, claim: str, kind: str, folder: Path, at: datetime, acts: Acts
) -> tuple[OutFile, IssuedLetter, list[Text]]:
    """Print a letter, seal a copy, write it down; inside the caller's transaction."""
    printed = render(letter)
    ref = f"L-{secrets.token_hex(8)}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with SealedFile.create(folder / f"{ref}.sealed", ring=ring(), bound_to=f"letter:{ref}") as writer:
        writer.write(printed.pdf)
    sealed = writer.sealed
    row = IssuedLetter.objects.create(
        request=request,
        organisation=request.organisation,
        ref=ref,
        number=letter.letter_no,
        claim=claim,
        kind=kind,
        pages=printed.pages,
        sha256=hashlib.sha256(printed.pdf).hexdigest(),
        name=sealed.path.name,
        wrapped_key=sealed.wrapped_key,
        size=sealed.size,
        issued_by=acts.actor,
        issued_at=at,
    )
    acts.add(
        "letter.issued",
        organisation=request.organisation,
        letter=letter.letter_no,
        request=request.number,
        kind=kind,
        pages=printed.pages,
    )
    return OutFile(name=_file_name(row, request), content=printed.pdf), row, [one.message for one in printed.warnings]


def _file_name(row: IssuedLetter, request: SubjectRequest) -> str:
    return f"{row.claim or request.number}-{row.kind}-{row.number}.pdf"


def _reissue(request: SubjectRequest, case: Case, folder: Path, *, scope: Scope) -> list[OutFile]:
    """Letters that were issued before, opened from their sealed copies; with the data of disclosures."""
    opened = ring()
    files = []
    for row in request.letters.order_by("pk"):
        files.append(OutFile(name=_file_name(row, request), content=_sealed_letter(row, folder).read(ring=opened)))
    for claim in request.claims.filter(state=ClaimState.ANSWERED).exclude(run=""):
        answer = answer_of(claim, scope=scope)
        raw = find_data(claim.number, folder=folder) if answer.kind in SHOWN else None
        if raw is not None:
            files += _data_files(claim, case, list(disclosed_records(case, answer, raw, undecided=lambda _: None)))
    return files


def _sealed_letter(row: IssuedLetter, folder: Path) -> SealedFile:
    return SealedFile(
        path=folder / row.name, wrapped_key=bytes(row.wrapped_key), bound_to=f"letter:{row.ref}", size=row.size
    )


def _close_if_done(request: SubjectRequest, *, at: datetime, acts: Acts) -> None:
    if request.claims.exclude(state__in=CLAIM_ENDS).exists() or request.state == RequestState.CLOSED:
        return
    move_request(RequestState(request.state), RequestState.CLOSED)
    request.state, request.closed_at = RequestState.CLOSED, at
    request.save(update_fields=["state", "closed_at"])
    acts.add("request.closed", organisation=request.organisation, request=request.number)


# ── notices on the way ───────────────────────────────────────────────────────────────────────


def notify(number: str, notice: str, *, scope: Scope, at: datetime, folder: Path) -> Answered:
    """A letter on the way: ``receipt``, ``missing`` (with the day to cure it), or ``return``.

    ``return`` ends a request whose fee or papers were not made good by the day given, and says that
    everything, the money order included, goes back.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        acts = Acts(actor=scope.actor, at=at)
        case = case_of(request, scope=scope, at=at)
        (letter_no,) = take_numbers("L", 1, at=at)
        letter = _notice_letter(request, case, notice, letter_no, at=at, acts=acts)
        out, row, warned = issue(request, letter, claim="", kind=_kind_of(letter), folder=folder, at=at, acts=acts)
        acts.write()
    return Answered(
        number=number, state=RequestState(request.state), files=[out], letters=[row.number], warnings=warned, waiting={}
    )


def _notice_letter(
    request: SubjectRequest, case: Case, notice: str, letter_no: str, *, at: datetime, acts: Acts
) -> Letter:
    policy = policy_of(request)
    missing, _, _ = lacks(request, policy, on=at.date())
    match notice:
        case "receipt":
            return receipt_letter(case, letter_no, received=_enclosures(request), aim_on=request.target_on)
        case "missing" if missing and request.cure_on is not None:
            return defect_letter(case, letter_no, missing, cure_by=request.cure_on)
        case "missing":
            raise NotAllowedError(
                Text("不足しているものはありません。", "Nothing is missing."),
                advice=Text("daicho rights check を先に実行してください。", "Run `daicho rights check` first."),
            )
        case _:
            return _return(request, case, letter_no, missing, at=at, acts=acts)


def _return(
    request: SubjectRequest, case: Case, letter_no: str, missing: Sequence[Any], *, at: datetime, acts: Acts
) -> Letter:
    if request.cure_on is None or at.date() <= request.cure_on:
        raise NotAllowedError(
            Text("補正の期限が過ぎていません。", "The day to cure it has not passed."),
            advice=Text(
                f"期限（{request.cure_on}）の翌日以降に返戻してください。"
                if request.cure_on
                else "先に補正を求めてください。",
                f"Return it after {request.cure_on}." if request.cure_on else "Ask for what is missing first.",
            ),
        )
    returned = _enclosures(request)
    request.claims.exclude(state__in=CLAIM_ENDS).update(state=ClaimState.RETURNED)
    request.fees.filter(returned_on=None, cashed_on=None).update(returned_on=at.date())
    request.documents.filter(disposed_on=None).update(disposed_on=at.date(), disposed_how="returned")
    acts.add("request.returned", organisation=request.organisation, request=request.number)
    _close_if_done(request, at=at, acts=acts)
    what = "、".join(one.what.ja for one in missing), ", ".join(one.what.en for one in missing)
    reason = Text(
        f"お願いした期限までに、次のものをお送りいただけませんでした：{what[0]}",
        f"The following did not reach us by the day we asked for: {what[1]}",
    )
    return return_letter(case, letter_no, reason=reason, returned=returned)


_PAPER_WORDS: Mapping[str, Text] = {
    DocumentKind.FORM: Text("開示等請求書", "Request form"),
    DocumentKind.ID_COPY: Text("本人確認書類の写し", "Copy of an identity document"),
    DocumentKind.AUTHORITY: Text("代理権を証する書類", "Proof of authority"),
    DocumentKind.EVIDENCE: Text("事実を示す資料", "Evidence"),
    DocumentKind.OTHER: Text("その他の書類", "Other document"),
}


def _enclosures(request: SubjectRequest) -> list[Enclosure]:
    papers = [
        Enclosure(name=_PAPER_WORDS[row.kind]) for row in request.documents.order_by("pk") if row.disposed_on is None
    ]
    money = [
        Enclosure(name=Text(f"定額小為替証書（{row.face_value:,}円）", f"Postal money order (¥{row.face_value:,})"))
        for row in request.fees.order_by("pk")
        if row.returned_on is None and row.cashed_on is None
    ]
    return [*papers, *money]


# ── what letters are made from ───────────────────────────────────────────────────────────────


def case_of(request: SubjectRequest, *, scope: Scope, at: datetime) -> Case:
    """Everything its letters say about a request."""
    opened = ring()
    policy = policy_of(request)
    claims = list(request.claims.order_by("pk"))
    _, due, paid = lacks(request, policy, on=at.date())
    addressed = tuple(request.addressed)
    return Case(
        number=request.number,
        policy=policy,
        organisation=request.organisation,
        addressed=addressed,
        facts=facts_from(opened.unseal(bytes(request.facts), bound_to=f"request:{request.number}")),
        requester=Requester(request.requester),
        language=Language(request.language),
        arrived_on=request.arrived_on,
        law_on=request.law_on,
        dated_on=at.date(),
        kinds=tuple(RequestKind(claim.kind) for claim in claims),
        fee_due=due,
        fee_paid=paid,
        maps={one.code: one for one in list_active_maps(scope=scope, organisations=addressed)},
        stores={one.code: one for one in list_stores(scope=scope, organisations=addressed)},
        holdings={one.reg_no: one for one in list_holdings(scope=scope, organisations=addressed)},
        slips=[
            {
                "owner": slip.owner,
                "store": slip.store,
                "task": slip.task,
                "answer": slip.answer,
                "answered_on": slip.answered_at.date() if slip.answered_at else None,
            }
            for slip in list_slips(owners=[request.number, *(claim.number for claim in claims)], scope=scope)
        ],
    )


def answer_of(claim: Claim, *, scope: Scope) -> Answer:
    """What one claim's letter needs, unsealed."""
    opened = ring()
    details = json.loads(opened.unseal(bytes(claim.details), bound_to=f"claim:{claim.number}"))
    return Answer(
        number=claim.number,
        kind=RequestKind(claim.kind),
        state=ClaimState(claim.state),
        ground=claim.ground,
        reason=_reason(claim, opened),
        outcome=outcome_of(claim, scope=scope),
        values=details["values"],
        cells=claim.cells,
    )


def _reason(claim: Claim, opened: Ring) -> str:
    return opened.unseal(bytes(claim.reason), bound_to=f"reason:{claim.number}").decode() if claim.reason else ""

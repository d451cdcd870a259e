"""回答: letters leave the house, with the data where it was asked for; what is answered is closed.

A letter is printed from what reading back confirmed. Its number, its digest and a sealed copy are
committed together with the claim's move; only then is it written where the caller wants it. A
crash between leaves the sealed copy, and answering again hands out the same letter, not a second one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from daicho.keys.queries import ring
from daicho.law.kinds import RequestKind
from daicho.letters.answers import RefusalLetter
from daicho.letters.data import DataFileHead, DisclosedRecord, csv_chunks, json_chunks
from daicho.letters.disclosures import DataFile
from daicho.letters.letter import Letter
from daicho.letters.press import render
from daicho.people.queries import require_role
from daicho.policy.language import ReplyBy
from daicho.rights.access import DESK
from daicho.rights.actions.deciding import lock_claim
from daicho.rights.actions.issuing import OutFile, issue, issued_letters, issued_packs, keep_pack
from daicho.rights.actions.receiving import take_numbers
from daicho.rights.case import Answer, Case, money_back
from daicho.rights.desk_papers import case_pack
from daicho.rights.dossier import answer_of, case_of, local_day
from daicho.rights.models import Claim, SubjectRequest
from daicho.rights.papers import answer_letter, disclosed_records
from daicho.rights.reading import lock_request, not_found, require_desk_everywhere
from daicho.rights.rules import CLAIM_ENDS, ClaimState, RequestState, move_claim, move_request
from daicho.rights.standings import outcomes_of, still_open
from daicho.runs.queries import find_data
from daicho.trail.acts import Acts
from daicho.words.errors import JudgementError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

ANSWERABLE = frozenset({ClaimState.READING_BACK, ClaimState.REFUSED, ClaimState.NOT_HELD})
SHOWN = frozenset({RequestKind.DISCLOSURE, RequestKind.RECORD_DISCLOSURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one call answered. ``waiting``: claim number → why it could not be answered yet."""

    number: str
    state: RequestState
    files: Sequence[OutFile]
    letters: Sequence[str]
    warnings: Sequence[Text]
    waiting: Mapping[str, Sequence[str]]


def answer_request(number: str, *, pack: bool = False, scope: Scope, at: datetime, folder: Path) -> Answered:
    """Print the answer of every claim that is ready, and close the request when none is left.

    Letters already issued are handed out again as they were.

    Args:
        pack: hand out, besides, one file per answer to print for its envelope.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        require_desk_everywhere([request], scope=scope)
        acts = Acts(actor=scope.actor, at=at)
        files = [*issued_letters(request, folder=folder), *data_again(request, scope=scope, at=at, folder=folder)]
        if files:
            acts.add("request.handed_out_again", organisation=request.organisation, request=number, files=len(files))
        letters: list[str] = []
        warnings: list[Text] = []
        waiting: dict[str, list[str]] = {}
        for claim in request.claims.select_for_update().order_by("pk"):
            left = _why_not(claim, scope=scope)
            if left:
                waiting[claim.number] = left
            if left or ClaimState(claim.state) not in ANSWERABLE:
                continue
            more, letter_no, warned = _answer_claim(request, claim, scope=scope, folder=folder, at=at, acts=acts)
            files += more
            letters.append(letter_no)
            warnings += warned
        close_if_done(request, at=at, acts=acts)
        if pack:
            packs, warned = issued_packs(request, folder=folder)
            files += packs
            warnings += warned
        acts.write()
    return Answered(
        number=number,
        state=RequestState(request.state),
        files=files,
        letters=letters,
        warnings=list(dict.fromkeys(warnings)),
        waiting=waiting,
    )


def _why_not(claim: Claim, *, scope: Scope) -> list[str]:
    if claim.state in CLAIM_ENDS or claim.state == ClaimState.REFUSED:
        return []
    if claim.state in ANSWERABLE:
        return still_open([claim], outcomes_of([claim], scope=scope), scope=scope)[claim.number]
    return [str(claim.state)]


def _answer_claim(
    request: SubjectRequest, claim: Claim, *, scope: Scope, folder: Path, at: datetime, acts: Acts
) -> tuple[list[OutFile], str, list[Text]]:
    # Read anew for each claim: what went back with the last letter is not here any more.
    case = case_of(request, scope=scope, at=at)
    answer = answer_of(claim, scope=scope)
    (letter_no,) = take_numbers("L", 1, at=at)
    letter, data = _letter_of(claim, case, answer, letter_no, folder)
    issued = issue(request, letter, claim=claim.number, folder=folder, at=at, acts=acts)
    warned = keep_pack(
        request, case_pack(case, letter, pages=issued.pages), claim=claim.number, folder=folder, at=at, acts=acts
    )
    _send_back(request, case, answer, money=isinstance(letter, RefusalLetter), acts=acts)
    move_claim(ClaimState(claim.state), ClaimState.ANSWERED)
    claim.state, claim.answered_at, claim.covering = ClaimState.ANSWERED, at, b""  # it stands in the sealed letter now
    claim.save(update_fields=["state", "answered_at", "covering"])
    acts.add("claim.answered", organisation=claim.organisation, claim=claim.number, outcome=str(answer.state))
    return [issued.file, *data], issued.number, [*issued.warnings, *warned]


def _letter_of(claim: Claim, case: Case, answer: Answer, letter_no: str, folder: Path) -> tuple[Letter, list[OutFile]]:
    """The letter of one answer, with the desk's own words in it; and its data files."""
    records = _records(claim, case, answer, folder) if answer.kind in SHOWN and claim.run else []
    data = _data_files(claim, case, records, on=case.dated_on) if records else []
    electronic = case.facts.reply.method is ReplyBy.ELECTRONIC
    letter = answer_letter(case, answer, letter_no, records=records, files=_named(data) if electronic else ())
    return replace(letter, covering=covering_of(claim)), data


def covering_of(claim: Claim) -> str:
    """What the desk wants the claim's letter to say besides."""
    if not claim.covering:
        return ""
    return str(ring().unseal(bytes(claim.covering), bound_to=f"covering:{claim.number}").decode())


def set_covering(number: str, text: str, *, scope: Scope, at: datetime) -> None:
    """Words that the claim's letter says besides; empty takes them back. Sealed until the letter is issued.

    Raises:
        NotAllowedError: the letter was issued.
    """
    with transaction.atomic():
        claim, _ = lock_claim(number, scope=scope)
        if claim.state in CLAIM_ENDS:
            raise NotAllowedError(
                Text("この請求の回答書は発行済みです。", "The letter of this claim was issued."),
                advice=Text("発行した書面は変えられません。", "An issued letter is not changed."),
            )
        words = text.strip()
        claim.covering = ring().seal(words.encode(), bound_to=f"covering:{number}") if words else b""
        claim.save(update_fields=["covering"])
        acts = Acts(actor=scope.actor, at=at)
        acts.add("claim.covering_set", organisation=claim.organisation, claim=number, characters=len(words))
        acts.write()


def preview_pack(number: str, *, scope: Scope, at: datetime, folder: Path) -> bytes:
    """The pack of one claim as it would be printed now, without a number: nothing is issued.

    Raises:
        NotAllowedError: the claim cannot be answered yet; says why.
    """
    claim = Claim.objects.filter(number=number, organisation__in=scope.organisations).select_related("request").first()
    if claim is None:
        raise not_found(number)
    require_role(scope, claim.organisation, DESK)
    require_desk_everywhere([claim.request], scope=scope)
    left = _why_not(claim, scope=scope)
    if left or ClaimState(claim.state) not in ANSWERABLE:
        raise NotAllowedError(
            Text("まだ回答できません。", "It cannot be answered yet."),
            advice=Text(f"残っていること：{', '.join(left) or '－'}", f"Left: {', '.join(left) or '-'}"),
        )
    case, answer = case_of(claim.request, scope=scope, at=at), answer_of(claim, scope=scope)
    letter, _ = _letter_of(claim, case, answer, "0000", folder)
    return render(case_pack(case, letter, pages=render(letter).pages)).pdf


def _send_back(request: SubjectRequest, case: Case, answer: Answer, *, money: bool, acts: Acts) -> None:
    """Record what the letter says is enclosed: originals, and the money of a refusal."""
    on = case.dated_on
    for paper in case.originals:
        request.documents.filter(ref=paper.ref).update(disposed_on=on, disposed_how="returned")
        acts.add("document.disposed", organisation=request.organisation, document=paper.ref, how="returned")
    _, orders = money_back(case, answer) if money else (0, ())
    for one in orders:
        request.fees.filter(ref=one.ref).update(returned_on=on)
        acts.add("fee.returned", organisation=request.organisation, fee=one.ref, amount=one.face_value)


def _named(files: Sequence[OutFile]) -> list[DataFile]:
    return [
        DataFile(
            name=file.name, form=Text("JSON形式", "JSON") if file.name.endswith("json") else Text("CSV形式", "CSV")
        )
        for file in files
    ]


def _records(claim: Claim, case: Case, answer: Answer, folder: Path) -> list[DisclosedRecord]:
    raw = find_data(claim.number, folder=folder, on=case.dated_on)
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


def _data_files(claim: Claim, case: Case, records: Sequence[DisclosedRecord], *, on: date) -> list[OutFile]:
    head = DataFileHead(request_no=claim.number, dated_on=on, company=case.house.company)
    return [
        OutFile(name=f"{claim.number}-data.json", content=b"".join(json_chunks(records, head=head))),
        OutFile(
            name=f"{claim.number}-data.csv", content=b"".join(csv_chunks(records, language=case.language, bom=True))
        ),
    ]


def read_data_files(number: str, *, scope: Scope, at: datetime, folder: Path) -> list[OutFile]:
    """The data files of one answered disclosure; the trail tells that they were handed out.

    Raises:
        JudgementError: they are gone, or a column went to review since.
    """
    with transaction.atomic():
        claim, request = lock_claim(number, scope=scope)
        found = [one for one in data_again(request, scope=scope, at=at, folder=folder) if one.name.startswith(number)]
        if not found:
            raise JudgementError(
                Text("渡せるデータがありません。", "There is no data to hand out."),
                advice=Text(
                    "保存の期間が過ぎているか、確認の要る項目が残っています。",
                    "It has expired, or cells wait for review.",
                ),
            )
        acts = Acts(actor=scope.actor, at=at)
        acts.add("request.handed_out_again", organisation=claim.organisation, request=request.number, files=1)
        acts.write()
    return found


def data_again(request: SubjectRequest, *, scope: Scope, at: datetime, folder: Path) -> list[OutFile]:
    """The data of disclosures that were answered before, as long as it is kept."""
    files: list[OutFile] = []
    answered = request.claims.filter(state=ClaimState.ANSWERED, kind__in=SHOWN).exclude(run="")
    for claim in answered.order_by("pk"):
        case, answer = case_of(request, scope=scope, at=at), answer_of(claim, scope=scope)
        raw = find_data(claim.number, folder=folder, on=case.dated_on)
        if raw is None:
            continue
        undecided: list[str] = []
        records = list(disclosed_records(case, answer, raw, undecided=undecided.append))
        if records and not undecided:  # a column that went to review since is not handed out unread
            files += _data_files(claim, case, records, on=local_day(claim.answered_at) or case.dated_on)
    return files


def close_if_done(request: SubjectRequest, *, at: datetime, acts: Acts) -> None:
    """Close a request of which every claim has ended; inside the caller's transaction."""
    if request.claims.exclude(state__in=CLAIM_ENDS).exists() or request.state == RequestState.CLOSED:
        return
    move_request(RequestState(request.state), RequestState.CLOSED)
    request.state, request.closed_at = RequestState.CLOSED, at
    request.save(update_fields=["state", "closed_at"])
    acts.add("request.closed", organisation=request.organisation, request=request.number)

"""Requests: received, checked, searched, withdrawn, looked at."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from daicho.api.gate import ApiRequest, deciding_bearer
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import (
    AssignSaid,
    BatchSaid,
    Candidate,
    CandidateSaid,
    Checked,
    Code,
    Day,
    Done,
    FeeEnd,
    FeeSaid,
    Files,
    IdentitySaid,
    Mark,
    MergeSaid,
    Paper,
    PaperEnd,
    Ref,
    SearchSaid,
    Submitted,
    Told,
    Year,
    files,
    words,
)
from daicho.law.papers import AuthorityDocument, IdDocument
from daicho.letters.press import render
from daicho.policy.queries import policy_in_force
from daicho.rights import queries
from daicho.rights.actions import receiving, recording, searching, submitting, tending
from daicho.rights.forms import blank_form
from daicho.rights.intake import Intake
from daicho.rights.queries import RequestView
from daicho.rights.rules import DocumentKind, RequestState
from daicho.words.errors import InputError
from daicho.words.text import Language, Text

Limit = Annotated[int, Field(ge=1, le=200)]

router = Routes(Text("請求", "Requests"))


class RequestPage(Told):
    """Requests, newest first; ``next``: the cursor of the page behind, empty on the last."""

    requests: Sequence[RequestView]
    next: str = ""


@router.get(
    "/requests",
    needs=TokenScope.REQUESTS_READ,
    says=Text("請求の一覧（新しい順）", "List requests, newest first"),
    response=RequestPage,
)
def list_requests(
    request: ApiRequest,
    state: RequestState | None = None,
    year: Year | None = None,
    only_open: bool = False,  # noqa: FBT001, FBT002 (a query parameter)
    cursor: Ref | None = None,
    limit: Limit = 50,
) -> RequestPage:
    """Give ``next`` as ``cursor`` to go on; what arrives meanwhile does not shift the pages."""
    found = queries.list_requests(
        scope=request.door.scope, state=state, year=year, only_open=only_open, before=cursor or "", limit=limit + 1
    )
    page = found[:limit]
    return RequestPage(requests=page, next=page[-1].number if len(found) > limit else "")


@router.get(
    "/requests/{number}",
    needs=TokenScope.REQUESTS_READ,
    says=Text("請求を一件読む", "Read one request"),
    response=RequestView,
)
def get_request(request: ApiRequest, number: Ref) -> RequestView:
    """The case whole, without what people wrote. A claim's number finds its request."""
    return queries.get_request(number, scope=request.door.scope, on=request.door.today)


@router.post(
    "/requests",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("請求を受け付ける", "Register a request"),
    response={201: RequestView},
)
def open_request(request: ApiRequest, body: Intake) -> RequestView:
    """The intake document of the command line, as JSON."""
    door = request.door
    number = receiving.open_request(body, scope=door.scope, at=door.at)
    return queries.get_request(number, scope=door.scope, on=door.today)


@router.post(
    "/batches",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("確認済みの請求をまとめて受け付け、実施する", "Register and carry out verified requests together"),
    response=Submitted,
    together=False,
)
def submit_requests(request: ApiRequest, body: BatchSaid) -> Submitted:
    """For doors that have verified the persons already. The same batch again registers nobody twice.

    Whoever decides proves it by a token of their own with `requests:decide`, handed over for this call.
    """
    door = request.door
    done = submitting.submit(
        body.requests,
        scope=door.scope,
        decider=deciding_bearer(body.decider_token, at=door.at),
        at=door.at,
        open_store=door.open_store,
        folder=door.folder,
    )
    return Submitted(claims={number: str(state) for number, state in done.claims.items()}, runs=list(done.runs))


@router.post(
    "/requests/{number}/documents",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("届いた書類を記録する", "Record a paper that came"),
    response={201: Done},
)
def record_document(request: ApiRequest, number: Ref, body: Paper) -> Done:
    """``paper`` names the identity paper or the proof exactly."""
    _require_paper(body.kind, body.paper)
    paper = recording.PaperIntake(**body.model_dump())
    return Done(ref=recording.record_document(number, paper, scope=request.door.scope, at=request.door.at))


def _require_paper(kind: DocumentKind, paper: str) -> None:
    names: dict[DocumentKind, Sequence[str]] = {
        DocumentKind.ID_COPY: list(IdDocument),
        DocumentKind.AUTHORITY: list(AuthorityDocument),
    }
    if kind in names and paper not in {str(one) for one in names[kind]}:
        choices = ", ".join(str(one) for one in names[kind])
        raise InputError(
            Text("どの書類かを paper で示してください。", "Say under `paper` which document it is."),
            advice=Text(f"使える値: {choices}", f"One of: {choices}"),
        )


@router.post(
    "/documents/{ref}/disposal",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("書類の返却・廃棄を記録する", "Record what became of a paper"),
    response=Done,
)
def dispose_document(request: ApiRequest, ref: Ref, body: PaperEnd) -> Done:
    """Returned, shredded, or its scan deleted."""
    door = request.door
    recording.dispose_document(ref, body.how, on=body.on or door.today, scope=door.scope, at=door.at)
    return Done(ref=ref, state=body.how)


@router.post(
    "/requests/{number}/fees",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("手数料を記録する", "Record a fee"),
    response={201: Done},
)
def record_fee(request: ApiRequest, number: Ref, body: FeeSaid) -> Done:
    """A money order that had expired when it came is recorded and does not count."""
    money = recording.Money(**body.model_dump())
    ref = recording.record_fee(number, money, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, count=body.face_value)


@router.post(
    "/fees/{ref}/settlement",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("手数料の換金・返却を記録する", "Record that a fee was cashed or sent back"),
    response=Done,
)
def settle_fee(request: ApiRequest, ref: Ref, body: FeeEnd) -> Done:
    """One of the two days."""
    if (body.cashed_on is None) is (body.returned_on is None):
        raise InputError(
            Text("換金日か返却日のどちらか一つが必要です。", "Say either when it was cashed or when it was sent back."),
            advice=Text("cashed_on か returned_on を書いてください。", "Write cashed_on or returned_on."),
        )
    door = request.door
    recording.settle_fee(ref, cashed_on=body.cashed_on, returned_on=body.returned_on, scope=door.scope, at=door.at)
    return Done(ref=ref, state="cashed" if body.cashed_on else "returned")


@router.post(
    "/requests/{number}/check",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("書類・手数料・本人確認を点検する", "Compare what came with what the policy asks for"),
    response=Checked,
)
def check_request(request: ApiRequest, number: Ref, body: IdentitySaid) -> Checked:
    """With ``identity_verified`` the account vouches for who asks."""
    found = receiving.check_request(
        number, identity=body.identity_verified, scope=request.door.scope, at=request.door.at
    )
    return Checked(
        number=found.number,
        state=str(found.state),
        missing={one.code: words(one.said) for one in found.missing},
        fee_due=found.fee_due,
        fee_paid=found.fee_paid,
        cure_on=found.cure_on,
    )


@router.post(
    "/requests/{number}/withdrawal",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("取下げを記録する", "Record that a request is withdrawn"),
    response=Done,
)
def withdraw_request(request: ApiRequest, number: Ref) -> Done:
    """What is already being carried out is finished first."""
    receiving.withdraw_request(number, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, state="withdrawn")


@router.post(
    "/requests/{number}/assignment",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("担当者を決める", "Assign a request"),
    response=Done,
)
def assign_request(request: ApiRequest, number: Ref, body: AssignSaid) -> Done:
    """To an account of the desk; to nobody when it is left empty."""
    tending.assign_request(number, body.account, scope=request.door.scope, at=request.door.at)
    return Done(ref=number)


@router.post(
    "/requests/{number}/merge",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("重複した請求を統合する", "Merge a duplicate"),
    response=Done,
)
def merge_request(request: ApiRequest, number: Ref, body: MergeSaid) -> Done:
    """The request ends as a duplicate of the other."""
    tending.merge_request(number, into=body.into, scope=request.door.scope, at=request.door.at)
    return Done(ref=body.into)


@router.post(
    "/requests/{number}/search",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("保管先を検索する", "Search every store for the person"),
    response=searching.Searched,
    together=False,
)
def search_request(request: ApiRequest, number: Ref, body: SearchSaid) -> searching.Searched:
    """Counts only; each search asks again and the newest stands."""
    door = request.door
    return searching.search_request(
        number, by_name=body.by_name, scope=door.scope, at=door.at, open_store=door.open_store
    )


@router.get(
    "/requests/{number}/candidates",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("判断待ちの候補を見る", "Read rows that were found and not proven"),
    response=list[Candidate],
)
def list_candidates(request: ApiRequest, number: Ref) -> list[Candidate]:
    """For the human who compares them."""
    found = queries.list_candidates(number, scope=request.door.scope)
    return [Candidate.model_validate(one.reveal(purpose="the human at the desk compares it")) for one in found]


@router.post(
    "/requests/{number}/candidates/{mark}",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("候補を判断する", "Decide on a candidate"),
    response=Done,
)
def decide_candidate(request: ApiRequest, number: Ref, mark: Mark, body: CandidateSaid) -> Done:
    """``count``: candidates left; then search again."""
    left = searching.decide_candidate(number, mark, accepted=body.same, scope=request.door.scope, at=request.door.at)
    return Done(ref=mark, state="same" if body.same else "other", count=left)


@router.get(
    "/forms/request",
    needs=TokenScope.POLICY_READ,
    says=Text("請求書の用紙（PDF）", "The blank request form, as PDF"),
    response=Files,
)
def print_form(
    request: ApiRequest, organisation: Code, on: Day | None = None, language: Language = Language.JA
) -> Files:
    """Of the policy in force on that day."""
    request.door.scope.require(organisation)
    day = on or request.door.today
    policy = policy_in_force(organisation, day)
    printed = render(blank_form(policy, organisation=organisation, language=language, on=day))
    return files({f"form-{organisation}-{language}.pdf": printed.pdf}, [one.message for one in printed.warnings])

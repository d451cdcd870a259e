"""Claims: cells reviewed, decided, carried out, answered; the slips of departments."""

from collections.abc import Sequence

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import (
    Answered,
    AnswerSaid,
    CarrySaid,
    Cell,
    CellsSaid,
    DecisionSaid,
    Done,
    Files,
    KindSaid,
    NoticeSaid,
    Ref,
    SlipSaid,
    file,
    files,
    words,
)
from daicho.letters.press import render
from daicho.people.queries import list_accounts
from daicho.rights.actions import answering, carrying, deciding, noticing
from daicho.rights.actions.carrying import Carried
from daicho.rights.desk_papers import slip_paper
from daicho.rights.queries import review_cells
from daicho.rights.slip_facts import get_slip
from daicho.runs import actions as runs
from daicho.runs.queries import SlipView
from daicho.runs.queries import list_slips as find_slips
from daicho.words.text import Language, Text

router = Routes(Text("決定と回答", "Decisions and answers"))


@router.get(
    "/claims/{number}/cells",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("開示内容のうち人が判断する項目を見る", "Read the cells that a reviewer decides on"),
    response=list[Cell],
)
def list_cells(request: ApiRequest, number: Ref) -> list[Cell]:
    """Read live from the stores; nothing is kept."""
    door = request.door
    found = review_cells(number, scope=door.scope, at=door.at, open_store=door.open_store)
    return [
        Cell(
            cell=one.mark,
            store=one.store,
            table=words(one.table),
            label=words(one.label),
            value=str(one.value.reveal(purpose="the reviewer reads it to decide")),
            decision=one.decision,
        )
        for one in found
    ]


@router.post(
    "/claims/{number}/cells",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("項目ごとに開示・不開示を判断する", "Decide cells: show, or a ground"),
    response=Done,
)
def decide_cells(request: ApiRequest, number: Ref, body: CellsSaid) -> Done:
    """``count``: cells decided so far."""
    decided, _ = deciding.decide_cells(number, body.cells, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, count=decided)


@router.post(
    "/claims/{number}/decision",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("請求を決定する", "Decide a claim"),
    response=Done,
)
def decide_claim(request: ApiRequest, number: Ref, body: DecisionSaid) -> Done:
    """By another account than the one that registered the request."""
    door = request.door
    done = deciding.decide_claim(
        number, body.decision, ground=body.ground, reason=body.reason, scope=door.scope, at=door.at
    )
    return Done(ref=done.number, state=str(done.state))


@router.post(
    "/claims/{number}/reopening",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("決定を取り消して検討に戻す", "Take a decision back: the claim is assessed again"),
    response=Done,
)
def reopen_claim(request: ApiRequest, number: Ref) -> Done:
    """When something was missed. What a store was changed for, or what is answered, is not taken back."""
    deciding.reopen_claim(number, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, state="assessing")


@router.post(
    "/claims/{number}/kind",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("請求の種別を改める", "Put right what a claim is"),
    response=Done,
)
def reclassify_claim(request: ApiRequest, number: Ref, body: KindSaid) -> Done:
    """As agreed with the person."""
    deciding.reclassify(number, body.kind, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, state=str(body.kind))


@router.post(
    "/claims/carrying-out",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("決定した請求を保管先で実施する", "Carry out claims on the stores and read them back"),
    response=list[Carried],
    together=False,
)
def carry_out(request: ApiRequest, body: CarrySaid) -> Sequence[Carried]:
    """Goes on where a crash stopped; ``dry_run`` plans and counts."""
    door = request.door
    return carrying.carry_out(
        body.claims,
        dry_run=body.dry_run,
        scope=door.scope,
        at=door.at,
        open_store=door.open_store,
        folder=door.folder,
    )


@router.post(
    "/requests/{number}/answer",
    needs=TokenScope.REQUESTS_DECIDE,
    also=TokenScope.REQUESTS_PEOPLE,
    says=Text(
        "回答の文書を発行する（発行済みは再度渡す）",
        "Issue the letters of the answer; issued ones are handed out again",
    ),
    response=Answered,
)
def answer_request(request: ApiRequest, number: Ref, body: AnswerSaid) -> Answered:
    """Letters, and for disclosures the data. Answering again hands out the same files."""
    door = request.door
    return _answered(answering.answer_request(number, pack=body.pack, scope=door.scope, at=door.at, folder=door.folder))


@router.post(
    "/requests/{number}/notices",
    needs=TokenScope.REQUESTS_WRITE,
    also=TokenScope.REQUESTS_PEOPLE,
    says=Text(
        "途中の文書を発行する（受付・補正・遅延・返戻）", "Issue a letter on the way: receipt, missing, delay, return"
    ),
    response={201: Answered},
)
def send_notice(request: ApiRequest, number: Ref, body: NoticeSaid) -> Answered:
    """A delay says why, in the person's language, and when the answer is expected."""
    door = request.door
    delay = noticing.Delay(reason=body.reason, expected_on=body.expected_on) if body.expected_on else None
    return _answered(
        noticing.notify(number, body.notice, delay=delay, scope=door.scope, at=door.at, folder=door.folder)
    )


def _answered(found: answering.Answered) -> Answered:
    return Answered(
        number=found.number,
        state=str(found.state),
        letters=list(found.letters),
        files=[file(one.name, one.content) for one in found.files],
        warnings=[words(one) for one in found.warnings],
        waiting={claim: list(why) for claim, why in found.waiting.items()},
    )


@router.get(
    "/slips",
    needs=TokenScope.REQUESTS_READ,
    says=Text("検索依頼票の一覧", "List search slips"),
    response=list[SlipView],
)
def list_slips(request: ApiRequest, only_open: bool = True) -> Sequence[SlipView]:  # noqa: FBT001, FBT002 (a query parameter)
    """Those that wait for their department; all with ``only_open=false``."""
    return find_slips(scope=request.door.scope, only_open=only_open)


@router.post(
    "/slips/{ref}/answer",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("部署の回答を記録する", "Record what a department answered"),
    response=SlipView,
)
def answer_slip(request: ApiRequest, ref: Ref, body: SlipSaid) -> SlipView:
    """``kept`` names the law, as the letter prints it, and the last day."""
    kept = runs.Kept(law=body.law, until=body.until) if body.law and body.until else None
    runs.answer_slip(
        ref,
        answer=body.answer,
        count=body.count,
        searcher=body.searcher,
        kept=kept,
        correct=body.correct,
        scope=request.door.scope,
        at=request.door.at,
    )
    return next(one for one in find_slips(scope=request.door.scope) if one.ref == ref)


@router.get(
    "/slips/{ref}/paper",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("検索依頼票（PDF）", "A search slip, as PDF"),
    response=Files,
)
def print_slip(request: ApiRequest, ref: Ref, language: Language = Language.JA) -> Files:
    """Whom to look for, or what to do with what was found."""
    scope = request.door.scope
    names = {account.code: account.display_name for account in list_accounts(scope=scope)}
    slip = get_slip(ref, scope=scope, asked_by=names.get(scope.actor, scope.actor))
    printed = render(slip_paper(slip, language=language))
    return files({f"slip-{ref}.pdf": printed.pdf}, [one.message for one in printed.warnings])

"""What was typed is put right, notes of a case, and the new address of a letter that came back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Done, Ref, Said, Told
from daicho.rights.actions import amending, readdressing
from daicho.rights.actions.amending import MAX_NOTE, Amendment
from daicho.rights.amendments import CancelWhy, NoteKind
from daicho.rights.intake import Agent, ClaimIntake, Person
from daicho.rights.noted import read_noted
from daicho.words.text import Text

router = Routes(Text("訂正とメモ", "Amending, and notes"))


class AmendSaid(Said):
    """What the request should say; what is left out stays. ``state``: of what was read before, as the notes tell it."""

    state: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    person: Person | None = None
    agent: Agent | None = None
    arrived_on: date | None = None


class NoteSaid(Said):
    """A telephone call, a visit, something to keep in mind."""

    kind: NoteKind
    text: Annotated[str, Field(min_length=1, max_length=MAX_NOTE)]


class CancelSaid(Said):
    """Why it should not have been recorded."""

    why: CancelWhy


class AddressSaid(Said):
    """Where a letter that came back should go."""

    postal_code: Annotated[str, Field(max_length=10)] = ""
    address: Annotated[str, Field(min_length=1, max_length=300)]


class NoteTold(Told):
    """One case note."""

    ref: str
    kind: NoteKind
    text: str
    written_by: str
    written_at: datetime


class AddressTold(Told):
    """An address that nobody verified yet."""

    ref: str
    address: str
    entered_by: str


class NotesTold(Told):
    """``state``: for an amendment. ``came_back``: whether an answer came back and waits for another address."""

    state: str
    came_back: bool
    waiting: AddressTold | None
    notes: Sequence[NoteTold]


class ReissuedTold(Told):
    """Numbers of the letters that were issued anew."""

    letters: Sequence[str]


_WHY = "a program of the desk reads the case"


@router.get(
    "/requests/{number}/notes",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("メモと返送後の住所を見る", "Read the notes of a case, and the address that waits"),
    response=NotesTold,
)
def list_notes(request: ApiRequest, number: Ref) -> NotesTold:
    """The newest first."""
    found = read_noted(number, scope=request.door.scope)
    waiting = found.waiting and AddressTold(
        ref=found.waiting.ref, address=found.waiting.address.reveal(purpose=_WHY), entered_by=found.waiting.entered_by
    )
    return NotesTold(
        state=found.state,
        came_back=found.came_back,
        waiting=waiting,
        notes=[
            NoteTold(
                ref=one.ref,
                kind=one.kind,
                text=one.text.reveal(purpose=_WHY),
                written_by=one.written_by,
                written_at=one.written_at,
            )
            for one in found.notes
        ],
    )


@router.post(
    "/requests/{number}/notes",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("メモを書く", "Note a telephone call, or something to keep in mind"),
    response={201: Done},
)
def add_note(request: ApiRequest, number: Ref, body: NoteSaid) -> Done:
    """It is sealed and never changed."""
    ref = amending.add_note(number, body.kind, body.text, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="noted")


@router.post(
    "/requests/{number}/amendment",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("登録した内容を訂正する", "Put right what was registered"),
    response=Done,
)
def amend_request(request: ApiRequest, number: Ref, body: AmendSaid) -> Done:
    """``state``: ``check_again`` where the identity has to be verified again. Whoever amends does not decide."""
    amendment = Amendment(person=body.person, agent=body.agent, arrived_on=body.arrived_on, state=body.state)
    back = amending.amend_request(number, amendment, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, state="check_again" if back else "amended")


@router.post(
    "/requests/{number}/claims",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("漏れていた請求を加える", "Add a claim that was left off"),
    response={201: Done},
)
def add_claim(request: ApiRequest, number: Ref, body: ClaimIntake) -> Done:
    """Before anything is decided."""
    claim = amending.add_claim(number, body, scope=request.door.scope, at=request.door.at)
    return Done(ref=claim, state="noted")


@router.post(
    "/documents/{ref}/cancellation",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("誤って記録した書類を取り消す", "Cancel the record of a paper"),
    response=Done,
)
def cancel_document(request: ApiRequest, ref: Ref, body: CancelSaid) -> Done:
    """The record stays, with the reason."""
    back = amending.cancel_document(ref, body.why, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="check_again" if back else "cancelled")


@router.post(
    "/fees/{ref}/cancellation",
    needs=TokenScope.REQUESTS_WRITE,
    says=Text("誤って記録した手数料を取り消す", "Cancel the record of an instrument"),
    response=Done,
)
def cancel_fee(request: ApiRequest, ref: Ref, body: CancelSaid) -> Done:
    """It counts in no sum any more."""
    amending.cancel_fee(ref, body.why, scope=request.door.scope, at=request.door.at)
    return Done(ref=ref, state="cancelled")


@router.post(
    "/requests/{number}/addresses",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("返送後の新しい住所を入力する", "Say where a letter that came back should go"),
    response={201: Done},
)
def enter_address(request: ApiRequest, number: Ref, body: AddressSaid) -> Done:
    """Another account verifies it."""
    door = request.door
    ref = readdressing.enter_address(
        number, postal_code=body.postal_code, address=body.address, scope=door.scope, at=door.at
    )
    return Done(ref=ref, state="waiting")


@router.post(
    "/requests/{number}/addresses/{ref}/verification",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("新しい住所を確かめ、書面を出し直す", "Verify the new address, and issue its letters again"),
    response=ReissuedTold,
)
def verify_address(request: ApiRequest, number: Ref, ref: Ref) -> ReissuedTold:
    """By somebody else than who typed it."""
    door = request.door
    return ReissuedTold(
        letters=readdressing.verify_address(number, ref, scope=door.scope, at=door.at, folder=door.folder)
    )

"""返送後の住所: a letter came back, so its new address is typed, verified by somebody else, and the letter issued for it.

One transaction verifies the address, seals it into the facts, and issues every answer that came back again: the
same pages, with the new address and a number of their own. The old letter stays as it was sent, and no envelope
is made for it any more.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from daicho.keys.queries import ring as open_ring
from daicho.letters.letter import address_data
from daicho.letters.press import render
from daicho.rights.actions.amending import open_facts_of, write_facts
from daicho.rights.actions.issuing import PACK, composed, read_pack, seal_letter
from daicho.rights.actions.receiving import take_numbers
from daicho.rights.case import addressee_of, verified_address
from daicho.rights.dispatch_rules import CAME_BACK, DispatchState, move_dispatch
from daicho.rights.dossier import case_of
from daicho.rights.intake import Facts
from daicho.rights.models import Dispatch, IssuedLetter, NewAddress, SubjectRequest
from daicho.rights.reading import lock_request
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

MAX_ADDRESS: Final = 400


def enter_address(number: str, *, postal_code: str, address: str, scope: Scope, at: datetime) -> str:
    """Type the address to which what came back should go; somebody else verifies it. Returns its reference.

    An address that was typed before and not verified is taken back.

    Raises:
        NotAllowedError: no answer of the request came back.
        InputError: no address, or the one that it came back from.
    """
    written, code = address.strip(), postal_code.strip()
    if not written or len(written) > MAX_ADDRESS or len(code) > MAX_ADDRESS:
        raise InputError(
            Text("新しい住所がありません。", "There is no new address."),
            advice=Text("400 文字以内で書いてください。", "Write it, in at most 400 characters."),
        )
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        if not came_back(request):
            raise _nothing_came_back()
        ring = open_ring()
        facts = open_facts_of(request, ring)
        of = "agent" if facts.reply.to == "agent" and facts.agent else "person"
        if "".join(written.split()) == "".join(getattr(facts, of).address.split()):
            raise InputError(
                Text("返送された書面の住所と同じです。", "That is the address the letter came back from."),
                advice=Text(
                    "同じ住所へは「回答と発送」で封入し直してください。",
                    "To the same address it is put in a new envelope under “Answer and dispatch”.",
                ),
            )
        request.new_addresses.filter(verified_at=None).delete()
        ref = f"A-{secrets.token_hex(5)}"
        plain = json.dumps({"postal_code": code or None, "address": written}, ensure_ascii=False)
        NewAddress.objects.create(
            request=request,
            organisation=request.organisation,
            ref=ref,
            of=of,
            address=ring.seal(plain.encode(), bound_to=f"new-address:{ref}"),
            entered_by=scope.actor,
            entered_at=at,
        )
        acts = Acts(actor=scope.actor, at=at)
        acts.add("address.entered", organisation=request.organisation, request=number, address=ref)
        acts.write()
    return ref


def verify_address(number: str, ref: str, *, scope: Scope, at: datetime, folder: Path) -> list[str]:
    """Say that papers show the new address; every answer that came back is issued again. Returns the new numbers.

    Raises:
        NotFoundError: no such address waits.
        NotAllowedError: who typed it verifies it; or nothing came back any more.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        row = request.new_addresses.filter(ref=ref, verified_at=None).first()
        if row is None:
            raise NotFoundError(
                Text("確認待ちの住所がありません。", "No address waits to be verified."),
                advice=Text("「メモと訂正」で確かめてください。", "See “Notes and amendments”."),
            )
        if row.entered_by == scope.actor:
            raise NotAllowedError(
                Text(
                    "住所を入力した人と別の人が確認します。", "Somebody other than who typed the address verifies it."
                ),
                advice=Text("別の担当者に確認を頼んでください。", "Ask a colleague to compare it with the papers."),
            )
        back = came_back(request)
        if not back:
            raise _nothing_came_back()
        before = _move(request, row, at=at)
        row.verified_by, row.verified_at = scope.actor, at
        row.save(update_fields=["verified_by", "verified_at"])
        acts = Acts(actor=scope.actor, at=at)
        numbers = [_issue_again(request, one, before, scope=scope, at=at, folder=folder, acts=acts) for one in back]
        acts.add(
            "address.verified", organisation=request.organisation, request=number, address=ref, letters=len(numbers)
        )
        acts.write()
    return numbers


def came_back(request: SubjectRequest) -> list[Dispatch]:
    """The envelopes of answers that came back, and for which nothing else is on its way."""
    newest: dict[str, Dispatch] = {}
    for one in request.dispatches.order_by("pk"):
        newest[one.letter] = one
    packs = set(request.letters.filter(kind=PACK).values_list("number", flat=True))
    return [one for one in newest.values() if one.state in CAME_BACK and one.letter in packs]


def _nothing_came_back() -> NotAllowedError:
    return NotAllowedError(
        Text("返送された回答書がありません。", "No answer of this request came back."),
        advice=Text(
            "返送を「回答と発送」で記録してから、新しい住所を入力してください。",
            "Record under “Answer and dispatch” that it came back, then enter the new address.",
        ),
    )


def _move(request: SubjectRequest, row: NewAddress, *, at: datetime) -> Facts:
    """Put the new address into the facts; the old one becomes a former address. Returns the facts before."""
    ring = open_ring()
    said = json.loads(ring.unseal(bytes(row.address), bound_to=f"new-address:{row.ref}"))
    before = open_facts_of(request, ring)
    plain = before.model_dump()
    if row.of == "person":
        plain["person"]["former_addresses"] = [before.person.address, *before.person.former_addresses]
    plain[row.of] |= said
    write_facts(request, before, Facts.model_validate(plain), ring=ring, at=at)
    return before


def _issue_again(
    request: SubjectRequest,
    back: Dispatch,
    before: Facts,
    *,
    scope: Scope,
    at: datetime,
    folder: Path,
    acts: Acts,
) -> str:
    """The same pages with the new address, under a number of their own."""
    old = request.letters.exclude(kind=PACK).get(number=back.letter)
    pack = request.letters.get(number=back.letter, kind=PACK)
    (number,) = take_numbers("L", 1, at=at)
    plain = _readdressed(read_pack(pack, folder), request, before, old=back.letter, new=number, scope=scope, at=at)
    letter = [one for one in plain["sheets"] if one["template"] == "letter"]
    pages = composed({**plain, "sheets": letter})
    printed = render(pages)
    issued: dict[str, Any] = {"number": number, "claim": old.claim, "folder": folder, "by": acts.actor, "at": at}
    row = seal_letter(request, printed.pdf, kind=old.kind, pages=printed.pages, **issued)
    content = json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass")
    seal_letter(request, content, kind=PACK, pages=0, **issued)
    IssuedLetter.objects.filter(pk=row.pk).update(replaces=back.letter)
    move_dispatch(DispatchState(back.state), DispatchState.SENT_AGAIN)
    back.state = DispatchState.SENT_AGAIN
    back.save(update_fields=["state"])
    acts.add(
        "letter.issued",
        organisation=request.organisation,
        letter=number,
        request=request.number,
        kind=old.kind,
        pages=printed.pages,
    )
    acts.add(
        "letter.replaced", organisation=request.organisation, letter=back.letter, by=number, request=request.number
    )
    return number


def _readdressed(
    plain: dict[str, Any], request: SubjectRequest, before: Facts, *, old: str, new: str, scope: Scope, at: datetime
) -> dict[str, Any]:
    """The kept pages with another address, number and day; what the letter tells and shows is not touched."""
    case = case_of(request, scope=scope, at=at)
    language = Language(plain["language"])
    made_on = date.fromisoformat(plain["made_on"])
    was = next(sheet["to"] for sheet in plain["sheets"] if sheet["template"] == "letter")
    whole = {
        _squashed(_block(was)): _block(address_data(addressee_of(case), language)),
        _squashed(_block({**was, "code": ""})): verified_address(case).reveal(purpose="it stands on the checklist"),
    }
    if before.reply.to == "agent" and before.agent is not None:
        whole[_squashed(before.agent.address)] = verified_address(case).reveal(purpose="it stands on the checklist")
    parts: dict[str, str] = {}
    for one in Language:
        parts[case.house.say_number(old, dated_on=made_on, language=one)] = case.house.say_number(
            new, dated_on=at.date(), language=one
        )
        parts[case.house.say_day(made_on, one)] = case.house.say_day(at.date(), one)
    sheets = []
    for sheet in plain["sheets"]:
        if sheet["template"] == "packing":
            sheets.append(_said_anew(sheet, whole, parts))
            continue
        said = {**sheet, "to": address_data(addressee_of(case), Language(sheet["lang"]))}
        if sheet["template"] == "letter":
            said |= {key: _said_anew(sheet[key], {}, parts) for key in ("number", "date")}
        sheets.append(said)
    return {**plain, "made_on": at.date().isoformat(), "sheets": sheets}


def _said_anew(piece: Any, whole: Mapping[str, str], parts: Mapping[str, str]) -> Any:
    """A piece of a page: strings that are an address as a whole, and numbers and days within strings."""
    if isinstance(piece, dict):
        return {key: _said_anew(value, whole, parts) for key, value in piece.items()}
    if isinstance(piece, list):
        return [_said_anew(one, whole, parts) for one in piece]
    if not isinstance(piece, str):
        return piece
    if (found := whole.get(_squashed(piece))) is not None:
        return found
    for was, now in parts.items():
        piece = piece.replace(was, now)
    return piece


def _block(to: Mapping[str, Any]) -> str:
    return "\n".join(line for line in (to["code"], *to["lines"]) if line)


def _squashed(text: str) -> str:
    return "".join(text.split())

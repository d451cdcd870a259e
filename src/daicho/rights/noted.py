"""対応の記録と返送後の住所, opened for the desk; and the state by which an older page is told from a newer one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daicho.keys.queries import ring as open_ring
from daicho.people.queries import require_role
from daicho.rights.access import DESK
from daicho.rights.actions.amending import state_of
from daicho.rights.actions.readdressing import came_back
from daicho.rights.amendments import NoteKind
from daicho.rights.models import SubjectRequest
from daicho.rights.reading import not_found
from daicho.words.personal import Personal
from daicho.words.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One case note."""

    ref: str
    kind: NoteKind
    text: Personal[str]
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAddress:
    """An address typed after a letter came back, not verified yet."""

    ref: str
    address: Personal[str]
    entered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """``came_back``: whether an answer came back and waits for another address."""

    state: str
    notes: Sequence[Note]
    came_back: bool
    waiting: WaitingAddress | None


def read_noted(number: str, *, scope: Scope) -> Noted:
    """What the desk noted about a request, the newest first.

    Raises:
        NotFoundError: not within the scope.
        NotAllowedError: the account does not work at the desk.
    """
    row = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    if row is None:
        raise not_found(number)
    require_role(scope, row.organisation, DESK)
    ring = open_ring()
    address = row.new_addresses.filter(verified_at=None).order_by("pk").last()
    waiting = None
    if address is not None:
        said = json.loads(ring.unseal(bytes(address.address), bound_to=f"new-address:{address.ref}"))
        line = " ".join(one for one in (said["postal_code"], said["address"]) if one)
        waiting = WaitingAddress(ref=address.ref, address=Personal(line, "address"), entered_by=address.entered_by)
    return Noted(
        state=state_of(row),
        notes=[
            Note(
                ref=one.ref,
                kind=NoteKind(one.kind),
                text=Personal(ring.unseal(bytes(one.text), bound_to=f"note:{one.ref}").decode(), "note"),
                written_by=one.written_by,
                written_at=one.written_at,
            )
            for one in row.notes.order_by("-pk")
        ],
        came_back=bool(came_back(row)),
        waiting=waiting,
    )

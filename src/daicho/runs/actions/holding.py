"""法的保全: what must not end now, set and released."""

import secrets
from datetime import datetime

from django.db import transaction

from daicho.people.queries import require_role
from daicho.runs.access import HOLDERS
from daicho.runs.grounds import read_ground
from daicho.runs.models import LegalHold
from daicho.subjects.queries import is_known
from daicho.trail.acts import Acts
from daicho.words.errors import NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text


def _act(event: str, scope: Scope, at: datetime, organisation: str, **facts: object) -> None:
    acts = Acts(actor=scope.actor, at=at)
    acts.add(event, organisation=organisation, **facts)
    acts.write()


def set_hold(person: str, *, ground: str, organisation: str, scope: Scope, at: datetime) -> str:
    """Stop every ending of a person's rows until released; returns the hold's reference.

    ``ground``: a code of `HoldGround`.

    Raises:
        InputError: no such ground.
        NotFoundError: the organisation knows nobody by this reference.
    """
    require_role(scope, organisation, HOLDERS)
    if not is_known(person, organisation=organisation):
        raise NotFoundError(
            Text(f"本人 {person} は登録されていません。", f"There is no person {person}."),
            advice=Text("請求番号から設定してください。", "Set the hold by a request of the person."),
        )
    why = read_ground(ground)
    with transaction.atomic():
        hold = LegalHold.objects.create(
            ref=f"H-{secrets.token_hex(6)}",
            organisation=organisation,
            person=person,
            ground=why,
            set_by=scope.actor,
            set_at=at,
        )
        _act("hold.set", scope, at, organisation, hold=hold.ref, person=person, ground=str(why))
    return hold.ref


def release_hold(ref: str, *, scope: Scope, at: datetime) -> None:
    """End a hold; rows that waited can be ended by taking the claim up again."""
    with transaction.atomic():
        hold = LegalHold.objects.filter(ref=ref, organisation__in=scope.organisations, released_at=None).first()
        if hold is None:
            raise NotFoundError(
                Text(f"保全 {ref} はありません。", f"There is no hold {ref} in force."),
                advice=Text("保全の一覧で確かめてください。", "See the list of legal holds."),
            )
        require_role(scope, hold.organisation, HOLDERS)
        hold.released_by, hold.released_at = scope.actor, at
        hold.save(update_fields=["released_by", "released_at"])
        _act("hold.released", scope, at, hold.organisation, hold=ref)

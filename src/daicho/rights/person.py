"""本人: what the form says about people, opened for those who work on the request."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from daicho.keys.queries import ring
from daicho.people.queries import readable, require_reader, require_role
from daicho.policy.language import Policy
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.intake import Facts, Intake, facts_from
from daicho.rights.models import SubjectRequest
from daicho.rights.queries import get_request
from daicho.rights.reading import lacks, not_found, policy_of
from daicho.rights.rules import REQUEST_ENDS, RequestState
from daicho.subjects.queries import meet, same_people
from daicho.words.personal import Personal
from daicho.words.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The sealed part of a request. ``details``: claim number → wish, values, evidence."""

    facts: Personal[Facts]
    details: Mapping[str, Personal[dict[str, Any]]]


def open_facts(number: str, *, scope: Scope) -> Opened:
    """What the form says, for an account of the desk.

    Raises:
        NotFoundError: not within the scope.
        NotAllowedError: the account does not work at the desk; engineers and auditors see no people.
    """
    row = _row(number, scope)
    require_role(scope, row.organisation, DESK)
    opened = ring()
    return Opened(
        facts=Personal(facts_from(opened.unseal(bytes(row.facts), bound_to=f"request:{row.number}")), "facts"),
        details={
            claim.number: Personal(
                json.loads(opened.unseal(bytes(claim.details), bound_to=f"claim:{claim.number}")), "details"
            )
            for claim in row.claims.order_by("pk")
        },
    )


def frozen_policy(number: str, *, scope: Scope) -> Policy:
    """The policy that was in force when the request arrived."""
    row = _row(number, scope)
    require_reader(scope, row.organisation, LOOKERS)
    return policy_of(row)


def money_of(number: str, *, scope: Scope, on: date) -> tuple[int, int]:
    """(yen due, yen paid) for the claims still alive."""
    row = _row(number, scope)
    require_reader(scope, row.organisation, LOOKERS)
    _, due, paid = lacks(row, policy_of(row), on=on)
    return due, paid


def _row(number: str, scope: Scope) -> SubjectRequest:
    row = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    if row is None:
        raise not_found(number)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePerson:
    """Another request of the same person."""

    number: str
    state: RequestState
    arrived_on: date
    duplicate_of: str

    @property
    def ended(self) -> bool:
        """Whether nothing of it is open."""
        return self.state in REQUEST_ENDS


def list_of_same_person(number: str, *, scope: Scope) -> Sequence[SamePerson]:
    """The other requests of the person of this one, the newest first."""
    row = get_request(number, scope=scope, on=date.min)
    people = same_people([row.person])[row.person]
    return [one for one in _of(people, scope) if one.number != row.number]


def list_open_of(intake: Intake, *, scope: Scope) -> Sequence[SamePerson]:
    """Requests still open of whom a new form names, so that the same form is not taken twice."""
    require_role(scope, intake.addressed[0], DESK)
    met = meet([intake.person.identities()], organisation=intake.addressed[0], ring=ring())
    return [one for one in _of({ref for ref in met.refs if ref}, scope) if not one.ended]


def _of(people: set[str] | frozenset[str], scope: Scope) -> list[SamePerson]:
    if not people:
        return []
    rows = SubjectRequest.objects.filter(person__in=people, organisation__in=readable(scope, DESK)).order_by("-pk")
    return [
        SamePerson(
            number=row["number"],
            state=RequestState(row["state"]),
            arrived_on=row["arrived_on"],
            duplicate_of=row["duplicate_of"],
        )
        for row in rows.values("number", "state", "arrived_on", "duplicate_of")[:20]
    ]

"""回答の宛先  Where the form of a request says mail goes, and whose word that is."""

from dataclasses import dataclass

from daicho.keys.queries import ring
from daicho.rights.intake import facts_from
from daicho.rights.models import SubjectRequest
from daicho.rights.reading import not_found
from daicho.rights.rules import taken_in_by
from daicho.words.personal import Personal
from daicho.words.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedMailbox:
    """A mailbox as somebody of the house typed it from the form; None when an agent asks, or there is none.

    ``typed_by``: who could have typed another one: whoever took the request in (`daicho.rights.rules.taken_in_by`),
    and whoever put it right last.
    """

    address: Personal[str] | None
    typed_by: frozenset[str]


def typed_mailbox(request: SubjectRequest) -> TypedMailbox:
    """Of a request at hand."""
    facts = facts_from(ring().unseal(bytes(request.facts), bound_to=f"request:{request.number}"))
    taken = taken_in_by(registered_by=request.registered_by, verified_by=request.verified_by)
    emails = facts.person.emails if facts.agent is None else ()
    return TypedMailbox(
        address=Personal(emails[0], "email") if emails else None,
        typed_by=frozenset({taken, request.amended_by} - {""}),
    )


def find_typed_mailbox(number: str, *, scope: Scope) -> TypedMailbox:
    """Of a request of the scope; NotFoundError for a foreign one as for none. Who may ask is the caller's care."""
    row = SubjectRequest.objects.filter(number=number, organisation__in=scope.organisations).first()
    if row is None:
        raise not_found(number)
    return typed_mailbox(row)

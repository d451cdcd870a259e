"""検索依頼票: what is printed on one slip, read from the request or claim that it was issued for; personal."""

import json

from daicho.keys.queries import ring
from daicho.law.kinds import RequestKind
from daicho.people.queries import require_role
from daicho.policy.language import Policy
from daicho.register.queries import get_store, list_holdings
from daicho.rights.access import DESK
from daicho.rights.desk_papers import SlipFacts
from daicho.rights.dossier import local_day
from daicho.rights.house import house_of
from daicho.rights.intake import facts_from
from daicho.rights.models import Claim, SubjectRequest
from daicho.rights.reading import not_found, policy_of
from daicho.runs.queries import list_slips
from daicho.words.errors import NotFoundError
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text


def get_slip(ref: str, *, scope: Scope, asked_by: str) -> SlipFacts:
    """Everything printed on a slip, from the request it was issued for; personal.

    Raises:
        NotFoundError: there is no such slip, or its store is not in the register any more.
    """
    slip = next((one for one in list_slips(scope=scope) if one.ref == ref), None)
    if slip is None:
        raise NotFoundError(
            Text(f"検索依頼票 {ref} はありません。", f"There is no slip {ref}."),
            advice=Text("検索依頼票の一覧で番号を確かめてください。", "Check the number in the list of slips."),
        )
    require_role(scope, slip.organisation, DESK)
    claim = Claim.objects.filter(number=slip.owner).select_related("request").first()
    row = claim.request if claim else SubjectRequest.objects.filter(number=slip.owner).first()
    if row is None:
        raise not_found(slip.owner)
    facts = facts_from(ring().unseal(bytes(row.facts), bound_to=f"request:{row.number}"))
    policy = policy_of(row)
    names = {one.code: one.name for one in policy.organisations}
    addressed = list(row.addressed)
    return SlipFacts(
        ref=slip.ref,
        request=slip.owner,
        house=house_of(policy, row.organisation),
        store=get_store(slip.store, scope=scope),
        holdings=tuple(one for one in list_holdings(scope=scope, organisations=addressed) if one.store == slip.store),
        companies=tuple(names.get(code, Text(code, code)) for code in addressed),
        person=Personal(facts.person, "person"),
        kind=RequestKind(claim.kind) if claim and slip.task == "act" else None,
        values=_right_values(claim, policy) if claim and slip.task == "act" else (),
        support_measure=row.support_measure,
        asked_by=asked_by,
        asked_on=local_day(slip.issued_at) or slip.due_on,
        answer_by=slip.due_on,
    )


def _right_values(claim: Claim, policy: Policy) -> tuple[tuple[Text, Personal[str]], ...]:
    """What a correction says is right, by the item's name."""
    names = {item.code: item.name for item in policy.items}
    values = json.loads(ring().unseal(bytes(claim.details), bound_to=f"claim:{claim.number}"))["values"]
    return tuple((names.get(what, Text(what, what)), Personal(value, "correction")) for what, value in values.items())

"""Reads one request, its papers and its money into the plain facts that letters are made from."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from daicho.keys.queries import ring
from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, AuthorityDocument, IdDocument
from daicho.letters.house import Enclosure
from daicho.policy.language import Arrival, Policy, ReplyBy
from daicho.register.queries import list_active_maps, list_holdings, list_stores
from daicho.rights.case import SHEETS, Answer, Case, CaseClaim, CaseMoney, CasePaper
from daicho.rights.house import house_of
from daicho.rights.intake import facts_from
from daicho.rights.models import Claim, RequestDocument, SubjectRequest
from daicho.rights.reading import lacks, policy_of
from daicho.rights.rules import ClaimState, DocumentKind, Of
from daicho.runs.queries import get_run, list_slips, outcomes_for
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

#: Letters that answer a claim with no.
REFUSALS: Final = frozenset({"refusal", "substitute_measure"})
_PAPER_WORDS: Final[Mapping[str, Text]] = {
    DocumentKind.FORM: Text("開示等請求書", "Request form"),
    DocumentKind.ID_COPY: Text("本人確認書類の写し", "Copy of an identity document"),
    DocumentKind.AUTHORITY: Text("代理権を示す書類", "Proof of authority"),
    DocumentKind.EVIDENCE: Text("事実を示す資料", "Evidence"),
    DocumentKind.OTHER: Text("その他の書類", "Other document"),
}


def case_of(request: SubjectRequest, *, scope: Scope, at: datetime) -> Case:
    """Everything its letters say about a request."""
    policy = policy_of(request)
    claims = list(request.claims.order_by("pk"))
    _, due, paid = lacks(request, policy, on=at.date())
    addressed = tuple(request.addressed)
    slips = list_slips(owners=[request.number, *(claim.number for claim in claims)], scope=scope)
    return Case(
        number=request.number,
        policy=policy,
        organisation=request.organisation,
        house=house_of(policy, request.organisation),
        addressed=addressed,
        facts=facts_from(ring().unseal(bytes(request.facts), bound_to=f"request:{request.number}")),
        requester=Requester(request.requester),
        language=Language(request.language),
        arrived_on=request.arrived_on,
        law_on=request.law_on,
        dated_on=at.date(),
        kinds=tuple(RequestKind(claim.kind) for claim in claims),
        fee_due=due,
        fee_paid=paid,
        maps={one.code: one for one in list_active_maps(scope=scope, organisations=addressed)},
        stores={one.code: one for one in list_stores(scope=scope, organisations=addressed)},
        holdings={one.reg_no: one for one in list_holdings(scope=scope, organisations=addressed)},
        slips=[
            {
                "owner": slip.owner,
                "store": slip.store,
                "task": slip.task,
                "answer": slip.answer,
                "count": slip.count,
                "law": slip.law,
                "until": slip.until,
                "answered_on": local_day(slip.answered_at),
            }
            for slip in slips
        ],
        claims=tuple(_claims(request, claims)),
        money=tuple(
            CaseMoney(
                ref=row.ref,
                face_value=row.face_value,
                in_hand=row.cashed_on is None and row.returned_on is None,
                cashed=row.cashed_on is not None and row.returned_on is None,
            )
            for row in request.fees.order_by("pk")
        ),
        originals=tuple(_originals(request, policy)),
        support_measure=request.support_measure,
        by_download=request.channel == Arrival.WEB and request.method == ReplyBy.ELECTRONIC,
    )


def local_day(at: datetime | None) -> date | None:
    """The calendar day in Tokyo on which something happened; a row's time comes back in UTC."""
    return timezone.localdate(at) if at else None


def _claims(request: SubjectRequest, claims: list[Claim]) -> list[CaseClaim]:
    answered_no = set(request.letters.filter(kind__in=REFUSALS).values_list("claim", flat=True))
    return [
        CaseClaim(
            number=claim.number, kind=RequestKind(claim.kind), refused=_is_refused(claim) or claim.number in answered_no
        )
        for claim in claims
    ]


def _is_refused(claim: Claim) -> bool:
    """Decided so on a ground that the letter will name; *excluded* is answered as not held and charged like it."""
    rule = KINDS[RequestKind(claim.kind)].find_refusal(claim.ground)
    return claim.state == ClaimState.REFUSED and not (rule is not None and rule.says_not_held)


def _originals(request: SubjectRequest, policy: Policy) -> list[CasePaper]:
    """Identity papers that the policy asks for in the original: they go back with the answer."""
    asked = {
        Of.PERSON: {entry.document for entry in policy.id_documents if not entry.copy_of_it},
        Of.AGENT: {entry.document for entry in policy.agent_id_documents if not entry.copy_of_it},
    }
    return [
        CasePaper(ref=row.ref, name=paper_name(row))
        for row in request.documents.order_by("pk")
        if row.kind == DocumentKind.ID_COPY and row.disposed_on is None and row.paper in asked[Of(row.of)]
    ]


def answer_of(claim: Claim, *, scope: Scope) -> Answer:
    """What one claim's letter needs, unsealed."""
    opened = ring()
    details = json.loads(opened.unseal(bytes(claim.details), bound_to=f"claim:{claim.number}"))
    reason = opened.unseal(bytes(claim.reason), bound_to=f"reason:{claim.number}").decode() if claim.reason else ""
    run = get_run(claim.run, scope=scope) if claim.run else None
    return Answer(
        number=claim.number,
        kind=RequestKind(claim.kind),
        state=ClaimState(claim.state),
        ground=claim.ground,
        reason=reason,
        outcome=outcomes_for(run).get(claim.number, []) if run else [],
        values=details["values"],
        cells=claim.cells,
        done_on=local_day(run.confirmed_at) if run else None,
    )


def paper_name(row: RequestDocument) -> Text:
    """A paper by its own name where that is recorded, else by its sort."""
    if row.paper in set(IdDocument):
        return ID_DOCUMENTS[IdDocument(row.paper)].name
    if row.paper in set(AuthorityDocument):
        return AUTHORITY_NAMES[AuthorityDocument(row.paper)]
    return _PAPER_WORDS[row.kind]


def in_hand(request: SubjectRequest) -> list[Enclosure]:
    """What came in the envelope and still lies here, papers and money."""
    papers: dict[Text, int] = {}
    for row in request.documents.order_by("pk"):
        if row.disposed_on is None:
            name = _paper_in_hand(row)
            papers[name] = papers.get(name, 0) + 1
    return [*(Enclosure(name=name, count=count) for name, count in papers.items()), *money_in_hand(request)]


def money_in_hand(request: SubjectRequest) -> list[Enclosure]:
    """The money orders that are neither cashed nor sent back."""
    return [
        Enclosure(
            name=Text(f"定額小為替証書（{row.face_value:,}円）", f"Postal money order ({row.face_value:,} yen)"),
            unit=SHEETS,
        )
        for row in request.fees.order_by("pk")
        if row.returned_on is None and row.cashed_on is None
    ]


def _paper_in_hand(row: RequestDocument) -> Text:
    sort = _PAPER_WORDS[row.kind]
    if not row.paper:
        return sort
    name = paper_name(row)
    return Text(f"{sort.ja}（{name.ja}）", f"{sort.en} ({name.en})")

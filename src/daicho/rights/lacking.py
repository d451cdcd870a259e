"""不足・不備: what of the published list has not come, or does not do, and why; facts in, findings out.

Nothing beyond that list is asked for (Art. 37(4)). Where one of several papers would do, all of them are named.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from daicho.law.kinds import Requester
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, AuthorityDocument, IdDocument
from daicho.policy.language import Policy
from daicho.policy.language.procedure import AuthorityPaper
from daicho.rights.rules import DocumentKind, MaskedBy, Missing, Of, Paper
from daicho.words.text import Text

_NOT_ACCEPTED: Final = Text(
    "届いたものは、有効なものとして確かめられませんでした", "what came could not be accepted as a valid one"
)


def missing_papers(policy: Policy, requester: Requester, papers: Sequence[Paper], *, on: date) -> list[Missing]:
    """What the published list asks for and has not come; nothing beyond that list is asked (37(4))."""
    missing: list[Missing] = []
    forms = [one for one in papers if one.kind is DocumentKind.FORM]
    if not any(one.accepted for one in forms):
        why = _NOT_ACCEPTED if forms else None
        missing.append(Missing(code="form", what=policy.requests.submission.form.name, why=why))
    if requester is Requester.PRINCIPAL:
        missing += _missing_id(policy, papers, Of.PERSON, on=on)
    else:
        missing += _missing_id(policy, papers, Of.AGENT, on=on)
        missing += _missing_authority(policy, requester, papers, on=on)
    missing += [
        Missing(code="unmasked", what=Text("黒塗りの済んでいない写し", "a copy that is not yet blacked out"))
        for paper in papers
        if paper.masked is MaskedBy.MISSING and paper.in_hand
    ][:1]
    return missing


# ── 本人確認書類 ─────────────────────────────────────────────────────────────────────────────


def _missing_id(policy: Policy, papers: Sequence[Paper], of: Of, *, on: date) -> list[Missing]:
    section = policy.requests.submission.identity if of is Of.PERSON else policy.requests.agents.identity
    named = [entry.document for entry in section.accepted]
    accepted = [*named, *(one for one in _successors(set(named)) if one not in named)]
    copies = [one for one in papers if one.kind is DocumentKind.ID_COPY and one.of is of and one.paper in set(accepted)]
    held = {
        one.paper
        for one in copies
        if one.accepted and ID_DOCUMENTS[IdDocument(one.paper)].is_valid(on=one.received_on or on)
    }
    if len(held) >= section.needed:
        return []
    usable = [one for one in accepted if ID_DOCUMENTS[one].is_valid(on=on) and one not in held]
    return [
        Missing(
            code=f"id-{of}",
            what=section.label,
            any_of=tuple(ID_DOCUMENTS[one].name for one in usable),
            needed=section.needed - len(held),
            why=_wrong_copy(copies, held=len(held), needed=section.needed, on=on),
        )
    ]


def _wrong_copy(copies: Sequence[Paper], *, held: int, needed: int, on: date) -> Text | None:
    """What keeps the copies that came from counting."""
    for one in copies:
        rule = ID_DOCUMENTS[IdDocument(one.paper)]
        if one.accepted and not rule.is_valid(on=one.received_on or on):
            return Text(
                f"届いた{rule.name.ja}は、現在は本人確認に使えません",
                f"the {rule.name.en} that came is no longer valid",
            )
    if any(not one.accepted for one in copies):
        return _NOT_ACCEPTED
    if held:
        return Text(f"{needed} 点のうち {held} 点が届いています", f"{held} of the {needed} needed came")
    return None


def _successors(documents: set[IdDocument]) -> set[IdDocument]:
    """資格確認書 stands in for the health-insurance card that it replaced (void since 2025-12-02)."""
    return {IdDocument.ELIGIBILITY_CERTIFICATE} if IdDocument.HEALTH_INSURANCE_CARD in documents else set()


# ── 代理権を示す書類 ─────────────────────────────────────────────────────────────────────────


def _missing_authority(policy: Policy, requester: Requester, papers: Sequence[Paper], *, on: date) -> list[Missing]:
    rule = policy.agent_documents(requester)
    if rule is None:
        return [
            Missing(code="agent-not-accepted", what=Text("代理人の区分の確認", "confirmation of the kind of agent"))
        ]
    came = [one for one in papers if one.kind is DocumentKind.AUTHORITY]
    absent = [paper for paper in rule.papers if not any(_is_good(one, paper, on=on) for one in came)]
    if rule.needs_all:
        return [
            Missing(code=str(paper.document), what=_wanted(paper), why=next(_faults(came, paper), None))
            for paper in absent
        ]
    if len(absent) < len(rule.papers):
        return []
    names = tuple(_wanted(paper) for paper in absent)
    listed = (
        names[0]
        if len(names) == 1
        else Text(
            f"代理権を示す書類（{'、'.join(one.ja for one in names)}のいずれか）",
            f"proof of authority (any one of: {', '.join(one.en for one in names)})",
        )
    )
    faults = [why for paper in absent for why in _faults(came, paper)]
    return [
        Missing(
            code=str(absent[0].document),
            what=listed,
            any_of=names if len(names) > 1 else (),
            why=faults[0] if faults else None,
        )
    ]


def _wanted(paper: AuthorityPaper) -> Text:
    """The paper with its age, as the letter asks for it."""
    name, days = AUTHORITY_NAMES[paper.document], paper.issued_within_days
    if days is None:
        return name
    return Text(f"{name.ja}（発行後 {days} 日以内のもの）", f"{name.en} (issued within {days} days)")


def _is_good(one: Paper, wanted: AuthorityPaper, *, on: date) -> bool:
    return one.accepted and shows(one.paper, wanted.document) and not _is_old(one, wanted, on=on)


def _is_old(one: Paper, wanted: AuthorityPaper, *, on: date) -> bool:
    if wanted.issued_within_days is None:
        return False
    return one.issued_on is None or ((one.received_on or on) - one.issued_on).days > wanted.issued_within_days


def _faults(came: Sequence[Paper], wanted: AuthorityPaper) -> Iterator[Text]:
    """Why what came of this paper does not do."""
    for one in came:
        if not shows(one.paper, wanted.document):
            continue
        if not one.accepted:
            yield _NOT_ACCEPTED
        elif one.issued_on is None:
            yield Text("届いたものは発行日を確かめられません", "the day of issue of the one sent cannot be told")
        else:
            day, days = one.issued_on, wanted.issued_within_days
            yield Text(
                f"届いたものは {day.year} 年 {day.month} 月 {day.day} 日の発行で、{days} 日を超えています",
                f"the one sent was issued on {day.isoformat()} and is older than {days} days",
            )


def shows(paper: str, wanted: AuthorityDocument) -> bool:
    """Any paper that shows the relation will do where the policy asks for one in general."""
    return paper == wanted or (wanted is AuthorityDocument.RELATION_PROOF and paper in set(RELATIONS))


#: Papers that show a statutory agent's relation to the person.
RELATIONS: Final = (
    AuthorityDocument.RELATION_PROOF,
    AuthorityDocument.FAMILY_REGISTER,
    AuthorityDocument.RESIDENT_RECORD_WITH_RELATION,
    AuthorityDocument.GUARDIANSHIP_CERTIFICATE,
)

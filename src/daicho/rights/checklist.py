"""書類の確認表: what the published list asks for, beside what came; nothing beyond that list (Art. 37(4))."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.law.kinds import Requester
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, MASKED_NAMES, AuthorityDocument, IdDocument
from daicho.policy.language import Policy
from daicho.policy.language.procedure import AuthorityPaper, IdPapers
from daicho.rights.lacking import RELATIONS
from daicho.rights.rules import DocumentKind, MaskedBy, Missing, Of
from daicho.words.text import Text

KIND_WORDS: Final[Mapping[DocumentKind, Text]] = {
    DocumentKind.FORM: Text("開示等請求書", "Request form"),
    DocumentKind.ID_COPY: Text("本人確認書類の写し", "Copy of an identity paper"),
    DocumentKind.AUTHORITY: Text("代理権を示す書類", "Proof of authority"),
    DocumentKind.EVIDENCE: Text("事実を示す資料", "Evidence"),
    DocumentKind.OTHER: Text("その他の書類", "Other paper"),
}
OF_WORDS: Final[Mapping[Of, Text]] = {
    Of.PERSON: Text("本人", "the person"),
    Of.AGENT: Text("代理人", "the agent"),
}
MASKED_WORDS: Final[Mapping[MaskedBy, Text]] = {
    MaskedBy.NOT_NEEDED: Text("黒塗り不要", "nothing to black out"),
    MaskedBy.SENDER: Text("請求者が黒塗り済", "blacked out by the sender"),
    MaskedBy.RECEIVER: Text("当社で黒塗り済", "blacked out here"),
    MaskedBy.MISSING: Text("黒塗り未了（隔離）", "not yet blacked out (set apart)"),
    MaskedBy.UNCHECKED: Text("黒塗りの確認待ち", "to be checked by the desk"),
}
HOW_WORDS: Final[Mapping[str, Text]] = {
    "returned": Text("返却", "returned"),
    "shredded": Text("裁断", "shredded"),
    "deleted": Text("消去", "deleted"),
}


def paper_name(code: str) -> Text | None:
    """An identity paper or a proof of authority by its own name; None for any other code."""
    if code in set(IdDocument):
        return ID_DOCUMENTS[IdDocument(code)].name
    return AUTHORITY_NAMES[AuthorityDocument(code)] if code in set(AuthorityDocument) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One paper that would do. ``hint``: what must be black, both sides, how old it may be. ``value`` fills the form."""

    name: Text
    hint: Sequence[Text] = ()
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing asked for. ``choose``: how many of the options are needed; 0 for all of them.

    ``lacking``: what the check found missing or not right of it (`daicho.rights.lacking.missing_papers`).
    """

    what: Text
    options: Sequence[Option]
    lacking: Sequence[Missing] = ()
    choose: int = 1

    @property
    def is_here(self) -> bool:
        """Whether the check has nothing to ask for."""
        return not self.lacking

    @property
    def is_wrong(self) -> bool:
        """Whether something came that does not do."""
        return any(one.why for one in self.lacking)


def checklist(policy: Policy, requester: Requester, lacking: Sequence[Missing], *, on: date) -> list[Line]:
    """The lines of the published list for this kind of requester, each with what is still missing of it."""
    form = policy.requests.submission.form.name
    lines = [
        Line(
            what=form,
            options=[Option(name=form, value=_value(DocumentKind.FORM, Of.PERSON, ""))],
            lacking=[one for one in lacking if one.code == "form"],
        )
    ]
    if requester is Requester.PRINCIPAL:
        return [*lines, _identity(policy.requests.submission.identity, Of.PERSON, lacking, on)]
    lines.append(_identity(policy.requests.agents.identity, Of.AGENT, lacking, on))
    rule = policy.agent_documents(requester)
    if rule is not None:
        lines.append(
            Line(
                what=KIND_WORDS[DocumentKind.AUTHORITY],
                options=[_proof(paper, requester) for paper in rule.papers],
                lacking=[one for one in lacking if one.code in {str(paper.document) for paper in rule.papers}],
                choose=0 if rule.needs_all else 1,
            )
        )
    return lines


def _identity(section: IdPapers, of: Of, lacking: Sequence[Missing], on: date) -> Line:
    return Line(
        what=section.label,
        options=[_id_option(entry.document, of, on) for entry in section.accepted],
        lacking=[one for one in lacking if one.code == f"id-{of}"],
        choose=section.needed,
    )


def _id_option(document: IdDocument, of: Of, on: date) -> Option:
    """A paper that is void by now gives way to its successor."""
    rule = ID_DOCUMENTS[document]
    if not rule.is_valid(on=on) and rule.successor:
        rule = ID_DOCUMENTS[rule.successor]
    parts = [MASKED_NAMES[mask.part] for mask in rule.masks_on(on)]
    hint = []
    if parts:
        hint.append(
            Text("黒塗り: " + "・".join(one.ja for one in parts), "black out: " + ", ".join(one.en for one in parts))
        )
    if rule.both_sides:
        hint.append(Text("両面", "both sides"))
    return Option(name=rule.name, hint=hint, value=_value(DocumentKind.ID_COPY, of, rule.document))


#: Papers that show the relation of each kind of statutory agent, where the policy asks for one in general.
_RELATION_OF: Final[Mapping[Requester, tuple[AuthorityDocument, ...]]] = {
    Requester.MINOR_AGENT: (AuthorityDocument.FAMILY_REGISTER, AuthorityDocument.RESIDENT_RECORD_WITH_RELATION),
    Requester.GUARDIAN: (AuthorityDocument.GUARDIANSHIP_CERTIFICATE,),
}


def _proof(paper: AuthorityPaper, requester: Requester) -> Option:
    hint = []
    if paper.document is AuthorityDocument.RELATION_PROOF:
        names = [AUTHORITY_NAMES[one] for one in _RELATION_OF.get(requester, RELATIONS[1:])]
        hint.append(
            Text(f"例：{'、'.join(one.ja for one in names)}", f"such as {' or '.join(one.en for one in names)}")
        )
    if paper.registered_seal:
        hint.append(Text("実印", "registered seal"))
    if paper.issued_within_days:
        days = paper.issued_within_days
        hint.append(Text(f"発行後 {days} 日以内", f"issued within {days} days"))
    return Option(
        name=AUTHORITY_NAMES[paper.document],
        hint=hint,
        value=_value(DocumentKind.AUTHORITY, Of.AGENT, paper.document),
    )


def _value(kind: DocumentKind, of: Of, paper: str) -> str:
    return f"{kind}:{of}:{paper}"


def read_value(value: str) -> tuple[DocumentKind, Of, str]:
    """Kind, whose, and which paper, as a form's choice carries them."""
    kind, of, paper = value.split(":")
    return DocumentKind(kind), Of(of), paper


def choices(policy: Policy, requester: Requester, *, on: date) -> list[Option]:
    """Every paper that can be recorded for this requester: the published ones first, then what came besides."""
    listed = [option for line in checklist(policy, requester, (), on=on) for option in line.options]
    seen = {option.value for option in listed}
    more = [
        Option(name=rule.name, value=_value(DocumentKind.ID_COPY, of, rule.document))
        for of in (Of.PERSON, *([] if requester is Requester.PRINCIPAL else [Of.AGENT]))
        for rule in ID_DOCUMENTS.values()
    ]
    if requester is not Requester.PRINCIPAL:
        more += [
            Option(name=name, value=_value(DocumentKind.AUTHORITY, Of.AGENT, code))
            for code, name in AUTHORITY_NAMES.items()
        ]
    more += [
        Option(name=KIND_WORDS[kind], value=_value(kind, Of.PERSON, ""))
        for kind in (DocumentKind.EVIDENCE, DocumentKind.OTHER)
    ]
    return [*listed, *(option for option in more if option.value not in seen)]


# ── what a human compares before identity is called verified ─────────────────────────────────


def comparisons(requester: Requester) -> dict[str, Text]:
    """Code → what is compared, for the checklist of the identity check (desk practice 12 to 14)."""
    found = {
        "name": Text("氏名が、請求書と本人確認書類で一致する", "The name agrees on form and identity paper"),
        "address": Text(
            "住所が一致し、回答先は本人確認書類の住所である",
            "The address agrees, and the answer goes to the address on the identity paper",
        ),
        "valid": Text("書類は有効期間内で、写しは両面がそろっている", "The paper is valid; both sides were copied"),
        "masked": Text("不要な部分は黒塗りされている", "What is not needed is blacked out"),
    }
    if requester is Requester.MANDATED_AGENT:
        found |= {
            "seal": Text(
                "委任状の印影が、印鑑登録証明書の印影と一致する",
                "The seal on the power of attorney agrees with the seal certificate",
            ),
            "mandator": Text(
                "委任状の氏名・住所が、印鑑登録証明書と一致する",
                "Name and address on the power of attorney agree with the seal certificate",
            ),
            "mandate": Text(
                "委任の範囲に、この請求が全て含まれる", "The mandate covers everything that is asked for here"
            ),
            "receiving": Text(
                "回答を受け取る権限がある（なければ本人に送る）",
                "The authority to receive the answer is given (else it goes to the person)",
            ),
        }
    elif requester is not Requester.PRINCIPAL:
        found["relation"] = Text(
            "本人との関係を示す書類で、法定代理人と確かめた",
            "The paper shows that the agent is the person's statutory agent",
        )
        found["conflict"] = Text(
            "本人と法定代理人の利益が相反する様子はない（疑いがあれば確認を止め、個人情報保護管理者に判断を求める）",
            "Nothing suggests a conflict of interest between the two (if anything does, stop: the officer decides)",
        )
    return found

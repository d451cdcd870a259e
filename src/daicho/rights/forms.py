"""The blank request form 開示等請求書, made from the published policy and the law of a day.

What is *asked for* (papers, fee, envelope) is never more than the policy publishes. What is
*offered* (kinds of request, ways of answering) is never less than the law owes: a kind or a way
that the page forgot to name can still be ticked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from daicho.law.kinds import KINDS, REQUESTER_NAMES, RequestKind, kinds_on
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, MASKED_NAMES, IdRule, Masked
from daicho.letters.forms import ENVELOPE_WORDS, POST, FormDocument, FormFee, FormKind, RequestForm
from daicho.letters.house import House, ReplyMethod
from daicho.policy.language import AcceptedId, Instrument, Policy, ReplyBy, ShortFee
from daicho.policy.language.procedure import AgentRule, AuthorityPaper, FeeRate, IdPapers
from daicho.rights.house import house_of
from daicho.words.text import Language, Text

#: Since the law of 2022 the person chooses the way of answering (Art. 33(1)).
_CHOICE_OF_METHOD: Final = date(2022, 4, 1)
_RED: Final = "red"  # what the form's own words say
_METHODS: Final[Mapping[ReplyBy, ReplyMethod]] = {
    ReplyBy.WRITTEN: ReplyMethod.PAPER,
    ReplyBy.ELECTRONIC: ReplyMethod.ELECTRONIC,
}


def blank_form(policy: Policy, *, organisation: str, language: Language, on: date) -> RequestForm:
    """The form of the policy in force on ``on`` for requests to ``organisation`` (the parent or a member)."""
    section = policy.requests
    envelope = section.addressee.envelope
    return RequestForm(
        title=section.submission.form.name,
        house=_where_to_send(policy, organisation),
        language=language,
        revised_on=policy.revised_on,
        kinds=tuple(FormKind(kind=kind, fee_yen=_fee(policy, kind)) for kind in _kinds(policy, on)),
        documents=_documents(policy.id_documents, on),
        agent_documents=_documents(policy.agent_id_documents, on),
        agent_proofs=tuple(_proof(rule) for rule in section.agents.rules),
        handling=_handling(policy),
        fee=_fee_section(policy),
        methods=_methods(policy, on),
        organisations=_companies(policy, organisation),
        envelope_words=envelope.note if envelope else ENVELOPE_WORDS,
        post=section.addressee.delivery.says if section.addressee.delivery else POST,
        headings=_headings(policy),
    )


def _where_to_send(policy: Policy, organisation: str) -> House:
    """The published desk takes requests to any company of the group; its own address where it has one."""
    code = policy.requests.addressee.desk
    desk = next((one for one in policy.desks if one.code == code), policy.desk)
    known = any(one.code == desk.organisation for one in policy.organisations)
    house = house_of(policy, desk.organisation if known else organisation)
    place = desk.address
    if place is None:
        return house
    return replace(house, postal_code=place.postal_code or "", address=place.text, department=desk.name)


def _kinds(policy: Policy, on: date) -> list[RequestKind]:
    owed = [rule.kind for rule in kinds_on(on)]
    published = [kind for kind in policy.request_kinds if kind in owed]
    return [*published, *(kind for kind in owed if kind not in published)]


def _fee(policy: Policy, kind: RequestKind) -> int | None:
    rate = policy.fee_for(kind)
    return None if rate is None else rate.amount


def _methods(policy: Policy, on: date) -> tuple[ReplyMethod, ...]:
    offered = [_METHODS[by] for by in policy.reply_methods if by in _METHODS] or [ReplyMethod.PAPER]
    owed = list(ReplyMethod) if on >= _CHOICE_OF_METHOD else []
    return tuple(dict.fromkeys([*offered, *owed]))


def _companies(policy: Policy, organisation: str) -> tuple[Text, ...]:
    """The companies the page names, and the one the form is for; the others stay unnamed here too."""
    named = [one.name for one in policy.organisations if one.published or one.code == organisation]
    if len(named) == len(policy.organisations):
        return tuple(named)
    called = policy.group.called
    return (
        *named,
        Text(
            f"その他の{called.ja}の会社（会社名：　　　　　　　　　　）",
            f"another company of {called.en} (name:                         )",
        ),
    )


# ── papers ───────────────────────────────────────────────────────────────────────────────────


def _documents(accepted: Iterable[AcceptedId], on: date) -> tuple[FormDocument, ...]:
    """What is accepted on ``on``: a paper that is void by then gives way to its successor."""
    found: dict[Text, FormDocument] = {}
    for entry in accepted:
        rule: IdRule | None = ID_DOCUMENTS[entry.document]
        if rule is not None and not rule.is_valid(on=on):
            rule = ID_DOCUMENTS[rule.successor] if rule.successor else None
        if rule is not None and rule.is_valid(on=on):
            parts = [*(mask.part for mask in rule.masks_on(on)), *entry.black_out]
            found.setdefault(rule.name, FormDocument(name=_named(entry, rule), black_out=_parts(parts)))
    return tuple(found.values())


def _parts(parts: Sequence[Masked]) -> tuple[Text, ...]:
    """A card of which only the front is copied says so in its name: its back is not blacked out."""
    return tuple(MASKED_NAMES[part] for part in dict.fromkeys(parts) if part is not Masked.BACK_SIDE)


def _named(entry: AcceptedId, rule: IdRule) -> Text:
    return rule.name if entry.copy_of_it else Text(f"{rule.name.ja}（原本）", f"{rule.name.en} (original)")


def _proof(rule: AgentRule) -> FormDocument:
    """``未成年者の法定代理人：戸籍謄本又は…``."""
    who = [REQUESTER_NAMES[agent] for agent in rule.agents]
    papers = [_authority(paper) for paper in rule.papers]
    ja, en = ("及び", " and ") if rule.needs_all else ("又は", " or ")
    agents = Text("・".join(text.ja for text in who), " / ".join(text.en for text in who))
    return FormDocument(
        name=Text(
            f"{agents.ja}：{ja.join(text.ja for text in papers)}",
            f"{_capital(agents.en)}: {en.join(text.en for text in papers)}",
        )
    )


def _authority(paper: AuthorityPaper) -> Text:
    name = AUTHORITY_NAMES[paper.document]
    remarks = []
    if paper.registered_seal:
        remarks.append(Text("実印を押印", "with the registered seal"))
    if paper.issued_within_days is not None:
        remarks.append(_age(paper.issued_within_days))
    if not remarks:
        return name
    return Text(
        f"{name.ja}（{'・'.join(text.ja for text in remarks)}）",
        f"{name.en} ({', '.join(text.en for text in remarks)})",
    )


def _age(days: int) -> Text:
    """How old a paper may be, in months where the number of days is one's way of writing months."""
    months = {30: 1, 31: 1, 90: 3, 91: 3, 92: 3, 180: 6, 183: 6, 184: 6}.get(days)
    if months is None:
        return Text(f"発行から{days}日以内", f"issued within {days} days")
    return Text(f"発行から{months}か月以内", f"issued within {months} month{'s' if months > 1 else ''}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _headings(policy: Policy) -> dict[str, Text]:
    """The headings that the policy's own numbers and colours go into."""
    found = {
        "documents_hint": _HINT,
        "documents_self": _needed(
            Text("ご本人の確認書類", "To verify your identity"), policy.requests.submission.identity
        ),
        "documents_agent": _needed(
            Text("代理人の確認書類", "To verify the agent's identity"), policy.requests.agents.identity
        ),
    }
    envelope = policy.requests.addressee.envelope
    if envelope is not None and envelope.colour != _RED:
        found["envelope"] = envelope.says
    return found


_HINT: Final = Text(
    "「黒塗り」と示した箇所は、見えないように黒く塗りつぶしてお送りください。裏面に住所などの記載があるときは、両面の写しをお送りください。",
    "Please black out the parts named, so that they cannot be read. If an address or the like is written on the back, "
    "please copy both sides.",
)


def _needed(words: Text, papers: IdPapers) -> Text:
    copies = all(entry.copy_of_it for entry in papers.accepted)
    what = Text("写し。", "copy; ") if copies else Text("", "")
    count = papers.needed
    of_these = "one of these" if count == 1 else f"any {count} of these"
    return Text(f"{words.ja}（{what.ja}いずれか{count}点）", f"{words.en} ({what.en}{of_these})")


# ── money and handling ───────────────────────────────────────────────────────────────────────


def _fee_section(policy: Policy) -> FormFee | None:
    rates = policy.requests.fees.rates if policy.requests.fees else ()
    charged = [rate for rate in rates if any(KINDS[kind].chargeable for kind in rate.kinds)]
    if not charged:
        return None
    first, *others = charged
    remarks = [text for rate in charged for text in _remarks(rate, policy)]
    return FormFee(rule=first.says, remarks=tuple(dict.fromkeys([*(rate.says for rate in others), *remarks])))


def _remarks(rate: FeeRate, policy: Policy) -> Iterable[Text]:
    yield rate.payment.says
    if rate.payment.instrument is Instrument.POSTAL_MONEY_ORDER:
        yield Text(
            "定額小為替の受取人欄には何も記入しないでください。", "Please leave the payee of the money order blank."
        )
    if rate.costs is not None:
        yield rate.costs.says
    if rate.shortage is not None:
        yield rate.shortage.says
    if rate.shortage is None or rate.shortage.action is ShortFee.REFUSE:
        days = policy.cure_days
        yield Text(
            f"不足があるときは、あらかじめその旨をご連絡し、{days}日以上の期限を設けて補正をお願いします。",
            f"If it is short or missing, we first let you know and give you at least {days} days to send the rest.",
        )
    if rate.on_refusal is None:
        yield Text(
            "ご請求に応じられないときは、手数料をお返しします。", "If we cannot meet the request, the fee is returned."
        )


def _handling(policy: Policy) -> tuple[Text, ...]:
    kept = policy.requests.id_copies
    return (
        Text(
            "ご記入いただいた個人情報は、このご請求への対応にのみ利用します。",
            "What you write here is used only to deal with this request.",
        ),
        kept.says
        if kept
        else Text(
            "本人確認書類の写しは、確認した事実の記録だけを残し、不要となり次第廃棄します。",
            "Copies of identity papers are destroyed as soon as they are no longer needed; "
            "only the fact that identity was verified is kept.",
        ),
        *(method.says for method in policy.requests.replies.methods),
    )

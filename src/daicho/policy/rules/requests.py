"""Rules about the request procedure (Arts. 32–38)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from daicho.law.citations import DatedNumber
from daicho.law.editions import APPI_2022, Family, Provenance
from daicho.law.kinds import KINDS, REQUESTER_NAMES, Requester, RequestKind, kinds_on
from daicho.law.papers import ID_DOCUMENTS, MASKED_NAMES, MaskRule
from daicho.law.publication import HELD_DATA, jis, law
from daicho.policy.language import AcceptedId, ReplyBy, ShortFee
from daicho.policy.rules.rule import Case, Hit, Rule, Severity, Steps, listed
from daicho.words.text import Text

_OWN_RULES: Final = frozenset({RequestKind.RECORD_DISCLOSURE, RequestKind.ERASE})  # F-05, F-06


def _paper_only(case: Case) -> Iterator[Hit]:
    if ReplyBy.ELECTRONIC not in case.policy.reply_methods:
        yield Hit(
            steps=("requests", "replies", "methods"),
            wrong=Text(
                "回答が書面だけで、電磁的記録の提供による方法を本人が選べません。",
                "Answers are on paper only; the person cannot choose an electromagnetic record.",
            ),
            write=Text(
                "methods に by: electronic を加え、請求書で方法を選べるようにしてください。",
                "Add by: electronic to methods, and let the form ask which way is wished.",
            ),
        )


def _not_offered(case: Case, kind: RequestKind) -> bool:
    return KINDS[kind].exists(on=case.on) and kind not in case.policy.request_kinds


def _no_records(case: Case) -> Iterator[Hit]:
    if _not_offered(case, RequestKind.RECORD_DISCLOSURE):
        yield Hit(
            steps=("requests", "offers"),
            wrong=Text(
                "第三者提供記録の開示の請求が挙げられていません。",
                "Disclosure of the records of provision is not among the requests.",
            ),
            write=Text(
                "kinds: [record_disclosure] の行を加えてください（手数料を取るなら fees にも）。",
                "Add an entry with kinds: [record_disclosure] (and a fee, if one is asked).",
            ),
        )


def _no_erasure(case: Case) -> Iterator[Hit]:
    if _not_offered(case, RequestKind.ERASE):
        yield Hit(
            steps=("requests", "offers"),
            wrong=Text("「消去」の請求が挙げられていません。", "Erasure is not named among the requests."),
            write=Text("kinds: [erase] を加えてください。", "Add kinds: [erase]."),
        )
    named = {basis.value for entry in case.policy.requests.offers for basis in entry.bases}
    missing = [basis.words for basis in KINDS[RequestKind.ERASE].bases_on(case.on) if basis.code not in named]
    if missing and case.on >= APPI_2022:
        words = listed(missing)
        yield Hit(
            steps=("requests", "offers"),
            wrong=Text(
                f"利用停止・消去・提供停止を請求できる場合が書かれていません（{words.ja}）。",
                f"It does not say when a stop or erasure can be asked for ({words.en}).",
            ),
            write=Text(
                "該当する場合を文に書き、bases に挙げてください。",
                "Say so in the entry's text, and list it under bases.",
            ),
            severity=Severity.ADVICE,
        )


def _kind_not_offered(case: Case) -> Iterator[Hit]:
    for rule in kinds_on(case.on):
        if rule.kind not in _OWN_RULES and _not_offered(case, rule.kind):
            yield Hit(
                steps=("requests", "offers"),
                wrong=Text(f"「{rule.name.ja}」の請求が挙げられていません。", f"{rule.name.en} is not offered."),
                write=Text(f"kinds: [{rule.kind}] の行を加えてください。", f"Add an entry with kinds: [{rule.kind}]."),
                sources=rule.numbers,
            )


def _papers(case: Case) -> Iterator[Hit]:
    requests = case.policy.requests
    for steps, accepted in (
        (("requests", "submission", "identity", "accepted"), requests.submission.identity.accepted),
        (("requests", "agents", "identity", "accepted"), requests.agents.identity.accepted),
    ):
        for index, paper in enumerate(accepted):
            yield from _paper(case, (*steps, index), paper)


def _paper(case: Case, steps: Steps, paper: AcceptedId) -> Iterator[Hit]:
    rule = ID_DOCUMENTS[paper.document]
    if not rule.is_valid(on=case.on):
        after = ID_DOCUMENTS[rule.successor] if rule.successor else None
        yield Hit(
            steps=steps,
            wrong=_void(rule.name, rule.void_from, rule.issued_from, case.on),
            write=Text(
                f"{after.name.ja}に替え、{_parts(after.masks_on(case.on)).ja}の黒塗りを案内してください。",
                f"Replace it by the {after.name.en}, and ask to black out {_parts(after.masks_on(case.on)).en}.",
            )
            if after
            else Text("一覧から外してください。", "Take it out."),
        )
        return
    missing = [mask for mask in rule.masks_on(case.on) if mask.part not in paper.black_out]
    if missing and paper.copy_of_it:
        parts = _parts(missing)
        yield Hit(
            steps=steps,
            wrong=Text(
                f"{rule.name.ja}の{parts.ja}を黒塗りにする案内がありません。",
                f"It does not ask to black out {parts.en} on the {rule.name.en}.",
            ),
            write=Text(
                "black_out に加え、案内文にも書いてください。届いた写しに残っていれば受領者が黒塗りにします。",
                "Add it to black_out and to the note; where a copy still shows it, the receiver masks it.",
            ),
            sources=tuple(row for mask in missing for row in mask.numbers),
        )


def _void(name: Text, void_from: date | None, issued_from: date | None, on: date) -> Text:
    if void_from is not None and on >= void_from:
        return Text(f"{name.ja}は {void_from} から使えません。", f"The {name.en} is void since {void_from}.")
    return Text(f"{name.ja}の発行は {issued_from} からです。", f"The {name.en} is issued only since {issued_from}.")


def _parts(masks: Iterable[MaskRule]) -> Text:
    return listed(MASKED_NAMES[mask.part] for mask in masks)


def _short_fee(case: Case) -> Iterator[Hit]:
    fees = case.policy.requests.fees
    for index, rate in enumerate(fees.rates if fees else ()):
        if rate.shortage and rate.shortage.action is ShortFee.REFUSE:
            yield Hit(
                steps=("requests", "fees", "rates", index, "shortage"),
                wrong=Text(
                    "手数料が不足すると直ちに応じないとしており、補正の機会がありません。",
                    "A short fee is refused at once, without a chance to make it good.",
                ),
                write=Text(
                    "不足を知らせ、cure_days の間に補正できると書いてください。無料の種別には及ぼせません。",
                    "Say that the shortage is told and can be made good within cure_days; never for the free kinds.",
                ),
            )


def _fee_for_free_kinds(case: Case) -> Iterator[Hit]:
    fees = case.policy.requests.fees
    for index, rate in enumerate(fees.rates if fees else ()):
        for position, kind in enumerate(rate.kinds):
            if not KINDS[kind].chargeable:
                yield Hit(
                    steps=("requests", "fees", "rates", index, "kinds", position),
                    wrong=Text(
                        f"「{KINDS[kind].name.ja}」から手数料を取ることはできません。",
                        f"No fee may be charged for: {KINDS[kind].name.en}.",
                    ),
                    write=Text(f"kinds から {kind} を外してください。", f"Take {kind} out of kinds."),
                )


def _unclear_fee(case: Case) -> Iterator[Hit]:
    fees = case.policy.requests.fees
    for index, rate in enumerate(fees.rates if fees else ()):
        steps: Steps = ("requests", "fees", "rates", index)
        if rate.per is None:
            yield Hit(
                steps=steps,
                wrong=Text(
                    "手数料が請求書ごとか種別ごとか書かれていません（請求書ごととして扱います）。",
                    "It does not say whether the fee is per form or per kind (treated as per form).",
                ),
                write=Text("per に form か kind を書いてください。", "Write per: form or per: kind."),
            )
        if rate.on_refusal is None:
            yield Hit(
                steps=steps,
                wrong=Text(
                    "応じられない場合に手数料を返すかどうか書かれていません（返すものとして扱います）。",
                    "It does not say what happens to the fee on refusal (treated as returned).",
                ),
                write=Text("on_refusal に keep か return を書いてください。", "Write on_refusal: keep or return."),
            )


def _agents_left_out(case: Case) -> Iterator[Hit]:
    named = {agent for rule in case.policy.requests.agents.rules for agent in rule.agents}
    missing = [REQUESTER_NAMES[one] for one in Requester if one is not Requester.PRINCIPAL and one not in named]
    if missing:
        names = listed(missing)
        yield Hit(
            steps=("requests", "agents", "rules"),
            wrong=Text(f"{names.ja}による請求の手続がありません。", f"There is no procedure for the {names.en}."),
            write=Text("agents.rules に加えてください。", "Add it to agents.rules."),
        )


def _copies_kept(case: Case) -> Iterator[Hit]:
    if case.policy.requests.id_copies is None:
        yield Hit(
            steps=("requests", "submission", "identity"),
            wrong=Text(
                "本人確認書類の写しをいつ廃棄するか書かれていません。",
                "It does not say when copies of identity papers are destroyed.",
            ),
            write=Text("id_copies に日数と文を書いてください。", "Write id_copies with the days and a sentence."),
        )


_HEALTH_CARD: Final = (
    DatedNumber(
        number="194-2", in_force_on=date(2020, 10, 1), family=Family.HEALTH_INSURANCE, provenance=Provenance.READ
    ),
)
_PROCEDURE: Final = jis("A.3.4.4.2", "A.24")

RULES: Final = (
    Rule(
        id="F-04",
        name=Text("開示の方法", "method of disclosure"),
        severity=Severity.GAP,
        sources=(
            *law("33(1)"),
            DatedNumber(number="30", in_force_on=APPI_2022, family=Family.RULES, provenance=Provenance.READ),
        ),
        find=_paper_only,
    ),
    Rule(
        id="F-05",
        name=Text("第三者提供記録の開示", "disclosure of records of provision"),
        severity=Severity.GAP,
        sources=law("33(5)"),
        find=_no_records,
    ),
    Rule(
        id="F-06",
        name=Text("消去と請求できる場合", "erasure, and when it can be asked for"),
        severity=Severity.GAP,
        sources=KINDS[RequestKind.ERASE].numbers,
        find=_no_erasure,
    ),
    Rule(
        id="F-09",
        name=Text("本人確認書類と黒塗り", "identity papers and what is blacked out"),
        severity=Severity.GAP,
        sources=(*_HEALTH_CARD, *law("37(4)", old="32(4)")),
        find=_papers,
    ),
    Rule(
        id="F-12",
        name=Text("手数料の不足", "short fees"),
        severity=Severity.GAP,
        sources=(*law("37(4)", old="32(4)"), *law("38(2)", old="33(2)"), *_PROCEDURE),
        find=_short_fee,
    ),
    Rule(
        id="F-19",
        name=Text("受け付ける請求", "requests offered"),
        severity=Severity.GAP,
        sources=HELD_DATA["procedure"].numbers,
        find=_kind_not_offered,
    ),
    Rule(
        id="F-28",
        name=Text("無料の種別の手数料", "fees for free kinds"),
        severity=Severity.ERROR,
        sources=law("38(1)", old="33(1)"),
        find=_fee_for_free_kinds,
    ),
    Rule(
        id="F-29",
        name=Text("手数料の単位と返還", "unit and return of the fee"),
        severity=Severity.ADVICE,
        sources=(*law("38(2)", old="33(2)"), *_PROCEDURE),
        find=_unclear_fee,
    ),
    Rule(
        id="F-34",
        name=Text("代理人", "agents"),
        severity=Severity.GAP,
        sources=law("37(3)", old="32(3)"),
        find=_agents_left_out,
    ),
    Rule(
        id="F-42",
        name=Text("本人確認書類の写しの廃棄", "destruction of copies of identity papers"),
        severity=Severity.ADVICE,
        sources=(*law("22", old="19"), *_PROCEDURE),
        find=_copies_kept,
    ),
)

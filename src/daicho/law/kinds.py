"""開示等の請求の種別  The kinds of request a person may make, each with its articles.

One row per kind: what it is called, where it stands on a given day, on which bases it may be
asked, whether it may be charged (Art. 38: disclosure, its records, and purpose notice only), on
which grounds it may be refused, whether Art. 39 makes the person wait two weeks before suing,
and what a PrivacyMark holder accepts beyond the law. Numbers of 2017–2022 are kept beside today's,
because a claim is judged by the law of the day it arrived.

Not here: complaints (Art. 40), which are no claim and end in an outcome, not a decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from daicho.law.citations import Citation, cite
from daicho.law.editions import Family, Provenance, find_edition
from daicho.words.text import Text

_OLD: Final = date(2017, 5, 30)
_NEW: Final = date(2022, 4, 1)


class RequestKind(StrEnum):
    """開示等の請求の種別; the form's ticks are ticks, these are what the desk works on."""

    DISCLOSURE = "disclosure"  # 開示
    PURPOSE_NOTICE = "purpose_notice"  # 利用目的の通知
    RECORD_DISCLOSURE = "record_disclosure"  # 第三者提供記録の開示
    CORRECTION = "correction"  # 訂正
    ADDITION = "addition"  # 追加
    DELETION = "deletion"  # 削除 (untrue content, Art. 34)
    SUSPEND_USE = "suspend_use"  # 利用停止
    ERASE = "erase"  # 消去 (unwanted or unlawful, Art. 35)
    STOP_PROVISION = "stop_provision"  # 第三者提供の停止


class Requester(StrEnum):
    """Who may make a request (Art. 37(3), Cabinet Order 13)."""

    PRINCIPAL = "principal"  # 本人
    MINOR_AGENT = "minor_agent"  # 未成年者の法定代理人
    GUARDIAN = "guardian"  # 成年後見人
    MANDATED_AGENT = "mandated_agent"  # 本人が委任した代理人


REQUESTER_NAMES: Final[Mapping[Requester, Text]] = {
    Requester.PRINCIPAL: Text("本人", "the person"),
    Requester.MINOR_AGENT: Text("未成年者の法定代理人", "statutory agent of a minor"),
    Requester.GUARDIAN: Text("成年被後見人の法定代理人（成年後見人）", "statutory agent of an adult ward (guardian)"),
    Requester.MANDATED_AGENT: Text("本人が委任した代理人", "agent mandated by the person"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedNumber:
    """An article's number from a day on; ``until_on`` is its last day, None while in force."""

    number: str
    in_force_on: date | None
    until_on: date | None = None
    family: Family = Family.APPI
    provenance: Provenance = Provenance.KNOWN

    def find_citation(self, *, on: date) -> Citation | None:
        """The citation on ``on``; None when the row is not in force that day."""
        if self.in_force_on is None or on < self.in_force_on or (self.until_on and on > self.until_on):
            return None
        edition = find_edition(self.family, on=on)
        return None if edition is None else cite(edition, self.number, provenance=self.provenance)


def renumbered(old: str | None, new: str, *, provenance: Provenance = Provenance.KNOWN) -> tuple[DatedNumber, ...]:
    """The numbers before and since 2022-04-01; ``old`` None for what did not exist before."""
    later = DatedNumber(number=new, in_force_on=_NEW, provenance=provenance)
    if old is None:
        return (later,)
    return (
        DatedNumber(number=old, in_force_on=_OLD, until_on=date(2022, 3, 31), provenance=provenance),
        later,
    )


def citation_on(numbers: tuple[DatedNumber, ...], *, on: date) -> Citation | None:
    """The first of ``numbers`` in force on ``on``."""
    return next((found for row in numbers if (found := row.find_citation(on=on)) is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """請求の理由  On what a kind may be asked (``violation``, ``no_longer_needed``…)."""

    code: str
    words: Text
    numbers: tuple[DatedNumber, ...]

    def find_citation(self, *, on: date) -> Citation | None:
        """Where the basis stands on ``on``; None when the law of that day does not know it."""
        return citation_on(self.numbers, on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalGround:
    """不開示等の理由  A closed reason for not doing, or not wholly doing, what was asked.

    ``partly``: it takes out parts (cells, rows), so the rest is still done.
    ``substitute``: it obliges a substitute measure for the person instead.
    ``says_not_held``: the answer uses exactly the words of *not held* (desk practice 8).
    """

    code: str
    words: Text
    numbers: tuple[DatedNumber, ...]
    partly: bool = False
    substitute: bool = False
    says_not_held: bool = False

    def find_citation(self, *, on: date) -> Citation | None:
        """Where the ground stands on ``on``; None when the law of that day does not know it."""
        return citation_on(self.numbers, on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """Everything the law says about one kind.

    ``numbers``: the article that gives the right; a kind with none in force on a day does not
    exist that day. ``notice``: the article that asks for the answer. ``court_gate``: Art. 39
    applies. ``changes_data``: doing it changes a store. ``mark_bases_open``: a PrivacyMark
    holder accepts it without a basis and refuses only on ``mark_refusals``
    (A.3.4.4.7 / J.10.7; not read in the source, so `mark_provenance` says so).
    """

    kind: RequestKind
    name: Text
    asks: Text
    numbers: tuple[DatedNumber, ...]
    notice: tuple[DatedNumber, ...]
    chargeable: bool
    changes_data: bool
    court_gate: bool
    refusals: tuple[RefusalGround, ...]
    bases: tuple[Basis, ...] = ()
    who_may_ask: tuple[Requester, ...] = tuple(Requester)
    mark_bases_open: bool = False
    mark_refusals: tuple[RefusalGround, ...] = ()
    mark_provenance: Provenance = Provenance.INFERRED

    def find_article(self, *, on: date) -> Citation | None:
        """The article of the right on ``on``; None when the kind did not exist that day."""
        return citation_on(self.numbers, on=on)

    def exists(self, *, on: date) -> bool:
        """Whether the law of ``on`` knows this kind."""
        return self.find_article(on=on) is not None

    def find_notice_article(self, *, on: date) -> Citation | None:
        """The article that asks for the answer on ``on`` (e.g. 33(3), 34(3), 35(7))."""
        return citation_on(self.notice, on=on)

    def bases_on(self, on: date) -> tuple[Basis, ...]:
        """The bases the law of ``on`` knows."""
        return tuple(basis for basis in self.bases if basis.find_citation(on=on) is not None)

    def refusals_on(self, on: date, *, privacy_mark: bool = False) -> tuple[RefusalGround, ...]:
        """The grounds of ``on``; a PrivacyMark holder's narrower list where it has one."""
        grounds = self.mark_refusals if privacy_mark and self.mark_bases_open else self.refusals
        return tuple(ground for ground in grounds if ground.find_citation(on=on) is not None)

    def find_refusal(self, code: str) -> RefusalGround | None:
        """The ground with this code, from either list."""
        return next((ground for ground in (*self.refusals, *self.mark_refusals) if ground.code == code), None)


# ── grounds shared by several kinds ──────────────────────────────────────────────────────

_HARMS_RIGHTS: Final = RefusalGround(
    code="harms_rights",
    words=Text(
        "本人又は第三者の生命、身体、財産その他の権利利益を害するおそれがあるため",
        "it may harm the life, body, property or other rights or interests of the person or a third party",
    ),
    numbers=renumbered("28(2)(i)", "33(2)(i)"),
    partly=True,
)
_IMPEDES_BUSINESS: Final = RefusalGround(
    code="impedes_business",
    words=Text(
        "当社の業務の適正な実施に著しい支障を及ぼすおそれがあるため",
        "it may seriously impede the proper conduct of our business",
    ),
    numbers=renumbered("28(2)(ii)", "33(2)(ii)"),
    partly=True,
)
_BREAKS_LAW: Final = RefusalGround(
    code="breaks_law",
    words=Text("他の法令に違反することとなるため", "it would break another law"),
    numbers=renumbered("28(2)(iii)", "33(2)(iii)"),
    partly=True,
)
_OTHER_LAW_PROCEDURE: Final = RefusalGround(
    code="other_law_procedure",
    words=Text(
        "他の法令に特別の開示の手続が定められており、その手続によることとなるため",
        "another law provides its own disclosure procedure, which comes first",
    ),
    numbers=renumbered("28(4)", "33(4)"),
    partly=True,
)
_EXCLUDED: Final = RefusalGround(
    code="excluded",
    words=Text(
        "ご請求に係る保有個人データは存在しません",
        "we hold no personal data subject to this request",
    ),
    numbers=(
        DatedNumber(number="4", in_force_on=_OLD, until_on=date(2022, 3, 31), family=Family.ORDER),
        DatedNumber(number="5", in_force_on=_NEW, family=Family.ORDER),
    ),
    partly=True,
    says_not_held=True,
)
_ENTRUSTED: Final = RefusalGround(
    code="entrusted",
    words=Text(
        "他の事業者から取扱いの委託を受けた個人データであり、当社に開示等の権限がないため",
        "the data is entrusted to us by another operator and we have no authority over it",
    ),
    numbers=renumbered("2(7)", "16(4)"),
    partly=True,
)

_DISCLOSURE_GROUNDS: Final = (_HARMS_RIGHTS, _IMPEDES_BUSINESS, _BREAKS_LAW)

# ── purpose notice ───────────────────────────────────────────────────────────────────────

_PURPOSE_EVIDENT: Final = RefusalGround(
    code="purpose_evident",
    words=Text(
        "公表している事項により、ご本人に係る保有個人データの利用目的が明らかであるため",
        "the purpose for this person's data is already clear from what is published",
    ),
    numbers=renumbered("27(2)(i)", "32(2)(i)"),
)
_NOTICE_HARMS_RIGHTS: Final = RefusalGround(
    code="notice_harms_rights",
    words=Text(
        "利用目的を通知することにより本人又は第三者の生命、身体、財産その他の権利利益を害するおそれがあるため",
        "telling the purpose may harm the life, body, property or other rights of the person or a third party",
    ),
    numbers=renumbered("18(4)(i)", "21(4)(i)"),
)
_NOTICE_HARMS_US: Final = RefusalGround(
    code="notice_harms_operator",
    words=Text(
        "利用目的を通知することにより当社の権利又は正当な利益を害するおそれがあるため",
        "telling the purpose may harm our rights or legitimate interests",
    ),
    numbers=renumbered("18(4)(ii)", "21(4)(ii)"),
)
_NOTICE_IMPEDES_STATE: Final = RefusalGround(
    code="notice_impedes_state",
    words=Text(
        "国の機関又は地方公共団体の法令の定める事務への協力に支障を及ぼすおそれがあるため",
        "telling the purpose may impede our co-operation with the affairs of the state or a local government",
    ),
    numbers=renumbered("18(4)(iii)", "21(4)(iii)"),
)

# ── records of provision ─────────────────────────────────────────────────────────────────

_RECORD_EXCLUDED: Final = RefusalGround(
    code="record_excluded",
    words=Text(
        "ご請求に係る第三者提供記録は存在しません",
        "there is no record of provision subject to this request",
    ),
    numbers=(DatedNumber(number="11", in_force_on=_NEW, family=Family.ORDER, provenance=Provenance.READ),),
    partly=True,
    says_not_held=True,
)

# ── correction, addition, deletion ───────────────────────────────────────────────────────

_FACTS_CORRECT: Final = RefusalGround(
    code="facts_correct",
    words=Text("調査の結果、内容が事実と相違しないため", "our investigation found the content to be factual"),
    numbers=renumbered("29(2)", "34(2)"),
    partly=True,
)
_NOT_A_FACT: Final = RefusalGround(
    code="not_a_fact",
    words=Text(
        "評価に関する内容であり、事実に関する内容の訂正等の対象とならないため",
        "it is an evaluation, not a fact that can be corrected",
    ),
    numbers=renumbered("29(1)", "34(1)"),
    partly=True,
)
_OTHER_LAW_CORRECTION: Final = RefusalGround(
    code="other_law_correction",
    words=Text(
        "訂正等に関して他の法令に特別の手続が定められているため",
        "another law provides its own procedure for this correction",
    ),
    numbers=renumbered("29(2)", "34(2)"),
    partly=True,
)
_BEYOND_PURPOSE: Final = RefusalGround(
    code="beyond_purpose",
    words=Text(
        "利用目的の達成に必要な範囲を超える訂正等であるため",
        "the change goes beyond what the purpose of use needs",
    ),
    numbers=renumbered("29(2)", "34(2)"),
    partly=True,
)
_TRUE_WHEN_MADE: Final = RefusalGround(
    code="true_when_made",
    words=Text(
        "作成時の事実を記録したものであるため、書き換えず、訂正の申出があった旨を注記しました",
        "the record was true when it was made; it is annotated, not rewritten",
    ),
    numbers=renumbered("29(2)", "34(2)", provenance=Provenance.INFERRED),
    partly=True,
    substitute=True,
)

# ── suspension, erasure, stop of provision ───────────────────────────────────────────────

_NO_VIOLATION: Final = RefusalGround(
    code="no_violation",
    words=Text(
        "調査の結果、法に違反する取得、取扱い又は提供の事実が認められないため",
        "our investigation found no acquisition, handling or provision contrary to the law",
    ),
    numbers=renumbered("30(2)", "35(2)"),
)
_NO_VIOLATION_PROVISION: Final = RefusalGround(
    code="no_violation",
    words=_NO_VIOLATION.words,
    numbers=renumbered("30(4)", "35(4)"),
)
_NO_REASON: Final = RefusalGround(
    code="no_reason",
    words=Text(
        "利用する必要がなくなった場合、漏えい等が生じた場合、権利又は正当な利益が害されるおそれがある場合の"
        "いずれにも該当しないため",
        "none of the cases of Art. 35(5) is met: no longer needed, a reportable incident, or likely harm to "
        "rights or legitimate interests",
    ),
    numbers=renumbered(None, "35(6)"),
)
_BEYOND_PREVENTION: Final = RefusalGround(
    code="beyond_prevention",
    words=Text(
        "権利利益の侵害を防止するために必要な限度を超えるため",
        "it goes beyond what is needed to prevent harm to the person's rights or interests",
    ),
    numbers=renumbered(None, "35(6)"),
    partly=True,
)
_SUBSTITUTE: Final = RefusalGround(
    code="substitute_measure",
    words=Text(
        "多額の費用を要するなど実施が困難であり、権利利益を保護するため必要なこれに代わるべき措置をとるため",
        "it is too costly or otherwise difficult; a substitute measure protecting the person's rights is taken",
    ),
    numbers=renumbered("30(2)", "35(2)"),
    partly=True,
    substitute=True,
)
_SUBSTITUTE_PROVISION: Final = RefusalGround(
    code="substitute_measure",
    words=_SUBSTITUTE.words,
    numbers=renumbered("30(4)", "35(4)"),
    partly=True,
    substitute=True,
)
_KEPT_BY_LAW: Final = RefusalGround(
    # Not a ground of Art. 35 itself: another law's duty to keep or use (wage ledger, dispatch
    # ledger, social insurance). The letter names that law, which the map's `keep until` gives.
    code="kept_by_law",
    words=Text(
        "法令により保存又は利用が義務付けられているため",
        "another law obliges us to keep or use it",
    ),
    numbers=renumbered("30(2)", "35(2)", provenance=Provenance.INFERRED),
    partly=True,
)

# ── bases ────────────────────────────────────────────────────────────────────────────────

_BASIS_USE: Final = Basis(
    code="violation",
    words=Text(
        "利用目的の制限若しくは不適正な利用の禁止に違反して取り扱われ、又は不正に取得されたものである",
        "it is handled beyond its purpose or wrongfully, or was acquired wrongfully (Arts. 18, 19, 20)",
    ),
    numbers=renumbered("30(1)", "35(1)"),
)
_BASIS_PROVISION: Final = Basis(
    code="violation",
    words=Text(
        "同意などの定めに違反して第三者に提供されている",
        "it is provided to a third party contrary to the law (Arts. 27(1), 28)",
    ),
    numbers=renumbered("30(3)", "35(3)"),
)
_BASES_2022: Final = (
    Basis(
        code="no_longer_needed",
        words=Text("利用する必要がなくなった", "it is no longer needed"),
        numbers=renumbered(None, "35(5)"),
    ),
    Basis(
        code="incident",
        words=Text("報告対象となる漏えい等の事態が生じた", "a reportable incident concerning it has occurred"),
        numbers=renumbered(None, "35(5)"),
    ),
    Basis(
        code="likely_harm",
        words=Text(
            "本人の権利又は正当な利益が害されるおそれがある",
            "the person's rights or legitimate interests may be harmed",
        ),
        numbers=renumbered(None, "35(5)"),
    ),
)
_BASIS_UNTRUE: Final = Basis(
    code="not_factual",
    words=Text("内容が事実でない", "the content is not factual"),
    numbers=renumbered("29(1)", "34(1)"),
)

_CORRECTION_REFUSALS: Final = (
    _FACTS_CORRECT,
    _NOT_A_FACT,
    _OTHER_LAW_CORRECTION,
    _BEYOND_PURPOSE,
    _TRUE_WHEN_MADE,
    _ENTRUSTED,
    _EXCLUDED,
)
_MARK_REFUSALS: Final = (*_DISCLOSURE_GROUNDS, _KEPT_BY_LAW, _ENTRUSTED, _EXCLUDED)


def _stop_rule(kind: RequestKind, name: Text, asks: Text) -> KindRule:
    """利用停止・消去 share their row: 35(1) and, since 2022, 35(5)."""
    return KindRule(
        kind=kind,
        name=name,
        asks=asks,
        numbers=renumbered("30(1)", "35(1), 35(5)"),
        notice=renumbered("30(5)", "35(7)"),
        chargeable=False,
        changes_data=True,
        court_gate=True,
        bases=(_BASIS_USE, *_BASES_2022),
        refusals=(
            _NO_VIOLATION,
            _NO_REASON,
            _BEYOND_PREVENTION,
            _SUBSTITUTE,
            _KEPT_BY_LAW,
            _ENTRUSTED,
            _EXCLUDED,
        ),
        mark_bases_open=True,
        mark_refusals=_MARK_REFUSALS,
    )


def _correction_rule(kind: RequestKind, name: Text, asks: Text) -> KindRule:
    """訂正・追加・削除 share their row: 34(1)."""
    return KindRule(
        kind=kind,
        name=name,
        asks=asks,
        numbers=renumbered("29(1)", "34(1)"),
        notice=renumbered("29(3)", "34(3)"),
        chargeable=False,
        changes_data=True,
        court_gate=True,
        bases=(_BASIS_UNTRUE,),
        refusals=_CORRECTION_REFUSALS,
    )


_RULES: Final = (
    KindRule(
        kind=RequestKind.DISCLOSURE,
        name=Text("開示", "Disclosure"),
        asks=Text("保有個人データの開示", "disclosure of the personal data held"),
        numbers=renumbered("28(1)", "33(1)"),
        notice=renumbered("28(3)", "33(3)"),
        chargeable=True,
        changes_data=False,
        court_gate=True,
        refusals=(*_DISCLOSURE_GROUNDS, _OTHER_LAW_PROCEDURE, _ENTRUSTED, _EXCLUDED),
    ),
    KindRule(
        kind=RequestKind.PURPOSE_NOTICE,
        name=Text("利用目的の通知", "Notice of the purpose of use"),
        asks=Text("保有個人データの利用目的の通知", "notice of the purpose of use of the personal data held"),
        numbers=renumbered("27(2)", "32(2)"),
        notice=renumbered("27(3)", "32(3)"),
        chargeable=True,
        changes_data=False,
        court_gate=False,
        refusals=(
            _PURPOSE_EVIDENT,
            _NOTICE_HARMS_RIGHTS,
            _NOTICE_HARMS_US,
            _NOTICE_IMPEDES_STATE,
            _ENTRUSTED,
            _EXCLUDED,
        ),
    ),
    KindRule(
        kind=RequestKind.RECORD_DISCLOSURE,
        name=Text("第三者提供記録の開示", "Disclosure of records of provision"),
        asks=Text(
            "第三者提供記録（第三者への提供及び第三者からの受領の記録）の開示",
            "disclosure of the records of provision to, and receipt from, third parties",
        ),
        numbers=renumbered(None, "33(5)"),
        notice=renumbered(None, "33(3), 33(5)"),
        chargeable=True,
        changes_data=False,
        court_gate=True,
        refusals=(*_DISCLOSURE_GROUNDS, _RECORD_EXCLUDED),
    ),
    _correction_rule(
        RequestKind.CORRECTION,
        Text("訂正", "Correction"),
        Text("保有個人データの内容の訂正", "correction of the content of the personal data held"),
    ),
    _correction_rule(
        RequestKind.ADDITION,
        Text("追加", "Addition"),
        Text("保有個人データの内容の追加", "addition to the content of the personal data held"),
    ),
    _correction_rule(
        RequestKind.DELETION,
        Text("削除", "Deletion"),
        Text("保有個人データの内容の削除", "deletion from the content of the personal data held"),
    ),
    _stop_rule(
        RequestKind.SUSPEND_USE,
        Text("利用の停止", "Suspension of use"),
        Text("保有個人データの利用の停止", "suspension of use of the personal data held"),
    ),
    _stop_rule(
        RequestKind.ERASE,
        Text("消去", "Erasure"),
        Text("保有個人データの消去", "erasure of the personal data held"),
    ),
    KindRule(
        kind=RequestKind.STOP_PROVISION,
        name=Text("第三者への提供の停止", "Stop of provision to third parties"),
        asks=Text(
            "保有個人データの第三者への提供の停止",
            "stop of the provision of the personal data held to third parties",
        ),
        numbers=renumbered("30(3)", "35(3), 35(5)"),
        notice=renumbered("30(5)", "35(7)"),
        chargeable=False,
        changes_data=True,
        court_gate=True,
        bases=(_BASIS_PROVISION, *_BASES_2022),
        refusals=(
            _NO_VIOLATION_PROVISION,
            _NO_REASON,
            _BEYOND_PREVENTION,
            _SUBSTITUTE_PROVISION,
            _KEPT_BY_LAW,
            _ENTRUSTED,
            _EXCLUDED,
        ),
        mark_bases_open=True,
        mark_refusals=_MARK_REFUSALS,
    ),
)

KINDS: Final[Mapping[RequestKind, KindRule]] = {rule.kind: rule for rule in _RULES}


def kinds_on(on: date) -> tuple[KindRule, ...]:
    """The kinds the law of ``on`` knows, in the order of the form."""
    return tuple(rule for rule in _RULES if rule.exists(on=on))


def kinds_that_may_be_charged(on: date) -> frozenset[RequestKind]:
    """有料にできる種別 (Art. 38): the only kinds a fee may be asked for on ``on``."""
    return frozenset(rule.kind for rule in kinds_on(on) if rule.chargeable)

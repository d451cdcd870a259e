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

from daicho.law import grounds
from daicho.law.citations import Citation, DatedNumber, citation_on, renumbered
from daicho.law.editions import Provenance
from daicho.law.grounds import Basis, RefusalGround
from daicho.words.text import Text


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
        bases=(grounds.BASIS_USE, *grounds.BASES_2022),
        refusals=(
            grounds.NO_VIOLATION,
            grounds.NO_REASON,
            grounds.BEYOND_PREVENTION,
            grounds.SUBSTITUTE,
            grounds.KEPT_BY_LAW,
            grounds.ENTRUSTED,
            grounds.EXCLUDED,
        ),
        mark_bases_open=True,
        mark_refusals=grounds.MARK_REFUSALS,
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
        bases=(grounds.BASIS_UNTRUE,),
        refusals=grounds.CORRECTION_REFUSALS,
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
        refusals=(*grounds.DISCLOSURE_GROUNDS, grounds.OTHER_LAW_PROCEDURE, grounds.ENTRUSTED, grounds.EXCLUDED),
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
            grounds.PURPOSE_EVIDENT,
            grounds.NOTICE_HARMS_RIGHTS,
            grounds.NOTICE_HARMS_US,
            grounds.NOTICE_IMPEDES_STATE,
            grounds.ENTRUSTED,
            grounds.EXCLUDED,
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
        refusals=(*grounds.DISCLOSURE_GROUNDS, grounds.RECORD_EXCLUDED),
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
        bases=(grounds.BASIS_PROVISION, *grounds.BASES_2022),
        refusals=(
            grounds.NO_VIOLATION_PROVISION,
            grounds.NO_REASON,
            grounds.BEYOND_PREVENTION,
            grounds.SUBSTITUTE_PROVISION,
            grounds.KEPT_BY_LAW,
            grounds.ENTRUSTED,
            grounds.EXCLUDED,
        ),
        mark_bases_open=True,
        mark_refusals=grounds.MARK_REFUSALS,
    ),
)

KINDS: Final[Mapping[RequestKind, KindRule]] = {rule.kind: rule for rule in _RULES}


def kinds_on(on: date) -> tuple[KindRule, ...]:
    """The kinds the law of ``on`` knows, in the order of the form."""
    return tuple(rule for rule in _RULES if rule.exists(on=on))


def kinds_that_may_be_charged(on: date) -> frozenset[RequestKind]:
    """有料にできる種別 (Art. 38): the only kinds a fee may be asked for on ``on``."""
    return frozenset(rule.kind for rule in kinds_on(on) if rule.chargeable)

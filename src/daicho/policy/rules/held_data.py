"""Rules about Art. 32(1), Cabinet Order 10 and J.10.3: what a person must be able to know."""

import re
from collections.abc import Iterator
from typing import Final

from daicho.law.bodies import find_body
from daicho.law.citations import DatedNumber
from daicho.law.editions import Family
from daicho.law.publication import HELD_DATA, law, order
from daicho.policy.language import Handles, Promise
from daicho.policy.language.data import MeasureKind
from daicho.policy.rules.rule import Case, Hit, Rule, Severity, listed
from daicho.words.text import Text

#: Kinds of measures every company takes; awareness of a foreign regime only where data goes abroad.
_MEASURES: Final[dict[MeasureKind, Text]] = {
    MeasureKind.BASIC_POLICY: Text("基本方針の策定", "basic policy"),
    MeasureKind.RULES: Text("取扱規律の整備", "handling rules"),
    MeasureKind.ORGANISATIONAL: Text("組織的安全管理措置", "organisational measures"),
    MeasureKind.HUMAN: Text("人的安全管理措置", "human measures"),
    MeasureKind.PHYSICAL: Text("物理的安全管理措置", "physical measures"),
    MeasureKind.TECHNICAL: Text("技術的安全管理措置", "technical measures"),
}


def _no_measures(case: Case) -> Iterator[Hit]:
    if case.policy.safety is None:
        yield Hit(
            steps=case.steps_of(Promise.SECURITY_SYSTEM),
            wrong=Text(
                "安全管理のために講じた措置が公表されていません（一般的な約束だけです）。",
                "The security measures taken are not published; there is only a general promise.",
            ),
            write=Text(
                "safety に、基本方針、規律、組織的・人的・物理的・技術的措置の概要を書いてください"
                "（公表により支障が生じるものは除けます）。",
                "Write an outline under safety: basic policy, rules, organisational, human, physical and technical "
                "measures (leave out what would impair security).",
            ),
        )
        return
    taken = {measure.kind for measure in case.policy.safety.measures}
    missing = [name for kind, name in _MEASURES.items() if kind not in taken]
    if missing:
        names = listed(missing)
        yield Hit(
            steps=("safety", "measures"),
            wrong=Text(f"安全管理措置に{names.ja}がありません。", f"The measures do not speak of {names.en}."),
            write=Text("その概要を加えてください。", "Add an outline of them."),
        )


def _abroad_without_a_word(case: Case) -> Iterator[Hit]:
    policy = case.policy
    taken = {measure.kind for measure in policy.safety.measures} if policy.safety else set()
    if MeasureKind.EXTERNAL_ENVIRONMENT in taken:
        return
    abroad = [("organisations", index, row.country) for index, row in enumerate(policy.organisations)]
    abroad += [("entrustees", index, row.country) for index, row in enumerate(policy.entrustees)]
    for room, index, country in abroad:
        if country != "JP":
            yield Hit(
                steps=(room, index, "country"),
                wrong=Text(
                    f"{country} で個人データを取り扱いますが、外的環境の把握が公表されていません。",
                    f"Data is handled in {country}, but nothing is published about that country's regime.",
                ),
                write=Text(
                    "safety に external_environment として、国名とその制度を把握した上での措置を書いてください。",
                    "Add an external_environment measure: the country, and what was done knowing its regime.",
                ),
            )


def _unpublished_organisation(case: Case) -> Iterator[Hit]:
    for index, organisation in enumerate(case.policy.organisations):
        if not organisation.published:
            yield Hit(
                steps=("organisations", index, "published"),
                wrong=Text(
                    f"{organisation.name.ja}の名称・住所・代表者の氏名が公表文にありません。",
                    f"Name, address and representative of {organisation.name.en} are not on the page.",
                ),
                write=Text(
                    "published: yes にして載せるか、その会社自身の公表文で本人が知り得るようにしてください。",
                    "Set published: yes, or make them known on that company's own page.",
                ),
            )


def _no_complaint_desk(case: Case) -> Iterator[Hit]:
    if case.policy.desk_for(Handles.COMPLAINTS) is None:
        yield Hit(
            steps=("desks",),
            wrong=Text("苦情の申出先がありません。", "Nobody is named to complain to."),
            write=Text("窓口の handles に complaints を加えてください。", "Let a desk handle complaints."),
        )


def _no_manager(case: Case) -> Iterator[Hit]:
    officer = case.policy.officer
    if officer is None:
        yield Hit(
            steps=("officers",),
            wrong=Text("個人情報保護管理者が公表されていません。", "The protection manager is not published."),
            write=Text(
                "氏名又は職名、所属、連絡先を officers に書いてください。",
                "Write name or title, department and contact under officers.",
            ),
        )
        return
    index = case.policy.officers.index(officer)
    missing = []
    if officer.department is None:
        missing.append(Text("所属", "department"))
    if officer.desk is None:
        missing.append(Text("連絡先", "contact"))
    if officer.name is None and officer.title.ja in {"個人情報保護管理者", "管理者"}:
        missing.append(Text("氏名又は職名", "name or title"))
    if missing:
        names = listed(missing)
        yield Hit(
            steps=("officers", index),
            wrong=Text(f"個人情報保護管理者の{names.ja}がありません。", f"The protection manager lacks {names.en}."),
            write=Text("補ってください。役割名だけでは足りません。", "Add it; the bare role is not enough."),
        )


def _body_out_of_date(case: Case) -> Iterator[Hit]:
    body = case.policy.accredited_body
    record = find_body(body.code, on=case.on) if body else None
    if body is None or record is None:
        return
    if body.entry.office.ja != record.office.ja:
        yield Hit(
            steps=("accredited_body", "entry", "office"),
            wrong=Text(
                f"申出先の名称「{body.entry.office.ja}」は、現在の表記ではありません。",
                f"“{body.entry.office.en}” is not how the office is named now.",
            ),
            write=Text(
                f"「{record.office.ja}」（{record.address.ja}、{'、'.join(record.telephones)}）に改めてください。",
                f"Write “{record.office.en}” ({record.address.en}, {', '.join(record.telephones)}).",
            ),
        )
    known = {_digits(number) for number in record.telephones}
    for index, number in enumerate(body.entry.telephones):
        if _digits(number) not in known:
            yield Hit(
                steps=("accredited_body", "entry", "telephones", index),
                wrong=Text(
                    f"電話番号 {number} は、現在の表記にありません。",
                    f"The number {number} is not one of the office's.",
                ),
                write=Text(
                    f"{'、'.join(record.telephones)} を確かめてください。",
                    f"Check it against {', '.join(record.telephones)}.",
                ),
                severity=Severity.ADVICE,
            )


def _digits(number: str) -> str:
    return re.sub(r"\D", "", re.sub(r"^\+81-?", "0", number))


def _mark_without_body(case: Case) -> Iterator[Hit]:
    if case.policy.privacy_mark is not None and case.policy.accredited_body is None:
        yield Hit(
            steps=("privacy_mark",),
            wrong=Text(
                "プライバシーマークを持つのに、認定個人情報保護団体が公表されていません。",
                "The company holds the PrivacyMark but names no accredited organisation.",
            ),
            write=Text(
                "対象事業者であれば accredited_body に書いてください。", "If it is a target, write accredited_body."
            ),
        )


RULES: Final = (
    Rule(
        id="F-03",
        name=Text("安全管理措置の公表", "publication of security measures"),
        severity=Severity.GAP,
        sources=HELD_DATA["safety"].numbers,
        find=_no_measures,
    ),
    Rule(
        id="F-10",
        name=Text("認定個人情報保護団体の表記", "entry of the accredited organisation"),
        severity=Severity.GAP,
        sources=HELD_DATA["accredited_body"].numbers,
        find=_body_out_of_date,
    ),
    Rule(
        id="F-17",
        name=Text("事業者の名称・住所・代表者", "name, address and representative"),
        severity=Severity.GAP,
        sources=HELD_DATA["address"].numbers,
        find=_unpublished_organisation,
    ),
    Rule(
        id="F-20",
        name=Text("苦情の申出先", "where to complain"),
        severity=Severity.GAP,
        sources=HELD_DATA["complaints"].numbers,
        find=_no_complaint_desk,
    ),
    Rule(
        id="F-21",
        name=Text("個人情報保護管理者", "protection manager"),
        severity=Severity.GAP,
        sources=HELD_DATA["manager"].numbers,
        find=_no_manager,
    ),
    Rule(
        id="F-33",
        name=Text("外的環境の把握", "awareness of the foreign regime"),
        severity=Severity.GAP,
        sources=(*order("10"), *law("23")),
        find=_abroad_without_a_word,
    ),
    Rule(
        id="F-35",
        name=Text("プライバシーマークと認定団体", "PrivacyMark and accredited organisation"),
        severity=Severity.ADVICE,
        sources=(
            DatedNumber(number="10(iii)", in_force_on=HELD_DATA["safety"].numbers[0].in_force_on, family=Family.ORDER),
        ),
        find=_mark_without_body,
    ),
)

"""Rules about joint use, provision and countries (Arts. 27–28, My Number Act 19)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from daicho.law.citations import DatedNumber
from daicho.law.editions import Family
from daicho.law.publication import JOINT_USE, law
from daicho.policy.language.parties import ProvisionBasis
from daicho.policy.rules.rule import Case, Hit, Rule, Severity
from daicho.words.text import Text


def _not_one_responsible(case: Case) -> Iterator[Hit]:
    for index, scheme in enumerate(case.policy.joint_use):
        responsible = scheme.responsible
        count = len(responsible.organisations)
        if count != 1:
            yield Hit(
                steps=("joint_use", index, "responsible", "organisations"),
                wrong=Text(
                    f"共同利用の管理責任者が {count} 社になっています。一者に定まりません。",
                    f"{count} organisations are named as responsible; it must be one.",
                ),
                write=Text("責任を有する一社だけを書いてください。", "Name the one company that is responsible."),
            )


def _responsible_without_address(case: Case) -> Iterator[Hit]:
    for index, scheme in enumerate(case.policy.joint_use):
        responsible = scheme.responsible
        if responsible.shows_address and responsible.shows_representative:
            continue
        yield Hit(
            steps=("joint_use", index, "responsible"),
            wrong=Text(
                "共同利用の管理責任者の住所又は代表者の氏名がここに書かれていません。",
                "The responsible party's address or representative does not stand here.",
            ),
            write=Text(
                "shows_address: yes、shows_representative: yes にしてください。",
                "Set shows_address: yes and shows_representative: yes.",
            ),
        )


def _not_called_joint_use(case: Case) -> Iterator[Hit]:
    for index, scheme in enumerate(case.policy.joint_use):
        texts = (scheme.heading, scheme.says, *((scheme.title,) if scheme.title else ()))
        if not any("共同" in text.ja for text in texts) or not any("joint" in text.en.casefold() for text in texts):
            yield Hit(
                steps=("joint_use", index, "says"),
                wrong=Text(
                    "個人データを共同利用する旨が、はっきり書かれていません。",
                    "It does not plainly say that personal data is used jointly.",
                ),
                write=Text(
                    "「次のとおり個人データを共同利用します」と書いてください。",
                    "Write “we use personal data jointly as follows”.",
                ),
            )


def _users_not_findable(case: Case) -> Iterator[Hit]:
    policy = case.policy
    for index, scheme in enumerate(policy.joint_use):
        hidden = [code for code in scheme.users.organisations if not policy.organisation(code).published]
        if hidden:
            yield Hit(
                steps=("joint_use", index, "users", "organisations"),
                wrong=Text(
                    f"共同利用者のうち {len(hidden)} 社が公表文から分かりません。",
                    f"{len(hidden)} of the joint users cannot be found from the page.",
                ),
                write=Text(
                    "会社の一覧を載せるか、一覧への案内を書いてください。",
                    "List the companies, or say where the list is.",
                ),
            )


def _numbers_shared(case: Case) -> Iterator[Hit]:
    policy = case.policy
    numbers = {item.code for item in policy.items if item.individual_number}
    for index, scheme in enumerate(policy.joint_use):
        for position, group in enumerate(scheme.items.groups):
            if numbers & set(group.items):
                yield Hit(
                    steps=("joint_use", index, "items", "groups", position, "items"),
                    wrong=Text("個人番号は共同利用できません。", "Individual Numbers cannot be used jointly."),
                    write=Text("項目から外してください。", "Take the item out."),
                )
    for index, recipient in enumerate(policy.recipients):
        if numbers & set(recipient.items) and recipient.basis is not ProvisionBasis.LAW:
            yield Hit(
                steps=("recipients", index, "items"),
                wrong=Text(
                    "個人番号は、同意があっても法に定める場合のほか提供できません。",
                    "Individual Numbers may be provided only where the Act says, even with consent.",
                ),
                write=Text(
                    "項目から外すか、basis: law の提供に改めてください。", "Take the item out, or provide it by law."
                ),
            )


def _shared_abroad(case: Case) -> Iterator[Hit]:
    policy = case.policy
    for room, rows in (("recipients", policy.recipients), ("entrustees", policy.entrustees)):
        for index, row in enumerate(rows):
            if row.country != "JP" and row.abroad is None:
                yield Hit(
                    steps=(room, index, "country"),
                    wrong=Text(
                        f"外国（{row.country}）にある第三者への提供の根拠がありません。",
                        f"The ground for providing data to {row.country} is not stated.",
                    ),
                    write=Text(
                        "abroad に adequate、equivalent_system、consent、law のどれかを書いてください。",
                        "Write abroad: adequate, equivalent_system, consent or law.",
                    ),
                )


def _opt_out_of_special_care(case: Case) -> Iterator[Hit]:
    policy = case.policy
    special = {item.code for item in policy.items if item.special_care}
    for index, recipient in enumerate(policy.recipients):
        if recipient.basis is ProvisionBasis.OPT_OUT and special & set(recipient.items):
            yield Hit(
                steps=("recipients", index, "basis"),
                wrong=Text(
                    "要配慮個人情報はオプトアウトでは提供できません。",
                    "Special-care information cannot be provided by opt-out.",
                ),
                write=Text(
                    "basis: consent に改めるか、項目を外してください。", "Ask for consent, or take the item out."
                ),
            )


RULES: Final = (
    Rule(
        id="F-08",
        name=Text("共同利用の管理責任者", "the one responsible for joint use"),
        severity=Severity.GAP,
        sources=JOINT_USE["responsible"].numbers,
        find=_not_one_responsible,
    ),
    Rule(
        id="F-08",
        name=Text("共同利用の管理責任者の住所・代表者", "address and representative of the responsible"),
        severity=Severity.GAP,
        sources=JOINT_USE["responsible_address"].numbers,
        find=_responsible_without_address,
    ),
    Rule(
        id="F-23",
        name=Text("共同利用する旨", "that the data is jointly used"),
        severity=Severity.ADVICE,
        sources=JOINT_USE["stated"].numbers,
        find=_not_called_joint_use,
    ),
    Rule(
        id="F-24",
        name=Text("共同利用者の範囲", "range of joint users"),
        severity=Severity.ADVICE,
        sources=JOINT_USE["users"].numbers,
        find=_users_not_findable,
    ),
    Rule(
        id="F-25",
        name=Text("個人番号の共同利用・提供", "sharing of Individual Numbers"),
        severity=Severity.ERROR,
        sources=(DatedNumber(number="19", in_force_on=date(2016, 1, 1), family=Family.MNA),),
        find=_numbers_shared,
    ),
    Rule(
        id="F-32",
        name=Text("外国にある第三者", "third parties abroad"),
        severity=Severity.GAP,
        sources=law("28(1)", old="24"),
        find=_shared_abroad,
    ),
    Rule(
        id="F-41",
        name=Text("オプトアウト", "opt-out"),
        severity=Severity.ERROR,
        sources=law("27(2)", old="23(2)"),
        find=_opt_out_of_special_care,
    ),
)

"""Rules about purposes, people and collection (Arts. 17–22, My Number Act)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from daicho.law.citations import DatedNumber
from daicho.law.editions import Family
from daicho.law.publication import COLLECTION_NOTICE, HELD_DATA, jis, law
from daicho.policy.language import Promise, SubjectKind
from daicho.policy.language.data import Channel
from daicho.policy.rules.rule import Case, Hit, Rule, Severity, Steps, listed
from daicho.words.text import Text

#: Kinds of people most companies hold data about; each is published, or confirmed not to be held.
_USUAL: Final[dict[SubjectKind, Text]] = {
    SubjectKind.INQUIRER: Text("お問い合わせをされた方", "people who inquire"),
    SubjectKind.PARTNER: Text("取引先", "business partners"),
    SubjectKind.APPLICANT: Text("応募者", "applicants"),
    SubjectKind.EMPLOYEE: Text("従業員", "employees"),
    SubjectKind.FORMER_EMPLOYEE: Text("退職者", "former employees"),
    SubjectKind.VISITOR: Text("来訪者", "visitors"),
    SubjectKind.SHAREHOLDER: Text("株主", "shareholders"),
}
#: People for whom the duty to use an Individual Number is certain (My Number Act 20, guideline).
_NUMBER_KINDS: Final = frozenset(
    {
        SubjectKind.EMPLOYEE,
        SubjectKind.FORMER_EMPLOYEE,
        SubjectKind.TEMPORARY_STAFF,
        SubjectKind.FAMILY,
        SubjectKind.SHAREHOLDER,
        SubjectKind.PARTNER,  # payments to individuals
    }
)


def _mna(number: str) -> tuple[DatedNumber, ...]:
    return (DatedNumber(number=number, in_force_on=date(2016, 1, 1), family=Family.MNA),)


def _note_without_a_row(case: Case) -> Iterator[Hit]:
    policy = case.policy
    names = {point.code: point.name for point in policy.collection_points}
    for index, row in enumerate(policy.purpose_table.rows):
        for position, code in enumerate(row.notes_on):
            if code in row.collected_at:
                continue
            name = names[code]
            yield Hit(
                steps=("purpose_table", "rows", index, "notes_on", position),
                wrong=Text(
                    f"「{name.ja}」の注記がこの行にありますが、どの行の利用目的で取得するのか分かりません。",
                    f"The note on {name.en} stands in this row, but no row says that it is collected there.",
                ),
                write=Text(
                    f"{code} を、実際に取得する行の collected_at に書き、注記もその行に移してください。",
                    f"Name {code} under collected_at of the row it belongs to, and move the note there.",
                ),
            )


def _collected_for_nothing(case: Case) -> Iterator[Hit]:
    policy = case.policy
    named = {code for row in policy.purpose_table.rows for code in (*row.collected_at, *row.notes_on)}
    for index, point in enumerate(policy.collection_points):
        if point.code not in named:
            yield Hit(
                steps=("collection_points", index),
                wrong=Text(
                    f"「{point.name.ja}」で取得する情報の利用目的が、表のどの行にもありません。",
                    f"No row of the table says what the data of {point.name.en} is for.",
                ),
                write=Text("表の行の collected_at に加えてください。", "Name it under collected_at of a row."),
            )


def _category_without_a_row(case: Case) -> Iterator[Hit]:
    for index, subject in enumerate(case.policy.subjects):
        if not case.policy.purposes_of(subject.code):
            yield Hit(
                steps=("subjects", index),
                wrong=Text(
                    f"「{subject.name.ja}」の利用目的が公表されていません。",
                    f"No purpose is published for {subject.name.en}.",
                ),
                write=Text("purpose_table に行を加えてください。", "Add a row to purpose_table."),
            )


def _number_without_a_purpose(case: Case) -> Iterator[Hit]:
    """The part of F-14 that a machine can decide: Individual Numbers need purposes of their own."""
    policy = case.policy
    for index, subject in enumerate(policy.subjects):
        if not subject.individual_number:
            continue
        if any(purpose.number_affair for purpose in policy.purposes_of(subject.code)):
            continue
        yield Hit(
            steps=("subjects", index, "individual_number"),
            wrong=Text(
                f"「{subject.name.ja}」の個人番号を扱いますが、その利用目的（個人番号関係事務）の行がありません。",
                f"Individual Numbers of {subject.name.en} are handled, but no row gives their purpose.",
            ),
            write=Text(
                "源泉徴収、社会保険の届出など、番号を使う事務を number_affair: yes の利用目的として書いてください。",
                "Add the affairs the numbers are used for (withholding tax, social insurance) with number_affair: yes.",
            ),
        )


def _uncovered_people(case: Case) -> Iterator[Hit]:
    policy = case.policy
    known = {subject.kind for subject in policy.subjects} | {row.kind for row in policy.not_held}
    missing = [name for kind, name in _USUAL.items() if kind not in known]
    if missing:
        names = listed(missing)
        yield Hit(
            steps=("subjects",),
            wrong=Text(
                f"{names.ja}の利用目的の行がありません。保有しているかどうかは、この文書からは分かりません。",
                f"There is no row for {names.en}. This document cannot tell whether their data is held.",
            ),
            write=Text(
                "台帳を確かめ、保有していれば行を加え、していなければ not_held に確認日と理由を書いてください。",
                "Look in the register: add rows for what is held; for the rest write not_held with day and reason.",
            ),
        )


def _form_without_a_notice(case: Case) -> Iterator[Hit]:
    for index, point in enumerate(case.policy.collection_points):
        if point.direct_in_writing and point.notice is None:
            yield Hit(
                steps=("collection_points", index),
                wrong=Text(
                    f"「{point.name.ja}」は本人から直接書面で取得しますが、その場で示す通知が記録されていません。",
                    f"{point.name.en} collects directly in writing, but the notice shown there is not recorded.",
                ),
                write=Text(
                    f"様式の実物に必要な {len(COLLECTION_NOTICE)} 項目があるか確かめ、notice に版と確認日を書いてください。",
                    f"Look whether the form itself states all {len(COLLECTION_NOTICE)} items, and write notice: its version and the day.",
                ),
            )


def _family_without_a_notice(case: Case) -> Iterator[Hit]:
    policy = case.policy
    told = {
        subject.kind
        for subject in policy.subjects
        if subject.collected_through is not None and policy.purposes_of(subject.code)
    }
    for index, item in enumerate(policy.items):
        if item.about is None or item.about in told:
            continue
        yield Hit(
            steps=_where_shared(case, item.code) or ("items", index),
            wrong=Text(
                f"「{item.name.ja}」は本人以外の人の情報ですが、その人への利用目的の通知・公表の道がありません。",
                f"“{item.name.en}” is about another person, and no purpose is notified or published for that person.",
            ),
            write=Text(
                "その人の区分を subjects に加え（collected_through を書く）、利用目的の行を公表してください。",
                "Add a subject category for that person (with collected_through) and publish a row of purposes.",
            ),
        )


def _where_shared(case: Case, item: str) -> Steps:
    for number, scheme in enumerate(case.policy.joint_use):
        for index, group in enumerate(scheme.items.groups):
            if item in group.items:
                return ("joint_use", number, "items", "groups", index, "items", group.items.index(item))
    return ()


def _open_ended(case: Case) -> Iterator[Hit]:
    for index, purpose in enumerate(case.policy.purposes):
        if purpose.open_ended:
            yield Hit(
                steps=("purposes", index),
                wrong=Text(
                    f"利用目的「{purpose.says.ja}」は範囲が定まりません。",
                    f"The purpose “{purpose.says.en}” has no limits.",
                ),
                write=Text("具体的な目的を挙げてください。", "Name the purposes one by one."),
            )


def _number_too_early(case: Case) -> Iterator[Hit]:
    policy = case.policy
    numbers = {item.code for item in policy.items if item.individual_number}
    for index, subject in enumerate(policy.subjects):
        handled = subject.individual_number or bool(numbers & set(subject.items))
        if handled and subject.kind not in _NUMBER_KINDS:
            yield Hit(
                steps=("subjects", index),
                wrong=Text(
                    f"「{subject.name.ja}」から個人番号を取得することはできません（番号を使う義務が確実でないため）。",
                    f"Individual Numbers may not be collected from {subject.name.en}: no duty to use them is certain yet.",
                ),
                write=Text(
                    "個人番号の項目を外し、採用などが決まった後の区分で取得してください。",
                    "Take the item out; collect it once employment is certain.",
                ),
            )


def _special_care_without_consent(case: Case) -> Iterator[Hit]:
    policy = case.policy
    special = {item.code: item.name for item in policy.items if item.special_care}
    for index, point in enumerate(policy.collection_points):
        for code in point.items:
            if code in special and not point.consent:
                yield Hit(
                    steps=("collection_points", index, "items"),
                    wrong=Text(
                        f"要配慮個人情報「{special[code].ja}」を取得しますが、同意を得ると書かれていません。",
                        f"“{special[code].en}” is special-care information, but no consent is asked here.",
                    ),
                    write=Text(
                        "あらかじめ同意を得て consent: yes とするか、項目を外してください。",
                        "Ask for consent beforehand and write consent: yes, or leave the item out.",
                    ),
                )


def _nothing_on_retention(case: Case) -> Iterator[Hit]:
    policy = case.policy
    if Promise.DISPOSE_PROMPTLY not in policy.promises:
        return
    covered = {code for rule in (policy.retention.rules if policy.retention else ()) for code in rule.subjects}
    missing = [subject.name for subject in policy.subjects if subject.code not in covered]
    if missing:
        names = listed(missing)
        yield Hit(
            steps=case.steps_of(Promise.DISPOSE_PROMPTLY),
            wrong=Text(
                f"速やかに廃棄すると述べていますが、{names.ja}の保管期間が決められていません。",
                f"It promises prompt disposal, but sets no period for {names.en}.",
            ),
            write=Text("retention に期間と起算点を書いてください。", "Write the periods under retention."),
        )


def _held_by_camera_or_others(case: Case) -> Iterator[Hit]:
    policy = case.policy
    for index, point in enumerate(policy.collection_points):
        if point.channel is Channel.CAMERA and point.notice is None:
            yield Hit(
                steps=("collection_points", index, "channel"),
                wrong=Text(
                    f"「{point.name.ja}」は本人が気付きにくい取得です。",
                    f"People may not notice that {point.name.en} collects their data.",
                ),
                write=Text(
                    "掲示など、知らせる方法を notice に書いてください。", "Write under notice how they are told."
                ),
            )


_NOTICE: Final = (*law("21(2)", old="18(2)"), *jis("A.3.4.2.5", "A.7", seen=True))

RULES: Final = (
    Rule(
        id="F-13",
        name=Text("注記と利用目的の対応", "notes and the purposes they belong to"),
        severity=Severity.GAP,
        sources=law("17(1)", old="15(1)"),
        find=_note_without_a_row,
    ),
    Rule(
        id="F-14",
        name=Text("個人番号の利用目的", "purpose of Individual Numbers"),
        severity=Severity.GAP,
        sources=HELD_DATA["purposes"].numbers,
        find=_number_without_a_purpose,
    ),
    Rule(
        id="F-14",
        name=Text("公表していない本人の区分", "people the table does not cover"),
        severity=Severity.GAP,
        sources=HELD_DATA["purposes"].numbers,
        find=_uncovered_people,
        human=True,
    ),
    Rule(
        id="F-15",
        name=Text("直接書面取得の通知", "notice on direct collection in writing"),
        severity=Severity.GAP,
        sources=_NOTICE,
        find=_form_without_a_notice,
        human=True,
    ),
    Rule(
        id="F-16",
        name=Text("本人以外の人の情報", "data about another person"),
        severity=Severity.GAP,
        sources=(*law("21(1)", old="18(1)"), *law("20(1)", old="17(1)")),
        find=_family_without_a_notice,
        human=True,
    ),
    Rule(
        id="F-18",
        name=Text("全ての保有個人データの利用目的", "purposes of all data held"),
        severity=Severity.GAP,
        sources=HELD_DATA["purposes"].numbers,
        find=_category_without_a_row,
    ),
    Rule(
        id="F-26",
        name=Text("個人番号の取得の時期", "when Individual Numbers may be collected"),
        severity=Severity.ERROR,
        sources=_mna("20"),
        find=_number_too_early,
    ),
    Rule(
        id="F-30",
        name=Text("利用目的の特定", "specific purposes"),
        severity=Severity.ADVICE,
        sources=law("17(1)", old="15(1)"),
        find=_open_ended,
    ),
    Rule(
        id="F-31",
        name=Text("要配慮個人情報の同意", "consent to special-care information"),
        severity=Severity.GAP,
        sources=(*law("20(2)", old="17(2)"), *jis("A.3.4.2.3", "A.5")),
        find=_special_care_without_consent,
    ),
    Rule(
        id="F-38",
        name=Text("取得の場面と利用目的", "collection points and purposes"),
        severity=Severity.GAP,
        sources=(*law("21(1)", old="18(1)"), *jis("A.3.4.2.4", "A.6", seen=True)),
        find=_collected_for_nothing,
    ),
    Rule(
        id="F-39",
        name=Text("保管期間", "retention"),
        severity=Severity.ADVICE,
        sources=(*law("22", old="19"), *jis("A.3.4.3.1", "A.9")),
        find=_nothing_on_retention,
    ),
    Rule(
        id="F-40",
        name=Text("気付きにくい取得", "collection that is not noticed"),
        severity=Severity.ADVICE,
        sources=(*law("21(1)", old="18(1)"), *jis("A.3.4.2.5 h", "A.7", seen=True)),
        find=_held_by_camera_or_others,
    ),
)

"""Whose row it is: named cases, and what holds for all."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.subjects.rules import Doubt, Verdict, judge
from daicho.words.identity import fold


def folded(sought: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """As the caller hands it over: every value in the form in which spellings are equal."""
    return {kind: frozenset(fold(kind, value) for value in values) for kind, values in sought.items()}


USUAL = (frozenset({"number:customer"}), frozenset({"email", "name"}), frozenset({"phone", "name", "birth_date"}))
HANAKO = folded(
    {
        "name": ("高橋 花子", "旧姓 花子"),
        "kana": ("タカハシ ハナコ",),
        "birth_date": ("1980-01-05",),
        "email": ("hanako@example.com", "h.takahashi@example.org"),
        "phone": ("090-1111-2222",),
        "address": ("名古屋市中村区名駅三丁目28番12号",),
        "number:customer": ("C-001",),
    }
)
WITHOUT_NUMBER = {kind: values for kind, values in HANAKO.items() if kind != "number:customer"}


@pytest.mark.parametrize(
    ("case", "row", "sought", "doubt"),
    [
        ("her number alone", {"number:customer": "C-001"}, HANAKO, None),
        ("another number", {"number:customer": "C-002", "email": "hanako@example.com", "name": "高橋花子"}, HANAKO, Doubt.OTHER_NUMBER),
        ("her number, another name: a number typed wrong", {"number:customer": "C-001", "name": "佐藤一郎"}, HANAKO, Doubt.DISAGREES),
        ("mail and name", {"email": "HANAKO@example.com ", "name": "髙橋　花子"}, HANAKO, None),
        ("mail and the name she had", {"email": "h.takahashi@example.org", "name": "旧姓花子"}, HANAKO, None),
        ("mail alone", {"email": "hanako@example.com", "name": None}, HANAKO, Doubt.UNCONFIRMED),
        ("an empty name agrees with nothing", {"email": "hanako@example.com", "name": ""}, HANAKO, Doubt.UNCONFIRMED),
        ("a spouse at the same mailbox", {"email": "hanako@example.com", "name": "高橋太郎"}, HANAKO, Doubt.DISAGREES),
        ("a namesake with another birth date", {"email": "hanako@example.com", "name": "高橋花子", "birth_date": "1990-01-05"}, HANAKO, Doubt.DISAGREES),
        ("telephone and name are too little here", {"phone": "09011112222", "name": "高橋花子"}, HANAKO, Doubt.UNCONFIRMED),
        ("telephone, name and birth date", {"phone": "+81 90-1111-2222", "name": "高橋花子", "birth_date": "1980/1/5"}, HANAKO, None),
        ("a reading that disagrees", {"email": "hanako@example.com", "name": "高橋花子", "kana": "コウキョウ ハナコ"}, HANAKO, Doubt.DISAGREES),
        ("a reading in hiragana", {"email": "hanako@example.com", "name": "高橋花子", "kana": "たかはし　はなこ"}, HANAKO, None),
        ("another address says nothing: people move", {"email": "hanako@example.com", "name": "高橋花子", "address": "大阪市"}, HANAKO, None),
        ("name alone", {"name": "高橋花子"}, HANAKO, Doubt.UNCONFIRMED),
        ("a dash for a telephone number says nothing", {"phone": "-", "name": "高橋花子"}, folded({"phone": ("--",), "name": ("高橋花子",)}), Doubt.UNCONFIRMED),
        ("a row with no identity at all", {}, HANAKO, Doubt.UNCONFIRMED),
        ("a number nobody gave is no disagreement", {"number:customer": "C-777", "email": "hanako@example.com", "name": "高橋花子"}, WITHOUT_NUMBER, None),
        ("a number of another kind is no disagreement", {"number:member": "M-1", "email": "hanako@example.com", "name": "高橋花子"}, HANAKO, None),
    ],
)  # fmt: skip
def test_named_cases(case, row, sought, doubt):
    found = judge(row, sought, USUAL)
    assert found.doubt is doubt, case
    assert (found.verdict is Verdict.MATCHED) is (doubt is None)


def test_without_a_declared_combination_nobody_is_identified():
    everything = {kind: next(iter(values)) for kind, values in HANAKO.items()}
    nothing: list[list[frozenset[str]]] = [[], [frozenset()]]
    for declared in nothing:
        assert judge(everything, HANAKO, declared).doubt is Doubt.UNCONFIRMED


KINDS = ["name", "kana", "birth_date", "email", "phone", "address", "number:customer", "number:member"]
VALUES: dict[str, list[str]] = {
    "name": ["高橋花子", "佐藤一郎"],
    "kana": ["タカハシハナコ", "サトウイチロウ"],
    "birth_date": ["1980-01-05", "1990-02-06"],
    "email": ["a@example.com", "b@example.com"],
    "phone": ["052-111-2222", "052-333-4444"],
    "address": ["名古屋市", "大阪市"],
    "number:customer": ["C1", "C2"],
    "number:member": ["M1", "M2"],
}
row = st.fixed_dictionaries({}, optional={kind: st.sampled_from([None, "", *VALUES[kind]]) for kind in KINDS})
sought_ = st.fixed_dictionaries(
    {}, optional={kind: st.lists(st.sampled_from(VALUES[kind]), min_size=1).map(tuple) for kind in KINDS}
)
combinations = st.lists(st.frozensets(st.sampled_from(KINDS), max_size=3), max_size=3).map(tuple)


@given(row=row, sought=sought_, declared=combinations)
def test_a_match_agrees_in_a_whole_combination_and_disagrees_in_nothing_telling(row, sought, declared):
    found = judge(row, folded(sought), declared)
    telling = {"name", "kana", "birth_date", "number:customer", "number:member"}
    differs = {kind for kind in telling if row.get(kind) and sought.get(kind) and row[kind] not in sought[kind]}
    agrees = {kind for kind in KINDS if row.get(kind) and row[kind] in sought.get(kind, ())}
    assert found.agreeing == agrees
    assert found.disagreeing == differs
    matched = not differs and any(kinds and kinds <= agrees for kinds in declared)
    assert (found.verdict is Verdict.MATCHED) is matched


@given(row=row, sought=sought_, declared=combinations)
def test_knowing_more_never_turns_a_match_into_somebody_else_s_row_unless_it_disagrees(row, sought, declared):
    found = judge(row, folded(sought), declared)
    own = {kind: (*sought.get(kind, ()), value) for kind, value in row.items() if value}
    more = judge(row, folded({**sought, **own}), declared)
    if found.verdict is Verdict.MATCHED:
        assert more.verdict is Verdict.MATCHED

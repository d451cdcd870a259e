"""Writing a changed value back: it reads as wanted, and what was not changed stands as it stood."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.policy.editing.patch import rewrite
from daicho.words.documents import read_document

EXAMPLES = Path(__file__).parents[2] / "examples/staffing-group"
TEXT = """\
# Above all.
format: one  # the form

# About the rows.
rows:
  - code: a  # first
    name: {ja: 甲, en: A}
  # Above b.
  - code: b
    name: {ja: 乙, en: B}  # beside b
    # Above the days of b.
    days: [1, 2]

  - code: c
    long: |
      line one
      line two
last: "9:00"
# Below all.
"""


def value(text: str = TEXT) -> Any:
    return read_document(text.encode(), path="").value


def changed(change: Any, text: str = TEXT) -> str:
    new = value(text)
    change(new)
    written = rewrite(text, new)
    assert value(written) == new
    return written


def test_nothing_changed_changes_nothing():
    assert rewrite(TEXT, value()) == TEXT


def test_one_word_changes_one_word():
    written = changed(lambda new: new["rows"][1]["name"].update(ja="丙"))
    assert written == TEXT.replace("乙", "丙")


def test_a_row_takes_the_comments_above_it_along():
    written = changed(lambda new: new["rows"].insert(0, new["rows"].pop(1)))
    assert written.index("# Above b.") < written.index("code: b") < written.index("code: a  # first")
    assert written.count("#") == TEXT.count("#")


def test_a_removed_row_takes_its_own_comments_only():
    written = changed(lambda new: new["rows"].pop(1))
    assert "Above b" not in written
    for comment in ("# Above all.", "# the form", "# About the rows.", "# first", "# Below all."):
        assert comment in written


def test_the_first_row_may_go():
    written = changed(lambda new: new["rows"].pop(0))
    assert "# Above b.\n  - code: b" in written


def test_a_row_and_a_key_are_added_where_they_belong():
    def change(new: Any) -> None:
        new["rows"].append({"code": "d", "name": {"ja": "丁", "en": "D: x"}, "deep": [{"one": {"two": [1]}}]})
        new["rows"][0]["note"] = "no"

    written = changed(change)
    assert "  - code: d\n    name: {ja: 丁" in written
    assert '    note: "no"\n' in written
    assert written.endswith('last: "9:00"\n# Below all.\n')


def test_a_list_in_one_line_grows_and_ends():
    assert "days: [1, 2, 3]\n" in changed(lambda new: new["rows"][1]["days"].append(3))
    assert "days: []\n" in changed(lambda new: new["rows"][1]["days"].clear())
    assert "# Above the days" not in changed(lambda new: new["rows"][1].pop("days"))


@pytest.mark.parametrize("name", ["policy.yaml", "policy-2026.yaml"])
def test_a_whole_policy_keeps_every_line_that_did_not_change(name):
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    written = changed(lambda new: new["desks"][0]["lines"]["telephone"].update(number="03-0000-0000"), text)
    differing = [line for line in written.splitlines() if line not in set(text.splitlines())]
    assert len(differing) == 1


WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), max_size=12)
PLAIN = st.recursive(
    st.one_of(WORDS, st.integers(-99, 99), st.booleans(), st.dates()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["code", "name", "ja", "en", "rows"]), inner, max_size=4),
    ),
    max_leaves=8,
)


@given(
    rows=st.lists(st.sampled_from(["a", "b", "c", "new"]), unique=True, max_size=4), more=PLAIN, place=st.integers(0, 3)
)
def test_whatever_is_written_reads_back(rows, more, place):
    new = deepcopy(value())
    by_code = {row["code"]: row for row in new["rows"]}
    new["rows"] = [by_code.get(code, {"code": code, "name": {"ja": "新", "en": "new"}}) for code in rows]
    if place < len(new["rows"]):
        new["rows"][place]["more"] = more
    new["last"] = more
    written = rewrite(TEXT, new)
    assert value(written) == new
    assert "# Above all." in written
    assert "# Below all." in written

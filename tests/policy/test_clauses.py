"""Every published sentence stands somewhere in the example, exactly once, and says what it said."""

import re
from pathlib import Path
from typing import Any

import pytest

from daicho.policy.language import PolicyFile, read_policy
from daicho.policy.render import html_of, page_of
from tests.policy.clauses import CLAUSES

EXAMPLE = Path(__file__).parents[2] / "examples/staffing-group/policy.yaml"
EVERY_ID = [f"C{number:02d}" for number in range(1, 79) if number != 53] + [f"C53.{part}" for part in range(1, 8)]


@pytest.fixture(scope="module")
def example() -> PolicyFile:
    return read_policy(EXAMPLE.read_bytes(), path=str(EXAMPLE))


def test_all_eighty_four_clauses_stand_in_the_document_exactly_once(example: PolicyFile):
    assert len(EVERY_ID) == 84
    assert sorted(example.policy.clause_places()) == sorted(EVERY_ID)
    written = re.findall(r"C\d\d(?:\.\d)?(?=[,\]])", EXAMPLE.read_text(encoding="utf-8"))
    assert sorted(written) == sorted(EVERY_ID)


def test_the_table_of_this_test_names_every_clause():
    assert sorted(CLAUSES) == sorted(EVERY_ID)


@pytest.mark.parametrize("clause", EVERY_ID)
def test_the_clause_stands_where_it_belongs_and_says_what_was_published(example: PolicyFile, clause: str):
    expected = CLAUSES[clause]
    steps = example.policy.clause_places()[clause]
    assert ".".join(map(str, steps)) == expected.place
    part = example.policy.part(steps)
    plain = part.model_dump(mode="json", by_alias=True)
    # A promise is one of several in its paragraph: the words are the paragraph's.
    said = plain if "promise" not in plain else example.policy.part(steps[:-2]).model_dump(mode="json", by_alias=True)
    for language, pattern in (("en", expected.en), ("ja", expected.ja)):
        for piece in pattern.split(".*"):
            assert re.search(piece, _texts(said, language)), f"{clause} does not say {piece!r}"
    for name, value in expected.holds.items():
        assert _comparable(plain[name], value) == value, f"{clause}.{name}"


@pytest.mark.parametrize("clause", EVERY_ID)
def test_the_clause_has_a_line_of_its_own_in_the_file(example: PolicyFile, clause: str):
    steps = example.policy.clause_places()[clause]
    line = example.document.place_of(steps).line
    assert line > 1
    following = EXAMPLE.read_text(encoding="utf-8").splitlines()[line - 1 :]
    assert any(clause in text for text in following), "the tag stands at or after the part's own line"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_public_page_shows_the_published_words_of_every_clause(example: PolicyFile, language: str):
    """Dates, numbers and hours are printed from values; everything else is printed as written."""
    shown = re.sub(r"<[^>]+>", " ", html_of(page_of(example.policy, language)))
    shown = re.sub(r"\s+", "", shown.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&"))
    from_values = {"C01", "C02", "C32", "C33", "C77"}
    for clause in EVERY_ID:
        if clause in from_values:
            continue
        steps = example.policy.clause_places()[clause]
        part = example.policy.part(steps)
        if "promises" in steps:
            part = example.policy.part(steps[:-2])
        for name in ("says", "heading", "label", "office"):
            text = getattr(part, name, None)
            if text is not None and not isinstance(text, str):
                assert re.sub(r"\s+", "", text.say(language)) in shown, f"{clause}.{name}"


def _texts(value: Any, language: str) -> str:
    if isinstance(value, dict):
        if set(value) == {"ja", "en"}:
            return str(value[language])
        return "\n".join(filter(None, (_texts(inner, language) for inner in value.values())))
    if isinstance(value, list):
        return "\n".join(filter(None, (_texts(inner, language) for inner in value)))
    return ""


def _comparable(value: Any, expected: Any) -> Any:
    """Papers by their kind; everything else as far as the expectation goes."""
    if isinstance(value, list) and expected and isinstance(expected[0], str) and value and isinstance(value[0], dict):
        return [entry["document"] for entry in value]
    if isinstance(value, list):
        return [
            _comparable(inner, expected[index] if index < len(expected) else None) for index, inner in enumerate(value)
        ]
    if isinstance(value, dict) and isinstance(expected, dict):
        return {key: _comparable(inner, expected.get(key)) for key, inner in value.items() if key in expected}
    return value

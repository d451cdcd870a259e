"""A document's errors: all at once, each at its place, and never a value of the document in their words."""

import traceback
from collections.abc import Mapping
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from daicho.words.documents import read_document, validate
from daicho.words.errors import DocumentError, Problem


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Person(_Closed):
    name: Annotated[str, Field(max_length=5)]
    address: str
    numbers: Mapping[str, str] = Field(default_factory=dict)
    age: Annotated[int, Field(ge=0, le=130)] = 0


class _Form(_Closed):
    person: _Person | None = None
    entries: Annotated[tuple[Annotated[str, Field(pattern="^[a-z]+$")], ...], Field(min_length=1, max_length=2)] = (
        "a",
    )


def _problems(text: str) -> list[Problem]:
    with pytest.raises(DocumentError) as caught:
        validate(_Form, read_document(text.encode(), path="form.yaml"))
    shown = "".join(traceback.format_exception(caught.value))
    assert "CANARY" not in shown
    assert "canary" not in shown.lower()
    return list(caught.value.problems)


def _said(problem: Problem) -> str:
    return "\n".join([problem.say("ja"), problem.say("en"), str(problem.place)])


@pytest.mark.parametrize(
    "text",
    [
        "person: {name: x, address: y, 高橋花子CANARY: z}\n",
        "person: {name: x, address: y, canary: z}\n",
        "person: {name: x, address: y, numbers: {CANARY-090: 1}}\n",
        "person: {name: x, address: y, numbers: {CANARY: a, canary: [1]}}\n",
        "person: {name: CANARY: 5, x: y}\n",
        "person: {CANARY: x, CANARY: y}\n",
        "person:\n  CANARY\n  name: x\n",
        "person: *CANARY\n",
        "person: !!CANARY x\n",
        "person: {name: 'CANARY\n",
        "person: {name: CANARYCANARY, address: y}\n",
        "CANARY\n",
        "entries: [CANARY]\n",
        "- CANARY\n- \x07\n",
    ],
)
def test_no_error_repeats_a_value_or_a_key_that_may_be_one(text: str):
    problems = _problems(text)
    assert problems
    assert not [problem for problem in problems if "canary" in _said(problem).lower()]


def test_a_slip_of_the_pen_is_named():
    (problem, missing) = sorted(_problems("person: {name: x, adress: y}\n"), key=lambda one: one.code)
    assert "person.adress" in problem.message.en
    assert "person.address" in missing.message.en


def test_a_free_key_is_named_by_its_number_and_place():
    (problem,) = _problems("person:\n  name: x\n  address: y\n  numbers:\n    fine: a\n    other: [1]\n")
    assert "person.numbers.[2]" in problem.message.ja
    assert (problem.place.line, problem.code) == (6, "string-type")


def test_an_entry_that_is_wrong_is_not_also_said_to_be_missing():
    assert [one.code for one in _problems("entries: [A]\n")] == ["string-pattern-mismatch"]
    assert [one.code for one in _problems("entries: []\n")] == ["too-short"]


@pytest.mark.parametrize(
    ("text", "code", "advice"),
    [
        ("person: {name: x, address: y, age: -1}\n", "greater-than-equal", "at least 0"),
        ("person: {name: x, address: y, age: 131}\n", "less-than-equal", "at most 130"),
        ("person: {name: xxxxxx, address: y}\n", "string-too-long", "at most 5"),
        ("entries: [a, b, c]\n", "too-long", "Remove"),
    ],
)
def test_limits_are_said(text: str, code: str, advice: str):
    (problem,) = _problems(text)
    assert problem.code == code
    assert advice in problem.advice.en


def test_a_mistake_of_form_is_told_at_its_place_in_our_words():
    (problem,) = _problems("person:\n  name: a: b\n")
    assert (problem.code, problem.place.line, problem.place.column) == ("not-yaml", 2, 10)
    assert "colon" in problem.message.en
    (unprintable,) = _problems("person:\n  name: \x07\n")
    assert (unprintable.code, unprintable.place.line, unprintable.place.column) == ("not-yaml", 2, 9)

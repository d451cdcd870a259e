"""Reading a policy: every error at once, shapes and references alike.

References are looked up in the plain document, not in the built model, so a document with a
wrong shape somewhere still has all its unknown codes reported in the same run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from daicho.policy.language.document import Policy
from daicho.words.documents import Document, Step, read_document, validate
from daicho.words.errors import DocumentError, Problem
from daicho.words.text import Text

Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A valid policy and where each part of it stands in its file."""

    policy: Policy
    document: Document


#: Lists whose entries have codes: their path → what they are called.
CODED: Final[dict[str, Text]] = {
    "organisations": Text("組織", "organisation"),
    "subjects": Text("本人の区分", "subject category"),
    "items": Text("項目", "data item"),
    "purposes": Text("利用目的", "purpose"),
    "purpose_table.rows": Text("利用目的の表の行", "row of the purpose table"),
    "collection_points": Text("取得の場面", "collection point"),
    "recipients": Text("提供先", "recipient"),
    "entrustees": Text("委託先", "entrustee"),
    "joint_use": Text("共同利用", "joint use"),
    "joint_use.*.items.groups": Text("共同利用の項目", "group of shared items"),
    "retention.rules": Text("保管期間", "retention rule"),
    "safety.measures": Text("安全管理措置", "safety measure"),
    "statements.sections": Text("条項", "section"),
    "requests.fees.rates": Text("手数料", "fee"),
    "desks": Text("窓口", "desk"),
}

#: Where a code is used → the list it must be in.
REFERENCES: Final[tuple[tuple[str, str], ...]] = (
    ("group.parent", "organisations"),
    ("group.covers.subjects.*", "subjects"),
    ("organisations.*.parent", "organisations"),
    ("subjects.*.items.*", "items"),
    ("subjects.*.collected_through", "subjects"),
    ("purpose_table.rows.*.subject", "subjects"),
    ("purpose_table.rows.*.purposes.*", "purposes"),
    ("purpose_table.rows.*.collected_at.*", "collection_points"),
    ("purpose_table.rows.*.notes_on.*", "collection_points"),
    ("collection_points.*.organisation", "organisations"),
    ("collection_points.*.subjects.*", "subjects"),
    ("collection_points.*.items.*", "items"),
    ("recipients.*.subjects.*", "subjects"),
    ("recipients.*.items.*", "items"),
    ("recipients.*.purposes.*", "purposes"),
    ("entrustees.*.subjects.*", "subjects"),
    ("entrustees.*.items.*", "items"),
    ("joint_use.*.items.groups.*.subjects.*", "subjects"),
    ("joint_use.*.items.groups.*.items.*", "items"),
    ("joint_use.*.users.organisations.*", "organisations"),
    ("joint_use.*.purposes.rows.*", "purpose_table.rows"),
    ("joint_use.*.responsible.organisations.*", "organisations"),
    ("retention.rules.*.subjects.*", "subjects"),
    ("retention.rules.*.items.*", "items"),
    ("requests.addressee.desk", "desks"),
    ("desks.*.organisation", "organisations"),
    ("officers.*.organisation", "organisations"),
    ("officers.*.desk", "desks"),
)


def read_policy(raw: bytes, *, path: str) -> PolicyFile:
    """Read a policy (UTF-8 YAML; ``path`` is its name in messages).

    Raises:
        DocumentError: with every error of shape, code and reference, each at its line and column.
    """
    document = read_document(raw, path=path)
    problems = [*_repeated(document), *_unknown(document)]
    try:
        policy = validate(Policy, document)
    except DocumentError as error:
        raise DocumentError(_in_order([*error.problems, *problems])) from error
    if problems:
        raise DocumentError(_in_order(problems))
    return PolicyFile(policy=policy, document=document)


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.place.line, problem.place.column, problem.code))


def _walk(value: Any, pattern: list[str], steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """The parts of a plain value that ``pattern`` reaches; ``*`` is every entry of a list."""
    if not pattern:
        yield steps, value
        return
    step, rest = pattern[0], pattern[1:]
    if step == "*":
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _walk(item, rest, (*steps, index))
    elif isinstance(value, dict) and step in value:
        yield from _walk(value[step], rest, (*steps, step))


def _codes(document: Document, path: str) -> list[tuple[Steps, str]]:
    found = _walk(document.value, [*path.split("."), "*", "code"])
    return [(steps, value) for steps, value in found if isinstance(value, str)]


def _unknown(document: Document) -> Iterator[Problem]:
    for path, target in REFERENCES:
        known = {code for _, code in _codes(document, target)}
        for steps, value in _walk(document.value, path.split(".")):
            if isinstance(value, str) and value not in known:
                what = CODED[target]
                listed = ", ".join(sorted(known)) or "-"
                yield Problem(
                    code="unknown-code",
                    place=document.place_of(steps),
                    message=Text(
                        f"{what.ja} {value} は {target} にありません。", f"{target} has no {what.en} {value}."
                    ),
                    advice=Text(
                        f"{target} に足すか、次のどれかにしてください: {listed}",
                        f"Add it to {target}, or use one of: {listed}",
                    ),
                )


def _repeated(document: Document) -> Iterator[Problem]:
    for path, what in CODED.items():
        yield from _twice(document, _codes(document, path), what, _same_list)
    every_clause = [(steps, value) for steps, value in _clause_marks(document.value, ()) if isinstance(value, str)]
    yield from _twice(document, every_clause, Text("条項番号", "clause"), _anywhere)
    offered = _walk(document.value, ["requests", "offers", "*", "kinds", "*"])
    kinds = [(steps, value) for steps, value in offered if isinstance(value, str)]
    yield from _twice(document, kinds, Text("請求の種別", "kind of request"), _anywhere)


def _same_list(steps: Steps) -> Steps:
    return steps[:-2]


def _anywhere(steps: Steps) -> Steps:
    return steps[:0]


def _twice(
    document: Document, found: list[tuple[Steps, str]], what: Text, within: Callable[[Steps], Steps]
) -> Iterator[Problem]:
    seen: dict[tuple[Steps, str], Steps] = {}
    for steps, value in found:
        key = (within(steps), value)
        if key not in seen:
            seen[key] = steps
            continue
        first = document.place_of(seen[key])
        yield Problem(
            code="twice",
            place=document.place_of(steps),
            message=Text(
                f"{what.ja} {value} は {first.line} 行目にもあります。",
                f"The {what.en} {value} already stands in line {first.line}.",
            ),
            advice=Text("どちらかを別のコードにするか、消してください。", "Give one another code, or remove it."),
        )


def _clause_marks(value: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "clauses" and isinstance(inner, list):
                yield from (((*steps, key, index), mark) for index, mark in enumerate(inner))
            else:
                yield from _clause_marks(inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _clause_marks(inner, (*steps, index))

"""A section of the policy as fields, made from the language's own model, and back from what was posted.

A field's name is its path in the document (``organisations.0.name.ja``), so a finding at a place of
the document is a finding at a field. ``rows.#`` says how many rows a list has, ``part.!`` that an
optional part is there, ``field.=`` that the document states what silence
would mean, ``choices.^`` in which order it lists. What is empty and may be left out is left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from daicho.policy.editing.words import KEYS, key_words, value_words
from daicho.policy.language import Policy
from daicho.policy.language.reading import REFERENCES
from daicho.words.text import Text

Steps = tuple[str | int, ...]
Posted = Mapping[str, Sequence[str]]
_NOT_EDITED: Final = frozenset({"format", "base", "clauses"})
#: Called by their short name, although the model describes them in a sentence.
_ALWAYS_SAID: Final = frozenset({"clauses", "code"})
_LONG: Final = 40


class Shape(StrEnum):
    """How a field is shown."""

    WORDS = "words"
    NUMBER = "number"
    DAY = "day"
    FLAG = "flag"
    PAIR = "pair"  # a text in two languages
    LIST = "list"  # words, one a line
    CHOICE = "choice"
    CHOICES = "choices"
    PART = "part"
    ROWS = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value to choose."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; ``parts`` are a part's fields, or a list's rows. ``there`` is False for a part left out."""

    shape: Shape
    steps: Steps
    label: Text
    required: bool
    value: Any = None
    options: tuple[Option, ...] = ()
    parts: tuple["Field", ...] = field(default=())
    there: bool = True
    stated: bool = False  # the document says it, although it is what silence would mean

    @property
    def name(self) -> str:
        return ".".join(str(step) for step in self.steps)

    @property
    def anchor(self) -> str:
        """The element's id."""
        return anchor_of(self.steps)

    @property
    def lines(self) -> str:
        """A list's words, one a line."""
        return "\n".join(str(one) for one in self.value or [])

    @property
    def is_long(self) -> bool:
        """Whether its words want more than a line."""
        said = self.value.values() if isinstance(self.value, dict) else [self.value]
        return any(len(str(one)) > _LONG or "\n" in str(one) for one in said if one)


def anchor_of(steps: Sequence[str | int]) -> str:
    """The id of the field at ``steps``."""
    return "-".join(["f", *(str(step) for step in steps)])


def sections() -> Mapping[str, Text]:
    """The sections a form exists for, in the document's order."""
    return {key: _label(key, info) for key, info in Policy.model_fields.items() if key not in _NOT_EDITED}


def form_of(section: str, document: Mapping[str, Any]) -> Field:
    """The fields of a section as the plain document has it."""
    info = Policy.model_fields[section]
    return _field(info.annotation, (section,), document.get(section), _label(section, info), info, document)


def read_form(section: str, posted: Posted) -> Any:
    """The section's plain value as posted; None if it is left out."""
    return _read(Policy.model_fields[section].annotation, (section,), posted)


# ── what a type is ───────────────────────────────────────────────────────────────────────


def _kind(annotation: Any, steps: Steps) -> tuple[Shape, Any]:
    """How a type is shown, and the type inside."""
    kind = _bare(annotation)
    shape = _simple(kind, steps)
    if shape is not None:
        return shape, kind
    if get_origin(kind) is tuple:
        inner = _bare(get_args(kind)[0])
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return Shape.ROWS, inner
        chosen = (isinstance(inner, type) and issubclass(inner, StrEnum)) or _target((*steps, "*")) is not None
        return (Shape.CHOICES if chosen else Shape.LIST), inner
    return Shape.PART, kind


def _simple(kind: Any, steps: Steps) -> Shape | None:
    if kind is Text:
        return Shape.PAIR
    if kind is str:
        return Shape.WORDS if _target(steps) is None else Shape.CHOICE
    if get_origin(kind) is Literal or not isinstance(kind, type):
        return None
    found = {bool: Shape.FLAG, int: Shape.NUMBER, date: Shape.DAY}.get(kind)
    return Shape.CHOICE if found is None and issubclass(kind, StrEnum) else found


def _bare(annotation: Any) -> Any:
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in {Union, UnionType}:
            annotation = next(one for one in get_args(annotation) if one is not type(None))
        else:
            return annotation


def _target(steps: Sequence[str | int]) -> str | None:
    """The list a code at this place must be in."""
    pattern = ".".join("*" if isinstance(step, int) else step for step in steps)
    return dict(REFERENCES).get(pattern)


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """The keys of a part; the clause numbers last."""
    named = [(info.alias or name, info) for name, info in model.model_fields.items()]
    yield from (one for one in named if one[0] != "clauses")
    yield from (one for one in named if one[0] == "clauses")


def _label(key: str, info: FieldInfo) -> Text:
    """``質問。 Question.`` in the model's description, else what the key is called."""
    if key in KEYS and (key in _ALWAYS_SAID or not info.description):
        return KEYS[key]
    kind = _bare(info.annotation)
    described = info.description or (kind.__doc__ if isinstance(kind, type) and issubclass(kind, BaseModel) else "")
    ja, found, en = (described or "").partition("。 ")
    if not found:
        return key_words(key)
    return Text(ja, en.splitlines()[0].rstrip(".").split(". ")[0])


# ── fields ───────────────────────────────────────────────────────────────────────────────


def _field(
    annotation: Any, steps: Steps, value: Any, label: Text, info: FieldInfo, document: Mapping[str, Any]
) -> Field:
    shape, inner = _kind(annotation, steps)
    required = info.is_required()
    if shape is Shape.PART:
        parts = tuple(_parts(inner, steps, value or {}, document)) if value is not None or required else ()
        return Field(shape=shape, steps=steps, label=label, required=required, parts=parts, there=bool(parts))
    if shape is Shape.ROWS:
        rows = tuple(
            Field(
                shape=Shape.PART,
                steps=(*steps, index),
                label=_row_label(row, index, inner),
                required=True,
                parts=tuple(_parts(inner, (*steps, index), row, document)),
            )
            for index, row in enumerate(value or [])
        )
        return Field(shape=shape, steps=steps, label=label, required=required, parts=rows)
    stated = not required and value is not None and value == _default(info)
    if value is None and shape is Shape.FLAG:
        value = info.default
    options = tuple(_options(inner, steps, document)) if shape in {Shape.CHOICE, Shape.CHOICES} else ()
    return Field(shape=shape, steps=steps, label=label, required=required, value=value, options=options, stated=stated)


def _parts(
    model: type[BaseModel], steps: Steps, value: Mapping[str, Any], document: Mapping[str, Any]
) -> Iterator[Field]:
    for key, info in _fields(model):
        yield _field(info.annotation, (*steps, key), value.get(key), _label(key, info), info, document)


def _row_label(row: Mapping[str, Any], index: int, model: type[BaseModel] | None = None) -> Text:
    """What a row is called: its own name, its kind in the words of the closed list, its code, else its place."""
    for key in ("name", "label", "heading", "says", "text"):
        said = row.get(key)
        if isinstance(said, dict) and said.get("ja"):
            return Text(_cut(str(said["ja"])), _cut(str(said.get("en", ""))))
    for key in ("role", "document", "kind", "by", "promise", "on", "instrument", "standard"):
        known = _closed(model, key, row.get(key)) if model else None
        if known is not None:
            return known
    for key in ("kinds", "agents"):
        all_of = [_closed(model, key, one) for one in row.get(key) or ()] if model else []
        if all_of and None not in all_of:
            said = [one for one in all_of if one is not None]
            return Text(_cut("・".join(one.ja for one in said)), _cut(", ".join(one.en for one in said)))
    code = next((str(row[key]) for key in ("code", "kind", "document", "by", "promise", "on") if row.get(key)), "")
    return Text(code or f"{index + 1} 行目", code or f"Row {index + 1}")


def _closed(model: type[BaseModel], key: str, value: object) -> Text | None:
    """A value in the words of the closed list that the key takes; None for any other key or value."""
    info = model.model_fields.get(key)
    kind = _bare(info.annotation) if info else None
    if get_origin(kind) is tuple:
        kind = _bare(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, StrEnum) and value in set(kind):
        return value_words(kind(str(value)))
    return None


def _cut(words: str) -> str:
    return words if len(words) <= _LONG else words[:_LONG] + "…"


def _options(inner: Any, steps: Steps, document: Mapping[str, Any]) -> Iterator[Option]:
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        yield from (Option(value=one.value, label=value_words(one)) for one in inner)
        return
    target = _target(steps) or _target((*steps, "*")) or ""
    for row in _list_at(document, target):
        code = str(row.get("code", ""))
        name = _row_label({key: row[key] for key in ("name", "label", "says") if key in row} or {"code": code}, 0)
        yield Option(value=code, label=name)


def _list_at(document: Mapping[str, Any], path: str) -> Sequence[Mapping[str, Any]]:
    found: Any = document
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


# ── back from what was posted ────────────────────────────────────────────────────────────


def _read(annotation: Any, steps: Steps, posted: Posted) -> Any:
    shape, inner = _kind(annotation, steps)
    name = ".".join(str(step) for step in steps)
    if shape is Shape.PART:
        return _read_part(inner, steps, posted) if f"{name}.!" in posted else None
    if shape is Shape.ROWS:
        return [_read_part(inner, (*steps, index), posted) for index in range(_count(posted, f"{name}.#"))]
    if shape is Shape.PAIR:
        pair = {language: _said(posted, f"{name}.{language}") for language in ("ja", "en")}
        return pair if any(pair.values()) else None
    if shape is Shape.CHOICES:
        return _in_old_order(posted.get(name, ()), _said(posted, f"{name}.^").split())
    if shape is Shape.LIST:
        return [line.strip() for line in _said(posted, name).split("\n") if line.strip()]
    return _READ[shape](_said(posted, name))


def _read_part(model: type[BaseModel], steps: Steps, posted: Posted) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, info in _fields(model):
        value = _read(info.annotation, (*steps, key), posted)
        if info.is_required():
            found[key] = _nothing(info.annotation, (*steps, key)) if value is None else value
        elif value is not None and (value != _default(info) or f"{'.'.join(map(str, (*steps, key)))}.=" in posted):
            found[key] = value
    return found


def _in_old_order(chosen: Sequence[str], old: Sequence[str]) -> list[str]:
    """Boxes come in the order of the screen; what stood in the document keeps its place there."""
    return [*(one for one in old if one in chosen), *(one for one in chosen if one not in old)]


def _default(info: FieldInfo) -> Any:
    return list(info.default) if isinstance(info.default, tuple) else info.default


def _nothing(annotation: Any, steps: Steps) -> Any:
    """What stands for a required value that was left empty, so that the error stands at its field."""
    shape, _ = _kind(annotation, steps)
    return {Shape.PAIR: {"ja": "", "en": ""}, Shape.PART: {}}.get(shape, "")


def _said(posted: Posted, name: str) -> str:
    said = posted.get(name) or [""]
    return said[-1].replace("\r\n", "\n").strip()


def _count(posted: Posted, name: str) -> int:
    said = _said(posted, name)
    return min(int(said), 500) if said.isascii() and said.isdigit() else 0


def _number(said: str) -> int | str | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else said or None  # noqa: PLR2004


def _day(said: str) -> date | str | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return said or None


_READ: Final[Mapping[Shape, Callable[[str], Any]]] = {
    Shape.NUMBER: _number,
    Shape.DAY: _day,
    Shape.FLAG: lambda said: said == "yes",
    Shape.WORDS: lambda said: said or None,
    Shape.CHOICE: lambda said: said or None,
}


# ── rows and optional parts ──────────────────────────────────────────────────────────────


def changed_rows(value: Any, act: str, section: str) -> Any:
    """The section's value after ``add:path``, ``remove:path``, ``up:path``, ``down:path`` or ``part:path``."""
    verb, _, path = act.partition(":")
    steps = [int(step) if step.isdigit() else step for step in path.split(".")]
    if steps[0] != section:
        return value
    box = {section: value}
    around: Any = box
    for step in steps[:-1]:
        around = around.setdefault(step, {}) if isinstance(around, dict) else around[int(step)]
    last: Any = steps[-1]
    if verb == "add":
        around[last] = [*(around.get(last) or []), {}]
    elif verb == "part":
        around[last] = {}
    elif isinstance(around, list) and isinstance(last, int):
        _move(around, last, verb)
    elif verb == "remove":
        around.pop(last, None)
    return box.get(section)


def _move(rows: list[Any], index: int, verb: str) -> None:
    row = rows.pop(index)
    if verb != "remove":
        rows.insert(max(0, index + (-1 if verb == "up" else 1)), row)

"""YAML documents whose every error is reported with its line and column, all at once.

Only plain YAML is read: mappings, lists, scalars. Anchors, aliases, tags and duplicate
keys are refused, and so are documents that are too large or too deep; a document about
the handling of people should read the same to a person and to a machine.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from yaml.reader import ReaderError

from daicho.words.errors import DocumentError, Place, Problem
from daicho.words.text import Language, Text

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 40
_TOO_DEEP: Final = Text("入れ子が深すぎます。", "Nested too deeply.")
_FLATTEN: Final = Text("構造を見直してください。", "Flatten the structure.")

Step = str | int
M = TypeVar("M", bound=BaseModel)

_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)


@dataclass(slots=True)
class Document:
    """A parsed document: its plain value and where each part of it stands."""

    path: str
    value: Any
    places: dict[tuple[Step, ...], Place] = field(default_factory=dict)

    def place_of(self, steps: Sequence[Step]) -> Place:
        """The place of ``steps``, or of the nearest part around it that has one."""
        trail = tuple(steps)
        while trail not in self.places and trail:
            trail = trail[:-1]
        return self.places.get(trail, Place(path=self.path, line=1, column=1))


def read_document(raw: bytes, *, path: str) -> Document:
    """Parse ``raw`` (UTF-8 YAML; ``path`` is only its name in messages).

    Raises:
        DocumentError: not UTF-8, not YAML, not plain YAML, too large, or duplicate keys.
    """
    if len(raw) > MAX_BYTES:
        raise DocumentError(
            [
                _problem(
                    path,
                    "too-large",
                    "文書が大きすぎます。",
                    "The document is too large.",
                    f"{MAX_BYTES:,} バイト以内に分けてください。",
                    f"Split it into files of at most {MAX_BYTES:,} bytes.",
                )
            ]
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DocumentError(
            [
                _problem(
                    path,
                    "not-utf8",
                    "UTF-8 ではない文字があります。",
                    "There is a byte that is not UTF-8.",
                    "UTF-8 で保存し直してください。",
                    "Save the file as UTF-8.",
                    line,
                )
            ]
        ) from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise DocumentError([_syntax_problem(path, text, error)]) from None  # it quotes the document
    except RecursionError:
        place = Place(path=path, line=1, column=1)
        raise DocumentError([Problem(code="too-deep", place=place, message=_TOO_DEEP, advice=_FLATTEN)]) from None
    document = Document(path=path, value=None, places={(): Place(path=path, line=1, column=1)} if root is None else {})
    problems: list[Problem] = []
    if root is not None:
        document.value = _plain(root, (), document, problems)
    if problems:
        raise DocumentError(problems)
    return document


def validate(model: type[M], document: Document, *, context: Any = None) -> M:
    """Build ``model`` from the document.

    Raises:
        DocumentError: with every error the model finds, each at its line and column.
    """
    try:
        return model.model_validate(document.value, context=context)
    except ValidationError as error:
        raise DocumentError(_model_problems(model, document, error)) from None  # it holds the values


def problems_of(model: type[BaseModel], value: Any, error: ValidationError, *, path: str) -> list[Problem]:
    """What a model found wrong in a value that came without lines (JSON): each place is the path of its names."""
    return _model_problems(model, Document(path=path, value=value), error)


def _problem(path: str, code: str, ja: str, en: str, do_ja: str, do_en: str, line: int = 1, column: int = 1) -> Problem:
    return Problem(
        code=code, place=Place(path=path, line=line, column=column), message=Text(ja, en), advice=Text(do_ja, do_en)
    )


#: Part of PyYAML's message → what we say; its own words quote the document.
_SYNTAX: Final = (
    ("alias", "定義のない別名（*）", "an alias (*) that nothing defines"),
    ("mapping values are not allowed", "値の置けない所にあるコロン", "a colon where no value can stand"),
    ("could not find expected ':'", "コロンのない見出し", "a key without its colon"),
    ("quoted scalar", "閉じていない引用符", "a quote that is not closed"),
    ("cannot start any token", "ここに置けない文字", "a character that cannot stand here"),
    ("expected <block end>", "そろっていない字下げ", "indentation that does not line up"),
    ("special characters are not allowed", "使えない文字", "a character that is not allowed"),
)


def _syntax_problem(path: str, text: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if isinstance(error, ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    said = f"{getattr(error, 'problem', None) or ''} {getattr(error, 'reason', '')}"
    ja, en = next(((ja, en) for part, ja, en in _SYNTAX if part in said), ("書式の誤り", "a mistake in its form"))
    return _problem(
        path,
        "not-yaml",
        f"YAML として読めません（{ja}）。",
        f"Not readable as YAML ({en}).",
        "字下げ、コロン、引用符を確かめてください。",
        "Check indentation, colons and quotes.",
        line,
        column,
    )


def _plain(node: yaml.Node, steps: tuple[Step, ...], document: Document, problems: list[Problem]) -> Any:
    mark = node.start_mark
    place = Place(path=document.path, line=mark.line + 1, column=mark.column + 1)
    if steps in document.places:
        problems.append(
            Problem(
                code="alias",
                place=place,
                message=Text("別名（&, *）は使えません。", "Anchors and aliases are not used here."),
                advice=Text("内容をそのまま書いてください。", "Write the content out."),
            )
        )
        return None
    document.places[steps] = place
    if len(steps) > MAX_DEPTH:
        problems.append(
            Problem(
                code="too-deep",
                place=place,
                message=_TOO_DEEP,
                advice=_FLATTEN,
            )
        )
        return None
    if node.tag not in _PLAIN_TAGS:
        problems.append(
            Problem(
                code="tag",
                place=place,
                message=Text("タグは使えません。", "Tags are not used here."),
                advice=Text("タグを消してください。", "Remove the tag."),
            )
        )
        return None
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(node, steps, document, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*steps, index), document, problems) for index, item in enumerate(node.value)]
    return _scalar(node, place, problems)


def _plain_mapping(
    node: yaml.MappingNode, steps: tuple[Step, ...], document: Document, problems: list[Problem]
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        place = Place(path=document.path, line=mark.line + 1, column=mark.column + 1)
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith(":merge"):
            problems.append(
                Problem(
                    code="key",
                    place=place,
                    message=Text("見出しは文字列で書きます。", "A key must be a plain word."),
                    advice=Text("見出しを文字列に直してください。", "Write the key as a word."),
                )
            )
            continue
        key = str(key_node.value)
        if key in result:
            problems.append(
                Problem(
                    code="duplicate-key",
                    place=place,
                    message=Text("同じ見出しが二度あります。", "This key appears twice."),
                    advice=Text("どちらかを消してください。", "Remove one of them."),
                )
            )
            continue
        result[key] = _plain(value_node, (*steps, key), document, problems)
        document.places[(*steps, key)] = place
    return result


def _scalar(node: yaml.Node, place: Place, problems: list[Problem]) -> Any:
    constructor = yaml.SafeLoader("")
    try:
        return constructor.construct_object(node)
    except (yaml.YAMLError, ValueError):
        problems.append(
            Problem(
                code="value",
                place=place,
                message=Text("値を読めません。", "The value cannot be read."),
                advice=Text(
                    "日付などの書き方を確かめるか、引用符で囲んでください。",
                    "Check dates and numbers, or put the value in quotes.",
                ),
            )
        )
        return None


_WORDS: Final[dict[str, tuple[str, str, str, str]]] = {
    "missing": ("{field} がありません。", "{field} is missing.", "{field} を書いてください。", "Write {field}."),
    "extra_forbidden": (
        "{field} という見出しはありません。",
        "There is no key {field}.",
        "綴りを確かめるか、消してください。",
        "Check the spelling, or remove it.",
    ),
    "string_type": (
        "{field} は文字列で書きます。",
        "{field} must be text.",
        "引用符で囲んでください。",
        "Put it in quotes.",
    ),
    "string_pattern_mismatch": (
        "{field} の書き方が違います。",
        "{field} is not written in the expected form.",
        "形式 {pattern} に合わせてください。",
        "Follow the pattern {pattern}.",
    ),
    "string_too_short": ("{field} が空です。", "{field} is empty.", "内容を書いてください。", "Write something."),
    "too_short": (
        "{field} は {min_length} 件以上必要です。",
        "{field} needs at least {min_length} entry(ies).",
        "項目を足してください。",
        "Add entries.",
    ),
    "too_long": (
        "{field} は {max_length} 件までです。",
        "{field} takes at most {max_length} entry(ies).",
        "項目を減らしてください。",
        "Remove entries.",
    ),
    "string_too_long": (
        "{field} が長すぎます。",
        "{field} is too long.",
        "{max_length} 文字以内にしてください。",
        "Use at most {max_length} characters.",
    ),
    "greater_than_equal": (
        "{field} が小さすぎます。",
        "{field} is too small.",
        "{ge} 以上にしてください。",
        "Write at least {ge}.",
    ),
    "less_than_equal": (
        "{field} が大きすぎます。",
        "{field} is too large.",
        "{le} 以下にしてください。",
        "Write at most {le}.",
    ),
    "int_type": (
        "{field} は整数で書きます。",
        "{field} must be a whole number.",
        "整数に直してください。",
        "Write a whole number.",
    ),
    "int_parsing": (
        "{field} は整数で書きます。",
        "{field} must be a whole number.",
        "整数に直してください。",
        "Write a whole number.",
    ),
    "bool_type": (
        "{field} は yes か no です。",
        "{field} must be yes or no.",
        "yes か no にしてください。",
        "Write yes or no.",
    ),
    "bool_parsing": (
        "{field} は yes か no です。",
        "{field} must be yes or no.",
        "yes か no にしてください。",
        "Write yes or no.",
    ),
    "enum": (
        "{field} に使える値ではありません。",
        "{field} has a value that is not in the list.",
        "{expected} のどれかにしてください。",
        "Use one of {expected}.",
    ),
    "literal_error": (
        "{field} に使える値ではありません。",
        "{field} has a value that is not in the list.",
        "{expected} のどれかにしてください。",
        "Use one of {expected}.",
    ),
    "list_type": (
        "{field} は一覧で書きます。",
        "{field} must be a list.",
        "「- 」で始まる行に分けてください。",
        "Write lines that begin with “- ”.",
    ),
    "dict_type": (
        "{field} は見出しと値で書きます。",
        "{field} must be keys and values.",
        "「見出し: 値」の形にしてください。",
        "Write “key: value” lines.",
    ),
    "model_type": (
        "{field} は見出しと値で書きます。",
        "{field} must be keys and values.",
        "「見出し: 値」の形にしてください。",
        "Write “key: value” lines.",
    ),
    "date_from_datetime_parsing": (
        "{field} は日付ではありません。",
        "{field} is not a date.",
        "2026-11-23 の形で書いてください。",
        "Write it as 2026-11-23.",
    ),
    "date_type": (
        "{field} は日付ではありません。",
        "{field} is not a date.",
        "2026-11-23 の形で書いてください。",
        "Write it as 2026-11-23.",
    ),
    "date_parsing": (
        "{field} は日付ではありません。",
        "{field} is not a date.",
        "2026-11-23 の形で書いてください。",
        "Write it as 2026-11-23.",
    ),
}


def _model_problems(model: type[BaseModel], document: Document, error: ValidationError) -> list[Problem]:
    problems = []
    items = error.errors(include_url=False, include_input=False)
    for item in items:
        steps = item["loc"]
        code = item["type"]
        name = _sayable_name(model, document, steps)
        if code == "too_short" and any(
            len(other["loc"]) > len(steps) == _common(other["loc"], steps) for other in items
        ):
            continue  # pydantic counts the entries that are right; what is wrong with the others is said already
        facts = {
            "field": name,
            "pattern": "",
            "expected": "",
            "min_length": "",
            **item.get("ctx", {}),
        }
        raised = facts.get("error")
        if isinstance(raised, SayableError):
            problems.append(
                Problem(
                    code=raised.code,
                    place=_place(document, (*steps, *raised.steps), ".".join([name, *map(str, raised.steps)])),
                    message=raised.message,
                    advice=raised.advice,
                )
            )
            continue
        ja, en, do_ja, do_en = _WORDS.get(
            code,
            (
                "{field} の値が正しくありません。",
                "{field} has a wrong value.",
                "docs の書式を確かめてください。",
                "Check the format in the docs.",
            ),
        )
        problems.append(
            Problem(
                code=code.replace("_", "-"),
                place=_place(document, steps, name),
                message=Text(ja, en).with_values(**facts),
                advice=Text(do_ja, do_en).with_values(**facts),
            )
        )
    return sorted(problems, key=lambda problem: (problem.place.line, problem.place.column))


def _place(document: Document, steps: Sequence[Step], name: str) -> Place:
    """Line and column where they are known, else the names that lead there."""
    return document.place_of(steps) if document.places else Place(path=f"{document.path}/{name.replace('.', '/')}")


def _common(one: Sequence[Step], other: Sequence[Step]) -> int:
    """How many steps two paths share from the start."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


#: An unknown key is repeated only when it is a slip of the pen for a known one; anything else may be a value.
_WORD: Final = re.compile(r"[a-z][a-z0-9_.-]{0,40}")
_CLOSE: Final = 0.6


def _sayable_name(model: type[BaseModel], document: Document, steps: Sequence[Step]) -> str:
    """The path of ``steps`` with the model's own names; free keys by their number, as ``[2]``.

    A missing space or colon turns a personal value into a key, so no other key is repeated.
    """
    types: list[Any] = [model]
    value: Any = document.value
    said: list[str] = []
    for step in steps:
        known = {name for one in types if _is_model(one) for name in _names(one)}
        known |= set(Language) if Text in types else set()
        if isinstance(step, int) or step in known or not (isinstance(value, dict) and step in value):
            said.append(str(step))
        elif _WORD.fullmatch(step) and difflib.get_close_matches(step, known, n=1, cutoff=_CLOSE):
            said.append(step)
        else:
            said.append(f"[{list(value).index(step) + 1}]")
        below = [kind for one in types for kind in _below(one, step)]
        is_there = isinstance(value, dict) and step in value
        is_there = is_there or (isinstance(value, list) and isinstance(step, int) and step < len(value))
        if is_there:
            value, types = value[step], below
        elif below:
            types = below
    return ".".join(said) or "(document)"


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _names(model: type[BaseModel]) -> dict[str, Any]:
    """The keys of a model → their types."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _below(kind: Any, step: Step) -> list[Any]:
    """The types a step into a type can lead to."""
    if _is_model(kind):
        return _open(_names(kind).get(str(step)))
    parts = [part for part in get_args(kind) if part is not Ellipsis]
    return _open(parts[-1]) if parts else []


def _open(kind: Any) -> list[Any]:
    """A type without what is written around it; a union is all its members."""
    if get_origin(kind) is Annotated:
        return _open(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [one for part in get_args(kind) for one in _open(part)]
    return [] if kind is None else [kind]


class SayableError(ValueError):
    """Raised inside a pydantic validator: an error in both languages, with the steps to its place.

    ``steps`` is relative to the model whose validator raises it.
    """

    def __init__(self, code: str, message: Text, *, advice: Text, steps: Sequence[Step] = ()) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message
        self.advice = advice
        self.steps = tuple(steps)

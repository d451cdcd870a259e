"""Writing a changed value back into a YAML text: only what changed is written anew.

Everything else, order, comments, quotes, line breaks, stands as it stood. A text is taken apart by
the positions its reader keeps; a list's entries travel with the comments above them. A library that
keeps comments through a whole load and dump was considered: it reads by another version of YAML
(there ``yes`` is a word) and lays every line out anew, so each save would have touched all of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import yaml

from daicho.words.documents import read_document
from daicho.words.errors import DaichoError
from daicho.words.text import Text

#: Up to here a mapping or list is written in one line.
_ONE_LINE: Final = 100
_UNREADABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


class NotWrittenError(DaichoError):
    """The text cannot be written back without touching what was not changed."""

    code = "policy-not-written"


def rewrite(source: str, new: Mapping[str, Any]) -> str:
    """``source`` changed so that it reads as ``new``.

    Raises:
        NotWrittenError: the result would read differently; nothing is lost, it can be edited as text.
    """
    root = yaml.compose(source, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        text = _Text(source)
        written = source[: root.start_mark.index] + text.write(root, dict(new)) + source[text.end(root) :]
        if read_document(written.encode(), path="").value == new:
            return written
    raise NotWrittenError(
        Text("この文書の書き方では、項目から書き戻せません。", "This document cannot be written back from fields."),
        advice=Text("「本文を編集」で直してください。", "Edit it as text instead."),
    )


class _Text:
    """A text and the positions in it."""

    def __init__(self, source: str) -> None:
        self.source = source

    # ── positions ────────────────────────────────────────────────────────────────────────

    def end(self, node: yaml.Node) -> int:
        """Where a part ends; a block's last line counts with its comment."""
        if isinstance(node, yaml.ScalarNode):
            end = node.end_mark.index
            if node.style in {"|", ">"}:
                end = node.start_mark.index + len(self.source[node.start_mark.index : end].rstrip())
            return int(end)
        if _in_a_line(node) or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self.line_end(self.end(last[1] if isinstance(last, tuple) else last))

    def line_end(self, index: int) -> int:
        found = self.source.find("\n", index)
        return len(self.source) if found < 0 else found

    def of(self, node: yaml.Node) -> str:
        return self.source[node.start_mark.index : self.end(node)]

    # ── values ───────────────────────────────────────────────────────────────────────────

    def write(self, node: yaml.Node, new: Any) -> str:
        """The text of ``node`` so that it reads as ``new``."""
        old = _value(node)
        if old == new and type(old) is type(new):
            return self.of(node)
        if isinstance(node, yaml.MappingNode) and isinstance(new, dict) and node.value and new:
            if not _in_a_line(node):
                return self.mapping(node, new)
            if set(old) == set(new):
                return self.in_place(node, [(value, new[key.value]) for key, value in node.value])
        if isinstance(node, yaml.SequenceNode) and isinstance(new, list) and node.value and new:
            if not _in_a_line(node):
                return self.sequence(node, new)
            if len(old) == len(new):
                return self.in_place(node, list(zip(node.value, new, strict=True)))
        return one_line(new)

    def in_place(self, node: yaml.Node, children: list[tuple[yaml.Node, Any]]) -> str:
        """A one-line collection whose shape stays: each child where it stands."""
        parts, at = [], node.start_mark.index
        for child, new in children:
            parts += [self.source[at : child.start_mark.index], self.write(child, new)]
            at = self.end(child)
        return "".join([*parts, self.source[at : self.end(node)]])

    def mapping(self, node: yaml.MappingNode, new: dict[str, Any]) -> str:
        column = node.start_mark.column
        rows: list[tuple[str | None, str]] = []
        after = None
        for key, value in node.value:
            start, end = key.start_mark.index, self.line_end(self.end(value))
            lead = None if after is None else self.source[after + 1 : start]
            after = end
            if key.value in new:
                rows.append((lead, self.entry(key, value, new[key.value], column, end)))
        known = {key.value for key, _ in node.value}
        rows += [(None, _entry(key, value, column)) for key, value in new.items() if key not in known]
        return _joined(rows, column)

    def entry(self, key: yaml.Node, value: yaml.Node, new: Any, column: int, end: int) -> str:
        """``key: value`` with what stands behind it in its line."""
        old = _value(value)
        if old == new and type(old) is type(new):
            return self.source[key.start_mark.index : end]
        behind = self.source[self.end(value) : end]
        if _keeps_shape(value, old, new):
            between = self.source[key.end_mark.index : value.start_mark.index]
            if value.start_mark.index == value.end_mark.index:
                between = ": "
            return self.of(key) + between + self.write(value, new) + behind
        written = _entry(str(key.value), new, column)
        return written if "\n" in written and not behind.strip() else written + behind

    def sequence(self, node: yaml.SequenceNode, new: list[Any]) -> str:
        column = node.start_mark.column
        dashes = [
            found.end() - 1
            for found in re.finditer(rf"^ {{{column}}}-", self.source[: self.end(node)], re.MULTILINE)
            if found.end() - 1 > node.start_mark.index
        ]
        spans: list[tuple[str | None, int, yaml.Node, int]] = []
        after = None
        for item in node.value:
            before = [dash for dash in dashes if dash < item.start_mark.index and (after is None or dash > after)]
            dash = node.start_mark.index if after is None or not before else before[0]
            end = self.line_end(self.end(item))
            spans.append((None if after is None else self.source[after + 1 : dash], dash, item, end))
            after = end
        rows: list[tuple[str | None, str]] = []
        for position, value in _matched([_value(item) for item in node.value], new):
            if position is None:
                rows.append((None, _item(value, column)))
                continue
            lead, dash, item, end = spans[position]
            if _keeps_shape(item, _value(item), value):
                body = self.source[dash : item.start_mark.index] + self.write(item, value)
                rows.append((lead, body + self.source[self.end(item) : end]))
            else:
                rows.append((lead, _item(value, column)))
        return _joined(rows, column)


def _in_a_line(node: yaml.Node) -> bool:
    """Whether a collection is written with brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _keeps_shape(node: yaml.Node, old: Any, new: Any) -> bool:
    """Whether a new value can be written where the old one stands."""
    if isinstance(old, dict) and isinstance(new, dict):
        return bool(new) and (not _in_a_line(node) or set(old) == set(new))
    if isinstance(old, list) and isinstance(new, list):
        return bool(new) and bool(old) and (not _in_a_line(node) or len(old) == len(new))
    return not isinstance(old, dict | list) and not isinstance(new, dict | list)


def _matched(old: list[Any], new: list[Any]) -> Iterator[tuple[int | None, Any]]:
    """Each new entry with the place of the old one it came from: the same, of the same code, or the next left."""
    left = dict(enumerate(old))
    found: dict[int, int] = {}

    def pair(alike: Any) -> None:
        for at, value in enumerate(new):
            if at not in found:
                place = next((place for place, was in left.items() if alike(was, value)), None)
                if place is not None:
                    found[at] = place
                    del left[place]

    pair(lambda was, value: was == value)
    pair(lambda was, value: isinstance(was, dict) and isinstance(value, dict) and "code" in was and _code(was, value))
    pair(lambda was, value: type(was) is type(value) and not (isinstance(was, dict) and "code" in was))
    yield from ((found.get(at), value) for at, value in enumerate(new))


def _code(was: dict[str, Any], value: dict[str, Any]) -> bool:
    return bool(was["code"] == value.get("code"))


def _joined(rows: list[tuple[str | None, str]], column: int) -> str:
    """Rows one under another, each with the comments above it; the first begins where the block does."""
    indent = " " * column
    written = []
    for number, (lead, body) in enumerate(rows):
        above = indent if lead is None else lead
        if number == 0:
            above = re.sub(r"\A(?:[ \t]*\n)+", "", above).removeprefix(indent)
        written.append(above + body)
    return "\n".join(written)


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    return yaml.SafeLoader("").construct_object(node)


# ── new text ─────────────────────────────────────────────────────────────────────────────


def one_line(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {one_line(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(one_line(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return _words(str(value)) if value is not None else "null"


def _words(words: str) -> str:
    """Plain where it reads the same, else in double quotes."""
    if words and "\n" not in words:
        try:
            if yaml.safe_load(f"[{words}]") == [words] and yaml.safe_load(f"k: {words}") == {"k": words}:
                return words
        except (yaml.YAMLError, ValueError):
            pass
    quoted = json.dumps(words, ensure_ascii=False)
    return _UNREADABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _entry(key: str, value: Any, column: int) -> str:
    line = f"{key}: {one_line(value)}"
    if _fits(value, line):
        return line
    if isinstance(value, dict):
        inner = " " * (column + 2)
        return f"{key}:\n" + "\n".join(inner + _entry(name, part, column + 2) for name, part in value.items())
    return f"{key}:\n" + "\n".join(" " * (column + 2) + _item(part, column + 2) for part in value)


def _item(value: Any, column: int) -> str:
    line = f"- {one_line(value)}"
    if _fits(value, line) or not isinstance(value, dict):
        return line
    indent = "\n" + " " * (column + 2)
    return "- " + indent.join(_entry(name, part, column + 2) for name, part in value.items())


def _fits(value: Any, line: str) -> bool:
    if isinstance(value, dict):
        return len(line) <= _ONE_LINE and not any(isinstance(inner, dict | list) for inner in value.values())
    if isinstance(value, list):
        flat = not any(isinstance(inner, dict | list) for inner in value)
        return not value or (flat and len(line) <= _ONE_LINE)
    return True

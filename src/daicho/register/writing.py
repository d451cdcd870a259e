"""The canonical form of a register document: its plain value, its YAML, its digest.

What was applied can be exported in the same words: defaults are left out, order is kept,
short parts stand on one line.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import yaml
from pydantic import BaseModel

FLOW_WIDTH: Final = 110


def plain(model: BaseModel) -> dict[str, Any]:
    """The document as mappings, lists and scalars, without defaults."""
    value = _plain(model.model_dump(mode="python", exclude_defaults=True))
    if not isinstance(value, dict):
        raise TypeError(type(model).__name__)
    return value


def digest_of(value: Mapping[str, Any]) -> str:
    """SHA-256 hex of a plain value; the order of keys counts, because it is the order people read."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, default=str).encode()).hexdigest()


def to_yaml(value: Mapping[str, Any]) -> str:
    """The plain value in the words a person writes."""
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=FLOW_WIDTH + 40)
    return re.sub(r"^( *(?:- )?)'on':", r"\1on:", text, flags=re.MULTILINE)  # keys are words to our reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One key that changes; None = not there."""

    path: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changes between two plain values, at the deepest key that differs."""
    return list(_differences(before, after, ()))


def _differences(before: Any, after: Any, path: tuple[str, ...]) -> list[Difference]:
    if before == after:
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = dict.fromkeys([*before, *after])
        found = [one for key in keys for one in _differences(before.get(key), after.get(key), (*path, str(key)))]
        return found or [Difference(path=".".join((*path, "(order)")), before=list(before), after=list(after))]
    return [Difference(path=".".join(path), before=before, after=after)]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return {"yes": True, "no": False}.get(value.value, value.value)
    return value


class _Dumper(yaml.SafeDumper):
    """``yes`` and ``no`` for booleans; leaves and short lists on one line."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (PyYAML's)
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 (PyYAML's)
        super().increase_indent(flow, indentless=False)


def _represent_bool(dumper: yaml.SafeDumper, value: bool) -> yaml.Node:  # noqa: FBT001 (PyYAML's)
    return dumper.represent_scalar("tag:yaml.org,2002:bool", "yes" if value else "no")


def _represent_mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
    flow = not any(isinstance(part, dict) and len(part) > 2 for part in value.values())  # noqa: PLR2004 ({ja, en} is a leaf)
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=flow and _short(value))


def _represent_list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    flow = all(not isinstance(part, dict) for part in value) and _short(value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow)


def _short(value: Any) -> bool:
    return len(json.dumps(value, ensure_ascii=False, default=str)) <= FLOW_WIDTH


_Dumper.add_representer(bool, _represent_bool)
_Dumper.add_representer(dict, _represent_mapping)
_Dumper.add_representer(list, _represent_list)

"""The settings a kind of store takes: a closed list, checked as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from daicho.stores.port import StoreSettings
from daicho.words.errors import InputError
from daicho.words.text import Text


class SettingType(StrEnum):
    """What is written as a setting's value."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 (a word of the language, no secret)
    PATH = "path"
    NUMBER = "number"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a kind of store. ``choices`` empty = any value of the type."""

    name: str
    words: Text
    type: SettingType = SettingType.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """What is wrong with one setting; ``name`` is where it stands in the document."""

    name: str
    code: str
    message: Text
    advice: Text


def check_settings(known: Sequence[Setting], values: Mapping[str, Any]) -> list[SettingProblem]:
    """Everything wrong with ``values``: unknown names, missing ones, wrong types, values outside the choices."""
    problems = [_unknown(name, known) for name in values if name not in {setting.name for setting in known}]
    for setting in known:
        if setting.name not in values:
            if setting.required:
                problems.append(_missing(setting))
        elif not _is_of_type(setting, values[setting.name]):
            problems.append(_wrong(setting))
    return problems


def require_settings(known: Sequence[Setting], settings: StoreSettings) -> Mapping[str, Any]:
    """The checked values.

    Raises:
        InputError: naming every setting that is wrong; never a value.
    """
    problems = check_settings(known, settings.values)
    if problems:
        raise InputError(
            Text(
                f"保管先 {settings.code} の設定：{' '.join(problem.message.ja for problem in problems)}",
                f"Settings of store {settings.code}: {' '.join(problem.message.en for problem in problems)}",
            ),
            advice=Text(
                " ".join(problem.advice.ja for problem in problems), " ".join(problem.advice.en for problem in problems)
            ),
        )
    return settings.values


def path_of(settings: StoreSettings, name: str) -> Path:
    """A path setting; a relative path is relative to the base folder."""
    return Path(settings.base_folder) / str(settings.values[name])


def server_of(host: str, port: str) -> str:
    """A database server's address, written one way for every way of saying this machine."""
    here = not host or host.startswith(("/", "127.")) or host.lower() in {"localhost", "::1"}
    return f"{'localhost' if here else host.lower()}:{port or '5432'}"


def _is_of_type(setting: Setting, value: Any) -> bool:
    fits = False
    match setting.type:
        case SettingType.TEXT | SettingType.PATH:
            fits = isinstance(value, str) and bool(value)
        case SettingType.SECRET:
            fits = isinstance(value, str) and value.startswith("env:") and len(value) > len("env:")
        case SettingType.NUMBER:
            fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case SettingType.MAPPING:
            fits = isinstance(value, Mapping)
    return fits and (not setting.choices or value in setting.choices)


def _unknown(name: str, known: Sequence[Setting]) -> SettingProblem:
    names = ", ".join(setting.name for setting in known)
    return SettingProblem(
        name,
        "unknown-setting",
        Text(f"{name} という設定はありません。", f"There is no setting {name}."),
        Text(f"使えるのは {names} です。", f"Known settings are {names}."),
    )


def _missing(setting: Setting) -> SettingProblem:
    return SettingProblem(
        setting.name,
        "missing-setting",
        Text(f"{setting.name}（{setting.words.ja}）がありません。", f"{setting.name} ({setting.words.en}) is missing."),
        Text(f"{setting.name} を書いてください。", f"Write {setting.name}."),
    )


_TYPE_WORDS = {
    SettingType.TEXT: Text("文字", "a text"),
    SettingType.PATH: Text("パス", "a path"),
    SettingType.SECRET: Text(
        "env:名前 の形の参照（値そのものは書かない）", "a reference env:NAME, never the value itself"
    ),
    SettingType.NUMBER: Text("0 以上の整数", "a whole number from 0"),
    SettingType.MAPPING: Text("名前と値の組", "a mapping"),
}


def _wrong(setting: Setting) -> SettingProblem:
    wanted = _TYPE_WORDS[setting.type]
    if setting.choices:
        wanted = Text(" / ".join(setting.choices), " / ".join(setting.choices))
    return SettingProblem(
        setting.name,
        "wrong-setting",
        Text(f"{setting.name} の値が正しくありません。", f"{setting.name} has a wrong value."),
        Text(f"{setting.name} には {wanted.ja} を書いてください。", f"Write {wanted.en} for {setting.name}."),
    )

# ruff: noqa: INP001 (a script beside the pages it writes, not a package)
"""The command line as a page: every command, its options, the exit codes and the codes of errors."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, Final

import typer
from typer.main import get_command

import daicho
from daicho.cli.main import app
from daicho.words import errors
from daicho.words.text import Language

_GROUP_ORDER: Final = ("init", "migrate", "account", "keys", "policy", "store", "plan", "apply", "confirm", "coverage")


def commands() -> str:
    """Every command of the program, in the order in which an installation meets them."""
    top = get_command(app)
    return "\n".join(_told(top, ("daicho",)))


def _told(group: Any, path: tuple[str, ...]) -> Iterator[str]:
    names = sorted(group.commands, key=_rank) if len(path) == 1 else list(group.commands)
    for name in names:
        command = group.commands[name]
        if hasattr(command, "commands"):
            yield f"## `{' '.join((*path, name))}`\n\n{_line(command.help)}\n"
            yield from _told(command, (*path, name))
        else:
            yield _one(command, (*path, name))


def _rank(name: str) -> tuple[int, str]:
    return (_GROUP_ORDER.index(name) if name in _GROUP_ORDER else len(_GROUP_ORDER), name)


def _one(command: Any, path: tuple[str, ...]) -> str:
    with typer.Context(command, info_name=" ".join(path)) as context:
        pieces = [piece for part in command.params for piece in part.get_usage_pieces(context)]
        records = [record for part in command.params if (record := part.get_help_record(context)) is not None]
    arguments = "".join(f" {piece.strip('{}')}" for piece in pieces)
    needed = "".join(f" {part.opts[0]} …" for part in command.params if part.required and part.opts[0].startswith("-"))
    options = sum(name.startswith("-") for name, _ in records)
    more = needed + (" [OPTIONS]" if options > needed.count("…") else "")
    told = f"### `{' '.join(path)}`\n\n{_line(command.help)}\n\n```\n{' '.join(path)}{more}{arguments}\n```\n"
    if records:
        rows = "\n".join(f"| `{_cell(name)}` | {_cell(' '.join(text.split()))} |" for name, text in records)
        told += f"\n| | |\n|---|---|\n{rows}\n"
    return told


def _line(text: str | None) -> str:
    return " ".join((text or "").replace("``", "`").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def exit_codes() -> str:
    """The table of ``daicho.words.errors``."""
    lines = (errors.__doc__ or "").splitlines()
    rows = [line.strip().split(None, 1) for line in lines if line.startswith("    ") and line.strip()[:1].isdigit()]
    return "| exit | meaning |\n|---|---|\n" + "\n".join(f"| {code} | {text} |" for code, text in rows)


def error_codes() -> str:
    """Every stable code of an error: whose fault it is, its exit code, whether the same call may work later."""
    _import_all()
    found = sorted({one.code: one for one in _family(errors.DaichoError)}.items())
    rows = []
    for code, kind in found:
        fault = errors.FAULT_WORDS[kind.fault].say(Language.EN)
        retry = "yes" if kind.retry else ""
        rows.append(f"| `{code}` | {fault} | {errors.EXIT_CODES[kind.fault]} | {retry} | {_first(kind)} |")
    return "| code | whose fault | exit | try again | meaning |\n|---|---|---|---|---|\n" + "\n".join(rows)


def _import_all() -> None:
    for module in pkgutil.walk_packages(daicho.__path__, "daicho."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)


def _family(kind: type[errors.DaichoError]) -> Iterator[type[errors.DaichoError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _family(one)


def _first(kind: type[errors.DaichoError]) -> str:
    return _line((kind.__doc__ or "").split("\n\n")[0]).replace("|", "\\|")


PARTS: Final = {"commands": commands, "exit-codes": exit_codes, "error-codes": error_codes}

"""``daicho``: parse the options every command shares, run one command, turn errors into exit codes.

``--workspace``, ``--as``, ``--lang`` and ``--format`` may stand anywhere on the line.
"""

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from typing import IO

import typer
from typer.exceptions import TyperException

from daicho.cli import (
    account,
    keys,
    letters,
    mail,
    policy,
    post,
    register,
    rights,
    runs,
    serve,
    stops,
    store,
    trail,
    webhooks,
    workspace,
)
from daicho.cli.context import Context, Format, set_current
from daicho.words.errors import DaichoError, DocumentError, InputError, InstallationError, SettingsError
from daicho.words.text import Language, Text

EPILOG = (
    "Options of every command: --workspace DIR (DAICHO_WORKSPACE) · --as CODE (DAICHO_AS) · "
    "--lang ja|en (DAICHO_LANG) · --format text|json. "
    "Exit codes: 0 done · 1 something found or still open · 2 input · 3 not allowed · 4 store · "
    "5 a human must decide · 6 installation · 70 fault in Daicho · 130 interrupted."
)

app = typer.Typer(
    name="daicho",
    help="台帳: a published privacy policy as a running system.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for name, sub in (
    ("account", account.app),
    ("keys", keys.app),
    ("letters", letters.app),
    ("mail", mail.app),
    ("policy", policy.app),
    ("post", post.app),
    ("rights", rights.app),
    ("runs", runs.app),
    ("stops", stops.app),
    ("store", store.app),
    ("trail", trail.app),
    ("webhooks", webhooks.app),
):
    app.add_typer(sub, name=name, epilog=EPILOG)
workspace.add_to(app)
register.add_to(app)
serve.add_to(app)


def run(arguments: Sequence[str], *, out: IO[str] | None = None, err: IO[str] | None = None) -> int:
    """Run one command in this process and return its exit code."""
    context = Context(out=out or sys.stdout, err=err or sys.stderr)
    set_current(context)
    try:
        rest = _take_shared(list(arguments), context)
        code = app(args=rest, standalone_mode=False, prog_name="daicho")
    except BaseException as error:  # noqa: BLE001 (the outermost loop: nothing may reach the screen as a traceback)
        return _exit_code(context, error)
    return code if isinstance(code, int) else 0


def _exit_code(context: Context, error: BaseException) -> int:  # noqa: PLR0911 (one kind of error a line)
    """Tell what stopped a command, and say it as an exit code; nothing reaches the screen as a traceback."""
    match error:
        case DaichoError():
            _tell(context, error)
            return error.exit_code
        case typer.Exit():
            return error.exit_code
        case TyperException():
            advice = Text("daicho … --help で使い方を見てください。", "See `daicho … --help`.")
            _tell(context, InputError(Text(_usage(error), _usage(error)), advice=advice))
            return 2
        case KeyboardInterrupt() | typer.Abort():
            words = Text(
                "中断しました。次の実行が続きから行います。\n", "Interrupted. The next call continues from here.\n"
            )
            context.err.write(context.say(words))
            return 130
        case BrokenPipeError():
            return 0
        case OSError():
            words = Text("書き出せないか、読めません。", "Something could not be written or read.")
            advice = Text(
                "出力先、権限、空き容量を確かめて、もう一度実行してください。",
                "Check where output goes, permissions and free space, and run it again.",
            )
            with contextlib.suppress(OSError):
                _tell(context, InstallationError(words, advice=advice))
            return InstallationError(words, advice=advice).exit_code
        case Exception():
            return _own_fault(context, error)
        case _:
            raise error


def _usage(error: TyperException) -> str:
    """What is wrong with the line, in the parser's words; it names options, never their values' contents."""
    return str(getattr(error, "format_message", lambda: str(error))())


def _take_shared(arguments: list[str], context: Context) -> list[str]:
    rest: list[str] = []
    names = {"--workspace", "--as", "--lang", "--format"}
    while arguments:
        word = arguments.pop(0)
        if word == "--":
            return [*rest, word, *arguments]
        name, equals, value = word.partition("=")
        if name not in names:
            rest.append(word)
            continue
        if not equals:
            if not arguments:
                raise InputError(
                    Text(f"{name} に値がありません。", f"{name} needs a value."),
                    advice=Text("値を続けて書いてください。", "Write the value after it."),
                )
            value = arguments.pop(0)
        _set_shared(context, name, value)
    return rest


def _set_shared(context: Context, name: str, value: str) -> None:
    match name:
        case "--workspace":
            os.environ["DAICHO_WORKSPACE"] = value
        case "--as":
            context.actor = value
        case "--lang" if value in set(Language):
            context.language = Language(value)
        case "--format" if value in set(Format):
            context.format = Format(value)
        case _:
            choices = "ja, en" if name == "--lang" else "text, json"
            raise InputError(
                Text(f"{name} に使える値は {choices} です。", f"{name} must be one of {choices}."),
                advice=Text("値を直してください。", "Correct the value."),
            )


def _tell(context: Context, error: DaichoError) -> None:
    problems = error.problems if isinstance(error, DocumentError | SettingsError) else []
    if context.format == Format.JSON:
        context.err.write(
            json.dumps(
                {
                    "error": error.code,
                    "fault": error.fault,
                    "retry": error.retry,
                    "place": str(error.place) if error.place else None,
                    "message": error.message.as_dict(),
                    "advice": error.advice.as_dict(),
                    "problems": [
                        {
                            "code": one.code,
                            "line": one.place.line,
                            "column": one.place.column,
                            "path": one.place.path,
                            "message": one.message.as_dict(),
                            "advice": one.advice.as_dict(),
                        }
                        for one in problems
                    ],
                },
                ensure_ascii=False,
                indent=2,
            )
            + "\n"
        )
        return
    context.err.write(error.say(context.spoken) + "\n")
    for problem in problems:
        context.err.write("  " + problem.say(context.spoken) + "\n")


def _of_our_database(error: Exception) -> InstallationError | None:
    """Daicho's own database does not answer, or lacks this version's tables; its text is not repeated."""
    kinds = {one.__name__ for one in type(error).__mro__ if one.__module__ == "django.db.utils"}
    if "ProgrammingError" in kinds or ("OperationalError" in kinds and "no such" in str(error)):
        return InstallationError(
            Text("データベースの表がこの版のものではありません。", "The database does not have this version's tables."),
            advice=Text("daicho migrate を実行してください。", "Run `daicho migrate`."),
        )
    if type(error).__name__ == "DatabaseError" and "DatabaseError" in kinds:
        return InstallationError(
            Text(
                "Daicho のデータベースが壊れているか、データベースではありません。",
                "Daicho's own database is damaged, or is none.",
            ),
            advice=Text(
                "控えから戻してください（docs/after-a-crash.md）。", "Restore it from a backup (docs/after-a-crash.md)."
            ),
        )
    if kinds & {"OperationalError", "InterfaceError"}:
        return InstallationError(
            Text("Daicho のデータベースにつながりません。", "Daicho's own database cannot be reached, or is busy."),
            advice=Text(
                "動いているか、daicho.toml の database を確かめて、もう一度実行してください。",
                "Check that it runs and the setting `database` in daicho.toml, then run the command again.",
            ),
        )
    return None


def _own_fault(context: Context, error: Exception) -> int:
    """Name the place in our code, never the exception's own text: it may quote a value."""
    ours = _of_our_database(error)
    if ours is not None:
        _tell(context, ours)
        return ours.exit_code
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "daicho" in frame.filename]
    place = f"{frames[-1].filename.rpartition('daicho/')[2]}:{frames[-1].lineno}" if frames else "?"
    _tell(
        context,
        DaichoError(
            Text(
                f"予期しない不具合です（{type(error).__name__}, {place}）。",
                f"An unexpected fault ({type(error).__name__}, {place}).",
            ),
            advice=Text(
                "この行を添えてお知らせください。途中の処理は次の実行が続けます。",
                "Report this line. Work in progress is continued by the next call.",
            ),
        ),
    )
    if os.environ.get("DAICHO_TRACEBACK"):
        traceback.print_exception(error, file=context.err)
    return 70

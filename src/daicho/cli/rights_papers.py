"""Papers of the request desk on the command line: blank form, search slip, ledger of a year."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from daicho.cli.context import Context, current
from daicho.words.errors import InputError, Place
from daicho.words.scope import Scope
from daicho.words.text import Text

Pdf = Annotated[Path, typer.Option("--to", metavar="FILE.pdf", help="Where the paper is written.")]
Organisation = Annotated[str, typer.Option(metavar="CODE", help="Code of the company.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``daicho rights``."""
    app.command()(form)


def form(
    to: Pdf,
    organisation: Organisation = "",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The policy in force on this day (default: today).")
    ] = None,
) -> None:
    """Print the blank request form of the published policy."""
    context = current().ready()
    from daicho.letters.press import render  # noqa: PLC0415
    from daicho.policy.queries import policy_in_force  # noqa: PLC0415
    from daicho.rights.forms import blank_form  # noqa: PLC0415

    day = on.date() if on else context.today()
    code = organisation or only_organisation(context.scope())
    policy = policy_in_force(code, day)
    printed = render(blank_form(policy, organisation=code, language=context.spoken, on=day))
    write_paper(to, printed.pdf, private=False)
    tell_written(context, [str(to)], [one.message for one in printed.warnings], pages=printed.pages)


def only_organisation(scope: Scope) -> str:
    """The one organisation somebody acts for.

    Raises:
        InputError: there are several, so one must be named.
    """
    codes = sorted(scope.organisations)
    if len(codes) > 1:
        names = ", ".join(codes)
        raise InputError(
            Text("どの会社かを示してください。", "Say which company."),
            advice=Text(f"--organisation に次のどれかを指定してください: {names}", f"--organisation, one of: {names}"),
        )
    return codes[0]


def write_paper(path: Path, content: bytes, *, private: bool = True) -> None:
    """Write one file; a ``private`` one is for its owner only.

    Raises:
        InputError: with the path, when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if private:
            path.touch(mode=0o600)
            path.chmod(0o600)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            Text("ファイルを書き出せません。", "The file cannot be written."),
            advice=Text(
                "場所、権限、空き容量を確かめて、もう一度実行してください。",
                "Check the path, the permission and the free space, and run it again.",
            ),
            place=Place(path=str(path)),
        ) from error


def tell_written(context: Context, files: list[str], warnings: Iterable[Text], **more: Any) -> None:
    """Say which files were written and what to look at."""
    told = list(warnings)

    def show(console: Console) -> None:
        for path in files:
            console.print(path, markup=False)
        for warning in told:
            console.print(context.say(warning), style="yellow", markup=False)

    context.show({"files": files, "warnings": [one.as_dict() for one in told], **more}, show)

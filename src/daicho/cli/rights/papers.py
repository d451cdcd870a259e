"""Papers of the request desk on the command line: blank form, search slip, ledger of a year."""

import os
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


def add_to(app: typer.Typer, slips: typer.Typer) -> None:
    """Add the commands to ``daicho rights`` and ``daicho rights slip``."""
    app.command()(form)
    app.command()(ledger)
    slips.command("print")(slip_print)


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


def slip_print(
    ref: Annotated[str, typer.Argument(metavar="SLIP", help="Reference of the slip (S-…).")], to: Pdf
) -> None:
    """Print a slip for its department: whom to look for, or what to do with what was found."""
    context = current().ready()
    scope = context.scope()
    from daicho.letters.press import render  # noqa: PLC0415
    from daicho.people.queries import list_accounts, require_role  # noqa: PLC0415
    from daicho.rights.access import DESK  # noqa: PLC0415
    from daicho.rights.desk_papers import slip_paper  # noqa: PLC0415
    from daicho.rights.slip_facts import get_slip  # noqa: PLC0415

    for organisation in sorted(scope.organisations):
        require_role(scope, organisation, DESK)
    names = {account.code: account.display_name for account in list_accounts(scope=scope)}
    slip = get_slip(ref, scope=scope, asked_by=names.get(scope.actor, scope.actor))
    printed = render(slip_paper(slip, language=context.spoken))
    write_paper(to, printed.pdf)
    tell_written(context, [str(to)], [one.message for one in printed.warnings], slip=ref)


def ledger(
    year: Annotated[int, typer.Option(min=2000, max=2999, help="Calendar year in which the requests arrived.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Folder for the two files.")],
    organisation: Organisation = "",
    no_names: Annotated[bool, typer.Option("--no-names", help="Leave out who asked.")] = False,
) -> None:
    """Write the yearly ledger of requests (開示等請求受付簿) as Excel and PDF; a year without one works too."""
    context = current().ready()
    scope = context.scope()
    from daicho.people.queries import require_reader  # noqa: PLC0415
    from daicho.rights.access import DESK  # noqa: PLC0415
    from daicho.rights.actions.printing import export_ledger  # noqa: PLC0415

    for code in [organisation] if organisation else sorted(scope.organisations):
        require_reader(scope, code, DESK)
    files, rows = export_ledger(
        year, organisation=organisation, names=not no_names, language=context.spoken, scope=scope, at=context.at()
    )
    for file in files:
        write_paper(to / file.name, file.content)
    tell_written(context, [str(to / file.name) for file in files], [], year=year, rows=rows)


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
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600 if private else 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        partial.replace(path)  # whole or not at all, and never through somebody's link
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

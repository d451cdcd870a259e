"""``daicho init``: make the workspace, its database, keys and first account."""

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from daicho.cli.context import current
from daicho.words.errors import InputError, Place
from daicho.words.text import Language, Text


def add_to(app: typer.Typer) -> None:
    """Mount the commands of this module at the top level."""
    app.command()(init)
    app.command()(migrate)


def init(
    organisation: Annotated[str, typer.Option(help="Code of the organisation (the group's parent).")],
    database: Annotated[str, typer.Option(help="env:NAME of a postgresql:// address; left out: SQLite.")] = "",
    language: Annotated[Language, typer.Option(help="Language of messages and letters.")] = Language.JA,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="For practice: DAICHO_AT may set the clock.")] = False,
    store_folder: Annotated[
        list[str] | None,
        typer.Option(help="A folder outside the workspace that stores may lie in; as often as needed."),
    ] = None,
) -> None:
    """Make a workspace here: settings file, database, keys. Running it again completes what is missing."""
    context = current()
    folder = Path(os.environ.get("DAICHO_WORKSPACE") or Path.cwd()).resolve()
    settings_file = folder / "daicho.toml"
    if not settings_file.exists():
        values = {"language": str(language), "organisation": organisation, "database": database}
        values |= {"rehearsal": "yes"} if rehearsal else {}
        _write_settings(settings_file, values, store_folder or [])
    os.environ["DAICHO_WORKSPACE"] = str(folder)
    context.ready(fresh=True)
    if context.workspace.organisation != organisation:
        raise InputError(
            Text(
                f"この作業フォルダは組織 {context.workspace.organisation} のものです。",
                f"This workspace belongs to the organisation {context.workspace.organisation}.",
            ),
            advice=Text(
                "別のフォルダを使うか、--organisation を合わせてください。", "Use another folder, or that organisation."
            ),
            place=Place(path=str(settings_file)),
        )
    _migrate()
    from daicho.keys.actions import initialise  # noqa: PLC0415
    from daicho.people.rules import INSTALLER  # noqa: PLC0415
    from daicho.trail.actions import record  # noqa: PLC0415

    initialise(actor=INSTALLER, at=context.at(), record=record)
    context.show(
        {"workspace": str(folder), "settings": str(settings_file)},
        lambda console: console.print(
            context.say(Text(f"作業フォルダを用意しました: {folder}", f"The workspace is ready: {folder}"))
        ),
    )


def migrate() -> None:
    """Bring the database up to this version's tables."""
    current().ready()
    _migrate()


def _migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    umask = os.umask(0o077)  # the database is for its owner only
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    finally:
        os.umask(umask)


def _write_settings(path: Path, values: Mapping[str, str], store_folders: Sequence[str]) -> None:
    folder = path.parent
    for value in (*values.values(), *store_folders):
        if '"' in value or "\n" in value or "\\" in value:
            raise InputError(
                Text("引用符や改行は使えません。", "Quotes and line breaks are not allowed."),
                advice=Text("値を直してください。", "Correct the value."),
            )
    lines = [f'{key} = "{value}"' for key, value in values.items() if value]
    if store_folders:
        names = ", ".join(f'"{one}"' for one in store_folders)
        lines.append(f"store_folders = [{names}]")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(stat.S_IRWXU)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            Text("作業フォルダを作れません。", "The workspace cannot be made."),
            advice=Text("場所と書き込み権限を確かめてください。", "Check the place and the permission to write."),
            place=Place(path=str(path)),
        ) from error

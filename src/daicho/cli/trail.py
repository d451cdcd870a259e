"""Commands of the trail room."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer
from rich.console import Console

from daicho.cli.context import TOKYO, Context, columns, current, read_input
from daicho.words.errors import InputError, Place
from daicho.words.scope import Scope
from daicho.words.text import Text

if TYPE_CHECKING:
    from daicho.trail.verification import Verification

app = typer.Typer(no_args_is_help=True, help="The trail: list, sign, export, verify.")


@app.command()
def export(to: str = typer.Option("-", help="File to write; - for standard output.")) -> None:
    """Sign the trail as it stands and write all of it as JSON lines, for `trail verify`."""
    context = current().ready()
    scope = _reader(context)
    from daicho.trail import actions, queries  # noqa: PLC0415

    queries.require_whole(scope)
    actions.make_checkpoint(actor=scope.actor, at=context.at(), for_export=True)
    with _writing(context, to) as write:
        done = queries.export(write, at=context.at())
    if to == "-":
        return
    data = {"file": to, "trail": done.trail, "entries": done.entries, "checkpoints": done.checkpoints}
    said = Text(f"{to} に {done.entries:,} 件を書き出しました。", f"{done.entries:,} entries written to {to}.")
    context.show(data, lambda console: console.print(context.say(said)))


@app.command()
def verify(
    file: str = typer.Argument(help="An exported trail; - for standard input."),
    key: str = typer.Option(..., help="The public key file that `trail key` printed (PEM or JSON)."),
    anchors: str = typer.Option("", help="Checkpoints kept elsewhere (a copy of anchors.jsonl)."),
    trail: str = typer.Option("", help="The trail's id, if you noted it."),
) -> None:
    """Verify an exported trail. Needs neither database nor workspace. Exit 1 when anything is found."""
    context = current()
    from daicho.keys.signing import read_public_keys  # noqa: PLC0415
    from daicho.trail import verification  # noqa: PLC0415

    keys = read_public_keys(read_input(key), path=key)
    kept = read_input(anchors).splitlines() if anchors else ()
    with _reading(file) as lines:
        found = verification.verify(verification.read_lines(lines), keys, trail=trail, anchors=kept)
    data = {
        "trail": found.trail,
        "entries": found.entries,
        "checkpoints": found.checkpoints,
        "signed_size": found.signed_size,
        "signed_at": found.signed_at,
        "findings": [
            {"harm": one.harm, "line": one.line, "first": one.first, "last": one.last, "message": one.message.as_dict()}
            for one in found.findings
        ],
        "more": found.more,
    }
    context.show(data, lambda console: _print_verification(context, found, console))
    if not found.intact:
        raise typer.Exit(1)


@app.command()
def checkpoint() -> None:
    """Sign the trail as it stands, and append that to anchors.jsonl. Copy that file to another place."""
    context = current().ready()
    scope = _reader(context)
    from daicho.trail.actions import make_checkpoint  # noqa: PLC0415
    from daicho.trail.queries import anchors_path  # noqa: PLC0415

    made = make_checkpoint(actor=scope.actor, at=context.at())
    anchored = str(anchors_path())
    said = Text(
        f"チェックポイント {made.number}(記録 {made.size:,} 件)。{anchored} を別の場所にも写してください。",
        f"Checkpoint {made.number} over {made.size:,} entries. Copy {anchored} to another place as well.",
    )
    data = {"number": made.number, "size": made.size, "root": made.root, "fresh": made.fresh, "anchors": anchored}
    context.show(data, lambda console: console.print(context.say(said)))


@app.command("list")
def list_(
    event: str = typer.Option("", help="An event's code (request.opened) or its first word (request)."),
    about: str = typer.Option("", help="The number of what the entry is about."),
    actor: str = typer.Option("", help="The code of who acted."),
    since: str = typer.Option("", help="From this day or instant on (ISO 8601; Asia/Tokyo)."),
    until: str = typer.Option("", help="Before this day or instant."),
    after: int = typer.Option(0, min=0, help="Only entries with a larger number."),
    before: int = typer.Option(0, min=0, help="Only entries with a smaller number."),
    limit: int = typer.Option(50, min=1, max=1000, help="At most so many; the latest ones unless --after is given."),
) -> None:
    """List entries of the organisations one may see."""
    context = current().ready()
    scope = _reader(context)
    from daicho.trail.queries import list_entries  # noqa: PLC0415

    found = list_entries(
        scope=scope,
        event=event,
        about=about,
        actor=actor,
        since=_instant(since),
        until=_instant(until),
        after=after,
        before=before,
        limit=limit,
    )
    data = [
        {
            "seq": one.seq,
            "at": one.at.astimezone(TOKYO).isoformat(),
            "event": one.event,
            "actor": one.actor,
            "organisation": one.organisation,
            "facts": dict(one.facts),
        }
        for one in found
    ]
    headings = (
        Text("番号", "no."),
        Text("日時", "at"),
        Text("操作者", "actor"),
        Text("組織", "organisation"),
        Text("内容", "what"),
    )
    context.show(
        data,
        columns(
            [
                (one.seq, f"{one.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}", one.actor, one.organisation, one.say(context.spoken))
                for one in found
            ],
            headings=[context.say(text) for text in headings],
        ),
    )  # fmt: skip


@app.command()
def key() -> None:
    """Print the public keys an auditor verifies with: PEM, or with --format json also the trail's id."""
    context = current().ready()
    _reader(context)
    from daicho.cli.context import Format  # noqa: PLC0415
    from daicho.keys.queries import export_public_keys, export_public_pem  # noqa: PLC0415
    from daicho.trail.queries import get_end  # noqa: PLC0415

    as_json = context.format == Format.JSON
    context.out.write(export_public_keys(trail=get_end().trail) if as_json else export_public_pem())


def _reader(context: Context) -> Scope:
    """The trail tells of the whole installation: for those who answer for it, keep it, or audit it."""
    from daicho.people.queries import readable  # noqa: PLC0415
    from daicho.people.rules import Role  # noqa: PLC0415
    from daicho.words.scope import Scope  # noqa: PLC0415

    scope = context.scope()
    places = readable(scope, (Role.OFFICER, Role.SECRETARIAT, Role.ENGINEER))
    return Scope(actor=scope.actor, organisations=places)


def _print_verification(context: Context, found: "Verification", console: Console) -> None:
    console.print(
        context.say(
            Text(
                f"証跡 {found.trail or '?'}: 記録 {found.entries:,} 件、チェックポイント {found.checkpoints} 件、"
                f"署名は {found.signed_size:,} 件目まで({found.signed_at or '-'})",
                f"trail {found.trail or '?'}: {found.entries:,} entries, {found.checkpoints} checkpoint(s), "
                f"signed up to entry {found.signed_size:,} ({found.signed_at or '-'})",
            )
        )
    )
    for one in found.findings:
        console.print("  " + one.say(context.spoken), markup=False)
    if found.more:
        console.print(context.say(Text(f"  ほか {found.more:,} 件", f"  and {found.more:,} more")))
    clean = Text("改ざんは見つかりませんでした。", "No tampering was found.")
    dirty = Text(
        f"{len(found.findings) + found.more:,} 件の異常があります。",
        f"{len(found.findings) + found.more:,} finding(s).",
    )
    console.print(context.say(clean if found.intact else dirty))


@contextmanager
def _reading(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(
            Text("ファイルを読めません。", "The file cannot be read."),
            advice=Text("場所と読み取り権限を確かめてください。", "Check the path and the permission to read it."),
            place=Place(path=path),
        ) from error


@contextmanager
def _writing(context: Context, path: str) -> Iterator[Callable[[bytes], object]]:
    """Write to standard output, or to a file that appears whole or not at all."""
    if path == "-":
        yield lambda line: context.out.write(line.decode())
        return
    target = Path(path)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with partial.open("xb") as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise InputError(
            Text("ファイルを書き込めません。", "The file cannot be written."),
            advice=Text(
                "フォルダの有無、権限、空き容量を確かめてください。",
                "Check that the folder exists, permissions and free space.",
            ),
            place=Place(path=path),
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            Text("日時の形が正しくありません。", "This is not a date or an instant."),
            advice=Text(
                "2026-11-05 か 2026-11-05T09:00 の形で書いてください。", "Write 2026-11-05 or 2026-11-05T09:00."
            ),
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=TOKYO)

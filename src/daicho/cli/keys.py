"""Commands of the keys room."""

from datetime import datetime

import typer

from daicho.cli.context import TOKYO, Context, columns, current
from daicho.words.scope import Scope
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="Keys: make, show, rotate.")


@app.command()
def init() -> None:
    """Make what is missing: the key-encryption key (keys/kek.json) and the keysets. Harmless when all is there."""
    context = current().ready()
    from daicho.keys.actions import initialise  # noqa: PLC0415
    from daicho.people.rules import INSTALLER  # noqa: PLC0415
    from daicho.trail.actions import record  # noqa: PLC0415

    made = initialise(actor=INSTALLER, at=context.at(), record=record)
    done = Text("鍵を作りました。keys/kek.json の控えを、データベースとは別の場所に取ってください。",
                "The keys are made. Keep a copy of keys/kek.json, away from the database.")  # fmt: skip
    _tell(context, {"made": made}, done if made else Text("鍵はそろっています。", "The keys are all there."))


@app.command()
def status() -> None:
    """Show the keysets and whether the key-encryption key opens them; prints no secret."""
    context = current().ready()
    context.scope()
    from daicho.keys.queries import list_keysets, open_kek, ring, signer  # noqa: PLC0415

    kek = open_kek()
    ring()
    signer()
    rows = list_keysets()
    data = {
        "kek": {"place": str(kek.place), "key_ids": [str(key_id) for key_id in kek.key_ids]},
        "keysets": [
            {"name": row.name, "key_ids": row.key_ids, "created_at": row.created_at, "retired_at": row.retired_at}
            for row in rows
        ],
    }
    context.show(
        data,
        columns(
            [(row.name, " ".join(row.key_ids), _day(row.created_at), _day(row.retired_at)) for row in rows],
            headings=[
                context.say(text)
                for text in (
                    Text("鍵束", "keyset"),
                    Text("鍵 ID(主が先)", "key ids (primary first)"),
                    Text("作成", "made"),
                    Text("引退", "retired"),
                )
            ],
        ),
    )


@app.command()
def rotate(
    signing: bool = typer.Option(False, "--signing", help="Replace the trail's signing key instead."),
) -> None:
    """Give the keysets a new primary key. Old data stays readable; new data is sealed with the new key."""
    context = current().ready()
    scope = _key_keeper(context)
    from daicho.keys import actions  # noqa: PLC0415
    from daicho.trail.actions import record  # noqa: PLC0415

    names = actions.rotate(scope=scope, at=context.at(), record=record, signing=signing)
    after = Text(
        "監査人に新しい公開鍵を渡してください(daicho trail key)。",
        "Give the auditor the new public keys (`daicho trail key`).",
    )
    done = Text(f"鍵を更新しました: {', '.join(names)}", f"Keys rotated: {', '.join(names)}")
    _tell(context, {"rotated": names}, done, *((after,) if signing else ()))


@app.command("rotate-kek")
def rotate_kek() -> None:
    """Replace the key-encryption key and wrap every keyset anew. Finishes what an interruption left."""
    context = current().ready()
    scope = _key_keeper(context)
    from daicho.keys import actions  # noqa: PLC0415
    from daicho.trail.actions import record  # noqa: PLC0415

    actions.rotate_kek(scope=scope, at=context.at(), record=record)
    done = Text("鍵暗号鍵を取り替えました。控えも取り直してください。",
                "The key-encryption key is replaced. Renew its backup copy, too.")  # fmt: skip
    _tell(context, {"rotated": ["kek"]}, done)


def _key_keeper(context: Context) -> Scope:
    from daicho.people.queries import require_role_somewhere  # noqa: PLC0415
    from daicho.people.rules import Role  # noqa: PLC0415

    scope = context.scope()
    require_role_somewhere(scope, (Role.OFFICER, Role.ENGINEER))
    return scope


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(TOKYO):%Y-%m-%d %H:%M}" if at else ""


def _tell(context: Context, data: object, *texts: Text) -> None:
    context.show(data, lambda console: console.print("\n".join(context.say(text) for text in texts), markup=False))

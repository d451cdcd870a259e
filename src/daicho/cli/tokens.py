"""``daicho account token add | list | revoke``: keys to the API for programs of the acting account."""

from typing import Annotated

import typer
from rich.console import Console

from daicho.cli.context import columns, current
from daicho.words.text import Text

_STATES = {True: Text("有効", "living"), False: Text("終了", "ended")}

app = typer.Typer(no_args_is_help=True, help="トークン: keys to the API, for programs.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Which program it is for.")],
    scope: Annotated[list[str], typer.Option(help="May be given more than once: requests:read, register:write …")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days it lives.")] = 90,
) -> None:
    """Make a token of the acting account. Its text is printed this once and kept nowhere."""
    context = current().ready()
    from daicho.api.actions.tokens import create_token  # noqa: PLC0415

    made = create_token(name, scopes=scope, days=days, scope=context.scope(), at=context.at())

    def show(console: Console) -> None:
        console.print(made.text, markup=False)
        words = Text(
            f"{made.token.ref} を作りました（{made.token.expires_at.date()} まで）。トークンはもう表示されません。",
            f"{made.token.ref} is made, until {made.token.expires_at.date()}. It is not shown again.",
        )
        context.console(err=True).print(context.say(words), markup=False)

    context.show({"token": made.text, "ref": made.token.ref, "expires_at": made.token.expires_at}, show)


@app.command("list")
def list_() -> None:
    """One's own tokens, and for the officer those of the organisation; never their text."""
    context = current().ready()
    from daicho.api.queries import list_tokens  # noqa: PLC0415

    found = list_tokens(scope=context.scope())
    data = [
        {
            "ref": one.ref,
            "account": one.account,
            "name": one.name,
            "scopes": list(one.scopes),
            "expires_at": one.expires_at,
            "last_used_at": one.last_used_at,
            "revoked_at": one.revoked_at,
        }
        for one in found
    ]
    rows = [
        (one.ref, one.account, one.name, one.expires_at.date(), context.say(_STATES[one.lives(context.at())]))
        for one in found
    ]
    headings = (
        Text("番号", "ref"), Text("持ち主", "account"), Text("名前", "name"), Text("期限", "until"), Text("状態", "state"),
    )  # fmt: skip
    context.show(data, columns(rows, headings=[context.say(one) for one in headings]))


@app.command()
def revoke(ref: Annotated[str, typer.Argument(metavar="TOKEN", help="Reference of the token (K-…).")]) -> None:
    """End a token at once."""
    context = current().ready()
    from daicho.api.actions.tokens import revoke_token  # noqa: PLC0415

    revoke_token(ref, scope=context.scope(), at=context.at())
    context.show(
        {"ref": ref, "revoked": True},
        lambda console: console.print(context.say(Text("失効させました。", "Revoked."))),
    )

"""``daicho webhooks list | add | test | revoke | deliveries | send``."""

from typing import Annotated

import typer
from rich.console import Console

from daicho.cli.context import columns, current
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="通知先: other systems that are told of what happens.")
Ref = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Reference of the webhook (W-…).")]


@app.command("list")
def list_() -> None:
    """Webhooks, newest first, with how many messages wait and how many were given up."""
    context = current().ready()
    from daicho.api.queries import list_webhooks  # noqa: PLC0415

    found = list_webhooks(scope=context.scope())
    data = [
        {
            "ref": one.ref,
            "organisation": one.organisation,
            "name": one.name,
            "url": one.url,
            "events": list(one.events),
            "waiting": one.waiting,
            "failed": one.failed,
            "revoked_at": one.revoked_at,
        }
        for one in found
    ]
    rows = [
        (one.ref, one.organisation, one.name, one.url, one.waiting, one.failed, "×" if one.revoked_at else "")
        for one in found
    ]
    headings = (
        Text("番号", "ref"), Text("組織", "organisation"), Text("名前", "name"), Text("URL", "URL"),
        Text("送信待ち", "waiting"), Text("断念", "given up"), Text("廃止", "revoked"),
    )  # fmt: skip
    context.show(data, columns(rows, headings=[context.say(one) for one in headings]))


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Which system it is.")],
    url: Annotated[str, typer.Argument(help="https:// address.")],
    event: Annotated[list[str], typer.Option(help="Code of an event of the trail; may be given more than once.")],
    organisation: Annotated[str, typer.Option(help="Whose events; the workspace's without it.")] = "",
) -> None:
    """Tell an address of events from now on. The secret to check signatures with is printed this once."""
    context = current().ready()
    from daicho.api.actions.hooks import add_webhook  # noqa: PLC0415

    made = add_webhook(
        name,
        url,
        events=event,
        organisation=organisation or context.workspace.organisation,
        scope=context.scope(),
        at=context.at(),
    )
    context.show({"ref": made.ref, "secret": made.secret}, lambda console: console.print(f"{made.ref}\n{made.secret}"))


@app.command()
def test(ref: Ref) -> None:
    """Have a test message sent with the next pass."""
    context = current().ready()
    from daicho.api.actions.hooks import test_webhook  # noqa: PLC0415

    message = test_webhook(ref, scope=context.scope(), at=context.at())
    context.show({"message": message}, lambda console: console.print(message))


@app.command()
def revoke(ref: Ref) -> None:
    """Tell it nothing more."""
    context = current().ready()
    from daicho.api.actions.hooks import revoke_webhook  # noqa: PLC0415

    revoke_webhook(ref, scope=context.scope(), at=context.at())
    context.show(
        {"ref": ref, "revoked": True}, lambda console: console.print(context.say(Text("廃止しました。", "Revoked.")))
    )


@app.command()
def deliveries(ref: Ref) -> None:
    """The last messages to a webhook, newest first."""
    context = current().ready()
    from daicho.api.queries import list_deliveries  # noqa: PLC0415

    found = list_deliveries(ref, scope=context.scope())
    names = ("message", "event", "seq", "state", "attempts", "last_status", "last_reason", "made_at", "due_at")
    data = [{name: getattr(one, name) for name in names} for one in found]
    rows = [(one.message, one.event, one.state, one.attempts, one.last_status or one.last_reason) for one in found]
    headings = (
        Text("番号", "message"), Text("出来事", "event"), Text("状態", "state"), Text("回数", "attempts"),
        Text("応答", "answer"),
    )  # fmt: skip
    context.show(data, columns(rows, headings=[context.say(one) for one in headings]))


@app.command()
def send() -> None:
    """Make one pass over what is to be told; for a timer where the web server does not run."""
    context = current().ready()
    from daicho.api.webhooks import run_pass  # noqa: PLC0415

    done = run_pass(context.at)
    words = Text(
        f"届いた {done['delivered']} 件、届かなかった {done['failed']} 件",
        f"{done['delivered']} delivered, {done['failed']} not",
    )

    def show(console: Console) -> None:
        console.print(context.say(words))

    context.show({"delivered": done["delivered"], "failed": done["failed"]}, show)
    if done["failed"]:
        raise typer.Exit(1)

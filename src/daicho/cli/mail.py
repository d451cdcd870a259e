"""``daicho mail``: send what waits in the outbox; for a timer where the web server does not run."""

import typer

from daicho.cli.context import current
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="発信箱: mail that waits to be sent.")


@app.callback()
def group() -> None:
    """Keep ``send`` a command of its own."""


@app.command()
def send() -> None:
    """Make one pass over the outbox. Exit code 1 when something could not be sent."""
    context = current().ready()
    from daicho.trail.actions import record  # noqa: PLC0415
    from daicho.work.mail import send_now  # noqa: PLC0415

    done = send_now(record=record, at=context.at())
    told = {"sent": done.sent, "waiting": done.failed, "dead": done.dead}
    words = Text(
        f"送信 {done.sent} 件、再試行待ち {done.failed} 件、送れなかったもの {done.dead} 件",
        f"{done.sent} sent, {done.failed} to be tried again, {done.dead} given up",
    )
    context.show(told, lambda console: console.print(context.say(words)))
    if done.failed or done.dead:
        raise typer.Exit(1)

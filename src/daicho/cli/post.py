"""``daicho post``: envelopes, and scans whose days are over."""

from typing import Annotated

import typer
from rich.console import Console

from daicho.cli.context import columns, current
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="郵便: envelopes and scans.")


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(metavar="waiting|sorted|done", help="Only those that stand here.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many, newest first.")] = 50,
) -> None:
    """Envelopes, newest first."""
    context = current().ready()
    from daicho.post.queries import EnvelopeFilter, EnvelopeList  # noqa: PLC0415
    from daicho.post.rules import STATE_WORDS  # noqa: PLC0415

    found = EnvelopeList(EnvelopeFilter(state=state), scope=context.scope())[: max(1, limit)]
    data = [
        {
            "envelope": one.number,
            "organisation": one.organisation,
            "arrived_on": one.arrived_on,
            "state": one.state,
            "kind": one.kind,
            "requests": list(one.requests),
            "handed_to": one.handed_to,
        }
        for one in found
    ]
    rows = [
        [
            one.number,
            one.arrived_on,
            context.say(STATE_WORDS[one.state]),
            context.say(one.kind_name) if one.kind_name else "",
            ", ".join(one.requests) or one.handed_to,
        ]
        for one in found
    ]
    headings = [context.say(one) for one in (
        Text("封筒", "envelope"), Text("到着日", "arrived"), Text("状態", "state"), Text("仕分け", "sorted as"),
        Text("請求・引渡し先", "request, handed to"),
    )]  # fmt: skip
    context.show(data, columns(rows, headings=headings))


@app.command("destroy-due")
def destroy_due() -> None:
    """Destroy the scans whose days are over; run it daily."""
    context = current().ready()
    from daicho.post.actions.destroying import destroy_due_scans  # noqa: PLC0415

    done = destroy_due_scans(scope=context.scope(), at=context.at(), folder=context.workspace.files)
    said = Text(
        f"写し {done.scans} 件（{done.pages} ページ）を消去し、残りもの {done.leftovers} 件を片づけました。",
        f"{done.scans} scan(s) destroyed ({done.pages} page(s)), {done.leftovers} leftover(s) removed.",
    )

    def show(console: Console) -> None:
        console.print(context.say(said))

    context.show({"scans": done.scans, "pages": done.pages, "leftovers": done.leftovers}, show)

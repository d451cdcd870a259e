"""``daicho stops``: what people stopped, and lifting a stop when they ask for it."""

from typing import Annotated

import typer
from rich.console import Console

from daicho.cli.context import columns, current
from daicho.law.kinds import KINDS, RequestKind
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="停止: what people stopped.")


@app.command("list")
def list_() -> None:
    """Stops in force, newest first."""
    context = current().ready()
    from daicho.consent.queries import list_stops  # noqa: PLC0415

    found = list_stops(scope=context.scope())
    data = [
        {"stop": one.ref, "kind": one.kind, "person": one.person, "claim": one.claim, "from": one.from_at}
        for one in found
    ]
    rows = [
        [one.ref, context.say(KINDS[RequestKind(one.kind)].name), one.claim, one.person, one.from_at.date()]
        for one in found
    ]

    def show(console: Console) -> None:
        if not rows:
            console.print(context.say(Text("有効な停止はありません。", "No stop is in force.")))
            return
        headings = [context.say(one) for one in (
            Text("停止", "stop"), Text("種別", "kind"), Text("請求", "claim"), Text("本人", "person"), Text("開始", "from"),
        )]  # fmt: skip
        columns(rows, headings=headings)(console)

    context.show(data, show)


@app.command()
def lift(ref: Annotated[str, typer.Argument(metavar="STOP", help="Reference of the stop (T-…).")]) -> None:
    """End a stop because the person asked for it."""
    context = current().ready()
    from daicho.consent.actions import lift_stop  # noqa: PLC0415

    lift_stop(ref, scope=context.scope(), at=context.at())
    context.show(
        {"stop": ref, "lifted": True},
        lambda console: console.print(context.say(Text("停止を解除しました。", "The stop is lifted."))),
    )

"""``daicho runs``: what was carried out on stores, what is left, and legal holds."""

from typing import Annotated

import typer

from daicho.cli.context import columns, current
from daicho.cli.progress import Line
from daicho.runs.grounds import HoldGround
from daicho.words.errors import InputError
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="Runs on stores, and legal holds.")
Ref = Annotated[str, typer.Argument(metavar="RUN", help="Reference of the run (X-…).")]


@app.command("list")
def list_(only_open: Annotated[bool, typer.Option("--open", help="Only runs that are not confirmed.")] = False) -> None:
    """Runs, newest first."""
    context = current().ready()
    from daicho.runs.queries import list_runs  # noqa: PLC0415

    found = list_runs(scope=context.scope(), only_open=only_open)
    rows = [
        [
            run.ref,
            run.purpose,
            len(run.owners),
            " ".join(f"{one.store}:{one.state}{'/' + one.reason if one.reason else ''}" for one in run.stores),
        ]
        for run in found
    ]
    data = [
        {
            "run": run.ref,
            "purpose": run.purpose,
            "people": len(run.owners),
            "done": run.done,
            "stores": [{"store": one.store, "state": one.state, "reason": one.reason} for one in run.stores],
        }
        for run in found
    ]
    context.show(data, columns(rows, headings=("run", "purpose", "people", "stores")))


@app.command()
def resume(
    ref: Ref,
    take: Annotated[
        bool,
        typer.Option("--take-over", help="Take it from a holder that is gone for certain; for the officer."),
    ] = False,
) -> None:
    """Go on with a run that a crash or an unreachable store left."""
    context = current().ready()
    scope = context.scope()
    from daicho.rights.actions.carrying import resume_run  # noqa: PLC0415
    from daicho.runs.actions import take_over  # noqa: PLC0415
    from daicho.site.wiring import open_store  # noqa: PLC0415

    if take:
        take_over(ref, scope=scope, at=context.at())
    line = Line(context)
    try:
        resume_run(ref, scope=scope, at=context.at(), open_store=open_store, progress=line)
    finally:
        line.end()
    context.show(
        {"run": ref, "done": True},
        lambda console: console.print(context.say(Text(f"{ref} を確認しました。", f"{ref} is confirmed."))),
    )


@app.command()
def decide(
    ref: Ref,
    store: Annotated[str, typer.Argument(help="Code of the store that waits for a human.")],
    retry: Annotated[
        bool | None, typer.Option("--retry/--by-hand", help="It was put back and may run; or nothing is left to do.")
    ] = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="It refuses the change: its rows stay, and the outcome says so.")
    ] = False,
) -> None:
    """Record what a human found at a store that a run left to them."""
    context = current().ready()
    if (retry is None) is not give_up:
        raise InputError(
            Text(
                "--retry、--by-hand、--give-up のどれか一つが必要です。", "Say one of --retry, --by-hand and --give-up."
            ),
            advice=Text(
                "元の状態に戻したなら --retry、対応済みなら --by-hand、変更しないままにするなら --give-up を付けてください。",
                "--retry if it was put back, --by-hand if it is done, --give-up if it stays as it is.",
            ),
        )
    from daicho.runs.actions import decide_left  # noqa: PLC0415

    decide_left(ref, store, retry=bool(retry), give_up=give_up, scope=context.scope(), at=context.at())
    context.show(
        {"run": ref, "store": store, "retry": bool(retry), "given_up": give_up},
        lambda console: console.print(context.say(Text("記録しました。", "Recorded."))),
    )


@app.command()
def holds() -> None:
    """Legal holds in force."""
    context = current().ready()
    from daicho.runs.queries import list_holds  # noqa: PLC0415

    found = list_holds(scope=context.scope())
    data = [
        {"hold": one.ref, "person": one.person, "ground": one.ground, "set_by": one.set_by, "set_at": one.set_at}
        for one in found
    ]
    context.show(
        data, columns([list(one.values()) for one in data], headings=("hold", "person", "ground", "set by", "set at"))
    )


@app.command()
def hold(
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="A request of the person.")],
    ground: Annotated[HoldGround, typer.Option(help="Why its rows must stay.")],
) -> None:
    """Stop every ending of a person's rows until released."""
    context = current().ready()
    scope = context.scope()
    from daicho.rights.queries import get_request  # noqa: PLC0415
    from daicho.runs.actions import set_hold  # noqa: PLC0415

    case = get_request(request, scope=scope, on=context.today())
    ref = set_hold(case.person, ground=ground, organisation=case.organisation, scope=scope, at=context.at())
    context.show({"hold": ref}, lambda console: console.print(ref))


@app.command()
def release(ref: Annotated[str, typer.Argument(metavar="HOLD", help="Reference of the hold (H-…).")]) -> None:
    """End a legal hold."""
    context = current().ready()
    from daicho.runs.actions import release_hold  # noqa: PLC0415

    release_hold(ref, scope=context.scope(), at=context.at())
    context.show(
        {"hold": ref, "released": True}, lambda console: console.print(context.say(Text("解除しました。", "Released.")))
    )


@app.command()
def tidy() -> None:
    """Erase data files whose days are over, what crashes left, and old ledgers uploaded and never taken; once a day."""
    context = current().ready()
    scope = context.scope()
    from daicho.rights.actions.importing import drop_abandoned  # noqa: PLC0415
    from daicho.runs.actions import drop_expired  # noqa: PLC0415

    done = drop_expired(scope=scope, at=context.at(), folder=context.workspace.files)
    leftovers = done.leftovers + drop_abandoned(folder=context.workspace.files, at=context.at())
    text = Text(
        f"データファイル {done.files} 件を消去し、残りかす {leftovers} 件を片付けました。",
        f"{done.files} data file(s) erased, {leftovers} leftover(s) removed.",
    )
    context.show({"files": done.files, "leftovers": leftovers}, lambda console: console.print(context.say(text)))

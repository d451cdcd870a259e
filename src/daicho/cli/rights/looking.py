"""``daicho rights show | list``."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from daicho.cli.context import Context, current
from daicho.cli.rights.desk import Number, app
from daicho.law.kinds import KINDS
from daicho.words.errors import InputError
from daicho.words.scope import Scope
from daicho.words.text import Text

# ── looking ──────────────────────────────────────────────────────────────────────────────────


@app.command()
def show(number: Number) -> None:
    """One case: claims, papers, money, letters, slips, what is open."""
    context = current().ready()
    show_case(context, context.scope(), number)


def show_case(context: Context, scope: Scope, number: str) -> None:
    from daicho.rights.queries import get_request  # noqa: PLC0415

    case = get_request(number, scope=scope, on=context.today())
    data = case_data(case)
    context.show(data, lambda console: print_case(context, console, case))


def case_data(case: Any) -> dict[str, Any]:
    return {
        "number": case.number,
        "organisation": case.organisation,
        "addressed": list(case.addressed),
        "state": case.state,
        "person": case.person,
        "channel": case.channel,
        "requester": case.requester,
        "arrived_on": case.arrived_on,
        "complete_on": case.complete_on,
        "target_on": case.target_on,
        "gate_on": case.gate_on,
        "cure_on": case.cure_on,
        "promised_on": case.promised_on,
        "support_measure": case.support_measure,
        "registered_by": case.registered_by,
        "verified_by": case.verified_by,
        "closed_at": case.closed_at,
        "missing": [one.as_dict() for one in case.missing],
        "claims": [
            {
                "number": one.number,
                "kind": one.kind,
                "basis": one.basis,
                "state": one.state,
                "ground": one.ground,
                "decided_by": one.decided_by,
                "run": one.run,
                "outcome": one.outcome,
                "answered_at": one.answered_at,
                "still_open": list(one.still_open),
            }
            for one in case.claims
        ],
        "documents": list(case.documents),
        "fees": list(case.fees),
        "letters": list(case.letters),
        "slips": [
            {
                "ref": one.ref,
                "owner": one.owner,
                "store": one.store,
                "task": one.task,
                "due_on": one.due_on,
                "answer": one.answer,
                "count": one.count,
            }
            for one in case.slips
        ],
    }


def print_case(context: Context, console: Console, case: Any) -> None:
    from daicho.rights.rules import CLAIM_WORDS, REQUEST_WORDS  # noqa: PLC0415

    console.print(f"[bold]{case.number}[/bold]  {context.say(REQUEST_WORDS[case.state])}  {case.organisation}")
    gate = (
        context.say(Text(f"  提訴可能（法39条） {case.gate_on}", f"  Art. 39 from {case.gate_on}"))
        if case.gate_on
        else ""
    )
    console.print(
        context.say(
            Text(
                f"  到着 {case.arrived_on}  目標 {case.target_on}{gate}",
                f"  arrived {case.arrived_on}  target {case.target_on}{gate}",
            )
        )
    )
    if case.promised_on:
        console.print(
            context.say(
                Text(f"  遅延通知で約束した日 {case.promised_on}", f"  promised in the delay notice {case.promised_on}")
            )
        )
    for one in case.claims:
        console.print(f"  {one.number}  {context.say(KINDS[one.kind].name)}  {context.say(CLAIM_WORDS[one.state])}")
        for left in one.left:
            console.print(context.say(Text(f"      未了: {left.ja}", f"      still open: {left.en}")), style="yellow")
    for what in case.missing:
        console.print(f"  － {context.say(what)}", style="yellow")
    for paper in case.documents:
        gone = f" ({paper['disposed_how']} {paper['disposed_on']})" if paper["disposed_on"] else ""
        console.print(f"  {paper['ref']}  {paper['kind']} {paper['paper']}{gone}", markup=False)
    for money in case.fees:
        console.print(f"  {money['ref']}  ¥{money['face_value']:,}", markup=False)
    for slip in case.slips:
        console.print(f"  {slip.ref}  {slip.store} {slip.task} {slip.answer or '…'}", markup=False)
    for letter in case.letters:
        console.print(f"  {letter['number']}  {letter['kind']} {letter['pages']}p", markup=False)


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="Only requests in this state.")] = "",
    year: Annotated[int | None, typer.Option(help="Only requests that arrived in this year.")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="Only requests that have not ended.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    page: Annotated[int, typer.Option(min=1)] = 1,
) -> None:
    """Requests, newest first."""
    context = current().ready()
    from daicho.rights.queries import list_requests  # noqa: PLC0415
    from daicho.rights.rules import REQUEST_WORDS, RequestState  # noqa: PLC0415

    if state and state not in set(RequestState):
        choices = ", ".join(RequestState)
        raise InputError(
            Text(f"状態 {state} はありません。", f"There is no state {state}."),
            advice=Text(f"使える値: {choices}", f"One of: {choices}"),
        )
    found = list_requests(
        scope=context.scope(),
        state=RequestState(state) if state else None,
        year=year,
        only_open=only_open,
        limit=limit,
        offset=(page - 1) * limit,
    )

    def show(console: Console) -> None:
        if not found:
            console.print(context.say(Text("請求はありません。", "There are no requests.")))
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in (
            Text("受付番号", "number"),
            Text("到着", "arrived"),
            Text("目標", "target"),
            Text("種別", "kinds"),
            Text("状態", "state"),
        ):
            table.add_column(context.say(heading))
        for one in found:
            kinds = "・".join(context.say(KINDS[claim.kind].name) for claim in one.claims)
            table.add_row(
                one.number, str(one.arrived_on), str(one.target_on), kinds, context.say(REQUEST_WORDS[one.state])
            )
        console.print(table)

    context.show([case_data(one) for one in found], show)

"""``daicho rights search | candidates | candidate | review | cells | decide | reclassify | carry-out``."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from daicho.cli.context import Context, read_input
from daicho.cli.progress import Line
from daicho.cli.rights.desk import ClaimNumber, File, Number, app, desk, files, say
from daicho.law.kinds import KINDS, RequestKind
from daicho.rights.rules import CLAIM_WORDS
from daicho.subjects.rules import DOUBT_WORDS
from daicho.words.documents import read_document
from daicho.words.errors import InputError, Place
from daicho.words.text import Text


class Decision(StrEnum):
    """What a claim can be decided as."""

    APPROVED = "approved"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_HELD = "not_held"


# ── searching ────────────────────────────────────────────────────────────────────────────────


@app.command()
def search(
    number: Number,
    by_name: Annotated[
        bool, typer.Option("--by-name", help="Also scan for the name and its reading; finds candidates only.")
    ] = False,
) -> int:
    """Search every store in scope for the person; ask the departments of the others."""
    context, scope = desk()
    from daicho.rights.actions.searching import search_request  # noqa: PLC0415
    from daicho.site.wiring import open_store  # noqa: PLC0415

    line = Line(context)
    found = search_request(number, by_name=by_name, scope=scope, at=context.at(), open_store=open_store, progress=line)
    line.end()
    data = {
        "request": number,
        "stores": found.stores,
        "rows": found.rows,
        "candidates": found.candidates,
        "slips": found.slips,
    }

    def show(console: Console) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in (Text("保管先", "store"), Text("表", "table"), Text("件数", "rows")):
            table.add_column(context.say(heading))
        for store, tables in found.stores.items():
            if not tables:
                table.add_row(store, "－", "0")
            for name, rows in tables.items():
                table.add_row(store, name, f"{rows:,}")
        console.print(table)
        if found.candidates:
            console.print(
                context.say(
                    Text(
                        f"候補 {found.candidates} 件は人の判断が必要です: daicho rights candidates {number}",
                        f"{found.candidates} candidate(s) need a human: daicho rights candidates {number}",
                    )
                ),
                style="yellow",
            )
        if found.slips:
            console.print(
                context.say(
                    Text(
                        f"検索依頼票 {found.slips} 枚: daicho rights slip list",
                        f"{found.slips} search slip(s): daicho rights slip list",
                    )
                ),
                style="yellow",
            )

    context.show(data, show)
    return 1 if found.candidates or found.slips else 0


@app.command()
def candidates(number: Number) -> int:
    """Show rows that were found and not proven, for the human who compares them."""
    context, scope = desk()
    from daicho.rights.queries import list_candidates  # noqa: PLC0415

    found = [one.reveal(purpose="the human at the desk compares it") for one in list_candidates(number, scope=scope)]

    def show(console: Console) -> None:
        if not found:
            console.print(context.say(Text("判断待ちの候補はありません。", "No candidate is waiting.")))
        for one in found:
            console.print(
                f"[bold]{one['mark']}[/bold]  {one['store']}.{one['table']}  ({context.say(DOUBT_WORDS[one['doubt']])})"
            )
            for kind, value in one["shown"].items():
                sign = "=" if kind in one["agreeing"] else "≠" if kind in one["disagreeing"] else " "
                console.print(f"   {sign} {kind}: {value or ''}", markup=False)

    context.show(found, show)
    return 1 if found else 0


@app.command()
def candidate(
    number: Number,
    mark: Annotated[str, typer.Argument(help="Mark of the candidate.")],
    same: Annotated[
        bool | None, typer.Option("--same/--other", help="It is the person's row, or somebody else's.")
    ] = None,
) -> None:
    """Decide on one candidate; then search again."""
    context, scope = desk()
    if same is None:
        raise InputError(
            Text("--same か --other のどちらかが必要です。", "Say --same or --other."),
            advice=Text(
                "本人の記録なら --same、別人なら --other を付けてください。",
                "--same for the person's row, --other for somebody else's.",
            ),
        )
    from daicho.rights.actions.searching import decide_candidate  # noqa: PLC0415

    left = decide_candidate(number, mark, accepted=same, scope=scope, at=context.at())
    say(
        context,
        {"candidate": mark, "same": same, "left": left},
        Text(f"記録しました。残り {left} 件。", f"Recorded; {left} left."),
    )


# ── deciding ─────────────────────────────────────────────────────────────────────────────────


@app.command()
def review(claim: ClaimNumber) -> int:
    """Show the cells of a disclosure that a reviewer decides on (read live from the stores)."""
    context, scope = desk()
    from daicho.rights.queries import review_cells  # noqa: PLC0415
    from daicho.site.wiring import open_store  # noqa: PLC0415

    cells = [
        {
            "cell": cell.mark,
            "store": cell.store,
            "table": context.say(cell.table),
            "label": context.say(cell.label),
            "value": str(cell.value.reveal(purpose="the reviewer reads it to decide")),
            "decision": cell.decision,
        }
        for cell in review_cells(claim, scope=scope, at=context.at(), open_store=open_store)
    ]

    def show(console: Console) -> None:
        for cell in cells:
            console.print(f"{cell['cell']}  {cell['table']}「{cell['label']}」 {cell['decision'] or '?'}", markup=False)
            console.print(f"    {cell['value']}", markup=False)
        if not cells:
            console.print(context.say(Text("確認する項目はありません。", "There is no cell to review.")))

    context.show(cells, show)
    return 1 if any(not cell["decision"] for cell in cells) else 0


@app.command()
def cells(claim: ClaimNumber, file: File) -> None:
    """Decide cells from a document: cell → show, or a ground of Art. 33(2)."""
    context, scope = desk()
    from daicho.rights.actions.deciding import decide_cells  # noqa: PLC0415

    value = read_document(read_input(file), path=file).value
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise InputError(
            Text("「セル: 判断」の形で書いてください。", "Write “cell: decision” lines."),
            advice=Text(
                "daicho rights review の番号を見出しにしてください。",
                "Use the marks of `daicho rights review` as keys.",
            ),
            place=Place(path=file),
        )
    decided, withheld = decide_cells(claim, value, scope=scope, at=context.at())
    say(
        context,
        {"claim": claim, "decided": decided, "withheld": withheld},
        Text(f"{decided} 項目を判断済み（不開示 {withheld}）。", f"{decided} cell(s) decided, {withheld} withheld."),
    )


@app.command()
def decide(
    claim: ClaimNumber,
    decision: Annotated[Decision, typer.Argument(help="The decision.")],
    ground: Annotated[str, typer.Option(help="Code of the ground of a refusal.")] = "",
    reason_file: Annotated[str, typer.Option(help="The explanation (Art. 36), from a file or -.")] = "",
) -> None:
    """Decide a claim; by another account than who registered the request."""
    context, scope = desk()
    from daicho.rights.actions.deciding import decide_claim  # noqa: PLC0415
    from daicho.rights.rules import ClaimState  # noqa: PLC0415

    reason = read_input(reason_file).decode("utf-8", "replace").strip() if reason_file else ""
    done = decide_claim(claim, ClaimState(decision), ground=ground, reason=reason, scope=scope, at=context.at())
    say(
        context,
        {"claim": done.number, "state": done.state, "ground": done.ground},
        Text(
            f"{done.number}: 「{CLAIM_WORDS[done.state].ja}」と決定しました。",
            f"{done.number} is decided: {CLAIM_WORDS[done.state].en}.",
        ),
    )


@app.command()
def reopen(claim: ClaimNumber) -> None:
    """Take a decision back: something was missed; it is searched, judged and decided anew."""
    context, scope = desk()
    from daicho.rights.actions.deciding import reopen_claim  # noqa: PLC0415

    reopen_claim(claim, scope=scope, at=context.at())
    say(
        context,
        {"claim": claim, "state": "assessing"},
        Text(
            f"{claim}: 決定を取り消し、検討に戻しました。",
            f"{claim}: the decision is taken back, it is assessed again.",
        ),
    )


@app.command()
def reclassify(claim: ClaimNumber, kind: Annotated[RequestKind, typer.Argument(help="What it is.")]) -> None:
    """Put right what a claim is, as agreed with the person (削除: untrue 34, or unwanted 35)."""
    context, scope = desk()
    from daicho.rights.actions.deciding import reclassify as act  # noqa: PLC0415

    act(claim, kind, scope=scope, at=context.at())
    say(context, {"claim": claim, "kind": kind}, Text("記録しました。", "Recorded."))


# ── carrying out ─────────────────────────────────────────────────────────────────────────────


@app.command("carry-out")
def carry_out(
    claims: Annotated[
        list[str], typer.Argument(metavar="CLAIM…", help="Numbers of claims; several of one kind run together.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan and count, change nothing.")] = False,
) -> int:
    """Carry out approved claims on the stores and read them back; goes on where a crash stopped."""
    context, scope = desk()
    from daicho.rights.actions.carrying import carry_out as act  # noqa: PLC0415
    from daicho.site.wiring import open_store  # noqa: PLC0415

    line = Line(context)
    try:
        done = act(
            claims,
            dry_run=dry_run,
            scope=scope,
            at=context.at(),
            open_store=open_store,
            folder=files(context),
            progress=line,
        )
    finally:
        line.end()
    data = [
        {
            "claim": one.number,
            "kind": one.kind,
            "state": one.state,
            "run": one.run,
            "dry_run": one.dry_run,
            "outcome": one.outcome,
            "still_open": list(one.still_open),
        }
        for one in done
    ]
    context.show(data, lambda console: _print_outcome(context, console, done))
    return 1 if any(one.still_open for one in done) else 0


_FATES = {
    "shown": Text("開示", "shown"),
    "deleted": Text("削除", "deleted"),
    "blanked": Text("空欄化", "blanked"),
    "replaced": Text("置換え", "replaced"),
    "annotated": Text("注記", "annotated"),
    "kept": Text("保存（根拠あり）", "kept, on a ground"),
    "waiting": Text("保全中", "waiting"),
    "entrusted": Text("受託", "entrusted"),
    "untouched": Text("対象外", "not reached"),
    "by_hand": Text("手作業で確認", "by hand"),
}


def _print_outcome(context: Context, console: Console, done: Iterable[Any]) -> None:
    for one in done:
        console.print(
            f"[bold]{one.number}[/bold]  {context.say(KINDS[one.kind].name)}  {context.say(CLAIM_WORDS[one.state])}"
            + ("  (dry run)" if one.dry_run else "")
        )
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in (
            Text("保管先", "store"),
            Text("表", "table"),
            Text("扱い", "fate"),
            Text("該当", "found"),
            Text("変更", "changed"),
            Text("読直し", "read back"),
        ):
            table.add_column(context.say(heading))
        for entry in one.outcome:
            table.add_row(
                entry["store"],
                entry["table"],
                context.say(_FATES.get(entry["fate"], Text(entry["fate"], entry["fate"]))),
                f"{entry['found']:,}",
                f"{entry['changed']:,}",
                f"{entry['read_back']:,}",
            )
        console.print(table)
        for left in one.still_open:
            console.print(context.say(Text(f"  未了: {left}", f"  still open: {left}")), style="yellow")

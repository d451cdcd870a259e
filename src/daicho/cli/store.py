"""``daicho store``: the stores of the register, their health, and a first map drawn from a live one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from daicho.cli.context import Context, columns, current
from daicho.words.errors import EXIT_CODES, Fault, InputError
from daicho.words.text import Text

if TYPE_CHECKING:
    from daicho.register.reading import StoreRef
    from daicho.words.scope import Scope

app = typer.Typer(no_args_is_help=True, help="Stores: where personal data lives.")

CODE = typer.Argument(help="Code of the store.")
_PATIENCE = 60.0  # seconds: nobody is waiting before a screen


@app.command("list")
def list_() -> None:
    """List the stores and the state of their maps."""
    context = current().ready()
    from daicho.register.queries import list_maps, list_stores  # noqa: PLC0415

    scope = context.scope()
    maps = {one.store: one for one in list_maps(scope=scope)}
    rows: list[dict[str, Any]] = []
    for one in list_stores(scope=scope):
        view = maps.get(one.code)
        state = "slips" if one.is_paper else "none" if view is None else "in-force" if view.in_force else "waiting"
        rows.append(
            {
                "code": one.code,
                "name": one.name.as_dict(),
                "kind": one.kind,
                "organisation": one.organisation,
                "department": one.department.as_dict(),
                "map": view.code if view else None,
                "map_state": state,
            }
        )
    headings = [
        Text("コード", "code"),
        Text("名称", "name"),
        Text("種類", "kind"),
        Text("組織", "organisation"),
        Text("対応表", "map"),
    ]
    context.show(
        rows,
        columns(
            [
                (
                    row["code"],
                    row["name"][context.spoken],
                    row["kind"],
                    row["organisation"],
                    context.say(_MAP_STATES[row["map_state"]]),
                )
                for row in rows
            ],
            headings=[context.say(text) for text in headings],
        ),
    )


_MAP_STATES = {
    "slips": Text("検索依頼票", "by slips"),
    "none": Text("なし", "none"),
    "in-force": Text("有効", "in force"),
    "waiting": Text("確認待ち", "waits for confirmation"),
}


@app.command()
def check(code: str = typer.Argument("", help="Code of the store; left out: all of them.")) -> None:
    """See whether stores answer, and whether they are still what their maps were checked on; exit code 4 if not."""
    context = current().ready()
    from daicho.register.queries import get_own_store, list_stores  # noqa: PLC0415

    scope = context.scope()
    own = [one for one in list_stores(scope=scope) if scope.allows(one.organisation)]
    stores = [get_own_store(code, scope=scope)] if code else own
    rows = [_health(one, scope) for one in stores]

    def show(console: Console) -> None:
        for row in rows:
            console.print(_health_line(context, row), markup=False)

    context.show(rows, show)
    if any(row["error"] for row in rows):
        raise typer.Exit(EXIT_CODES[Fault.STORE])


def _health(ref: "StoreRef", scope: "Scope") -> dict[str, Any]:
    from daicho.register.health import check_store  # noqa: PLC0415
    from daicho.site import wiring  # noqa: PLC0415

    row: dict[str, Any] = {"store": ref.code, "kind": ref.kind, "error": None, "message": None, "advice": None}
    error = check_store(ref, scope=scope, open_store=wiring.open_store, timeout=_PATIENCE).error
    if error is not None:
        row |= {"error": error.code, "message": error.message.as_dict(), "advice": error.advice.as_dict()}
    return row


def _health_line(context: Context, row: dict[str, Any]) -> str:
    if row["error"]:
        return f"{row['store']}: [{row['error']}] {row['message'][context.spoken]} → {row['advice'][context.spoken]}"
    good = Text("検索依頼票で照会", "asked by slips") if row["kind"] == "paper" else Text("異常なし", "nothing found")
    return f"{row['store']}: {context.say(good)}"


@app.command()
def sketch(
    code: str = CODE,
    to: Path | None = typer.Option(None, "--to", help="File to write; left out: standard output."),
) -> None:
    """Draw a first map of a store from its live tables, for an engineer to correct."""
    context = current().ready()
    from daicho.cli.register import require_absent, write_output  # noqa: PLC0415
    from daicho.register.queries import find_policy, get_own_store, list_holdings  # noqa: PLC0415
    from daicho.register.sketch import sketch_map  # noqa: PLC0415
    from daicho.site import wiring  # noqa: PLC0415

    scope = context.scope()
    ref = get_own_store(code, scope=scope)
    if ref.is_paper:
        raise InputError(
            Text("紙の保管先に対応表は要りません。", "A paper store needs no map."),
            advice=Text(
                "台帳（holdings）に書けば検索依頼票で照会できます。", "Write it in the holdings; it is asked by slips."
            ),
        )
    policy = find_policy(scope=scope, on=context.today())
    drawn = sketch_map(
        wiring.open_store(ref).inspect(),
        store=code,
        holdings=[one.reg_no for one in list_holdings(scope=scope, store=code)],
        items=[one.code for one in policy.items] if policy else [],
    )
    if to is None:
        context.out.write(drawn.text)
        return
    require_absent(to)
    write_output(to, drawn.text.encode())
    context.show(
        {"path": str(to), "left_out": list(drawn.left_out)},
        lambda console: console.print(
            context.say(
                Text(
                    f"{to} に書きました。「# ?」の行を確かめてください。",
                    f"Written to {to}; look at the lines marked “# ?”.",
                )
            )
        ),
    )

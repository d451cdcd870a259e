"""``daicho plan``, ``apply``, ``confirm``, ``coverage``, ``export`` and ``holdings``: the register from files and back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from daicho.cli.context import Context, Format, columns, current, read_input
from daicho.words.errors import EXIT_CODES, Fault, InputError, NotAllowedError, Place
from daicho.words.text import Text

if TYPE_CHECKING:
    from daicho.register.planning import RegisterPlan
    from daicho.register.rules import RegisterFinding

holdings_app = typer.Typer(no_args_is_help=True, help="The 台帳: what is held, where, for what, how long.")

PATHS = typer.Argument(help="Files, or folders that are walked for *.yaml.")
_SIGNS = {"create": "+", "change": "~", "unchanged": "=", "remove": "-"}
_SHOWN_VALUE = 60


def add_to(app: typer.Typer) -> None:
    """Mount the commands of this module at the top level."""
    for command in (plan, apply, confirm, coverage, export):
        app.command()(command)
    app.add_typer(holdings_app, name="holdings")


def plan(paths: list[Path] = PATHS) -> None:
    """Show what applying these documents would change, and everything wrong with them. Changes nothing."""
    context = current().ready()
    found = _plan(context, paths)
    context.show(_plan_data(found), lambda console: _print_plan(context, console, found))
    if not found.is_valid:
        raise typer.Exit(EXIT_CODES[Fault.INPUT])


def apply(
    paths: list[Path] = PATHS,
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask before applying."),
) -> None:
    """Apply store, holdings and map documents, all of them or none."""
    context = current().ready()
    from daicho.register.actions import apply_documents  # noqa: PLC0415

    found = _plan(context, paths)
    asked = not yes and bool(found.changes)
    if not found.is_valid or (asked and context.format == Format.TEXT):
        context.show(_plan_data(found), lambda console: _print_plan(context, console, found))
    if not found.is_valid:
        raise typer.Exit(EXIT_CODES[Fault.INPUT])
    if asked and not _agrees(context):
        raise typer.Exit(0)
    done = apply_documents(found, scope=context.scope(), at=context.at())
    data = {
        "created": done.created,
        "changed": done.changed,
        "removed": done.removed,
        "unchanged": done.unchanged,
        "to_confirm": list(done.to_confirm),
        "findings": [_finding_data(one) for one in found.findings],
    }
    words = Text(
        f"作成 {done.created}・変更 {done.changed}・削除 {done.removed}・変更なし {done.unchanged}",
        f"{done.created} created, {done.changed} changed, {done.removed} removed, {done.unchanged} unchanged",
    )

    def show(console: Console) -> None:
        console.print(context.say(words))
        if found.findings:
            count = len(found.findings)
            told = Text(f"助言 {count} 件（daicho plan で表示）", f"{count} advice (shown by daicho plan)")
            console.print(context.say(told))
        for code in done.to_confirm:
            console.print(
                context.say(
                    Text(
                        f"対応表 {code} は別のアカウントの確認を待っています: daicho confirm {code} --as …",
                        f"The map {code} waits for another account: daicho confirm {code} --as …",
                    )
                )
            )

    context.show(data, show)


def confirm(code: str = typer.Argument(metavar="MAP", help="Code of the map.")) -> None:
    """Confirm a map that can change rows, as another account than the one that applied it."""
    context = current().ready()
    from daicho.register.actions import confirm_map  # noqa: PLC0415

    view = confirm_map(code, scope=context.scope(), at=context.at())
    context.show(
        {"map": view.code, "digest": view.digest, "checked_by": view.checked_by, "confirmed_by": view.confirmed_by},
        lambda console: console.print(
            context.say(
                Text(
                    f"対応表 {view.code} を確認しました（適用 {view.checked_by}、確認 {view.confirmed_by}、{view.digest[:12]}）。",
                    f"The map {view.code} is confirmed (applied by {view.checked_by}, confirmed by {view.confirmed_by}, {view.digest[:12]}).",
                )
            )
        ),
    )


def coverage() -> None:
    """List what the register leaves uncovered; exit code 1 when there is anything."""
    context = current().ready()
    from daicho.register.coverage import GAP_WORDS  # noqa: PLC0415
    from daicho.register.queries import find_policy, list_gaps  # noqa: PLC0415

    scope = context.scope()
    policy = find_policy(scope=scope, on=context.today())
    gaps = list_gaps(scope=scope, policy=policy)
    data = {
        "policy": policy is not None,
        "gaps": [{"kind": str(one.kind), "what": one.what, "organisation": one.organisation or None} for one in gaps],
    }

    def show(console: Console) -> None:
        if policy is None:
            console.print(context.say(Text("方針がまだありません。", "There is no policy yet.")))
        if not gaps:
            console.print(context.say(Text("空白は見つかりません。", "No gap found.")))
        for kind in dict.fromkeys(one.kind for one in gaps):
            of_kind = [one.what for one in gaps if one.kind == kind]
            console.print(f"{context.say(GAP_WORDS[kind])} ({len(of_kind)})", style="bold")
            for what in of_kind:
                console.print(f"  {what}", markup=False)

    context.show(data, show)
    if gaps:
        raise typer.Exit(1)


def export(to: Path = typer.Option(..., "--to", help="Folder to write the documents into.")) -> None:
    """Write the register as documents, in the same words, with the revisions they came from."""
    context = current().ready()
    from daicho.register.exporting import export_documents  # noqa: PLC0415

    found = export_documents(to, scope=context.scope())
    data = [
        {"path": str(one.path), "kind": str(one.kind), "mine": str(one.mine) if one.mine else None} for one in found
    ]

    def show(console: Console) -> None:
        for one in found:
            mine = ""
            if one.mine:
                mine = context.say(
                    Text(
                        f"（適用していない変更は {one.mine} に残しました）", f" (unapplied changes kept in {one.mine})"
                    )
                )
            console.print(f"{one.kind}  {one.path}{mine}", markup=False)

    context.show(data, show)


@holdings_app.command("list")
def list_holdings(
    organisation: str = typer.Option("", help="Only this organisation."),
) -> None:
    """List the rows of the register."""
    context = current().ready()
    from daicho.register import queries  # noqa: PLC0415

    found = queries.list_holdings(scope=context.scope(), organisations=[organisation] if organisation else None)
    data = [
        {
            "reg_no": one.reg_no,
            "organisation": one.organisation,
            "name": one.name.as_dict(),
            "subject_category": one.subject_category,
            "items": list(one.items),
            "purposes": list(one.purposes),
            "store": one.store,
            "rpd": str(one.rpd),
            "retention_period": one.retention_period,
            "status": one.status,
        }
        for one in found
    ]
    headings = [
        Text("No.", "No."),
        Text("組織", "organisation"),
        Text("名称", "name"),
        Text("本人", "whose"),
        Text("保管先", "store"),
        Text("保有", "rpd"),
        Text("保管期限", "kept"),
    ]
    rows = [
        (
            one.reg_no,
            one.organisation,
            context.say(one.name),
            one.subject_category,
            one.store,
            one.rpd,
            one.retention_period,
        )
        for one in found
    ]
    context.show(data, columns(rows, headings=[context.say(text) for text in headings]))


@holdings_app.command("export")
def export_holdings(
    to: Path = typer.Option(..., "--to", help="FILE.xlsx or FILE.csv."),
    organisation: str = typer.Option("", help="Only this organisation."),
) -> None:
    """Write the 個人情報管理台帳 as an assessor asks for it."""
    context = current().ready()
    from daicho.register import queries  # noqa: PLC0415
    from daicho.register.ledger import ledger_csv, ledger_rows, ledger_workbook  # noqa: PLC0415

    scope = context.scope()
    parts = queries.list_holding_parts(scope=scope, organisations=[organisation] if organisation else None)
    rows = ledger_rows(
        parts,
        policy=queries.find_policy(scope=scope, on=context.today()),
        stores={one.code: one for one in queries.list_stores(scope=scope)},
        language=context.spoken,
    )
    match to.suffix.casefold():
        case ".xlsx":
            raw = ledger_workbook(rows, title=context.say(Text("個人情報管理台帳", "Register")))
        case ".csv":
            raw = ledger_csv(rows)
        case _:
            raise InputError(
                Text("書き出せる形は .xlsx と .csv です。", "Only .xlsx and .csv can be written."),
                advice=Text("ファイル名の末尾を直してください。", "Correct the end of the file name."),
                place=Place(path=str(to)),
            )
    write_output(to, raw)
    context.show(
        {"path": str(to), "rows": len(parts)},
        lambda console: console.print(
            context.say(Text(f"{len(parts)} 行を {to} に書き出しました。", f"{len(parts)} rows written to {to}."))
        ),
    )


@holdings_app.command("import")
def import_holdings(
    file: Path = typer.Argument(help="The company's existing 台帳: .xlsx or .csv."),
    to: Path = typer.Option(..., "--to", help="Holdings document to write; it is finished by hand, then applied."),
    organisation: str = typer.Option("", help="Whose the rows are when the table does not say."),
) -> None:
    """Turn an existing 台帳 into a holdings document. Nothing is registered until it is applied."""
    context = current().ready()
    from daicho.register import queries  # noqa: PLC0415
    from daicho.register.ledger_reading import draft_holdings, read_ledger  # noqa: PLC0415

    scope = context.scope()
    drawn = draft_holdings(
        read_ledger(read_input(str(file)), path=str(file)),
        organisation=organisation or context.workspace.organisation,
        policy=queries.find_policy(scope=scope, on=context.today()),
        stores=queries.list_stores(scope=scope),
    )
    require_absent(to)
    write_output(to, drawn.text.encode())
    words = Text(
        f"{drawn.rows} 行を {to} に書きました。「# ?」の {drawn.open} か所を直してから適用してください。",
        f"{drawn.rows} rows written to {to}; finish the {drawn.open} places marked “# ?”, then apply it.",
    )
    context.show(
        {"path": str(to), "rows": drawn.rows, "open": drawn.open}, lambda console: console.print(context.say(words))
    )


def require_absent(path: Path) -> None:
    """Refuse to write over a file.

    Raises:
        InputError: it is there.
    """
    if path.exists():
        raise InputError(
            Text("そのファイルはもうあります。", "That file already exists."),
            advice=Text("別の名前を指定してください。", "Name another file."),
            place=Place(path=str(path)),
        )


def write_output(path: Path, raw: bytes) -> None:
    """Write a file the user named.

    Raises:
        InputError: it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    except OSError as error:
        raise InputError(
            Text("ファイルに書き込めません。", "The file cannot be written."),
            advice=Text("場所と書き込み権限を確かめてください。", "Check the path and the permission to write."),
            place=Place(path=str(path)),
        ) from error


def _plan(context: Context, paths: list[Path]) -> "RegisterPlan":
    from daicho.register.planning import plan_documents  # noqa: PLC0415
    from daicho.register.queries import find_policy  # noqa: PLC0415
    from daicho.site import wiring  # noqa: PLC0415

    scope = context.scope()
    return plan_documents(
        paths,
        scope=scope,
        open_store=wiring.open_store,
        policy=find_policy(scope=scope, on=context.today()),
        settings_of=wiring.settings_of,
    )


def _agrees(context: Context) -> bool:
    if context.format == Format.JSON or not sys.stdin.isatty():
        raise NotAllowedError(
            Text("確認の返事を受け取れません。", "There is nobody to ask."),
            advice=Text("内容を確かめたうえで --yes を付けてください。", "Look at the plan, then add --yes."),
        )
    return typer.confirm(context.say(Text("適用しますか", "Apply this?")))


def _plan_data(found: "RegisterPlan") -> dict[str, Any]:
    return {
        "valid": found.is_valid,
        "documents": [
            {
                "kind": str(one.kind),
                "organisation": one.organisation,
                "code": one.code,
                "change": str(one.change),
                "file": str(one.file) if one.file else None,
                "differences": [
                    {"path": part.path, "before": part.before, "after": part.after} for part in one.differences
                ],
            }
            for one in found.documents
        ],
        "to_confirm": [one.code for one in found.checks if one.waits],
        "findings": [_finding_data(one) for one in found.findings],
    }


def _finding_data(finding: "RegisterFinding") -> dict[str, Any]:
    problem = finding.problem
    return {
        "severity": str(finding.severity),
        "code": problem.code,
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "message": problem.message.as_dict(),
        "advice": problem.advice.as_dict(),
    }


def _print_plan(context: Context, console: Console, found: "RegisterPlan") -> None:
    for one in found.changes:
        console.print(f"{_SIGNS[one.change]} {one.kind:8} {one.code:24} {one.file or ''}", markup=False)
        for part in one.differences:
            console.print(f"    {part.path}: {_short(part.before)} → {_short(part.after)}", markup=False)
    same = len(found.documents) - len(found.changes)
    if same:
        console.print(context.say(Text(f"= 変更なし {same} 件", f"= {same} unchanged")))
    for check in found.checks:
        if check.waits:
            words = Text(
                f"→ 対応表 {check.code} は別のアカウントの確認が要ります。",
                f"→ {check.code} needs another account to confirm it.",
            )
            console.print(context.say(words))
    for finding in found.findings:
        sign = {"error": "✗", "advice": "!"}[finding.severity]
        console.print(f"{sign} {finding.problem.say(context.spoken)}", markup=False)
    errors = len(found.errors)
    if errors:
        console.print(
            context.say(Text(f"誤り {errors} 件。適用できません。", f"{errors} error(s); it cannot be applied."))
        )


def _short(value: Any) -> str:
    text = "-" if value is None else str(value)
    return text if len(text) <= _SHOWN_VALUE else text[: _SHOWN_VALUE - 1] + "…"

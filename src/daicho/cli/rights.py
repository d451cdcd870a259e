"""``daicho rights``: the request desk on the command line.

What people wrote comes from a file or standard input (``-``), never from arguments.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from daicho.cli import rights_papers
from daicho.cli.context import Context, current, read_input
from daicho.cli.progress import Line
from daicho.law.kinds import KINDS, RequestKind
from daicho.words.documents import read_document
from daicho.words.errors import InputError, Place
from daicho.words.scope import Scope
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="開示等の請求: requests of the person, from the envelope to the answer.")
slip_app = typer.Typer(no_args_is_help=True, help="検索依頼票: search slips for stores that people search.")
app.add_typer(slip_app, name="slip")

Number = Annotated[str, typer.Argument(metavar="REQUEST", help="Number of the request, e.g. R-2026-0001.")]
ClaimNumber = Annotated[str, typer.Argument(metavar="CLAIM", help="Number of the claim, e.g. R-2026-0001-1.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


class Decision(StrEnum):
    """What a claim can be decided as."""

    APPROVED = "approved"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_HELD = "not_held"


class Notice(StrEnum):
    """Letters on the way."""

    RECEIPT = "receipt"
    MISSING = "missing"
    DELAY = "delay"
    RETURN = "return"


class DocumentOption(StrEnum):
    """Sorts of paper."""

    FORM = "form"
    ID_COPY = "id_copy"
    AUTHORITY = "authority"
    EVIDENCE = "evidence"
    OTHER = "other"


class OfOption(StrEnum):
    """Whose paper."""

    PERSON = "person"
    AGENT = "agent"


class MaskedOption(StrEnum):
    """Who blacked it out."""

    SENDER = "sender"
    RECEIVER = "receiver"
    NOT_NEEDED = "not_needed"
    MISSING = "missing"


class Disposal(StrEnum):
    """What became of a paper."""

    RETURNED = "returned"
    SHREDDED = "shredded"
    DELETED = "deleted"


def _desk() -> tuple[Context, Scope]:
    """Who acts at the desk; an auditor may look, not act."""
    context = current().ready()
    scope = context.scope()
    from daicho.people.queries import require_role  # noqa: PLC0415
    from daicho.people.rules import Role  # noqa: PLC0415

    for organisation in sorted(scope.organisations):
        require_role(scope, organisation, [Role.DESK, Role.SECRETARIAT, Role.OFFICER])
    return context, scope


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _files(context: Context) -> Path:
    found: Path = context.workspace.files
    return found


# ── receiving ────────────────────────────────────────────────────────────────────────────────


@app.command("open")
def open_(file: File) -> None:
    """Register a request from its intake document (YAML or JSON)."""
    context, scope = _desk()
    from daicho.rights.actions.receiving import open_request  # noqa: PLC0415
    from daicho.rights.intake import read_intake  # noqa: PLC0415

    intake = read_intake(read_input(file), path=file)
    number = open_request(intake, scope=scope, at=context.at())
    _show_case(context, scope, number)


@app.command()
def document(
    number: Number,
    kind: Annotated[DocumentOption, typer.Option(help="Sort of paper.")],
    paper: Annotated[
        str, typer.Option(help="Which identity paper or proof exactly (drivers_licence, power_of_attorney…).")
    ] = "",
    of: Annotated[OfOption, typer.Option(help="Whose it is.")] = OfOption.PERSON,
    masked: Annotated[MaskedOption, typer.Option(help="Who blacked out what must be.")] = MaskedOption.NOT_NEEDED,
    issued_on: Day = None,
    place: Annotated[str, typer.Option(help="Where it lies (cabinet, folder).")] = "",
    rejected: Annotated[bool, typer.Option("--rejected", help="It came but does not count.")] = False,
) -> None:
    """Record a paper that came with the request."""
    context, scope = _desk()
    from daicho.rights.actions.receiving import PaperIntake, record_document  # noqa: PLC0415
    from daicho.rights.rules import DocumentKind, MaskedBy, Of  # noqa: PLC0415

    _require_paper(kind, paper)
    ref = record_document(
        number,
        PaperIntake(
            kind=DocumentKind(kind),
            of=Of(of),
            paper=paper,
            accepted=not rejected,
            masked=MaskedBy(masked),
            issued_on=_day(issued_on),
            place=place,
        ),
        scope=scope,
        at=context.at(),
    )
    _say(context, {"document": ref}, Text(f"書類 {ref} を記録しました。", f"Paper {ref} is recorded."))


def _require_paper(kind: DocumentOption, paper: str) -> None:
    from daicho.law.papers import AuthorityDocument, IdDocument  # noqa: PLC0415

    names: dict[DocumentOption, Iterable[str]] = {
        DocumentOption.ID_COPY: IdDocument,
        DocumentOption.AUTHORITY: AuthorityDocument,
    }
    if kind in names and paper not in {str(one) for one in names[kind]}:
        choices = ", ".join(str(one) for one in names[kind])
        raise InputError(
            Text("どの書類かを --paper で示してください。", "Say with --paper which document it is."),
            advice=Text(f"使える値: {choices}", f"One of: {choices}"),
        )


@app.command()
def dispose(
    document_ref: Annotated[str, typer.Argument(metavar="DOCUMENT", help="Reference of the paper (D-…).")],
    how: Annotated[Disposal, typer.Option(help="What became of it.")],
    on: Day = None,
) -> None:
    """Record that a paper was returned, shredded, or its scan deleted."""
    context, scope = _desk()
    from daicho.rights.actions.receiving import dispose_document  # noqa: PLC0415

    dispose_document(document_ref, how, on=_day(on) or context.today(), scope=scope, at=context.at())
    _say(context, {"document": document_ref, "disposed": str(how)}, Text("記録しました。", "Recorded."))


@app.command()
def fee(
    number: Annotated[
        str,
        typer.Argument(metavar="REQUEST|FEE", help="The request; or the instrument's M-… with --cashed or --returned."),
    ],
    amount: Annotated[int, typer.Option(help="Face value in yen.")] = 0,
    instrument: Annotated[
        str, typer.Option(help="postal_money_order, stamps, bank_transfer or cash.")
    ] = "postal_money_order",
    instrument_no: Annotated[str, typer.Option("--number", help="Number printed on the instrument.")] = "",
    issued_on: Day = None,
    cashed: Annotated[bool, typer.Option("--cashed", help="It was cashed today.")] = False,
    returned: Annotated[bool, typer.Option("--returned", help="It was sent back today.")] = False,
) -> None:
    """Record a money order, or what became of it."""
    context, scope = _desk()
    from daicho.rights.actions.receiving import Money, record_fee, settle_fee  # noqa: PLC0415

    if cashed or returned:
        today = context.today()
        settle_fee(
            number,
            cashed_on=today if cashed else None,
            returned_on=today if returned else None,
            scope=scope,
            at=context.at(),
        )
        _say(context, {"fee": number}, Text("記録しました。", "Recorded."))
        return
    _require_instrument(instrument)
    money = Money(face_value=amount, instrument=instrument, number=instrument_no, issued_on=_day(issued_on))
    ref = record_fee(number, money, scope=scope, at=context.at())
    _say(
        context,
        {"fee": ref, "amount": amount},
        Text(f"手数料 {ref}（{amount:,}円）を記録しました。", f"Fee {ref} (¥{amount:,}) is recorded."),
    )


def _require_instrument(instrument: str) -> None:
    from daicho.policy.language import Instrument  # noqa: PLC0415

    if instrument not in set(Instrument):
        choices = ", ".join(str(one) for one in Instrument)
        raise InputError(
            Text(f"支払方法 {instrument} はありません。", f"There is no instrument {instrument}."),
            advice=Text(f"使える値: {choices}", f"One of: {choices}"),
        )


@app.command()
def check(
    number: Number,
    identity_verified: Annotated[
        bool, typer.Option("--identity-verified", help="You compared the papers with the form and vouch for who asks.")
    ] = False,
) -> int:
    """Compare what came with what the policy of the day asks for."""
    context, scope = _desk()
    from daicho.rights.actions.receiving import check_request  # noqa: PLC0415

    found = check_request(number, identity=identity_verified, scope=scope, at=context.at())
    data = {
        "request": found.number,
        "state": found.state,
        "missing": [{"code": one.code, **one.what.as_dict()} for one in found.missing],
        "fee_due": found.fee_due,
        "fee_paid": found.fee_paid,
        "cure_on": found.cure_on,
    }
    context.show(data, lambda console: _print_check(context, console, found))
    return 1 if found.missing else 0


def _print_check(context: Context, console: Console, found: Any) -> None:
    from daicho.rights.rules import REQUEST_WORDS  # noqa: PLC0415

    console.print(f"{found.number}  {context.say(REQUEST_WORDS[found.state])}")
    for one in found.missing:
        console.print(f"  － {context.say(one.what)}", style="yellow")
    if found.fee_due:
        console.print(
            context.say(
                Text(
                    f"  手数料 {found.fee_paid:,} / {found.fee_due:,} 円",
                    f"  fee ¥{found.fee_paid:,} of ¥{found.fee_due:,}",
                )
            )
        )
    if found.cure_on:
        console.print(context.say(Text(f"  補正の期限 {found.cure_on}", f"  to be made good by {found.cure_on}")))


# ── searching ────────────────────────────────────────────────────────────────────────────────


@app.command()
def search(
    number: Number,
    by_name: Annotated[
        bool, typer.Option("--by-name", help="Also scan for the name and its reading; finds candidates only.")
    ] = False,
) -> int:
    """Search every store in scope for the person; ask the departments of the others."""
    context, scope = _desk()
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
    context, scope = _desk()
    from daicho.rights.queries import list_candidates  # noqa: PLC0415

    found = [one.reveal(purpose="the human at the desk compares it") for one in list_candidates(number, scope=scope)]

    def show(console: Console) -> None:
        if not found:
            console.print(context.say(Text("判断待ちの候補はありません。", "No candidate is waiting.")))
        for one in found:
            console.print(f"[bold]{one['mark']}[/bold]  {one['store']}.{one['table']}  ({one['doubt']})")
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
    context, scope = _desk()
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
    _say(
        context,
        {"candidate": mark, "same": same, "left": left},
        Text(f"記録しました。残り {left} 件。", f"Recorded; {left} left."),
    )


# ── deciding ─────────────────────────────────────────────────────────────────────────────────


@app.command()
def review(claim: ClaimNumber) -> int:
    """Show the cells of a disclosure that a reviewer decides on (read live from the stores)."""
    context, scope = _desk()
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
    context, scope = _desk()
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
    _say(
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
    context, scope = _desk()
    from daicho.rights.actions.deciding import decide_claim  # noqa: PLC0415
    from daicho.rights.rules import ClaimState  # noqa: PLC0415

    reason = read_input(reason_file).decode("utf-8", "replace").strip() if reason_file else ""
    done = decide_claim(claim, ClaimState(decision), ground=ground, reason=reason, scope=scope, at=context.at())
    _say(
        context,
        {"claim": done.number, "state": done.state, "ground": done.ground},
        Text(f"{done.number}: {done.state} と決定しました。", f"{done.number} is decided: {done.state}."),
    )


@app.command()
def reclassify(claim: ClaimNumber, kind: Annotated[RequestKind, typer.Argument(help="What it is.")]) -> None:
    """Put right what a claim is, as agreed with the person (削除: untrue 34, or unwanted 35)."""
    context, scope = _desk()
    from daicho.rights.actions.deciding import reclassify as act  # noqa: PLC0415

    act(claim, kind, scope=scope, at=context.at())
    _say(context, {"claim": claim, "kind": kind}, Text("記録しました。", "Recorded."))


# ── carrying out ─────────────────────────────────────────────────────────────────────────────


@app.command("carry-out")
def carry_out(
    claims: Annotated[
        list[str], typer.Argument(metavar="CLAIM…", help="Numbers of claims; several of one kind run together.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan and count, change nothing.")] = False,
) -> int:
    """Carry out approved claims on the stores and read them back; goes on where a crash stopped."""
    context, scope = _desk()
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
            folder=_files(context),
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
            f"[bold]{one.number}[/bold]  {context.say(KINDS[one.kind].name)}  {one.state}"
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


@app.command()
def answer(
    number: Number,
    to: Annotated[Path | None, typer.Option(help="Folder for letters and data.")] = None,
    pack: Annotated[
        bool,
        typer.Option(
            "--pack",
            help="Also one PDF per answer to print: dispatch checklist, letter, address label, enclosure list.",
        ),
    ] = False,
    notice: Annotated[Notice | None, typer.Option(help="A letter on the way instead of the answer.")] = None,
    expected_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="For a delay: when the answer is expected.")
    ] = None,
    reason_file: Annotated[
        str, typer.Option(help="For a delay: why, in the person's language, from a file or -.")
    ] = "",
) -> int:
    """Print the letters; with data for a disclosure. Answering again hands out the same letters."""
    context, scope = _desk()
    from daicho.rights.actions.answering import answer_request  # noqa: PLC0415
    from daicho.rights.actions.noticing import Delay, notify  # noqa: PLC0415

    if notice:
        reason = read_input(reason_file).decode("utf-8", "replace") if reason_file else ""
        day = _day(expected_on)
        delay = Delay(reason=reason, expected_on=day) if day else None
        found = notify(number, notice, delay=delay, scope=scope, at=context.at(), folder=_files(context))
    else:
        found = answer_request(number, pack=pack, scope=scope, at=context.at(), folder=_files(context))
    written = _write_files(found.files, to) if to else []
    data = {
        "request": number,
        "state": found.state,
        "letters": list(found.letters),
        "files": written,
        "waiting": found.waiting,
        "warnings": [one.as_dict() for one in found.warnings],
    }

    def show(console: Console) -> None:
        for path in written:
            console.print(path, markup=False)
        for warning in found.warnings:
            console.print(context.say(warning), style="yellow", markup=False)
        for claim, why in found.waiting.items():
            console.print(
                context.say(
                    Text(
                        f"{claim}: まだ回答できません（{', '.join(why)}）",
                        f"{claim}: cannot be answered yet ({', '.join(why)})",
                    )
                ),
                style="yellow",
            )
        if not written and not found.waiting:
            console.print(
                context.say(
                    Text(
                        "--to で書き出し先を指定すると文書を書き出します。",
                        "Name a folder with --to to write the letters.",
                    )
                )
            )

    context.show(data, show)
    return 1 if found.waiting else 0


def _write_files(files: Iterable[Any], folder: Path) -> list[str]:
    """Letters hold personal data: the folder and the files are for their owner only."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for file in files:
            path = folder / file.name
            path.write_bytes(file.content)
            path.chmod(0o600)
            written.append(str(path))
    except OSError as error:
        raise InputError(
            Text("文書を書き出せません。", "The files cannot be written."),
            advice=Text(
                "フォルダの権限と空き容量を確かめて、もう一度実行してください。",
                "Check the folder's permission and free space and run it again.",
            ),
            place=Place(path=str(folder)),
        ) from error
    return written


# ── looking ──────────────────────────────────────────────────────────────────────────────────


@app.command()
def show(number: Number) -> None:
    """One case: claims, papers, money, letters, slips, what is open."""
    context = current().ready()
    _show_case(context, context.scope(), number)


def _show_case(context: Context, scope: Scope, number: str) -> None:
    from daicho.rights.queries import get_request  # noqa: PLC0415

    case = get_request(number, scope=scope, on=context.today())
    data = _case_data(case)
    context.show(data, lambda console: _print_case(context, console, case))


def _case_data(case: Any) -> dict[str, Any]:
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


def _print_case(context: Context, console: Console, case: Any) -> None:
    from daicho.rights.rules import CLAIM_WORDS, REQUEST_WORDS  # noqa: PLC0415

    console.print(f"[bold]{case.number}[/bold]  {context.say(REQUEST_WORDS[case.state])}  {case.organisation}")
    gate = f"  39: {case.gate_on}" if case.gate_on else ""
    console.print(
        context.say(
            Text(
                f"  到着 {case.arrived_on}  目標 {case.target_on}{gate}",
                f"  arrived {case.arrived_on}  target {case.target_on}{gate}",
            )
        )
    )
    for one in case.claims:
        console.print(f"  {one.number}  {context.say(KINDS[one.kind].name)}  {context.say(CLAIM_WORDS[one.state])}")
        for left in one.still_open:
            console.print(context.say(Text(f"      未了: {left}", f"      still open: {left}")), style="yellow")
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

    context.show([_case_data(one) for one in found], show)


@app.command()
def withdraw(number: Number) -> None:
    """The person takes the request back."""
    context, scope = _desk()
    from daicho.rights.actions.receiving import withdraw_request  # noqa: PLC0415

    withdraw_request(number, scope=scope, at=context.at())
    _say(
        context,
        {"request": number, "state": "withdrawn"},
        Text("取下げを記録しました。", "The withdrawal is recorded."),
    )


# ── slips ────────────────────────────────────────────────────────────────────────────────────


@slip_app.command("list")
def slip_list(everything: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False) -> None:
    """Slips that wait for their department."""
    context = current().ready()
    from daicho.runs.queries import list_slips  # noqa: PLC0415

    found = list_slips(scope=context.scope(), only_open=not everything)
    rows = [[one.ref, one.owner, one.store, one.task, str(one.due_on), one.answer or "…"] for one in found]

    def show(console: Console) -> None:
        if not rows:
            console.print(context.say(Text("未回答の検索依頼票はありません。", "No slip is waiting.")))
            return
        table = Table("ref", "owner", "store", "task", "due", "answer", box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*row)
        console.print(table)

    context.show(
        [dict(zip(("ref", "owner", "store", "task", "due_on", "answer"), row, strict=True)) for row in rows], show
    )


@slip_app.command("answer")
def slip_answer(
    ref: Annotated[str, typer.Argument(help="Reference printed on the slip (S-…).")],
    answer: Annotated[str, typer.Argument(help="found or none; done or kept.")],
    count: Annotated[int, typer.Option(min=0, help="How many were found.")] = 0,
    searcher_file: Annotated[str, typer.Option(help="Who searched, from a file or -.")] = "",
) -> None:
    """Record what a department answered."""
    context, scope = _desk()
    from daicho.runs.actions import answer_slip  # noqa: PLC0415

    searcher = read_input(searcher_file).decode("utf-8", "replace").strip() if searcher_file else ""
    slip = answer_slip(ref, answer=answer, count=count, searcher=searcher, scope=scope, at=context.at())
    _say(
        context,
        {"slip": slip.ref, "answer": slip.answer, "count": slip.count},
        Text("回答を記録しました。", "The answer is recorded."),
    )


def _say(context: Context, data: dict[str, Any], text: Text) -> None:
    context.show(data, lambda console: console.print(context.say(text), markup=False))


rights_papers.add_to(app, slip_app)

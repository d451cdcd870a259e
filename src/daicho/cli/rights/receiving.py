"""``daicho rights open | document | dispose | fee | check | withdraw | assign | merge | index``."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console

from daicho.cli.context import Context, read_input
from daicho.cli.rights.desk import Day, File, Number, app, day, desk, say
from daicho.cli.rights.looking import show_case
from daicho.words.errors import InputError
from daicho.words.text import Text


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


# ── receiving ────────────────────────────────────────────────────────────────────────────────


@app.command("open")
def open_(file: File) -> None:
    """Register a request from its intake document (YAML or JSON)."""
    context, scope = desk()
    from daicho.rights.actions.receiving import open_request  # noqa: PLC0415
    from daicho.rights.intake import read_intake  # noqa: PLC0415

    intake = read_intake(read_input(file), path=file)
    number = open_request(intake, scope=scope, at=context.at())
    show_case(context, scope, number)


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
    context, scope = desk()
    from daicho.rights.actions.recording import PaperIntake, record_document  # noqa: PLC0415
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
            issued_on=day(issued_on),
            place=place,
        ),
        scope=scope,
        at=context.at(),
    )
    say(context, {"document": ref}, Text(f"書類 {ref} を記録しました。", f"Paper {ref} is recorded."))


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
    context, scope = desk()
    from daicho.rights.actions.recording import dispose_document  # noqa: PLC0415

    dispose_document(document_ref, how, on=day(on) or context.today(), scope=scope, at=context.at())
    say(context, {"document": document_ref, "disposed": str(how)}, Text("記録しました。", "Recorded."))


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
    context, scope = desk()
    from daicho.rights.actions.recording import Money, record_fee, settle_fee  # noqa: PLC0415

    if cashed or returned:
        today = context.today()
        settle_fee(
            number,
            cashed_on=today if cashed else None,
            returned_on=today if returned else None,
            scope=scope,
            at=context.at(),
        )
        say(context, {"fee": number}, Text("記録しました。", "Recorded."))
        return
    _require_instrument(instrument)
    money = Money(face_value=amount, instrument=instrument, number=instrument_no, issued_on=day(issued_on))
    ref = record_fee(number, money, scope=scope, at=context.at())
    say(
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
    context, scope = desk()
    from daicho.rights.actions.receiving import check_request  # noqa: PLC0415

    found = check_request(number, identity=identity_verified, scope=scope, at=context.at())
    data = {
        "request": found.number,
        "state": found.state,
        "missing": [{"code": one.code, **one.said.as_dict()} for one in found.missing],
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
        console.print(f"  － {context.say(one.said)}", style="yellow")
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


@app.command()
def withdraw(number: Number) -> None:
    """The person takes the request back."""
    context, scope = desk()
    from daicho.rights.actions.receiving import withdraw_request  # noqa: PLC0415

    withdraw_request(number, scope=scope, at=context.at())
    say(
        context,
        {"request": number, "state": "withdrawn"},
        Text("取下げを記録しました。", "The withdrawal is recorded."),
    )


# ── tending ──────────────────────────────────────────────────────────────────────────────────


@app.command()
def assign(number: Number, account: Annotated[str, typer.Argument(help="Account that works on it.")]) -> None:
    """Say who works on a request."""
    context, scope = desk()
    from daicho.rights.actions.tending import assign_request  # noqa: PLC0415

    assign_request(number, account, scope=scope, at=context.at())
    said = Text(f"{number} の担当を {account} にしました。", f"{number} is assigned to {account}.")
    say(context, {"request": number, "assigned_to": account}, said)


@app.command()
def merge(number: Number, into: Annotated[str, typer.Option(help="The request that goes on.")]) -> None:
    """The same form came twice: end this request, and work on under the other number."""
    context, scope = desk()
    from daicho.rights.actions.tending import merge_request  # noqa: PLC0415

    merge_request(number, into=into, scope=scope, at=context.at())
    said = Text(f"{number} を {into} に統合しました。", f"{number} is merged into {into}.")
    say(context, {"request": number, "merged_into": into}, said)


@app.command()
def index() -> None:
    """Make the search keys of requests that have none yet (those registered by an earlier version)."""
    context, scope = desk()
    from daicho.rights.actions.tending import index_requests  # noqa: PLC0415

    done = index_requests(scope=scope, at=context.at())
    said = Text(f"請求 {done:,} 件の検索用の鍵を作りました。", f"Search keys were made for {done:,} request(s).")
    say(context, {"requests": done}, said)

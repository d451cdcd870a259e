"""What the commands of the desk share: the two command groups, their arguments, who acts."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from daicho.cli.context import Context, current
from daicho.words.scope import Scope
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="開示等の請求: requests of the person, from the envelope to the answer.")
slip_app = typer.Typer(no_args_is_help=True, help="検索依頼票: search slips for stores that people search.")
app.add_typer(slip_app, name="slip")

Number = Annotated[str, typer.Argument(metavar="REQUEST", help="Number of the request, e.g. R-2026-0001.")]
ClaimNumber = Annotated[str, typer.Argument(metavar="CLAIM", help="Number of the claim, e.g. R-2026-0001-1.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def desk() -> tuple[Context, Scope]:
    """Who acts at the desk; each act asks again for the organisation it touches. An auditor may look, not act."""
    context = current().ready()
    scope = context.scope()
    from daicho.people.queries import require_role_somewhere  # noqa: PLC0415
    from daicho.rights.access import DESK  # noqa: PLC0415

    require_role_somewhere(scope, DESK)
    return context, scope


def day(value: datetime | None) -> date | None:
    """The calendar day of an option."""
    return value.date() if value else None


def files(context: Context) -> Path:
    """Where sealed files are kept."""
    found: Path = context.workspace.files
    return found


def say(context: Context, data: dict[str, Any], text: Text) -> None:
    """One sentence, or its facts as JSON."""
    context.show(data, lambda console: console.print(context.say(text), markup=False))

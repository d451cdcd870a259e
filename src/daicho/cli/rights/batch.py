"""``daicho rights submit``: many verified requests in one call."""

import json
from collections import Counter
from typing import Annotated, Any

import typer
from rich.console import Console

from daicho.cli.context import current, read_input
from daicho.cli.progress import Line
from daicho.words.documents import Document, read_document, validate
from daicho.words.errors import DocumentError, InputError, Place, Problem
from daicho.words.text import Text


def add_to(app: typer.Typer) -> None:
    """Mount the command beside the desk's."""
    app.command()(submit)


def submit(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A YAML or JSON list of intake documents, or JSON lines; - for standard input."
        ),
    ],
    decider: Annotated[str, typer.Option(help="The account that decides; another one than --as.")],
) -> int:
    """Register requests whose persons are verified already, decide and carry them out together."""
    context = current().ready()
    scope = context.scope()
    from daicho.people.queries import get_actor  # noqa: PLC0415
    from daicho.rights.actions.submitting import submit as act  # noqa: PLC0415
    from daicho.site.wiring import open_store  # noqa: PLC0415

    intakes = _read(read_input(file), file)
    line = Line(context)
    try:
        done = act(
            intakes,
            scope=scope,
            decider=get_actor(decider, at=context.at()),
            at=context.at(),
            open_store=open_store,
            folder=context.workspace.files,
            progress=line,
        )
    finally:
        line.end()
    counts = Counter(str(state) for state in done.claims.values())

    def show(console: Console) -> None:
        for state, count in sorted(counts.items()):
            console.print(f"  {state}: {count:,}")
        if done.waiting:
            console.print(
                context.say(
                    Text(
                        "候補や検索依頼票を待つ請求は daicho rights list --open で見られます。",
                        "Claims that wait for a human: daicho rights list --open.",
                    )
                ),
                style="yellow",
            )

    context.show({"claims": done.claims, "runs": list(done.runs), "counts": counts}, show)
    return 1 if done.waiting else 0


def _read(raw: bytes, path: str) -> list[Any]:
    """Every intake of the file, or every error of every one of them."""
    from daicho.rights.intake import Intake  # noqa: PLC0415

    intakes, problems = [], []
    for document in _documents(raw, path):
        try:
            intakes.append(validate(Intake, document))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return intakes


def _documents(raw: bytes, path: str) -> list[Document]:
    if raw.lstrip()[:1] == b"{":
        return [_json_line(line, number, path) for number, line in enumerate(raw.splitlines(), start=1) if line.strip()]
    whole = read_document(raw, path=path)
    if not isinstance(whole.value, list):
        raise InputError(
            Text("請求の一覧ではありません。", "This is not a list of requests."),
            advice=Text(
                "「- 」で始まる一覧か、一行一件の JSON にしてください。",
                "Write a list (“- ”), or one JSON object a line.",
            ),
            place=Place(path=path),
        )
    return [
        Document(
            path=path,
            value=value,
            places={steps[1:]: place for steps, place in whole.places.items() if steps[:1] == (number,)},
        )
        for number, value in enumerate(whole.value)
    ]


def _json_line(line: bytes, number: int, path: str) -> Document:
    place = Place(path=path, line=number, column=1)
    try:
        return Document(path=path, value=json.loads(line), places={(): place})
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DocumentError(
            [
                Problem(
                    code="not-json",
                    place=place,
                    message=Text("JSON として読めない行です。", "This line is not JSON."),
                    advice=Text("一行に一つの JSON を書いてください。", "Write one JSON object a line."),
                )
            ]
        ) from error

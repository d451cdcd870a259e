"""``daicho rights answer`` and ``daicho rights slip list | answer``."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from daicho.cli.context import current, read_input
from daicho.cli.rights.desk import Day, Number, app, day, desk, files, say, slip_app
from daicho.cli.rights.papers import write_paper
from daicho.words.text import Text


class Notice(StrEnum):
    """Letters on the way."""

    RECEIPT = "receipt"
    MISSING = "missing"
    DELAY = "delay"
    RETURN = "return"


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
    context, scope = desk()
    from daicho.rights.actions.answering import answer_request  # noqa: PLC0415
    from daicho.rights.actions.noticing import Delay, notify  # noqa: PLC0415

    if notice:
        reason = read_input(reason_file).decode("utf-8", "replace") if reason_file else ""
        until = day(expected_on)
        delay = Delay(reason=reason, expected_on=until) if until else None
        found = notify(number, notice, delay=delay, scope=scope, at=context.at(), folder=files(context))
    else:
        found = answer_request(number, pack=pack, scope=scope, at=context.at(), folder=files(context))
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
    """Letters hold personal data: the files are for their owner only."""
    written = []
    for file in files:
        write_paper(folder / file.name, file.content)
        written.append(str(folder / file.name))
    return written


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
    law: Annotated[str, typer.Option(help="For kept: the law, as the letter prints it.")] = "",
    until: Day = None,
    correct: Annotated[bool, typer.Option("--correct", help="Put an earlier answer right.")] = False,
) -> None:
    """Record what a department answered."""
    context, scope = desk()
    from daicho.runs.actions import Kept, answer_slip  # noqa: PLC0415

    searcher = read_input(searcher_file).decode("utf-8", "replace").strip() if searcher_file else ""
    last = day(until)
    slip = answer_slip(
        ref,
        answer=answer,
        count=count,
        searcher=searcher,
        kept=Kept(law=law, until=last) if law and last else None,
        correct=correct,
        scope=scope,
        at=context.at(),
    )
    say(
        context,
        {"slip": slip.ref, "answer": slip.answer, "count": slip.count},
        Text("回答を記録しました。", "The answer is recorded."),
    )

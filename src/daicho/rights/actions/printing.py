"""帳票: papers whose printing is itself an act that the trail tells."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from daicho.letters.ledger import LedgerBook
from daicho.letters.ledger_workbook import ledger_workbook
from daicho.letters.press import forget_last, render
from daicho.rights.actions.issuing import OutFile
from daicho.rights.ledger_book import read_book
from daicho.trail.acts import Acts
from daicho.words.scope import Scope
from daicho.words.text import Language

#: What the ledger is made into.
FORMS: Final = ("xlsx", "pdf")
#: Rows in one PDF.
PART: Final = 1_000


def export_ledger(
    year: int,
    *,
    organisation: str = "",
    names: bool = True,
    forms: Collection[str] = FORMS,
    language: Language,
    scope: Scope,
    at: datetime,
) -> tuple[list[OutFile], int]:
    """開示等請求受付簿 of a calendar year, by day of arrival, as Excel and PDF, a long one in several; returns (files, rows).

    Args:
        organisation: only requests addressed to it; empty for all of the scope in one book.
        names: whether it says who asked; a copy that leaves the desk does not.
        forms: which of `FORMS` are made; a long year takes a while in each.

    Raises:
        NotFoundError: the organisation is foreign, or no policy is in force for it.
    """
    if organisation:
        scope.require(organisation)
    codes = [organisation] if organisation else sorted(scope.organisations)
    with transaction.atomic():
        read = read_book(year, codes, names=names, language=language, scope=scope, at=at)
    book = read.paper
    name = "-".join(["request-ledger", str(year), *([organisation] if organisation else [])])
    files: list[OutFile] = []  # made while nothing is locked: a long year takes a while
    if "xlsx" in forms:
        files.append(OutFile(name=f"{name}.xlsx", content=ledger_workbook(book)))
    if "pdf" in forms:
        files += _printed(book, name)
    with transaction.atomic():
        acts = Acts(actor=scope.actor, at=at)
        for code in codes:
            acts.add("ledger.exported", organisation=code, year=year, rows=read.claims.get(code, 0))
        acts.write()
    return files, len(book.rows)


def _printed(book: LedgerBook, name: str) -> Iterator[OutFile]:
    """One PDF, or parts of one: the press needs memory by the rows it sets at once, gigabytes for a year of 20,000."""
    rows = sorted(book.rows, key=lambda row: (row.arrived_on, row.request_no))
    parts = max(-(-len(rows) // PART), 1)
    if parts == 1:
        yield OutFile(name=f"{name}.pdf", content=render(book).pdf)
        return
    summary = book.summary()
    for part in range(1, parts + 1):
        paper = replace(
            book, rows=tuple(rows[(part - 1) * PART : part * PART]), part=part, parts=parts, whole_summary=summary
        )
        yield OutFile(name=f"{name}-{part:02d}.pdf", content=render(paper).pdf)
        forget_last()

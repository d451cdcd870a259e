"""今ある台帳の取り込み  Rows of a table (Excel or CSV) beside the register: which would be new or changed, which are wrong.

A cell that says what the register already says leaves it alone, whatever words it uses (the register
holds codes and two languages, a table one); an empty cell leaves it alone, too. A row that cannot be
read is told with every reason and is not taken; the others go into one plan, all or nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import ValidationError

from daicho.policy.language import Policy
from daicho.register.language import Bilingual, HoldingPart
from daicho.register.ledger import COLUMNS, names_of, say_cell
from daicho.register.ledger_reading import ReadRow, read_ledger, read_rows
from daicho.register.reading import StoreRef
from daicho.register.writing import Difference, differences, plain, to_yaml
from daicho.words.documents import read_document, validate
from daicho.words.errors import DocumentError, InputError, Place, Problem
from daicho.words.text import Language, Text

Known = Mapping[tuple[str, str], HoldingPart]
_JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_HEADINGS: Final = dict(COLUMNS)
MOST_BYTES: Final = 5 * 1024 * 1024
_MOST_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One reason a row is not taken: which column, what it says, why."""

    heading: Text
    written: str
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One row of the table. ``number`` counts the rows below the headings; ``value`` is a holding document."""

    number: int
    reg_no: str
    organisation: str
    name: str
    value: dict[str, Any]
    new: bool = True
    differences: tuple[Difference, ...] = ()
    wrong: tuple[Wrong, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """How the register finds it."""
        return self.organisation, self.reg_no

    @property
    def changes(self) -> bool:
        """Whether taking it would change the register."""
        return self.new or bool(self.differences)


@dataclass(slots=True, kw_only=True)
class Preview:
    """What taking a table would do."""

    rows: list[ImportRow] = field(default_factory=list)

    @property
    def good(self) -> list[ImportRow]:
        """The rows that can be taken and change something."""
        return [row for row in self.rows if not row.wrong and row.changes]

    @property
    def same(self) -> list[ImportRow]:
        """The rows that say what the register says."""
        return [row for row in self.rows if not row.wrong and not row.changes]

    @property
    def bad(self) -> list[ImportRow]:
        """The rows that cannot be taken."""
        return [row for row in self.rows if row.wrong]

    @property
    def text(self) -> str:
        """The good rows as a holdings document."""
        return to_yaml({"holdings": [row.value for row in self.good]}) if self.good else ""

    def refuse(self, problems: Iterable[Problem], *, path: str) -> list[Problem]:
        """Put each problem of a plan of `text` to its row, which turns bad; returns those of no row."""
        document = read_document(self.text.encode(), path=path)
        starts = [document.place_of(("holdings", index)).line for index in range(len(self.good))]
        steps = {(place.line, place.column): at for at, place in document.places.items()}
        good, left = self.good, []
        for problem in problems:
            index = sum(start <= problem.place.line for start in starts) - 1
            if problem.place.path != path or index < 0:
                left.append(problem)
                continue
            at = steps.get((problem.place.line, problem.place.column), ())
            name = str(at[2]) if len(at) > 2 else ""  # noqa: PLR2004 (holdings, index, column)
            wrong = Wrong(heading=_HEADINGS.get(name, _ROW), written="", message=_joined(problem))
            good[index] = self._turn(good[index], [wrong])
        return left

    def refuse_row(self, row: ImportRow, problems: Iterable[Problem]) -> None:
        """Turn one row bad, if there are any problems."""
        wrong = [Wrong(heading=_ROW, written="", message=_joined(problem)) for problem in problems]
        if wrong:
            self._turn(row, wrong)

    def _turn(self, row: ImportRow, wrong: Sequence[Wrong]) -> ImportRow:
        place = self.rows.index(row)
        self.rows[place] = replace(row, wrong=(*row.wrong, *wrong))
        return self.rows[place]


_ROW: Final = Text("行", "row")


def settle(preview: Preview, errors_of: Callable[[str], Sequence[Problem]], *, path: str) -> list[Problem]:
    """Plan the good rows; what is wrong with one of them turns it bad, and the others are planned again.

    A change that a map or another document cannot follow is told at that document: then every changed
    row is planned alone, to find the one.

    Args:
        errors_of: what a plan of a holdings document finds; its errors name the document ``path``.

    Returns:
        What is wrong with no row of the table; then none can be taken.
    """
    while preview.good:
        before = len(preview.good)
        left = preview.refuse(errors_of(preview.text), path=path)
        if left and len(preview.good) == before:
            for row in [one for one in preview.good if not one.new]:
                preview.refuse_row(row, errors_of(to_yaml({"holdings": [row.value]})))
        if len(preview.good) == before:
            return left
    return []


def read_upload(raw: bytes, *, name: str) -> list[dict[str, str]]:
    """The rows of an uploaded table; of its name only the ending counts.

    Raises:
        InputError: too large, too many rows, or as `read_ledger`.
    """
    if len(raw) > MOST_BYTES:
        raise InputError(
            Text("ファイルが大きすぎます（5 MB まで）。", "The file is too large (5 MB at most)."),
            advice=Text("台帳の表だけのファイルにしてください。", "Keep only the table in it."),
        )
    path = "table.xlsx" if name.casefold().endswith((".xlsx", ".xlsm")) else "table.csv"
    table = read_ledger(raw, path=path)
    if len(table) > _MOST_ROWS:
        raise InputError(
            Text(f"行が多すぎます（{_MOST_ROWS} 行まで）。", f"Too many rows ({_MOST_ROWS} at most)."),
            advice=Text("分けて取り込んでください。", "Import it in parts."),
            place=Place(path=path),
        )
    return table


def preview_rows(
    table: Sequence[Mapping[str, str]],
    *,
    organisation: str,
    known: Known,
    policy: Policy | None,
    stores: Mapping[str, StoreRef],
) -> Preview:
    """Compare a table, as `read_ledger` gives it, with the rows the register has."""
    names = {language: names_of(policy, stores, language) for language in Language}
    found = Preview()
    seen: set[tuple[str, str]] = set()
    for read in read_rows(table, organisation=organisation, policy=policy, stores=stores.values()):
        row = _row(read, known, names)
        if row.key in seen:
            twice = Wrong(
                heading=_HEADINGS["reg_no"],
                written=row.reg_no,
                message=Text("同じ番号が表に二度あります。", "The number stands twice in the table."),
            )
            row = replace(row, wrong=(*row.wrong, twice))
        seen.add(row.key)
        found.rows.append(row)
    return found


def _row(read: ReadRow, known: Known, names: Mapping[Language, Mapping[str, Any]]) -> ImportRow:
    value = {**read.value, "organisation": _owner(read, known)}
    part = known.get((str(value["organisation"]), str(value["reg_no"])))
    wrong = {one.field: one for one in read.unread}
    if part is not None:
        value = _over(part, read, names, wrong)
    found = [
        Wrong(heading=_HEADINGS.get(one.field, _ROW), written=one.written, message=_UNREAD if one.written else _EMPTY)
        for one in wrong.values()
    ]
    before = plain(part) if part else None
    after: dict[str, Any] = value
    if not found:
        try:
            after = plain(validate(HoldingPart, read_document(to_yaml(value).encode(), path="row")))
        except DocumentError as error:
            found += [Wrong(heading=_ROW, written="", message=_joined(one)) for one in error.problems]
        except ValidationError:
            found.append(Wrong(heading=_ROW, written="", message=_UNREAD))
    return ImportRow(
        number=read.number,
        reg_no=str(value["reg_no"]),
        organisation=str(value["organisation"]),
        name=read.cells.get("name", ""),
        value=after,
        new=part is None,
        differences=tuple(differences(before, after)) if before is not None and not found else (),
        wrong=tuple(found),
    )


_UNREAD: Final = Text(
    "この内容は、方針や台帳の言葉として読めません。", "This is no word of the policy or of the register."
)


_EMPTY: Final = Text("必要な欄が空です。", "This is needed and empty.")


def _owner(read: ReadRow, known: Known) -> str:
    """Whose the row is; a table without that column means the row that has its number, where only one has."""
    said = str(read.value["organisation"])
    having = [key[0] for key in known if key[1] == read.value["reg_no"]]
    alone = "organisation" not in read.cells and said not in having and len(having) == 1
    return having[0] if alone else said


def _over(
    part: HoldingPart, read: ReadRow, names: Mapping[Language, Mapping[str, Any]], wrong: dict[str, Any]
) -> dict[str, Any]:
    """The row of the register with what the table says otherwise."""
    merged = plain(part)
    for name, cell in read.cells.items():
        held = getattr(part, name)
        said = {say_cell(held, names[language].get(name), language) for language in Language}
        if _plain(cell) in {_plain(one) for one in said}:
            wrong.pop(name, None)
            continue
        if isinstance(held, Bilingual):
            merged[name] = {**merged[name], "ja" if _JAPANESE.search(cell) else "en": cell}
            wrong.pop(name, None)
        elif name in read.value:
            merged[name] = read.value[name]
    for name in [name for name in wrong if name not in read.cells]:
        wrong.pop(name)  # a column the table does not have: the register's own word stands
    return {name: merged[name] for name in HoldingPart.model_fields if name in merged}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def _joined(problem: Problem) -> Text:
    return Text(
        f"{problem.message.ja} {problem.advice.ja}",
        f"{problem.message.en} {problem.advice.en}",
    )

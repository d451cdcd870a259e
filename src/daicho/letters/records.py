"""別紙の表  How disclosed records are set on paper: by store and holding, as compactly as they read well."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from daicho.letters.blocks import Block, Cell, annex_title, blacked_out, note, paragraph
from daicho.letters.data import DisclosedField, DisclosedRecord, say_value
from daicho.letters.house import Ground
from daicho.letters.letter import text_width
from daicho.words.text import Language, Text

_FEWEST_ROWS: Final = 3
_MOST_COLUMNS: Final = 7
#: Half-width characters that fit a line of the columns layout at its type size.
_LINE: Final = 92
_WIDEST_COLUMN: Final = 40
_NARROWEST_COLUMN: Final = 6
_PURPOSE: Final = "printed in the disclosure letter"


class Marks:
    """※1, ※2… for the grounds on which values are withheld, numbered as they appear."""

    def __init__(self) -> None:
        self._numbers: dict[Ground, int] = {}

    def mark(self, ground: Ground) -> str:
        """The mark of a ground."""
        return f"※{self._numbers.setdefault(ground, len(self._numbers) + 1)}"

    def legend(self, language: Language) -> list[str]:
        """One line per mark."""
        pattern = "※{no}　{article}（{reason}）" if language is Language.JA else "※{no} {article}: {reason}"
        return [
            pattern.format(no=number, article=ground.article.say(language), reason=ground.reason.say(language))
            for ground, number in self._numbers.items()
        ]


def annex(records: Sequence[DisclosedRecord], language: Language) -> list[Block]:
    """別紙: every record, grouped by where it lies, with a legend of the marks when values are withheld."""
    marks = Marks()
    groups: list[Block] = []
    for (store, holding, table), group in groupby(
        records, key=lambda record: (record.store, record.holding, record.table)
    ):
        title = "　／　".join(dict.fromkeys(text.say(language) for text in (store, holding, table)))
        groups.append(
            _group(title if language is Language.JA else title.replace("　／　", " / "), list(group), marks, language)
        )
    opening = Text(
        "開示する保有個人データの内容は次のとおりです（全 {count} 件）。表記は保管先に記録されているとおりです。",
        "These are the personal data we hold about the person ({count} record(s)), as they are recorded.",
    )
    blocks = [
        annex_title(Text("別紙　開示する保有個人データ", "Annex: personal data disclosed").say(language)),
        paragraph(opening.say(language).format(count=f"{len(records):,}")),
    ]
    legend = marks.legend(language)
    if legend:
        lead = Text(
            "■は、次の理由により開示しない部分です。", "■ marks a part that is withheld on the following ground."
        )
        blocks.append(note("\n".join([lead.say(language), *legend])))
    return [*blocks, *groups]


def _group(title: str, records: list[DisclosedRecord], marks: Marks, language: Language) -> Block:
    count = Text("{count} 件", "{count} record(s)").say(language).format(count=f"{len(records):,}")
    piece: dict[str, Any] = {"t": "records", "title": title, "count": count}
    rows = [[_cell(field, marks, language) for field in record.fields] for record in records]
    widths = _column_widths(records, rows, language)
    if widths:
        head = [field.item.say(language) for field in records[0].fields]
        return {**piece, "shape": "columns", "head": head, "rows": rows, "widths": widths}
    head = [Text("項目", "Item").say(language), Text("内容", "Content").say(language)]
    band = Text("{number} 件目", "Record {number}").say(language)
    return {
        **piece,
        "shape": "items",
        "head": head,
        "records": [
            {
                "band": band.format(number=f"{number:,}") if len(records) > 1 else None,
                "rows": [[field.item.say(language), cell] for field, cell in zip(record.fields, cells, strict=True)],
            }
            for number, (record, cells) in enumerate(zip(records, rows, strict=True), start=1)
        ],
    }


def _cell(field: DisclosedField, marks: Marks, language: Language) -> Cell:
    if field.withheld is not None:
        return blacked_out(marks.mark(field.withheld))
    return "" if field.value is None else say_value(field.value.reveal(purpose=_PURPOSE), language)


def _column_widths(records: list[DisclosedRecord], rows: list[list[Cell]], language: Language) -> list[float] | None:
    """Relative widths if one line per record reads well; None if a line per item is better."""
    items = [field.item for field in records[0].fields]
    if len(records) < _FEWEST_ROWS or not 1 < len(items) <= _MOST_COLUMNS:
        return None
    if any([field.item for field in record.fields] != items for record in records):
        return None
    widths = []
    for index, item in enumerate(items):
        longest = max(_width(cells[index]) for cells in rows)
        if longest > _WIDEST_COLUMN:
            return None
        widths.append(max(longest, min(_width(item.say(language)), 16), _NARROWEST_COLUMN))
    return [float(width + 3) for width in widths] if sum(widths) <= _LINE else None


def _width(cell: Cell) -> int:
    if not isinstance(cell, str):
        return 16
    return max((text_width(line) for line in cell.splitlines()), default=0)

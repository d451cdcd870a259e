"""The company's existing 個人情報管理台帳 (Excel or CSV) as a first holdings document.

Headings are recognised in either language, by the keys of reference 4.1 and by what such tables are
usually headed with; names are turned into the policy's codes. Whatever is not recognised is kept in
sight: the line is marked ``# ?`` with the words of the table, for a person to finish.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from daicho.policy.language import Policy
from daicho.register.ledger import COLUMNS
from daicho.register.reading import StoreRef
from daicho.register.spreadsheet import read_cells
from daicho.register.writing import to_yaml
from daicho.words.errors import InputError, Place
from daicho.words.text import Text

TODO: Final = "todo"
_HEADINGS_NEEDED: Final = 3
_ROWS_SEARCHED: Final = 20

#: Other headings such tables are found with.
_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "reg_no": ("番号", "管理番号", "台帳番号", "no"),
    "name": ("名称", "個人情報名", "個人情報の種類", "媒体名"),
    "subject_category": ("本人", "対象者", "個人情報の本人"),
    "items": ("個人情報の項目", "含まれる項目", "データ項目"),
    "purposes": ("利用の目的", "使用目的"),
    "rpd": ("保有個人データ", "開示対象", "開示対象個人情報"),
    "sensitive": ("要配慮", "機微情報"),
    "spi": ("マイナンバー", "個人番号"),
    "acquisition_route": ("取得方法", "取得経路", "入手経路"),
    "count_range": ("保有件数", "概数"),
    "storage_place": ("保管場所・保管先", "場所"),
    "access_roles": ("アクセス権限", "利用者", "取扱者"),
    "retention_period": ("保存期間", "保管期間", "保存期限"),
    "disposal_method": ("廃棄", "消去・廃棄方法"),
    "owner_dept": ("部署", "主管部門", "管理部署"),
    "manager": ("管理責任者", "管理者"),
}
_LISTS: Final = frozenset({"items", "purposes", "access_roles", "entrusted_to", "provided_to", "joint_use"})
_FLAGS: Final = frozenset({"sensitive", "spi", "direct_in_writing"})
_DAYS: Final = frozenset({"created_on", "reviewed_on"})
_NEEDED: Final = ("reg_no", "name", "organisation", "subject_category", "items", "purposes", "store", "rpd")
_YES: Final = frozenset({"該当", "yes", "有", "○", "〇", "◯", "はい", "true", "1", "直接書面", "y"})
_NO: Final = frozenset({"非該当", "no", "無", "×", "✕", "-", "ー", "いいえ", "false", "0", "なし", "n"})
_STATUS: Final = {"active": "active", "使用中": "active", "suspended": "suspended", "停止": "suspended",
                  "disposed": "disposed", "廃棄済": "disposed"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLedger:
    """A holdings document to finish; ``open`` counts the marked lines."""

    text: str
    rows: int
    open: int


def read_ledger(raw: bytes, *, path: str) -> list[dict[str, str]]:
    """The rows of the table, field of reference 4.1 → text; the heading row is searched for.

    Raises:
        InputError: not an Excel or CSV file, or no row of headings is recognised.
    """
    table = _sheet(raw, path) if path.casefold().endswith((".xlsx", ".xlsm")) else _lines(raw, path)
    for number, row in enumerate(table[:_ROWS_SEARCHED]):
        fields = [_field(cell) for cell in row]
        if len({one for one in fields if one}) >= _HEADINGS_NEEDED:
            rows = [
                {name: cell for name, cell in zip(fields, cells, strict=False) if name and cell}
                for cells in table[number + 1 :]
            ]
            return [row for row in rows if row.get("name") or row.get("reg_no")]
    raise _wrong(
        path,
        Text("台帳の見出しの行が見つかりません。", "No row of headings is recognised."),
        Text(
            f"見出しに {', '.join(heading.ja for _, heading in COLUMNS[:6])} などを使ってください。",
            f"Use headings such as {', '.join(heading.en for _, heading in COLUMNS[:6])}.",
        ),
    )


def draft_holdings(
    rows: Sequence[Mapping[str, str]], *, organisation: str, policy: Policy | None, stores: Iterable[StoreRef]
) -> ImportedLedger:
    """Write the rows as a holdings document; ``organisation`` is whose they are when the table does not say."""
    codes = _codes(policy, stores)
    written = [_Row(number, row, codes, organisation) for number, row in enumerate(rows, start=1)]
    parts = ["holdings:\n"]
    for one in written:
        value = one.value()
        body = to_yaml({"holdings": [value]}).partition("\n")[2]
        parts.append(body + "".join(f"    # ? {mark}\n" for mark in one.marks))
    return ImportedLedger(text="".join(parts), rows=len(written), open=sum(len(one.marks) for one in written))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A cell that is no word the policy or the register knows."""

    field: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """One row of a table as a plain holding; ``value`` holds ``todo`` wherever ``unread`` names a field."""

    number: int
    cells: Mapping[str, str]
    value: dict[str, Any]
    unread: tuple[Unread, ...]


def read_rows(
    rows: Sequence[Mapping[str, str]], *, organisation: str, policy: Policy | None, stores: Iterable[StoreRef]
) -> list[ReadRow]:
    """As `draft_holdings`, row by row, with what could not be read."""
    codes = _codes(policy, stores)
    found = []
    for number, cells in enumerate(rows, start=1):
        row = _Row(number, cells, codes, organisation)
        value = row.value()
        unread = tuple(Unread(field=name, written=written) for name, written in row.unread)
        found.append(ReadRow(number=number, cells=cells, value=value, unread=unread))
    return found


@dataclass(slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    organisation: str
    unread: list[tuple[str, str]] = field(default_factory=list)

    @property
    def marks(self) -> list[str]:
        """What could not be read, as the lines of a document say it."""
        return [f"{name}: {text or '-'}".replace("\n", " ") for name, text in self.unread]

    def value(self) -> dict[str, Any]:
        """The plain holding; what could not be read is ``todo`` and noted in ``marks``."""
        found: dict[str, Any] = {}
        for name, _ in COLUMNS:
            text = self.cells.get(name, "").strip()
            if text or name in _NEEDED:
                value = self._read(name, text)
                if value is not None:
                    found[name] = value
        return found

    def _read(self, name: str, text: str) -> Any:  # noqa: PLR0911 (one case a kind of column)
        if name in _LISTS:
            found = [self._code(name, one) for one in _split(text, self.codes.get(name, {}))]
            return list(dict.fromkeys(found)) or ([self._todo(name, text)] if name in _NEEDED else None)
        if name in _FLAGS:
            return self._flag(name, text)
        if name in _DAYS:
            return self._day(name, text)
        match name:
            case "reg_no":
                return _reg_no(text) or f"H-{self.number:03d}"
            case "name" | "entruster":
                return {"ja": text or self._todo(name, text), "en": text or TODO}
            case "organisation":
                return self._code(name, text) if text else self.organisation
            case "rpd":
                return "entrusted" if "受託" in text or text == "entrusted" else self._flag(name, text)
            case "status":
                return _STATUS.get(text.casefold(), "active")
            case "subject_category" | "store":
                return self._code(name, text)
            case _:
                return text

    def _code(self, name: str, text: str) -> str:
        known = self.codes.get(name)
        if known is None:
            return text
        return known.get(_plain(text)) or self._todo(name, text)

    def _flag(self, name: str, text: str) -> bool | str | None:
        word = _plain(text)
        if word in _YES or word in _NO:
            return word in _YES
        return self._todo(name, text) if name in _NEEDED else None

    def _day(self, name: str, text: str) -> date | None:
        found = re.match(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", text)
        try:
            return date(*(int(part) for part in found.groups())) if found else None
        except ValueError:
            self._todo(name, text)
            return None

    def _todo(self, name: str, text: str) -> str:
        self.unread.append((name, text))
        return TODO


def _codes(policy: Policy | None, stores: Iterable[StoreRef]) -> dict[str, dict[str, str]]:
    """Field → (name in either language, or the code itself) → code."""

    def names(rows: Iterable[tuple[str, Text]]) -> dict[str, str]:
        return {_plain(word): code for code, text in rows for word in (code, text.ja, text.en)}

    found = {"store": names((one.code, one.name) for one in stores)}
    if policy is not None:
        found |= {
            "organisation": names((one.code, one.name) for one in policy.organisations),
            "subject_category": names((one.code, one.name) for one in policy.subjects),
            "items": names((one.code, one.name) for one in policy.items),
            "purposes": names((one.code, one.says) for one in policy.purposes),
            "entrusted_to": names((one.code, one.name) for one in policy.entrustees),
            "provided_to": names((one.code, one.name) for one in policy.recipients),
            "joint_use": names((one.code, one.title or one.heading) for one in policy.joint_use),
        }
    else:
        found |= {name: {} for name in ("subject_category", "items", "purposes")}
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def _split(text: str, known: Mapping[str, str]) -> list[str]:
    """The entries of a cell; a middle dot separates only where the whole is not a known name."""
    pieces: list[str] = []
    for part in re.split(r"[、，,;；\n]", text):
        whole = part.strip()
        pieces += [whole] if not known or _plain(whole) in known else whole.split("・")
    return [one.strip() for one in pieces if one.strip()]


def _reg_no(text: str) -> str | None:
    return text if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", text) else None


_FIELDS: Final = {
    _plain(word): name for name, heading in COLUMNS for word in (name, heading.ja, heading.en, *_SYNONYMS.get(name, ()))
}


def _field(cell: str) -> str | None:
    return _FIELDS.get(_plain(cell))


def _sheet(raw: bytes, path: str) -> list[list[str]]:
    try:
        return [[_cell(value) for value in row] for row in read_cells(raw)]
    except InputError as refused:
        raise _wrong(path, refused.message, refused.advice) from refused


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).strip()


def _lines(raw: bytes, path: str) -> list[list[str]]:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return [
                [cell.strip().removeprefix("'") for cell in row] for row in csv.reader(io.StringIO(text, newline=""))
            ]
        except csv.Error:
            break
    raise _wrong(
        path,
        Text("CSV として読めません。", "It cannot be read as CSV."),
        Text(
            "UTF-8 か Shift_JIS の CSV、または xlsx にしてください。",
            "Save it as CSV in UTF-8 or Shift_JIS, or as xlsx.",
        ),
    )


def _wrong(path: str, message: Text, advice: Text) -> InputError:
    return InputError(message, advice=advice, place=Place(path=path))

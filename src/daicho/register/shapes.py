"""Whether a map fits the live store, found when it is applied and not when a person waits.

Pure: a map and a shape in, problems out, each at its line of the YAML. Errors stop `apply`;
advice is shown and kept with the map (columns and tables nobody mapped are coverage gaps).
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.register.checks import Found, Step, end_columns
from daicho.register.compile import compile_end, compile_plan, mapped_columns
from daicho.register.language import EndPart, LinkPart, MapDocument, TablePart
from daicho.register.reading import EndKind
from daicho.stores.order import TableCycleError, order_tables
from daicho.stores.plan import Use
from daicho.stores.shape import ColumnShape, ColumnType, StoreShape, TableShape
from daicho.stores.values import LOOKED_UP, UnfitError, fit
from daicho.words.identity import WeakKind, is_strong
from daicho.words.text import Text

#: Types in which an identity can be written; what is not listed is never compared rightly.
_TYPES: Final = {
    WeakKind.BIRTH_DATE: frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TEXT}),
}
_NUMBER_TYPES: Final = frozenset({ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DECIMAL})
_TEXT_ONLY: Final = frozenset({ColumnType.TEXT})

#: Kinds of request that take rows away or change them, so that foreign keys matter.
_TAKES_AWAY: Final = frozenset({EndKind.DELETE})


@dataclass(slots=True, kw_only=True)
class Fit:
    """What comparing a map with the store found."""

    errors: Found
    advice: Found
    unmapped_tables: tuple[str, ...] = ()
    unmapped_columns: dict[str, tuple[str, ...]] = field(default_factory=dict)


def check_shape(document: MapDocument, shape: StoreShape, *, errors: Found, advice: Found) -> Fit:
    """Compare a map with every table of its store (``shape`` holds them all)."""
    found = Fit(errors=errors, advice=advice)
    for name, table in document.tables.items():
        seen = shape.tables.get(name)
        if seen is None:
            errors.add(
                "table-missing",
                Text(f"表 {name} が保管先にありません。", f"The store has no table {name}."),
                _nearest(name, shape.tables),
                at=("tables", name),
            )
            continue
        if not _check_columns(found, name, table, seen):
            continue
        _check_key(found, name, table, seen)
        _check_identities(found, name, table, seen)
        for index, link in enumerate(table.links):
            _check_link(found, (name, index), link, seen, shape.tables.get(link.parent))
        _check_ends(found, name, table, seen)
    if not errors.problems:
        _check_references(found, document, shape)
        _check_order(found, document, shape)
    _note_unmapped(found, document, shape)
    return found


def _check_columns(found: Fit, name: str, table: TablePart, seen: TableShape) -> bool:
    missing = False
    for column, at in _columns_with_places(name, table):
        if column not in seen.columns:
            missing = True
            found.errors.add(
                "column-missing",
                Text(f"表 {name} に列 {column} がありません。", f"The table {name} has no column {column}."),
                _nearest(column, seen.columns),
                at=at,
            )
    return not missing


def _columns_with_places(name: str, table: TablePart) -> Iterable[tuple[str, tuple[Step, ...]]]:
    """Each column once, at the first place it is written."""
    base = ("tables", name)
    places: dict[str, tuple[Step, ...]] = {}
    for column in table.columns:
        places.setdefault(column, (*base, "columns", column))
    for index, column in enumerate(table.key):
        places.setdefault(column, (*base, "key", index))
    for number, identity in enumerate(table.identities):
        for index, column in enumerate(identity.columns):
            places.setdefault(column, (*base, "identities", number, "columns", index))
    for number, link in enumerate(table.links):
        for index, column in enumerate(link.columns):
            places.setdefault(column, (*base, "links", number, "columns", index))
    for kind, end in table.on.items():
        for column in end_columns(end):
            places.setdefault(column, (*base, "on", str(kind)))
    return places.items()


def _check_key(found: Fit, name: str, table: TablePart, seen: TableShape) -> None:
    at = ("tables", name, "key")
    if not seen.scanned and not seen.tells_apart(table.key):
        found.errors.add(
            "key-not-unique",
            Text(
                f"表 {name} の key に主キーや一意の索引がなく、行を一つに決められません。",
                f"The key of {name} is neither its primary key nor unique, so it does not name one row.",
            ),
            _key_advice(seen),
            at=at,
        )
    for column in table.key:
        if seen.columns[column].type not in LOOKED_UP:
            found.errors.add(
                "key-type",
                Text(f"列 {column} の型は key に使えません。", f"The type of the column {column} cannot be a key."),
                Text("文字列か整数の一意な列を使ってください。", "Use a unique column of text or whole numbers."),
                at=at,
            )


def _key_advice(seen: TableShape) -> Text:
    if seen.primary_key:
        names = ", ".join(seen.primary_key)
        return Text(f"主キーは [{names}] です。", f"The primary key is [{names}].")
    return Text(
        "一意の索引を作り、その列を key に書いてください。", "Make a unique index and write its columns as key."
    )


def _check_identities(found: Fit, name: str, table: TablePart, seen: TableShape) -> None:
    for index, identity in enumerate(table.identities):
        at = ("tables", name, "identities", index, "columns")
        for column in identity.columns:
            allowed = _NUMBER_TYPES if is_strong(identity.kind) else _TYPES.get(WeakKind(identity.kind), _TEXT_ONLY)
            if seen.columns[column].type not in allowed:
                found.errors.add(
                    "identity-type",
                    Text(
                        f"列 {column}（{seen.columns[column].type}）は {identity.kind} を表せません。",
                        f"The column {column} ({seen.columns[column].type}) cannot hold {identity.kind}.",
                    ),
                    Text(
                        f"{'、'.join(sorted(allowed))} の列を選んでください。",
                        f"Choose a column of type {', '.join(sorted(allowed))}.",
                    ),
                    at=at,
                )
        if not seen.scanned:
            _check_index(found, name, identity.columns, identity.use, seen, at=at)


def _check_index(
    found: Fit, name: str, columns: tuple[str, ...], use: Use, seen: TableShape, *, at: Sequence[Step]
) -> None:
    if use == Use.LOOKUP and len(columns) > 1:
        found.errors.add(
            "lookup-joined",
            Text(
                "複数の列をつないだ値は索引で引けません。",
                "Columns joined into one value cannot be looked up by an index.",
            ),
            Text("use: confirm（照合のみ）か use: search にしてください。", "Write use: confirm or use: search."),
            at=at,
        )
    elif use == Use.LOOKUP and not seen.has_index_on(columns):
        found.errors.add(
            "lookup-index",
            Text(
                f"列 {', '.join(columns)} に索引がなく、請求のたびに表全体を読みます。",
                f"No index on {', '.join(columns)}: every request would read the whole table.",
            ),
            _index_advice(name, columns, " か use: confirm", ", or write use: confirm or use: search"),
            at=at,
        )
    elif use == Use.SEARCH:
        found.advice.add(
            "search-scan",
            Text(
                f"列 {', '.join(columns)} の候補検索は表全体を読みます。",
                f"Searching {', '.join(columns)} for candidates reads the whole table.",
            ),
            Text("行数が多ければ use: confirm にしてください。", "With many rows, write use: confirm."),
            at=at,
        )


def _index_advice(table: str, columns: Sequence[str], ja: str = "", en: str = "") -> Text:
    statement = f"create index on {table} ({', '.join(columns)})"
    return Text(f"索引を作る（{statement}）{ja}。", f"Make one ({statement}){en}.")


def _check_link(
    found: Fit, where: tuple[str, int], link: LinkPart, seen: TableShape, parent: TableShape | None
) -> None:
    name, index = where
    at = ("tables", name, "links", index)
    if parent is None:
        return  # told at the parent's own table
    for column in link.parent_columns:
        if column not in parent.columns:
            found.errors.add(
                "column-missing",
                Text(
                    f"表 {link.parent} に列 {column} がありません。", f"The table {link.parent} has no column {column}."
                ),
                _nearest(column, parent.columns),
                at=(*at, "parent_columns"),
            )
            return
    for here, there in zip(link.columns, link.parent_columns, strict=True):
        if _family(seen.columns[here]) != _family(parent.columns[there]):
            found.errors.add(
                "link-type",
                Text(
                    f"列 {here}（{seen.columns[here].type}）と {link.parent}.{there}（{parent.columns[there].type}）の型が違います。",
                    f"{here} ({seen.columns[here].type}) and {link.parent}.{there} ({parent.columns[there].type}) differ in type.",
                ),
                Text("同じ型の列をつないでください。", "Link columns of the same type."),
                at=at,
            )
    if not seen.scanned and not seen.has_index_on(link.columns):
        found.errors.add(
            "link-index",
            Text(
                f"つなぐ列 {', '.join(link.columns)} に索引がありません。",
                f"No index on the linked columns {', '.join(link.columns)}.",
            ),
            _index_advice(name, link.columns),
            at=(*at, "columns"),
        )


def _family(column: ColumnShape) -> ColumnType:
    return ColumnType.INTEGER if column.type == ColumnType.DECIMAL else column.type


def _check_ends(found: Fit, name: str, table: TablePart, seen: TableShape) -> None:
    for kind, end in table.on.items():
        at = ("tables", name, "on", str(kind))
        for column, value in compile_end(end).columns.items():
            if not _fits(value, seen.columns[column]):
                found.errors.add(
                    "end-unfit",
                    _unfit_message(column, value, seen.columns[column]),
                    _unfit_advice(end),
                    at=(*at, "columns", column) if isinstance(end.columns, dict) else at,
                )


def _fits(value: Any, column: ColumnShape) -> bool:
    try:
        fit(value, column)
    except UnfitError:
        return False
    return True


def _unfit_message(column: str, value: Any, seen: ColumnShape) -> Text:
    if value is None:
        return Text(f"列 {column} は空にできません（not null）。", f"The column {column} must not be empty (not null).")
    limit = f", {seen.length}" if seen.length else ""
    return Text(
        f"この値は列 {column}（{seen.type}{limit}）に入りません。",
        f"This value does not fit the column {column} ({seen.type}{limit}).",
    )


def _unfit_advice(end: EndPart) -> Text:
    if end.end == EndKind.BLANK:
        return Text("end: replace で置き換える値を書いてください。", "Write end: replace with a value to put there.")
    return Text("列の型と長さに合う値を書いてください。", "Write a value of the column's type and length.")


def _check_references(found: Fit, document: MapDocument, shape: StoreShape) -> None:
    """Rows that point at a row about to be deleted: kept ones stop the delete, or go with it unseen."""
    for child, seen in shape.tables.items():
        for reference in seen.references:
            target = document.tables.get(reference.target)
            if target is None or reference.target == child:
                continue
            for kind, end in target.on.items():
                if end.end == EndKind.DELETE:
                    _check_reference(
                        found, document, kind, child, reference.target, (reference.loose, reference.cascades)
                    )


def _check_reference(
    found: Fit, document: MapDocument, kind: RequestKind, child: str, target: str, ways: tuple[bool, bool]
) -> None:
    loose, cascades = ways
    mapped = document.tables.get(child)
    at = ("tables", target, "on", str(kind))
    if mapped is None:
        effect = (
            ("一緒に消えます", "go with it unseen")
            if cascades
            else ("残れば消去が止まります", "stop the deletion if any are left")
        )
        if not loose or cascades:
            found.advice.add(
                "reference-unmapped",
                Text(
                    f"対応表にない表 {child} が {target} を参照しており、その行は{effect[0]}。",
                    f"The table {child}, not in this map, refers to {target}; its rows {effect[1]}.",
                ),
                Text(f"{child} も対応表に書いてください。", f"Map {child} as well."),
                at=at,
            )
        return
    end = mapped.on.get(kind)
    if end is not None and end.end == EndKind.DELETE:
        return
    # A loose key may be set to null (the row stays, as wanted) or only be checked later (the deletion fails).
    note = found.advice if loose and not cascades else found.errors
    stops_ja, stops_en = (
        ("の行も一緒に消えます", "go with them")
        if cascades
        else (
            "の行が参照しているため、止まるおそれがあります" if loose else "の行が参照しているため止まります",
            "refer to them and stop it",
        )
    )
    note.add(
        "reference-kept",
        Text(
            f"{kind} で {target} の行を消すと、消さないはずの {child} {stops_ja}。",
            f"Rows of {target} are deleted on {kind}; rows of {child}, which are not to be deleted, {stops_en}.",
        ),
        Text(
            f"{target} を end: blank か replace にするか、{child} も delete にするか、外部キーを on delete set null にしてください。",
            f"End {target} with blank or replace, delete {child} as well, or make the foreign key on delete set null.",
        ),
        at=at,
    )


def _check_order(found: Fit, document: MapDocument, shape: StoreShape) -> None:
    try:
        order_tables(compile_plan(document, digest=""), shape)
    except TableCycleError as ring:
        found.errors.add("cycle", ring.message, ring.advice, at=("tables", ring.ring[0]))


def _note_unmapped(found: Fit, document: MapDocument, shape: StoreShape) -> None:
    mapped = mapped_columns(document) if not found.errors.problems else {}
    for name, columns in mapped.items():
        seen = shape.tables.get(name)
        left = tuple(column for column in seen.columns if column not in columns) if seen else ()
        if left:
            found.unmapped_columns[name] = left
            found.advice.add(
                "columns-unmapped",
                Text(
                    f"表 {name} の列 {', '.join(left)} は対応表にありません。",
                    f"Columns of {name} that no map speaks of: {', '.join(left)}.",
                ),
                Text(
                    "個人情報なら item を、そうでなければ technical: yes を書いてください。",
                    "Write an item for personal data, technical: yes for the rest.",
                ),
                at=("tables", name, "columns"),
            )
    tables = tuple(sorted(name for name in shape.tables if name not in document.tables))
    if tables and not found.errors.problems:
        found.unmapped_tables = tables
        found.advice.add(
            "tables-unmapped",
            Text(f"対応表にない表があります: {', '.join(tables)}", f"Tables no map speaks of: {', '.join(tables)}"),
            Text("個人情報があれば対応表に足してください。", "Add those that hold personal data."),
            at=("tables",),
        )


def _nearest(name: str, names: Iterable[str]) -> Text:
    near = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    if near:
        return Text(f"{'、'.join(near)} ではありませんか。", f"Did you mean {', '.join(near)}?")
    return Text("名前を保管先と比べてください。", "Compare the name with the store.")

"""From a map, its store and its holdings to what runs on a store.

Pure. The documents were checked before (`checks`, `rules`, `shapes`); a fault here is a fault of
ours. Tables stand parents before children.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.register.checks import used_columns
from daicho.register.language import (
    Bilingual,
    ColumnPart,
    EndPart,
    GroundPart,
    HoldingPart,
    MapDocument,
    StoreDocument,
    TablePart,
)
from daicho.register.reading import (
    About,
    ActiveMap,
    ColumnRule,
    Disclose,
    End,
    EndKind,
    Ground,
    HoldingRef,
    StoreRef,
    TableRules,
)
from daicho.register.writing import digest_of, plain
from daicho.stores.plan import IdentityColumn, Link, StorePlan, TablePlan
from daicho.stores.settings import Setting, SettingType
from daicho.stores.shape import StoreShape
from daicho.words.text import Language, Text

#: Words in the name of a column or an item that betray free text; it is shown only after review.
FREE_TEXT: Final = (
    "memo", "note", "comment", "remark", "free_text", "freetext", "description", "evaluation", "feedback",
    "備考", "メモ", "所感", "評価", "コメント", "特記", "自由記入",
)  # fmt: skip


def store_ref(document: StoreDocument) -> StoreRef:
    """The store as other rooms read it."""
    return StoreRef(
        code=document.store,
        kind=document.kind,
        name=document.name.as_text(),
        organisation=document.organisation,
        department=document.department.as_text(),
        country=document.country,
        settings=dict(document.settings),
        backups_kept_days=document.backups.kept_days if document.backups else None,
        replies_in_days=document.replies_in_days,
    )


def adapter_values(ref: StoreRef, known: Sequence[Setting], *, language: Language) -> dict[str, Any]:
    """The settings as the adapter takes them.

    A text that is written in both languages is said in ``language``; the department, which stands in
    the document's head, is filled in where the adapter asks for it.
    """
    texts = {setting.name for setting in known if setting.type == SettingType.TEXT}
    values = {
        name: value[language] if name in texts and isinstance(value, Mapping) and set(value) == set(Language) else value
        for name, value in ref.settings.items()
    }
    if "department" in texts:
        values.setdefault("department", ref.department.say(language))
    return values


def holding_ref(part: HoldingPart) -> HoldingRef:
    """The row of the register as other rooms read it."""
    return HoldingRef(
        reg_no=part.reg_no,
        name=part.name.as_text(),
        organisation=part.organisation,
        rpd=part.rpd,
        store=part.store,
        subject_category=part.subject_category,
        items=part.items,
        purposes=part.purposes,
        entruster=_text(part.entruster),
        sensitive=part.sensitive,
        spi=part.spi,
        retention_period=part.retention_period,
        retention_basis=part.retention_basis,
        use_period=part.use_period,
        provided_to=part.provided_to,
        entrusted_to=part.entrusted_to,
        joint_use=part.joint_use,
        status=part.status,
    )


def mapped_columns(document: MapDocument) -> dict[str, tuple[str, ...]]:
    """Table → every column the map relies on, as child or as parent of a link."""
    found = {name: dict.fromkeys(used_columns(table)) for name, table in document.tables.items()}
    for table in document.tables.values():
        for link in table.links:
            found[link.parent].update(dict.fromkeys(link.parent_columns))
    return {name: tuple(columns) for name, columns in found.items()}


def frozen_digest(
    document: MapDocument, store: StoreDocument, holdings: Mapping[str, HoldingPart], *, shape_digest: str
) -> str:
    """What a second account confirms: the map, where it points, whose data it is, and the shape it was checked on.

    Words for people (names, departments, retention) are left out: editing them changes no row.
    """
    return digest_of(
        {
            "map": plain(document),
            "store": {"code": store.store, "kind": store.kind, "settings": dict(sorted(store.settings.items()))},
            "holdings": {
                name: [holdings[name].organisation, holdings[name].reg_no, str(holdings[name].rpd)]
                for name in sorted(document.tables)
            },
            "shape": shape_digest,
        }
    )


def compile_map(
    document: MapDocument,
    store: StoreDocument,
    holdings: Mapping[str, HoldingPart],
    *,
    shape: StoreShape,
    revision: int,
) -> ActiveMap:
    """Compile a checked map.

    Args:
        holdings: table name → its row of the register.
        shape: the mapped tables as they were when the map was checked.
    """
    columns = mapped_columns(document)
    shape_digest = shape.digest(columns)
    digest = frozen_digest(document, store, holdings, shape_digest=shape_digest)
    tables = {name: _table_rules(name, table, holding_ref(holdings[name])) for name, table in document.tables.items()}
    return ActiveMap(
        code=document.map,
        revision=revision,
        digest=digest,
        shape_digest=shape_digest,
        store=store_ref(store),
        plan=compile_plan(document, digest=digest),
        tables=tables,
        mapped_columns=columns,
        shape=shape,
    )


def compile_plan(document: MapDocument, *, digest: str) -> StorePlan:
    """The plan alone: what the adapters are spoken to in."""
    columns = mapped_columns(document)
    return StorePlan(
        store=document.store,
        digest=digest,
        tables=tuple(
            _table_plan(name, document.tables[name], columns[name]) for name in parents_first(document.tables)
        ),
    )


def parents_first(tables: Mapping[str, TablePart]) -> list[str]:
    """Table names, each after its parents, otherwise as written (rings were refused by `checks`)."""
    ordered: dict[str, None] = {}

    def place(name: str) -> None:
        if name not in ordered:
            for link in tables[name].links:
                place(link.parent)
            ordered[name] = None

    for name in tables:
        place(name)
    return list(ordered)


def _table_plan(name: str, table: TablePart, columns: tuple[str, ...]) -> TablePlan:
    ways = len(table.links) + bool(table.identities)
    return TablePlan(
        name=name,
        key=table.key,
        identities=tuple(IdentityColumn(kind=one.kind, columns=one.columns, use=one.use) for one in table.identities),
        links=tuple(
            Link(columns=one.columns, parent=one.parent, parent_columns=one.parent_columns) for one in table.links
        ),
        match=table.match if ways > 1 else None,
        columns=columns,
    )


def _table_rules(name: str, table: TablePart, holding: HoldingRef) -> TableRules:
    ends = {kind: compile_end(part) for kind, part in table.on.items()}
    if RequestKind.ERASE in ends:
        ends.setdefault(RequestKind.DELETION, ends[RequestKind.ERASE])
    return TableRules(
        name=name,
        label=_text(table.label) or Text(name, name),
        holding=holding,
        columns={column: column_rule(column, part) for column, part in table.columns.items()},
        identified_by=tuple(frozenset(one) for one in table.identified_by),
        ends=ends,
    )


def column_rule(column: str, part: ColumnPart) -> ColumnRule:
    """The rule of one column, with what silence means filled in (desk practice 4)."""
    return ColumnRule(
        column=column,
        label=_text(part.label) or Text(column, column),
        item=part.item,
        disclose=_disclose(column, part),
        ground=_ground(part.ground),
        about=part.about,
        value=part.value,
        technical=part.technical,
    )


def reads_as_free_text(column: str, part: ColumnPart) -> bool:
    """Whether the name of the column or of its item says that anything may stand in it."""
    words = f"{column} {part.item or ''}".casefold()
    return any(word in words for word in FREE_TEXT)


def _disclose(column: str, part: ColumnPart) -> Disclose:
    if part.technical:
        return Disclose.WITHHOLD  # never shown, and no content that would need a ground
    if part.disclose is not None:
        return part.disclose
    if part.about != About.PERSON or reads_as_free_text(column, part):
        return Disclose.REVIEW
    return Disclose.YES


def compile_end(part: EndPart) -> End:
    """The end with the values its columns get."""
    return End(
        kind=part.end,
        columns=_end_values(part),
        ground=_ground(part.ground),
        until=part.until,
        text=part.text,
    )


def _end_values(part: EndPart) -> dict[str, Any]:
    if part.end == EndKind.ANNOTATE and part.column:
        return {part.column: part.text}
    if isinstance(part.columns, dict):
        return dict(part.columns)
    return dict.fromkeys(part.columns or ())


def _ground(part: GroundPart | None) -> Ground | None:
    return None if part is None else Ground(code=part.code, text=part.text.as_text(), law=_text(part.law))


def _text(part: Bilingual | None) -> Text | None:
    return None if part is None else part.as_text()

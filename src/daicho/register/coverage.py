"""What the register leaves uncovered (``daicho coverage``). Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daicho.policy.language import Policy
from daicho.register.language import HoldingPart, Status
from daicho.register.reading import PAPER
from daicho.register.rules import Contents
from daicho.words.text import Text


class GapKind(StrEnum):
    """What `daicho coverage` looks for."""

    ITEM_WITHOUT_HOLDING = "item-without-holding"
    HELD_NOT_IN_POLICY = "held-not-in-policy"
    PARTY_WITHOUT_HOLDING = "party-without-holding"
    HOLDING_WITHOUT_MAP = "holding-without-map"
    COLUMN_WITHOUT_ITEM = "column-without-item"
    ITEM_NOT_IN_HOLDING = "item-not-in-holding"
    COLUMN_UNMAPPED = "column-unmapped"
    TABLE_UNMAPPED = "table-unmapped"
    STORE_WITHOUT_MAP = "store-without-map"
    MAP_UNCONFIRMED = "map-unconfirmed"
    HOLDING_WITHOUT_RETENTION = "holding-without-retention"


GAP_WORDS: Final[Mapping[GapKind, Text]] = {
    GapKind.ITEM_WITHOUT_HOLDING: Text(
        "方針にあるが、どの台帳の行にもない項目", "Items of the policy that no holding has"
    ),
    GapKind.HELD_NOT_IN_POLICY: Text(
        "台帳にあるが、方針にない項目・利用目的・本人の区分",
        "Items, purposes and categories held that the policy does not name",
    ),
    GapKind.PARTY_WITHOUT_HOLDING: Text(
        "方針にあるが、どの台帳の行にもない提供先・委託先・共同利用",
        "Recipients, contractors and joint uses of the policy that no holding names",
    ),
    GapKind.HOLDING_WITHOUT_MAP: Text("どの対応表も届かない台帳の行", "Holdings that no map reaches"),
    GapKind.COLUMN_WITHOUT_ITEM: Text("項目の指定がない列", "Mapped columns that name no item"),
    GapKind.ITEM_NOT_IN_HOLDING: Text(
        "台帳の行にない項目を指す列", "Mapped columns whose item the holding does not list"
    ),
    GapKind.COLUMN_UNMAPPED: Text("対応表にない列", "Columns of mapped tables that no map speaks of"),
    GapKind.TABLE_UNMAPPED: Text("対応表にない表", "Tables of mapped stores that no map speaks of"),
    GapKind.STORE_WITHOUT_MAP: Text("対応表のない保管先", "Stores without a map"),
    GapKind.MAP_UNCONFIRMED: Text("第二の担当者の確認を待つ対応表", "Maps that wait for a second account"),
    GapKind.HOLDING_WITHOUT_RETENTION: Text("保管期限のない台帳の行", "Holdings without a retention period"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing the register leaves uncovered; ``what`` is a code, a number or store.table.column.

    ``organisation`` is whose it is; empty for what the policy promises for the whole group.
    """

    kind: GapKind
    what: str
    organisation: str = ""

    @property
    def store(self) -> str:
        """The store of a gap whose ``what`` is one, or store.table.column."""
        return self.what.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was noted when a map was checked on its store."""

    confirmed: bool
    unmapped_columns: Mapping[str, Sequence[str]]
    unmapped_tables: Sequence[str]


def find_gaps(contents: Contents, seen: Mapping[str, Seen], policy: Policy | None) -> list[Gap]:
    """Every gap, in the order of `GapKind`. ``seen``: map code → what its check noted.

    Paper stores are answered by slips, so they and their holdings need no map.
    """
    gaps = [
        *_policy_gaps(contents, policy),
        *_unpublished(contents, policy),
        *_holding_gaps(contents),
        *_map_gaps(contents),
        *_store_gaps(contents, seen),
    ]
    order = list(GapKind)
    return sorted(gaps, key=lambda gap: (order.index(gap.kind), gap.what))


def _policy_gaps(contents: Contents, policy: Policy | None) -> Iterator[Gap]:
    held = {item for part in contents.holdings.values() for item in part.items}
    for item in policy.items if policy else ():
        if item.code not in held:
            yield Gap(kind=GapKind.ITEM_WITHOUT_HOLDING, what=item.code)
    named = {code for part in contents.holdings.values() for code in _parties_of(part)}
    if policy is not None:
        declared = [one.code for one in (*policy.recipients, *policy.entrustees)]
        for code in (*declared, *(one.code for one in policy.joint_use)):
            if code not in named:
                yield Gap(kind=GapKind.PARTY_WITHOUT_HOLDING, what=code)


def _parties_of(part: HoldingPart) -> Iterator[str]:
    """Whom the row says it reaches; what was disposed of reaches nobody."""
    if part.status is not Status.DISPOSED:
        yield from (*part.provided_to, *part.entrusted_to, *part.joint_use)


def _unpublished(contents: Contents, policy: Policy | None) -> Iterator[Gap]:
    if policy is None:
        return
    items, purposes, subjects = (
        {one.code for one in rows} for rows in (policy.items, policy.purposes, policy.subjects)
    )
    for part in contents.holdings.values():
        missing = [code for code in part.items if code not in items]
        missing += [code for code in part.purposes if code not in purposes]
        missing += [part.subject_category] if part.subject_category not in subjects else []
        for code in missing:
            what = f"{part.organisation}/{part.reg_no}: {code}"
            yield Gap(kind=GapKind.HELD_NOT_IN_POLICY, what=what, organisation=part.organisation)


def _holding_gaps(contents: Contents) -> Iterator[Gap]:
    reached = {
        (part.organisation, part.reg_no)
        for document in contents.maps.values()
        for part in contents.holdings_of(document).values()
    }
    for key, part in contents.holdings.items():
        what = f"{part.organisation}/{part.reg_no}"
        if key not in reached and contents.stores[part.store].kind != PAPER:
            yield Gap(kind=GapKind.HOLDING_WITHOUT_MAP, what=what, organisation=part.organisation)
        if part.retention_period is None:
            yield Gap(kind=GapKind.HOLDING_WITHOUT_RETENTION, what=what, organisation=part.organisation)


def _map_gaps(contents: Contents) -> Iterator[Gap]:
    for document in contents.maps.values():
        holdings = contents.holdings_of(document)
        for name, table in document.tables.items():
            owner = holdings[name].organisation
            for column, part in table.columns.items():
                what = f"{document.store}.{name}.{column}"
                if part.item is None and not part.technical:
                    yield Gap(kind=GapKind.COLUMN_WITHOUT_ITEM, what=what, organisation=owner)
                if part.item is not None and part.item not in holdings[name].items:
                    yield Gap(kind=GapKind.ITEM_NOT_IN_HOLDING, what=f"{what} ({part.item})", organisation=owner)


def _store_gaps(contents: Contents, seen: Mapping[str, Seen]) -> Iterator[Gap]:
    mapped = {document.store for document in contents.maps.values()}
    for code, store in contents.stores.items():
        if code not in mapped and store.kind != PAPER:
            yield Gap(kind=GapKind.STORE_WITHOUT_MAP, what=code, organisation=store.organisation)
    for code, note in seen.items():
        store_code = contents.maps[code].store
        owner = contents.stores[store_code].organisation
        if not note.confirmed:
            yield Gap(kind=GapKind.MAP_UNCONFIRMED, what=code, organisation=owner)
        for table, columns in note.unmapped_columns.items():
            for column in columns:
                yield Gap(kind=GapKind.COLUMN_UNMAPPED, what=f"{store_code}.{table}.{column}", organisation=owner)
        for table in note.unmapped_tables:
            yield Gap(kind=GapKind.TABLE_UNMAPPED, what=f"{store_code}.{table}", organisation=owner)

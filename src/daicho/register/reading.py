"""What other rooms read of the register: stores, holdings, and maps in force.

Frozen values, no Django. `runs` and `rights` never see a YAML document or a row of this room;
they see these, and a map's digest is what a plan quotes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.stores.plan import StorePlan
from daicho.stores.shape import StoreShape
from daicho.words.text import Text

#: A department answers it with slips; it has no tables and no map.
PAPER: Final = "paper"


class Rpd(StrEnum):
    """保有個人データ該当  Whether the company itself may disclose, correct and erase."""

    YES = "yes"
    NO = "no"
    ENTRUSTED = "entrusted"  # 受託: somebody else's, never answered without the entruster's instruction


class Disclose(StrEnum):
    """What happens to a cell in a disclosure."""

    YES = "yes"
    REVIEW = "review"  # a human looks at each cell first
    WITHHOLD = "withhold"  # never shown; the ground is answered


class About(StrEnum):
    """Whom a column speaks of."""

    PERSON = "person"
    OTHER = "other"
    MIXED = "mixed"


class Value(StrEnum):
    """Whether a column says how things are, or what once happened."""

    CURRENT = "current"  # a correction changes it
    RECORD = "record"  # true when made: annotated, never rewritten


class EndKind(StrEnum):
    """How a row of a person ends."""

    DELETE = "delete"
    BLANK = "blank"  # the named columns become empty
    REPLACE = "replace"  # the named columns get the given values
    ANNOTATE = "annotate"  # a remark is written into one column
    KEEP = "keep"  # it stays, until, on a ground; answered as kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why something is withheld or kept: ``law`` names the article, ``text`` is what a letter says."""

    code: str
    text: Text
    law: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRef:
    """保管先  A store of the register.

    ``settings`` hold names of secrets (``env:…``), never secrets. ``backups_kept_days``: how long
    erased rows survive in backups, None = not stated. ``replies_in_days``: how long the department
    of a paper store may take to answer a slip, None = not stated.
    """

    code: str
    kind: str
    name: Text
    organisation: str
    department: Text
    country: str = "JP"
    settings: Mapping[str, Any] = field(default_factory=dict)
    backups_kept_days: int | None = None
    replies_in_days: int | None = None

    @property
    def is_paper(self) -> bool:
        """Whether people search it."""
        return self.kind == PAPER


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRef:
    """個人情報管理台帳の一行  One row of the register (reference 4.1); codes are the policy's."""

    reg_no: str
    name: Text
    organisation: str
    rpd: Rpd
    store: str
    subject_category: str
    items: tuple[str, ...]
    purposes: tuple[str, ...]
    entruster: Text | None = None
    sensitive: bool = False
    spi: bool = False
    retention_period: str | None = None
    retention_basis: str | None = None
    use_period: str | None = None
    provided_to: tuple[str, ...] = ()
    entrusted_to: tuple[str, ...] = ()
    joint_use: tuple[str, ...] = ()
    status: str = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """One mapped column. A ``technical`` column is never shown and has no item."""

    column: str
    label: Text
    item: str | None
    disclose: Disclose
    ground: Ground | None
    about: About
    value: Value
    technical: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The end of a person's rows in one table for one kind of request.

    ``columns``: column → new value. BLANK: None for each; ANNOTATE: its one column → the remark;
    REPLACE: as written; empty for DELETE and KEEP. ``text``: the remark of ANNOTATE.
    """

    kind: EndKind
    columns: Mapping[str, Any] = field(default_factory=dict)
    ground: Ground | None = None
    until: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRules:
    """What the map says of one table beside its `TablePlan`.

    ``identified_by``: combinations of kinds; a row is the person's when all kinds of one of them
    agree; empty for a table that is reached through links only. ``ends`` without a kind: the table
    is not touched by it and answered as such. DELETION is already filled from ERASE.
    """

    name: str
    label: Text
    holding: HoldingRef
    columns: Mapping[str, ColumnRule]
    identified_by: tuple[frozenset[str], ...]
    ends: Mapping[RequestKind, End]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveMap:
    """A map in force.

    ``digest`` freezes everything a run relies on: the map, the store's address, the holdings'
    organisation and ``rpd``, and the shape it was checked on; it equals ``plan.digest``.
    ``mapped_columns``: table → every column the map relies on, for `StoreShape.digest`.
    ``shape``: those columns as they were when checked. Tables of several organisations may stand
    in one map: `tables_of` picks.
    """

    code: str
    revision: int
    digest: str
    shape_digest: str
    store: StoreRef
    plan: StorePlan
    tables: Mapping[str, TableRules]
    mapped_columns: Mapping[str, tuple[str, ...]]
    shape: StoreShape

    def tables_of(self, organisations: Collection[str]) -> Mapping[str, TableRules]:
        """The tables whose holding belongs to one of ``organisations`` (desk practice 3)."""
        return {name: rules for name, rules in self.tables.items() if rules.holding.organisation in organisations}

    @property
    def changes_rows(self) -> bool:
        """Whether any end of any table deletes or writes."""
        return any(end.kind != EndKind.KEEP for rules in self.tables.values() for end in rules.ends.values())

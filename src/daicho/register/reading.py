"""What other rooms read of the register: stores, holdings, and maps in force.

Frozen values, no Django. `runs` and `rights` never see a YAML document or a row of this room;
they see these, and a map's digest is what a plan quotes.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.stores.plan import StorePlan
from daicho.stores.shape import StoreShape
from daicho.words.text import Text

#: A department answers it with slips; it has no tables and no map.
PAPER: Final = "paper"
#: Kinds that end rows for good: only they delete what was kept for a term, once it is over.
ERASING: Final = frozenset({RequestKind.ERASE, RequestKind.DELETION})


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


@dataclass(frozen=True, slots=True)
class KeepTerm:
    """``5 years from paid_on``: how long a kept row must stay, and the column the time starts in."""

    years: int
    column: str

    def ended(self, started: object, *, on: date) -> bool:
        """Whether the term is over on ``on``; an unreadable start keeps the row."""
        day = _as_date(started)
        if day is None:
            return False
        try:
            end = day.replace(year=day.year + self.years)
        except ValueError:  # 29 February
            end = date(day.year + self.years, 3, 1)
        return end <= on


def keep_term(end: End) -> KeepTerm | None:
    """The term of a KEEP end that names a column; None when it is only words."""
    found = re.fullmatch(r"\s*(\d{1,3})\s*years?\s+from\s+(\w+)\s*", end.until or "")
    return KeepTerm(int(found[1]), found[2]) if found else None


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", str(value or ""))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def changes_rows(kind: RequestKind, end: End) -> bool:
    """Whether this end of this kind can delete or write: anything but keeping, and keeping for a term that ends."""
    return end.kind != EndKind.KEEP or (kind in ERASING and keep_term(end) is not None)


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
        """Whether any end of any table can delete or write."""
        return any(changes_rows(kind, end) for rules in self.tables.values() for kind, end in rules.ends.items())

"""The YAML language of the register: stores, holdings and maps, one document a file.

The top key tells the kind: ``store:``, ``holdings:`` (a list), ``map:``. This file is the shape
of each document; `daicho.register.checks` and `daicho.register.entries` hold what a shape cannot
say, `daicho.register.documents` reads a file by all of them.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from daicho.law.kinds import RequestKind
from daicho.register.reading import About, Disclose, EndKind, Rpd, Value
from daicho.stores.plan import Match, Use
from daicho.words.documents import SayableError
from daicho.words.text import Text


class DocumentKind(StrEnum):
    """What a document speaks of; a holding is a document of its own inside a ``holdings`` file."""

    STORE = "store"
    HOLDING = "holding"
    MAP = "map"


def _word(value: Any) -> Any:
    """``yes`` and ``no`` are booleans to YAML and words to us."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _some(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """At least one entry; pydantic's own check also speaks up when an entry is wrong and there are enough."""
    if not value:
        raise SayableError(
            "too-short",
            Text("一件以上必要です。", "At least one entry is needed."),
            advice=Text("項目を足してください。", "Add an entry."),
        )
    return value


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
RegNo = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
HoldingCode = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,62}/)?[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), BeforeValidator(_word)]
Days = Annotated[int, Field(ge=0, le=36500)]


class Part(BaseModel):
    """A part of a document: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Part):
    """``{ja: …, en: …}``, both written."""

    ja: Words
    en: Words

    def as_text(self) -> Text:
        """The sentence of the house."""
        return Text(self.ja, self.en)


class Backups(Part):
    """How long erased rows survive in backups; the erasure letter says so."""

    kept_days: Days


class StoreDocument(Part):
    """保管先  ``settings`` are the adapter's; a password stands there only by name (``env:…``)."""

    store: Code
    name: Bilingual
    kind: Code
    organisation: Code
    department: Bilingual
    country: Country = "JP"
    settings: dict[str, Any] = Field(default_factory=dict)
    backups: Backups | None = None
    replies_in_days: Annotated[int, Field(ge=1, le=365)] | None = None


class Status(StrEnum):
    """Whether a holding is in use."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DISPOSED = "disposed"


class HoldingPart(Part):
    """個人情報管理台帳の一行  Columns of reference 4.1, in its order."""

    reg_no: RegNo
    name: Bilingual
    organisation: Code
    subject_category: Code
    items: Annotated[tuple[Code, ...], AfterValidator(_some)]
    purposes: Annotated[tuple[Code, ...], AfterValidator(_some)]
    store: Code
    rpd: Annotated[Rpd, BeforeValidator(_word)]
    entruster: Bilingual | None = None
    sensitive: bool = False
    spi: bool = False
    acquisition_route: Words | None = None
    direct_in_writing: bool | None = None
    notice_ref: Words | None = None
    count_range: Annotated[str, StringConstraints(min_length=1)] | int | None = None
    medium: Words | None = None
    storage_place: Words | None = None
    storage_method: Words | None = None
    access_roles: tuple[Words, ...] = ()
    use_period: Words | None = None
    retention_period: Words | None = None
    retention_basis: Words | None = None
    disposal_method: Words | None = None
    entrusted_to: tuple[Code, ...] = ()
    provided_to: tuple[Code, ...] = ()
    joint_use: tuple[Code, ...] = ()
    owner_dept: Words | None = None
    manager: Words | None = None
    risk_ref: Words | None = None
    created_on: date | None = None
    reviewed_on: date | None = None
    status: Status = Status.ACTIVE


class HoldingsDocument(Part):
    """Rows of the register in one file."""

    holdings: Annotated[tuple[HoldingPart, ...], AfterValidator(_some)]


class GroundPart(Part):
    """Why a cell is withheld or a row kept."""

    code: Code
    text: Bilingual
    law: Bilingual | None = None


class IdentityPart(Part):
    """Columns that hold one identity kind; ``use`` defaults to ``lookup``."""

    kind: str
    columns: Annotated[tuple[Name, ...], Field(max_length=6), AfterValidator(_some)]
    use: Use = Use.LOOKUP


class LinkPart(Part):
    """Rows here belong to rows of ``parent``."""

    columns: Annotated[tuple[Name, ...], Field(max_length=8), AfterValidator(_some)]
    parent: Name
    parent_columns: Annotated[tuple[Name, ...], Field(max_length=8), AfterValidator(_some)]


class ColumnPart(Part):
    """One column. Left-out ``disclose`` is ``yes`` for plain data about the person, else ``review``."""

    item: Code | None = None
    label: Bilingual | None = None
    disclose: Annotated[Disclose | None, BeforeValidator(_word)] = None
    ground: GroundPart | None = None
    about: About = About.PERSON
    value: Value = Value.CURRENT
    technical: bool = False


class EndPart(Part):
    """How a row ends; which keys each end takes is checked in `daicho.register.checks`.

    ``columns`` is a list for ``blank`` and a mapping for ``replace``.
    """

    end: EndKind
    columns: dict[str, str | bool | int | float | date | None] | list[str] | None = None
    column: Name | None = None
    text: Words | None = None
    until: Words | None = None
    ground: GroundPart | None = None


class TablePart(Part):
    """One table of a map."""

    holding: HoldingCode
    label: Bilingual | None = None
    key: Annotated[tuple[Name, ...], Field(max_length=8), AfterValidator(_some)]
    identities: tuple[IdentityPart, ...] = ()
    links: tuple[LinkPart, ...] = ()
    match: Match | None = None
    identified_by: tuple[tuple[str, ...], ...] = ()
    columns: Annotated[dict[Name, ColumnPart], Field(min_length=1)]
    on: dict[RequestKind, EndPart] = Field(default_factory=dict)


class MapDocument(Part):
    """対応表  Binds a store's tables and columns to items of the policy."""

    map: Code
    store: Code
    tables: Annotated[dict[Name, TablePart], Field(min_length=1)]


Model = StoreDocument | HoldingsDocument | MapDocument

KINDS: Final[Mapping[str, type[StoreDocument] | type[HoldingsDocument] | type[MapDocument]]] = {
    "map": MapDocument,
    "holdings": HoldingsDocument,
    "store": StoreDocument,
}

"""A small CRM: its documents, its shape, and a store to open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from daicho.people.actions import create_account
from daicho.people.rules import Role
from daicho.register.reading import StoreRef
from daicho.stores.memory import MemoryStore
from daicho.stores.port import Store, StoreUnreachableError
from daicho.stores.shape import ColumnShape, ColumnType, Reference, StoreShape, TableShape
from daicho.words.scope import Scope
from daicho.words.text import Text

AT = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
ALICE = Scope(actor="alice", organisations=frozenset({"copro-holdings"}))
BOB = Scope(actor="bob", organisations=frozenset({"copro-holdings"}))
AUDITOR = Scope(actor="carol", organisations=frozenset({"copro-holdings"}))
MALLORY = Scope(actor="mallory", organisations=frozenset({"other-company"}))

STORE = """\
store: crm
name: {ja: 顧客管理, en: CRM}
kind: sqlite
organisation: copro-holdings
department: {ja: 営業管理部, en: Sales administration}
settings: {path: crm.sqlite3}
backups: {kept_days: 35}
"""

CABINET = """\
store: cabinet
name: {ja: 契約書キャビネット, en: Contract cabinet}
kind: paper
organisation: copro-holdings
department: {ja: 名古屋支社, en: Nagoya office}
settings: {place: {ja: 3階, en: third floor}}
replies_in_days: 5
"""

HOLDINGS = """\
holdings:
  - reg_no: H-001
    name: {ja: 顧客台帳, en: Customer master}
    organisation: copro-holdings
    subject_category: partner
    items: [name, email]
    purposes: [partner-communication]
    store: crm
    rpd: yes
    retention_period: 取引終了後5年
  - reg_no: H-002
    name: {ja: 注文, en: Orders}
    organisation: copro-holdings
    subject_category: partner
    items: [order]
    purposes: [partner-communication]
    store: crm
    rpd: yes
    retention_period: 7年
"""

MAP = """\
map: crm
store: crm
tables:
  customers:
    holding: H-001
    label: {ja: 顧客, en: Customer}
    key: [id]
    identities:
      - {kind: "number:crm-customer", columns: [id]}
      - {kind: email, columns: [email]}
      - {kind: name, columns: [family_name, given_name], use: confirm}
    identified_by:
      - ["number:crm-customer"]
      - [email, name]
    columns:
      id: {technical: yes}
      family_name: {item: name}
      given_name: {item: name}
      email: {item: email}
      memo: {item: email, about: mixed}
      mail_ok: {technical: yes}
    on:
      erase: {end: delete}
      suspend_use: {end: replace, columns: {mail_ok: no}}
  orders:
    holding: H-002
    key: [id]
    links: [{columns: [customer_id], parent: customers, parent_columns: [id]}]
    columns:
      ordered_at: {item: order, value: record}
      note: {item: order}
    on:
      erase:
        end: keep
        until: 7 years from ordered_at
        ground: {code: tax-law, text: {ja: 法令により保存, en: kept by law}}
"""


def column(name: str, kind: ColumnType = ColumnType.TEXT, *, nullable: bool = True, length: int | None = None):
    return ColumnShape(name=name, type=kind, nullable=nullable, length=length)


def table(name: str, *columns: ColumnShape, indexes: tuple[str, ...] = (), references: tuple[Reference, ...] = ()):
    return TableShape(
        name=name,
        columns={one.name: one for one in columns},
        primary_key=("id",),
        indexes=frozenset({("id",), *((one,) for one in indexes)}),
        unique=frozenset({("id",)}),
        references=references,
    )


TO_CUSTOMER = Reference(columns=("customer_id",), target="customers", target_columns=("id",))
CUSTOMERS = table(
    "customers",
    column("id", ColumnType.INTEGER, nullable=False),
    column("family_name", length=20),
    column("given_name"),
    column("email"),
    column("memo"),
    column("mail_ok", ColumnType.BOOLEAN, nullable=False),
    indexes=("email",),
)
ORDERS = table(
    "orders",
    column("id", ColumnType.INTEGER, nullable=False),
    column("customer_id", ColumnType.INTEGER),
    column("ordered_at", ColumnType.DATE),
    column("note"),
    indexes=("customer_id",),
)
SHAPE = StoreShape(tables={"customers": CUSTOMERS, "orders": ORDERS})


def with_table(name: str, changed: TableShape | None, shape: StoreShape = SHAPE) -> StoreShape:
    kept = {**shape.tables}
    kept.pop(name, None)
    return StoreShape(tables=kept if changed is None else {**kept, name: changed})


def with_column(shape: TableShape, changed: ColumnShape) -> TableShape:
    return replace(shape, columns={**shape.columns, changed.name: changed})


def without_column(shape: TableShape, name: str) -> TableShape:
    return replace(shape, columns={key: one for key, one in shape.columns.items() if key != name})


def open_accounts() -> None:
    """Alice is an officer, Bob an engineer, Carol audits."""
    for code, role in (("alice", Role.OFFICER), ("bob", Role.ENGINEER), ("carol", Role.AUDITOR)):
        create_account(
            code,
            display_name=code,
            organisation="copro-holdings",
            roles=[role],
            scope=None if code == "alice" else ALICE,
            at=AT,
        )


class Shelf:
    """Opens stores whose shape a test may change."""

    def __init__(self, shapes: Mapping[str, StoreShape]) -> None:
        self.shapes = dict(shapes)
        self.unplugged = False

    def open(self, ref: StoreRef) -> Store:
        if self.unplugged:
            raise StoreUnreachableError(Text("応答なし", "no answer"), advice=Text("待つ", "wait"))
        return MemoryStore(ref.code, self.shapes[ref.code], {})


def write(folder: Path, **documents: str) -> Path:
    """Write documents as ``<name>.yaml``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def write_all(folder: Path) -> Path:
    return write(folder, crm_store=STORE, cabinet=CABINET, holdings=HOLDINGS, crm_map=MAP)

"""The small world every store is tried on: customers, what hangs on them, and two people of one family.

CANARY stands in every text about a person, so that a test can look for it where it must not be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daicho.stores.plan import IdentityColumn, Link, Match, Rows, StorePlan, TablePlan, Use
from daicho.stores.shape import ColumnShape, ColumnType, Reference, StoreShape, TableShape

Row = dict[str, Any]
CANARY = "カナリア"
T = ColumnType


def table(
    name: str,
    columns: Mapping[str, ColumnType],
    *,
    key: Sequence[str] = ("id",),
    indexes: Sequence[tuple[str, ...]] = (),
    references: Sequence[Reference] = (),
    required: Sequence[str] = (),
) -> TableShape:
    shapes = {
        column: ColumnShape(name=column, type=kind, nullable=column not in {*key, *required})
        for column, kind in columns.items()
    }
    return TableShape(
        name=name,
        columns=shapes,
        primary_key=tuple(key),
        indexes=frozenset({tuple(key), *indexes}),
        references=tuple(references),
        unique=frozenset({tuple(key)}),
    )


def points_at(column: str, target: str) -> Reference:
    return Reference(columns=(column,), target=target, target_columns=("id",))


CUSTOMERS = table(
    "customers",
    {
        "id": T.INTEGER,
        "number": T.INTEGER,
        "email": T.TEXT,
        "phone": T.TEXT,
        "family": T.TEXT,
        "given": T.TEXT,
        "kana": T.TEXT,
        "born_on": T.DATE,
        "member": T.BOOLEAN,
        "points": T.DECIMAL,
        "joined_at": T.TIMESTAMP,
        "photo": T.BINARY,
        "note 備考": T.TEXT,
    },
    indexes=[("number",), ("email",), ("phone",)],
    required=["email"],
)
ADDRESSES = table(
    "addresses",
    {"id": T.INTEGER, "customer_id": T.INTEGER, "street": T.TEXT},
    indexes=[("customer_id",)],
    references=[points_at("customer_id", "customers")],
)
ORDERS = table(
    "orders",
    {"id": T.INTEGER, "customer_id": T.INTEGER, "address_id": T.INTEGER, "total": T.INTEGER},
    indexes=[("customer_id",), ("address_id",)],
    references=[points_at("customer_id", "customers"), points_at("address_id", "addresses")],
)
ITEMS = table(
    "order items",
    {"order_id": T.INTEGER, "line": T.TEXT, "gift": T.TEXT},
    key=["order_id", "line"],
    indexes=[("order_id",)],
    references=[points_at("order_id", "orders")],
)
REVIEWS = table("reviews", {"code": T.TEXT, "email": T.TEXT, "body": T.TEXT}, key=["code"], indexes=[("email",)])
TALKS = table(
    "talks",
    {"id": T.INTEGER, "email": T.TEXT, "customer_id": T.INTEGER, "order_id": T.INTEGER, "body": T.TEXT},
    indexes=[("email",), ("customer_id",), ("order_id",)],
)
LOANS = table(  # no map speaks of it
    "loans", {"id": T.INTEGER, "customer_id": T.INTEGER}, references=[points_at("customer_id", "customers")]
)
TABLES = (CUSTOMERS, ADDRESSES, ORDERS, ITEMS, REVIEWS, TALKS, LOANS)
SHAPE = StoreShape(tables={one.name: one for one in TABLES})

HANAKO, ICHIRO, TARO, JIRO = 1, 2, 3, 4  # customers.id

ROWS: dict[str, list[Row]] = {
    "customers": [
        {
            "id": HANAKO,
            "number": 1001,
            "email": "sato@example.com",
            "phone": "090-0000-0001",
            "family": "佐藤",
            "given": "花子",
            "kana": "サトウ ハナコ",
            "born_on": date(1990, 4, 1),
            "member": True,
            "points": Decimal("12.5"),
            "joined_at": datetime.fromisoformat("2020-01-02 03:04:05"),
            "photo": b"\x00\xff",
            "note 備考": f'{CANARY}, "引用"\n二行目',
        },
        {
            "id": ICHIRO,
            "number": 1002,
            "email": "sato@example.com",
            "phone": "090-0000-0002",
            "family": "佐藤 ",
            "given": "一郎",
            "kana": "サトウ　イチロウ",
            "born_on": date(1988, 12, 31),
            "member": False,
            "points": Decimal(0),
            "joined_at": datetime.fromisoformat("2021-01-01"),
            "photo": None,
            "note 備考": CANARY,
        },
        {
            "id": TARO,
            "number": 1003,
            "email": "Taro@Example.com",
            "phone": None,
            "family": "山田",
            "given": "太郎",
            "kana": "ヤマダタロウ",
            "born_on": None,
            "member": None,
            "points": None,
            "joined_at": None,
            "photo": None,
            "note 備考": None,
        },
        {
            "id": JIRO,
            "number": None,
            "email": "jiro@example.com",
            "phone": None,
            "family": None,
            "given": None,
            "kana": None,
            "born_on": None,
            "member": None,
            "points": None,
            "joined_at": None,
            "photo": None,
            "note 備考": None,
        },
    ],
    "addresses": [
        {"id": 11, "customer_id": HANAKO, "street": f"{CANARY}町 1-1"},
        {"id": 12, "customer_id": HANAKO, "street": f"{CANARY}町 1-2"},
        {"id": 21, "customer_id": ICHIRO, "street": f"{CANARY}町 2-1"},
        {"id": 99, "customer_id": None, "street": "誰でもない"},
    ],
    "orders": [
        {"id": 101, "customer_id": HANAKO, "address_id": 11, "total": 500},
        {"id": 102, "customer_id": HANAKO, "address_id": 12, "total": 700},
        {"id": 201, "customer_id": ICHIRO, "address_id": 21, "total": 900},
    ],
    "order items": [
        {"order_id": 101, "line": "1", "gift": CANARY},
        {"order_id": 101, "line": "2", "gift": None},
        {"order_id": 102, "line": "1", "gift": CANARY},
        {"order_id": 201, "line": "1", "gift": CANARY},
    ],
    "reviews": [
        {"code": "r-1", "email": "sato@example.com", "body": CANARY},
        {"code": "r-2", "email": "jiro@example.com", "body": CANARY},
    ],
    "talks": [
        {"id": 1, "email": "sato@example.com", "customer_id": HANAKO, "order_id": 101, "body": CANARY},
        {"id": 2, "email": "other@example.com", "customer_id": HANAKO, "order_id": None, "body": CANARY},
        {"id": 3, "email": "sato@example.com", "customer_id": ICHIRO, "order_id": None, "body": CANARY},
        {"id": 4, "email": "sato@example.com", "customer_id": None, "order_id": 101, "body": CANARY},
    ],
    "loans": [{"id": 1, "customer_id": TARO}],
}


def linked(name: str, column: str, parent: str, *, key: tuple[str, ...] = ("id",)) -> TablePlan:
    link = Link(columns=(column,), parent=parent, parent_columns=("id",))
    return TablePlan(name=name, key=key, links=(link,), columns=tuple(SHAPE.tables[name].columns))


CUSTOMERS_PLAN = TablePlan(
    name="customers",
    key=("id",),
    identities=(
        IdentityColumn(kind="number:customer", columns=("number",), use=Use.LOOKUP),
        IdentityColumn(kind="email", columns=("email",), use=Use.LOOKUP),
        IdentityColumn(kind="phone", columns=("phone",), use=Use.SEARCH),
        IdentityColumn(kind="name", columns=("family", "given"), use=Use.LOOKUP),
        IdentityColumn(kind="kana", columns=("kana",), use=Use.SEARCH),
        IdentityColumn(kind="birth_date", columns=("born_on",), use=Use.CONFIRM),
    ),
    columns=tuple(CUSTOMERS.columns),
)
REVIEWS_PLAN = TablePlan(
    name="reviews",
    key=("code",),
    links=(Link(columns=("email",), parent="customers", parent_columns=("email",)),),
    columns=("email", "body"),
)
TALKS_PLAN = TablePlan(
    name="talks",
    key=("id",),
    identities=(IdentityColumn(kind="email", columns=("email",), use=Use.LOOKUP),),
    links=(Link(columns=("customer_id",), parent="customers", parent_columns=("id",)),),
    match=Match.BOTH,
    columns=("email", "body"),
)
PLAN = StorePlan(
    store="shop",
    digest="plan-1",
    tables=(
        CUSTOMERS_PLAN,
        linked("addresses", "customer_id", "customers"),
        linked("orders", "customer_id", "customers"),
        linked("order items", "order_id", "orders", key=("order_id", "line")),
        REVIEWS_PLAN,
        TALKS_PLAN,
    ),
)
MAPPED = [one.name for one in PLAN.tables]


def plan_with(changed: TablePlan, digest: str) -> StorePlan:
    """The same plan with one table in other words."""
    tables = tuple(changed if one.name == changed.name else one for one in PLAN.tables)
    return replace(PLAN, tables=tables, digest=digest)


def rows_of(name: str, *pairs: tuple[int, tuple[Any, ...]]) -> Rows:
    return Rows(name, [person for person, _ in pairs], [key for _, key in pairs])

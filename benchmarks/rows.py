"""Six linked tables of a shop, the same rows every time: 10,000 customers, about 130,000 rows.

customers 1 ×, addresses 1.3 ×, orders 3 ×, order items 7.5 ×, applications 0.8 × and inquiries
0.6 × (the last two hang on the e-mail address, without a foreign key). Two heavy customers have
15,000 rows more each. All names are invented, all mailboxes are at example.com.
"""

import random
from collections.abc import Iterator

import psycopg

HEAVY = (9_901, 9_902)

SCHEMA = """
CREATE TABLE customers (
  id bigint PRIMARY KEY, email varchar(120) NOT NULL, family_name varchar(40), given_name varchar(40),
  kana varchar(80), phone varchar(20), birthday date, created_at timestamp NOT NULL, is_member boolean NOT NULL);
CREATE TABLE addresses (
  id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers(id),
  postal_code varchar(8), prefecture varchar(20), city varchar(40), street varchar(80), is_default boolean);
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers(id),
  address_id bigint REFERENCES addresses(id), ordered_at timestamp, total integer, memo varchar(200),
  recipient_name varchar(80));
CREATE TABLE order_items (
  id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders(id),
  sku varchar(20), quantity integer, price integer, gift_message varchar(200));
CREATE TABLE applications (
  id bigint PRIMARY KEY, email varchar(120) NOT NULL, name varchar(80), resume_text text, applied_at timestamp);
CREATE TABLE inquiries (
  id bigint PRIMARY KEY, email varchar(120) NOT NULL, name varchar(80), phone varchar(20), body text,
  received_at timestamp);
"""
INDEXES = """
CREATE UNIQUE INDEX customers_email ON customers(email);
CREATE INDEX addresses_customer ON addresses(customer_id);
CREATE INDEX orders_customer ON orders(customer_id);
CREATE INDEX orders_address ON orders(address_id);
CREATE INDEX order_items_order ON order_items(order_id);
CREATE INDEX applications_email ON applications(email);
CREATE INDEX inquiries_email ON inquiries(email);
"""
HEAVY_ROWS = """
INSERT INTO orders SELECT 1000000 + c * 10000 + g, c, (SELECT min(id) FROM addresses WHERE customer_id = c), now(),
  1000, 'memo ' || g, '重い客' FROM generate_series(1, 5000) g, (VALUES (9901), (9902)) v(c);
INSERT INTO order_items SELECT 5000000 + o.id * 2 + k, o.id, 'SKU1', 1, 100, 'gift ' || k
  FROM orders o, generate_series(0, 1) k WHERE o.customer_id IN (9901, 9902) AND o.id >= 1000000;
ANALYZE;
"""
FAMILY = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤")
GIVEN = ("太郎", "花子", "一郎", "美咲", "健", "陽子", "翔", "愛", "大輔", "由美")
PREFECTURES = ("東京都", "大阪府", "京都府", "福岡県", "北海道", "愛知県")
CITIES = ("中央区", "北区", "港区", "西区", "緑区")

Rows = dict[str, list[tuple[object, ...]]]


def make(customers: int = 10_000, *, seed: int = 1) -> Rows:
    """Every table's rows."""
    source = random.Random(seed)
    rows: Rows = {name: [] for name in ("customers", "addresses", "orders", "order_items", "applications", "inquiries")}
    for number in range(1, customers + 1):
        _customer(number, rows, source)
    return rows


def _customer(number: int, rows: Rows, source: random.Random) -> None:
    family, given = source.choice(FAMILY), source.choice(GIVEN)
    email = f"user{number:06d}@example.com"
    phone = f"090-{source.randint(0, 9999):04d}-{source.randint(0, 9999):04d}"
    birthday = f"{source.randint(1950, 2005)}-{source.randint(1, 12):02d}-{source.randint(1, 28):02d}"
    member = source.random() < 0.8
    rows["customers"].append((number, email, family, given, f"カナ{number}", phone, birthday, _moment(source), member))
    mine = []
    for place in range(1 if source.random() < 0.7 else 2):
        mine.append(len(rows["addresses"]) + 1)
        rows["addresses"].append(
            (
                mine[-1],
                number,
                f"{source.randint(100, 999)}-{source.randint(0, 9999):04d}",
                source.choice(PREFECTURES),
                source.choice(CITIES),
                f"{source.randint(1, 9)}-{source.randint(1, 30)}-{source.randint(1, 20)}",
                place == 0,
            )
        )
    for _ in range(source.randint(0, 6)):
        _order(number, f"{family}{given}", source.choice(mine), rows, source)
    for table, chance in (("applications", 0.5), ("inquiries", 0.4)):
        if source.random() >= chance:
            continue
        for _ in range(source.randint(1, 2)):
            line = (len(rows[table]) + 1, email, f"{family}{given}")
            text = (
                f"職務経歴 {number} " + "あ" * 200 if table == "applications" else f"問い合わせ {number} " + "い" * 100
            )
            rows[table].append((*line, *((phone,) if table == "inquiries" else ()), text, _moment(source)))


def _order(customer: int, name: str, address: int, rows: Rows, source: random.Random) -> None:
    order = len(rows["orders"]) + 1
    rows["orders"].append(
        (order, customer, address, _moment(source), source.randint(500, 90_000), f"備考 {order}", name)
    )
    for _ in range(source.randint(1, 4)):
        item = len(rows["order_items"]) + 1
        rows["order_items"].append(
            (
                item,
                order,
                f"SKU{source.randint(1, 999):05d}",
                source.randint(1, 5),
                source.randint(100, 20_000),
                f"お祝い {item}",
            )
        )


def _moment(source: random.Random) -> str:
    day = f"{source.randint(2019, 2025)}-{source.randint(1, 12):02d}-{source.randint(1, 28):02d}"
    return f"{day} {source.randint(0, 23):02d}:{source.randint(0, 59):02d}:00"


def load(connection: "psycopg.Connection[tuple[object, ...]]", rows: Rows) -> Iterator[tuple[str, int]]:
    """Create and fill the tables; yields table and number of rows."""
    connection.execute(SCHEMA)
    for table, lines in rows.items():
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)
        yield table, len(lines)
    connection.execute(INDEXES)
    connection.execute(HEAVY_ROWS)
    connection.commit()

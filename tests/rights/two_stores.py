"""A desk with two databases: the shop of `tests.rights.desk`, and a member site that knows the shop's numbers."""

import sqlite3
from pathlib import Path

from daicho.people.queries import get_actor
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_documents
from daicho.site import wiring
from tests.rights import desk as one
from tests.rights.desk import AT, Desk

STORE = """\
store: site
name: {ja: 会員サイト, en: Member site}
kind: sqlite
organisation: copro-holdings
department: {ja: 情報システム部, en: IT}
settings: {path: site.sqlite3}
"""

HOLDINGS = """\
holdings:
  - {reg_no: H-3, name: {ja: 会員台帳, en: Members}, organisation: copro-holdings, subject_category: business-partners,
     items: [name, email, address, business-record], purposes: [partner-contact], store: site, rpd: yes, retention_period: 退会まで}
"""

MAP = """\
map: site
store: site
tables:
  members:
    holding: H-3
    label: {ja: 会員, en: Member}
    key: [id]
    identities:
      - {kind: "number:customer", columns: [customer_no]}
      - {kind: email, columns: [email]}
      - {kind: name, columns: [name], use: confirm}
    identified_by:
      - ["number:customer"]
      - [email, name]
    columns:
      id: {technical: yes}
      name: {item: name, label: {ja: 氏名, en: Name}}
      email: {item: email, label: {ja: メールアドレス, en: E-mail}}
      customer_no: {technical: yes}
      address: {item: address, label: {ja: 住所, en: Address}}
      news: {technical: yes}
    on:
      erase: {end: delete}
      stop_provision: {end: replace, columns: {news: no}}
  visits:
    holding: H-3
    label: {ja: 閲覧, en: Visits}
    key: [id]
    links: [{columns: [member_id], parent: members, parent_columns: [id]}]
    columns:
      id: {technical: yes}
      member_id: {technical: yes}
      page: {item: business-record, label: {ja: 頁, en: Page}, value: record}
    on:
      erase: {end: blank, columns: [page]}
"""

SCHEMA = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT, email TEXT, customer_no INTEGER, address TEXT, news BOOLEAN NOT NULL DEFAULT 1);
CREATE INDEX members_email ON members(email); CREATE INDEX members_customer ON members(customer_no);
CREATE TABLE visits (id INTEGER PRIMARY KEY, member_id INTEGER, page TEXT); CREATE INDEX visits_member ON visits(member_id);
INSERT INTO members VALUES
  (51, '髙橋花子', 'hanako.private@example.net', 1, '名古屋市中村区名駅3-28-12', 1),
  (52, '佐藤一郎', 'ichiro@example.com', 2, '名古屋市中区栄1-1-1', 1);
INSERT INTO visits VALUES (61, 51, '/desk'), (62, 51, '/chair'), (63, 52, '/shelf');
"""


def open_two(folder: Path) -> Desk:
    """The desk with both databases. Hanako's private mailbox on the site is reached by her number in the shop only."""
    desk = one.open_desk(folder)
    with sqlite3.connect(folder / "site.sqlite3") as connection:
        connection.executescript(SCHEMA)
    register = folder / "register"
    for name, text in {"store2": STORE, "holdings2": HOLDINGS, "map2": MAP}.items():
        (register / f"{name}.yaml").write_text(text, encoding="utf-8")
    engineer = get_actor("engineer", at=AT)
    plan = plan_documents([register], scope=engineer, open_store=wiring.open_store, policy=None)
    apply_documents(plan, scope=engineer, at=AT)
    confirm_map("site", scope=desk.officer, at=AT)
    return desk


def both(folder: Path) -> dict[str, list[list[object]]]:
    """Every row of both databases, looked at past Daicho."""
    tables = {"shop": ("customers", "orders", "invoices", "entrusted"), "site": ("members", "visits")}
    found: dict[str, list[list[object]]] = {}
    for store, names in tables.items():
        with sqlite3.connect(folder / f"{store}.sqlite3") as connection:
            for name in names:
                rows = connection.execute(f"SELECT * FROM {name} ORDER BY id")  # noqa: S608 (our own names)
                found[name] = [list(row) for row in rows]
    return found

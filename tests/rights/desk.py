"""A small desk: the example's policy in force, a shop's database on SQLite, a cabinet, two accounts."""

import sqlite3
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daicho.keys.actions import initialise
from daicho.people.actions import create_account
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.policy.actions import apply_policy, publish
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_documents
from daicho.rights.actions.receiving import check_request, open_request
from daicho.rights.actions.recording import Money, PaperIntake, record_document, record_fee
from daicho.rights.intake import Intake
from daicho.rights.rules import DocumentKind
from daicho.site import wiring
from daicho.trail.actions import record
from daicho.words.scope import Scope

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
ORGANISATION = "copro-holdings"
POLICY = Path(__file__).parents[2] / "examples" / "staffing-group" / "policy.yaml"

STORE = """\
store: shop
name: {ja: 通販システム, en: Shop}
kind: sqlite
organisation: copro-holdings
department: {ja: 営業部, en: Sales}
settings: {path: shop.sqlite3}
backups: {kept_days: 35}
"""

CABINET = """\
store: cabinet
name: {ja: 契約書キャビネット, en: Contract cabinet}
kind: paper
organisation: copro-holdings
department: {ja: 名古屋支店, en: Nagoya branch}
settings: {place: {ja: 3階, en: third floor}}
replies_in_days: 5
"""

HOLDINGS = """\
holdings:
  - {reg_no: H-1, name: {ja: 顧客台帳, en: Customers}, organisation: copro-holdings, subject_category: business-partners,
     items: [name, kana, birth-date, email, telephone, address, business-record], purposes: [partner-contact, contract-fulfilment], store: shop, rpd: yes, retention_period: 取引終了後5年}
  - {reg_no: H-2, name: {ja: 受託した名簿, en: Entrusted list}, organisation: copro-holdings, subject_category: business-partners,
     items: [name, email], purposes: [partner-contact], store: shop, rpd: entrusted, entruster: {ja: 株式会社委託元（総務部）, en: "Entruster Inc., General Affairs"}, retention_period: 契約終了まで}
"""

MAP = """\
map: shop
store: shop
tables:
  customers:
    holding: H-1
    label: {ja: 顧客, en: Customer}
    key: [id]
    identities:
      - {kind: "number:customer", columns: [id]}
      - {kind: email, columns: [email]}
      - {kind: phone, columns: [phone]}
      - {kind: name, columns: [family_name, given_name], use: search}
      - {kind: birth_date, columns: [birthday], use: confirm}
    identified_by:
      - ["number:customer"]
      - [email, name]
      - [phone, name, birth_date]
    columns:
      id: {technical: yes}
      family_name: {item: name, label: {ja: 姓, en: Family name}}
      given_name: {item: name, label: {ja: 名, en: Given name}}
      email: {item: email, label: {ja: メールアドレス, en: E-mail}}
      phone: {item: telephone, label: {ja: 電話番号, en: Telephone}}
      birthday: {item: birth-date, label: {ja: 生年月日, en: Birth date}}
      address: {item: address, label: {ja: 住所, en: Address}}
      note: {item: business-record, label: {ja: 備考, en: Note}, disclose: review, about: mixed}
      secret: {item: business-record, label: {ja: 与信, en: Credit score}, disclose: withhold, ground: {code: score, text: {ja: 業務に著しい支障, en: would impede our business}}}
      share_ok: {technical: yes}
    on:
      erase: {end: delete}
      stop_provision: {end: replace, columns: {share_ok: no}}
  orders:
    holding: H-1
    label: {ja: 注文, en: Order}
    key: [id]
    links: [{columns: [customer_id], parent: customers, parent_columns: [id]}]
    columns:
      id: {technical: yes}
      customer_id: {technical: yes}
      ordered_on: {item: business-record, label: {ja: 注文日, en: Ordered on}, value: record}
      goods: {item: business-record, label: {ja: 品名, en: Goods}, value: record}
    on:
      erase: {end: delete}
  invoices:
    holding: H-1
    label: {ja: 請求書, en: Invoice}
    key: [id]
    links: [{columns: [customer_id], parent: customers, parent_columns: [id]}]
    columns:
      id: {technical: yes}
      customer_id: {technical: yes}
      issued_on: {item: business-record, label: {ja: 発行日, en: Issued on}, value: record}
      sent_to: {item: address, label: {ja: 送付先, en: Sent to}, value: record}
    on:
      erase:
        end: keep
        until: 7 years from issued_on
        ground: {code: tax, law: {ja: 法人税法第126条, en: Corporation Tax Act Art. 126}, text: {ja: 法令により保存, en: kept as the law asks}}
  entrusted:
    holding: H-2
    label: {ja: 受託名簿, en: Entrusted list}
    key: [id]
    identities:
      - {kind: email, columns: [email]}
      - {kind: name, columns: [name], use: confirm}
    identified_by: [[email, name]]
    columns:
      id: {technical: yes}
      name: {item: name, label: {ja: 氏名, en: Name}}
      email: {item: email, label: {ja: メールアドレス, en: E-mail}}
    on:
      erase: {end: delete}
"""

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, family_name TEXT, given_name TEXT, email TEXT, phone TEXT, birthday DATE,
  address TEXT, note TEXT, secret TEXT, share_ok BOOLEAN NOT NULL DEFAULT 1);
CREATE INDEX customers_email ON customers(email); CREATE INDEX customers_phone ON customers(phone);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, ordered_on DATE, goods TEXT);
CREATE INDEX orders_customer ON orders(customer_id);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER, issued_on DATE, sent_to TEXT);
CREATE INDEX invoices_customer ON invoices(customer_id);
CREATE TABLE entrusted (id INTEGER PRIMARY KEY, name TEXT, email TEXT); CREATE INDEX entrusted_email ON entrusted(email);
INSERT INTO customers VALUES
  (1,'髙橋','花子','hanako@example.com','090-1111-2222','1980-01-05','名古屋市中村区名駅3-28-12','お得意様。夫の太郎様から電話。','A',1),
  (2,'佐藤','一郎','ichiro@example.com','052-111-2222','1975-03-03','名古屋市中区栄1-1-1',NULL,'B',1),
  (3,'佐藤','良子','ichiro@example.com','052-111-2222','1977-04-04','名古屋市中区栄1-1-1',NULL,'B',1),
  (4,'鈴木','健','ken1@example.com',NULL,NULL,'大阪市北区1',NULL,'C',1),
  (5,'鈴木','健','ken2@example.com',NULL,NULL,'大阪市北区2',NULL,'C',1);
INSERT INTO orders VALUES (11,1,'2026-01-01','机'),(12,1,'2026-02-01','椅子'),(13,2,'2026-02-01','棚');
INSERT INTO invoices VALUES (21,1,'2026-01-02','名古屋市中村区名駅3-28-12'),(22,1,'2015-01-02','旧住所');
INSERT INTO entrusted VALUES (31,'高橋花子','hanako@example.com'),(32,'佐藤一郎','ichiro@example.com');
"""


@dataclass(slots=True)
class Desk:
    """The desk and what stands behind it."""

    folder: Path
    clerk: Scope
    officer: Scope
    auditor: Scope
    at: datetime = AT
    opened: list[str] = field(default_factory=list)

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def database(self) -> Path:
        return self.folder / "shop.sqlite3"

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the store past Daicho."""
        with sqlite3.connect(self.database) as connection:
            return connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> None:
        """Change the store past Daicho."""
        with sqlite3.connect(self.database) as connection:
            connection.execute(sql, values)

    def intake(self, *claims: dict[str, Any], person: dict[str, Any] | None = None, **more: Any) -> Intake:
        return Intake.model_validate(
            {"addressed": [ORGANISATION], "person": person or HANAKO, "claims": list(claims), **more}
        )

    def verified(
        self, *claims: dict[str, Any], person: dict[str, Any] | None = None, fee: int = 500, **more: Any
    ) -> str:
        """A request with its papers and money, identity verified."""
        number = open_request(self.intake(*claims, person=person, **more), scope=self.clerk, at=self.at)
        self.papers(number)
        if fee:
            record_fee(number, Money(face_value=fee, issued_on=date(2026, 11, 1)), scope=self.clerk, at=self.at)
        check_request(number, identity=True, scope=self.clerk, at=self.at)
        return number

    def papers(self, number: str) -> None:
        for paper in (
            PaperIntake(kind=DocumentKind.FORM),
            PaperIntake(kind=DocumentKind.ID_COPY, paper="drivers_licence"),
        ):
            record_document(number, paper, scope=self.clerk, at=self.at)


HANAKO: dict[str, Any] = {
    "name": "高橋 花子",
    "kana": "タカハシ ハナコ",
    "birth_date": "昭和55年1月5日",
    "postal_code": "450-0002",
    "address": "愛知県名古屋市中村区名駅3-28-12",
    "phones": ["０９０−１１１１−２２２２"],
    "emails": ["Hanako@Example.com"],
}
ICHIRO: dict[str, Any] = {
    "name": "佐藤一郎",
    "birth_date": "1975-03-03",
    "postal_code": "460-0008",
    "address": "名古屋市中区栄1-1-1",
    "phones": ["052-111-2222"],
    "emails": ["ichiro@example.com"],
}


def open_desk(folder: Path, *, cabinet: bool = False) -> Desk:
    """Build it all in ``folder``, which must be the workspace's."""
    initialise(actor="system:installer", at=AT, record=record)
    with sqlite3.connect(folder / "shop.sqlite3") as connection:
        connection.executescript(SCHEMA)
    create_account("boss", display_name="Boss", organisation=ORGANISATION, roles=[Role.OFFICER], scope=None, at=AT)
    boss = get_actor("boss", at=AT)
    for code, role in (("clerk", Role.DESK), ("engineer", Role.ENGINEER), ("carol", Role.AUDITOR)):
        create_account(code, display_name=code, organisation=ORGANISATION, roles=[role], scope=boss, at=AT)
    apply_policy(POLICY.read_bytes(), str(POLICY), scope=boss, at=AT - timedelta(days=30))
    publish(ORGANISATION, effective_from=AT.date() - timedelta(days=30), scope=boss, at=AT - timedelta(days=30))
    documents = {"store": STORE, "holdings": HOLDINGS, "map": MAP, **({"cabinet": CABINET} if cabinet else {})}
    register = folder / "register"
    register.mkdir()
    for name, text in documents.items():
        (register / f"{name}.yaml").write_text(text, encoding="utf-8")
    engineer = get_actor("engineer", at=AT)
    plan = plan_documents([register], scope=engineer, open_store=wiring.open_store, policy=None)
    apply_documents(plan, scope=engineer, at=AT)
    confirm_map("shop", scope=boss, at=AT)
    return Desk(folder=folder, clerk=get_actor("clerk", at=AT), officer=boss, auditor=get_actor("carol", at=AT))

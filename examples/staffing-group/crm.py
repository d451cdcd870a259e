"""顧客管理システム (CRM): clients, the people there, what they asked, what was agreed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any

import names
import people
from people import Human

JST = timezone(timedelta(hours=9))
LAST_DAY = date(2026, 10, 30)

SCHEMA = """
CREATE TABLE clients (
    id integer PRIMARY KEY,
    client_no varchar(12) NOT NULL UNIQUE,
    name varchar(80) NOT NULL,
    prefecture varchar(10) NOT NULL,
    industry varchar(20) NOT NULL
);
CREATE TABLE contacts (
    id integer PRIMARY KEY,
    contact_no varchar(12) NOT NULL UNIQUE,
    client_id integer NOT NULL REFERENCES clients (id),
    family_name varchar(40) NOT NULL,
    given_name varchar(40) NOT NULL,
    name_kana varchar(80),
    department varchar(60),
    position varchar(40),
    postal_code varchar(8),
    address varchar(200),
    phone varchar(20),
    email varchar(120),
    mail_ok boolean NOT NULL DEFAULT true,
    share_ok boolean NOT NULL DEFAULT true,
    note text,
    updated_at timestamptz NOT NULL
);
CREATE INDEX contacts_email ON contacts (email);
CREATE INDEX contacts_phone ON contacts (phone);
CREATE INDEX contacts_client ON contacts (client_id);
CREATE TABLE inquiries (
    id integer PRIMARY KEY,
    inquiry_no varchar(16) NOT NULL UNIQUE,
    contact_id integer REFERENCES contacts (id),
    name varchar(80),
    name_kana varchar(80),
    affiliation varchar(100),
    email varchar(120),
    phone varchar(20),
    subject varchar(120) NOT NULL,
    body text NOT NULL,
    reply_mail_ok boolean NOT NULL DEFAULT true,
    received_at timestamptz NOT NULL
);
CREATE INDEX inquiries_email ON inquiries (email);
CREATE INDEX inquiries_phone ON inquiries (phone);
CREATE INDEX inquiries_contact ON inquiries (contact_id);
CREATE TABLE inquiry_replies (
    id integer PRIMARY KEY,
    inquiry_id integer NOT NULL REFERENCES inquiries (id),
    replied_at timestamptz NOT NULL,
    staff_code varchar(12) NOT NULL,
    body text NOT NULL
);
CREATE INDEX inquiry_replies_inquiry ON inquiry_replies (inquiry_id);
CREATE TABLE activities (
    id integer PRIMARY KEY,
    contact_id integer NOT NULL REFERENCES contacts (id),
    happened_on date NOT NULL,
    staff_code varchar(12) NOT NULL,
    kind varchar(20) NOT NULL,
    memo text
);
CREATE INDEX activities_contact ON activities (contact_id);
CREATE TABLE mailing_consents (
    id integer PRIMARY KEY,
    contact_id integer NOT NULL REFERENCES contacts (id),
    list_code varchar(20) NOT NULL,
    consented_on date NOT NULL,
    active boolean NOT NULL DEFAULT true
);
CREATE INDEX mailing_consents_contact ON mailing_consents (contact_id);
CREATE TABLE contracts (
    id integer PRIMARY KEY,
    contract_no varchar(16) NOT NULL UNIQUE,
    client_id integer NOT NULL REFERENCES clients (id),
    contact_id integer REFERENCES contacts (id),
    signer_name varchar(80) NOT NULL,
    signer_address varchar(200),
    subject varchar(120) NOT NULL,
    amount_yen integer NOT NULL,
    signed_on date NOT NULL,
    remark text
);
CREATE INDEX contracts_contact ON contracts (contact_id);
CREATE TABLE proposals (
    id integer PRIMARY KEY,
    client_id integer NOT NULL REFERENCES clients (id),
    registrant_no varchar(12) NOT NULL,
    person_name varchar(80) NOT NULL,
    items varchar(200) NOT NULL,
    provided_on date NOT NULL,
    consent_ref varchar(40) NOT NULL,
    remark text
);
CREATE INDEX proposals_registrant ON proposals (registrant_no);
"""

#: In the order in which rows must be inserted.
TABLES = (
    "clients",
    "contacts",
    "inquiries",
    "inquiry_replies",
    "activities",
    "mailing_consents",
    "contracts",
    "proposals",
)

SUBJECTS = (
    ("派遣料金の見積りについて", "施工管理技術者2名の派遣料金を教えてください。"),
    ("資料請求", "会社案内と技術者派遣のパンフレットを送ってください。"),
    ("現キャリの登録について", "登録後の流れを教えてください。前職は設備工事の現場監督です。"),
    ("個人情報の取扱いについて", "登録した情報がどのように使われるか知りたいです。"),
    ("説明会の日程", "次回の説明会の日程を教えてください。"),
)
MEMOS = (
    "来期の増員予定を聞き取り。部長の了解待ち。", "年末の挨拶。", "現場見学の調整。安全書類の提出を依頼。",
    "請求書の宛先変更の連絡あり。", "技術者の評価は良好とのこと。後任の相談。", "競合他社の条件を聞いた（社外秘）。",
)  # fmt: skip
POSITIONS = ("", "主任", "係長", "課長", "部長", "所長", "取締役")
DEPARTMENTS = ("工事部", "建築部", "土木部", "総務部", "購買課", "設計室", "名古屋支店", "")


def rows(
    contacts: Sequence[Human], inquirers: Sequence[Human], proposed: Sequence[tuple[str, Human]], rng: Random
) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table, keys counted from 1.

    ``proposed``: registrant number and person, for the log of skill sheets given to clients.
    """
    clients = _clients(rng)
    made = [_contact(index, human, rng, len(clients)) for index, human in enumerate(contacts, 1)]
    asked = [_inquiry(index, human, rng) for index, human in enumerate(inquirers, 1)]
    asked += [
        _inquiry_of_contact(len(asked) + index, contact, rng) for index, contact in enumerate(rng.sample(made, 120), 1)
    ]
    return {
        "clients": clients,
        "contacts": made,
        "inquiries": asked,
        "inquiry_replies": [
            {"id": number, "inquiry_id": one["id"], "replied_at": one["received_at"] + timedelta(days=rng.randrange(1, 4)),
             "staff_code": f"E{rng.randrange(1, 200):05d}", "body": "お問い合わせありがとうございます。担当より改めてご連絡いたします。"}
            for number, one in enumerate(asked, 1)
        ],
        "activities": _activities(made, rng),
        "mailing_consents": [
            {"id": number, "contact_id": one["id"], "list_code": rng.choice(("NEWS", "SEMINAR")), "consented_on": _day(rng), "active": one["mail_ok"]}
            for number, one in enumerate(made, 1)
        ],
        "contracts": _contracts(made, rng),
        "proposals": [
            {"id": number, "client_id": rng.randrange(1, len(clients) + 1), "registrant_no": registrant_no, "person_name": human.keyboard_name,
             "items": "氏名、保有資格、経歴", "provided_on": _day(rng, years=2), "consent_ref": f"同意書-{registrant_no}", "remark": None}
            for number, (registrant_no, human) in enumerate(proposed, 1)
        ],
    }  # fmt: skip


def _clients(rng: Random) -> list[dict[str, Any]]:
    firms = [f"{head}{tail}" for head in names.COMPANY_HEADS for tail in names.COMPANY_TAILS]
    return [
        {"id": number, "client_no": f"C-{number:05d}", "name": f"{firm}株式会社", "prefecture": rng.choice(names.PLACES)[0],
         "industry": rng.choice(("建築", "土木", "設備", "プラント"))}
        for number, firm in enumerate(firms, 1)
    ]  # fmt: skip


def _contact(number: int, human: Human, rng: Random, clients: int) -> dict[str, Any]:
    return {
        "id": number,
        "contact_no": f"K-{number:06d}",
        "client_id": rng.randrange(1, clients + 1),
        "family_name": human.family if people.chance(rng, 60) else human.keyboard_family,
        "given_name": human.given,
        "name_kana": people.hurried_kana(human, rng),
        "department": rng.choice(DEPARTMENTS),
        "position": rng.choice(POSITIONS),
        "postal_code": human.home.postal_code,
        "address": people.short_address(human.home),
        "phone": people.hurried_phone(human.home.telephone if people.chance(rng, 40) else human.mobile, rng),
        "email": human.email,
        "mail_ok": people.chance(rng, 80),
        "share_ok": people.chance(rng, 90),
        "note": rng.choice((None, None, "午前中の電話を希望。", "ご家族の介護で水曜は不在。")),
        "updated_at": _moment(rng),
    }


def _inquiry(number: int, human: Human, rng: Random) -> dict[str, Any]:
    subject, body = rng.choice(SUBJECTS)
    return {
        "id": number,
        "inquiry_no": f"Q-{number:06d}",
        "contact_id": None,
        "name": people.hurried_name(human, rng) if people.chance(rng, 95) else None,
        "name_kana": people.hurried_kana(human, rng),
        "affiliation": None,
        "email": human.email,
        "phone": people.hurried_phone(human.mobile, rng) if people.chance(rng, 70) else None,
        "subject": subject,
        "body": body,
        "reply_mail_ok": True,
        "received_at": _moment(rng),
    }


def _inquiry_of_contact(number: int, contact: dict[str, Any], rng: Random) -> dict[str, Any]:
    subject, body = rng.choice(SUBJECTS)
    return {
        "id": number,
        "inquiry_no": f"Q-{number:06d}",
        "contact_id": contact["id"],
        "name": contact["family_name"] + contact["given_name"],
        "name_kana": contact["name_kana"],
        "affiliation": contact["department"],
        "email": contact["email"],
        "phone": contact["phone"],
        "subject": subject,
        "body": body,
        "reply_mail_ok": contact["mail_ok"],
        "received_at": _moment(rng),
    }


def _activities(contacts: Sequence[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for contact in contacts:
        for _ in range(rng.randrange(5)):
            found.append(
                {"id": len(found) + 1, "contact_id": contact["id"], "happened_on": _day(rng), "staff_code": f"E{rng.randrange(1, 200):05d}",
                 "kind": rng.choice(("訪問", "電話", "メール", "展示会")), "memo": rng.choice(MEMOS)}
            )  # fmt: skip
    return found


def _contracts(contacts: Sequence[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for contact in rng.sample(list(contacts), 160):
        number = len(found) + 1
        found.append(
            {"id": number, "contract_no": f"KY-{number:06d}", "client_id": contact["client_id"], "contact_id": contact["id"],
             "signer_name": contact["family_name"] + people.FULL_SPACE + contact["given_name"], "signer_address": contact["address"],
             "subject": rng.choice(("労働者派遣基本契約", "個別契約（施工管理）", "業務委託契約")), "amount_yen": rng.randrange(40, 900) * 10_000,
             "signed_on": _day(rng, years=6), "remark": None}
        )  # fmt: skip
    return found


def _day(rng: Random, *, years: int = 4) -> date:
    return LAST_DAY - timedelta(days=rng.randrange(years * 365))


def _moment(rng: Random) -> datetime:
    day = _day(rng)
    return datetime(day.year, day.month, day.day, rng.randrange(8, 22), rng.randrange(60), tzinfo=JST)

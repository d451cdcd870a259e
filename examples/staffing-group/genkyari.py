"""現キャリ, the recruiting site: registrants and their skill sheets, and applicants to the group itself."""

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
CREATE TABLE registrants (
    id INTEGER PRIMARY KEY,
    registrant_no TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kana TEXT,
    birth_date TEXT,
    postal_code TEXT,
    address TEXT,
    phone TEXT,
    email TEXT,
    licences TEXT,
    desired_area TEXT,
    provide_ok BOOLEAN NOT NULL DEFAULT 1,
    scout_ok BOOLEAN NOT NULL DEFAULT 1,
    registered_at TIMESTAMP NOT NULL,
    withdrawn_on DATE
);
CREATE INDEX registrants_email ON registrants (email);
CREATE INDEX registrants_phone ON registrants (phone);
CREATE TABLE login_accounts (
    id INTEGER PRIMARY KEY,
    registrant_id INTEGER NOT NULL REFERENCES registrants (id),
    login_email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    last_login_at TIMESTAMP
);
CREATE INDEX login_accounts_registrant ON login_accounts (registrant_id);
CREATE TABLE skill_sheets (
    id INTEGER PRIMARY KEY,
    registrant_id INTEGER NOT NULL REFERENCES registrants (id),
    years INTEGER NOT NULL,
    career TEXT,
    self_pr TEXT,
    updated_on DATE NOT NULL
);
CREATE INDEX skill_sheets_registrant ON skill_sheets (registrant_id);
CREATE TABLE applications (
    id INTEGER PRIMARY KEY,
    registrant_id INTEGER NOT NULL REFERENCES registrants (id),
    job_title TEXT NOT NULL,
    applied_on DATE NOT NULL,
    status TEXT NOT NULL,
    screening_note TEXT,
    client_comment TEXT
);
CREATE INDEX applications_registrant ON applications (registrant_id);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    registrant_id INTEGER NOT NULL REFERENCES registrants (id),
    sent_at TIMESTAMP NOT NULL,
    direction TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX messages_registrant ON messages (registrant_id);
CREATE TABLE provisions (
    id INTEGER PRIMARY KEY,
    registrant_no TEXT NOT NULL,
    person_name TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_address TEXT NOT NULL,
    items TEXT NOT NULL,
    provided_on DATE NOT NULL,
    consented_on DATE NOT NULL,
    remark TEXT
);
CREATE INDEX provisions_registrant ON provisions (registrant_no);
CREATE TABLE applicants (
    id INTEGER PRIMARY KEY,
    applicant_no TEXT NOT NULL UNIQUE,
    family_name TEXT NOT NULL,
    given_name TEXT NOT NULL,
    name_kana TEXT,
    birth_date TEXT,
    postal_code TEXT,
    address TEXT,
    phone TEXT,
    email TEXT,
    desired_job TEXT,
    career TEXT,
    licences TEXT,
    contact_ok BOOLEAN NOT NULL DEFAULT 1,
    applied_on DATE NOT NULL,
    result TEXT
);
CREATE INDEX applicants_email ON applicants (email);
CREATE INDEX applicants_phone ON applicants (phone);
"""

#: In the order in which rows must be inserted.
TABLES = ("registrants", "login_accounts", "skill_sheets", "applications", "messages", "provisions", "applicants")

CAREERS = (
    "総合建設会社で施工管理補助5年。RC造マンション3棟。", "設備工事会社で空調・衛生の現場管理。", "戸建住宅の現場監督。協力会社の手配と工程管理。",
    "土木工事（道路改良）の測量・写真管理。", "未経験。CADの訓練校を修了。", "電気工事の職長。病院改修を担当。",
)  # fmt: skip
JOBS = (
    "施工管理（名古屋市・RC造）",
    "CADオペレーター（新宿区）",
    "設備施工管理（大阪市）",
    "土木施工管理（岐阜県）",
    "安全書類作成（在宅可）",
)
NOTES = (
    "人物評価B。通勤時間が長い。",
    "資格は十分。希望単価が高め。",
    "面談の印象良い。前職の退職理由を確認する。",
    None,
)
COMMENTS = ("客先：年齢層が合えば前向きに検討。", "客先：別の候補者に決定。", None, None)


def rows(registrants: Sequence[Human], applicants: Sequence[Human], rng: Random) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table, keys counted from 1; the n-th registrant has the number G-00000n."""
    members = [_registrant(number, human, rng) for number, human in enumerate(registrants, 1)]
    return {
        "registrants": members,
        "login_accounts": [
            {"id": one["id"], "registrant_id": one["id"], "login_email": one["email"], "password_hash": f"scrypt:{rng.randbytes(12).hex()}",
             "last_login_at": _moment(rng)}
            for one in members
        ],
        "skill_sheets": [
            {"id": one["id"], "registrant_id": one["id"], "years": rng.randrange(0, 30), "career": rng.choice(CAREERS),
             "self_pr": rng.choice((None, "安全第一で進めます。", "コミュニケーションを大切にしています。")), "updated_on": _day(rng)}
            for one in members
        ],
        "applications": _applications(members, rng),
        "messages": _messages(members, rng),
        "provisions": _provisions(members, rng),
        "applicants": [_applicant(number, human, rng) for number, human in enumerate(applicants, 1)],
    }  # fmt: skip


def _registrant(number: int, human: Human, rng: Random) -> dict[str, Any]:
    left = people.chance(rng, 12)
    return {
        "id": number,
        "registrant_no": f"G-{number:06d}",
        "name": people.hurried_name(human, rng),
        "kana": people.hurried_kana(human, rng),
        "birth_date": human.born_on.isoformat() if human.birth_known else None,
        "postal_code": human.home.postal_code,
        "address": human.home.address,
        "phone": people.hurried_phone(human.mobile, rng),
        "email": human.email,
        "licences": "、".join(human.licences) or None,
        "desired_area": rng.choice(names.PLACES)[0],
        "provide_ok": people.chance(rng, 90),
        "scout_ok": people.chance(rng, 70),
        "registered_at": _moment(rng),
        "withdrawn_on": _day(rng) if left else None,
    }


def _applicant(number: int, human: Human, rng: Random) -> dict[str, Any]:
    return {
        "id": number,
        "applicant_no": f"A-{number:06d}",
        "family_name": human.family,
        "given_name": human.given,
        "name_kana": human.kana,
        "birth_date": human.born_on.isoformat(),
        "postal_code": human.home.postal_code,
        "address": people.short_address(human.home),
        "phone": human.mobile,
        "email": human.email,
        "desired_job": rng.choice(("営業職", "採用担当", "総務", "施工管理技術者")),
        "career": rng.choice(CAREERS),
        "licences": "、".join(human.licences) or None,
        "contact_ok": True,
        "applied_on": _day(rng, years=2),
        "result": rng.choice(("選考中", "不採用", "辞退", "内定")),
    }


def _applications(members: Sequence[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in members:
        for _ in range(rng.randrange(4)):
            found.append(
                {"id": len(found) + 1, "registrant_id": one["id"], "job_title": rng.choice(JOBS), "applied_on": _day(rng),
                 "status": rng.choice(("書類選考", "面談済", "不成立", "成立")), "screening_note": rng.choice(NOTES),
                 "client_comment": rng.choice(COMMENTS)}
            )  # fmt: skip
    return found


def _messages(members: Sequence[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in members:
        for _ in range(rng.randrange(3)):
            incoming = people.chance(rng, 50)
            found.append(
                {"id": len(found) + 1, "registrant_id": one["id"], "sent_at": _moment(rng), "direction": "受信" if incoming else "送信",
                 "body": "来週の面談、よろしくお願いいたします。" if incoming else "新しい求人のご案内です。"}
            )  # fmt: skip
    return found


def _provisions(members: Sequence[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    willing = [one for one in members if one["provide_ok"]]
    found: list[dict[str, Any]] = []
    for one in rng.sample(willing, min(400, len(willing))):
        firm = rng.choice(names.COMPANY_HEADS) + rng.choice(names.COMPANY_TAILS)
        day = _day(rng, years=2)
        found.append(
            {"id": len(found) + 1, "registrant_no": one["registrant_no"], "person_name": one["name"], "recipient": f"{firm}株式会社", "recipient_address": "愛知県名古屋市中村区架空町9丁目99番99号",
             "items": "氏名、保有資格、経歴", "provided_on": day, "consented_on": day - timedelta(days=rng.randrange(1, 20)), "remark": None}
        )  # fmt: skip
    return found


def _day(rng: Random, *, years: int = 4) -> date:
    return LAST_DAY - timedelta(days=rng.randrange(years * 365))


def _moment(rng: Random) -> datetime:
    day = _day(rng)
    return datetime(day.year, day.month, day.day, rng.randrange(24), rng.randrange(60), tzinfo=JST)

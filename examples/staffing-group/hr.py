"""人事給与 (HR): employees, temporary staff, and the books the law makes a company keep."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import names
import people
from people import Human

LAST_DAY = date(2026, 10, 30)

SCHEMA = """
CREATE TABLE employees (
    employee_no TEXT PRIMARY KEY,
    family_name TEXT NOT NULL,
    given_name TEXT NOT NULL,
    name_kana TEXT NOT NULL,
    former_family_name TEXT,
    birth_date TEXT NOT NULL,
    postal_code TEXT,
    address TEXT,
    phone TEXT,
    email TEXT,
    organisation TEXT NOT NULL,
    department TEXT NOT NULL,
    hired_on DATE NOT NULL,
    left_on DATE,
    remark TEXT
);
CREATE INDEX employees_email ON employees (email);
CREATE INDEX employees_phone ON employees (phone);
CREATE TABLE payroll (
    id INTEGER PRIMARY KEY,
    employee_no TEXT NOT NULL REFERENCES employees (employee_no),
    paid_on DATE NOT NULL,
    gross_yen INTEGER NOT NULL,
    income_tax_yen INTEGER NOT NULL,
    remark TEXT
);
CREATE INDEX payroll_employee ON payroll (employee_no);
CREATE TABLE dependants (
    id INTEGER PRIMARY KEY,
    employee_no TEXT NOT NULL REFERENCES employees (employee_no),
    relation TEXT NOT NULL,
    name TEXT NOT NULL,
    birth_date TEXT,
    income_yen INTEGER,
    working TEXT,
    declared_on DATE NOT NULL
);
CREATE INDEX dependants_employee ON dependants (employee_no);
CREATE TABLE health_checks (
    id INTEGER PRIMARY KEY,
    employee_no TEXT NOT NULL REFERENCES employees (employee_no),
    taken_on DATE NOT NULL,
    result TEXT NOT NULL,
    doctor_note TEXT
);
CREATE INDEX health_checks_employee ON health_checks (employee_no);
CREATE TABLE individual_numbers (
    id INTEGER PRIMARY KEY,
    employee_no TEXT NOT NULL REFERENCES employees (employee_no),
    number_sealed TEXT NOT NULL,
    purpose TEXT NOT NULL,
    collected_on DATE NOT NULL
);
CREATE INDEX individual_numbers_employee ON individual_numbers (employee_no);
CREATE TABLE temp_staff (
    staff_no TEXT PRIMARY KEY,
    registrant_no TEXT,
    family_name TEXT NOT NULL,
    given_name TEXT NOT NULL,
    name_kana TEXT NOT NULL,
    birth_date TEXT,
    postal_code TEXT,
    address TEXT,
    phone TEXT,
    email TEXT,
    licences TEXT,
    news_ok BOOLEAN NOT NULL DEFAULT 1,
    hired_on DATE NOT NULL,
    left_on DATE,
    remark TEXT
);
CREATE INDEX temp_staff_registrant ON temp_staff (registrant_no);
CREATE INDEX temp_staff_email ON temp_staff (email);
CREATE INDEX temp_staff_phone ON temp_staff (phone);
CREATE TABLE dispatch_contracts (
    id INTEGER PRIMARY KEY,
    staff_no TEXT NOT NULL REFERENCES temp_staff (staff_no),
    client TEXT NOT NULL,
    job TEXT NOT NULL,
    hourly_yen INTEGER NOT NULL,
    started_on DATE NOT NULL,
    ended_on DATE NOT NULL,
    remark TEXT
);
CREATE INDEX dispatch_contracts_staff ON dispatch_contracts (staff_no);
CREATE TABLE wage_ledger (
    id INTEGER PRIMARY KEY,
    staff_no TEXT NOT NULL REFERENCES temp_staff (staff_no),
    paid_on DATE NOT NULL,
    hours INTEGER NOT NULL,
    gross_yen INTEGER NOT NULL,
    income_tax_yen INTEGER NOT NULL,
    remark TEXT
);
CREATE INDEX wage_ledger_staff ON wage_ledger (staff_no);
CREATE TABLE dispatch_ledger (
    id INTEGER PRIMARY KEY,
    staff_no TEXT NOT NULL REFERENCES temp_staff (staff_no),
    staff_name TEXT NOT NULL,
    client TEXT NOT NULL,
    workplace TEXT NOT NULL,
    job TEXT NOT NULL,
    complaints TEXT,
    ended_on DATE NOT NULL,
    remark TEXT
);
CREATE INDEX dispatch_ledger_staff ON dispatch_ledger (staff_no);
CREATE TABLE interview_notes (
    id INTEGER PRIMARY KEY,
    applicant_no TEXT NOT NULL,
    interviewed_on DATE NOT NULL,
    interviewer TEXT NOT NULL,
    marks INTEGER NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX interview_notes_applicant ON interview_notes (applicant_no);
"""

#: In the order in which rows must be inserted.
TABLES = (
    "employees", "payroll", "dependants", "health_checks", "individual_numbers",
    "temp_staff", "dispatch_contracts", "wage_ledger", "dispatch_ledger", "interview_notes",
)  # fmt: skip

ORGANISATION = "copro-holdings"
DEPARTMENTS = ("営業部", "採用部", "管理本部", "人事部", "経理部", "情報システム部", "名古屋支店", "東京支店")
WORK = ("施工管理", "CAD作図", "安全書類作成", "測量補助")
INTERVIEW_NOTES = (
    "受け答え明快。前職の上司との関係を気にしている様子。", "資格取得に意欲。通勤は車を希望。", "経験は十分だが条件面で折り合わず。",
    "紹介者から聞いていた話と少し違う。次回確認。", "落ち着いている。配偶者の転勤の可能性あり。",
)  # fmt: skip


def rows(
    employees: Sequence[Human], staff: Sequence[tuple[str, Human]], applicants: int, rng: Random
) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table.

    ``staff``: registrant number and person of the temporary staff; ``applicants``: how many
    applicant numbers from A-000001 were interviewed.
    """
    workers = [_employee(number, human, rng) for number, human in enumerate(employees, 1)]
    temps = [_temp(number, registrant_no, human, rng) for number, (registrant_no, human) in enumerate(staff, 1)]
    jobs = _jobs(temps, rng)
    return {
        "employees": workers,
        "payroll": _payroll(workers, rng),
        "dependants": _dependants(list(zip(workers, employees, strict=True)), rng),
        "health_checks": [
            {"id": number, "employee_no": one["employee_no"], "taken_on": date(2026, 5, rng.randrange(11, 29)),
             "result": rng.choice(("A", "A", "B", "C")), "doctor_note": rng.choice((None, None, "血圧の経過観察。"))}
            for number, one in enumerate(workers, 1)
        ],
        "individual_numbers": [
            {"id": number, "employee_no": one["employee_no"], "number_sealed": f"sealed:{rng.randbytes(16).hex()}",
             "purpose": "給与所得の源泉徴収票作成事務", "collected_on": one["hired_on"]}
            for number, one in enumerate(workers, 1)
        ],
        "temp_staff": temps,
        "dispatch_contracts": jobs,
        "wage_ledger": _wages(jobs, rng),
        "dispatch_ledger": [
            {"id": one["id"], "staff_no": one["staff_no"], "staff_name": one["name"], "client": one["client"],
             "workplace": "愛知県名古屋市内の作業所", "job": one["job"],
             "complaints": rng.choice((None, None, None, "残業時間の相談あり。客先と調整済み。")), "ended_on": one["ended_on"], "remark": None}
            for one in jobs
        ],
        "interview_notes": [
            {"id": number, "applicant_no": f"A-{number:06d}", "interviewed_on": _day(rng, years=2), "interviewer": f"E{rng.randrange(1, 200):05d}",
             "marks": rng.randrange(1, 6), "note": rng.choice(INTERVIEW_NOTES)}
            for number in range(1, applicants + 1)
        ],
    }  # fmt: skip


def _employee(number: int, human: Human, rng: Random) -> dict[str, Any]:
    hired_on = _day(rng, years=15)
    return {
        "employee_no": f"E{number:05d}",
        "family_name": human.family,
        "given_name": human.given,
        "name_kana": human.kana,
        "former_family_name": human.former_family or None,
        "birth_date": human.born_on.isoformat(),
        "postal_code": human.home.postal_code,
        "address": human.home.address,
        "phone": human.mobile,
        "email": human.email,
        "organisation": ORGANISATION,
        "department": rng.choice(DEPARTMENTS),
        "hired_on": hired_on,
        "left_on": min(LAST_DAY, hired_on + timedelta(days=900)) if people.chance(rng, 15) else None,
        "remark": None,
    }


def _temp(number: int, registrant_no: str, human: Human, rng: Random) -> dict[str, Any]:
    hired_on = _day(rng, years=3)
    return {
        "staff_no": f"S-{number:06d}",
        "registrant_no": registrant_no,
        "family_name": human.family,
        "given_name": human.given,
        "name_kana": human.kana,
        "birth_date": human.born_on.isoformat(),
        "postal_code": human.home.postal_code,
        "address": human.home.address,
        "phone": human.mobile,
        "email": human.email,
        "licences": "、".join(human.licences) or None,
        "news_ok": people.chance(rng, 80),
        "hired_on": hired_on,
        "left_on": min(LAST_DAY, hired_on + timedelta(days=400)) if people.chance(rng, 30) else None,
        "remark": None,
    }


def _payroll(workers: Sequence[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    months = [date(2026, month, 25) for month in (5, 6, 7, 8, 9)]
    slips = [(one, month, rng.randrange(24, 70) * 10_000) for one in workers for month in months]
    return [
        {"id": number, "employee_no": one["employee_no"], "paid_on": month, "gross_yen": gross, "income_tax_yen": gross * 3 // 100, "remark": None}
        for number, (one, month, gross) in enumerate(slips, 1)
    ]  # fmt: skip


def _dependants(workers: Sequence[tuple[dict[str, Any], Human]], rng: Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row, human in workers:
        for relation in rng.choice(((), ("配偶者",), ("配偶者", "子"), ("子",), ("母",))):
            given, _ = rng.choice(names.WOMEN if relation in {"配偶者", "母"} else names.MEN)
            found.append(
                {"id": len(found) + 1, "employee_no": row["employee_no"], "relation": relation, "name": human.family + people.FULL_SPACE + given,
                 "birth_date": None if people.chance(rng, 10) else _day(rng, years=40).isoformat(),
                 "income_yen": rng.choice((0, 0, 480_000, 1_030_000)), "working": rng.choice(("なし", "パート")),
                 "declared_on": date(2025, 12, 1)}
            )  # fmt: skip
    return found


def _jobs(temps: Sequence[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    """Dispatch contracts; ``name`` rides along for the ledger and is not a column of this table."""
    found: list[dict[str, Any]] = []
    for one in temps:
        start = one["hired_on"]
        for _ in range(rng.randrange(1, 3)):
            found.append(
                {"id": len(found) + 1, "staff_no": one["staff_no"], "name": one["family_name"] + people.FULL_SPACE + one["given_name"],
                 "client": f"{rng.choice(names.COMPANY_HEADS)}{rng.choice(names.COMPANY_TAILS)}株式会社", "job": rng.choice(WORK),
                 "hourly_yen": rng.randrange(170, 380) * 10, "started_on": start, "ended_on": start + timedelta(days=180), "remark": None}
            )  # fmt: skip
            start += timedelta(days=181)
    return found


def _wages(jobs: Sequence[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in jobs:
        for month in range(3):
            hours = rng.randrange(120, 175)
            found.append(
                {"id": len(found) + 1, "staff_no": one["staff_no"], "paid_on": one["started_on"] + timedelta(days=30 * (month + 1)), "hours": hours,
                 "gross_yen": hours * one["hourly_yen"], "income_tax_yen": hours * one["hourly_yen"] // 40, "remark": None}
            )  # fmt: skip
    return found


def _day(rng: Random, *, years: int) -> date:
    return LAST_DAY - timedelta(days=rng.randrange(years * 365))

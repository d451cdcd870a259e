"""Who sits before the register's screens, and a small register on a real SQLite store."""

import sqlite3
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.test import Client

from daicho.people.models import Account, AccountOrganisation
from daicho.people.rules import Role
from daicho.policy.actions import apply_policy, publish
from daicho.policy.queries import policy_in_force
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_documents
from daicho.site import wiring
from daicho.words.scope import Scope
from tests.people.entering import enter, register_factor
from tests.register.crm import CABINET, MAP, STORE, write

POLICY = Path(__file__).parents[2] / "examples/staffing-group/policy-2026.yaml"
GROUP = "copro-holdings"
NOW = "2026-11-23T10:00:00+09:00"
AT = datetime.fromisoformat(NOW)
ALICE = Scope(actor="alice", organisations=frozenset({GROUP}))
BOB = Scope(actor="bob", organisations=frozenset({GROUP}))

CAST = {
    "alice": (GROUP, Role.OFFICER),
    "sato": (GROUP, Role.SECRETARIAT),
    "bob": (GROUP, Role.ENGINEER),
    "ben": (GROUP, Role.ENGINEER),
    "mado": (GROUP, Role.DESK),
    "emi": (GROUP, Role.EMPLOYEE),
    "carol": (GROUP, Role.AUDITOR),
    "mallory": ("other-company", Role.OFFICER),
    "marvin": ("other-company", Role.ENGINEER),
}

HOLDINGS = """\
holdings:
  - reg_no: H-001
    name: {ja: 顧客台帳, en: Customer master}
    organisation: copro-holdings
    subject_category: business-partners
    items: [name, email]
    purposes: [partner-contact]
    store: crm
    rpd: yes
    count_range: 300
    retention_period: 取引終了後5年
    owner_dept: 営業管理部
    joint_use: [group-use]
    created_on: 2020-04-01
    reviewed_on: 2026-06-10
  - reg_no: H-002
    name: {ja: 注文, en: Orders}
    organisation: copro-holdings
    subject_category: business-partners
    items: [business-record]
    purposes: [partner-contact]
    store: crm
    rpd: yes
    created_on: 2020-04-01
    reviewed_on: 2025-06-10
  - reg_no: H-010
    name: {ja: 応募書類, en: Application papers}
    organisation: copro-holdings
    subject_category: applicants
    items: [name, address]
    purposes: [hiring-screening]
    store: cabinet
    rpd: yes
    retention_period: 1年
"""

CRM_MAP = MAP.replace("item: order", "item: business-record")

_TABLES = """
create table customers (id integer primary key, family_name varchar(20), given_name text, email text, memo text,
                        mail_ok boolean not null);
create index on_email on customers (email);
create table orders (id integer primary key, customer_id integer, ordered_at date, note text);
create index on_customer on orders (customer_id);
"""


def seat_everybody() -> None:
    """The accounts, each with a second factor."""
    for code, (organisation, role) in CAST.items():
        account = Account.objects.create(code=code, display_name=code, home_organisation=organisation, created_at=AT)
        AccountOrganisation.objects.create(account=account, organisation=organisation, role=role, granted_at=AT)
        register_factor(account)


def sit(code: str, language: str = "en") -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.cookies["daicho_language"] = language
    return enter(client, code)


def publish_policy() -> None:
    apply_policy(POLICY.read_bytes(), "policy-2026.yaml", scope=ALICE, at=AT)
    publish(GROUP, effective_from=date(2021, 1, 1), scope=ALICE, at=AT)


def fill_register(workspace: Path) -> None:
    """Two stores, three rows, a map that the engineer applied and the officer confirmed."""
    with sqlite3.connect(workspace / "crm.sqlite3") as store:
        store.executescript(_TABLES)
    folder = write(workspace / "register", crm_store=STORE, cabinet=CABINET, holdings=HOLDINGS, crm_map=CRM_MAP)
    plan = plan_documents(
        [folder], scope=BOB, open_store=wiring.open_store, policy=policy_in_force(GROUP, AT.date()),
        settings_of=wiring.settings_of,
    )  # fmt: skip
    assert plan.is_valid, [one.message.en for one in plan.errors]
    apply_documents(plan, scope=BOB, at=AT)
    confirm_map("crm", scope=ALICE, at=AT)


def said(page: Any) -> str:
    """The page as text."""
    return str(page.content.decode())


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would send back of a form, unchanged."""
    form = page.context["form"]
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if field.widget_type == "checkbox":
            sent |= {field.name: "on"} if value else {}
        elif value not in (None, "", []) and not field.field.disabled:
            sent[field.name] = value
    return {**sent, "base": page.context["base"]}

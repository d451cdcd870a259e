"""Who sits before the policy's screens, and what they can be asked to do."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.test import Client

from daicho.people.models import Account, AccountOrganisation
from daicho.people.rules import Role
from daicho.policy.actions import apply_policy, publish
from daicho.words.scope import Scope
from tests.people.entering import enter, register_factor

EXAMPLE = Path(__file__).parents[2] / "examples/staffing-group/policy.yaml"
SOURCE = EXAMPLE.read_text(encoding="utf-8")
CHANGED = SOURCE.replace("お問い合わせへの対応", "お問い合わせへのご回答")
GROUP = "copro-holdings"
NOW = "2026-11-23T10:00:00+09:00"
AT = datetime.fromisoformat(NOW)
ALICE = Scope(actor="alice", organisations=frozenset({GROUP}))

CAST = {
    "alice": (GROUP, Role.OFFICER),
    "bob": (GROUP, Role.OFFICER),
    "sato": (GROUP, Role.SECRETARIAT),
    "infra": (GROUP, Role.ENGINEER),
    "kansa": (GROUP, Role.AUDITOR),
    "mallory": ("other-company", Role.OFFICER),
}


def seat_everybody() -> None:
    """The accounts, each with a second factor."""
    for code, (organisation, role) in CAST.items():
        account = Account.objects.create(code=code, display_name=code, home_organisation=organisation, created_at=AT)
        AccountOrganisation.objects.create(account=account, organisation=organisation, role=role, granted_at=AT)
        register_factor(account)


def sit(code: str, language: str = "en") -> Client:
    """A browser in which somebody is signed in."""
    client = Client(headers={"accept-language": language})
    client.cookies["daicho_language"] = language
    return enter(client, code)


def publish_the_first() -> None:
    """Revision 1, in force since 2021."""
    apply_policy(SOURCE.encode(), "policy.yaml", scope=ALICE, at=AT)
    publish(GROUP, effective_from=date(2021, 1, 1), scope=ALICE, at=AT)


def seen_in(page: Any) -> str:
    """What an editor's page says it opened."""
    opened = page.context["opened"]
    return str(opened.seen)


def said(page: Any) -> str:
    """The page as text."""
    return str(page.content.decode())

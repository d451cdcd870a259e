"""Links to sign in with, and drafts thrown away: what a program may do about people and texts."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from daicho.api.scopes import TokenScope
from daicho.people.models import Account
from tests.rights.desk import ORGANISATION, POLICY, Desk

PASSWORD = "とても長い合言葉です-2026"


def test_somebody_is_invited_and_signs_in(desk: Desk, calling):
    officer = calling(desk.officer)
    said = {"code": "new", "display_name": "新人", "organisation": ORGANISATION, "roles": ["desk"]}
    assert officer.post("/accounts", said).status == 201
    first = officer.post("/accounts/new/invitation").said["link"]
    made = officer.post("/accounts/new/invitation")
    assert (made.status, made.said["good_until"][:10]) == (201, "2026-11-27")
    link = made.said["link"]
    assert link.startswith("http://testserver/")
    path = link.removeprefix("http://testserver")
    browser = Client()
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert Client().get(first.removeprefix("http://testserver")).status_code == 403
    again = officer.post("/accounts/new/invitation")
    assert (again.status, again.code) == (403, "not-allowed")  # who can sign in is not invited


def test_a_forgotten_sign_in_begins_anew(desk: Desk, calling):
    officer = calling(desk.officer)
    account = Account.objects.get(code=desk.clerk.actor)
    account.set_password(PASSWORD)
    account.save()
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    made = officer.post(f"/accounts/{desk.clerk.actor}/sign-in-reset")
    assert made.status == 201
    account.refresh_from_db()
    assert (account.has_usable_password(), Authenticator.objects.count()) == (False, 0)
    assert officer.post(f"/accounts/{desk.officer.actor}/sign-in-reset").status == 403  # nobody's own
    assert officer.post("/accounts/nobody/sign-in-reset").code == "not-found"


@pytest.mark.parametrize("path", ["/accounts/clerk/invitation", "/accounts/clerk/sign-in-reset"])
def test_it_needs_a_scope_of_its_own(desk: Desk, calling, path: str):
    """Whoever can hand out links could become anybody: no token that only changes roles may."""
    assert calling(desk.officer, TokenScope.ACCOUNTS_WRITE).post(path).code == "scope"
    assert calling(desk.clerk).post(path).code == "scope"
    assert calling(desk.auditor).post(path).code == "scope"
    assert calling(desk.officer, TokenScope.ACCOUNTS_INVITE).post(path).status == 201


def test_a_draft_is_written_over_approved_and_thrown_away_only_as_it_was_seen(desk: Desk, calling):
    import hashlib

    officer, text = calling(desk.officer), POLICY.read_text(encoding="utf-8")
    newer = text.replace("名古屋", "京都", 1)
    seen = hashlib.sha256(text.encode()).hexdigest()
    digest = officer.post("/policy/draft", {"document": newer, "base": 1, "seen": seen}).said["digest"]
    late = officer.post("/policy/draft", {"document": newer.replace("京都", "大阪", 1), "base": 1, "seen": seen})
    assert late.status in {403, 409}  # another text stands there now
    other, group = "0" * 64, {"organisation": ORGANISATION}
    for step in ("submission", "approval", "return", "publication", "discarding"):
        answer = officer.post(f"/policy/{step}", group | {"digest": other})
        assert (answer.status, answer.code) == (403, "not-allowed"), step
    assert officer.post("/policy/submission", group | {"digest": digest}).status == 200
    assert calling(desk.clerk).post("/policy/discarding", group).code == "scope"
    assert officer.post("/policy/discarding", group | {"digest": digest}).said["state"] == "discarded"
    assert officer.get("/policy/revisions", **group).said["drafts"] == []
    assert officer.post("/policy/discarding", group).code == "not-found"

"""The API's own pages: its reference, one's tokens, webhooks; in both languages, by the roles."""

import re

import pytest

from daicho.api.models import ApiToken, Webhook
from daicho.api.queries import find_bearer
from daicho.api.routing import list_operations
from daicho.api.scopes import TokenScope
from daicho.people.actions import create_account
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from tests.people.entering import enter
from tests.rights.desk import ORGANISATION, Desk


@pytest.fixture
def signed(client, monkeypatch, desk: Desk):
    monkeypatch.setenv("DAICHO_AT", desk.at.isoformat())

    def sign(code: str, *, factor: bool = True):
        return enter(client, code, factor=factor)

    return sign


@pytest.mark.parametrize(("language", "words"), [("ja", "使い方と操作"), ("en", "How to, and operations")])
def test_the_reference_names_every_operation(desk: Desk, signed, language: str, words: str):
    page = signed(desk.clerk.actor).get("/api/", {"lang": language}).content.decode()
    assert words in page
    for one in list_operations():
        assert f'id="{one.id}"' in page
        assert one.says.say(language) in page.replace("&#x27;", "'")
    for scope in TokenScope:
        assert f"<code>{scope}</code>" in page
    assert "cdn" not in page.lower()
    assert not re.search(r"<script(?![^>]*src=\"/static/)", page)
    assert "style=" not in page


def test_nobody_signed_in_sees_nothing(desk: Desk, client):
    for path in ("/api/", "/api/tokens/", "/api/webhooks/", "/api/webhooks/new/"):
        assert client.get(path).status_code == 302


def test_a_token_is_shown_once(desk: Desk, signed):
    client = signed(desk.clerk.actor)
    assert "トークンはまだありません" in client.get("/api/tokens/").content.decode()
    asked = {"name": "帳票システム", "days": 30, "scopes": ["requests:read"]}
    page = client.post("/api/tokens/", asked).content.decode()
    text = re.search(r"daicho_[0-9a-f]{8}_[\w-]+", page)
    assert text
    bearer = find_bearer(text[0], at=desk.at)
    assert bearer
    assert (bearer.token.name, bearer.token.scopes) == ("帳票システム", ("requests:read",))
    again = client.get("/api/tokens/").content.decode()
    assert text[0] not in again
    assert bearer.token.ref in again
    assert text[0] not in str(dict(client.session.items()))
    assert client.post(f"/api/tokens/{bearer.token.ref}/revoke/").status_code == 302
    assert find_bearer(text[0], at=desk.at) is None


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "", "days": 30, "scopes": ["requests:read"]},
        {"name": "x", "days": 0, "scopes": ["requests:read"]},
        {"name": "x", "days": 9999, "scopes": ["requests:read"]},
        {"name": "x", "days": 30},
        {"name": "x", "days": 30, "scopes": ["keys:write"]},  # beyond the clerk's roles
        {"name": "x\x00", "days": 30, "scopes": ["requests:read"]},
    ],
)
def test_a_wrong_form_makes_no_token(desk: Desk, signed, asked):
    answer = signed(desk.clerk.actor).post("/api/tokens/", asked)
    assert answer.status_code == 400
    assert ApiToken.objects.count() == 0


def test_without_a_second_factor_no_token(desk: Desk, signed):
    client = signed(desk.clerk.actor, factor=False)
    answer = client.post("/api/tokens/", {"name": "x", "days": 3, "scopes": ["requests:read"]})
    assert (answer.status_code, ApiToken.objects.count()) == (302, 0)
    assert "2fa" in answer.headers["Location"]


def test_an_auditor_makes_tokens_that_read(desk: Desk, signed):
    client = signed(desk.auditor.actor)
    page = client.get("/api/tokens/").content.decode()
    assert 'value="trail:read"' in page
    assert "requests:write ·" not in page
    assert client.post("/api/tokens/", {"name": "x", "days": 3, "scopes": ["trail:read"]}).status_code == 200


def test_somebody_elses_token_is_not_there(desk: Desk, signed, calling):
    other = calling(desk.officer)
    client = signed(desk.clerk.actor)
    client.post(f"/api/tokens/{other.ref}/revoke/")
    assert other.get("/me").status == 200
    assert client.get(f"/api/tokens/{other.ref}/revoke/").status_code == 405


def test_webhooks_are_added_tested_and_revoked(desk: Desk, signed):
    client = signed(desk.officer.actor)
    assert "通知先はまだありません" in client.get("/api/webhooks/").content.decode()
    asked = {"name": "x", "url": "http://inside.example/", "organisation": ORGANISATION, "events": ["request.opened"]}
    refused = client.post("/api/webhooks/new/", asked)
    assert refused.status_code == 400
    assert "webhook_hosts" in refused.content.decode()
    made = client.post("/api/webhooks/new/", asked | {"url": "https://hooks.example/x"}).content.decode()
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", made)
    assert secret
    ref = Webhook.objects.get().ref
    page = client.get(f"/api/webhooks/{ref}/", {"lang": "en"}).content.decode()
    assert secret[0] not in page
    assert "Nothing was sent yet" in page
    assert client.post(f"/api/webhooks/{ref}/test/").status_code == 302
    assert "waiting" in client.get(f"/api/webhooks/{ref}/", {"lang": "en"}).content.decode()
    assert client.post(f"/api/webhooks/{ref}/revoke/").status_code == 302
    assert Webhook.objects.get().revoked_by == desk.officer.actor
    assert client.get("/api/webhooks/W-0000000000/").status_code == 404


def test_who_may_webhooks(desk: Desk, signed):
    client = signed(desk.clerk.actor)
    assert client.get("/api/webhooks/").status_code == 403
    auditor = signed(desk.auditor.actor)
    assert auditor.get("/api/webhooks/").status_code == 200
    assert auditor.get("/api/webhooks/new/").status_code == 403
    assert auditor.post("/api/webhooks/new/", {}).status_code == 403


def test_a_foreign_organisations_webhooks_are_not_there(desk: Desk, signed):
    officer = signed(desk.officer.actor)
    asked = {
        "name": "秘密計画",
        "url": "https://a.example/",
        "organisation": ORGANISATION,
        "events": ["request.opened"],
    }
    officer.post("/api/webhooks/new/", asked)
    ref = Webhook.objects.get().ref
    create_account(
        "stranger", display_name="x", organisation="elsewhere", roles=[Role.OFFICER], scope=desk.officer, at=desk.at
    )
    assert get_actor("stranger", at=desk.at)
    stranger = signed("stranger")
    assert "秘密計画" not in stranger.get("/api/webhooks/").content.decode()
    assert stranger.get(f"/api/webhooks/{ref}/").status_code == 404
    assert stranger.post(f"/api/webhooks/{ref}/revoke/").status_code == 302
    assert Webhook.objects.get().revoked_at is None
    assert stranger.post("/api/webhooks/new/", asked).status_code == 400

"""From the one-time link to a passkey, in a real browser at the real server."""

import http.client
import json
import re
import time
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys.browser import browser, needs_chromium
from tests.site.doors import daicho, make_workspace, opened

pytestmark = pytest.mark.slow
PASSWORD = "keeping-a-register-2026"
OTHER = "another-long-phrase-2026"


def totp(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@needs_chromium
def test_the_first_officer_comes_in_and_adds_what_is_needed(tmp_path: Path):
    workspace = make_workspace(tmp_path / "workspace")
    with opened(workspace) as door, browser() as chromium:
        assert door.link.startswith(f"{door.address}/people/invited/")
        page = chromium.new_context(locale="ja-JP", viewport={"width": 1360, "height": 850}).new_page()
        page.set_default_timeout(8000)
        wrong: list[str] = []
        page.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda one: wrong.append(str(one)))

        # the first password
        page.goto(door.link)
        page.get_by_label("パスワード", exact=True).fill("password")
        page.get_by_label("もう一度").fill("password")
        page.get_by_role("button", name="決めて次へ").click()
        expect(page.locator(".error").first).to_be_visible()
        assert wrong.pop().startswith("Failed to load resource: the server responded with a status of 400")
        page.get_by_label("パスワード", exact=True).fill(PASSWORD)
        page.get_by_label("もう一度").fill(PASSWORD)
        page.get_by_role("button", name="決めて次へ").click()
        expect(page.get_by_role("heading", name="二要素認証")).to_be_visible()

        # without a second factor no page with personal data opens
        page.goto(f"{door.address}/people/")
        expect(page).to_have_url(re.compile("/account/2fa/"))

        # a passkey
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True}})  # fmt: skip
        page.get_by_role("link", name="パスキーを登録").click()
        page.locator("#id_name").fill("laptop")
        page.locator("#id_passwordless").check()
        page.locator("#mfa_webauthn_add").click()
        page.wait_for_url(re.compile("recovery-codes"))
        page.goto(f"{door.address}/account/2fa/webauthn/")

        # an authenticator app
        page.goto(f"{door.address}/account/2fa/totp/activate/")
        secret = page.locator("#authenticator_secret").input_value()
        page.locator("#id_code").fill(totp(secret))
        page.get_by_role("button", name="登録").click()
        expect(page.get_by_text("登録済み")).to_be_visible()

        # out, and in again with password and app
        sign_out(page)
        sign_in(page, "kanri", PASSWORD)
        page.locator("#id_code").fill("000000")
        page.get_by_role("button", name="サインイン").click()
        expect(page.locator(".error").first).to_be_visible()
        page.locator("#id_code").fill(recovery_or_totp(page, secret))
        page.get_by_role("button", name="サインイン").click()
        expect(page).to_have_url(f"{door.address}/")

        # the accounts open now; somebody is invited, the link shown once
        page.goto(f"{door.address}/people/new/")
        page.get_by_label("アカウントコード").fill("mado")
        page.get_by_label("氏名").fill("窓口 花子")
        page.get_by_label("窓口", exact=True).check()
        page.get_by_role("button", name="作る", exact=True).click()
        page.get_by_role("button", name="招待のリンクを作る").click()
        link = page.get_by_role("textbox", name="リンク").input_value()
        assert link.startswith(f"{door.address}/people/invited/")
        page.reload()
        expect(page.get_by_role("textbox", name="リンク")).to_have_count(0)

        # another password ends other sessions
        other = chromium.new_context(locale="en-US", viewport={"width": 390, "height": 844}).new_page()
        other.goto(link + "?lang=en")
        other.get_by_label("Password", exact=True).fill(OTHER)
        other.get_by_label("Once more").fill(OTHER)
        other.get_by_role("button", name="Set it and go on").click()
        expect(other.get_by_role("heading", name="Second factor")).to_be_visible()
        other.goto(link)
        assert "no longer good" in other.locator("main").inner_text()
        page.goto(f"{door.address}/account/password/")

        # in with the passkey alone
        sign_out(page)
        page.locator("#passkey_login").click()
        page.wait_for_url(f"{door.address}/")
        page.goto(f"{door.address}/people/me/sessions/")
        page.goto(f"{door.address}/people/me/")
        assert [one for one in wrong if "status of 4" not in one] == []
    told = daicho(workspace, "trail", "list", "--as", "kanri", "--event", "account", "--format", "json")
    for event in ("password_set", "second_factor_added", "sign_in_failed", "signed_out", "signed_in", "invited"):
        assert f'"account.{event}"' in told, event
    assert PASSWORD not in told


def sign_out(page: Page) -> None:
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="サインアウト").click()
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()


def sign_in(page: Page, code: str, password: str) -> None:
    page.get_by_label("アカウントコード").fill(code)
    page.get_by_label("パスワード", exact=True).fill(password)
    page.get_by_role("button", name="サインイン", exact=True).click()


def recovery_or_totp(page: Page, secret: str) -> str:
    """A code of the app is good once, so wait for the next one."""
    used = int(time.time()) // 30
    while int(time.time()) // 30 == used:
        page.wait_for_timeout(250)
    return totp(secret)


def test_an_only_officer_comes_back_by_a_link_made_at_the_machine(tmp_path: Path):
    workspace = make_workspace(tmp_path / "workspace")
    made = json.loads(daicho(workspace, "account", "invite", "kanri", "--as", "kanri", "--format", "json"))
    again = json.loads(daicho(workspace, "account", "reset", "kanri", "--as", "kanri", "--format", "json"))
    with opened(workspace) as door:
        server = door.address.removeprefix("http://")
        for link, status in ((made["link"], 403), (again["link"], 200)):
            connection = http.client.HTTPConnection(server, timeout=20)
            connection.request("GET", link)
            assert connection.getresponse().status == status
    told = daicho(workspace, "trail", "list", "--as", "kanri", "--event", "account", "--format", "json")
    assert '"account.invited"' in told
    assert '"account.sign_in_reset"' in told
    assert again["link"].split("/")[-2] not in told


def test_the_first_page_comes_soon_and_memory_stays_small(tmp_path: Path):
    workspace = make_workspace(tmp_path / "workspace")
    with opened(workspace) as door:
        assert door.seconds < 6, "1.5 s on a quiet machine; the tests share theirs"
        held = {
            line.split()[0]: int(line.split()[1])
            for line in Path(f"/proc/{door.pid}/status").read_text().splitlines()
            if line.startswith("VmRSS")
        }
        assert held["VmRSS:"] < 200 * 1024

"""What every page carries: headers, cookies, languages, and pages for what went wrong."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from daicho.people.doors import signed_in
from daicho.people.models import Account
from daicho.people.rules import Role
from daicho.site import urls
from daicho.site.workspace import Workspace
from daicho.words.errors import DaichoError, Fault, StoreError
from daicho.words.text import Text

pytestmark = pytest.mark.django_db


def failing(error: Exception):
    @signed_in
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


class BrokenError(DaichoError):
    code = "test-broken"
    fault = Fault.JUDGEMENT


@pytest.fixture
def broken_routes(settings):
    """Routes beside the real ones that fail in every way."""
    words = Text("壊れました。", "It broke.")
    extra = [
        path("broken/own/", failing(BrokenError(words, advice=words)), name="own"),
        path("broken/store/", failing(StoreError(words, advice=words)), name="store"),
        path("broken/other/", failing(RuntimeError("a value nobody may see")), name="other"),
        path("broken/unmarked/", lambda _request: HttpResponse("open"), name="unmarked"),
    ]
    routes = type("Routes", (), {
        "urlpatterns": [*urls.urlpatterns, *extra],
        **{name: getattr(urls, name) for name in ("handler400", "handler403", "handler404", "handler500")},
    })  # fmt: skip
    settings.ROOT_URLCONF = routes


@pytest.mark.parametrize("address", ["/account/login/", "/", "/nowhere/", "/people/"])
def test_every_page_carries_the_headers(client: Client, address):
    answer = client.get(address)
    policy = {one.split()[0]: one.split()[1:] for one in answer["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_no_page_of_the_shell_has_inline_script_or_style(enter):
    browser = enter(Role.OFFICER)
    for address in (
        "/",
        "/people/",
        "/people/new/",
        "/people/me/",
        "/people/account/desk/",
        "/trail/",
        "/account/2fa/",
    ):
        page = browser.get(address).content.decode()
        assert " style=" not in page, address
        assert "<style" not in page, address
        assert not [
            one
            for one in page.split("<script")[1:]
            if "src=" not in one.split(">")[0] and "json" not in one.split(">")[0]
        ], address
        assert " onclick=" not in page, address


def test_cookies_are_for_this_site_only(client: Client):
    client.get("/account/login/?lang=en")
    csrf = client.cookies["daicho_csrf"]
    assert csrf["httponly"]
    assert csrf["samesite"] == "Lax"
    assert client.cookies["daicho_language"]["samesite"] == "Lax"


def test_the_session_cookie_is_http_only(house, client: Client):
    account = Account.objects.get(code="desk")
    account.set_password("keeping-a-register-2026")
    account.save()
    client.post("/account/login/", {"login": "desk", "password": "keeping-a-register-2026"})
    session = client.cookies["daicho_session"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert not session["max-age"], "it ends with the browser"


def test_behind_https_cookies_are_secure_and_one_proxy_is_trusted():
    """The settings are made from the workspace; here a process of its own reads one with an https address."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "daicho.toml").write_text('address = "https://daicho.example"\n')
        names = (
            "SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.ALLAUTH_TRUSTED_PROXY_COUNT, "
            "s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, s.ALLOWED_HOSTS[0]"
        )
        told = subprocess.run(
            [sys.executable, "-c", f"from daicho.site import settings as s; print(s.{names})"],
            env={**os.environ, "DAICHO_WORKSPACE": folder}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    assert told.split() == ["True", "True", "True", "1", "False", "daicho.example"]


def test_a_host_that_is_not_ours_is_refused(client: Client):
    assert client.get("/account/login/", headers={"host": "evil.example"}).status_code == 400
    assert Workspace(folder=Path("/x"), exists=True, address="https://a.example:8443").hosts[0] == "a.example"


def test_the_language_is_chosen_and_kept(client: Client):
    assert "サインイン" in client.get("/account/login/").content.decode()
    page = client.get("/account/login/?lang=en")
    assert page["Content-Language"] == "en"
    assert "Sign in" in page.content.decode()
    assert "Sign in" in client.get("/account/login/").content.decode(), "the cookie keeps it"
    assert 'lang="ja"' in client.get("/account/login/?lang=ja").content.decode()
    assert client.get("/account/login/?lang=xx").status_code == 200


@pytest.mark.usefixtures("broken_routes")
def test_what_went_wrong_is_said_with_what_to_do(enter):
    browser = enter(Role.DESK, raising=False)
    for address, status, said in (
        ("/nowhere/", 404, "この画面はありません"),
        ("/people/", 403, "役割がありません"),
        ("/broken/own/", 409, "壊れました"),
        ("/broken/store/", 503, "壊れました"),
        ("/broken/other/", 500, "Daicho の中で誤り"),
        ("/broken/unmarked/", 403, "誰にも開かれていません"),
    ):
        answer = browser.get(address)
        assert answer.status_code == status, address
        assert said in answer.content.decode(), address
        assert "a value nobody may see" not in answer.content.decode()
        english = browser.get(f"{address}?lang=en").content.decode()
        assert '<html lang="en"' in english, address
        browser.get("/?lang=ja")


def test_a_form_from_elsewhere_is_refused():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/account/login/", {"login": "officer", "password": "x"})
    assert answer.status_code == 403
    assert "読み込み直し" in answer.content.decode()


def test_every_fault_has_a_status():
    from daicho.site.middleware import _STATUS

    assert set(_STATUS) == set(Fault)


def test_health_needs_nothing(client: Client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_the_palette_finds_places_that_one_may_use(enter):
    assert "/trail/" in enter(Role.AUDITOR).get("/go/?q=証跡").content.decode()
    assert "/trail/" not in enter(Role.EMPLOYEE).get("/go/?q=証跡").content.decode()

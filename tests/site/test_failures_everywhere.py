"""Failed passwords are counted for an account from wherever, without closing it to a browser it came in by."""

import pytest
from django.test import Client

from daicho.site import adapters
from tests.site.test_sign_in import set_password, sign_in

pytestmark = pytest.mark.django_db


def comes_in(client: Client, **more: str) -> bool:
    return bool(sign_in(client, "desk", **more).status_code == 302)


@pytest.fixture
def known(house) -> Client:
    set_password("desk")
    browser = Client(REMOTE_ADDR="203.0.113.200")
    assert comes_in(browser)
    browser.post("/account/logout/")
    return browser


def fail(times: int) -> None:
    for number in range(times):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), "desk", "wrong-password-here")


def test_many_addresses_together_have_a_ceiling(known: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adapters, "EVERYWHERE", "10/h/key")
    fail(9)
    assert comes_in(Client(REMOTE_ADDR="203.0.113.1"))
    fail(10)
    assert not comes_in(Client(REMOTE_ADDR="203.0.113.2")), "whoever guesses right by now is not let in"
    assert comes_in(known), "the owner's own browser is"


def test_the_mark_of_a_browser_is_its_accounts_alone(known: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adapters, "EVERYWHERE", "3/h/key")
    set_password("engineer")
    for number in range(3):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), "engineer", "wrong-password-here")
    assert sign_in(known, "engineer").status_code == 200
    mark = next(one for one in known.cookies.values() if one.key.startswith("daicho_known_"))
    assert mark["httponly"]
    assert "desk" not in f"{mark.key} {mark.value}"

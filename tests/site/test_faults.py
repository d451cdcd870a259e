"""An error nobody foresaw stands in standard error: when, which code, which route, what type, where. No value."""

import re

import pytest
from django.test import Client

from daicho.site.faults import note_fault
from daicho.words.errors import DaichoError
from daicho.words.text import Text
from tests.people.entering import enter

pytestmark = pytest.mark.django_db
CANARY = "CANARY-tanaka-hanako"


def test_what_broke_is_written_without_what_was_sent(house, monkeypatch: pytest.MonkeyPatch, capsys):
    def broken(door: object) -> None:
        name = CANARY
        raise ValueError(name)

    monkeypatch.setattr("daicho.site.today.home_context", broken)
    browser = enter(Client(raise_request_exception=False), "officer")
    answer = browser.get("/", {"q": CANARY})
    assert answer.status_code == 500
    assert "daicho" in answer.content.decode()
    said = capsys.readouterr().err
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", said)
    assert "code=daicho route=home method=GET" in said
    assert "builtins.ValueError" in said
    assert re.search(r"daicho/site/views.py:\d+ in home", said)
    assert CANARY not in said


def test_what_led_to_it_is_told_by_its_type(capsys):
    try:
        try:
            int(CANARY)
        except ValueError as error:
            raise DaichoError(Text(CANARY, CANARY), advice=Text("x", "x")) from error
    except DaichoError as error:
        note_fault(None, error)
    said = capsys.readouterr().err
    assert "builtins.ValueError" in said
    assert "code=daicho" in said
    assert CANARY not in said


def test_a_fault_of_ours_that_is_told_in_words_is_written_too(house, monkeypatch: pytest.MonkeyPatch, capsys):
    def broken(_: object) -> None:
        raise DaichoError(Text("x", "x"), advice=Text("x", "x"))

    monkeypatch.setattr("daicho.site.views.pages_for", broken)
    browser = enter(Client(), "officer")
    assert browser.get("/go/").status_code == 500
    assert "route=palette" in capsys.readouterr().err

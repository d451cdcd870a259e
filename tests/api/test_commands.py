"""Tokens and webhooks on the command line, and the thread that sends."""

import io
import json
import threading
from collections import Counter

import pytest

from daicho.api import webhooks
from daicho.api.models import ApiToken, Delivery, Webhook
from daicho.api.queries import find_bearer
from daicho.api.wire import Outcome
from daicho.cli.main import run
from daicho.words.errors import InstallationError
from daicho.words.text import Text
from tests.rights.desk import Desk


@pytest.fixture
def typed(desk: Desk, monkeypatch):
    monkeypatch.setenv("DAICHO_AT", desk.at.isoformat())

    def call(line: str, *, actor: str = "") -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        code = run([*line.split(), "--as", actor or desk.officer.actor], out=out, err=err)
        return code, out.getvalue(), err.getvalue()

    return call


def test_a_token_from_making_to_revoking(desk: Desk, typed):
    code, out, err = typed("account token add ticket --scope requests:read --scope runs:read --days 7")
    assert code == 0
    bearer = find_bearer(out.strip(), at=desk.at)
    assert bearer
    assert bearer.token.scopes == ("requests:read", "runs:read")
    assert out.strip() not in err
    code, listed, _ = typed("account token list --format json")
    assert [one["ref"] for one in json.loads(listed)] == [bearer.token.ref]
    assert out.strip() not in listed
    assert bearer.token.ref in typed("account token list")[1]
    assert typed(f"account token revoke {bearer.token.ref}")[0] == 0
    assert find_bearer(out.strip(), at=desk.at) is None
    assert "ended" in typed("account token list --lang en")[1]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("account token add x --scope nothing", 2),
        ("account token add x --scope requests:read --days 900", 2),
        ("account token revoke K-00000000", 2),
        ("webhooks add x ftp://a.example --event request.opened --organisation copro-holdings", 2),
        ("webhooks add x https://a.example --event no.event --organisation copro-holdings", 2),
        ("webhooks add x http://a.example --event request.opened --organisation copro-holdings", 3),
        ("webhooks revoke W-0", 2),
        ("webhooks test W-0", 2),
    ],
)
def test_what_is_refused(typed, line: str, code: int):
    assert typed(line)[0] == code
    assert ApiToken.objects.count() == Webhook.objects.count() == 0


def test_more_than_the_accounts_roles(desk: Desk, typed):
    assert typed("account token add x --scope accounts:write", actor=desk.clerk.actor)[0] == 3
    assert typed("webhooks list", actor=desk.clerk.actor)[0] == 3


def test_a_webhook_from_adding_to_revoking(desk: Desk, typed, monkeypatch):
    sent = []

    def send(*given: object, **_: object) -> Outcome:
        sent.append(given)
        return Outcome(status=200)

    monkeypatch.setattr(webhooks, "send", send)
    code, out, _ = typed(
        "webhooks add tickets https://a.example/x --event request.opened --organisation copro-holdings --format json"
    )
    assert code == 0
    made = json.loads(out)
    assert made["secret"].startswith("whsec_")
    assert json.loads(typed("webhooks list --format json")[1])[0]["ref"] == made["ref"]
    assert typed(f"webhooks test {made['ref']}")[0] == 0
    assert typed("webhooks send")[0] == 0
    assert len(sent) == 1
    assert "delivered" in typed(f"webhooks deliveries {made['ref']}")[1]
    assert typed(f"webhooks revoke {made['ref']}")[0] == 0
    assert Webhook.objects.get().revoked_at is not None


def test_sending_says_when_something_did_not_arrive(desk: Desk, typed, monkeypatch):
    monkeypatch.setattr(webhooks, "send", lambda *_, **__: Outcome(reason="timeout"))
    ref = json.loads(
        typed("webhooks add t https://a.example/x --event request.opened --organisation copro-holdings --format json")[
            1
        ]
    )["ref"]
    typed(f"webhooks test {ref}")
    code, out, _ = typed("webhooks send --format json")
    assert (code, json.loads(out)) == (1, {"delivered": 0, "failed": 1})
    assert Delivery.objects.get().last_reason == "timeout"


def test_the_thread_goes_on_after_trouble(desk: Desk, monkeypatch, caplog):
    stop, calls = threading.Event(), []

    def passing(_: object) -> Counter[str]:
        calls.append(1)
        if len(calls) == 1:
            raise InstallationError(Text("秘密の値", "a secret value"), advice=Text("直す", "mend"))
        stop.set()
        return Counter()

    monkeypatch.setattr(webhooks, "_EVERY", 0.001)
    monkeypatch.setattr(webhooks, "run_pass", passing)
    monkeypatch.setattr(webhooks, "close_old_connections", lambda: None)
    webhooks._send_until(stop, lambda: desk.at)
    assert len(calls) == 2
    assert "installation" in caplog.text
    assert "secret value" not in caplog.text

"""Messages leave signed, once looked at where they go, and are tried again until somebody takes them."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from daicho.api import wire
from daicho.api.actions.hooks import add_webhook, revoke_webhook, told_events
from daicho.api.models import Delivery, Webhook
from daicho.api.queries import list_deliveries, list_webhooks
from daicho.api.rules import WAITS, may_connect
from daicho.api.webhooks import run_pass
from daicho.people.actions import create_account
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.rights.actions.receiving import open_request, withdraw_request
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from tests.rights.desk import AT, ORGANISATION, Desk


@dataclass
class Receiver:
    """A program that listens: what it got, and what it answers."""

    url: str
    status: int = 204
    location: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, content))
            self.send_response(found.status)
            if found.location:
                self.send_header("Location", found.location)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    found = Receiver(url=f"http://127.0.0.1:{server.server_port}/hook?a=1")
    settings.WORKSPACE = replace(settings.WORKSPACE, webhook_hosts="127.0.0.1")
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def add(desk: Desk, url: str, *events: str, scope=None) -> tuple[str, str]:
    made = add_webhook(
        "帳票システム",
        url,
        events=events or ("request.opened",),
        organisation=ORGANISATION,
        scope=scope or desk.officer,
        at=desk.at,
    )
    return made.ref, made.secret


def verifies(secret: str, headers: dict[str, str], content: bytes) -> bool:
    """As the receiver does it, by the specification alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), content))
    mark = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{mark}" in headers["webhook-signature"].split(" ")


def test_an_act_is_told_signed_and_without_what_people_wrote(desk: Desk, receiver: Receiver):
    ref, secret = add(desk, receiver.url)
    number = open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    assert receiver.got == []
    assert run_pass(lambda: desk.at)["delivered"] == 1
    ((headers, content),) = receiver.got
    assert verifies(secret, headers, content)
    assert not verifies(secret, headers, content + b" ")
    assert not verifies(secret, headers | {"webhook-id": "msg_other"}, content)
    assert int(headers["webhook-timestamp"]) == int(desk.at.timestamp())
    assert headers["content-type"] == "application/json"
    said = json.loads(content)
    entry = TrailEntry.objects.get(event="request.opened", about=number)
    assert said["type"] == "request.opened"
    assert said["data"] == {"organisation": ORGANISATION, "entry": entry.seq, "facts": json.loads(entry.facts)}
    assert "花子" not in content.decode()
    assert desk.clerk.actor not in content.decode()
    assert run_pass(lambda: desk.at)["delivered"] == 0
    (one,) = list_deliveries(ref, scope=desk.officer)
    assert (one.state, one.last_status, one.attempts) == ("delivered", 204, 1)


def test_only_what_was_asked_for_and_only_from_then_on(desk: Desk, receiver: Receiver):
    open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    add(desk, receiver.url, "request.withdrawn")
    number = open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    withdraw_request(number, scope=desk.clerk, at=desk.at)
    assert run_pass(lambda: desk.at)["delivered"] == 1
    assert json.loads(receiver.got[0][1])["data"]["facts"]["request"] == number


def test_a_message_is_tried_again_later_and_later_then_given_up(desk: Desk, receiver: Receiver):
    ref, secret = add(desk, receiver.url)
    open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    receiver.status, now = 503, desk.at
    for wait in WAITS:
        assert run_pass(lambda: now)["failed"] == 1  # noqa: B023 (called at once)
        assert run_pass(lambda: now + wait - timedelta(seconds=1))["failed"] == 0  # noqa: B023
        now += wait
    (one,) = list_deliveries(ref, scope=desk.officer)
    assert (one.state, one.attempts, one.last_status) == ("waiting", len(WAITS), 503)
    run_pass(lambda: now)
    (one,) = list_deliveries(ref, scope=desk.officer)
    assert (one.state, one.attempts) == ("failed", len(WAITS) + 1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert all(verifies(secret, *one) for one in receiver.got)
    (failed,) = TrailEntry.objects.filter(event="webhook.failed")
    assert (failed.actor, failed.about) == ("system:webhooks", ref)
    assert list_webhooks(scope=desk.officer)[0].failed == 1


def test_a_redirect_is_not_followed(desk: Desk, receiver: Receiver):
    add(desk, receiver.url)
    receiver.status, receiver.location = 307, receiver.url
    open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    assert run_pass(lambda: desk.at)["failed"] == 1
    assert len(receiver.got) == 1


def test_gone_ends_the_webhook(desk: Desk, receiver: Receiver):
    add(desk, receiver.url)
    receiver.status = 410
    for _ in range(2):
        open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    run_pass(lambda: desk.at)
    assert Webhook.objects.get().revoked_by == "system:webhooks"
    assert not Delivery.objects.filter(state="waiting").exists()


def test_revoked_is_silent(desk: Desk, receiver: Receiver):
    ref, _ = add(desk, receiver.url)
    open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    revoke_webhook(ref, scope=desk.officer, at=desk.at)
    revoke_webhook(ref, scope=desk.officer, at=desk.at)
    assert run_pass(lambda: desk.at)["delivered"] == 0
    assert receiver.got == []
    assert TrailEntry.objects.filter(event="webhook.revoked").count() == 1


def test_the_secret_is_sealed_and_shown_once(desk: Desk, receiver: Receiver, calling):
    officer = calling(desk.officer)
    made = officer.post(
        "/webhooks", {"name": "x", "url": receiver.url, "organisation": ORGANISATION, "events": ["claim.answered"]}
    )
    assert made.status == 201
    key = base64.b64decode(made.said["secret"].removeprefix("whsec_"))
    assert len(key) == 32
    assert key not in bytes(Webhook.objects.get().secret)
    assert made.said["secret"] not in officer.get("/webhooks").raw.decode()
    ref = made.said["ref"]
    assert officer.post(f"/webhooks/{ref}/test").said["state"] == "waiting"
    assert run_pass(lambda: desk.at)["delivered"] == 1
    assert json.loads(receiver.got[0][1])["type"] == "webhook.test"
    assert officer.get(f"/webhooks/{ref}/deliveries").said[0]["event"] == "webhook.test"
    assert {one["code"] for one in officer.get("/webhooks/events").said} == set(told_events())
    assert officer.post(f"/webhooks/{ref}/revocation").status == 200
    assert officer.post(f"/webhooks/{ref}/test").code == "input"


# ── where a message may go ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "url",
    ["", "hook", "ftp://a.example/", "https://", "https://u:p@a.example/", "https://a.example/#x", "https://a.example/ x",
     "https://a.example:0/", "https://[::1/", "https://" + "a" * 500, "https://日本.example/", "javascript:x"],
)  # fmt: skip
def test_what_is_no_address(desk: Desk, url: str):
    with pytest.raises(InputError):
        add(desk, url)


def test_plain_http_needs_the_settings_file_and_the_officer(desk: Desk, receiver: Receiver, settings):
    create_account(
        "infra", display_name="x", organisation=ORGANISATION, roles=[Role.ENGINEER], scope=desk.officer, at=desk.at
    )
    engineer = get_actor("infra", at=desk.at)
    with pytest.raises(NotAllowedError):
        add(desk, receiver.url, scope=engineer)
    add(desk, "https://hooks.example/x", scope=engineer)
    with pytest.raises(NotAllowedError):
        add(desk, "http://hooks.example/x")
    add(desk, receiver.url)
    settings.WORKSPACE = replace(settings.WORKSPACE, webhook_hosts="")
    open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", lambda *_, **__: [])
        run_pass(lambda: desk.at)
    assert set(Delivery.objects.values_list("last_reason", flat=True)) == {"not-encrypted", "address-refused"}
    assert receiver.got == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1",
     "2002:a00:1::1", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "::10.0.0.1", "fec0::1",
     "2001:0:a00:1::1"],
)  # fmt: skip
def test_addresses_inside_are_refused(address: str):
    assert not may_connect(address, host="hooks.example", inside=frozenset())
    assert may_connect(address, host="hooks.example", inside=frozenset({"hooks.example"}))
    for public in ("93.184.216.34", "2606:4700::1", "64:ff9b::5db8:d822", "2002:5db8:d822::1", "::ffff:93.184.216.34"):
        assert may_connect(public, host="hooks.example", inside=frozenset())


def test_one_address_inside_among_several_refuses(monkeypatch, settings, workspace):
    def both(*_: object, **__: object) -> list[Any]:
        return [(0, 0, 0, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]

    def never(*_: object, **__: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr(socket, "getaddrinfo", both)
    monkeypatch.setattr(socket, "create_connection", never)
    message = wire.Message(id="msg_1", content=b"{}")
    assert wire.send("https://hooks.example/", message, b"k", at=AT).reason == "address-refused"


def test_troubles_are_codes(monkeypatch, settings, workspace):
    settings.WORKSPACE = replace(settings.WORKSPACE, webhook_hosts="127.0.0.1")
    message = wire.Message(id="msg_1", content=b"{}")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert wire.send(f"http://127.0.0.1:{port}/", message, b"k", at=AT).reason == "unreachable"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror()))
    assert wire.send("https://hooks.invalid/", message, b"k", at=AT).reason == "name-unknown"


# ── who may ──────────────────────────────────────────────────────────────────────────────────


def test_who_keeps_webhooks(desk: Desk, receiver: Receiver):
    ref, _ = add(desk, receiver.url)
    for scope in (desk.clerk, desk.auditor):
        with pytest.raises(NotAllowedError):
            add(desk, receiver.url, scope=scope)
    assert [one.ref for one in list_webhooks(scope=desk.auditor)] == [ref]
    with pytest.raises(NotAllowedError):
        revoke_webhook(ref, scope=desk.auditor, at=desk.at)
    create_account(
        "stranger", display_name="x", organisation="elsewhere", roles=[Role.OFFICER], scope=desk.officer, at=desk.at
    )
    stranger = get_actor("stranger", at=desk.at)
    assert list_webhooks(scope=stranger) == []
    with pytest.raises(NotFoundError):
        revoke_webhook(ref, scope=stranger, at=desk.at)
    with pytest.raises(InputError):
        add(desk, receiver.url, "webhook.failed")
    with pytest.raises(InputError):
        add(desk, receiver.url, "no.event")


# ── a receiver that is slow on purpose ───────────────────────────────────────────────────────


@pytest.fixture
def trickling(settings, receiver: Receiver) -> Iterator[str]:
    """A server that answers a byte now and then, for ever: no single read of it takes long."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.05):
                connection.sendall(b"X-A: b\r\n")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    stop.set()
    server.close()


def test_a_whole_exchange_has_one_deadline(trickling: str, monkeypatch):
    monkeypatch.setattr(wire, "_SECONDS", 0.5)
    began = time.monotonic()
    outcome = wire.send(trickling, wire.Message(id="msg_1", content=b"{}"), b"k", at=AT)
    assert outcome.reason == "timeout"
    assert time.monotonic() - began < 2


def test_a_handshake_that_never_ends_is_cut_too(trickling: str, monkeypatch):
    monkeypatch.setattr(wire, "_SECONDS", 0.5)
    silent = socket.create_server(("127.0.0.1", 0))
    began = time.monotonic()
    url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
    assert wire.send(url, wire.Message(id="msg_1", content=b"{}"), b"k", at=AT).reason == "timeout"
    assert time.monotonic() - began < 2
    silent.close()


def test_a_slow_receiver_costs_one_wait_a_pass_and_holds_nobody_else(
    desk: Desk, receiver: Receiver, trickling: str, monkeypatch
):
    monkeypatch.setattr(wire, "_SECONDS", 0.5)
    slow, _ = add(desk, trickling)
    add(desk, receiver.url)
    for _ in range(4):
        open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    done = run_pass(lambda: desk.at)
    assert (done["delivered"], done["failed"]) == (4, 1)
    assert len(receiver.got) == 4
    told = list_deliveries(slow, scope=desk.officer)
    assert sorted(one.attempts for one in told) == [0, 0, 0, 1]
    assert all(one.state == "waiting" for one in told)


def test_messages_to_one_receiver_keep_their_order(desk: Desk, receiver: Receiver):
    add(desk, receiver.url)
    for _ in range(3):
        open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    run_pass(lambda: desk.at)
    entries = [json.loads(content)["data"]["entry"] for _, content in receiver.got]
    assert entries == sorted(entries)
    assert len(entries) == 3

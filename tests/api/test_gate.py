"""What every call passes: bodies, limits, keys, methods; and nothing that was said is said again by an error."""

import json
import logging

import pytest
from django.core.cache import cache

from daicho.api import gate, rules
from daicho.api.actions import answers
from daicho.api.actions.answers import forget_answers
from daicho.api.models import KeptAnswer, Webhook
from daicho.api.rules import KEPT_FOR, depth_of, is_text
from daicho.api.scopes import TokenScope
from daicho.keys.queries import ring
from daicho.people.actions import create_account
from daicho.people.rules import Role
from daicho.rights.models import SubjectRequest
from daicho.work.holder import this_holder
from tests.api.test_operations import intake
from tests.rights.desk import AT, ORGANISATION, Desk

CANARY = "金糸雀カナリア子"
DOCUMENT = {"kind": "form"}


@pytest.fixture(autouse=True)
def _fresh_counts(db):
    cache.clear()


# ── bodies ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 41 + b"1" + b"}" * 41, 400),
        (b'{"a": NaN}', 400),
        (b'{"a": "\\u0000"}', 400),
        (b'{"a": "\\ud800"}', 400),
        (b"9" * 6_000, 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"null", 400),
        (b" " * (2 * 1024 * 1024 + 1), 413),
    ],
)
def test_a_body_that_cannot_be_read(desk: Desk, calling, raw: bytes, status: int):
    answer = calling(desk.clerk).post("/requests", raw=raw)
    assert (answer.status, answer.code in {"body", "document"}) == (status, True)
    assert SubjectRequest.objects.count() == 0


def test_only_json_is_taken(desk: Desk, calling):
    clerk = calling(desk.clerk)
    answer = clerk.post("/requests", intake(), **{"Content-Type": "text/plain"})
    assert (answer.status, answer.code) == (415, "body")
    form = clerk.post("/requests", raw=b"a=b", **{"Content-Type": "application/x-www-form-urlencoded"})
    assert form.status == 415


def test_depth_is_counted_outside_strings():
    assert depth_of('{"a": "[[[[\\"[[", "b": [1, [2]]}') == 3
    assert is_text({"a": ["x", 1, None]})
    assert not is_text({"a\x00": 1})


def test_another_method_and_another_address(desk: Desk, calling):
    clerk = calling(desk.clerk)
    for method in ("put", "delete", "patch", "options", "head"):
        answer = getattr(clerk.client, method)("/api/v1/requests", headers={"Authorization": f"Bearer {clerk.token}"})
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert clerk.get("/nowhere").status == 404
    assert clerk.get("/nowhere").code == "body"
    assert clerk.client.get("/api/v1/nowhere").status_code == 401


def test_a_session_is_no_token(desk: Desk, client):
    from daicho.people.queries import get_account

    client.force_login(get_account(desk.clerk.actor), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/requests").status_code == 401
    assert client.get("/api/v1/openapi.json").status_code == 200
    client.logout()
    assert client.get("/api/v1/openapi.json").status_code == 401


def test_a_minutes_calls_are_counted_by_token(desk: Desk, calling, monkeypatch):
    monkeypatch.setattr(gate, "CALLS_A_MINUTE", 3)
    monkeypatch.setattr(gate, "clock", lambda: 610.0)
    clerk, other = calling(desk.clerk), calling(desk.clerk)
    assert [clerk.get("/me").status for _ in range(4)] == [200, 200, 200, 429]
    answer = clerk.get("/me")
    assert (answer.code, answer.headers["Retry-After"]) == ("too-many-calls", "50")
    assert answer.said["retry"] is True
    assert other.get("/me").status == 200
    monkeypatch.setattr(gate, "clock", lambda: 661.0)
    assert clerk.get("/me").status == 200


# ── values are not repeated ──────────────────────────────────────────────────────────────────


def test_errors_name_places_and_repeat_no_value(desk: Desk, calling, caplog):
    caplog.set_level(logging.DEBUG)
    clerk = calling(desk.clerk)
    person = {"name": CANARY, "addres": CANARY, CANARY: "x", "birth_date": CANARY, "numbers": {CANARY: CANARY}}
    answer = clerk.post("/requests", {"addressed": [CANARY], "person": person, "claims": [{"kind": CANARY}], "x": {}})
    assert (answer.status, answer.code) == (400, "document")
    problems = {one["path"]: one["code"] for one in answer.said["problems"]}
    assert problems["/body/person/address"] == "missing"
    assert problems["/body/person/birth_date"].startswith("date")
    assert problems["/body/claims/0/kind"] == "enum"
    others = [
        clerk.post("/requests", intake(person={"name": CANARY})),
        clerk.post("/requests", raw=f'{{"{CANARY}": '.encode()),
        clerk.post("/slips/S-none/answer", {"answer": "found", "searcher": CANARY}),
        clerk.get("/requests", state=CANARY),
        clerk.get(f"/requests/{CANARY}"),
        clerk.post("/claims/R-2026-0001-1/decision", {"decision": CANARY, "reason": CANARY}),
        clerk.get(f"/{CANARY}"),
        clerk.post("/requests", intake(), key=CANARY),
    ]
    for one in [answer, *others]:
        assert one.status in {400, 403, 404}
        assert CANARY not in one.raw.decode()
        assert CANARY not in json.dumps(one.said)
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("daicho")]
    assert CANARY not in "".join(ours)


def test_a_fault_of_ours_is_told_by_its_place_alone(desk: Desk, calling, monkeypatch, caplog):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("daicho.rights.queries.list_requests", broken)
    answer = calling(desk.clerk).get("/requests")
    assert (answer.status, answer.code) == (500, "daicho")
    assert "RuntimeError, api/operations/requests.py" in answer.said["message"]["en"]
    assert CANARY not in answer.raw.decode()
    assert CANARY not in caplog.text


# ── once ─────────────────────────────────────────────────────────────────────────────────────


def test_the_same_call_twice_acts_once(desk: Desk, calling):
    clerk = calling(desk.clerk)
    first = clerk.post("/requests", intake(), key="one-and-only")
    second = clerk.post("/requests", intake(), key="one-and-only")
    assert (first.status, second.status) == (201, 201)
    assert first.raw == second.raw
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert SubjectRequest.objects.count() == 1
    assert clerk.post("/requests", intake(), key="another-one").said["number"] != first.said["number"]


def test_what_is_kept_is_sealed_and_ends(desk: Desk, calling, monkeypatch):
    clerk = calling(desk.clerk)
    number = clerk.post("/requests", intake(), key="one-and-only").said["number"]
    row = KeptAnswer.objects.get()
    assert number.encode() not in bytes(row.sealed)
    assert "one-and-only" not in str(vars(row))
    monkeypatch.setenv("DAICHO_AT", (desk.at + KEPT_FOR + KEPT_FOR / 48).isoformat())
    assert clerk.post("/requests", intake(), key="one-and-only").said["number"] != number
    assert KeptAnswer.objects.count() == 1


def test_a_key_stands_for_one_call(desk: Desk, calling):
    clerk, other = calling(desk.clerk), calling(desk.clerk)
    number = clerk.post("/requests", intake(), key="one-and-only").said["number"]
    for answer in (
        clerk.post("/requests", intake({"kind": "erase"}), key="one-and-only"),
        clerk.post(f"/requests/{number}/withdrawal", key="one-and-only"),
    ):
        assert (answer.status, answer.code) == (409, "key-reused")
    assert other.post("/requests", intake(), key="one-and-only").said["number"] != number  # keys are a token's own
    assert clerk.post("/requests", intake(), key="short").code == "input"


def test_a_call_that_failed_frees_its_key(desk: Desk, calling):
    clerk = calling(desk.clerk)
    assert clerk.post("/requests", {"addressed": []}, key="one-and-only").status == 400
    assert clerk.post("/requests", intake(), key="one-and-only").status == 201
    assert clerk.post("/requests/R-1999-0001/search", key="for-a-search").status == 404
    assert KeptAnswer.objects.count() == 1


def test_a_call_under_way_is_not_started_again_but_a_dead_ones_is(desk: Desk, calling):
    clerk = calling(desk.clerk)
    clerk.post("/requests", intake(), key="one-and-only")
    living = KeptAnswer.objects.get()
    KeptAnswer.objects.update(status=0, sealed=b"", holder=this_holder())
    answer = clerk.post("/requests", intake(), key="one-and-only")
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (409, "key-busy", "1")
    host = this_holder().partition("/")[0]
    KeptAnswer.objects.filter(pk=living.pk).update(holder=f"{host}/999999999/1")
    assert clerk.post("/requests", intake(), key="one-and-only").status == 201


def test_the_act_and_its_answer_stand_or_fall_together(desk: Desk, calling, monkeypatch):
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    clerk = calling(desk.clerk)
    with monkeypatch.context() as patched:
        patched.setattr(gate, "keep_answer", crash)
        with pytest.raises(KeyboardInterrupt):
            clerk.post("/requests", intake(), key="one-and-only")
    assert SubjectRequest.objects.count() == 0
    assert clerk.post("/requests", intake(), key="one-and-only").said["number"].endswith("-0001")


def test_an_answer_too_large_to_keep_is_made_again(desk: Desk, calling, monkeypatch):
    monkeypatch.setattr(answers, "MAX_KEPT", 10)
    clerk = calling(desk.clerk, TokenScope.REQUESTS_PEOPLE)
    said = {"year": 2026, "organisation": ORGANISATION}
    assert clerk.post("/ledgers", said, key="one-and-only").status == 200
    again = clerk.post("/ledgers", said, key="one-and-only")
    assert again.status == 200
    assert "Idempotency-Replayed" not in again.headers


def test_keys_of_before_a_rotation_are_known(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    number = clerk.post("/requests", intake(), key="one-and-only").said["number"]
    assert officer.post("/keys/rotation").status == 200
    assert clerk.post("/requests", intake(), key="one-and-only").said["number"] == number


@pytest.mark.parametrize("bad", [0, 367])
def test_limits_stand_in_rules(bad: int):
    with pytest.raises(Exception, match="token"):
        rules.require_days(bad)


def test_a_secret_that_is_told_once_is_not_kept(desk: Desk, calling):
    officer = calling(desk.officer)
    create_account(
        "newcomer", display_name="x", organisation=ORGANISATION, roles=[Role.DESK], scope=desk.officer, at=AT
    )
    hook = {"organisation": ORGANISATION, "name": "x", "url": "https://hooks.example/", "events": ["request.opened"]}
    for path, body, field in (
        ("/webhooks", hook, "secret"),
        ("/accounts/newcomer/invitation", {}, "link"),
        ("/accounts/newcomer/sign-in-reset", {}, "link"),
    ):
        first = officer.post(path, body, key=f"once-{field}-{path}")
        assert first.status == 201, first.raw
        assert first.said[field]
        again = officer.post(path, body, key=f"once-{field}-{path}")
        assert (again.status, again.headers["Idempotency-Replayed"]) == (201, "true")
        assert again.said == first.said | {field: ""}
        kept = KeptAnswer.objects.latest("pk")
        said = ring().unseal(bytes(kept.sealed), bound_to=f"answer:{kept.slot}").decode()
        assert first.said[field] not in said
        assert said
    assert Webhook.objects.count() == 1  # sent twice, added once


def test_kept_answers_end_by_themselves(desk: Desk, calling):
    calling(desk.clerk).post("/requests", intake(), key="one-and-only")
    assert KeptAnswer.objects.count() == 1
    assert forget_answers(at=AT + KEPT_FOR / 2) == 0
    assert forget_answers(at=AT + KEPT_FOR * 2) == 1
    assert KeptAnswer.objects.count() == 0

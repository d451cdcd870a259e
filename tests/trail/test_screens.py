"""The trail on the screen: what is shown, found, verified, signed and handed out, and to whom."""

import json

import pytest
from django.db import connection

from daicho.keys.signing import read_public_keys
from daicho.people import actions, queries
from daicho.people.rules import Role
from daicho.trail.actions import make_checkpoint
from daicho.trail.models import Checkpoint, TrailEntry
from daicho.trail.verification import verify
from tests.site.conftest import AT, enter, house  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(house):  # noqa: F811
    """Sixty more entries, the first half signed."""
    scope = queries.get_actor("officer", at=AT)
    for number in range(60):
        if number == 30:
            make_checkpoint(actor="officer", at=AT)
        actions.grant_role("desk", organisation="copro", role=Role.EMPLOYEE, scope=scope, at=AT)
        actions.remove_role("desk", organisation="copro", role=Role.EMPLOYEE, scope=scope, at=AT)
    return scope


def text(answer) -> str:
    return str(answer.content.decode())


def numbers(page: str) -> list[int]:
    return [int(part.split("<")[0]) for part in page.split('data-label="番号">')[1:]]


def test_entries_are_paged_newest_first_without_gap_or_repeat(told, enter):  # noqa: F811
    browser = enter(Role.AUDITOR)
    seen: list[int] = []
    address = "/trail/"
    while True:
        page = text(browser.get(address))
        seen += numbers(page)
        if 'rel="next"' not in page:
            break
        address = "/trail/" + page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert seen == list(range(TrailEntry.objects.count(), 0, -1))
    back = "/trail/" + page.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert numbers(text(browser.get(back)))[-1] == numbers(page)[0] + 1


def test_filters_and_sentences_in_both_languages(told, enter):  # noqa: F811
    browser = enter(Role.SECRETARIAT)
    page = text(browser.get("/trail/?event=account.role_removed&actor=officer&about=desk"))
    assert "アカウント desk から役割 employee を外した" in page
    assert "役割 employee を付与</span>" not in page
    assert "role employee taken from desk" in text(browser.get("/trail/?event=account&lang=en"))
    browser.get("/?lang=ja")
    assert numbers(text(browser.get("/trail/?since=2026-11-25"))) == []
    assert numbers(text(browser.get("/trail/?until=2026-11-24")))
    assert "当てはまる記録はありません" in text(browser.get("/trail/?actor=nobody"))
    for odd in (
        "before=x",
        "after=99999999999999999999",
        "since=yesterday",
        "until=9999-12-31",
        "since=0001-01-01",
        "before=-1",
    ):
        assert browser.get(f"/trail/?{odd}").status_code == 200, odd


def test_another_companys_entries_are_not_shown(told, enter):  # noqa: F811
    actions.create_account("solna-01", display_name="S", organisation="solna", roles=[Role.OFFICER], scope=told, at=AT)
    assert "solna-01" not in text(enter(Role.OFFICER).get("/trail/"))


def test_verification_shows_what_is_signed_and_finds_what_was_changed(told, enter):  # noqa: F811
    browser = enter(Role.AUDITOR)
    page = text(browser.get("/trail/verification/?run=1"))
    assert "違うところはありませんでした" in page
    assert 'action="/trail/checkpoint/"' not in page, "an auditor signs nothing"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail_trailentry SET actor = 'mallory' WHERE seq = 9")
    page = text(browser.get("/trail/verification/?run=1"))
    assert "記録 9 の内容が" in page
    assert "Entry 9" in text(browser.get("/trail/verification/?run=1&lang=en"))


def test_without_a_signature_there_is_nothing_to_verify(house, enter):  # noqa: F811
    page = text(enter(Role.OFFICER).get("/trail/verification/?run=1"))
    assert "まだ署名がありません" in page


def test_signing_once_more_only_when_something_happened(told, enter):  # noqa: F811
    browser = enter(Role.ENGINEER)
    assert "チェックポイント 2 に署名しました" in text(browser.post("/trail/checkpoint/", follow=True))
    assert "署名はそのまま" in text(browser.post("/trail/checkpoint/", follow=True))
    assert Checkpoint.objects.count() == 2
    assert enter(Role.AUDITOR).post("/trail/checkpoint/").status_code == 403
    assert enter(Role.DESK).post("/trail/checkpoint/").status_code == 403


def test_the_export_and_the_keys_verify_elsewhere(told, enter):  # noqa: F811
    browser = enter(Role.AUDITOR)
    before = TrailEntry.objects.count()
    assert browser.get("/trail/export/").status_code == 405
    assert TrailEntry.objects.count() == before, "looking writes nothing"
    answer = browser.post("/trail/export/")
    assert "attachment" in answer["Content-Disposition"]
    lines = b"".join(answer.streaming_content).splitlines()
    keys = browser.get("/trail/keys.json")
    found = verify(lines, read_public_keys(keys.content, path="keys"))
    assert found.intact
    assert found.entries == TrailEntry.objects.count()
    assert json.loads(keys.content)
    assert browser.get("/trail/keys.pem").content.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert TrailEntry.objects.filter(event="trail.exported", actor="auditor").count() == 1


@pytest.mark.parametrize("role", [Role.DESK, Role.EMPLOYEE, Role.DEPARTMENT_HEAD, Role.MY_NUMBER_HANDLER])
def test_others_do_not_see_it(role, told, enter):  # noqa: F811
    for path in ("", "verification/", "export/", "keys.pem", "keys.json"):
        assert enter(role).get(f"/trail/{path}").status_code == 403
    assert enter(role).post("/trail/export/").status_code == 403

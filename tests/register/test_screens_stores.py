"""Stores and maps on the screen: health, the editor with its plan, a second account, a sketch, a new store."""

import sqlite3
from pathlib import Path

import pytest

from daicho.register.health import Step, check_store
from daicho.register.models import RegisterRevision
from daicho.register.queries import find_store, get_map, get_store, list_active_maps
from daicho.site import wiring
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError
from tests.register.screens import (
    ALICE,
    CRM_MAP,
    NOW,
    fill_register,
    form_of,
    publish_policy,
    said,
    seat_everybody,
    sit,
)

pytestmark = pytest.mark.django_db

EDIT = "/register/stores/crm/map/edit/"
CHECK = "/register/stores/crm/map/check/"
ATTIC = """\
store: attic
name: {ja: 屋根裏, en: Attic}
kind: paper
organisation: copro-holdings
department: {ja: 総務, en: General}
"""


@pytest.fixture(autouse=True)
def _register(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAICHO_AT", NOW)
    seat_everybody()
    publish_policy()
    fill_register(workspace)


def opened(client) -> dict[str, str]:
    page = client.get(EDIT)
    return {"text": page.context["text"], "base": page.context["base"]}


def test_a_healthy_store_answers_every_question():
    page = sit("carol", "en").get("/register/stores/crm/health/")
    steps = page.context["health"].steps
    assert [(one.step, one.error, one.note) for one in steps] == [
        (Step.READ, None, None), (Step.UNCHANGED, None, None), (Step.WRITE, None, None),
    ]  # fmt: skip
    assert said(page).count("✓") == 3


@pytest.mark.parametrize(("language", "words"), [("ja", "応答しません"), ("en", "does not answer")])
def test_an_unreachable_store_says_so_in_words(workspace: Path, language: str, words: str):
    wiring.close_all()
    (workspace / "crm.sqlite3").unlink()
    page = sit("bob", language).get("/register/stores/crm/health/")
    assert page.status_code == 200
    assert words in said(page)
    assert [one.step for one in page.context["health"].steps] == [Step.READ]


def test_words_of_a_row_are_changed_while_its_store_is_away_and_what_a_map_relies_on_is_not(workspace: Path):
    wiring.close_all()
    (workspace / "crm.sqlite3").unlink()
    client = sit("alice", "en")
    path = "/register/holdings/copro-holdings/H-001/edit/"
    client.post(path, form_of(client.get(path)) | {"manager": "Head of sales"})
    changed = form_of(client.get(path))
    assert changed["manager"] == "Head of sales"
    assert get_map("crm", scope=ALICE).in_force
    refused = client.post(path, changed | {"rpd": "no"})
    assert refused.status_code == 422
    assert "does not answer" in said(refused)


def test_a_store_that_changed_names_the_column(workspace: Path):
    wiring.close_all()
    with sqlite3.connect(workspace / "crm.sqlite3") as store:
        store.execute("alter table customers rename column memo to remarks")
    page = sit("bob", "en").get("/register/stores/crm/health/")
    assert page.context["health"].error is not None
    assert "customers.memo" in said(page)


def test_a_store_that_hangs_is_waited_for_no_longer_than_said():
    def hang(ref):
        import threading

        threading.Event().wait(1.0)
        return wiring.open_store(ref)

    health = check_store(get_store("crm", scope=ALICE), scope=ALICE, open_store=hang, timeout=0.05)
    assert health.error is not None
    assert health.error.code == "store-slow"
    again = check_store(get_store("crm", scope=ALICE), scope=ALICE, open_store=hang, timeout=0.05)
    assert again.error is not None  # it is still being asked and not asked twice


def test_paper_is_not_asked():
    assert sit("bob", "en").get("/register/stores/cabinet/health/").context["health"].paper


def test_the_checks_beside_the_map_name_lines_that_jump():
    client = sit("bob", "en")
    now = opened(client)
    assert "nothing changes" in said(client.post(CHECK, now))
    lines = now["text"].splitlines()
    wrong = next(number for number, line in enumerate(lines, start=1) if "family_name: {item: name}" in line)
    text = now["text"].replace("family_name: {item: name}", "family_name: {itm: name}")
    page = client.post(CHECK, {**now, "text": text})
    assert page.status_code == 200
    assert f'data-line="{wrong}"' in said(page)
    assert str(wrong) in page.context["wrong_lines"].split()
    broken = client.post(CHECK, {**now, "text": "map: crm\n  store: [crm\n"})
    assert "data-line=" in said(broken)
    assert broken.context["changes"] == []
    assert RegisterRevision.objects.filter(document__kind="map").count() == 1


def test_a_map_that_does_not_fit_the_live_store_shows_the_line():
    client = sit("bob", "ja")
    now = opened(client)
    text = now["text"].replace("note: {item: business-record}", "notes: {item: business-record}")
    page = client.post(CHECK, {**now, "text": text})
    line = next(number for number, one in enumerate(text.splitlines(), start=1) if "notes:" in one)
    assert [(problem.code, problem.place.line) for problem, _ in page.context["errors"]] == [("column-missing", line)]
    refused = client.post(EDIT, {**now, "text": text})
    assert refused.status_code == 422
    assert "notes: {item: business-record}" in said(refused)
    assert get_map("crm", scope=ALICE).number == 1


def test_saving_is_applying_and_a_second_account_confirms_what_it_has_seen():
    engineer = sit("bob", "en")
    now = opened(engineer)
    text = now["text"].replace("mail_ok: no", "mail_ok: yes")
    beside = engineer.post(CHECK, {**now, "text": text})
    assert [one.path for one in beside.context["changes"][0].differences] == [
        "tables.customers.on.suspend_use.columns.mail_ok"
    ]
    assert beside.context["waits"]
    answer = engineer.post(EDIT, {**now, "text": text}, follow=True)
    assert answer.redirect_chain == [("/register/stores/crm/", 302)]
    assert not get_map("crm", scope=ALICE).in_force
    with pytest.raises(NotAllowedError):
        list_active_maps(scope=ALICE)
    assert "waits for a second account" in said(sit("carol", "en").get("/register/stores/"))
    assert "tables.customers.on.suspend_use.columns.mail_ok" in said(sit("alice", "en").get("/register/stores/crm/"))
    digest = get_map("crm", scope=ALICE).digest
    same = engineer.post("/register/maps/crm/confirm/", {"digest": digest}, follow=True)
    assert "bob" in said(same)
    assert not get_map("crm", scope=ALICE).in_force
    for who in ("carol", "mado", "emi"):
        assert sit(who).post("/register/maps/crm/confirm/", {"digest": digest}).status_code == 403
    unseen = sit("ben", "en").post("/register/maps/crm/confirm/", {"digest": "0" * 64}, follow=True)
    assert "changed while it was looked at" in said(unseen)
    sit("marvin").post("/register/maps/crm/confirm/", {"digest": digest})
    assert not get_map("crm", scope=ALICE).in_force
    assert "confirm it" not in said(sit("alice", "en").get("/register/stores/cabinet/"))
    sit("alice", "ja").post("/register/maps/crm/confirm/", {"digest": digest})
    assert get_map("crm", scope=ALICE).in_force
    assert TrailEntry.objects.filter(event="map.confirmed", actor="alice").count() == 2


def test_a_stale_map_is_refused_with_the_text_kept():
    mine, theirs = sit("bob", "en"), sit("ben", "en")
    opened_by_me, opened_by_them = opened(mine), opened(theirs)
    theirs.post(EDIT, {**opened_by_them, "text": opened_by_them["text"].replace("mail_ok: no", "mail_ok: yes")})
    text = opened_by_me["text"].replace("顧客", "お客様")
    answer = mine.post(EDIT, {**opened_by_me, "text": text})
    assert answer.status_code == 422
    assert "お客様" in said(answer)
    assert get_map("crm", scope=ALICE).number == 2
    assert answer.context["base"] == opened_by_me["base"]
    mine.post(EDIT, {"text": text, "base": answer.context["new_base"]})
    assert get_map("crm", scope=ALICE).number == 3


def test_the_editor_of_one_map_writes_no_other_document():
    client = sit("bob", "en")
    now = opened(client)
    for text in (
        now["text"].replace("map: crm", "map: other", 1),
        ATTIC,
    ):
        answer = client.post(EDIT, {**now, "text": text})
        assert answer.status_code == 422
        assert answer.context["errors"][0][0].code == "another-document"
    assert find_store("attic", scope=ALICE) is None


def test_a_first_map_is_sketched_from_the_live_store_and_nothing_is_saved():
    client = sit("bob", "en")
    page = client.post("/register/stores/crm/map/sketch/")
    assert "# ?" in page.context["text"]
    assert "customers" in page.context["text"]
    assert get_map("crm", scope=ALICE).number == 1


STORE = {
    "kind": "postgresql", "store": "payroll", "name_ja": "給与", "name_en": "Payroll", "organisation": "copro-holdings",
    "department_ja": "人事部", "department_en": "Personnel", "country": "JP", "kept_days": "30",
    "setting_url": "env:PAYROLL_URL",
}  # fmt: skip


def test_a_new_store_names_its_secret_and_never_holds_it():
    client = sit("bob", "en")
    assert "PostgreSQL" in said(client.get("/register/stores/new/"))
    bare = client.post("/register/stores/new/?kind=postgresql", {**STORE, "setting_url": "postgresql://u:p@host/db"})
    assert bare.status_code == 422
    assert list(bare.context["form"].errors) == ["setting_url"]
    client.post("/register/stores/new/", STORE)
    found = get_store("payroll", scope=ALICE)
    assert (found.kind, found.settings, found.backups_kept_days) == ("postgresql", {"url": "env:PAYROLL_URL"}, 30)
    page = client.get("/register/stores/payroll/health/")
    assert "PAYROLL_URL" in said(page)  # the variable is not set, and that is said
    edit = client.get("/register/stores/payroll/edit/")
    sent = {**STORE, "department_ja": "経理部", "base": edit.context["base"]}
    client.post("/register/stores/payroll/edit/", sent)
    assert get_store("payroll", scope=ALICE).department.ja == "経理部"
    assert client.post("/register/stores/payroll/edit/", sent | {"department_ja": "総務部"}).status_code == 422


def test_editing_a_store_unchanged_changes_nothing():
    client = sit("bob")
    for code in ("crm", "cabinet"):
        page = client.get(f"/register/stores/{code}/edit/")
        form = page.context["form"]
        sent = {field.name: field.value() for field in form if field.value() not in (None, "")}
        client.post(f"/register/stores/{code}/edit/", {**sent, "base": page.context["base"]})
    assert RegisterRevision.objects.filter(document__kind="store").count() == 2


def test_only_an_engineer_edits_stores_and_maps():
    paths = ("/register/stores/new/", "/register/stores/crm/edit/", EDIT, CHECK, "/register/stores/crm/map/sketch/")
    for who in ("alice", "sato", "carol", "mado", "emi"):
        client = sit(who)
        for path in paths:
            assert client.post(path, {**STORE, "text": CRM_MAP}).status_code == 403, (who, path)
    foreign = sit("marvin")
    for path in paths[1:]:
        assert foreign.post(path, {"text": CRM_MAP, "base": ""}).status_code == 404, path
    assert RegisterRevision.objects.count() == 6

"""The register on the screen: the table, a row as a form, the yearly review, who may do what."""

import io
from pathlib import Path

import openpyxl
import pytest

from daicho.register.models import RegisterRevision
from daicho.register.queries import list_holding_parts
from daicho.trail.models import TrailEntry
from tests.register.screens import ALICE, GROUP, NOW, fill_register, form_of, publish_policy, said, seat_everybody, sit

pytestmark = pytest.mark.django_db

ROW = f"/register/holdings/{GROUP}/H-001/"
EVERY_PAGE = (
    "/register/", "/register/review/", "/register/map/", "/register/coverage/", "/register/stores/",
    "/register/stores/crm/", "/register/stores/cabinet/", "/register/stores/crm/map/", ROW,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _register(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAICHO_AT", NOW)
    seat_everybody()
    publish_policy()
    fill_register(workspace)


def part(reg_no: str):
    return next(one for one in list_holding_parts(scope=ALICE) if one.reg_no == reg_no)


def shown(page) -> list[str]:
    return [row.part.reg_no for row in page.context["page"]]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_opens_in_both_languages_for_an_auditor_too(language: str):
    client = sit("carol", language)
    for path in EVERY_PAGE:
        page = client.get(path)
        assert page.status_code == 200, path
        assert f'lang="{language}"' in said(page)


def test_nobody_without_a_role_looks():
    client = sit("emi")
    assert {client.get(path).status_code for path in EVERY_PAGE} == {403}


def test_another_organisation_sees_nothing_of_it():
    client = sit("mallory")
    assert shown_or_empty(client.get("/register/")) == []
    assert client.get(ROW).status_code == 404
    assert client.get("/register/stores/crm/").status_code == 404
    assert client.get("/register/stores/crm/health/").status_code == 404
    assert client.get(f"{ROW}edit/").status_code == 404
    assert client.post(f"{ROW}remove/", {"base": "x"}).status_code == 404
    assert client.post("/register/reviewed/", {"row": f"{GROUP}/H-002"}).status_code == 404
    assert "顧客台帳" not in said(client.get("/register/export.csv"))
    assert part("H-002").reviewed_on.isoformat() == "2025-06-10"


def shown_or_empty(page) -> list[str]:
    return shown(page) if "page" in page.context else []


FILTERS = [
    ("", ["H-001", "H-002", "H-010"]),
    ("q=注文", ["H-002"]),
    ("q=customer", ["H-001"]),
    ("q=ｃｕｓｔｏｍｅｒ+master", ["H-001"]),
    ("q=氏名", ["H-001", "H-010"]),
    ("subject=applicants", ["H-010"]),
    ("store=crm", ["H-001", "H-002"]),
    ("rpd=no", []),
    ("review=overdue", ["H-002", "H-010"]),
    ("gap=holding-without-retention", ["H-002"]),
    ("special=1", []),
    ("status=active", ["H-001", "H-002", "H-010"]),
    ("sort=-reg_no", ["H-010", "H-002", "H-001"]),
    ("sort=review", ["H-010", "H-002", "H-001"]),
    ("organisation=elsewhere", []),
]


def test_the_table_is_filtered_searched_and_sorted():
    client = sit("mado")
    for query, wanted in FILTERS:
        assert shown(client.get(f"/register/?{query}")) == wanted, query


def test_checks_count_what_is_to_be_mended_and_lead_there():
    page = sit("alice", "en").get("/register/")
    checks = {one["query"]: one["count"] for one in page.context["checks"]}
    assert checks == {"review=overdue": 2, "gap=holding-without-retention": 1}
    assert 'href="?gap=holding-without-retention"' in said(page)
    assert "H-002/edit/#id_retention_period" in said(page)


def test_a_gap_of_no_row_leads_to_the_page_of_all_gaps():
    client = sit("alice", "en")
    for path in ("/register/?gap=item-without-holding", "/register/stores/?gap=table-unmapped"):
        assert client.get(path)["Location"] == f"/register/coverage/#{path.partition('=')[2]}"
    page = said(client.get("/register/coverage/"))
    assert 'id="item-without-holding"' in page
    assert 'href="/register/new/?item=' in page


def test_a_row_is_changed_through_the_form_and_the_trail_says_so():
    client = sit("sato", "ja")
    page = client.get(f"{ROW}edit/")
    sent = form_of(page) | {"retention_period": "取引終了後7年", "manager": "営業管理部長"}
    answer = client.post(f"{ROW}edit/", sent, follow=True)
    assert answer.redirect_chain == [(ROW, 302)]
    assert part("H-001").retention_period == "取引終了後7年"
    assert part("H-001").count_range == 300  # a number stays one
    entry = TrailEntry.objects.filter(event="holding.applied", actor="sato").get()
    assert '"holding":"h-001"' in entry.facts
    history = answer.context["changes"]
    assert (history[0].number, history[0].by, history[0].entry) == (2, "sato", entry.seq)
    assert ("retention_period", "取引終了後5年", "取引終了後7年") in [
        (one.path, one.before, one.after) for one in history[0].differences
    ]


def test_saving_a_row_unchanged_changes_nothing():
    client = sit("alice")
    client.post(f"{ROW}edit/", form_of(client.get(f"{ROW}edit/")))
    assert RegisterRevision.objects.filter(document__code="H-001").count() == 1


def test_what_is_wrong_stands_at_its_field_and_nothing_is_written():
    client = sit("alice", "en")
    sent = form_of(client.get(f"{ROW}edit/")) | {"items": ["name", "health-check"], "rpd": "entrusted"}
    answer = client.post(f"{ROW}edit/", sent)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"entruster_ja"}
    sent |= {"entruster_ja": "委託元", "entruster_en": "Client"}
    answer = client.post(f"{ROW}edit/", sent)
    assert set(answer.context["form"].errors) == {"sensitive"}
    assert RegisterRevision.objects.filter(document__code="H-001").count() == 1


def test_a_stale_edit_is_refused_and_what_was_written_is_kept_until_the_writer_decides():
    mine, theirs = sit("alice", "en"), sit("sato", "en")
    sent = form_of(mine.get(f"{ROW}edit/")) | {"manager": "mine"}
    theirs.post(f"{ROW}edit/", form_of(theirs.get(f"{ROW}edit/")) | {"manager": "theirs"})
    answer = mine.post(f"{ROW}edit/", sent)
    assert answer.status_code == 422
    assert part("H-001").manager == "theirs"
    assert 'value="mine"' in said(answer)
    assert [(one.path, one.before, one.after) for one in answer.context["moved"]] == [("manager", "theirs", "mine")]
    assert answer.context["base"] == sent["base"]  # pressing save again is refused again
    assert mine.post(f"{ROW}edit/", sent).status_code == 422
    mine.post(f"{ROW}edit/", sent | {"base": answer.context["new_base"]})
    assert part("H-001").manager == "mine"


def test_a_new_row_is_offered_the_next_number_and_a_taken_one_is_refused():
    client = sit("alice", "en")
    page = client.get("/register/new/?item=telephone")
    assert page.context["form"]["reg_no"].value() == "H-011"
    sent = form_of(page) | {
        "name_ja": "電話メモ", "name_en": "Phone notes", "subject_category": "inquirers", "store": "cabinet",
        "purposes": ["answering-inquiries"], "rpd": "yes",
    }  # fmt: skip
    taken = client.post("/register/new/", sent | {"reg_no": "H-001"})
    assert taken.status_code == 422
    assert list(taken.context["form"].errors) == ["reg_no"]
    client.post("/register/new/", sent)
    assert part("H-011").items == ("telephone",)
    assert part("H-011").rpd == "yes"


def test_a_row_is_disposed_of_and_one_that_a_map_needs_is_not_taken_out():
    client = sit("alice", "en")
    base = client.get(f"/register/holdings/{GROUP}/H-010/").context["head"].digest
    client.post(f"/register/holdings/{GROUP}/H-010/retire/", {"base": base})
    assert part("H-010").status == "disposed"
    stale = client.post(f"/register/holdings/{GROUP}/H-010/remove/", {"base": base}, follow=True)
    assert "changed" in said(stale)
    assert part("H-010")
    base = client.get(f"/register/holdings/{GROUP}/H-010/").context["head"].digest
    client.post(f"/register/holdings/{GROUP}/H-010/remove/", {"base": base})
    assert [one.reg_no for one in list_holding_parts(scope=ALICE)] == ["H-001", "H-002"]
    base = client.get(ROW).context["head"].digest
    kept = client.post(f"{ROW}remove/", {"base": base}, follow=True)
    assert "H-001" in said(kept)
    assert part("H-001")


def test_reviewed_today_moves_the_next_review_a_year_on():
    client = sit("sato", "ja")
    due = client.get("/register/review/")
    assert [row.part.reg_no for row in due.context["rows"]] == ["H-010", "H-002"]
    client.post("/register/reviewed/", {"row": [f"{GROUP}/H-002", f"{GROUP}/H-010"]})
    assert part("H-002").reviewed_on.isoformat() == "2026-11-23"
    after = client.get("/register/review/")
    assert after.context["rows"] == []
    assert TrailEntry.objects.filter(event="holding.applied", actor="sato").count() == 2
    nothing = client.post("/register/reviewed/", {}, follow=True)
    assert "行を選んでください" in said(nothing)


CHANGING = (
    "/register/new/", f"{ROW}edit/", f"{ROW}retire/", f"{ROW}remove/", "/register/reviewed/", "/register/import/",
    "/register/import/take/",
)  # fmt: skip


def test_only_officer_and_secretariat_change_rows():
    for who in ("carol", "bob", "mado", "emi"):
        client = sit(who)
        for path in CHANGING:
            assert client.post(path, {"base": "x", "row": f"{GROUP}/H-001"}).status_code == 403, (who, path)
    assert RegisterRevision.objects.count() == 6


def test_who_only_reads_is_offered_no_button_that_would_be_refused():
    offered = said(sit("alice").get("/register/")) + said(sit("alice").get(ROW))
    assert offered.count("/edit/") == 2
    for who in ("carol", "bob", "mado"):
        text = said(sit(who).get("/register/")) + said(sit(who).get(ROW))
        assert "/edit/" not in text
        assert "/register/new/" not in text
        assert "/remove/" not in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_whole_register_is_one_click_away_and_no_cell_is_a_formula(language: str):
    editor = sit("alice", language)
    sent = form_of(editor.get(f"{ROW}edit/")) | {"storage_place": "=cmd|' /C calc'!A1"}
    editor.post(f"{ROW}edit/", sent)
    client = sit("carol", language)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/register/export.xlsx").content))
    rows = list(book.worksheets[0].iter_rows())
    assert len(rows) == 4
    cell = next(cell for cell in rows[1] if str(cell.value).startswith("=cmd"))
    assert cell.data_type == "s"
    lines = client.get("/register/export.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "\"'=cmd" in lines[1]
    some = client.get("/register/export.csv?store=cabinet").content.decode("utf-8-sig").splitlines()
    assert len(some) == 2

"""Scans on the screen: looked at by the desk only, blacked out for good, compared, and destroyed in time."""

import io
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from daicho.cli.main import run
from daicho.keys.errors import SealDamagedError
from daicho.keys.queries import ring
from daicho.keys.sealed import SealedFile
from daicho.post.actions.destroying import destroy_due_scans, destroy_scan
from daicho.post.actions.scans import look_at_page
from daicho.post.imaging import is_individual_number, look, reason_of
from daicho.post.models import Comparison, Scan, ScanPage
from daicho.post.papers import areas_of, expires_on
from daicho.post.queries import get_scan
from daicho.rights.actions.recording import Money, PaperIntake, record_document, record_fee
from daicho.rights.queries import get_request
from daicho.rights.rules import DocumentKind, MaskedBy, Of
from daicho.rights.scanned import scans_of
from daicho.trail.queries import list_entries
from daicho.words.errors import NotAllowedError
from tests.post.room import SECRET_BOX, WRITTEN_AT, Room, card, pdf, written
from tests.post.test_envelopes_screens import stranger
from tests.rights.planted import rows_of_ours

BOX = dict(zip(("x", "y", "width", "height"), SECRET_BOX, strict=True)) | {"reason": "individual_number"}
MIDDLE = (SECRET_BOX[0] + SECRET_BOX[2] // 2, SECRET_BOX[1] + SECRET_BOX[3] // 2)


def pixels(room: Room, ref: str, page: int = 1, at: datetime | None = None) -> Any:
    seen = look_at_page(ref, page, scope=room.desk.clerk, at=at or room.desk.at, folder=room.desk.files)
    return Image.open(io.BytesIO(seen)).convert("RGB")


def save(browser: Client, ref: str, *boxes: Mapping[str, object], page: int = 1, **more: object) -> Any:
    body = json.dumps({"boxes": boxes, "version": 1, **more})
    return browser.post(f"/post/scans/{ref}/{page}/black-out/", body, content_type="application/json")


# ── blacking out ─────────────────────────────────────────────────────────────────────────────


def test_what_lies_under_a_rectangle_is_gone_from_everywhere(room: Room):
    ref = room.scan(envelope=room.envelope()).ref
    red, _, _ = pixels(room, ref).getpixel(MIDDLE)
    assert red > 200  # it is there
    (old,) = room.sealed
    copied, (old_key,) = old.read_bytes(), ScanPage.objects.values_list("wrapped_key", flat=True)
    old_key = bytes(old_key)
    assert repr(old_key) in repr(rows_of_ours())

    said = save(room.browser("clerk"), ref, BOX)

    assert said.json() == {"next": f"/post/scans/{ref}/"}
    x, y, width, height = SECRET_BOX
    covered = pixels(room, ref).crop((x, y, x + width, y + height))
    assert (
        max(high for _, high in covered.getextrema()) < 40
    )  # black, but for what JPEG makes of the red line beside it
    assert max(pixels(room, ref).getpixel((x - 20, y))) > 240  # and nothing else
    assert not old.exists()
    assert all(copied not in file.read_bytes() for file in room.sealed)
    assert repr(old_key) not in repr(rows_of_ours())
    (page,) = ScanPage.objects.all()
    old.write_bytes(copied)  # from a backup: the page's new key does not open it
    other = SealedFile(path=old, wrapped_key=bytes(page.wrapped_key), bound_to=f"scan:{ref}", size=1)
    with pytest.raises(SealDamagedError):
        other.read(ring=ring())


def test_a_code_that_can_still_be_read_stops_the_saving_until_somebody_says_so(room: Room):
    ref = room.scan(card(code="https://example.jp/1234"), envelope=room.envelope()).ref
    browser = room.browser("clerk")
    found = browser.get(f"/post/scans/{ref}/1/look/").json()["found"]
    assert [one["reason"] for one in found] == ["qr_code"]
    warned = save(browser, ref, BOX)
    assert (warned.status_code, len(warned.json()["left"])) == (409, 1)
    assert pixels(room, ref).getpixel(MIDDLE)[0] > 200  # nothing was saved
    assert "example.jp" not in warned.content.decode()
    assert save(browser, ref, BOX, *found).status_code == 200
    assert browser.get(f"/post/scans/{ref}/1/look/").json()["found"] == []


def test_a_code_may_be_left_on_purpose(room: Room):
    ref = room.scan(card(code="x"), envelope=room.envelope()).ref
    assert save(room.browser("clerk"), ref, BOX, leave=True).status_code == 200
    (entry,) = list_entries(scope=room.desk.clerk, event="scan.blacked_out")
    assert (entry.facts["boxes"], entry.facts["codes_left"]) == (1, 1)


AREAS = ("area_insurer_number", "area_insured_number", "area_qr_code")


@pytest.mark.parametrize("answer", ["absent", "covered"])
def test_while_a_code_can_be_read_on_it_a_paper_is_not_checked_whatever_somebody_answers(room: Room, answer: str):
    ref = room.scan(card(code="https://example.jp/1234"), envelope=room.envelope()).ref
    browser = room.browser("clerk")
    shown = browser.get(f"/post/scans/{ref}/").content.decode()
    assert "読み取れるコード 1 か所" in shown  # it was looked for when the file came
    given = {**dict.fromkeys(AREAS, "covered"), "area_qr_code": answer, "paper": "yes"}
    refused = browser.post(f"/post/scans/{ref}/check/", given, follow=True).content.decode()
    assert "1 ページ目に、読み取れる QR コード" in refused
    assert "example.jp" not in refused
    assert get_scan(ref, scope=room.desk.clerk).waits_for_check
    (found,) = browser.get(f"/post/scans/{ref}/1/look/").json()["found"]
    save(browser, ref, BOX, found)
    assert "読み取れるコード" not in browser.get(f"/post/scans/{ref}/").content.decode()
    browser.post(f"/post/scans/{ref}/check/", {**given, "area_qr_code": "covered"})
    assert not get_scan(ref, scope=room.desk.clerk).waits_for_check


def test_the_check_asks_the_reader_anew_and_trusts_no_count(room: Room):
    ref = room.scan(card(code="x"), envelope=room.envelope()).ref
    ScanPage.objects.update(codes=0)  # as of a page that was stored before codes were counted
    browser = room.browser("clerk")
    given = {**dict.fromkeys(AREAS, "covered"), "paper": "yes"}
    assert "読み取れる QR コード" in browser.post(f"/post/scans/{ref}/check/", given, follow=True).content.decode()
    assert get_scan(ref, scope=room.desk.clerk).waits_for_check


def test_a_code_of_our_own_holds_nothing(room: Room):
    envelope = room.envelope()
    ref = room.scan(card(code=f"DAICHO:{envelope}"), envelope=envelope).ref
    assert [page.codes for page in get_scan(ref, scope=room.desk.clerk).pages] == [0]
    room.browser("clerk").post(f"/post/scans/{ref}/check/", {**dict.fromkeys(AREAS, "covered"), "paper": "yes"})
    assert not get_scan(ref, scope=room.desk.clerk).waits_for_check


def test_a_code_on_an_identity_paper_must_go_whatever_the_paper_is_called(room: Room):
    plain = get_scan(room.scan(envelope=room.envelope(), paper="passport").ref, scope=room.desk.clerk)
    assert "qr_code" not in {area for area, _, _ in plain.asked}
    ref = room.scan(card(code="x"), envelope=room.envelope(), paper="passport").ref
    asked = {area for area, _, _ in get_scan(ref, scope=room.desk.clerk).asked}
    assert asked == {area for area, _, _ in plain.asked} | {"qr_code"}
    assert get_scan(ref, scope=room.desk.clerk).waits_for_check
    browser = room.browser("clerk")
    (found,) = browser.get(f"/post/scans/{ref}/1/look/").json()["found"]
    save(browser, ref, found)
    assert {area for area, _, _ in get_scan(ref, scope=room.desk.clerk).asked} == asked  # it stays a question
    browser.post(f"/post/scans/{ref}/check/", {**{f"area_{area}": "covered" for area in asked}, "paper": "yes"})
    assert not get_scan(ref, scope=room.desk.clerk).waits_for_check


def test_a_page_somebody_else_changed_is_not_painted_over(room: Room):
    ref = room.scan(envelope=room.envelope()).ref
    browser = room.browser("clerk")
    assert save(browser, ref, BOX).status_code == 200
    late = save(browser, ref, BOX)
    assert late.status_code == 400
    assert "変更されました" in late.json()["error"]
    assert len(room.sealed) == 1


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        "all",
        [{"x": 1}],
        [{**BOX, "reason": "because"}],
        [{**BOX, "x": "1; drop"}],
        [{**BOX, "x": 5000}],
        [{**BOX, "width": -3}],
        [{**BOX, "height": 10**9}],
        [{**BOX, "x": None}],
        [{**BOX, "x": True}],
        [BOX] * 61,
    ],
)
def test_what_is_no_rectangle_is_refused(room: Room, boxes: object):
    ref = room.scan(envelope=room.envelope()).ref
    body = json.dumps({"boxes": boxes, "version": 1})
    said = room.browser("clerk").post(f"/post/scans/{ref}/1/black-out/", body, content_type="application/json")
    assert said.status_code == 400
    assert ScanPage.objects.get().version == 1


def test_what_is_no_json_is_refused(room: Room):
    ref = room.scan(envelope=room.envelope()).ref
    said = room.browser("clerk").post(f"/post/scans/{ref}/1/black-out/", "{", content_type="application/json")
    assert said.status_code == 400


# ── who sees a page ──────────────────────────────────────────────────────────────────────────


def test_every_look_is_in_the_trail_and_no_browser_keeps_the_image(room: Room):
    ref = room.scan(envelope=room.envelope()).ref
    seen = room.browser("clerk").get(f"/post/scans/{ref}/1/image/")
    assert (seen["Content-Type"], seen["Cache-Control"]) == ("image/jpeg", "no-store")
    assert seen["X-Content-Type-Options"] == "nosniff"
    (entry,) = list_entries(scope=room.desk.clerk, event="scan.viewed")
    assert (entry.actor, entry.facts) == ("clerk", {"scan": ref, "page": 1})


@pytest.mark.parametrize("code", ["carol", "engineer", "stranger"])
def test_nobody_but_the_desk_sees_or_changes_a_page(room: Room, code: str):
    number = room.envelope()
    ref = room.scan(envelope=number).ref
    if code == "stranger":
        stranger(room)
    browser = room.browser(code)
    assert room.browser("clerk").get(f"/post/scans/{ref}/1/image/").status_code == 200
    for path in ("1/image/", "1/look/", "1/black-out/"):
        assert browser.get(f"/post/scans/{ref}/{path}").status_code in {403, 404}
    save(browser, ref, BOX)
    for what in ("check", "file", "destroy", "destroy_page"):
        browser.post(f"/post/scans/{ref}/{what}/", {"page": "1", "paper": "yes"})
    browser.post("/post/due/destroy/")
    browser.post("/post/scans/new/", {"what": "form:", "envelope": number, "files": _file()})
    assert Scan.objects.count() == 1
    page = ScanPage.objects.get()
    assert page.version == 1
    assert [entry.actor for entry in list_entries(scope=room.desk.clerk, event="scan.viewed")] == ["clerk"]


def test_the_auditor_sees_that_there_is_a_scan_but_no_image(room: Room):
    ref = room.scan(envelope=room.envelope()).ref
    page = room.browser("carol").get(f"/post/scans/{ref}/").content.decode()
    assert "資格確認書" in page
    assert "<img" not in page
    assert "/image/" not in page


@pytest.mark.parametrize(
    "path", ["scans/S-nothing/", "scans/S-nothing/1/image/", "E-2026-9999/", "request/R-2026-9999/"]
)
def test_what_does_not_exist_is_not_found(room: Room, path: str):
    assert room.browser("clerk").get(f"/post/{path}").status_code == 404


# ── the checklist ────────────────────────────────────────────────────────────────────────────


def test_every_part_is_answered_and_the_paper_is_not_forgotten(room: Room):
    ref = room.scan(envelope=room.envelope()).ref
    browser = room.browser("clerk")
    areas = {"area_insurer_number": "covered", "area_insured_number": "covered", "area_qr_code": "absent"}
    assert {f"area_{area}" for area, _, _ in get_scan(ref, scope=room.desk.clerk).asked} == set(areas)
    for given in ({}, {**areas, "paper": ""}, {**areas, "area_qr_code": "maybe", "paper": "yes"}):
        assert "notice error" in browser.post(f"/post/scans/{ref}/check/", given, follow=True).content.decode()
    assert get_scan(ref, scope=room.desk.clerk).waits_for_check
    assert "確認待ち" in browser.get(f"/post/{get_scan(ref, scope=room.desk.clerk).envelope}/").content.decode()
    browser.post(f"/post/scans/{ref}/check/", {**areas, "paper": "yes"})
    scan = get_scan(ref, scope=room.desk.clerk)
    assert (scan.checked_by, scan.paper_blacked, scan.waits_for_check) == ("clerk", True, False)


def test_the_policy_adds_to_what_the_law_asks(room: Room):
    from daicho.policy.queries import policy_in_force
    from tests.rights.desk import ORGANISATION

    day = room.desk.at.date()
    policy = policy_in_force(ORGANISATION, day)
    ask = lambda paper: set(areas_of(DocumentKind.ID_COPY, paper, Of.PERSON, policy, on=day))  # noqa: E731
    assert ask("drivers_licence") == {"permanent_domicile", "individual_number"}
    assert ask("my_number_card") == {"back_side"}
    assert set(areas_of(DocumentKind.AUTHORITY, "resident_record_with_relation", Of.AGENT, policy, on=day)) == {
        "individual_number",
        "permanent_domicile",
    }
    assert areas_of(DocumentKind.FORM, "", Of.PERSON, policy, on=day) == ()


# ── where a scan belongs ─────────────────────────────────────────────────────────────────────


def _file(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("scan", card() if content is None else content)


def test_the_cover_sheet_files_what_is_scanned_under_it(room: Room):
    envelope, request = room.envelope(), room.request()
    browser = room.browser("clerk")
    for number in (envelope, request):
        sheet = browser.get(f"/post/cover/{number}/")
        assert sheet["Content-Type"] == "application/pdf"
        said = browser.post("/post/scans/new/", {"what": "form:", "files": _file(sheet.content)}, follow=True)
        assert number in said.content.decode()
    assert list(Scan.objects.values_list("envelope", "request").order_by("pk")) == [(envelope, ""), ("", request)]


def test_without_a_code_nothing_says_where_it_belongs(room: Room):
    said = room.browser("clerk").post("/post/scans/new/", {"what": "form:", "files": _file()}, follow=True)
    assert "分かりません" in said.content.decode()
    assert Scan.objects.count() == 0
    assert room.sealed == []


def test_a_code_that_names_another_request_is_proposed_and_confirmed(room: Room):
    envelope, request = room.envelope(), room.request()
    stored = room.scan(card(code=f"DAICHO:{request}"), envelope=envelope)
    assert stored.proposed == request
    browser = room.browser("clerk")
    assert request in browser.get(f"/post/scans/{stored.ref}/").content.decode()
    browser.post(f"/post/scans/{stored.ref}/file/", {"request": request})
    scan = get_scan(stored.ref, scope=room.desk.clerk)
    assert (scan.request, scan.proposed) == (request, "")


def test_a_code_of_another_company_is_nothing(room: Room):
    request = room.request()
    stranger(room)
    said = room.browser("stranger").post(
        "/post/scans/new/", {"what": "form:", "files": _file(card(code=f"DAICHO:{request}"))}, follow=True
    )
    assert "分かりません" in said.content.decode()
    assert Scan.objects.count() == 0


def test_an_identity_paper_without_its_sort_is_refused(room: Room):
    said = room.browser("clerk").post(
        "/post/scans/new/", {"what": "id_copy:", "envelope": room.envelope(), "files": _file()}
    )
    assert said.status_code == 200
    assert Scan.objects.count() == 0


# ── the scan as the request's paper ──────────────────────────────────────────────────────────


def test_a_checked_scan_becomes_one_of_its_requests_papers_once(room: Room):
    request = room.request()
    ref = room.scan(request=request).ref
    browser = room.browser("clerk")
    given = {"accepted": "on", "place": "3階"}
    assert (
        "notice error" in browser.post(f"/post/scans/{ref}/record/", given, follow=True).content.decode()
    )  # unchecked
    save(browser, ref, BOX)
    areas = dict.fromkeys(("area_insurer_number", "area_insured_number", "area_qr_code"), "covered")
    browser.post(f"/post/scans/{ref}/check/", {**areas, "paper": "yes"})
    assert (
        "notice error"
        in browser.post(f"/post/scans/{ref}/record/", {**given, "issued_on": "someday"}, follow=True).content.decode()
    )
    browser.post(f"/post/scans/{ref}/record/", given)
    (paper,) = get_request(request, scope=room.desk.clerk, on=room.desk.at.date()).documents
    assert (paper["paper"], paper["masked"], paper["place"]) == ("eligibility_certificate", "receiver", "3階")
    assert get_scan(ref, scope=room.desk.clerk).document == paper["ref"]
    assert "notice error" in browser.post(f"/post/scans/{ref}/record/", given, follow=True).content.decode()
    assert len(get_request(request, scope=room.desk.clerk, on=room.desk.at.date()).documents) == 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_case_says_which_scan_holds_the_verification_and_offers_to_record_it(room: Room, language: str):
    """A paper recorded by hand does not get round the check of its scan."""
    desk, request = room.desk, room.request()
    record_fee(request, Money(face_value=500), scope=desk.clerk, at=desk.at)
    for paper in (
        PaperIntake(kind=DocumentKind.FORM),
        PaperIntake(kind=DocumentKind.ID_COPY, paper="drivers_licence", masked=MaskedBy.SENDER),
    ):
        record_document(request, paper, scope=desk.clerk, at=desk.at)
    ref = room.scan(request=request).ref
    browser = room.browser("clerk", language=language)
    there = f"/requests/{request}/papers/"
    waits, record = {"ja": ("確かめるまで本人確認済にできません", "書類として記録する"),
                     "en": ("Until then the identity cannot be verified", "Record as a paper")}[language]  # fmt: skip
    page = browser.get(there).content.decode()
    assert waits in page
    assert f'href="/post/scans/{ref}/"' in page
    assert f"/post/scans/{ref}/#record" not in page
    ticks = {f"identity-{code}": "on" for code in ("name", "address", "valid", "masked")}
    refused = browser.post(f"/requests/{request}/check/", {"identity": "1", **ticks}, follow=True).content.decode()
    assert "notice error" in refused
    assert get_request(request, scope=desk.clerk, on=desk.at.date()).verified_by == ""

    browser.post(f"/post/scans/{ref}/check/", {**dict.fromkeys(AREAS, "absent")})
    page = browser.get(there).content.decode()
    assert waits not in page
    assert f'href="/post/scans/{ref}/#record"' in page
    assert record in page
    browser.post(f"/post/scans/{ref}/record/", {"accepted": "on"})
    assert f"/post/scans/{ref}/#record" not in browser.get(there).content.decode()
    browser.post(f"/requests/{request}/check/", {"identity": "1", **ticks})
    assert get_request(request, scope=desk.clerk, on=desk.at.date()).verified_by == "clerk"


def test_a_destroyed_scan_holds_nothing(room: Room):
    request = room.request()
    ref = room.scan(request=request).ref
    assert [scan.waits for scan in scans_of(request)] == [True]
    destroy_scan(ref, scope=room.desk.clerk, at=room.desk.at, folder=room.desk.files)
    assert scans_of(request) == []


def test_a_scan_checked_again_tells_its_paper_who_blacked_it_out(room: Room):
    request = room.request()
    ref = room.scan(request=request).ref
    browser = room.browser("clerk")
    browser.post(f"/post/scans/{ref}/check/", dict.fromkeys(AREAS, "absent"))
    browser.post(f"/post/scans/{ref}/record/", {"accepted": "on"})
    masked = lambda: get_request(request, scope=room.desk.clerk, on=room.desk.at.date()).documents[0]["masked"]  # noqa: E731
    assert masked() == "not_needed"
    save(browser, ref, BOX)
    browser.post(f"/post/scans/{ref}/check/", {**dict.fromkeys(AREAS, "covered"), "paper": "yes"})
    assert masked() == "receiver"
    (entry,) = list_entries(scope=room.desk.clerk, event="document.looked_at")
    assert entry.facts["masked"] == "receiver"


# ── side by side ─────────────────────────────────────────────────────────────────────────────


def test_a_power_of_attorney_beside_the_seal_certificate(room: Room):
    request = room.request()
    pair = [
        room.scan(request=request, kind=DocumentKind.AUTHORITY, paper=paper).ref
        for paper in ("power_of_attorney", "seal_certificate")
    ]
    browser = room.browser("clerk")
    query = "&".join(f"scan={ref}" for ref in pair)
    page = browser.get(f"/post/compare/?{query}").content.decode()
    for name in ("check_seal", "check_name", "check_address", "check_scope", "check_receive"):
        assert name in page
    half = {"scan": pair, "check_seal": "agrees"}
    assert "notice error" in browser.post("/post/compare/", half, follow=True).content.decode()
    assert Comparison.objects.count() == 0
    whole = {
        **half,
        **dict.fromkeys(("check_name", "check_address", "check_scope"), "agrees"),
        "check_receive": "unclear",
    }
    shown = browser.post("/post/compare/", whole, follow=True).content.decode()
    assert "読み取れない" in shown
    (entry,) = list_entries(scope=room.desk.clerk, event="scans.compared")
    assert entry.facts["differs"] == 1


@pytest.mark.parametrize("count", [0, 1])
def test_two_scans_are_needed(room: Room, count: int):
    ref = room.scan(request=room.request()).ref
    assert room.browser("clerk").get("/post/compare/", {"scan": [ref] * count}).status_code == 400


def test_scans_of_different_requests_are_not_compared(room: Room):
    one, other = (room.scan(request=room.request()).ref for _ in range(2))
    given = {"scan": [one, other], "check_name": "agrees", "check_address": "agrees"}
    room.browser("clerk").post("/post/compare/", given)
    assert Comparison.objects.count() == 0


# ── the end ──────────────────────────────────────────────────────────────────────────────────


def test_scans_end_after_the_policys_days_and_only_the_fact_stays(room: Room, monkeypatch):
    kept = room.scan(envelope=room.envelope(), kind=DocumentKind.FORM, paper="").ref
    ended = room.scan(card(), envelope=room.envelope()).ref
    due = get_scan(ended, scope=room.desk.clerk).expires_on
    assert due == room.desk.at.date() + timedelta(days=30)
    assert pixels(room, ended).getpixel(MIDDLE)[0] > 200  # it is there
    names = set(room.sealed)

    day_before, on_the_day = (room.desk.at + timedelta(days=days) for days in (29, 30))
    assert destroy_due_scans(scope=room.desk.clerk, at=day_before, folder=room.desk.files).scans == 0
    monkeypatch.setenv("DAICHO_AT", on_the_day.isoformat())
    browser = room.browser("clerk")
    assert "資格確認書" in browser.get("/post/due/").content.decode()
    browser.post("/post/due/destroy/")

    assert len(names - set(room.sealed)) == 1
    assert ScanPage.objects.filter(scan__ref=ended).count() == 0
    with pytest.raises(NotAllowedError):
        pixels(room, ended, at=on_the_day)
    scan = get_scan(ended, scope=room.desk.clerk)
    assert (scan.destroyed_by, scan.pages) == ("clerk", [])
    assert "消去されています" in browser.get(f"/post/scans/{ended}/").content.decode()
    assert "is destroyed" in room.browser("clerk", language="en").get(f"/post/scans/{ended}/").content.decode()
    assert "期限の過ぎた写しはありません" in browser.get("/post/due/").content.decode()
    assert pixels(room, kept, at=on_the_day).getpixel(MIDDLE)[0] > 200  # the other is not touched


def test_the_command_does_the_same(room: Room, monkeypatch):
    room.scan(envelope=room.envelope())
    monkeypatch.setenv("DAICHO_AT", (room.desk.at + timedelta(days=31)).isoformat())
    out = io.StringIO()
    assert run(["post", "destroy-due", "--as", "clerk", "--format", "json"], out=out) == 0
    assert json.loads(out.getvalue())["scans"] == 1
    assert room.sealed == []
    listed = io.StringIO()
    assert run(["post", "list", "--as", "clerk", "--format", "json"], out=listed) == 0
    assert [one["state"] for one in json.loads(listed.getvalue())] == ["waiting"]
    assert run(["post", "destroy-due", "--as", "carol"], out=io.StringIO(), err=io.StringIO()) == 3


def test_files_without_a_row_are_swept_but_not_those_of_a_moment_ago(room: Room):
    import os

    room.scan(envelope=room.envelope())
    folder = room.desk.files / "scans"
    lost, fresh = folder / "lost.sealed", folder / "fresh.sealed"
    for file in (lost, fresh):
        file.write_bytes(b"x")
    hours_ago = (room.desk.at - timedelta(hours=2)).timestamp()
    os.utime(lost, (hours_ago, hours_ago))
    now = room.desk.at.timestamp()
    for file in folder.glob("*"):
        if file != lost:
            os.utime(file, (now, now))
    assert destroy_due_scans(scope=room.desk.clerk, at=room.desk.at, folder=room.desk.files).leftovers == 1
    assert not lost.exists()
    assert fresh.exists()
    assert len(room.sealed) == 2


def test_one_page_or_the_whole_scan_is_destroyed_by_hand(room: Room):
    ref = room.scan(pdf(2), envelope=room.envelope(), paper="my_number_card").ref
    browser = room.browser("clerk")
    browser.post(f"/post/scans/{ref}/destroy_page/", {"page": "2"})
    assert [page.position for page in get_scan(ref, scope=room.desk.clerk).pages] == [1]
    assert len(room.sealed) == 1
    for page in ("2", "x", "", "99999"):
        assert (
            "notice error"
            in browser.post(f"/post/scans/{ref}/destroy_page/", {"page": page}, follow=True).content.decode()
        )
    browser.post(f"/post/scans/{ref}/destroy/")
    assert room.sealed == []
    assert browser.get(f"/post/scans/{ref}/1/image/").status_code == 403


def test_scans_of_forms_are_kept_a_year(room: Room):
    day = room.desk.at.date()
    assert expires_on(DocumentKind.FORM, None, on=day) == day + timedelta(days=365)
    assert expires_on(DocumentKind.AUTHORITY, None, on=day) == day + timedelta(days=30)


# ── what is recognised ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("個人番号 1234 5678 9018", "individual_number"),
        ("個人番号 1234 5678 9012", ""),  # the check digit is wrong
        ("第 123456789012 号", ""),
        ("本籍 愛知県名古屋市", "permanent_domicile"),
        ("保険者番号 230011", "insurance_numbers"),
        ("記号 12 番号 345", "insurance_numbers"),
        ("電話番号 052-000-0000", ""),
    ],
)
def test_what_is_written_is_pointed_at(text: str, reason: str):
    assert reason_of(text) == reason


def test_check_digit():
    assert is_individual_number("123456789018")
    assert not is_individual_number("12345678901")


def test_without_text_recognition_only_codes_are_looked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert look(written("1234 5678 9018")) == ({"found": [], "read_text": False}, [])


def test_the_page_knows_the_words_for_what_was_not_looked_for(room: Room):
    ref = room.scan(written("1234 5678 9018"), envelope=room.envelope()).ref
    page = room.browser("clerk", language="en").get(f"/post/scans/{ref}/1/black-out/").content.decode()
    assert "no text recognition is installed" in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("1234 5678 9018", {"individual_number"}),
        ("1234 5678 9012", set()),
        ("本籍 愛知県名古屋市", {"permanent_domicile"}),
    ],
)
def test_with_text_recognition_what_is_written_is_found_where_it_stands(room: Room, text: str, reasons: set[str]):
    ref = room.scan(written(text), envelope=room.envelope()).ref
    found = room.browser("clerk").get(f"/post/scans/{ref}/1/look/").json()
    assert found["read_text"] is True
    assert {one["reason"] for one in found["found"]} == reasons
    x, y = WRITTEN_AT
    for one in found["found"]:
        assert one["x"] <= x + 20 < one["x"] + one["width"]
        assert one["y"] <= y + 30 < one["y"] + one["height"]


def test_the_case_leads_to_its_post_for_whoever_may_open_it(room: Room):
    request = room.request()
    for code, shown in (("clerk", True), ("carol", True), ("engineer", False)):
        page = room.browser(code).get(f"/requests/{request}/").content.decode()
        assert (f"/post/request/{request}/" in page) is shown, code

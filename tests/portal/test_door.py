"""What the web door refuses, and what it never tells."""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from daicho.portal.actions.tidying import tidy
from daicho.portal.models import Draft, DraftPaper, OfferedFile, Pass
from daicho.portal.rules import CODE_TRIES, MAX_MAILS, MAX_WRONG, RATES
from daicho.post.models import Scan, ScanPage
from daicho.post.queries import list_unchecked_scans
from daicho.rights.models import SubjectRequest
from daicho.trail.models import TrailEntry
from daicho.work.models import OutgoingMail
from tests.portal.test_journeys import answered
from tests.portal.web import FORM, Stranger, signed_in
from tests.rights.desk import AT, ORGANISATION, Desk
from tests.rights.planted import plain, rows_of_ours

Make = Callable[..., Stranger]
CANARIES = [
    "金糸雀",
    "歌鳴子",
    "canary.utanako",
    "小鳥町七丁目",
    "09077771234",
    "090-7777-1234",
    "籠の中で毎朝さえずる",
]


def submitted(one: Stranger, **more: str) -> str:
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic", **more})
    one.show_paper("id_copy:person:drivers_licence")
    number = one.submit()
    one.mails()
    return number


def offered(one: Stranger, web: Desk) -> tuple[str, str]:
    """(number, link to the answer)."""
    number = submitted(one)
    answered(web, number)
    signed_in("boss").post(f"/offers/{number}/offer/")
    one.mails()
    return number, one.box.link()


# ── the policy decides ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["ja", "en"])
def test_without_a_published_web_door_there_is_the_way_by_post(workspace: Path, db, settings, monkeypatch, language):
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())
    settings.WORKSPACE = replace(settings.WORKSPACE, organisation=ORGANISATION)
    plain(workspace)
    browser = Client()
    browser.cookies["daicho_language"] = language
    page = browser.get("/request/").content.decode()
    assert "450-6427" in page
    assert 'name="mailbox"' not in page
    form = browser.get("/request/blank/")
    assert form["Content-Type"] == "application/pdf"
    assert form.content.startswith(b"%PDF-")
    begun = browser.post("/request/", {"organisation": ORGANISATION, "requester": "principal", "kinds": ["disclosure"], "mailbox": "a@example.com"})  # fmt: skip
    assert begun.status_code == 200
    assert not Draft.objects.exists()
    assert browser.post("/request/find/", {"mailbox": "a@example.com"}).status_code == 403
    assert browser.get("/request/form/").status_code == 403


def test_published_without_a_mail_server_it_stays_closed_and_the_officer_is_told(web: Desk, settings, stranger: Make):
    one = stranger()
    settings.WORKSPACE = replace(settings.WORKSPACE, mail_server="")
    assert 'name="mailbox"' not in one.get("/request/").content.decode()
    assert "窓口は閉じています" in signed_in("boss").get("/mail/").content.decode()


def test_kinds_and_answers_that_are_not_published_are_refused(stranger: Make):
    one = stranger()
    assert one.start("erase_everything").status_code == 400
    assert one.start("disclosure", requester="heir").status_code == 400
    assert one.start("disclosure", organisation="other").status_code == 400
    assert one.start("disclosure", mailbox="a@example.com\nBcc: b@example.com").status_code == 400
    assert not Draft.objects.exists()
    one.begin("disclosure")
    assert one.post("/request/form/", {**FORM, "reply_method": "inspection"}).status_code == 400


# ── links ────────────────────────────────────────────────────────────────────────────────────


def test_a_scanner_that_opens_every_link_uses_up_nothing(stranger: Make, web: Desk):
    one = stranger()
    one.start("disclosure")
    one.mails()
    link, scanner = one.box.link(), Client()
    for _ in range(4):
        assert scanner.get(link).status_code == 200
        assert scanner.head(link).status_code == 200
    assert Pass.objects.get().used_at is None
    assert scanner.get("/request/form/").status_code == 403
    assert one.post(link)["Location"] == "/request/form/"
    second = Client().post(link)
    assert second.status_code == 403  # once only
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    one.submit()
    one.mails()
    status, before = one.box.link(), OutgoingMail.objects.count()
    for _ in range(4):
        assert scanner.get(status).status_code == 200
    assert OutgoingMail.objects.count() == before
    assert scanner.get("/request/status/").status_code == 403


def test_a_used_link_mails_a_new_one_to_the_same_mailbox_and_the_draft_is_there(stranger: Make):
    one = stranger()
    one.begin("disclosure")
    link = one.box.link()
    assert one.post("/request/form/", {"person_name": "高橋 花子", "later": "1"}).status_code == 200
    other = stranger()
    assert "again" in other.get(link).content.decode()
    assert other.post(link, {"again": "1"})["Location"] == "/request/sent/"
    assert other.mails() == 1
    assert other.box.envelopes[-1][1] == ["hanako@example.com"]
    assert other.post(other.box.link())["Location"] == "/request/form/"
    assert "高橋 花子" in other.get("/request/form/").content.decode()


def test_links_and_drafts_expire_and_leave_nothing(stranger: Make, web: Desk):
    one = stranger()
    one.start("disclosure")
    one.mails()
    link = one.box.link()
    one.wait(hours=25)
    assert one.get(link).status_code == 403
    assert one.post(link).status_code == 403
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    one.show_paper("id_copy:person:drivers_licence")
    (name,) = ScanPage.objects.values_list("name", flat=True)
    file = web.files / "scans" / name
    assert file.exists()
    one.wait(days=15)
    assert one.get("/request/form/").status_code == 403
    tidy(at=one.at, folder=web.files)
    assert not file.exists()
    assert not ScanPage.objects.exists()
    assert not DraftPaper.objects.exists()
    assert {(draft.state, bytes(draft.sealed), bytes(draft.mailbox)) for draft in Draft.objects.all()} == {
        ("erased", b"", b"")
    }
    assert not Pass.objects.filter(ended_at=None).exists()
    assert {(bytes(row.mailbox), row.mailbox_digest) for row in Pass.objects.all()} == {(b"", "")}
    count = TrailEntry.objects.count()
    tidy(at=one.at, folder=web.files)
    assert TrailEntry.objects.count() == count


def test_known_and_unknown_mailboxes_are_answered_alike(stranger: Make):
    one = stranger()
    submitted(one)
    one.wait(hours=2)
    known = one.post("/request/find/", {"mailbox": "Hanako@Example.com"})
    assert one.mails() == 1
    unknown = one.post("/request/find/", {"mailbox": "nobody@example.com"})
    assert one.mails() == 0
    assert (
        (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"]) == (302, "/request/sent/")
    )
    page = one.browser.get("/request/sent/").content
    assert b"hanako" not in page.lower()


def test_a_mailbox_is_not_flooded_and_an_address_is_counted(stranger: Make):
    one = stranger()
    for _ in range(MAX_MAILS + 2):
        assert one.start("disclosure")["Location"] == "/request/sent/"  # the same to the eye
    assert one.mails() == MAX_MAILS
    for _ in range(RATES["start"] - MAX_MAILS - 2):
        assert one.start("disclosure", mailbox="other@example.com").status_code == 302
    assert one.start("disclosure", mailbox="third@example.com").status_code == 429


# ── codes ────────────────────────────────────────────────────────────────────────────────────


def wrong_code(one: Stranger) -> str:
    return f"{(int(one.box.code()) + 1) % 10**6:06d}"


def test_wrong_codes_lock_the_link_and_the_right_one_then_does_not_open(stranger: Make, web: Desk):
    one = stranger()
    submitted(one)
    link = one.box.link()
    one.post(link)
    one.mails()
    right = one.box.code()
    for _ in range(CODE_TRIES - 1):
        assert one.post("/request/code/", {"code": wrong_code(one)}).status_code == 400
    assert one.post("/request/code/", {"code": wrong_code(one)}).status_code == 403
    assert one.post("/request/code/", {"code": right}).status_code == 403
    assert one.post(link).status_code == 403
    assert one.get("/request/status/").status_code == 403
    assert TrailEntry.objects.filter(event="web.code_refused").count() == CODE_TRIES
    one.wait(hours=1, minutes=1)
    assert one.enter(link).status_code == 200


def test_a_link_dies_of_too_many_wrong_codes(stranger: Make, web: Desk):
    one = stranger()
    submitted(one)
    link, tried = one.box.link(), 0
    while tried < MAX_WRONG:
        one.wait(hours=2)
        one.post(link)
        one.mails()
        for _ in range(CODE_TRIES):
            one.post("/request/code/", {"code": wrong_code(one)})
            tried += 1
    one.wait(hours=2)
    assert one.get(link).status_code == 403
    assert Pass.objects.get(kind="status").ended_at is not None


@pytest.mark.parametrize("typed", ["", "abc", "１２３４５６", "12345", "0" * 500, "１", "' OR 1=1"])
def test_what_is_no_code_is_a_wrong_code(stranger: Make, web: Desk, typed: str):
    one = stranger()
    submitted(one)
    one.post(one.box.link())
    one.mails()
    assert one.post("/request/code/", {"code": typed}).status_code == 400


def test_a_code_is_good_for_fifteen_minutes_once_and_for_its_own_link(stranger: Make, web: Desk):
    one = stranger()
    submitted(one)
    link = one.box.link()
    one.post(link)
    one.mails()
    old = one.box.code()
    one.wait(minutes=16)
    assert one.post("/request/code/", {"code": old}).status_code == 400
    assert one.enter(link).status_code == 200
    spent = one.box.code()
    other = stranger(mailbox="other@example.com")
    other.set_clock(one.at)
    other.at = one.at
    assert other.post(link)["Location"] == "/request/code/"  # within the pause no second mail
    assert other.post("/request/code/", {"code": spent}).status_code == 400
    one.wait(minutes=31)
    assert one.get("/request/status/").status_code == 403  # the visit is over


def test_codes_and_tokens_are_kept_as_digests_only(stranger: Make, web: Desk):
    one = stranger()
    submitted(one)
    link = one.box.link()
    one.post(link)
    one.mails()
    token, code = link.rstrip("/").rpartition("/")[2], one.box.code()
    assert len(token) >= 32
    kept = repr([row for _, rows in rows_of_ours().values() for row in rows])
    assert token not in kept
    assert not re.search(rf"(?<!\d){code}(?!\d)", kept)


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def test_an_answer_needs_its_own_code_and_ends_with_its_day(stranger: Make, web: Desk):
    one = stranger()
    number, link = offered(one, web)
    refs = list(OfferedFile.objects.values_list("ref", flat=True))
    thief = stranger(mailbox="thief@example.com")
    for ref in refs:
        assert thief.get(f"/request/files/{ref}/").status_code == 403
    assert thief.get("/request/files/").status_code == 403
    assert one.enter(link).status_code == 200
    assert one.get(f"/request/files/{refs[0]}/").status_code == 200
    assert one.get("/request/files/F-0000/").status_code == 404
    names = [row.name for row in OfferedFile.objects.all()]
    assert all((web.files / "answers" / name).exists() for name in names)
    one.wait(days=31)
    assert one.get(link).status_code == 403
    tidy(at=one.at, folder=web.files)
    assert not any((web.files / "answers" / name).exists() for name in names)
    assert all(bytes(row.wrapped_key) == b"" for row in OfferedFile.objects.all())
    assert TrailEntry.objects.filter(event="answer.offer_ended", about=number).count() == 1


def test_the_desk_ends_an_offer_and_a_second_replaces_the_first(stranger: Make, web: Desk):
    one = stranger()
    number, first = offered(one, web)
    officer = signed_in("boss")
    officer.post(f"/offers/{number}/offer/", {"days": "7"})
    one.mails()
    assert one.get(first).status_code == 403
    second = one.box.link()
    assert one.get(second).status_code == 200
    officer.post(f"/offers/{number}/end/")
    assert one.get(second).status_code == 403
    assert not list((web.files / "answers").glob("*.sealed"))


def test_what_the_desk_may_not_offer(stranger: Make, web: Desk):
    one = stranger()
    number = submitted(one)
    officer = signed_in("boss")
    early = officer.post(f"/offers/{number}/offer/", follow=True).content.decode()
    assert "まだ回答を発行していません" in early
    for days in ("0", "91", "-1", "abc", "99999"):
        officer.post(f"/offers/{number}/offer/", {"days": days}, follow=True)
    assert not OfferedFile.objects.exists()
    assert signed_in("carol").get(f"/offers/{number}/").status_code == 200
    assert signed_in("carol").post(f"/offers/{number}/offer/").status_code == 403
    assert signed_in("engineer").get(f"/offers/{number}/").status_code == 403
    assert officer.get("/offers/R-2026-9999/").status_code == 404
    SubjectRequest.objects.filter(number=number).update(organisation="other-company")
    assert officer.get(f"/offers/{number}/").status_code == 404
    assert "ありません" in officer.post(f"/offers/{number}/offer/", follow=True).content.decode()


# ── uploads ──────────────────────────────────────────────────────────────────────────────────


def bomb() -> bytes:
    out = BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


HOSTILE = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "html": b"<html><script>1</script>",
    "exe": b"MZ\x90\x00",
    "empty": b"",
    "cut": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "polyglot": b"\xff\xd8\xff\xe0<script>alert(1)</script>",
    "zip": b"PK\x03\x04" + b"\0" * 40,
}


@pytest.mark.parametrize("kind", [*HOSTILE, "bomb"])
def test_hostile_files_are_refused_and_nothing_of_them_is_kept(stranger: Make, web: Desk, kind: str):
    one = stranger()
    one.begin("disclosure")
    refused = one.show_paper("id_copy:person:drivers_licence", bomb() if kind == "bomb" else HOSTILE[kind])
    assert refused.status_code == 400
    assert 'role="alert"' in refused.content.decode()
    assert not Scan.objects.exists()
    assert not list(web.folder.rglob("scans/*"))


def test_papers_are_of_the_list_and_dated_and_can_be_taken_back(stranger: Make, web: Desk):
    one = stranger()
    one.begin("disclosure")
    assert one.show_paper("id_copy:person:secret_paper").status_code == 400
    assert one.show_paper("authority:agent:power_of_attorney").status_code == 400
    assert one.show_paper("id_copy:person:drivers_licence", issued_on="2027-01-01").status_code == 400
    assert one.show_paper("id_copy:person:drivers_licence", issued_on="soon").status_code == 400
    assert one.post("/request/papers/", {"paper": "id_copy:person:drivers_licence"}).status_code == 400
    assert one.show_paper("id_copy:person:drivers_licence").status_code == 302
    (file,) = [web.files / "scans" / page.name for page in ScanPage.objects.all()]
    assert list_unchecked_scans(scope=web.clerk) == []  # not the desk's before it is submitted
    other = stranger(mailbox="other@example.com")
    other.begin("disclosure")
    ref = DraftPaper.objects.get().ref
    other.post("/request/papers/remove/", {"ref": ref})
    assert DraftPaper.objects.count() == 1  # not the other's
    one.post("/request/papers/remove/", {"ref": ref})
    assert not file.exists()
    assert not DraftPaper.objects.exists()


# ── what is never written ────────────────────────────────────────────────────────────────────


def test_no_value_stands_in_an_address_a_log_the_trail_or_the_outbox(
    stranger: Make, web: Desk, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    one = stranger(mailbox="canary.utanako@example.com")
    seen: list[str] = []
    send = one.browser.request

    def watched(**request: Any) -> Any:
        seen.append(f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}")
        return send(**request)

    one.browser.request = watched  # type: ignore[method-assign]
    one.begin("disclosure", "correction")
    said = {
        **FORM,
        "person_name": "金糸雀 歌鳴子",
        "person_address": "鳥取県鳥取市小鳥町七丁目77番7号",
        "person_phone": "090-7777-1234",
        "disclosure_wish": "籠の中で毎朝さえずる",
        "reply_method": "electronic",
    }
    assert one.post("/request/form/", said).status_code == 400
    said |= {"correction_item_1": "address", "correction_value_1": "籠の中で毎朝さえずる"}
    assert one.post("/request/form/", said).status_code == 302
    one.show_paper("id_copy:person:drivers_licence")
    assert "金糸雀" in one.get("/request/submit/").content.decode()  # it is there to be seen
    number = one.submit()
    left = repr([row for _, rows in rows_of_ours().values() for row in rows])
    one.mails()
    one.enter(one.box.link())
    one.post("/request/status/withdraw/")
    page = signed_in("boss").get("/mail/").content.decode()
    assert "c•••@e•••.com" in page
    trail = json.dumps(list(TrailEntry.objects.values_list("facts", "about", "actor")), ensure_ascii=False)
    assert number in trail
    rows = repr([row for _, rows in rows_of_ours().values() for row in rows])
    logged = " ".join(one.getMessage() for one in caplog.records if one.name != "mail.log")  # that is the mail server's
    headers = repr([mail.items() for mail in one.box.mails if mail["To"] != one.mailbox])
    for canary in CANARIES:
        for where, text in {
            "addresses": " ".join(seen), "log": logged, "trail": trail, "rows": rows, "rows before": left,
            "outbox page": page, "headers": headers,
        }.items():  # fmt: skip
            assert canary not in text, (canary, where)
            assert canary.encode().hex() not in text, (canary, where)


def test_the_outbox_is_for_officers_and_secretariat(stranger: Make, web: Desk):
    one = stranger()
    one.box.refuse.add("hanako@example.com")
    one.start("disclosure")
    one.mails()
    ref = OutgoingMail.objects.get().ref
    assert signed_in("clerk").get("/mail/").status_code == 403
    auditor = signed_in("carol")
    assert ref not in auditor.get("/mail/").content.decode()
    assert auditor.post(f"/mail/{ref}/retry/").status_code == 403
    page = signed_in("boss").get("/mail/?state=dead").content.decode()
    assert f"/mail/{ref}/retry/" in page
    one.box.refuse.clear()
    signed_in("boss").post(f"/mail/{ref}/retry/")
    assert one.mails() == 1
    OutgoingMail.objects.update(organisation="other-company")
    assert "h•••" not in signed_in("boss").get("/mail/").content.decode()


def test_every_route_of_the_door_is_public_and_needs_no_account(web: Desk, stranger: Make):
    one = stranger()
    for name in ("door", "sent", "blank", "find", "form", "papers", "submit", "done", "code", "status", "files"):
        response = one.get(reverse(f"portal:{name}"))
        assert response.status_code in {200, 302, 403}, name
        assert "account" not in response.headers.get("Location", ""), name
        assert response["Cache-Control"].startswith("no-store")
        assert response["X-Robots-Tag"] == "noindex"


def test_a_foreign_form_is_refused(web: Desk, stranger: Make):
    one = stranger()
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/request/", {"mailbox": "a@example.com"}).status_code == 403
    assert one.at - AT == timedelta(0)


def test_the_command_sends_what_waits(stranger: Make, web: Desk):
    from io import StringIO

    from daicho.cli.main import run

    one = stranger()
    one.start("disclosure")
    out = StringIO()
    assert run(["mail", "send", "--format", "json"], out=out) == 0
    assert json.loads(out.getvalue()) == {"sent": 1, "waiting": 0, "dead": 0}
    assert one.box.envelopes == [("daicho@example.jp", ["hanako@example.com"])]
    one.box.refuse.add("hanako@example.com")
    one.start("disclosure")
    assert run(["mail", "send"], out=StringIO()) == 1

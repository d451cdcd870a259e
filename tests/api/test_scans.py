"""Scans over the API: taken by their content, looked at with a trace, blacked out for good, destroyed."""

import base64
import io

import pytest
from PIL import Image

from daicho.api import gate
from daicho.api.models import KeptAnswer
from daicho.api.scopes import TokenScope
from daicho.post.models import Scan, ScanPage
from daicho.trail.queries import list_entries
from tests.api.calling import Answer, Caller
from tests.api.test_operations import content, intake
from tests.post.room import SECRET_BOX, card, pdf
from tests.post.test_hostile_uploads import HOSTILE
from tests.rights.desk import ORGANISATION, Desk

BOX = dict(zip(("x", "y", "width", "height"), SECRET_BOX, strict=True)) | {"reason": "individual_number"}
KIND = {"kind": "id_copy", "paper": "eligibility_certificate"}


def envelope(clerk: Caller) -> str:
    said = {"organisation": ORGANISATION, "post_room": "本社", "arrived_on": "2026-11-24", "opened_by": "山田"}
    return str(clerk.post("/envelopes", said).said["ref"])


def uploaded(clerk: Caller, sent: bytes | None = None, **more: str) -> str:
    fields = KIND | ({} if more else {"envelope": envelope(clerk)}) | more
    made = clerk.upload("/scans", card() if sent is None else sent, **fields)
    assert made.status == 201, made.raw
    return str(made.said["ref"])


def pixel(answer: Answer) -> tuple[int, int, int]:
    x, y, width, height = SECRET_BOX
    image = Image.open(io.BytesIO(content(answer))).convert("RGB")
    found = image.getpixel((x + width // 2, y + height // 2))
    assert isinstance(found, tuple)
    return int(found[0]), int(found[1]), int(found[2])


def test_a_scan_from_the_upload_to_the_paper_of_a_request(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number = clerk.post("/requests", intake()).said["number"]
    ref = uploaded(clerk, request=number)
    seen = clerk.get(f"/scans/{ref}").said
    assert (seen["request"], seen["waits_for_check"], seen["pages"][0]["version"]) == (number, True, 1)
    assert [one["ref"] for one in clerk.get("/scans/waiting").said] == [ref]
    assert [one["ref"] for one in clerk.get("/scans", request=number).said] == [ref]
    assert pixel(clerk.get(f"/scans/{ref}/pages/1/image"))[0] > 200  # what must go is there
    found = clerk.get(f"/scans/{ref}/pages/1/findings")
    assert (found.status, found.said["found"]) == (200, [])
    painted = clerk.post(f"/scans/{ref}/pages/1/black-out", {"boxes": [BOX], "version": 1})
    assert (painted.status, painted.said) == (200, {"saved": True, "version": 2, "left": []})
    assert max(pixel(clerk.get(f"/scans/{ref}/pages/1/image"))) < 40
    late = clerk.post(f"/scans/{ref}/pages/1/black-out", {"boxes": [BOX], "version": 1})
    assert (late.status, late.code) == (409, "judgement")
    early = clerk.post(f"/scans/{ref}/document", {"accepted": True})
    assert early.status == 403  # not checked yet
    areas = {one["area"]: "covered" for one in seen["areas"]}
    assert clerk.post(f"/scans/{ref}/check", {"areas": areas}).code == "input"  # the paper copy is forgotten
    assert clerk.post(f"/scans/{ref}/check", {"areas": areas, "paper": True}).said["state"] == "checked"
    paper = clerk.post(f"/scans/{ref}/document", {"accepted": True, "place": "棚3"})
    assert paper.status == 201, paper.raw
    (document,) = clerk.get(f"/requests/{number}").said["documents"]
    assert (document["ref"], document["masked"]) == (paper.said["ref"], "receiver")
    looks = [one.facts for one in list_entries(scope=desk.officer, event="scan.viewed")]
    assert looks == [{"scan": ref, "page": 1}] * 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_nothing_is_kept(desk: Desk, calling, name: str):
    sent, why = HOSTILE[name]
    clerk = calling(desk.clerk)
    answer = clerk.upload("/scans", sent, name="../../etc/山田花子.svg", kind="form", envelope=envelope(clerk))
    assert (answer.status, answer.code) == (400, "upload-refused"), why
    assert "山田" not in answer.raw.decode()
    assert Scan.objects.count() == ScanPage.objects.count() == 0
    assert list((desk.files / "scans").glob("*")) == []


def test_what_is_more_than_a_file_is_not_read(desk: Desk, calling, monkeypatch):
    clerk = calling(desk.clerk)
    monkeypatch.setattr(gate, "MAX_UPLOAD", 1000)
    large = clerk.upload("/scans", bytes(2000), kind="form", envelope="E-2026-0001")
    assert (large.status, large.code) == (413, "body")
    assert clerk.post("/scans", {"kind": "form"}).status == 415
    broken = clerk.post("/scans", raw=b"--x\r\nnonsense", **{"Content-Type": "multipart/form-data; boundary=y"})
    assert (broken.status, broken.code) == (400, "document")
    nowhere = clerk.post("/scans", raw=b"x", **{"Content-Type": "multipart/form-data"})
    assert (nowhere.status, nowhere.code) == (400, "body")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({}, 400, "document"),
        ({"kind": "passport"}, 400, "document"),
        ({"kind": "form", "envelope": "E/../x"}, 400, "document"),
        ({"kind": "form", "colour": "red"}, 400, "body"),
        ({"kind": "form", "paper": "a\x00b"}, 400, "body"),
        ({"kind": "form"}, 400, "input"),  # nothing says where it belongs
        ({"kind": "id_copy", "paper": "library_card", "envelope": "E-2026-0001"}, 400, "input"),
        ({"kind": "form", "envelope": "E-2026-9999"}, 404, "not-found"),
        ({"kind": "form", "request": "R-2026-9999"}, 404, "not-found"),
    ],
)
def test_fields_that_do_not_fit(desk: Desk, calling, fields: dict[str, str], status: int, code: str):
    answer = calling(desk.clerk).upload("/scans", card(), **fields)
    assert (answer.status, answer.code) == (status, code), answer.raw
    assert Scan.objects.count() == 0


def test_without_a_file_there_is_nothing_to_keep(desk: Desk, calling):
    clerk = calling(desk.clerk)
    answer = clerk.client.post("/api/v1/scans", {"kind": "form"}, headers={"Authorization": f"Bearer {clerk.token}"})
    assert answer.status_code == 400
    assert [one["code"] for one in answer.json()["problems"]] == ["missing"]


def test_the_same_upload_twice_is_kept_once(desk: Desk, calling):
    clerk = calling(desk.clerk)
    fields = KIND | {"envelope": envelope(clerk)}
    first, again = (clerk.upload("/scans", card(), key="one-and-only", **fields) for _ in range(2))
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (first.said, Scan.objects.count()) == (again.said, 1)
    other = clerk.upload("/scans", card(code="x"), key="one-and-only", **fields)
    assert (other.status, other.code) == (409, "key-reused")
    assert clerk.upload("/scans", card(), key="one-and-only", **fields | {"of": "agent"}).code == "key-reused"
    (kept,) = KeptAnswer.objects.all()
    assert len(kept.sealed) < 1000  # the answer, not the file


def test_codes_that_can_be_read_stop_it_until_they_are_meant(desk: Desk, calling):
    clerk = calling(desk.clerk)
    ref = uploaded(clerk, card(code="https://example.jp/1"))
    path = f"/scans/{ref}/pages/1/black-out"
    warned = clerk.post(path, {"boxes": [BOX], "version": 1})
    assert (warned.said["saved"], len(warned.said["left"])) == (False, 1)
    (place,) = clerk.get(f"/scans/{ref}/pages/1/findings").said["found"]
    assert place["reason"] == "qr_code"
    assert clerk.post(path, {"boxes": [BOX, place], "version": 1}).said["saved"] is True
    assert clerk.post(path, {"boxes": [BOX], "version": 2, "leave_codes": True}).said["version"] == 3


@pytest.mark.parametrize(
    "boxes",
    [[], [BOX] * 61, [{**BOX, "reason": "because"}], [{**BOX, "x": -5}], [{**BOX, "x": 5000}], [{**BOX, "height": 0}]],
)
def test_what_is_no_rectangle_is_refused(desk: Desk, calling, boxes: list[dict[str, object]]):
    clerk = calling(desk.clerk)
    ref = uploaded(clerk)
    assert clerk.post(f"/scans/{ref}/pages/1/black-out", {"boxes": boxes, "version": 1}).status == 400
    assert clerk.post(f"/scans/{ref}/pages/9/black-out", {"boxes": [BOX], "version": 1}).code == "not-found"
    assert ScanPage.objects.get().version == 1


def test_scans_end(desk: Desk, calling):
    clerk = calling(desk.clerk)
    ref = uploaded(clerk, pdf(3))
    assert clerk.post(f"/scans/{ref}/pages/2/destruction").said["count"] == 1
    assert [one["position"] for one in clerk.get(f"/scans/{ref}").said["pages"]] == [1, 3]
    assert clerk.get(f"/scans/{ref}/pages/2/image").code == "not-found"
    assert clerk.post(f"/scans/{ref}/destruction").said["state"] == "destroyed"
    assert clerk.get(f"/scans/{ref}").said["destroyed_by"] == desk.clerk.actor
    assert clerk.get(f"/scans/{ref}/pages/1/image").status == 403
    assert list((desk.files / "scans").glob("*")) == []
    uploaded(clerk)
    assert clerk.get("/scans/waiting", to="destroy").said == []
    Scan.objects.filter(destroyed_at=None).update(expires_on=desk.at.date())
    assert len(clerk.get("/scans/waiting", to="destroy").said) == 1
    assert clerk.post("/scans/destruction").said["count"] == 1
    assert ScanPage.objects.count() == 0


def test_a_scan_is_filed_where_it_belongs_and_two_are_compared(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number = clerk.post("/requests", intake()).said["number"]
    mandate, seal = (
        uploaded(clerk, kind="authority", paper=paper, of="agent", envelope=envelope(clerk))
        for paper in ("power_of_attorney", "seal_certificate")
    )
    said = {"left": mandate, "right": seal, "findings": {"seal": "agrees"}}
    assert clerk.post("/comparisons", said).code == "input"  # of no request yet
    for ref in (mandate, seal):
        assert clerk.post(f"/scans/{ref}/request", {"request": number}).said["state"] == number
    assert clerk.post("/comparisons", said).code == "input"  # not every check is answered
    findings = dict.fromkeys(("seal", "name", "address", "scope"), "agrees") | {"receive": "unclear"}
    done = clerk.post("/comparisons", said | {"findings": findings})
    assert (done.status, done.said["count"]) == (201, 1)
    (told,) = clerk.get(f"/requests/{number}/comparisons").said
    assert [one["agrees"] for one in told["findings"]].count(False) == 1
    assert clerk.get("/scans").code == "input"
    assert clerk.get("/scans", envelope="E-1", request="R-1").code == "input"


def test_the_cover_sheet_files_what_is_scanned_under_it(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number = clerk.post("/requests", intake()).said["number"]
    sheet = content(clerk.get(f"/covers/{number}", language="en"))
    assert sheet.startswith(b"%PDF")
    stored = clerk.upload("/scans", sheet, kind="form")
    assert (stored.status, stored.said["filed"]) == (201, number)
    assert clerk.get("/covers/R-2026-9999").code == "not-found"


def test_who_may_see_a_page(desk: Desk, calling):
    clerk, auditor = calling(desk.clerk), calling(desk.auditor)
    ref = uploaded(clerk)
    assert auditor.get(f"/scans/{ref}").status == 200
    assert auditor.get(f"/scans/{ref}/pages/1/image").code == "scope"
    reader = calling(desk.clerk, TokenScope.REQUESTS_READ, TokenScope.REQUESTS_WRITE)
    assert reader.get(f"/scans/{ref}/pages/1/image").code == "scope"
    assert list_entries(scope=desk.officer, event="scan.viewed") == []
    assert base64.b64encode(b"\xff\xd8\xff")[:4] not in auditor.get(f"/scans/{ref}").raw


def test_envelopes_are_put_right(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number, case = envelope(clerk), clerk.post("/requests", intake()).said["number"]
    state = lambda: clerk.get(f"/envelopes/{number}").said["state"]  # noqa: E731
    assert clerk.post(f"/envelopes/{number}/kind", {"kind": "police"}).status == 200
    assert clerk.post(f"/envelopes/{number}/kind/undoing").said["state"] == state() == "waiting"
    assert clerk.post(f"/envelopes/{number}/kind/undoing").status == 403
    assert clerk.post(f"/envelopes/{number}/requests", {"request": case}).status == 200
    assert clerk.post(f"/envelopes/{number}/requests/removal", {"request": case}).status == 200
    assert clerk.get(f"/envelopes/{number}").said["requests"] == []
    other = envelope(clerk)
    assert clerk.post(f"/envelopes/{other}/kind", {"kind": "complaint"}).status == 200
    assert clerk.post(f"/envelopes/{other}/handing-over", {"to": "窓口責任者"}).status == 200
    assert clerk.post(f"/envelopes/{other}/reopening").status == 200
    assert clerk.post(f"/envelopes/{other}/place", {"place": ""}).code == "input"
    assert clerk.post(f"/envelopes/{other}/place", {"place": "棚7"}).status == 200
    assert clerk.get(f"/envelopes/{other}").said["place"] == "棚7"
    assert clerk.post(f"/envelopes/{other}/paper-end", {"how": "eaten"}).code == "document"
    assert clerk.post(f"/envelopes/{other}/paper-end", {"how": "shredded"}).said["state"] == "shredded"
    assert clerk.post(f"/envelopes/{other}/place", {"place": "棚8"}).status == 403

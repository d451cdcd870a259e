"""The ledger of requests over the API: how it stands, its approval, and an old one brought over."""

import io
import zipfile

import pytest

from daicho.people.actions import create_account
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.rights.models import LedgerImport, PastRequest
from tests.api.test_operations import intake
from tests.rights.desk import ORGANISATION, Desk
from tests.rights.test_ledger_screens import HEADINGS, ROWS, workbook

FIELDS = {"organisation": ORGANISATION}
YEAR = "/ledgers/2026"


def test_a_year_is_approved_as_it_was_seen(desk: Desk, calling):
    clerk, officer, auditor = calling(desk.clerk), calling(desk.officer), calling(desk.auditor)
    empty = auditor.get(YEAR, **FIELDS).said
    assert (empty["rows"], empty["approval"]) == (0, None)
    said = FIELDS | {"digest": empty["digest"]}
    assert clerk.post(f"{YEAR}/approval", said).status == 403  # no officer
    assert auditor.post(f"{YEAR}/approval", said).code == "scope"
    clerk.post("/requests", intake())
    assert officer.post(f"{YEAR}/approval", said).status == 403  # it has changed since it was looked at
    seen = officer.get(YEAR, **FIELDS).said
    assert officer.post(f"{YEAR}/approval", FIELDS | {"digest": seen["digest"]}).said["state"] == "approved"
    assert officer.get(YEAR, **FIELDS).said["approval"]["stands"] is True
    clerk.post("/requests", intake())
    after = officer.get(YEAR, **FIELDS).said["approval"]
    assert (after["stands"], len(after["changed"])) == (False, 1)
    assert officer.post(f"{YEAR}/approval", FIELDS | {"digest": "x"}).code == "document"
    assert officer.get("/ledgers/1999", **FIELDS).code == "document"
    assert officer.get(YEAR, organisation="elsewhere").code == "not-found"


def test_an_old_ledger_is_looked_at_taken_and_undone(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    sent = workbook()
    seen = clerk.upload("/ledger-imports/preview", sent, name="山田.xlsx", **FIELDS)
    assert seen.status == 200, seen.raw
    assert (seen.said["good"], seen.said["refused"]) == (2, 4)
    assert (seen.said["first"], seen.said["last"]) == ("2018-05-01", "2018-06-01")
    assert {one["column"] for one in seen.said["faults"]} >= {"受付日", "請求の種類"}
    assert "古井" not in seen.raw.decode()  # counts and faults, nobody's name
    assert PastRequest.objects.count() == 0
    taken = clerk.upload("/ledger-imports", sent, **FIELDS)
    assert (taken.status, taken.said["count"]) == (201, 2)
    assert clerk.upload("/ledger-imports", sent, **FIELDS).code == "input"  # once
    (brought,) = clerk.get("/ledger-imports", **FIELDS).said
    assert (brought["ref"], brought["rows"], brought["refused"]) == (taken.said["ref"], 2, 4)
    assert officer.get("/ledgers/2018", **FIELDS).said["rows"] == 3  # one row asked for two kinds
    undone = clerk.post(f"/ledger-imports/{taken.said['ref']}/undoing")
    assert (undone.said["count"], PastRequest.objects.count()) == (2, 0)
    assert clerk.post(f"/ledger-imports/{taken.said['ref']}/undoing").status == 403
    assert clerk.post("/ledger-imports/I-nothing/undoing").code == "not-found"


def test_columns_can_be_said(desk: Desk, calling):
    clerk = calling(desk.clerk)
    sent = workbook(
        [["x", "2018-05-01", "誰 か", "開示", None, None, None, None]], ["a", "受付日", "b", "請求の種類", *"cdef"]
    )
    guessed = clerk.upload("/ledger-imports/preview", sent, **FIELDS).said
    assert guessed["columns"] == {"arrived_on": 1, "kind": 3}
    assert set(guessed["fields"]) > {"arrived_on", "requester"}
    said = FIELDS | {"columns": "arrived_on=1,kind=3,requester=2,nonsense=4,remark=99"}
    assert clerk.upload("/ledger-imports/preview", sent, **said).said["columns"] == {
        "arrived_on": 1, "kind": 3, "requester": 2,
    }  # fmt: skip
    assert clerk.upload("/ledger-imports/preview", sent, **FIELDS | {"columns": "kind=3"}).code == "input"
    assert clerk.upload("/ledger-imports/preview", sent, **FIELDS | {"columns": "kind=three"}).code == "document"
    assert len(HEADINGS) == len(ROWS[0])


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (61 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize("path", ["/ledger-imports/preview", "/ledger-imports"])
@pytest.mark.parametrize(
    "sent",
    [b"", b"a,b\n1,2\n", b"PK\x03\x04" + bytes(50), b"<html><script>x</script></html>", bytes(6_000_000), _bomb()],
    ids=["empty", "csv", "cut", "page", "large", "bomb"],
)
def test_what_is_no_workbook_is_refused(desk: Desk, calling, path: str, sent: bytes):
    answer = calling(desk.clerk).upload(path, sent, name="x.xlsx", **FIELDS)
    assert (answer.status, answer.code) == (400, "input"), answer.raw
    assert LedgerImport.objects.count() == 0


def test_who_may_not(desk: Desk, calling):
    clerk, auditor = calling(desk.clerk), calling(desk.auditor)
    ref = clerk.upload("/ledger-imports", workbook(), **FIELDS).said["ref"]
    assert len(auditor.get("/ledger-imports", **FIELDS).said) == 1
    assert auditor.upload("/ledger-imports", workbook(), **FIELDS).code == "scope"
    create_account(
        "stranger", display_name="x", organisation="elsewhere", roles=[Role.OFFICER], scope=desk.officer, at=desk.at
    )
    stranger = calling(get_actor("stranger", at=desk.at))
    assert stranger.upload("/ledger-imports", workbook(), **FIELDS).code == "not-found"
    assert stranger.get("/ledger-imports", **FIELDS).code == "not-found"
    assert stranger.post(f"/ledger-imports/{ref}/undoing").code == "not-found"
    assert stranger.get(YEAR, **FIELDS).code == "not-found"
    assert PastRequest.objects.count() == 2

"""The register row by row over the API: a table looked at and taken, and the yearly review."""

import pytest

from daicho.register.models import RegisterRevision
from tests.api.test_ledgers import _bomb
from tests.api.test_operations import content
from tests.rights.desk import ORGANISATION, Desk

FIELDS = {"organisation": ORGANISATION}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_exported_says_nothing_new(desk: Desk, calling, form: str):
    officer = calling(desk.officer)
    sent = content(officer.get("/holdings/ledger", form=form))
    seen = officer.upload("/holdings/import/preview", sent, name=f"台帳.{form}", **FIELDS)
    assert seen.status == 200, seen.raw
    assert [one["state"] for one in seen.said["rows"]] == ["same", "same"]
    assert (seen.said["documents"], seen.said["bases"], seen.said["problems"]) == ({}, {}, [])


def test_a_changed_row_is_taken_and_a_wrong_one_is_told(desk: Desk, calling):
    officer = calling(desk.officer)
    text = content(officer.get("/holdings/ledger", form="csv")).decode("utf-8-sig")
    changed = text.replace("取引終了後5年", "取引終了後7年")
    assert changed != text
    wrong = changed + changed.splitlines()[1].replace("H-1", "H-9").replace("通販システム", "どこでもない場所") + "\n"
    seen = officer.upload("/holdings/import/preview", wrong.encode("utf-8-sig"), name="x.csv", **FIELDS).said
    states = {one["reg_no"]: one["state"] for one in seen["rows"]}
    assert states == {"H-1": "changed", "H-2": "same", "H-9": "wrong"}
    (first,) = [one["differences"] for one in seen["rows"] if one["reg_no"] == "H-1"]
    assert [one["path"] for one in first] == ["retention_period"]
    before = RegisterRevision.objects.count()
    applied = officer.post("/register/apply", {"documents": seen["documents"], "bases": seen["bases"]})
    assert (applied.status, applied.said["changed"]) == (200, 1), applied.raw
    assert RegisterRevision.objects.count() == before + 1
    other = {name: text.replace("7年", "9年") for name, text in seen["documents"].items()}
    late = officer.post("/register/apply", {"documents": other, "bases": seen["bases"]})
    assert (late.status, late.code) == (400, "document")  # it was not opened at what it is now


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b"", "x.csv"),
        (b"\xff\xfe\x00", "x.csv"),
        (b"a,b\n1,2\n", "x.csv"),
        (b"PK\x03\x04", "x.xlsx"),
        (bytes(6_000_000), "x.csv"),
        (_bomb(), "x.xlsx"),
        (b"<svg/>", "../../x.svg"),
    ],
    ids=["empty", "bytes", "strange", "cut", "large", "bomb", "drawing"],
)
def test_what_is_no_table_is_refused(desk: Desk, calling, sent: bytes, name: str):
    answer = calling(desk.officer).upload("/holdings/import/preview", sent, name=name, **FIELDS)
    assert (answer.status, answer.code) == (400, "input"), answer.raw


def test_reviews(desk: Desk, calling):
    officer, clerk = calling(desk.officer), calling(desk.clerk)
    assert {one["review"] for one in clerk.get("/holdings/reviews").said} == {"overdue"}
    rows = [f"{ORGANISATION}/H-1", f"{ORGANISATION}/H-1"]
    assert officer.post("/holdings/reviews", {"rows": rows}).said["count"] == 1
    told = {one["reg_no"]: one for one in officer.get("/holdings/reviews").said}
    assert (told["H-1"]["review"], told["H-1"]["review_on"]) == ("calm", "2027-11-24")
    assert told["H-2"]["review"] == "overdue"
    assert officer.post("/holdings/reviews", {"rows": [f"{ORGANISATION}/H-9"]}).code == "not-found"
    assert officer.post("/holdings/reviews", {"rows": ["nothing"]}).code == "document"
    assert clerk.post("/holdings/reviews", {"rows": rows}).code == "scope"
    assert clerk.upload("/holdings/import/preview", b"x", **FIELDS).code == "scope"

"""Letters over the API: the desk's own words, the pack before and after, copies of what left; and who asks."""

from daicho.api.scopes import TokenScope
from daicho.trail.queries import list_entries
from tests.api.calling import Caller
from tests.api.test_operations import content, intake, ready
from tests.letters.reading import text_of
from tests.rights.desk import AT, HANAKO, Desk
from tests.rights.outcomes import How, searched

WORDS = "このたびはお問い合わせをありがとうございました。"


def carried_out(desk: Desk, clerk: Caller, officer: Caller) -> tuple[str, str]:
    """A disclosure that waits for its answer."""
    number = ready(clerk, {"kind": "disclosure"})
    claim = f"{number}-1"
    searched(desk, number, How())
    shown = {one["cell"]: "show" for one in officer.get(f"/claims/{claim}/cells").said}
    officer.post(f"/claims/{claim}/cells", {"cells": shown})
    assert officer.post(f"/claims/{claim}/decision", {"decision": "approved"}).status == 200
    assert officer.post("/claims/carrying-out", {"claims": [claim]}).status == 200
    return number, claim


def test_the_desks_words_stand_in_the_preview_and_in_the_letter_that_left(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    number, claim = carried_out(desk, clerk, officer)
    assert clerk.post(f"/claims/{claim}/covering", {"text": WORDS}).said["state"] == "kept"
    before = content(clerk.get(f"/claims/{claim}/preview"))
    assert WORDS in text_of(before).replace("\n", "")
    assert clerk.get(f"/requests/{number}").said["letters"] == []  # nothing was issued
    assert clerk.get(f"/claims/{claim}/data").status == 409
    (letter,) = officer.post(f"/requests/{number}/answer").said["letters"]
    copy = clerk.get(f"/requests/{number}/letters/{letter}")
    assert WORDS in text_of(content(copy)).replace("\n", "")
    pack = content(clerk.get(f"/requests/{number}/letters/{letter}/pack"))
    assert pack.startswith(b"%PDF")
    assert len(text_of(pack)) > len(text_of(content(copy)))
    data = clerk.get(f"/claims/{claim}/data")
    assert [one["media_type"] for one in data.said["files"]] == ["application/json", "text/csv"]
    assert "机" in content(data).decode()
    assert clerk.post(f"/claims/{claim}/covering", {"text": "遅い"}).status == 403  # it was issued
    assert clerk.get(f"/claims/{claim}/preview").status == 403
    assert [one.facts["letter"] for one in list_entries(scope=desk.officer, event="letter.looked_at")] == [letter]
    assert len(list_entries(scope=desk.officer, event="request.handed_out_again")) == 2  # the pack, and the data


def test_who_asks_is_shown_to_the_desk_and_the_trail_tells_of_it(desk: Desk, calling):
    clerk, auditor = calling(desk.clerk), calling(desk.auditor)
    number = clerk.post("/requests", intake(support_measure=True)).said["number"]
    told = clerk.get(f"/requests/{number}/person").said
    assert told["person"]["address"] == HANAKO["address"]
    assert told["agent"] is None
    (entry,) = list_entries(scope=desk.officer, event="request.opened_up")
    assert (entry.actor, entry.facts) == (desk.clerk.actor, {"request": number, "part": "form"})
    assert auditor.get(f"/requests/{number}/person").code == "scope"
    assert calling(desk.clerk, TokenScope.REQUESTS_READ).get(f"/requests/{number}/person").code == "scope"
    assert clerk.get("/requests/R-2026-9999/person").code == "not-found"


def test_what_is_not_there(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number = clerk.post("/requests", intake()).said["number"]
    claim = f"{number}-1"
    assert clerk.get(f"/claims/{claim}/preview").status == 403  # it cannot be answered yet
    assert clerk.get("/claims/R-2026-9999-1/preview").code == "not-found"
    assert clerk.get("/claims/R-2026-9999-1/data").code == "not-found"
    assert clerk.get(f"/requests/{number}/letters/L-2026-9999").code == "not-found"
    assert clerk.get(f"/requests/{number}/letters/L-2026-9999/pack").code == "not-found"
    assert clerk.post("/claims/R-2026-9999-1/covering", {"text": ""}).code == "not-found"
    assert clerk.post(f"/claims/{claim}/covering", {"text": "あ" * 4001}).code == "document"
    assert clerk.post(f"/claims/{claim}/covering", {"text": "あ"}).said["state"] == "kept"
    assert clerk.post(f"/claims/{claim}/covering", {"text": ""}).said["state"] == "none"


def test_letters_that_wait_over_all_requests(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    case = clerk.post("/requests", intake()).said["number"]
    (letter,) = clerk.post(f"/requests/{case}/notices", {"notice": "receipt"}).said["letters"]
    (waits,) = clerk.get("/dispatches", part="enclose").said
    assert (waits["request"], waits["letter"], waits["ref"]) == (case, letter, "")
    ref = clerk.post(f"/requests/{case}/dispatches", {"letter": letter, "method": "simple_registered"}).said["ref"]
    (checked,) = clerk.get("/dispatches", part="check").said
    assert (checked["ref"], checked["enclosed_by"]) == (ref, desk.clerk.actor)
    pages = clerk.get(f"/requests/{case}").said["letters"][0]["pages"]
    officer.post(f"/dispatches/{ref}/check", {"pages": pages, "agrees": True})
    assert [one["ref"] for one in clerk.get("/dispatches", part="send").said] == [ref]
    assert clerk.get("/dispatches", part="send", page=2).said == []
    assert clerk.get("/dispatches", part="lost").code == "document"


# ── lists of the desk ────────────────────────────────────────────────────────────────────────


def test_a_request_is_found_by_what_a_caller_says(desk: Desk, calling):
    clerk = calling(desk.clerk)
    made = [clerk.post("/requests", intake()).said["number"] for _ in range(2)]
    for said in ("髙橋　花子", "たかはし はなこ", "090-1111-2222", "hanako@example.com"):
        found = clerk.post("/finding", {"text": said})
        assert [one["number"] for one in found.said["requests"]] == made[::-1], said
        assert "花子" not in found.raw.decode()
    (newest, _) = clerk.post("/finding", {"text": "髙橋花子"}).said["requests"]
    assert newest["claims"] == [{"kind": "disclosure", "state": "noted"}]
    assert newest in clerk.post("/finding", {"text": "髙橋"}).said["requests"]  # a part finds what is open
    assert clerk.post("/finding", {"text": ""}).code == "document"
    assert clerk.get("/finding", text="x").status == 405  # no name in an address
    assert calling(desk.auditor).post("/finding", {"text": "髙橋花子"}).code == "scope"


def test_money_and_copies_that_are_due(desk: Desk, calling):
    clerk, auditor = calling(desk.clerk), calling(desk.auditor)
    number = ready(clerk, {"kind": "disclosure"})
    (row,) = clerk.get("/fees").said["rows"]
    assert (row["request"], row["face_value"], row["cashed_on"]) == (number, 500, None)
    assert clerk.get("/fees").said["totals"]["in_hand"] == {"count": 1, "yen": 500}
    clerk.post(f"/fees/{row['ref']}/settlement", {"cashed_on": AT.date().isoformat()})
    assert clerk.get("/fees").said["rows"] == []
    assert len(auditor.get("/fees", standing="cashed", year=2026).said["rows"]) == 1
    assert clerk.get("/fees", standing="spent").code == "document"
    assert clerk.get("/documents/due").said == {"rows": [], "more": False}
    from daicho.rights.models import RequestDocument

    RequestDocument.objects.filter(kind="id_copy").update(dispose_on=AT.date())
    (due,) = auditor.get("/documents/due").said["rows"]
    assert due["request"] == number
    assert clerk.post(f"/documents/{due['ref']}/disposal", {"how": "shredded"}).status == 200
    assert clerk.get("/documents/due").said["rows"] == []

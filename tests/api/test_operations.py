"""Every room's operations do what the other doors do: the happy way, and what refuses."""

import base64
import io
from typing import Any

import openpyxl
import pytest

import daicho.api.door  # noqa: F401 (makes the table)
from daicho.api.routing import list_operations
from daicho.api.scopes import TokenScope
from daicho.people.actions import create_account
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.trail.models import TrailEntry
from tests.rights.desk import HANAKO, MAP, ORGANISATION, POLICY, Desk


def intake(*claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"addressed": [ORGANISATION], "person": HANAKO, "claims": list(claims) or [{"kind": "disclosure"}], **more}


def content(answer, number: int = 0) -> bytes:
    assert answer.status in {200, 201}, answer.raw[:400]
    return base64.b64decode(answer.said["files"][number]["content"])


def ready(clerk, *claims: dict[str, Any]) -> str:
    """A request registered, with papers and money, and verified: all over the API."""
    number = clerk.post("/requests", intake(*claims)).said["number"]
    assert clerk.post(f"/requests/{number}/documents", {"kind": "form"}).status == 201
    paper = clerk.post(f"/requests/{number}/documents", {"kind": "id_copy", "paper": "drivers_licence"})
    assert paper.status == 201
    fee = clerk.post(f"/requests/{number}/fees", {"face_value": 500, "issued_on": "2026-11-01"})
    assert fee.status == 201
    checked = clerk.post(f"/requests/{number}/check", {"identity_verified": True})
    assert (checked.status, checked.said["state"], checked.said["missing"]) == (200, "verified", {})
    return str(number)


def test_what_is_missing_is_told_with_what_is_wrong_with_the_copy_that_came(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number = clerk.post("/requests", intake()).said["number"]
    clerk.post(f"/requests/{number}/documents", {"kind": "id_copy", "paper": "drivers_licence", "accepted": False})
    missing = clerk.post(f"/requests/{number}/check", {"identity_verified": False}).said["missing"]
    assert "could not be accepted" in missing["id-person"]["en"]


def test_a_disclosure_from_the_envelope_to_the_answer(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    opened = clerk.post("/requests", intake({"kind": "disclosure"}))
    assert opened.status == 201
    assert opened.said["state"] == "received"
    assert "花子" not in opened.raw.decode()
    number = ready(clerk, {"kind": "disclosure"})
    claim = f"{number}-1"
    found = clerk.post(f"/requests/{number}/search", {"by_name": False})
    assert (found.status, found.said["rows"] > 0) == (200, True), found.raw
    cells = officer.get(f"/claims/{claim}/cells")
    assert cells.status == 200
    assert any("お得意様" in one["value"] for one in cells.said)
    shown = {one["cell"]: "show" for one in cells.said}
    assert officer.post(f"/claims/{claim}/cells", {"cells": shown}).said["count"] == len(shown)
    decided = officer.post(f"/claims/{claim}/decision", {"decision": "approved"})
    assert decided.status == 200, decided.raw
    assert clerk.post(f"/claims/{claim}/decision", {"decision": "approved"}).status == 403
    planned = officer.post("/claims/carrying-out", {"claims": [claim], "dry_run": True})
    assert planned.said[0]["dry_run"] is True
    done = officer.post("/claims/carrying-out", {"claims": [claim]})
    assert done.said[0]["still_open"] == []
    answered = officer.post(f"/requests/{number}/answer", {"pack": True})
    assert answered.status == 200, answered.raw[:400]
    assert answered.said["state"] == "closed"
    assert content(answered).startswith(b"%PDF")
    again = officer.post(f"/requests/{number}/answer")
    assert {one["sha256"] for one in again.said["files"]} <= {one["sha256"] for one in answered.said["files"]}
    case = clerk.get(f"/requests/{number}").said
    assert case["state"] == "closed"
    assert case["letters"]
    assert clerk.get(f"/requests/{claim}").said["number"] == number


def test_lists_go_on_by_cursor(desk: Desk, calling):
    clerk = calling(desk.clerk)
    made = [clerk.post("/requests", intake()).said["number"] for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = clerk.get("/requests", limit=2, only_open=True, **({"cursor": cursor} if cursor else {})).said
        seen += [one["number"] for one in page["requests"]]
        clerk.post("/requests", intake())  # what arrives meanwhile shifts nothing
        cursor = page["next"]
        if not cursor:
            break
    assert seen == made[::-1]
    assert clerk.get("/requests", state="closed").said == {"requests": [], "next": ""}
    assert clerk.get("/requests", year=2020).said["requests"] == []
    assert clerk.get("/requests", state="nowhere").code == "document"
    assert clerk.get("/requests", limit=1000).status == 400
    assert clerk.get("/requests", cursor="R-2099-0001").said["requests"] == []


def test_the_desks_other_acts(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    number = clerk.post("/requests", intake()).said["number"]
    document = clerk.post(f"/requests/{number}/documents", {"kind": "form", "place": "棚3"}).said["ref"]
    assert clerk.post(f"/requests/{number}/documents", {"kind": "id_copy", "paper": "library_card"}).code == "input"
    fee = clerk.post(f"/requests/{number}/fees", {"face_value": 500, "issued_on": "2026-11-01"}).said["ref"]
    assert clerk.post(f"/fees/{fee}/settlement", {}).code == "input"
    assert clerk.post(f"/fees/{fee}/settlement", {"cashed_on": "2026-11-24"}).said["state"] == "cashed"
    assert clerk.post(f"/documents/{document}/disposal", {"how": "burnt"}).status == 400
    assert clerk.post(f"/documents/{document}/disposal", {"how": "returned"}).said["state"] == "returned"
    assert clerk.post(f"/requests/{number}/assignment", {"account": desk.officer.actor}).status == 200
    receipt = clerk.post(f"/requests/{number}/notices", {"notice": "receipt"})
    assert receipt.status == 201
    assert content(receipt).startswith(b"%PDF")
    assert clerk.post(f"/requests/{number}/notices", {"notice": "delay"}).status in {400, 403}
    other = clerk.post("/requests", intake()).said["number"]
    assert clerk.post(f"/requests/{other}/merge", {"into": number}).status == 200
    third = clerk.post("/requests", intake()).said["number"]
    assert clerk.post(f"/requests/{third}/withdrawal").said["state"] == "withdrawn"
    book = officer.post("/ledgers", {"year": 2026, "names": False, "organisation": ORGANISATION})
    assert {one["name"].rpartition(".")[2] for one in book.said["files"]} == {"xlsx", "pdf"}
    assert content(officer.get("/forms/request", organisation=ORGANISATION, language="en")).startswith(b"%PDF")
    assert officer.get("/letters/sample", organisation=ORGANISATION).status == 200


def test_a_batch_is_submitted_once(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    said = {"decider_token": officer.token, "requests": [intake({"kind": "erase"})]}
    first = clerk.post("/batches", said)
    assert first.status == 200, first.raw
    assert clerk.post("/batches", said).said["claims"] == first.said["claims"]


def test_a_batch_is_decided_by_whose_token_is_in_the_call_and_by_nobody_else(desk: Desk, calling):
    """Nobody acts in another's name: whoever decides is there with a token of their own, for deciding."""
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    said = {"requests": [intake({"kind": "erase"})]}
    reads = calling(desk.officer, TokenScope.REQUESTS_READ)
    auditor = calling(desk.auditor)
    named = clerk.post("/batches", said | {"decider": desk.officer.actor})
    assert (named.status, named.said["fault"]) == (400, "input"), named.raw
    refused = {
        "own": clerk.token,
        "own second token": calling(desk.clerk).token,
        "nobody's": "daicho_00000000_" + "x" * 43,
        "not a token": desk.officer.actor,
        "for reading only": reads.token,
        "an auditor's": auditor.token,
    }
    for whose, token in refused.items():
        answer = clerk.post("/batches", said | {"decider_token": token})
        assert answer.status == 403, (whose, answer.raw)
        assert token not in answer.raw.decode()
    assert officer.post(f"/tokens/{officer.ref}/revocation").status == 200
    assert clerk.post("/batches", said | {"decider_token": officer.token}).code == "no-decider"
    assert desk.rows("SELECT count(*) FROM customers WHERE id = 1") == [(1,)]
    assert not TrailEntry.objects.filter(event__in=["requests.submitted", "claims.decided"]).exists()
    done = clerk.post("/batches", said | {"decider_token": calling(desk.officer, TokenScope.REQUESTS_DECIDE).token})
    assert done.status == 200, done.raw
    assert desk.rows("SELECT count(*) FROM customers WHERE id = 1") == [(0,)]
    written = TrailEntry.objects.filter(event__in=["requests.submitted", "claims.decided"]).order_by("seq")
    assert sorted(written.values_list("event", "actor")) == [
        ("claims.decided", "boss"),
        ("requests.submitted", "clerk"),
    ]


def test_post_that_arrives(desk: Desk, calling):
    clerk = calling(desk.clerk)
    said = {"organisation": ORGANISATION, "post_room": "本社", "arrived_on": "2026-11-24", "opened_by": "山田"}
    made = clerk.post(
        "/envelopes", said | {"counted": {"form": 1}, "note": "差出人は花子", "delivery_number": "123-45"}
    )
    assert made.status == 201, made.raw
    number = made.said["ref"]
    assert "花子" not in clerk.get("/envelopes").raw.decode()
    assert [one["number"] for one in clerk.get("/envelopes").said] == [number]
    assert clerk.post(f"/envelopes/{number}/kind", {"kind": "request"}).status == 200
    case = clerk.post("/requests", intake()).said["number"]
    assert clerk.post(f"/envelopes/{number}/requests", {"request": case}).status == 200
    assert clerk.get(f"/envelopes/{number}").said["requests"] == [case]
    other = clerk.post("/envelopes", said).said["ref"]
    assert clerk.post(f"/envelopes/{other}/kind", {"kind": "police"}).status == 200
    assert clerk.post(f"/envelopes/{other}/handing-over", {"to": "管理者"}).status == 200
    assert clerk.post("/envelopes", said | {"arrived_on": "2027-01-01"}).code == "input"
    assert calling(desk.auditor).post(f"/envelopes/{other}/kind", {"kind": "police"}).code == "scope"


def test_post_that_leaves(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    case = clerk.post("/requests", intake()).said["number"]
    notice = clerk.post(f"/requests/{case}/notices", {"notice": "receipt"}).said
    (letter,) = notice["letters"]
    made = clerk.post(f"/requests/{case}/dispatches", {"letter": letter, "method": "simple_registered"})
    assert made.status == 201, made.raw
    ref = made.said["ref"]
    pages = clerk.get(f"/requests/{case}").said["letters"][0]["pages"]
    assert clerk.post(f"/dispatches/{ref}/check", {"pages": pages, "agrees": True}).status == 403  # who filled it
    assert officer.post(f"/dispatches/{ref}/check", {"pages": pages, "agrees": True}).said["state"] == "checked"
    sent = clerk.post(f"/dispatches/{ref}/sending", {"sent_on": "2026-11-24", "tracking": "1234-5678-9012"})
    assert sent.status == 200, sent.raw
    assert clerk.post(f"/dispatches/{ref}/ending", {"state": "returned", "on": "2026-11-24"}).code == "input"
    ended = clerk.post(f"/dispatches/{ref}/ending", {"state": "delivered", "on": "2026-11-24"})
    assert ended.said["state"] == "delivered"
    (one,) = clerk.get(f"/requests/{case}/dispatches").said
    assert (one["state"], one["letter"]) == ("delivered", letter)


def test_holds_runs_and_stops(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    number = clerk.post("/requests", intake()).said["number"]
    hold = officer.post("/holds", {"request": number, "ground": "litigation"})
    assert hold.status == 201, hold.raw
    assert [one["ref"] for one in officer.get("/holds").said] == [hold.said["ref"]]
    assert clerk.get("/holds").status == 403
    assert officer.post(f"/holds/{hold.said['ref']}/release").said["state"] == "released"
    assert officer.get("/runs").said == []
    assert officer.post("/runs/X-none/resumption").code == "not-found"
    assert officer.post("/runs/X-none/stores/shop/decision", {"decision": "retry"}).code == "not-found"
    assert officer.get("/stops").said == []
    assert officer.post("/stops/T-none/lifting").code == "not-found"
    assert officer.post("/files/tidying").status == 200


def test_slips_of_a_cabinet(desk_with_cabinet: Desk, calling):
    clerk = calling(desk_with_cabinet.clerk)
    number = ready(clerk, {"kind": "disclosure"})
    assert clerk.post(f"/requests/{number}/search").said["slips"] == 1
    (slip,) = clerk.get("/slips").said
    assert content(clerk.get(f"/slips/{slip['ref']}/paper")).startswith(b"%PDF")
    answered = clerk.post(f"/slips/{slip['ref']}/answer", {"answer": "none", "searcher": "山田"})
    assert (answered.status, answered.said["answer"]) == (200, "none")
    assert clerk.get("/slips").said == []
    assert len(clerk.get("/slips", only_open="false").said) == 1


def test_candidates_are_compared_by_a_human(desk: Desk, calling):
    clerk = calling(desk.clerk)
    person = {"name": "佐藤 一郎", "address": "名古屋市中区栄1-1-1", "phones": ["052-111-2222"]}
    number = clerk.post("/requests", intake(person=person) | {"person": person}).said["number"]
    for paper in ({"kind": "form"}, {"kind": "id_copy", "paper": "drivers_licence"}):
        clerk.post(f"/requests/{number}/documents", paper)
    clerk.post(f"/requests/{number}/fees", {"face_value": 500, "issued_on": "2026-11-01"})
    clerk.post(f"/requests/{number}/check", {"identity_verified": True})
    found = clerk.post(f"/requests/{number}/search", {"by_name": True}).said
    candidates = clerk.get(f"/requests/{number}/candidates").said
    assert len(candidates) == found["candidates"] > 0
    done = clerk.post(f"/requests/{number}/candidates/{candidates[0]['mark']}", {"same": False})
    assert done.said["count"] == len(candidates) - 1
    assert clerk.post(f"/requests/{number}/candidates/zz", {"same": True}).code == "not-found"


def test_the_policy(desk: Desk, calling):
    officer, text = calling(desk.officer), POLICY.read_text(encoding="utf-8")
    assert officer.get("/policy/schema").status == 200
    checked = officer.post("/policy/check", {"document": text, "on": "2026-11-24"})
    assert checked.said["rules"] > 30
    assert officer.post("/policy/check", {"document": text, "on": "2001-01-01"}).code == "input"
    broken = officer.post("/policy/check", {"document": "group: {parent: 3\n"})
    assert broken.code == "document"
    assert broken.said["problems"][0]["line"] >= 1
    newer = text.replace("名古屋", "京都", 1)
    compared = officer.post("/policy/compare", {"old": text, "new": newer})
    assert compared.status == 200
    rendered = officer.post("/policy/render", {"document": text})
    assert {one["media_type"] for one in rendered.said["files"]} == {"text/html", "application/pdf"}
    listed = officer.get("/policy/revisions", organisation=ORGANISATION).said
    assert [one["number"] for one in listed["revisions"]] == [1]
    read = officer.get("/policy", organisation=ORGANISATION, number=1).said
    assert read["source"] == text
    assert officer.get("/policy", organisation=ORGANISATION, number=9).code == "not-found"
    assert officer.post("/policy/draft", {"document": text, "base": 1}).code == "input"
    drafted = officer.post("/policy/draft", {"document": newer, "base": 1})
    assert (drafted.status, drafted.said["changed"]) == (200, True), drafted.raw
    assert officer.post("/policy/submission", {"organisation": ORGANISATION}).status == 200
    assert officer.post("/policy/approval", {"organisation": ORGANISATION}).status == 403  # its own author
    assert officer.post("/policy/return", {"organisation": ORGANISATION, "remark": "x"}).status in {200, 403}
    assert officer.post("/policy/publication", {"organisation": ORGANISATION}).status == 403


def test_the_register(desk: Desk, calling):
    officer, clerk = calling(desk.officer), calling(desk.clerk)
    assert [one["map_state"] for one in officer.get("/stores").said] == ["in-force"]
    assert [one["error"] for one in officer.get("/stores/health").said] == [None]
    assert officer.get("/stores/health", store="nowhere").code == "not-found"
    assert b"customers" in content(officer.get("/stores/shop/sketch"))
    assert {one["reg_no"] for one in officer.get("/holdings").said} == {"H-1", "H-2"}
    assert officer.get("/register/coverage").status == 200
    sheet = openpyxl.load_workbook(io.BytesIO(content(officer.get("/holdings/ledger"))))
    assert sheet.active
    drawn = content(officer.get("/holdings/ledger", form="csv"))
    said = {"name": "x.csv", "content": base64.b64encode(drawn).decode()}
    assert b"H-1" in content(officer.post("/holdings/drawing", said))
    assert officer.post("/holdings/drawing", said | {"content": "***"}).code == "input"
    exported = officer.get("/register/documents").said
    assert officer.post("/register/plan", exported).said["documents"][0]["change"] == "unchanged"
    digests = exported["bases"]
    changed = MAP.replace("ja: 備考", "ja: 覚え")
    unseen = officer.post("/register/plan", {"documents": {"map.yaml": changed}})
    assert unseen.said["valid"] is False  # it was not opened at what it is now
    planned = officer.post("/register/plan", {"documents": {"map.yaml": changed}, "bases": digests})
    assert planned.said["valid"] is True, planned.raw
    assert clerk.post("/register/plan", {"documents": {"map.yaml": changed}}).code == "scope"
    applied = officer.post("/register/apply", {"documents": {"map.yaml": changed}, "bases": digests})
    assert (applied.status, applied.said["changed"]) == (200, 1), applied.raw
    waiting = applied.said["to_confirm"]
    assert officer.post("/maps/shop/confirmation").status == 403
    assert waiting == ["shop"]
    assert officer.post("/register/apply", {"documents": {"x.yaml": "map: shop\n"}}).code == "document"


def test_accounts_and_keys(desk: Desk, calling):
    officer = calling(desk.officer)
    made = officer.post(
        "/accounts",
        {"code": "new", "display_name": "新人", "organisation": ORGANISATION, "roles": ["desk"]},
    )
    assert (made.status, made.said["roles"]) == (201, {ORGANISATION: ["desk"]})
    assert officer.post("/accounts/new/roles", {"organisation": ORGANISATION, "role": "auditor"}).status == 403
    assert officer.post("/accounts/new/roles", {"organisation": ORGANISATION, "role": "secretariat"}).said["count"] == 1
    gone = officer.post("/accounts/new/roles/removal", {"organisation": ORGANISATION, "role": "secretariat"})
    assert gone.said["count"] == 1
    mailed = {"mail_address": "shinjin@example.jp"}
    assert officer.post("/accounts/new/mail", mailed).said == {"ref": "new", "state": "set", "count": 1}
    assert officer.post("/accounts/new/mail", mailed).said["count"] == 0
    assert officer.post("/accounts/new/mail", {"mail_address": "shinjin"}).status == 400
    (listed,) = [one for one in officer.get("/accounts").said if one["code"] == "new"]
    assert (listed["mail"], listed["reminders"]) == ("s•••@e•••.jp", True)
    assert officer.post("/accounts/new/deactivation").said["state"] == "deactivated"
    assert {one["code"] for one in officer.get("/accounts").said} >= {"new", desk.clerk.actor}
    assert {one["name"] for one in officer.get("/keys").said} == {"seal", "digest", "trail"}
    assert officer.post("/keys/rotation", {"signing": False}).said["count"] == 2
    assert officer.get("/me").status == 200  # tokens outlive a rotation: look-ups try all live keys


def test_the_trail(desk: Desk, calling):
    auditor = calling(desk.auditor)
    page = auditor.get("/trail", limit=5).said
    assert len(page["entries"]) == 5
    assert page["entries"][-1]["words"]["ja"]
    first = auditor.get("/trail", after=0, event="account", since="2020-01-01").said["entries"]
    assert {one["event"].split(".")[0] for one in first} == {"account"}
    assert auditor.get("/trail", after=page["next"]).said["entries"] == []
    assert auditor.post("/trail/checkpoints").said["fresh"] is True
    exported = content(auditor.post("/trail/export"))
    keys = content(auditor.get("/trail/keys"))
    said = {"trail": exported.decode(), "keys": keys.decode()}
    assert auditor.post("/trail/verify", said).said["intact"] is True
    forged = exported.replace(b"copro-holdings", b"copro-holdingz", 1).decode()
    assert auditor.post("/trail/verify", said | {"trail": forged}).said["intact"] is False
    assert auditor.post("/trail/verify", said | {"keys": "no keys"}).status == 400


# ── who may not ──────────────────────────────────────────────────────────────────────────────


def filled(path: str) -> str:
    for name, value in (
        ("number", "R-2026-0001"),
        ("ref", "D-0001"),
        ("code", "shop"),
        ("store", "shop"),
        ("mark", "m1"),
        ("letter", "L-0001"),
        ("position", "1"),
        ("year", "2026"),
    ):
        path = path.replace(f"{{{name}}}", value)
    return path


def test_an_auditor_changes_nothing(desk: Desk, calling):
    auditor, before = calling(desk.auditor), TrailEntry.objects.count()
    for one in list_operations():
        if one.method != "POST" or one.needs is None:
            continue
        answer = auditor.post(filled(one.path))
        reads = one.id in {
            "check_policy", "compare_policies", "render_policy", "verify_trail", "export_trail", "make_checkpoint",
        }  # fmt: skip
        assert reads or (answer.status, answer.code) == (403, "scope"), one.id
    events = set(TrailEntry.objects.filter(seq__gt=before + 1).values_list("event", flat=True))
    assert events <= {"token.created", "trail.exported", "trail.checkpoint_made"}


def test_a_foreign_organisation_is_not_there(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number = clerk.post("/requests", intake()).said["number"]
    create_account(
        "stranger", display_name="x", organisation="elsewhere", roles=[Role.OFFICER], scope=desk.officer, at=desk.at
    )
    stranger = calling(get_actor("stranger", at=desk.at))
    assert stranger.get(f"/requests/{number}").code == "not-found"
    assert stranger.get("/requests").said["requests"] == []
    assert stranger.post(f"/requests/{number}/withdrawal").code == "not-found"
    assert stranger.post("/requests", intake()).code == "not-found"
    assert stranger.get("/holdings").said == []
    assert stranger.get("/stores").said == []
    assert stranger.get("/policy", organisation=ORGANISATION).code == "not-found"
    assert stranger.post("/accounts/desk/deactivation").status in {403, 404}
    assert stranger.get("/webhooks").said == []


@pytest.mark.parametrize("one", list_operations(), ids=lambda one: one.id)
def test_every_operation_asks_for_its_scope(desk: Desk, calling, one):
    create_account(
        "plain", display_name="x", organisation=ORGANISATION, roles=[Role.EMPLOYEE], scope=desk.officer, at=desk.at
    )
    nobody = calling(get_actor("plain", at=desk.at))
    answer = nobody.get(filled(one.path)) if one.method == "GET" else nobody.post(filled(one.path))
    if one.needs is None or str(one.needs) == "policy:read":
        assert answer.status != 500
    else:
        assert (answer.status, answer.code) == (403, "scope")

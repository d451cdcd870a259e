"""What was typed is put right over the API: notes, facts, papers, money, a claim left off; and who may not."""

from daicho.rights.models import FeeInstrument
from tests.api.calling import Caller
from tests.api.test_letters import carried_out
from tests.api.test_operations import intake, ready
from tests.rights.desk import HANAKO, Desk


def state_of(caller: Caller, number: str) -> str:
    return str(caller.get(f"/requests/{number}/notes").said["state"])


def test_a_note_is_kept_and_read_by_the_desk_only(desk: Desk, calling):
    clerk, auditor = calling(desk.clerk), calling(desk.auditor)
    number = clerk.post("/requests", intake({"kind": "disclosure"})).said["number"]
    done = clerk.post(f"/requests/{number}/notes", {"kind": "call_in", "text": "折り返しを希望"})
    assert done.status == 201
    (note,) = clerk.get(f"/requests/{number}/notes").said["notes"]
    assert (note["ref"], note["text"], note["written_by"]) == (done.said["ref"], "折り返しを希望", "clerk")
    assert clerk.post(f"/requests/{number}/notes", {"kind": "call_in", "text": ""}).status == 400
    assert auditor.get(f"/requests/{number}/notes").status == 403
    assert auditor.post(f"/requests/{number}/notes", {"kind": "memo", "text": "x"}).status == 403


def test_a_name_is_amended_against_what_was_read_and_verified_again(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number = ready(clerk, {"kind": "disclosure"})
    seen = state_of(clerk, number)
    said = {"state": seen, "person": {**HANAKO, "name": "高梨 花子"}}
    assert clerk.post(f"/requests/{number}/amendment", said).said["state"] == "check_again"
    assert clerk.get(f"/requests/{number}").said["state"] == "checking"
    again = clerk.post(f"/requests/{number}/amendment", {**said, "person": {**HANAKO, "name": "高木 花子"}})
    assert again.status in {403, 409}, "it was changed since"
    assert clerk.get(f"/requests/{number}/person").said["person"]["name"] == "高梨 花子"
    assert clerk.post(f"/requests/{number}/amendment", {"state": "x"}).status == 400


def test_a_claim_is_added_and_money_recorded_by_mistake_is_cancelled(desk: Desk, calling):
    clerk = calling(desk.clerk)
    number = clerk.post("/requests", intake({"kind": "disclosure"})).said["number"]
    added = clerk.post(f"/requests/{number}/claims", {"kind": "purpose_notice"})
    assert (added.status, added.said["ref"]) == (201, f"{number}-2")
    clerk.post(f"/requests/{number}/fees", {"face_value": 500})
    (fee,) = clerk.get(f"/requests/{number}").said["fees"]
    assert clerk.post(f"/fees/{fee['ref']}/cancellation", {"why": "twice"}).status == 200
    assert FeeInstrument.objects.get().cancelled_why == "twice"
    assert clerk.post(f"/fees/{fee['ref']}/cancellation", {"why": "nothing"}).status == 400
    assert clerk.post("/documents/D-ffffffffffff/cancellation", {"why": "twice"}).status == 404


def test_nothing_goes_to_a_new_address_that_did_not_come_back(desk: Desk, calling):
    clerk, officer = calling(desk.clerk), calling(desk.officer)
    number, _ = carried_out(desk, clerk, officer)
    assert clerk.post(f"/requests/{number}/addresses", {"address": "長野県松本市1-1"}).status == 403
    assert officer.post(f"/requests/{number}/addresses/N-ffff/verification").status in {403, 404}

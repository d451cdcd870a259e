"""One claim of each kind, from the envelope to the answer, on a real database."""

from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.carrying import carry_out
from daicho.rights.actions.deciding import decide_cells, decide_claim
from daicho.rights.actions.searching import search_request
from daicho.rights.queries import get_request, list_candidates, review_cells
from daicho.rights.rules import ClaimState, RequestState
from daicho.site.wiring import open_store


def searched(desk, number, **more):
    return search_request(number, by_name=False, scope=desk.clerk, at=desk.at, open_store=open_store, **more)


def approved(desk, claim):
    return decide_claim(claim, ClaimState.APPROVED, scope=desk.officer, at=desk.at)


def carried(desk, *claims, **more):
    return carry_out(claims, scope=desk.clerk, at=desk.at, open_store=open_store, folder=desk.files, **more)


def test_a_disclosure_is_read_reviewed_and_answered(desk):
    number = desk.verified({"kind": "disclosure"})
    found = searched(desk, number)
    assert found.stores == {"shop": {"customers": 1, "orders": 2, "invoices": 2, "entrusted": 1}}
    assert found.candidates == 0
    cells = list(review_cells(f"{number}-1", scope=desk.officer, at=desk.at, open_store=open_store))
    assert [cell.label.en for cell in cells] == ["Note"]
    decide_cells(f"{number}-1", {cells[0].mark: "harms_rights"}, scope=desk.officer, at=desk.at)
    assert approved(desk, f"{number}-1").state is ClaimState.PARTLY
    (done,) = carried(desk, f"{number}-1")
    assert done.state is ClaimState.READING_BACK
    assert {(one["table"], one["fate"], one["read_back"]) for one in done.outcome} == {
        ("customers", "shown", 1),
        ("orders", "shown", 2),
        ("invoices", "shown", 2),
        ("entrusted", "entrusted", 0),
    }
    answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert answered.state is RequestState.CLOSED
    names = [file.name for file in answered.files]
    assert [name.rsplit(".")[-1] for name in names] == ["pdf", "json", "csv"]
    data = next(file.content for file in answered.files if file.name.endswith("json")).decode()
    assert "髙橋" in data
    assert "名古屋市中村区名駅3-28-12" in data
    assert "太郎様" not in data  # blacked out by the reviewer
    again = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert [file.content for file in again.files] == [file.content for file in answered.files]


def test_an_erasure_deletes_keeps_what_the_law_keeps_and_proves_it(desk):
    assert desk.rows("SELECT count(*) FROM customers WHERE id = 1") == [(1,)]
    number = desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0)
    searched(desk, number)
    approved(desk, f"{number}-1")
    (dry,) = carried(desk, f"{number}-1", dry_run=True)
    assert desk.rows("SELECT count(*) FROM customers WHERE id = 1") == [(1,)]
    (done,) = carried(desk, f"{number}-1")
    assert [(one["table"], one["found"]) for one in dry.outcome] == [
        (one["table"], one["found"]) for one in done.outcome
    ]
    fates = {(one["table"], one["fate"]): (one["found"], one["changed"], one["read_back"]) for one in done.outcome}
    assert fates == {
        ("customers", "deleted"): (1, 1, 1),
        ("orders", "deleted"): (2, 2, 2),
        ("invoices", "kept"): (1, 0, 0),
        ("invoices", "deleted"): (1, 1, 1),
        ("entrusted", "entrusted"): (1, 0, 0),
    }
    assert desk.rows("SELECT count(*) FROM customers WHERE id = 1") == [(0,)]
    assert desk.rows("SELECT id FROM orders") == [(13,)]
    assert desk.rows("SELECT id FROM invoices") == [(21,)]
    assert desk.rows("SELECT count(*) FROM entrusted") == [(2,)]
    answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert answered.state is RequestState.CLOSED


def test_a_correction_changes_current_values_only(desk):
    number = desk.verified({"kind": "correction", "values": {"address": "名古屋市東区泉9-9-9"}}, fee=0)
    searched(desk, number)
    approved(desk, f"{number}-1")
    (done,) = carried(desk, f"{number}-1")
    assert {(one["table"], one["fate"]) for one in done.outcome} == {
        ("customers", "replaced"),
        ("invoices", "annotated"),
    }
    assert desk.rows("SELECT address FROM customers WHERE id = 1") == [("名古屋市東区泉9-9-9",)]
    assert ("名古屋市中村区名駅3-28-12",) in desk.rows("SELECT sent_to FROM invoices")
    assert answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files).state is RequestState.CLOSED


def test_a_stop_is_set_in_the_store_and_remembered(desk):
    from daicho.consent.queries import list_stops

    number = desk.verified({"kind": "stop_provision"}, fee=0)
    searched(desk, number)
    approved(desk, f"{number}-1")
    (done,) = carried(desk, f"{number}-1")
    assert desk.rows("SELECT share_ok FROM customers WHERE id IN (1, 2) ORDER BY id") == [(0,), (1,)]
    assert [stop.claim for stop in list_stops(scope=desk.clerk)] == [f"{number}-1"]
    assert done.still_open == []
    assert answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files).state is RequestState.CLOSED


def test_a_shared_mailbox_does_not_mix_spouses(desk):
    from tests.rights.desk import ICHIRO

    number = desk.verified({"kind": "disclosure"}, person=ICHIRO)
    found = searched(desk, number)
    assert found.stores["shop"] == {"customers": 1, "orders": 1, "entrusted": 1}
    (wife,) = [one.reveal(purpose="test") for one in list_candidates(number, scope=desk.clerk)]
    assert (wife["table"], wife["doubt"]) == ("customers", "disagrees")
    assert set(wife["disagreeing"]) == {"birth_date", "name", "number:customer"}


def test_a_purpose_notice_names_the_purposes_of_what_is_held(desk):
    number = desk.verified({"kind": "purpose_notice"})
    searched(desk, number)
    approved(desk, f"{number}-1")
    carried(desk, f"{number}-1")
    answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert answered.state is RequestState.CLOSED
    assert get_request(number, scope=desk.clerk, on=desk.at.date()).claims[0].state is ClaimState.ANSWERED

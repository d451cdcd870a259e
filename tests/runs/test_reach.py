"""What reaching the stores gives to search, carry-out and submit alike; and whom a hold protects."""

from daicho.rights.queries import get_request, list_candidates
from daicho.runs.actions import set_hold
from daicho.runs.queries import Reached, held_people, reach
from daicho.runs.resolve import Sought
from daicho.site.wiring import open_store
from tests.rights.desk import HANAKO, ORGANISATION
from tests.runs.steps import reopen, search


def _reach(desk, person: dict[str, object]) -> Reached:
    identities = desk.intake({"kind": "erase", "basis": "no_longer_needed"}, person=person).person.identities()
    organisations = frozenset({ORGANISATION})
    return reach([Sought(identities=identities)], organisations=organisations, scope=desk.clerk, open_store=open_store)


def _known(desk, person: dict[str, object]) -> str:
    number = desk.verified({"kind": "stop_provision"}, person=person, fee=0)
    return get_request(number, scope=desk.clerk, on=desk.at.date()).person


def _hold(desk, person: str) -> None:
    set_hold(person, ground="litigation", organisation=ORGANISATION, scope=desk.officer, at=desk.at)


def test_a_hold_under_a_mailbox_stops_who_comes_with_a_telephone(desk):
    held = _known(desk, {**HANAKO, "birth_date": None, "phones": []})
    other = {name: value for name, value in HANAKO.items() if name != "emails"}
    known = _known(desk, other)
    assert known != held  # nothing they gave ties them together; the row does
    reached = _reach(desk, other)
    assert held_people([known], reached=reached) == frozenset()
    _hold(desk, held)
    assert held_people([known], reached=reached) == {0}
    assert held_people(["", known], reached=reached, members=[0, 0]) == {0, 1}


def test_a_hold_stops_everybody_who_shares_a_key_with_the_person_held(desk):
    held = _known(desk, {**HANAKO, "phones": [], "birth_date": None})
    number = {"name": HANAKO["name"], "address": "x", "numbers": {"customer": "9"}}
    second = _known(desk, number)
    assert second != held
    _hold(desk, held)
    assert held_people([second]) == frozenset()
    linked = _known(desk, {**number, "emails": HANAKO["emails"]})
    assert linked == second
    assert held_people([second]) == {0}


def test_a_homonym_with_another_number_does_not_inherit_a_hold(desk):
    same = {"name": HANAKO["name"], "address": "x", "birth_date": HANAKO["birth_date"]}
    held = _known(desk, {**same, "numbers": {"customer": "8"}})
    homonym = _known(desk, {**same, "numbers": {"customer": "77"}})
    _hold(desk, held)
    assert held_people([held, homonym]) == {0}


def test_candidates_of_tables_out_of_scope_wait_for_nobody(desk, monkeypatch):
    desk.run("UPDATE entrusted SET name = '別人' WHERE id = 31")
    before = _reach(desk, HANAKO).resolution
    assert "entrusted" in {one.table for one in before.candidates}
    number = desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0)
    search(desk, number)
    assert len(list_candidates(number, scope=desk.clerk)) == len(before.candidates)
    monkeypatch.setattr("daicho.runs.queries.in_scope", lambda rules, _: rules.holding.rpd != "entrusted")
    after = _reach(desk, HANAKO).resolution
    assert "entrusted" not in {one.table for one in after.candidates}
    assert len(after.candidates) == len(before.candidates) - 1


def test_a_mailbox_written_with_capitals_is_reached(desk):
    number = desk.verified({"kind": "disclosure"})
    whole = search(desk, number).stores["shop"]
    assert whole["customers"] == 1
    desk.run("UPDATE customers SET email = 'Hanako@Example.com', phone = NULL WHERE id = 1")
    reopen()
    assert search(desk, number).stores["shop"] == whole

"""Many verified requests in one call."""

import pytest

from daicho.rights.actions.submitting import submit
from daicho.rights.models import SubjectRequest
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState
from daicho.site.wiring import open_store
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError
from tests.rights.desk import HANAKO, ICHIRO


def submitted(desk, *intakes, **more):
    arguments = {
        "scope": desk.clerk,
        "decider": desk.officer,
        "at": desk.at,
        "open_store": open_store,
        "folder": desk.files,
    }
    return submit(intakes, **{**arguments, **more})


def test_a_batch_ends_people_without_mixing_them(desk):
    assert desk.rows("SELECT count(*) FROM customers WHERE id IN (1, 2)") == [(2,)]
    done = submitted(
        desk,
        desk.intake({"kind": "erase", "basis": "no_longer_needed"}),
        desk.intake(
            {"kind": "stop_provision"},
            person={
                **HANAKO,
                "name": "誰でもない",
                "emails": ["nobody@example.com"],
                "phones": [],
                "birth_date": "1999-09-09",
            },
        ),
    )
    assert list(done.claims.values()) == [ClaimState.READING_BACK, ClaimState.READING_BACK]
    assert desk.rows("SELECT id FROM customers ORDER BY id") == [(2,), (3,), (4,), (5,)]
    first = next(iter(done.claims))
    outcome = get_request(first, scope=desk.clerk, on=desk.at.date()).claims[0].outcome
    assert {(one["table"], one["fate"], one["read_back"]) for one in outcome if one["changed"]} == {
        ("customers", "deleted", 1), ("orders", "deleted", 2), ("invoices", "deleted", 1),
    }  # fmt: skip
    events = TrailEntry.objects.filter(event__in=["requests.submitted", "claims.decided"]).values_list("event", "actor")
    assert sorted(events) == [("claims.decided", "boss"), ("requests.submitted", "clerk")]


def test_a_candidate_waits_for_the_desk_while_the_others_go_on(desk):
    done = submitted(desk, desk.intake({"kind": "erase"}), desk.intake({"kind": "erase"}, person=ICHIRO))
    assert list(done.claims.values()) == [ClaimState.READING_BACK, ClaimState.ASSESSING]
    assert done.waiting == 1
    assert desk.rows("SELECT id FROM customers ORDER BY id") == [(2,), (3,), (4,), (5,)]


def test_a_store_searched_by_people_makes_all_wait(desk_with_cabinet):
    desk = desk_with_cabinet
    done = submitted(desk, desk.intake({"kind": "erase"}))
    assert list(done.claims.values()) == [ClaimState.ASSESSING]
    assert desk.rows("SELECT count(*) FROM customers") == [(5,)]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"decider": "clerk"}, NotAllowedError),
        ({"decider": "auditor"}, NotAllowedError),
        ({"kind": "disclosure"}, InputError),  # the policy charges for it
        ({"empty": True}, InputError),
    ],
)
def test_it_writes_nothing_when_refused(desk, change, error):
    intakes = [] if change.get("empty") else [desk.intake({"kind": change.get("kind", "erase")})]
    decider = getattr(desk, change.get("decider", "officer"))
    with pytest.raises(error):
        submitted(desk, *intakes, decider=decider)
    assert not SubjectRequest.objects.exists()
    assert desk.rows("SELECT count(*) FROM customers") == [(5,)]


def test_nothing_found_anywhere_is_not_held(desk):
    nobody = {
        **HANAKO,
        "name": "誰でもない",
        "emails": ["nobody@example.com"],
        "phones": [],
        "birth_date": "1999-09-09",
    }
    done = submitted(desk, desk.intake({"kind": "erase"}, person=nobody))
    (number,) = done.claims
    claim = get_request(number, scope=desk.clerk, on=desk.at.date()).claims[0]
    assert claim.outcome == []
    assert claim.state is ClaimState.NOT_HELD


def test_the_same_batch_again_registers_nobody_twice_and_goes_on(desk):
    class Stop:
        def step(self, name, *, done=0, total=0):
            if name == "run.intended":
                raise KeyboardInterrupt

    batch = [desk.intake({"kind": "erase"})]
    with pytest.raises(KeyboardInterrupt):
        submitted(desk, *batch, progress=Stop())
    assert desk.rows("SELECT count(*) FROM customers WHERE id = 1") == [(1,)]
    assert SubjectRequest.objects.count() == 1
    done = submitted(desk, *batch)
    assert list(done.claims.values()) == [ClaimState.READING_BACK]
    assert desk.rows("SELECT count(*) FROM customers WHERE id = 1") == [(0,)]
    assert submitted(desk, *batch).claims == done.claims
    assert SubjectRequest.objects.count() == 1
    assert TrailEntry.objects.filter(event="run.confirmed").count() == 1

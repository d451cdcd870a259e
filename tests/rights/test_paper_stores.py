"""A cabinet is a store: its department is asked in writing, and nothing is answered before it has answered."""

import pytest
from django.db import transaction

from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.deciding import decide_claim
from daicho.rights.rules import ClaimState, RequestState
from daicho.runs.actions import answer_slip, issue_slips
from daicho.runs.models import SearchSlip
from daicho.runs.queries import list_slips
from daicho.trail.acts import Acts
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from tests.rights.desk import HANAKO, ORGANISATION
from tests.rights.test_thread import approved, carried, searched

ERASE = {"kind": "erase", "basis": "no_longer_needed"}
NOBODY = HANAKO | {"name": "不在 太郎", "kana": None, "emails": [], "phones": []}


@pytest.fixture
def desk(desk_with_cabinet):
    return desk_with_cabinet


def slips(desk, **more):
    return list_slips(scope=desk.clerk, **more)


def reply(desk, slip, answer, count=0):
    return answer_slip(slip.ref, answer=answer, count=count, searcher="山田 倉庫係", scope=desk.clerk, at=desk.at)


def ready(desk, claim=ERASE, **more):
    number = desk.verified(claim, fee=500 if claim["kind"] == "disclosure" else 0, **more)
    assert searched(desk, number).slips == 1
    return number


def test_searching_asks_the_department_once_however_often_it_is_repeated(desk):
    number = ready(desk)
    searched(desk, number)
    (slip,) = slips(desk)
    assert (slip.store, slip.task, slip.owner, slip.answer) == ("cabinet", "search", number, "")
    assert (slip.due_on - desk.at.date()).days == 5
    assert TrailEntry.objects.filter(event="slip.issued").count() == 1


@pytest.mark.parametrize("decision", [ClaimState.NOT_HELD, ClaimState.APPROVED])
def test_nothing_is_decided_while_the_department_has_not_answered(desk, decision):
    number = ready(desk, person=NOBODY)
    with pytest.raises(NotAllowedError, match="1 search slip"):
        decide_claim(f"{number}-1", decision, scope=desk.officer, at=desk.at)
    reply(desk, slips(desk)[0], "none")
    assert decide_claim(f"{number}-1", ClaimState.NOT_HELD, scope=desk.officer, at=desk.at)
    answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert answered.state is RequestState.CLOSED


def test_found_on_paper_is_not_not_held(desk):
    number = ready(desk, person=NOBODY)
    reply(desk, slips(desk)[0], "found", 2)
    with pytest.raises(NotAllowedError):
        decide_claim(f"{number}-1", ClaimState.NOT_HELD, scope=desk.officer, at=desk.at)
    assert approved(desk, f"{number}-1").state is ClaimState.APPROVED


def test_what_the_department_found_it_is_asked_to_end_and_the_answer_waits_for_it(desk):
    number = ready(desk)
    reply(desk, slips(desk)[0], "found", 2)
    approved(desk, f"{number}-1")
    (done,) = carried(desk, f"{number}-1")
    assert done.still_open == ["slip:cabinet"]
    (act,) = slips(desk, owners=[f"{number}-1"])
    assert act.task == "act"
    answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert (answered.letters, dict(answered.waiting)) == ([], {f"{number}-1": ["slip:cabinet"]})
    with pytest.raises(InputError):
        reply(desk, act, "none")
    reply(desk, act, "done", 2)
    assert answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files).state is RequestState.CLOSED


def test_a_correction_of_what_only_paper_holds_is_seen_to_by_people(desk):
    number = ready(desk, {"kind": "correction", "values": {"address": "新住所1-1"}}, person=NOBODY)
    reply(desk, slips(desk)[0], "found", 1)
    approved(desk, f"{number}-1")
    (done,) = carried(desk, f"{number}-1")
    assert (done.outcome, done.still_open) == ([], ["slip:cabinet"])


def test_an_answer_that_does_not_fit_is_refused(desk):
    ready(desk)
    (slip,) = slips(desk)
    for answer, count in (("done", 0), ("found", 0), ("", 0), ("高橋花子", 1)):
        with pytest.raises(InputError) as caught:
            reply(desk, slip, answer, count)
        assert "高橋" not in caught.value.say("ja")
    reply(desk, slip, "none")
    with pytest.raises(NotAllowedError, match="has been answered"):
        reply(desk, slip, "found", 1)
    with pytest.raises(NotFoundError):
        answer_slip("S-0", answer="none", count=0, searcher="", scope=desk.clerk, at=desk.at)


def test_who_searched_is_kept_sealed_and_the_answer_with_who_and_when(desk):
    ready(desk)
    reply(desk, slips(desk)[0], "found", 3)
    row = SearchSlip.objects.get()
    assert (row.answer, row.count, row.answered_by, row.answered_at) == ("found", 3, "clerk", desk.at)
    assert row.searcher
    assert "山田".encode() not in bytes(row.searcher)
    assert not TrailEntry.objects.filter(facts__contains="山田").exists()


def test_a_case_can_be_worked_with_no_database_connected_at_all(desk):
    """The shop's store and map are taken out of the register; the cabinet is all there is."""
    from daicho.people.queries import get_actor
    from daicho.register.models import MapCheck, RegisterDocument, RegisterVersion

    assert get_actor("engineer", at=desk.at)
    MapCheck.objects.update(in_force=False)
    RegisterDocument.objects.exclude(code="cabinet").update(removed_at=desk.at)
    RegisterVersion.objects.update(token="only-the-cabinet")
    desk.database.unlink()
    number = ready(desk, {"kind": "disclosure"})
    reply(desk, slips(desk)[0], "found", 1)
    approved(desk, f"{number}-1")
    carried(desk, f"{number}-1")
    answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert answered.state is RequestState.CLOSED
    assert [file.name.rsplit(".", 1)[1] for file in answered.files][:1] == ["pdf"]


def test_asking_twice_in_one_transaction_asks_once(desk):
    number = ready(desk)
    with transaction.atomic():
        acts = Acts(actor="clerk", at=desk.at)
        again = issue_slips(
            number, {"cabinet": desk.at.date()}, task="search", organisation=ORGANISATION, at=desk.at, acts=acts
        )
        acts.write()
    assert again == []
    assert len(slips(desk)) == 1

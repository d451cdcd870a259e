"""Grounds of legal holds are a closed list."""

import pytest

from daicho.rights.queries import get_request
from daicho.runs.actions import set_hold
from daicho.runs.grounds import HOLD_GROUND_WORDS, HoldGround
from daicho.runs.models import LegalHold
from daicho.runs.queries import list_holds
from daicho.words.errors import InputError
from tests.runs.steps import approved, events


def person_of(desk) -> str:
    return get_request(approved(desk), scope=desk.officer, on=desk.at.date()).person


@pytest.mark.parametrize("ground", ["訴訟", "", "Litigation", "高橋花子の件"])
def test_a_ground_outside_the_list_is_refused_with_the_list_and_nothing_is_set(desk, ground):
    with pytest.raises(InputError) as caught:
        set_hold(person_of(desk), ground=ground, organisation="copro-holdings", scope=desk.officer, at=desk.at)
    assert all(code in str(caught.value.advice.en) for code in HoldGround)
    assert "高橋" not in str(caught.value.message.ja) + str(caught.value.advice.ja)
    assert (LegalHold.objects.count(), events("hold.set")) == (0, 0)


def test_every_ground_of_the_list_can_be_set_and_has_words(desk):
    person = person_of(desk)
    for ground in HoldGround:
        set_hold(person, ground=ground, organisation="copro-holdings", scope=desk.officer, at=desk.at)
    assert {one.ground for one in list_holds(scope=desk.officer)} == set(HOLD_GROUND_WORDS)

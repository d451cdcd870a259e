"""People are met again after the keys have been rotated, and what was sealed stays readable."""

import pytest

from daicho.keys.actions import rotate
from daicho.people.queries import get_actor
from daicho.rights.actions.receiving import open_request
from daicho.rights.queries import get_request
from daicho.subjects.models import PersonKey
from daicho.trail.actions import record
from tests.rights.desk import HANAKO, Desk
from tests.rights.planted import plain

ERASE = {"kind": "erase"}


@pytest.fixture
def desk(workspace, db) -> Desk:
    del db
    return plain(workspace)


def person(desk: Desk, **changes: object) -> str:
    number = open_request(desk.intake(ERASE, person=HANAKO | changes), scope=desk.clerk, at=desk.at)
    return get_request(number, scope=desk.clerk, on=desk.at.date()).person


def test_a_person_is_met_again_after_every_rotation(desk):
    first = person(desk)
    keys = set(PersonKey.objects.values_list("key_id", flat=True))
    for _ in range(2):
        rotate(scope=get_actor("engineer", at=desk.at), at=desk.at, record=record)
        assert person(desk) == first
        assert person(desk, emails=[], phones=[]) == first  # by name and birth date
    assert set(PersonKey.objects.values_list("key_id", flat=True)) >= keys


def test_what_a_new_key_taught_is_met_by_it(desk):
    first = person(desk)
    rotate(scope=get_actor("engineer", at=desk.at), at=desk.at, record=record)
    assert person(desk, emails=["new@example.org"]) == first
    assert person(desk, emails=["new@example.org"], birth_date=None, phones=[]) == first


def test_no_value_of_a_person_stands_in_the_tables_of_people(desk):
    person(desk)
    told = " ".join(f"{row.kind} {bytes(row.digest)!r}" for row in PersonKey.objects.all())
    for value in ("高橋", "hanako", "1980", "090"):
        assert value not in told.lower()

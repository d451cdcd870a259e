"""本人: who is met again, who learns what, and who must not be taken for somebody else."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from daicho.keys.ring import Ring
from daicho.subjects.actions import remember_people
from daicho.subjects.models import PersonKey
from daicho.subjects.queries import meet, same_people
from daicho.subjects.rules import Identities
from tests.keys.conftest import fresh_ring

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
NAME = {"name": ("高橋花子",)}
BORN = {"birth_date": ("1980-01-05",)}
MAIL = {"email": ("hanako@example.com",)}
PHONE = {"phone": ("090-1111-2222",)}


def number(value: str) -> Identities:
    return {"number:customer": (value,)}


@pytest.fixture(scope="module")
def ring() -> Ring:
    return fresh_ring()


def _remember(ring: Ring, *people: Identities) -> list[str]:
    with transaction.atomic():
        met = meet(people, organisation="company", ring=ring)
        return remember_people(met, organisation="company", at=AT)


@pytest.mark.django_db
def test_a_known_person_learns_new_keys_and_is_met_by_them(ring):
    (first,) = _remember(ring, {**NAME, **MAIL})
    (again,) = _remember(ring, {**NAME, **MAIL, **PHONE, **number("C-1")})
    (by_phone,) = _remember(ring, {**NAME, **PHONE})
    (by_number,) = _remember(ring, number("C-1"))
    assert first == again == by_phone == by_number


@pytest.mark.django_db
def test_within_one_batch_too(ring):
    (first,) = _remember(ring, {**NAME, **MAIL})
    batch = _remember(ring, {**NAME, **MAIL, **PHONE}, {**NAME, **PHONE}, {**NAME, **BORN}, {**NAME, **BORN})
    assert batch[:2] == [first, first]
    assert batch[2] == batch[3] != first


@pytest.mark.django_db
def test_nothing_is_written_for_somebody_who_brings_nothing_new(ring):
    _remember(ring, {**NAME, **MAIL})
    keys = PersonKey.objects.count()
    assert keys == 1
    _remember(ring, {**NAME, **MAIL})
    assert PersonKey.objects.count() == keys


@pytest.mark.django_db
def test_a_homonym_of_the_same_birth_day_with_another_number_is_somebody_else(ring):
    (first,) = _remember(ring, {**NAME, **BORN, **number("1")})
    (other,) = _remember(ring, {**NAME, **BORN, **number("77")})
    assert first != other
    assert _remember(ring, {**NAME, **BORN, **number("77")}) == [other]
    assert _remember(ring, {**NAME, **BORN, **number("1")}) == [first]
    assert same_people([first]) == {first: frozenset({first})}
    one, two = _remember(ring, {**NAME, **MAIL, **number("5")}, {**NAME, **MAIL, **number("6")})
    assert one != two


@pytest.mark.django_db
def test_without_a_number_both_homonyms_are_met(ring):
    (first,) = _remember(ring, {**NAME, **BORN, **number("1")})
    (other,) = _remember(ring, {**NAME, **BORN, **number("77")})
    met = meet([{**NAME, **BORN}], organisation="company", ring=ring)
    assert met.refs == [first]
    assert met.everyone == [(first, other)]


@pytest.mark.django_db
def test_whoever_is_known_twice_is_met_as_both_and_linked(ring):
    (by_mail,) = _remember(ring, {**NAME, **MAIL})
    (by_number,) = _remember(ring, number("C-1"))
    assert by_mail != by_number
    (both,) = _remember(ring, {**NAME, **MAIL, **number("C-1")})
    assert both == by_number
    met = meet([{**NAME, **MAIL}], organisation="company", ring=ring)
    assert set(met.everyone[0]) == {by_mail, by_number}
    assert same_people([by_mail]) == {by_mail: frozenset({by_mail, by_number})}


@pytest.mark.django_db
def test_another_organisation_knows_nobody_of_this_one(ring):
    _remember(ring, {**NAME, **MAIL})
    assert meet([{**NAME, **MAIL}], organisation="company", ring=ring).refs != [None]
    assert meet([{**NAME, **MAIL}], organisation="other", ring=ring).refs == [None]

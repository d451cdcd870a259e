"""The invented people: the same for the same seed, awkward on purpose, nobody real."""

import re

import names  # type: ignore[import-not-found]
import people  # type: ignore[import-not-found]
import pytest


@pytest.fixture(scope="module")
def humans() -> list[people.Human]:
    found: list[people.Human] = people.invent()
    return found


def test_the_same_seed_invents_the_same_people(humans: list[people.Human]) -> None:
    assert people.invent() == humans


def test_another_seed_invents_others(humans: list[people.Human]) -> None:
    assert people.invent(seed=1)[:50] != humans[:50]


def test_more_people_do_not_change_the_first_ones(humans: list[people.Human]) -> None:
    assert people.invent(200) == humans[:200]


def test_numbers_tell_people_apart(humans: list[people.Human]) -> None:
    assert len({human.number for human in humans}) == people.COUNT == len(humans)


def test_only_reserved_mail_domains_are_used(humans: list[people.Human]) -> None:
    assert {human.email.partition("@")[2] for human in humans} == set(names.MAIL_DOMAINS)
    assert set(names.MAIL_DOMAINS) <= {"example.jp", "example.com", "example.net", "example.org"}


def test_no_telephone_number_can_ring(humans: list[people.Human]) -> None:
    for human in humans:
        assert re.fullmatch(r"0[79]0-0\d{3}-\d{4}", human.mobile)
        area, exchange, number = human.home.telephone.split("-")
        assert set(exchange) == {"0"}
        assert len(area + exchange + number) == 10


def test_there_are_namesakes_and_some_have_different_birth_dates(humans: list[people.Human]) -> None:
    bearers = people.namesakes(humans)
    assert len(bearers) > 100
    assert any(len({one.born_on for one in group}) > 1 for group in bearers.values())


def test_families_share_house_telephone_and_some_a_mailbox(humans: list[people.Human]) -> None:
    houses: dict[int, list[people.Human]] = {}
    for human in humans:
        houses.setdefault(human.household, []).append(human)
    families = [family for family in houses.values() if len(family) > 1]
    assert families
    assert all(len({one.home for one in family}) == 1 for family in families)
    assert any(len({one.email for one in family}) == 1 for family in families)
    assert any(len({one.email for one in family}) > 1 for family in families)


@pytest.mark.parametrize("character", ["髙", "﨑", "邊", "邉", "𠮷", "齋", "澤"])
def test_register_characters_occur(humans: list[people.Human], character: str) -> None:
    assert any(character in human.family and human.family != human.keyboard_family for human in humans)


def test_some_birth_dates_are_unknown_and_some_surnames_former(humans: list[people.Human]) -> None:
    assert 0 < sum(not human.birth_known for human in humans) < len(humans) // 5
    assert any(human.former_family for human in humans)

"""What is open is found by a part of a name or reading, in every spelling; what is closed by the whole only."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daicho.rights import name_parts
from daicho.rights.actions.receiving import open_request
from daicho.rights.models import SubjectRequest
from daicho.rights.name_parts import find_open_by_part
from daicho.rights.rules import RequestState
from tests.rights.desk import ICHIRO, Desk
from tests.rights.screens import at, body, signed_in

AGENT = {"name": "森田 みどり", "kana": "モリタ ミドリ", "address": "名古屋市中区栄2-2-2"}


def opened(desk: Desk, person: dict[str, Any] | None = None, **more: Any) -> str:
    intake = desk.intake({"kind": "disclosure"}, person=person, **more)
    return open_request(intake, scope=desk.clerk, at=desk.at)


@pytest.mark.parametrize(
    "asked", ["高橋", "髙橋", "花子", "花", "高", "たかはし", "ﾀｶﾊｼ", "はなこ", "ハシハナ", "高橋　花"]
)
def test_a_part_of_a_name_finds_what_is_open(desk, asked, monkeypatch):
    at(monkeypatch, desk.at)
    number, other = opened(desk), opened(desk, person=ICHIRO)
    clerk = signed_in("clerk")
    page = body(clerk.post("/requests/find/", {"q": asked}, follow=True))
    assert (number in page, other in page) == (asked != "花", False)  # a single character begins the name
    assert asked not in str(dict(clerk.session.items()))
    SubjectRequest.objects.filter(number=number).update(state=RequestState.CLOSED)
    assert number not in body(clerk.post("/requests/find/", {"q": asked}, follow=True))


@pytest.mark.parametrize("asked", ["森田", "みどり", "もりた"])
def test_a_request_is_found_by_a_part_of_the_agents_name(desk, asked):
    number = opened(desk, requester="mandated_agent", agent=AGENT)
    assert find_open_by_part(asked, scope=desk.clerk) == [number]


@pytest.mark.parametrize("asked", ["1111", "０９０", "hanako@", " ", "\0", "山田"])
def test_what_is_no_part_of_a_name_finds_nothing(desk, asked):
    opened(desk)
    assert find_open_by_part(asked, scope=desk.clerk) == []


def test_a_part_is_looked_for_by_one_statement_among_the_newest(desk, monkeypatch):
    numbers = [opened(desk) for _ in range(3)]
    with CaptureQueriesContext(connection) as seen:
        assert find_open_by_part("高橋", scope=desk.clerk) == numbers[::-1]
    assert sum("rights_subjectrequest" in one["sql"] for one in seen) == 1
    monkeypatch.setattr(name_parts, "MOST_OPENED", 2)
    assert find_open_by_part("高橋", scope=desk.clerk) == numbers[:0:-1]


def test_a_damaged_seal_hides_no_other_request(desk):
    first, second = opened(desk), opened(desk)
    SubjectRequest.objects.filter(number=first).update(facts=b"x" * 60)
    assert find_open_by_part("高橋", scope=desk.clerk) == [second]

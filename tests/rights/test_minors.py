"""Who asks for a child or a ward: what the desk is told to think of, and whom the answer goes to."""

from datetime import date

import pytest

from daicho.law.kinds import Requester
from daicho.rights.actions.receiving import open_request
from daicho.rights.minors import age_on, identity_hints
from tests.rights.desk import Desk
from tests.rights.screens import at, body, signed_in

R = Requester
ON = date(2026, 11, 24)
CHILD = date(2012, 11, 25)


def said(*given, **more) -> str:
    return " ".join(one.ja for one in identity_hints(*given, **more))


def test_age_is_counted_in_whole_years_on_the_day_of_arrival():
    assert [age_on(date(2008, 11, 24), ON), age_on(date(2008, 11, 25), ON)] == [18, 17]


@pytest.mark.parametrize(
    ("requester", "born", "on", "told", "not_told"),
    [
        (R.PRINCIPAL, CHILD, ON, "13 歳の未成年者", "共同"),
        (R.MINOR_AGENT, CHILD, ON, "共同で親権", "成年です"),
        (R.MINOR_AGENT, CHILD, date(2026, 3, 31), "利益が相反", "共同で親権"),
        (R.MINOR_AGENT, date(2000, 1, 1), ON, "成年です", "未成年者です"),
        (R.GUARDIAN, date(1940, 1, 1), ON, "利益が相反", "共同"),
    ],
)
def test_what_the_desk_is_told(requester, born, on, told, not_told):
    assert told in said(requester, born, on)
    assert not_told not in said(requester, born, on)


def test_nothing_is_told_where_nothing_is_to_be_thought_of():
    assert identity_hints(R.PRINCIPAL, date(1980, 1, 5), ON) == []
    assert identity_hints(R.PRINCIPAL, None, ON) == []
    assert "支援措置のある請求" in said(R.MINOR_AGENT, CHILD, ON, support_measure=True)


def test_the_answer_to_a_parent_goes_to_the_parent(desk: Desk, monkeypatch):
    at(monkeypatch, desk.at)
    child = {"name": "高橋 一郎", "birth_date": CHILD.isoformat(), "address": "名古屋市東区1-1"}
    parent = {"name": "高橋 花子", "address": "名古屋市東区1-1"}
    asked = desk.intake({"kind": "disclosure"}, person=child, requester="minor_agent", agent=parent)
    assert asked.reply.to == "agent"
    told = {"to": "person"}
    own = desk.intake({"kind": "disclosure"}, person=child, requester="minor_agent", agent=parent, reply=told)
    assert own.reply.to == "person"
    number = open_request(asked, scope=desk.clerk, at=desk.at)
    page = body(signed_in("clerk").get(f"/requests/{number}/papers/"))
    assert "共同で親権" in page
    assert "利益が相反" in page
    assert "identity-conflict" in page
    new = body(signed_in("clerk", language="en").get("/requests/new/"))
    assert new.index('value="agent"') < new.index('value="person"')

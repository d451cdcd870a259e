"""Who asked on the web hears by mail that the desk wrote something, once for each, with a link that opens."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from daicho.portal.actions.news import tell_news
from daicho.rights.actions.noticing import notify
from daicho.rights.actions.receiving import check_request, withdraw_request
from daicho.rights.inbox import DayKind, Wanted, list_inbox, list_my_due
from daicho.rights.models import SubjectRequest
from daicho.rights.rules import RequestState
from daicho.trail.models import TrailEntry
from tests.portal.web import FORM, Stranger
from tests.rights.desk import Desk

Make = Callable[..., Stranger]
ADDRESS = "https://daicho.example"


def told(one: Stranger, *, address: str = ADDRESS) -> int:
    return tell_news(address=address, at=one.at, on=one.at.date())


@pytest.fixture
def asked(stranger: Make, web: Desk) -> tuple[Stranger, str]:
    """A request by web without its identity paper."""
    one = stranger()
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    one.show_paper("id_copy:person:drivers_licence")
    number = one.submit()
    one.mails()
    return one, number


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_notice_is_told_once_and_its_link_opens(stranger: Make, web: Desk, language: str):
    one = stranger(language=language)
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    one.show_paper("id_copy:person:drivers_licence")
    number = one.submit()
    assert one.mails() == 1
    assert told(one) == 0  # nothing was written yet

    one.wait(minutes=5)
    check_request(number, identity=True, scope=web.clerk, at=one.at)
    assert SubjectRequest.objects.get(number=number).state == RequestState.AWAITING_FEE
    notify(number, "missing", scope=web.clerk, at=one.at, folder=web.files)
    one.wait(minutes=5)
    assert told(one) == 1
    assert told(one) == 0
    assert one.mails() == 1
    assert ("お知らせ" if language == "ja" else "something to read") in one.box.mails[-1]["Subject"]
    assert one.box.mails[-1]["To"] == "hanako@example.com"
    assert "高橋" not in one.box.text()
    page = one.enter(one.box.link()).content.decode()
    assert number in page
    assert "500" in page  # what is missing
    one.wait(minutes=5)
    assert told(one) == 0  # the new link carries the mark

    assert TrailEntry.objects.filter(event="web.link_mailed", actor="system:news").count() == 1


def test_a_second_notice_is_told_again_but_nothing_of_a_request_that_ended(asked, web: Desk):
    one, number = asked
    one.wait(minutes=5)
    check_request(number, identity=True, scope=web.clerk, at=one.at)
    notify(number, "missing", scope=web.clerk, at=one.at, folder=web.files)
    assert told(one) == 1
    one.wait(days=1)
    notify(number, "missing", scope=web.clerk, at=one.at, folder=web.files)
    withdraw_request(number, scope=web.clerk, at=one.at)
    assert told(one) == 0


def test_without_an_address_no_mail_is_made_that_leads_nowhere(asked, web: Desk):
    one, number = asked
    one.wait(minutes=5)
    check_request(number, identity=True, scope=web.clerk, at=one.at)
    notify(number, "missing", scope=web.clerk, at=one.at, folder=web.files)
    assert told(one, address="") == 0
    one.at += timedelta(days=400)  # the link has expired: nobody is mailed any more
    assert told(one) == 0


def test_the_desk_is_not_asked_to_acknowledge_what_the_door_acknowledged(asked, web: Desk):
    one, number = asked
    on = one.at.date()
    (row,) = list_inbox(Wanted(), scope=web.clerk, on=on).rows
    assert (row.number, row.acknowledge_by) == (number, None)
    SubjectRequest.objects.filter(number=number).update(channel="post")
    (row,) = list_inbox(Wanted(), scope=web.clerk, on=on).rows
    assert row.acknowledge_by is not None
    SubjectRequest.objects.filter(number=number).update(assigned_to=web.clerk.actor)
    assert DayKind.ACKNOWLEDGE in list_my_due(scope=web.clerk, on=on, within=5, limit=5).rows[0].days
    SubjectRequest.objects.filter(number=number).update(channel="web")
    assert not list_my_due(scope=web.clerk, on=on, within=5, limit=5).rows

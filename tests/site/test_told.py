"""What a page says of what was done, or went wrong: where it is seen, and with a way on."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from daicho.people.actions import create_account
from daicho.people.rules import Role
from tests.people.entering import enter
from tests.rights.desk import AT, ORGANISATION
from tests.rights.planted import plain


class Links(HTMLParser):
    """Every address of a link, and every id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = dict(attrs)
        if tag == "a":
            self.to.append(found.get("href") or "")
        self.ids.add(found.get("id") or "")


def client_of(code: str) -> Client:
    client = Client()
    enter(client, code)
    return client


@pytest.fixture
def desk(workspace, db):
    return plain(workspace)


@pytest.fixture
def empty(desk):
    """The same accounts in an installation that has no policy yet."""
    from daicho.policy.models import PolicyMember, PolicyRevision

    PolicyMember.objects.all().delete()
    PolicyRevision.objects.all().delete()
    return desk


def test_a_refused_form_says_on_top_what_is_wrong_and_leads_to_each_field(desk):
    number = desk.verified({"kind": "disclosure"})
    page = client_of("clerk").post(f"/requests/{number}/notice/", {"notice-notice": "delay"})
    assert page.status_code == 422
    text = page.content.decode()
    assert text.index('class="summary') < text.index("<h1>")
    found = Links(text[text.index('class="summary') :])
    leads = [one[1:] for one in found.to if one.startswith("#id_notice")]
    assert len(leads) == 2
    assert set(leads) <= found.ids
    shown = text.partition('class="only-delay')[2].partition('<p class="muted">補正')[0]
    assert "id_notice-expected_on" in shown
    assert "任意" not in shown


def test_a_page_without_a_wrong_field_has_no_summary(desk):
    assert 'class="summary' not in client_of("clerk").get("/requests/new/").content.decode()


def test_nothing_found_keeps_the_navigation_of_who_is_signed_in(desk):
    page = client_of("clerk").get("/nowhere/")
    text = page.content.decode()
    assert page.status_code == 404
    assert "/requests/" in Links(text).to
    assert "/people/" not in Links(text).to  # what the role does not reach stays out
    strange = Client().get("/nowhere/").content.decode()
    assert "/requests/" not in Links(strange).to


def test_an_address_that_only_takes_forms_says_so(desk):
    page = client_of("clerk").get("/requests/bulk/")
    assert page.status_code == 405
    assert page.headers["Allow"]
    assert "/requests/" in Links(page.content.decode()).to


def test_without_a_policy_the_officer_is_led_to_begin_one(empty):
    boss = client_of("boss")
    home = Links(boss.get("/").content.decode())
    assert "/policy/new/" in home.to
    assert home.to.count("/requests/new/") == 1  # in the menu, no longer the button
    page = boss.get("/requests/new/")
    assert page.status_code == 404
    assert "daicho policy" not in page.content.decode()
    main = page.content.decode().partition('<main id="main"')[2]
    assert "/policy/" in Links(main).to
    clerk = client_of("clerk").get("/").content.decode()
    assert "/policy/new/" not in Links(clerk).to
    assert "個人情報保護管理者か事務局が作成します" in clerk


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.DEPARTMENT_HEAD, Role.MY_NUMBER_HANDLER])
def test_home_is_never_blank(desk, role):
    create_account("new", display_name="New", organisation=ORGANISATION, roles=[role], scope=desk.officer, at=AT)
    main = client_of("new").get("/").content.decode().partition('<main id="main"')[2]
    assert "いま、あなたに届いている用事はありません" in main
    assert "/privacy/" in Links(main).to
    assert "/requests/" not in Links(main).to


def test_the_receipts_that_are_late_stand_on_the_home_page_and_lead_to_their_list(desk):
    from datetime import timedelta

    from daicho.rights.models import IssuedLetter, SubjectRequest

    number = desk.verified({"kind": "disclosure"})
    IssuedLetter.objects.all().delete()
    SubjectRequest.objects.filter(number=number).update(channel="post", arrived_on=AT.date() - timedelta(days=10))
    clerk = client_of("clerk")
    assert "/requests/?unacknowledged=1" in Links(clerk.get("/").content.decode()).to
    assert number in clerk.get("/requests/?unacknowledged=1").content.decode()
    SubjectRequest.objects.filter(number=number).update(arrived_on=AT.date())
    assert "/requests/?unacknowledged=1" not in Links(clerk.get("/").content.decode()).to
    assert number not in clerk.get("/requests/?unacknowledged=1").content.decode()


def test_the_palette_finds_papers_rows_and_pages_as_far_as_the_role_reaches(desk):
    from daicho.post.actions.envelopes import EnvelopeIntake, register_envelope
    from daicho.post.rules import Channel

    register_envelope(
        EnvelopeIntake(
            organisation=ORGANISATION,
            channel=Channel.POST,
            post_room="総務",
            arrived_on=AT.date(),
            opened_by="佐久間",
            delivery_number="123-45-67890-1",
        ),
        scope=desk.clerk,
        at=AT,
    )
    create_account("emp", display_name="E", organisation=ORGANISATION, roles=[Role.EMPLOYEE], scope=desk.officer, at=AT)

    def found(code: str, asked: str) -> str:
        answer = client_of(code).get("/go/", {"q": asked}, headers={"HX-Request": "true"})
        return str(answer.content.decode())

    for asked, leads in (("67890", "/post/"), ("網羅性", "/register/coverage/"), ("封筒を登録", "/post/new/")):
        assert f'href="{leads}' in found("clerk", asked), asked
        assert f'href="{leads}' not in found("emp", asked), asked

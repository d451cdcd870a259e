"""The home page counts what is open, says nothing to whom it is not for, and Ctrl+K finds what one may open."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from daicho.rights.models import SubjectRequest
from daicho.rights.today import AGES, desk_today
from daicho.site.plots import Bar, columns, stacked_bars
from daicho.words.errors import NotAllowedError
from tests.people.entering import enter
from tests.rights.desk import AT, ICHIRO, ORGANISATION
from tests.rights.planted import plain

ON = AT.date()


def client_of(code: str) -> Client:
    client = Client()
    enter(client, code)
    return client


@pytest.fixture
def open_cases(workspace, db):
    desk = plain(workspace)
    first = desk.verified({"kind": "disclosure"}, arrived_on=ON - timedelta(days=20))
    second = desk.verified({"kind": "erase"}, person=ICHIRO, fee=0)
    SubjectRequest.objects.filter(number=first).update(target_on=ON - timedelta(days=6))
    return desk, first, second


def test_the_day_counts_only_what_is_open(open_cases):
    desk, first, second = open_cases
    today = desk_today(scope=desk.clerk, on=ON)
    assert (today.open, today.late, today.soon) == (2, 1, 0)
    assert [one.number for one in today.urgent] == [first, second]
    assert {kind: list(counts) for kind, counts in today.ages.items()} == {
        "disclosure": [0, 0, 0, 1],
        "erase": [1, 0, 0, 0],
    }
    assert sum(today.arrived.values()) == 2
    assert len(today.arrived) == 12
    SubjectRequest.objects.filter(number=first).update(state="closed")
    assert (desk_today(scope=desk.clerk, on=ON).open, desk_today(scope=desk.clerk, on=ON).late) == (1, 0)


def test_an_age_is_counted_from_the_day_of_arrival(open_cases):
    desk, first, _ = open_cases
    for days, bucket in ((0, 0), (AGES[0] - 1, 0), (AGES[0], 1), (AGES[1] - 1, 1), (AGES[1], 2), (AGES[2], 3)):
        SubjectRequest.objects.filter(number=first).update(arrived_on=ON - timedelta(days=days))
        counts = next(
            list(found) for kind, found in desk_today(scope=desk.clerk, on=ON).ages.items() if kind == "disclosure"
        )
        assert counts.index(1) == bucket, days


def test_statements_do_not_grow_with_requests(open_cases, django_assert_max_num_queries):
    desk, _, _ = open_cases
    with django_assert_max_num_queries(10):
        desk_today(scope=desk.clerk, on=ON)
    for _ in range(3):
        desk.verified({"kind": "disclosure"})
    with django_assert_max_num_queries(10):
        desk_today(scope=desk.clerk, on=ON)


@pytest.mark.parametrize(("language", "words"), [("ja", "いま必要なこと"), ("en", "What needs you today")])
def test_the_page_stands_in_both_languages(open_cases, language, words):
    _, first, _ = open_cases
    page = client_of("boss").get("/", {"lang": language}).content.decode()
    assert words in page
    assert f"/requests/{first}/" in page
    assert "高橋" not in page  # who asked stays in the case


def test_checks_are_for_those_who_can_mend_them(open_cases):
    assert "規則が見つけたもの" in client_of("boss").get("/").content.decode()
    assert "規則が見つけたもの" not in client_of("clerk").get("/").content.decode()


def test_what_waits_at_the_post_room_and_in_the_outbox_is_counted_once_there_is_some(open_cases):
    from daicho.post.actions.envelopes import EnvelopeIntake, register_envelope
    from daicho.post.rules import Channel
    from daicho.work.models import OutgoingMail
    from daicho.work.rules import MailState

    desk, _, _ = open_cases
    before = client_of("boss").get("/").content.decode()
    assert "仕分け待ちの封筒" not in before
    assert "届かなかったメール" not in before
    register_envelope(
        EnvelopeIntake(
            organisation=ORGANISATION, channel=Channel.POST, post_room="総務", arrived_on=ON, opened_by="佐久間"
        ),
        scope=desk.clerk,
        at=AT,
    )
    OutgoingMail.objects.create(
        organisation=ORGANISATION, kind="code", state=MailState.DEAD, queued_at=AT, next_try_at=AT
    )
    after = client_of("boss").get("/").content.decode()
    assert "仕分け待ちの封筒" in after
    assert "届かなかったメール" in after


def test_letters_to_enclose_and_copies_to_destroy_lead_to_their_lists(open_cases):
    from datetime import timedelta

    from daicho.rights.models import IssuedLetter, RequestDocument

    assert open_cases
    before = client_of("boss").get("/").content.decode()
    assert "封入待ちの書面" not in before
    assert "廃棄する本人確認書類" not in before
    paper = RequestDocument.objects.filter(organisation=ORGANISATION)[0]
    paper.dispose_on = ON + timedelta(days=1)
    paper.save(update_fields=["dispose_on"])
    assert "廃棄する本人確認書類" not in client_of("boss").get("/").content.decode()
    paper.dispose_on = ON
    paper.save(update_fields=["dispose_on"])
    IssuedLetter.objects.create(
        request=paper.request,
        organisation=ORGANISATION,
        ref="L-1",
        number="第1号",
        kind="delay",
        pages=1,
        sha256="0" * 64,
        name="x",
        wrapped_key=b"",
        size=1,
        issued_by="clerk",
        issued_at=AT,
    )
    after = client_of("boss").get("/").content.decode()
    assert 'href="/requests/dispatches/?part=enclose"' in after
    assert 'href="/requests/disposal/"' in after


def test_an_employee_sees_no_request(open_cases):
    from daicho.people.actions import create_account
    from daicho.people.queries import get_actor
    from daicho.people.rules import Role

    desk, first, _ = open_cases
    create_account(
        "emp", display_name="Emp", organisation=ORGANISATION, roles=[Role.EMPLOYEE], scope=desk.officer, at=AT
    )
    with pytest.raises(NotAllowedError):
        desk_today(scope=get_actor("emp", at=AT), on=ON)
    page = client_of("emp").get("/")
    assert page.status_code == 200
    assert first not in page.content.decode()


@pytest.mark.parametrize(
    ("path", "marked", "how"),
    [
        ("/", "/", "page"),
        ("/requests/", "/requests/", "page"),
        ("/requests/{number}/papers/", "/requests/", "true"),
        ("/requests/ledger/2026/", "/requests/ledger/", "true"),
        ("/people/me/", "/people/", "true"),
    ],
)
def test_the_place_a_page_lies_in_is_marked_in_the_navigation(open_cases, path, marked, how):
    _, number, _ = open_cases
    page = client_of("boss").get(path.format(number=number)).content.decode()
    found = re.findall(r'<a href="([^"]+)" data-key="g ."(?: aria-current="(\w+)")?', page)
    assert [one for one in found if one[1]] == [(marked, how)]


def test_the_palette_finds_a_request_by_the_end_of_its_number(open_cases):
    _, first, second = open_cases
    found = client_of("clerk").get("/go/", {"q": first[-4:]}, headers={"HX-Request": "true"}).content.decode()
    assert f"/requests/{first}/" in found
    assert f"/requests/{second}/" not in found


def test_the_palette_offers_only_what_the_account_may_open(open_cases):
    assert 'href="/people/"' in client_of("boss").get("/go/", {"q": ""}).content.decode()
    offered = client_of("engineer").get("/go/", {"q": "アカウント"}, headers={"HX-Request": "true"}).content.decode()
    assert 'href="/people/"' not in offered


def test_a_plot_says_its_numbers_and_escapes_its_names():
    drawn = stacked_bars(
        [Bar(name="<b>", parts=[1, 0, 3])], parts=["a", "b", "c"], tones=["fill", "fill", "fill"], title="t"
    )
    assert "&lt;b&gt; a: 1" in drawn
    assert "b: 0" not in drawn
    assert drawn.count("<rect") == 2
    assert columns([("26/01", 0), ("26/02", 4)], title="t").count("<rect") == 2
    assert "<svg" in columns([], title="t")

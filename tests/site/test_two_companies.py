"""A role in one company opens nothing of another: every page, for accounts with different roles in two companies.

The measure is taken, not written down: what somebody with a role here and another role in the second company sees
of the first is never more than what the role in the first alone shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daicho.people import actions, queries
from daicho.people.doors import Passage
from daicho.people.models import AccountOrganisation
from daicho.people.rules import Role
from daicho.rights.access import DESK
from daicho.rights.actions.recording import Money, record_fee
from daicho.trail.models import TrailEntry
from tests.people.entering import enter
from tests.post.room import Room
from tests.rights.desk import AT, ICHIRO, ORGANISATION, Desk
from tests.rights.planted import with_cabinet
from tests.rights.test_thread import searched
from tests.site.test_routes import inside, routes

FAR = "far-company"
MAIL = "kept.here@example.jp"


@dataclass(frozen=True)
class House:
    """One company with something of everything; ``marks``: words that stand nowhere else."""

    desk: Desk
    number: str
    envelope: str
    scan: str
    marks: frozenset[str]

    @property
    def told_in_place(self) -> set[str]:
        """A fragment of a page, which says in its place that there is no such request."""
        return {f"/requests/claims/{self.number}-1/plan/"}


@pytest.fixture
def house(workspace, db, monkeypatch) -> House:
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())
    room = Room(with_cabinet(workspace))
    desk = room.desk
    for _ in range(2):  # the first number stands on some pages as an example
        desk.verified({"kind": "erase"}, person=ICHIRO, fee=0)
    number = desk.verified({"kind": "disclosure"})
    searched(desk, number)
    record_fee(number, Money(face_value=500, issued_on=date(2026, 11, 2)), scope=desk.clerk, at=AT)
    envelope = room.envelope()
    actions.create_account(
        "kept-here", display_name="KeptHere", organisation=ORGANISATION, roles=[Role.DESK], mail_address=MAIL,
        scope=desk.officer, at=AT,
    )  # fmt: skip
    marks = {number, envelope, "顧客台帳", "通販システム", "契約書キャビネット", "kept-here", "KeptHere", MAIL, "花子"}
    return House(
        desk=desk, number=number, envelope=envelope, scan=room.scan(envelope=envelope).ref, marks=frozenset(marks)
    )


def held(**roles: Role) -> Iterator[tuple[str, Role]]:
    yield from ((ORGANISATION if place == "here" else FAR, role) for place, role in roles.items())


def account(code: str, **roles: Role) -> Client:
    """A browser of somebody with a role ``here``, in the company of the house, or ``far``, in the other, or both."""
    home, first = next(held(**roles))
    boss = queries.get_actor("boss", at=AT)
    everywhere = type(boss)(actor="boss", organisations=boss.organisations | {FAR})
    AccountOrganisation.objects.get_or_create(
        account=queries.get_account("boss"), organisation=FAR, role=Role.OFFICER, defaults={"granted_at": AT}
    )
    actions.create_account(code, display_name=code, organisation=home, roles=[first], scope=everywhere, at=AT)
    AccountOrganisation.objects.filter(account__code=code).delete()
    for place, role in held(**roles):
        AccountOrganisation.objects.create(
            account=queries.get_account(code), organisation=place, role=role, granted_at=AT
        )
    AccountOrganisation.objects.filter(account__code="boss", organisation=FAR).delete()
    return enter(Client(), code)


def pages(house: House) -> Iterator[tuple[str, bool]]:
    """Every address that shows something, filled with what there is here; whether it names it."""
    real: dict[str, dict[str, Any]] = {
        "rights": {"number": house.number, "claim": f"{house.number}-1", "year": 2026, "form": "xlsx"},
        "post": {"number": house.envelope, "ref": house.scan, "position": 1},
        "post:of_request": {"number": house.number},
        "post:cover": {"number": house.number},
        "people": {"code": "kept-here"},
        "register": {"organisation": ORGANISATION, "reg_no": "H-1", "code": "shop"},
        "portal": {"number": house.number},
        "policy": {"organisation": ORGANISATION, "version": "1", "section": "purposes"},
    }
    for name in sorted(
        {one.name for one in routes() if one.permission and one.permission.passage is not Passage.PUBLIC}
    ):
        room, _, last = name.rpartition(":")
        for possible, _pattern, defaults, _ in inside(room).reverse_dict.getlist(last):
            for _result, parameters in possible:
                given = {**real.get(room, {}), **real.get(name, {})}
                values = {key: given[key] for key in parameters if key in given and key not in defaults}
                if {*values, *defaults} >= set(parameters) and "merge" not in name:
                    yield reversed_address(name, values), bool(values.keys() - {"year", "form"})
    yield from ((one, False) for one in (
        "/go/?q=1", "/go/?q=h-1", "/go/?q=顧客", "/requests/?tab=all", "/requests/?as=csv&tab=all", "/requests/money/?as=csv",
        "/requests/slips/?state=all", "/requests/runs/?state=all", "/trail/?event=request", "/post/?state=all",
        f"/requests/ledger/2026/?organisation={ORGANISATION}", f"/requests/?organisation={ORGANISATION}&tab=all",
        f"/register/?organisation={ORGANISATION}", f"/people/?q={MAIL}", "/people/?q=kept",
    ))  # fmt: skip


def reversed_address(name: str, values: dict[str, Any]) -> str:
    return reverse(name, kwargs=values)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def look(browser: Client, house: House) -> dict[str, tuple[int, frozenset[str]]]:
    """Address → its status, and the marks on it that the address itself does not say."""
    found = {}
    for address, _ in pages(house):
        answer = browser.get(address)
        said = content(answer).decode("utf-8", "replace")
        found[address] = answer.status_code, frozenset(one for one in house.marks if one in said and one not in address)
    return found


#: Beside an employee, and beside those who see a part of it.
HERE = (Role.EMPLOYEE, Role.ENGINEER, Role.AUDITOR, Role.DESK, Role.DEPARTMENT_HEAD)
#: Those who see most, each of something else.
FAR_ROLES = (Role.OFFICER, Role.SECRETARIAT, Role.DESK, Role.ENGINEER, Role.AUDITOR)


@pytest.mark.slow
@pytest.mark.parametrize("here", HERE)
def test_a_role_elsewhere_shows_nothing_more_here(house: House, here: Role):
    alone = look(account("alone", here=here), house)
    wrong: list[object] = []
    for number, far in enumerate(FAR_ROLES):
        seen = look(account(f"both-{number}", here=here, far=far), house)
        for address, (status, marks) in seen.items():
            before, known = alone[address]
            if marks - known or status >= 500:
                wrong.append((far, address, status, sorted(marks - known)))
            names_it = dict(pages(house))[address]
            if names_it and before in {403, 404} and status == 200 and address not in house.told_in_place:
                wrong.append((far, address, f"{before} alone"))
    assert wrong == []


@pytest.mark.slow
def test_the_pages_do_show_it_to_whom_they_are_for(house: House):
    seen = look(account("whole", here=Role.OFFICER), house)
    assert frozenset().union(*(marks for _, marks in seen.values())) >= house.marks
    assert max(status for status, _ in seen.values()) < 500


@pytest.mark.slow
@pytest.mark.parametrize("far", FAR_ROLES)
def test_a_stranger_sees_nothing_on_any_page(house: House, far: Role):
    seen = look(account("stranger", far=far), house)
    assert {address: marks for address, (_, marks) in seen.items() if marks} == {}
    assert [address for address, names_it in pages(house) if names_it and seen[address][0] == 200] == [
        *house.told_in_place
    ] * (far in DESK)


def test_people_are_searched_for_only_where_one_works_at_the_desk(house: House):
    """An engineer looks at cases without their people; working at another company's desk does not change that."""
    for code, role, finds in (
        ("engineers", Role.ENGINEER, False),
        ("audits", Role.AUDITOR, False),
        ("desks", Role.DESK, True),
    ):
        browser = account(code, here=role, far=Role.DESK)
        said = browser.post("/requests/find/", {"q": "高橋花子"}, follow=True).content.decode()
        assert (house.number in said) is finds, code
        assert house.number in browser.get("/requests/?tab=all").content.decode()


def test_a_mail_address_is_for_those_who_keep_the_account_not_for_who_audits_it(house: House):
    keeper = account("keeps", here=Role.SECRETARIAT)
    auditor = account("looks", here=Role.AUDITOR, far=Role.SECRETARIAT)
    assert MAIL in keeper.get("/people/account/kept-here/").content.decode()
    page = auditor.get("/people/account/kept-here/")
    assert page.status_code == 200
    assert MAIL not in page.content.decode()


def test_the_home_page_counts_only_where_the_role_is_held(house: House):
    """Slips and runs lie with the desk; an employee's company is not counted for another company's desk."""
    assert "検索依頼票の回答待ち" in account("here", here=Role.DESK).get("/").content.decode()
    elsewhere = account("there", here=Role.EMPLOYEE, far=Role.DESK).get("/").content.decode()
    assert "検索依頼票の回答待ち" not in elsewhere
    assert "検索依頼票の回答待ち" not in account("makes", here=Role.ENGINEER).get("/").content.decode(), (
        "their page is not his"
    )


def test_the_trail_is_handed_out_only_to_who_reads_all_of_it(house: House):
    outside = [account("far-keeper", far=Role.SECRETARIAT), account("two", here=Role.EMPLOYEE, far=Role.ENGINEER)]
    for browser in outside:
        before = TrailEntry.objects.count()
        answer = browser.post("/trail/export/", follow=True)
        assert not answer.streaming
        assert "書き出せません" in answer.content.decode()
        assert house.number not in answer.content.decode()
        assert TrailEntry.objects.count() == before, "what was refused is not written down as taken"
    TrailEntry.objects.filter(organisation=FAR).update(organisation="unheard-of")
    assert not account("here-only", here=Role.OFFICER).post("/trail/export/").streaming
    TrailEntry.objects.exclude(organisation__in=[ORGANISATION, "*"]).update(organisation=FAR)
    whole = account("all", here=Role.AUDITOR, far=Role.ENGINEER).post("/trail/export/")
    assert whole.streaming
    assert house.number in content(whole).decode()
    assert TrailEntry.objects.filter(event="trail.exported", actor="all").count() == 1


def test_the_desk_of_the_web_door_says_one_thing_of_a_foreign_request_and_of_none(house: House):
    browser = account("far-desk", far=Role.DESK)
    for address, send in (
        ("/offers/{}/", browser.get),
        ("/offers/{}/offer/", browser.post),
        ("/offers/{}/end/", browser.post),
    ):
        foreign, none = (send(address.format(number), follow=True) for number in (house.number, "R-2026-9999"))
        assert foreign.status_code == none.status_code
        said = [one.content.decode().replace(house.number, "?").replace("R-2026-9999", "?") for one in (foreign, none)]
        assert [ORGANISATION in one for one in said] == [False, False], address
        assert len({without_marks(one) for one in said}) == 1, address


def without_marks(page: str) -> str:
    """A page without what differs from one answer to the next."""
    return re.sub(
        r'(csrfmiddlewaretoken" value|nonce|data-csrf|content)="[^"]*"', "", re.sub(r"[A-Za-z0-9]{64}", "", page)
    )

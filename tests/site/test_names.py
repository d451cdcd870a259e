"""Pages call accounts and companies by their names, in a fixed number of statements; the trail shows the codes too."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daicho.people.models import Account
from daicho.people.queries import account_names
from daicho.policy.queries import company_names
from daicho.rights.actions.tending import assign_request
from daicho.rights.models import SubjectRequest
from daicho.words.scope import Scope
from tests.rights.desk import AT, ORGANISATION, Desk
from tests.rights.planted import plain
from tests.rights.screens import body, signed_in

COMPANY = {"ja": "株式会社コプロ・ホールディングス", "en": "COPRO-HOLDINGS. Co., Ltd."}


@pytest.fixture
def desk(workspace, db, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())
    found = plain(workspace)
    Account.objects.filter(code="clerk").update(display_name="小田 千晴")
    return found


def test_pages_of_the_desk_call_people_by_name(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    for who in ("boss", "clerk"):
        assign_request(number, who, scope=desk.clerk, at=desk.at)
    browser = signed_in("boss")
    for address in ("/requests/", f"/requests/{number}/", f"/requests/{number}/record/"):
        assert '<span title="clerk">小田 千晴</span>' in body(browser.get(address)), address
    assert f"請求 {number} の担当を 小田 千晴 に変更" in body(browser.get(f"/requests/{number}/record/"))
    assert "小田 千晴" in b"".join(browser.get("/requests/?as=csv")).decode("utf-8-sig")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_trail_shows_the_name_and_the_code(desk: Desk, language: str):
    desk.verified({"kind": "disclosure"})
    page = body(signed_in("carol", language).get("/trail/"))
    assert '小田 千晴 <small class="mono">clerk</small>' in page
    assert f'{COMPANY[language]} <small class="mono">{ORGANISATION}</small>' in page


def test_names_cost_the_same_for_one_row_and_for_many(desk: Desk):
    browser = signed_in("boss")

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get("/requests/")
        return len(seen)

    first = desk.verified({"kind": "disclosure"})
    assign_request(first, "clerk", scope=desk.clerk, at=desk.at)
    once = statements()
    for who in ("clerk", "boss"):
        number = desk.verified({"kind": "disclosure"})
        assign_request(number, who, scope=desk.clerk, at=desk.at)
    assert SubjectRequest.objects.count() == 3
    assert statements() == once


def test_only_accounts_of_the_scope_are_named(desk: Desk):
    assert account_names(scope=desk.clerk)["clerk"] == "小田 千晴"
    assert account_names(scope=Scope(actor="x", organisations=frozenset({"elsewhere"}))) == {}


def test_a_company_is_called_what_the_policy_in_force_calls_it(desk: Desk):
    assert company_names(on=AT.date())[ORGANISATION].ja == COMPANY["ja"]
    assert company_names(on=AT.date() - timedelta(days=31)) == {}

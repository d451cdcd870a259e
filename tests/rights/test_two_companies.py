"""A request to two companies of the group is worked on by who is at the desk of both: a role in one is not enough."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from daicho.law.kinds import RequestKind
from daicho.people.actions import create_account
from daicho.people.models import AccountOrganisation
from daicho.people.queries import get_account, get_actor
from daicho.people.rules import Role
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_written
from daicho.rights import queries, sights
from daicho.rights.actions import answering, carrying, deciding, searching, watching
from daicho.rights.actions.receiving import check_request, open_request
from daicho.rights.models import Claim
from daicho.rights.rules import ClaimState
from daicho.rights.views import background
from daicho.site.wiring import open_store
from daicho.words.errors import NotAllowedError
from daicho.words.scope import Scope
from tests.rights.desk import AT, HOLDINGS, MAP, ORGANISATION, SCHEMA, STORE, Desk
from tests.rights.pages import Screen
from tests.rights.screens import at

OTHER = "copro-career"


def grant(code: str, role: Role) -> Scope:
    AccountOrganisation.objects.create(account=get_account(code), organisation=OTHER, role=role, granted_at=AT)
    return get_actor(code, at=AT)


@pytest.fixture
def both(desk: Desk) -> str:
    """A verified request to both companies, each with a database of its own; group and second work at both desks."""
    for code in ("group", "second"):
        create_account(code, display_name=code, organisation=ORGANISATION, roles=[Role.DESK], scope=desk.officer, at=AT)
        grant(code, Role.DESK)
    with sqlite3.connect(desk.folder / "other.sqlite3") as connection:
        connection.executescript(SCHEMA)
    engineer, boss = grant("engineer", Role.ENGINEER), grant("boss", Role.OFFICER)
    documents = {
        "store": STORE.replace("store: shop", "store: other").replace("shop.sqlite3", "other.sqlite3"),
        "holdings": HOLDINGS.replace("store: shop", "store: other"),
        "map": MAP.replace("map: shop", "map: other").replace("store: shop", "store: other"),
    }
    plan = plan_written(
        {name: text.replace(ORGANISATION, OTHER) for name, text in documents.items()},
        bases={},
        scope=engineer,
        open_store=open_store,
        policy=None,
    )
    apply_documents(plan, scope=engineer, at=AT)
    confirm_map("other", scope=boss, at=AT)
    desk.clerk = get_actor("group", at=AT)
    number = open_request(
        desk.intake({"kind": "disclosure"}, {"kind": "erase", "basis": "no_longer_needed"}).model_copy(
            update={"addressed": (ORGANISATION, OTHER)}
        ),
        scope=desk.clerk,
        at=AT,
    )
    desk.papers(number)
    check_request(number, identity=True, scope=desk.clerk, at=AT)
    return number


def others(desk: Desk) -> int:
    with sqlite3.connect(desk.folder / "other.sqlite3") as connection:
        return int(connection.execute("SELECT count(*) FROM customers WHERE id = 1").fetchone()[0])


TRIES: dict[str, Callable[[Desk, str, Scope], object]] = {
    "search": lambda _, n, s: searching.search_request(n, by_name=False, scope=s, at=AT, open_store=open_store),
    "candidate": lambda _, n, s: searching.decide_candidate(n, "0" * 16, accepted=True, scope=s, at=AT),
    "candidates": lambda _, n, s: queries.list_candidates(n, scope=s),
    "compare": lambda _, n, s: sights.compare_candidates(n, scope=s),
    "cells": lambda _, n, s: list(queries.review_cells(f"{n}-1", scope=s, at=AT, open_store=open_store)),
    "decide cells": lambda _, n, s: deciding.decide_cells(f"{n}-1", {}, scope=s, at=AT),
    "reclassify": lambda _, n, s: deciding.reclassify(f"{n}-2", RequestKind.DELETION, scope=s, at=AT),
    "decide": lambda _, n, s: deciding.decide_claim(f"{n}-2", ClaimState.APPROVED, scope=s, at=AT),
    "plan": lambda _, n, s: sights.preview_plan(f"{n}-2", scope=s, at=AT, open_store=open_store),
    "reopen": lambda _, n, s: deciding.reopen_claim(f"{n}-2", scope=s, at=AT),
    "begin": lambda _, n, s: watching.begin_work(n, "search", told={}, scope=s, at=AT),
    "answer": lambda d, n, s: answering.answer_request(n, scope=s, at=AT, folder=d.files),
    "preview": lambda d, n, s: answering.preview_pack(f"{n}-2", scope=s, at=AT, folder=d.files),
    "data": lambda d, n, s: answering.read_data_files(f"{n}-1", scope=s, at=AT, folder=d.files),
}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EMPLOYEE, Role.ENGINEER, Role.MY_NUMBER_HANDLER, None])
def test_another_role_in_the_second_company_does_not_open_its_stores(desk: Desk, both: str, role: Role | None):
    clerk = grant("clerk", role) if role else get_actor("clerk", at=AT)
    for name, call in TRIES.items():
        with pytest.raises(NotAllowedError) as caught:
            call(desk, both, clerk)
        assert OTHER in caught.value.say("en"), name
        assert "窓口の役割" in caught.value.say("ja"), name
    assert queries.get_request(both, scope=clerk, on=AT.date()).searched == {}
    found = searching.search_request(both, by_name=False, scope=desk.clerk, at=AT, open_store=open_store)
    assert found.stores["other"]["customers"] == 1
    deciding.decide_claim(f"{both}-2", ClaimState.APPROVED, scope=get_actor("second", at=AT), at=AT)

    def carry(scope: Scope) -> object:
        return carrying.carry_out([f"{both}-2"], scope=scope, at=AT, open_store=open_store, folder=desk.files)

    with pytest.raises(NotAllowedError, match=OTHER):
        carry(clerk)
    assert others(desk) == 1
    carry(desk.clerk)
    assert others(desk) == 0


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EMPLOYEE, None])
def test_the_pages_open_say_why_and_offer_nothing(
    desk: Desk, both: str, role: Role | None, monkeypatch: pytest.MonkeyPatch
):
    """Also when the role in the second company was taken away after the request came in."""
    monkeypatch.setattr(background, "launch", lambda work: work())
    at(monkeypatch, AT + timedelta(minutes=1))
    if role:
        grant("clerk", role)
    clerk, group, second = Screen("clerk"), Screen("group"), Screen("second")
    assert "検索を始める" in group.see(f"/requests/{both}/search/")
    for tab in ("", "papers/", "search/", "decide/", "answer/", "record/"):
        page = clerk.see(f"/requests/{both}/{tab}")
        assert "検索・決定・実施・回答はできません" in page, tab
        assert "検索を始める" not in page
        assert "検索・決定・実施・回答はできません" not in group.see(f"/requests/{both}/{tab}"), tab
    assert "窓口の役割が要ります" in clerk.do(f"/requests/{both}/search/start/")
    assert queries.get_request(both, scope=desk.clerk, on=AT.date()).searched == {}
    group.do(f"/requests/{both}/search/start/")
    decide = f"/requests/claims/{both}-2/decide/"
    assert 'name="decision"' not in clerk.see(f"/requests/{both}/decide/")
    assert "窓口の役割が要ります" in clerk.do(decide, {"decision": "approved"})
    assert Claim.objects.get(number=f"{both}-2").state == "assessing"
    second.do(decide, {"decision": "approved"})
    assert "/reopen/" not in clerk.see(f"/requests/{both}/decide/")
    assert "窓口の役割が要ります" in clerk.do(f"/requests/{both}/decide/carry-out/", {"claim": f"{both}-2"})
    assert others(desk) == 1
    group.do(f"/requests/{both}/decide/carry-out/", {"claim": f"{both}-2"})
    assert others(desk) == 0

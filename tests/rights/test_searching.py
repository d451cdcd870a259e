"""Whose data is searched, what a search writes down, and what it never does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daicho.people.models import AccountOrganisation
from daicho.people.queries import get_account, get_actor
from daicho.people.rules import Role
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_documents
from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.receiving import check_request, open_request
from daicho.rights.actions.searching import search_request
from daicho.rights.models import SubjectRequest
from daicho.rights.queries import get_request, list_candidates
from daicho.rights.rules import ClaimState
from daicho.site.wiring import open_store
from daicho.stores.port import StoreChangedError, StoreUnreachableError
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError, NotFoundError
from tests.rights.desk import HANAKO, ICHIRO
from tests.rights.test_thread import approved, carried, searched

ERASE = {"kind": "erase", "basis": "no_longer_needed"}


def test_nobody_is_searched_before_identity_is_verified(desk):
    number = open_request(desk.intake(ERASE), scope=desk.clerk, at=desk.at)
    with pytest.raises(NotAllowedError, match="not verified"):
        searched(desk, number)
    with pytest.raises(NotFoundError):
        searched(desk, "R-2026-0099")


def test_a_search_changes_no_store_and_can_be_repeated(desk):
    number = desk.verified(ERASE, fee=0)
    before = [desk.rows(f"SELECT * FROM {table}") for table in ("customers", "orders", "invoices", "entrusted")]  # noqa: S608
    first, second = searched(desk, number), searched(desk, number)
    assert first == second
    assert first.rows == 6
    assert [
        desk.rows(f"SELECT * FROM {table}")  # noqa: S608
        for table in ("customers", "orders", "invoices", "entrusted")
    ] == before
    assert TrailEntry.objects.filter(event="request.searched").count() == 2


@pytest.mark.parametrize("trouble", [StoreUnreachableError, StoreChangedError])
def test_a_store_in_trouble_is_named_and_nothing_is_recorded(desk, trouble):
    number = desk.verified(ERASE, fee=0)
    if trouble is StoreUnreachableError:
        desk.database.rename(desk.folder / "away")
    else:
        desk.run("ALTER TABLE orders RENAME COLUMN goods TO things")
    with pytest.raises(trouble) as caught:
        searched(desk, number)
    assert "shop" in caught.value.say("en")
    case = get_request(number, scope=desk.clerk, on=desk.at.date())
    assert (case.searched, case.claims[0].state) == ({}, ClaimState.SEARCHING)


def test_candidates_are_kept_sealed_and_shown_to_the_human_only(desk):
    number = desk.verified(ERASE, fee=0, person=ICHIRO)
    assert searched(desk, number).candidates == 1
    (wife,) = [one.reveal(purpose="test") for one in list_candidates(number, scope=desk.clerk)]
    assert wife["shown"]["name"] == "佐藤良子"
    row = SubjectRequest.objects.get(number=number)
    assert "良子".encode() not in bytes(row.candidates)
    assert "良子" not in str(row.searched)
    assert "良子" not in repr(list_candidates(number, scope=desk.clerk))


def test_by_name_finds_candidates_only_and_stays_so_for_the_next_search_and_the_run(desk):
    desk.run("INSERT INTO customers (id, family_name, given_name, address) VALUES (9, '髙橋', '花子', '札幌市')")
    number = desk.verified(ERASE, fee=0)
    assert searched(desk, number).candidates == 0
    found = search_request(number, by_name=True, scope=desk.clerk, at=desk.at, open_store=open_store)
    assert (found.candidates, found.stores["shop"]["customers"]) == (1, 1)
    assert searched(desk, number).candidates == 1


def test_an_entrusted_holding_is_found_and_never_shown_corrected_or_erased(desk):
    before = desk.rows("SELECT * FROM entrusted")
    for claim in (
        {"kind": "disclosure"},
        {"kind": "correction", "values": {"email": "new@example.org"}},
        ERASE,
        {"kind": "stop_provision"},
    ):
        number = desk.verified(claim, fee=500 if claim["kind"] == "disclosure" else 0)
        assert searched(desk, number).stores["shop"].get("entrusted", 0) == 1
        approved(desk, f"{number}-1")
        (done,) = carried(desk, f"{number}-1")
        assert {one["fate"] for one in done.outcome if one["table"] == "entrusted"} == {"entrusted"}
        if claim["kind"] == "correction":
            desk.run("UPDATE customers SET email = 'hanako@example.com' WHERE id = 1")
    assert desk.rows("SELECT * FROM entrusted") == before


def test_only_the_holdings_of_the_companies_addressed_are_searched(desk):
    """One store holds the rows of two companies of the group."""
    for account in ("boss", "engineer", "clerk"):
        role = {"boss": Role.OFFICER, "engineer": Role.ENGINEER, "clerk": Role.DESK}[account]
        AccountOrganisation.objects.create(
            account=get_account(account), organisation="copro-career", role=role, granted_at=desk.at
        )
    both = {account: get_actor(account, at=desk.at) for account in ("boss", "engineer", "clerk")}
    path = desk.folder / "register" / "holdings.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("  - {reg_no: H-2")
    second = text[start:].replace("copro-holdings", "copro-career").replace("rpd: entrusted", "rpd: yes")
    second = second.replace('entruster: {ja: 株式会社委託元（総務部）, en: "Entruster Inc., General Affairs"}, ', "")
    path.write_text(text[:start] + second, encoding="utf-8")
    map_path = desk.folder / "register" / "map.yaml"
    map_text = map_path.read_text(encoding="utf-8")
    map_path.write_text(map_text.replace("holding: H-2", "holding: copro-career/H-2"), encoding="utf-8")
    plan = plan_documents([desk.folder / "register"], scope=both["engineer"], open_store=open_store, policy=None)
    apply_documents(plan, scope=both["engineer"], at=desk.at)
    confirm_map("shop", scope=both["boss"], at=desk.at)

    ours = desk.verified(ERASE, fee=0)
    assert searched(desk, ours).stores == {"shop": {"customers": 1, "orders": 2, "invoices": 2}}
    approved(desk, f"{ours}-1")
    (done,) = carried(desk, f"{ours}-1")
    assert "entrusted" not in {one["table"] for one in done.outcome}
    assert desk.rows("SELECT id FROM entrusted WHERE id = 31") == [(31,)]

    number = open_request(
        desk.intake(ERASE, addressed=["copro-holdings", "copro-career"]), scope=both["clerk"], at=desk.at
    )
    desk.papers(number)
    check_request(number, identity=True, scope=both["clerk"], at=desk.at)
    found = search_request(number, by_name=False, scope=both["clerk"], at=desk.at, open_store=open_store)
    assert found.stores == {"shop": {"entrusted": 1}}


def test_a_search_asks_the_store_the_same_number_of_times_whatever_the_person_has(desk):
    def statements(number: str) -> int:
        with CaptureQueriesContext(connection) as ours:
            searched(desk, number)
        return len(ours)

    few = desk.verified(ERASE, fee=0, person=ICHIRO | {"numbers": {"customer": "2"}})
    many = desk.verified(ERASE, fee=0)
    small = statements(few)
    for key in range(1000, 1400):
        desk.run("INSERT INTO orders VALUES (?, 1, '2026-01-01', 'x')", key)
    assert statements(many) <= small + 2


def test_a_person_nobody_knows_is_answered_as_not_held(desk):
    from daicho.rights.actions.deciding import decide_claim

    number = desk.verified(
        {"kind": "disclosure"}, person=HANAKO | {"name": "不在 太郎", "kana": None, "emails": [], "phones": []}
    )
    assert searched(desk, number).rows == 0
    decide_claim(f"{number}-1", ClaimState.NOT_HELD, scope=desk.officer, at=desk.at)
    answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert [name.split("-")[4] for name in (file.name for file in answered.files)] == ["not_held"]

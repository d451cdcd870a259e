"""Who a row belongs to: across stores, for many people at once, and when a human must say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.rights.actions.searching import decide_candidate
from daicho.rights.queries import list_candidates
from daicho.runs.resolve import MAX_PASSES, Sought
from daicho.subjects.rules import Doubt
from tests.rights.desk import HANAKO, ICHIRO
from tests.runs.steps import search
from tests.runs.worlds import person, world

HANA = {"name": "高橋花子", "email": "hanako@example.com"}


# ── one person ───────────────────────────────────────────────────────────────────────────────


def test_a_number_found_in_one_store_leads_to_the_rows_of_another():
    shop = [person(1, number="C-1", email="hanako@example.com", name="髙橋 花子")]
    site = [person(7, number="M-9", other="C-1", email="other@example.net", name="高橋花子")]
    here = world({"shop": ("customer", "x", shop), "site": ("member", "customer", site)}, {"site": [(70, 7), (71, 8)]})
    assert here.found(here.resolve(HANA)) == {
        (0, "shop", "people", 1),
        (0, "site", "people", 7),
        (0, "site", "things", 70),
    }


def test_on_real_databases_the_shop_s_number_leads_to_a_private_mailbox_on_the_site(desk):
    number = desk.verified({"kind": "disclosure"})
    assert search(desk, number).stores["site"] == {"members": 1, "visits": 2}
    desk.run("UPDATE customers SET email = NULL, phone = NULL WHERE id = 1")
    assert search(desk, number).stores["site"] == {}


def test_identities_of_a_row_that_is_not_proven_lead_nowhere():
    shop = [person(1, number="C-1", email="hanako@example.com", name="別人")]
    site = [person(7, number="M-9", other="C-1")]
    here = world({"shop": ("customer", "x", shop), "site": ("member", "customer", site)})
    found = here.resolve(HANA)
    assert here.found(found) == set()
    assert [(one.mark, one.judgement.doubt) for one in found.candidates] == [("shop/people/1", Doubt.DISAGREES)]


def test_a_row_reached_by_mail_alone_without_a_name_is_a_candidate():
    here = world({"shop": ("customer", "x", [person(1, email="hanako@example.com")])})
    (only,) = here.resolve(HANA).candidates
    assert only.judgement.doubt is Doubt.UNCONFIRMED
    assert only.by == {"email"}


def test_two_rows_that_match_with_two_numbers_both_go_to_a_human_and_lead_no_things_along():
    shop = [person(1, number="C-1", **HANA), person(2, number="C-2", **HANA)]
    here = world({"shop": ("customer", "x", shop)}, {"shop": [(10, 1), (20, 2)]})
    found = here.resolve(HANA)
    assert here.found(found) == set()
    assert {(one.mark, one.judgement.doubt) for one in found.candidates} == {
        ("shop/people/1", Doubt.TWO_NUMBERS),
        ("shop/people/2", Doubt.TWO_NUMBERS),
    }


def test_a_number_the_person_gave_is_trusted_beside_a_second_one():
    shop = [person(1, number="C-1", **HANA), person(2, number="C-2", **HANA)]
    here = world({"shop": ("customer", "x", shop)})
    found = here.resolve({**HANA, "number:customer": "C-1"})
    assert here.found(found) == {(0, "shop", "people", 1)}
    assert [(one.mark, one.judgement.doubt) for one in found.candidates] == [("shop/people/2", Doubt.OTHER_NUMBER)]


def test_an_accepted_candidate_is_the_person_s_and_leads_on():
    shop = [person(1, number="C-1", email="hanako@example.com", name="旧姓花子")]
    site = [person(7, number="M-9", other="C-1")]
    here = world({"shop": ("customer", "x", shop), "site": ("member", "customer", site)}, {"shop": [(10, 1)]})
    sought = Sought(identities={kind: (value,) for kind, value in HANA.items()}, accepted=frozenset({"shop/people/1"}))
    found = here.resolve(sought)
    assert here.found(found) == {(0, "shop", "people", 1), (0, "shop", "things", 10), (0, "site", "people", 7)}
    assert found.candidates == []


def test_both_of_two_numbers_once_accepted_stay():
    shop = [person(1, number="C-1", **HANA), person(2, number="C-2", **HANA)]
    here = world({"shop": ("customer", "x", shop)})
    identities = {kind: (value,) for kind, value in HANA.items()}
    found = here.resolve(Sought(identities=identities, accepted=frozenset({"shop/people/1", "shop/people/2"})))
    assert here.found(found) == {(0, "shop", "people", 1), (0, "shop", "people", 2)}
    assert found.candidates == []


def test_a_rejected_candidate_never_returns():
    shop = [person(1, number="C-1", email="hanako@example.com", name="別人"), person(2, number="C-2", **HANA)]
    here = world({"shop": ("customer", "x", shop)}, {"shop": [(10, 1)]})
    identities = {kind: (value,) for kind, value in HANA.items()}
    assert len(here.resolve(Sought(identities=identities)).candidates) == 1
    found = here.resolve(Sought(identities=identities, rejected=frozenset({"shop/people/1"})), search=True)
    assert found.candidates == []
    assert here.found(found) == {(0, "shop", "people", 2)}


def test_even_a_perfect_match_that_was_rejected_stays_away_and_two_numbers_are_resolved_by_it():
    shop = [person(1, number="C-1", **HANA), person(2, number="C-2", **HANA)]
    here = world({"shop": ("customer", "x", shop)})
    identities = {kind: (value,) for kind, value in HANA.items()}
    found = here.resolve(Sought(identities=identities, rejected=frozenset({"shop/people/2"})))
    assert here.found(found) == {(0, "shop", "people", 1)}
    assert found.candidates == []


def test_a_chain_of_stores_is_followed_and_what_lies_far_is_left_to_a_human():
    """Store n holds its own number n and the number of store n - 1; the last teaches nothing new."""
    length = MAX_PASSES + 4
    stores = {
        f"s{n}": (f"n{n}", f"n{n - 1}" if n else "none", [person(1, number=f"V{n}", other=f"V{n - 1}" if n else None)])
        for n in range(length)
    }
    here = world(stores)
    found = here.resolve({"number:n0": "V0"})
    near = {f"s{n}" for n in range(MAX_PASSES + 1)}  # the first pass finds two
    assert {store for _, store, _, _ in here.found(found)} == near
    (next_one,) = found.candidates
    assert (next_one.store, next_one.judgement.doubt) == (f"s{MAX_PASSES + 1}", Doubt.FAR)
    accepted = Sought(identities={"number:n0": ("V0",)}, accepted=frozenset({next_one.mark}))
    again = here.resolve(accepted)
    assert {store for _, store, _, _ in here.found(again)} == {*near, next_one.store}
    assert [one.store for one in again.candidates] == [f"s{MAX_PASSES + 2}"]


def test_a_circle_of_stores_ends():
    a = [person(1, number="A", other="B")]
    b = [person(1, number="B", other="A")]
    here = world({"a": ("a", "b", a), "b": ("b", "a", b)})
    assert here.found(here.resolve({"number:a": "A"})) == {(0, "a", "people", 1), (0, "b", "people", 1)}


def test_names_are_scanned_only_when_asked_and_find_candidates_only():
    here = world({"shop": ("customer", "x", [person(1, number="C-1", name="髙橋　花子")])})
    assert here.resolve(HANA).candidates == []
    (only,) = here.resolve(HANA, search=True).candidates
    assert (only.by, only.judgement.doubt) == (frozenset({"name"}), Doubt.UNCONFIRMED)


# ── many at once ─────────────────────────────────────────────────────────────────────────────


def test_spouses_with_one_mailbox_in_one_batch_get_each_their_own_row():
    shop = [
        person(1, number="C-1", email="home@example.com", name="佐藤一郎"),
        person(2, number="C-2", email="home@example.com", name="佐藤良子"),
    ]
    here = world({"shop": ("customer", "x", shop)}, {"shop": [(10, 1), (20, 2)]})
    found = here.resolve(
        {"name": "佐藤一郎", "email": "home@example.com"}, {"name": "佐藤良子", "email": "home@example.com"}
    )
    assert here.found(found) == {
        (0, "shop", "people", 1),
        (0, "shop", "things", 10),
        (1, "shop", "people", 2),
        (1, "shop", "things", 20),
    }
    assert {(one.person, one.mark) for one in found.candidates} == {(0, "shop/people/2"), (1, "shop/people/1")}


def test_a_decision_on_one_person_s_candidate_says_nothing_of_another_s():
    shop = [person(1, number="C-1", email="home@example.com", name="別人")]
    here = world({"shop": ("customer", "x", shop)})
    one, two = {"name": ("甲",), "email": ("home@example.com",)}, {"name": ("乙",), "email": ("home@example.com",)}
    found = here.resolve(Sought(identities=one, accepted=frozenset({"shop/people/1"})), Sought(identities=two))
    assert here.found(found) == {(0, "shop", "people", 1)}
    assert [(one.person, one.mark) for one in found.candidates] == [(1, "shop/people/1")]


values = st.sampled_from(["a", "b", "c"])
rows = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.sampled_from([None, "C1", "C2", "C3"]),
            "other": st.sampled_from([None, "M1", "M2"]),
            "email": st.sampled_from([None, "a@x", "b@x", "c@x"]),
            "phone": st.sampled_from([None, "052-111-2222", "052-333-4444"]),
            "name": st.sampled_from([None, "甲", "乙", "丙"]),
            "born": st.sampled_from([None, "1980-01-05", "1990-02-06"]),
        }
    ),
    max_size=5,
)
people = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["甲", "乙", "丙"])},
        optional={
            "email": st.sampled_from(["a@x", "b@x", "c@x"]),
            "phone": st.sampled_from(["052-111-2222", "052-333-4444"]),
            "birth_date": st.sampled_from(["1980-01-05", "1990-02-06"]),
            "number:customer": st.sampled_from(["C1", "C2", "C3"]),
        },
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(shop=rows, site=rows, batch=people)
def test_a_batch_finds_for_each_exactly_what_each_finds_alone(shop, site, batch):
    here = world(
        {
            "shop": ("customer", "member", [person(n, **row) for n, row in enumerate(shop, 1)]),
            "site": ("member", "customer", [person(n, **row) for n, row in enumerate(site, 1)]),
        },
        {"shop": [(n, n) for n in range(1, 6)]},
    )
    together = here.resolve(*batch)
    for number, one in enumerate(batch):
        alone = here.resolve(one)
        mine = {(store, table, key) for person_, store, table, key in here.found(together) if person_ == number}
        assert mine == {(store, table, key) for _, store, table, key in here.found(alone)}
        assert {c.mark for c in together.candidates if c.person == number} == {c.mark for c in alone.candidates}


@settings(max_examples=60, deadline=None)
@given(shop=rows, site=rows, batch=people)
def test_no_row_is_both_found_and_a_candidate_and_no_found_row_disagrees(shop, site, batch):
    here = world(
        {
            "shop": ("customer", "member", [person(n, **row) for n, row in enumerate(shop, 1)]),
            "site": ("member", "customer", [person(n, **row) for n, row in enumerate(site, 1)]),
        }
    )
    found = here.resolve(*batch)
    matched = here.found(found)
    open_ = {(c.person, c.store, c.table, c.key[0]) for c in found.candidates}
    assert not matched & open_
    held = {"shop": shop, "site": site}
    for number, store, table, key in matched:
        if table == "people":
            row = held[store][key - 1]
            assert row["name"] in {None, batch[number]["name"]}
            assert row["born"] in {None, batch[number].get("birth_date", row["born"])}


# ── through the desk ─────────────────────────────────────────────────────────────────────────


def test_an_accepted_candidate_of_the_desk_leads_to_the_other_database(desk):
    desk.run("UPDATE customers SET family_name = '旧姓' WHERE id = 1")
    number = desk.verified({"kind": "disclosure"}, person=HANAKO | {"phones": []})
    first = search(desk, number)
    assert (first.stores["site"], first.candidates) == ({}, 1)
    (only,) = [one.reveal(purpose="test") for one in list_candidates(number, scope=desk.clerk)]
    assert decide_candidate(number, only["mark"], accepted=True, scope=desk.clerk, at=desk.at) == 0
    again = search(desk, number)
    assert again.stores == {
        "shop": {"customers": 1, "orders": 2, "invoices": 2, "entrusted": 1},
        "site": {"members": 1, "visits": 2},
    }
    assert again.candidates == 0


def test_a_rejected_candidate_of_the_desk_never_returns(desk):
    number = desk.verified({"kind": "disclosure"}, person=ICHIRO)
    assert search(desk, number).candidates == 1
    (wife,) = [one.reveal(purpose="test") for one in list_candidates(number, scope=desk.clerk)]
    decide_candidate(number, wife["mark"], accepted=False, scope=desk.clerk, at=desk.at)
    for by_name in (False, True):
        again = search(desk, number, by_name=by_name)
        assert again.candidates == 0
        assert again.stores["shop"]["customers"] == 1


def test_homonyms_without_more_are_left_to_a_human(desk):
    number = desk.verified(
        {"kind": "disclosure"}, person={"name": "鈴木 健", "address": "大阪市北区1", "emails": ["ken@example.org"]}
    )
    assert search(desk, number).candidates == 0
    found = search(desk, number, by_name=True)
    assert (found.rows, found.candidates) == (0, 2)


@pytest.mark.parametrize("spelling", ["高橋花子", "髙橋 花子", "ﾀｶﾊｼ", "髙 橋 花 子"])
def test_spellings_meet(desk, spelling):
    number = desk.verified({"kind": "disclosure"}, person=HANAKO | {"name": spelling})
    expected = 0 if spelling == "ﾀｶﾊｼ" else 1
    assert search(desk, number).stores["shop"].get("customers", 0) == expected

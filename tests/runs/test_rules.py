"""What becomes of every row, and what a read-back means."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.keys.ring import Ring
from daicho.law.kinds import RequestKind
from daicho.register.reading import (
    About,
    ActiveMap,
    ColumnRule,
    Disclose,
    End,
    EndKind,
    Ground,
    HoldingRef,
    Rpd,
    StoreRef,
    TableRules,
    Value,
    keep_term,
)
from daicho.runs.intent import open_intent, seal_intent
from daicho.runs.rules import (
    OPEN_FATES,
    STORE_MOVES,
    WRITING,
    Fate,
    PlannedSet,
    Stand,
    StoreState,
    amend,
    plan_ends,
    shown_columns,
    take_stand,
)
from daicho.stores.plan import Act, Change, Rows, Standing, StorePlan
from daicho.stores.shape import StoreShape
from daicho.words.errors import InputError
from daicho.words.text import Text

ERASE = RequestKind.ERASE
TAX = Ground(
    code="tax", text=Text("法令により保存", "kept as the law asks"), law=Text("法人税法", "Corporation Tax Act")
)
ENDS: dict[str, End | None] = {
    "deleted": End(kind=EndKind.DELETE),
    "blanked": End(kind=EndKind.BLANK, columns={"note": None}),
    "replaced": End(kind=EndKind.REPLACE, columns={"ok": False}),
    "annotated": End(kind=EndKind.ANNOTATE, columns={"remark": "訂正"}, text="訂正"),
    "kept": End(kind=EndKind.KEEP, ground=TAX, until="7 years from made_on"),
    "untouched": None,
}


def holding(*, rpd: Rpd = Rpd.YES, organisation: str = "ours") -> HoldingRef:
    return HoldingRef(
        reg_no="H-1",
        name=Text("台帳", "Book"),
        organisation=organisation,
        rpd=rpd,
        store="shop",
        subject_category="people",
        items=("name",),
        purposes=("p",),
    )


def column(name: str, **more: Any) -> ColumnRule:
    rule: dict[str, Any] = {
        "column": name,
        "label": Text(name, name),
        "item": name,
        "disclose": Disclose.YES,
        "ground": None,
        "about": About.PERSON,
        "value": Value.CURRENT,
        "technical": False,
    }
    return ColumnRule(**{**rule, **more})


def rules(
    name: str, end: End | None, *columns: ColumnRule, rpd: Rpd = Rpd.YES, organisation: str = "ours"
) -> TableRules:
    return TableRules(
        name=name,
        label=Text(name, name),
        holding=holding(rpd=rpd, organisation=organisation),
        columns={one.column: one for one in columns},
        identified_by=(),
        ends={ERASE: end} if end else {},
    )


def a_map(*tables: TableRules) -> ActiveMap:
    store = StoreRef(
        code="shop", kind="sqlite", name=Text("店", "Shop"), organisation="ours", department=Text("部", "D")
    )
    return ActiveMap(
        code="shop",
        revision=1,
        digest="d",
        shape_digest="s",
        store=store,
        plan=StorePlan(store="shop", digest="d", tables=()),
        tables={table.name: table for table in tables},
        mapped_columns={},
        shape=StoreShape(tables={}),
    )


# ── read-back ────────────────────────────────────────────────────────────────────────────────

DELETED = [Standing(n, present, n - present, present) for n in (0, 1, 3) for present in range(n + 1)]


@pytest.mark.parametrize(
    ("standing", "stand"),
    [
        (Standing(3, 3, 0, 3), Stand.BEFORE),  # nothing deleted yet
        (Standing(3, 0, 3, 0), Stand.AFTER),
        (Standing(3, 2, 1, 2), Stand.NEITHER),  # somebody deleted one
        (Standing(0, 0, 0, 0), Stand.AFTER),  # no rows: nothing to do
        (Standing(2, 2, 0, None), Stand.BEFORE),  # to be set, not guarded
        (Standing(2, 2, 2, None), Stand.AFTER),
        (Standing(2, 2, 1, None), Stand.BEFORE),  # one held the value already
        (Standing(2, 1, 1, None), Stand.NEITHER),  # one has gone
        (Standing(2, 2, 0, 2), Stand.BEFORE),  # to be set, guarded by the old value
        (Standing(2, 2, 2, 0), Stand.AFTER),
        (Standing(2, 2, 0, 1), Stand.NEITHER),  # one holds a third value
        (Standing(2, 2, 1, 1), Stand.NEITHER),  # half done
        (Standing(2, 2, 2, 2), Stand.AFTER),  # the old value was the new one
    ],
)
def test_one_set_read_back(standing, stand):
    assert take_stand([standing]) is stand


def test_a_set_that_always_stood_as_it_should_keeps_no_other_from_being_run():
    already = Standing(1, 1, 1, None)
    assert take_stand([already, Standing(2, 2, 0, 2)]) is Stand.BEFORE
    assert take_stand([already, Standing(2, 0, 2, 0)]) is Stand.AFTER
    assert take_stand([already, Standing(2, 1, 1, 1)]) is Stand.NEITHER


@given(st.lists(st.sampled_from(DELETED), max_size=5))
def test_deletions_are_after_only_when_nothing_is_left_and_before_only_when_all_is_there(standings):
    present = sum(one.present for one in standings)
    expected = sum(one.expected for one in standings)
    stand = take_stand(standings)
    assert (stand is Stand.AFTER) is (present == 0)
    assert (stand is Stand.BEFORE) is (0 < expected == present)


def test_nothing_intended_is_done():
    assert take_stand([]) is Stand.AFTER


def test_the_table_of_a_store_s_moves_is_closed():
    assert set(STORE_MOVES) == set(StoreState)
    assert {to for moves in STORE_MOVES.values() for to in moves} == {
        StoreState.CONFIRMED,
        StoreState.HUMAN,
        StoreState.INTENDED,
    }
    assert [state for state, moves in STORE_MOVES.items() if not moves] == [StoreState.CONFIRMED]


# ── fates ────────────────────────────────────────────────────────────────────────────────────

tables = st.lists(
    st.tuples(
        st.sampled_from(sorted(ENDS)),
        st.sampled_from(list(Rpd)),
        st.sampled_from(["ours", "theirs"]),
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6)), max_size=8, unique=True),
    ),
    max_size=4,
)


@settings(max_examples=200)
@given(tables=tables, held=st.frozensets(st.integers(0, 3)), over=st.frozensets(st.integers(1, 6)))
def test_every_row_found_gets_exactly_one_fate(tables, held, over):
    named = [(f"t{n}", *one) for n, one in enumerate(tables)]
    maps = a_map(*(rules(name, ENDS[end], rpd=rpd, organisation=org) for name, end, rpd, org, _ in named))
    found = [Rows(name, [p for p, _ in pairs], [(k,) for _, k in pairs]) for name, _, _, _, pairs in named]
    planned = plan_ends(
        maps,
        found,
        ERASE,
        organisations=frozenset({"ours"}),
        held=held,
        over={name: frozenset((k,) for k in over) for name, *_ in named},
    )
    for name, end, rpd, org, pairs in named:
        sets = [one for one in planned if one.table == name]
        spoken_of = org == "ours" and rpd is not Rpd.NO
        by = Counter(p for p, _ in pairs) if spoken_of else Counter()
        assert sum((Counter(one.by) for one in sets), Counter()) == by
        changed = [key for one in sets if one.change for key in one.change.keys]
        assert len(changed) == len(set(changed))  # no row is written twice
        for one in sets:
            assert (one.change is not None) is (one.fate in WRITING)
            assert (one.ground is not None) is (one.fate is Fate.KEPT)
            if one.change:
                assert one.change.act is (Act.DELETE if one.fate is Fate.DELETED else Act.SET)
        if spoken_of and rpd is Rpd.ENTRUSTED:
            assert {one.fate for one in sets} <= {Fate.ENTRUSTED}
        held_keys = {(k,) for p, k in pairs if p in held}
        assert not held_keys & set(changed)  # a legal hold stops the row for everybody who shares it
        if spoken_of and rpd is Rpd.YES and not held:
            kept_over = {(k,) for _, k in pairs if k in over} if end == "kept" else set()
            usual = {(k,) for _, k in pairs} if Fate(end) in WRITING else kept_over
            assert set(changed) == usual


def test_a_person_under_a_hold_waits_and_the_claim_stays_open():
    found = [Rows("t", [0, 1], [(1,), (2,)])]
    planned = plan_ends(
        a_map(rules("t", ENDS["deleted"])), found, ERASE, organisations=frozenset({"ours"}), held=frozenset({0})
    )
    assert {(one.fate, tuple(one.by)) for one in planned} == {(Fate.WAITING, (0,)), (Fate.DELETED, (1,))}
    assert Fate.WAITING in OPEN_FATES


def test_a_row_shared_with_somebody_under_a_hold_waits_for_both():
    found = [Rows("t", [0, 1], [(1,), (1,)])]
    planned = plan_ends(
        a_map(rules("t", ENDS["deleted"])), found, ERASE, organisations=frozenset({"ours"}), held=frozenset({0})
    )
    assert [(one.fate, dict(one.by), one.change) for one in planned] == [(Fate.WAITING, {0: 1, 1: 1}, None)]


def test_a_kept_row_names_its_ground_and_its_term():
    (kept,) = plan_ends(
        a_map(rules("t", ENDS["kept"])), [Rows("t", [0], [(1,)])], ERASE, organisations=frozenset({"ours"})
    )
    assert (kept.fate, kept.ground, kept.until) == (Fate.KEPT, TAX, "7 years from made_on")


# ── terms ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("started", "on", "ended"),
    [
        (date(2019, 3, 31), date(2026, 3, 30), False),
        (date(2019, 3, 31), date(2026, 3, 31), True),
        ("2019-03-31", date(2026, 3, 31), True),
        ("2019-03-31 23:59:59", date(2026, 3, 31), True),
        (datetime(2019, 3, 31, 12, tzinfo=UTC), date(2026, 3, 31), True),
        (date(2020, 2, 29), date(2027, 2, 28), False),
        (date(2020, 2, 29), date(2027, 3, 1), True),
        (None, date(2099, 1, 1), False),
        ("いつか", date(2099, 1, 1), False),
        ("2019-99-99", date(2099, 1, 1), False),
    ],
)
def test_a_term_ends_on_its_day_and_an_unreadable_start_keeps_the_row(started, on, ended):
    term = keep_term(End(kind=EndKind.KEEP, until="7 years from made_on"))
    assert term is not None
    assert term.ended(started, on=on) is ended


@pytest.mark.parametrize(
    "words", ["取引終了後7年", "7 years", "years from x", "", None, "7 years from made_on or later"]
)
def test_a_term_in_words_only_is_never_over(words):
    assert keep_term(End(kind=EndKind.KEEP, until=words)) is None


# ── showing and amending ─────────────────────────────────────────────────────────────────────


def test_a_disclosure_reads_neither_technical_nor_withheld_columns():
    table = rules(
        "t",
        None,
        column("a"),
        column("b", technical=True),
        column("c", disclose=Disclose.WITHHOLD, ground=TAX),
        column("d", disclose=Disclose.REVIEW),
    )
    shown, withheld = shown_columns(a_map(table), "t")
    assert shown == ["a", "d"]
    assert [one.column for one in withheld] == ["c"]


def test_a_correction_reaches_current_values_and_annotates_records():
    table = rules("t", None, column("address"), column("sent_to", item="address", value=Value.RECORD), column("other"))
    amendment = amend(table, {"address": "新"}, store="shop")
    assert (dict(amendment.values), amendment.records) == ({"address": "新"}, ("sent_to",))


def test_an_item_in_two_current_columns_must_be_named_by_column():
    table = rules("t", None, column("town", item="address"), column("street", item="address"))
    with pytest.raises(InputError) as caught:
        amend(table, {"address": "新"}, store="shop")
    assert "shop.t.town" in str(caught.value)
    assert "新" not in caught.value.say("ja")
    amendment = amend(table, {"shop.t.town": "甲", "shop.t.street": "乙"}, store="shop")
    assert dict(amendment.values) == {"town": "甲", "street": "乙"}


def test_a_technical_column_is_never_corrected():
    table = rules("t", None, column("id", technical=True, item=None))
    assert dict(amend(table, {"shop.t.id": "9"}, store="shop").values) == {}


# ── intents ──────────────────────────────────────────────────────────────────────────────────

held_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    st.dates(),
    st.datetimes(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.binary(),
    st.uuids(),
)
keys = st.tuples(
    st.one_of(st.integers(), st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
)


@settings(max_examples=100, deadline=None)
@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from(list(Act)),
            st.lists(keys, unique=True, max_size=4),
            st.dictionaries(st.text("abc", min_size=1), held_values),
        ),
        max_size=3,
    )
)
def test_an_intent_opens_as_it_was_sealed(ring: Ring, changes):
    sets = [
        PlannedSet(
            table="t",
            fate=Fate.KEPT if act is Act.DELETE else Fate.REPLACED,
            by={0: 1, 12: 3},
            change=Change(table="t", act=act, keys=found, values=values, before=values or None),
            ground=TAX,
            until="7 years from made_on",
        )
        for act, found, values in changes
    ]
    sealed = seal_intent(sets, ring=ring, bound_to="run:X-1/0")
    opened = open_intent(sealed, ring=ring, bound_to="run:X-1/0")
    assert opened == sets
    for one, two in zip(opened, sets, strict=True):
        assert one.change is not None
        assert two.change is not None
        for column_, value in two.change.values.items():
            assert type(one.change.values[column_]) is type(value)


def test_an_intent_cannot_be_moved_to_another_run_or_store(ring):
    sealed = seal_intent([], ring=ring, bound_to="run:X-1/0")
    for place in ("run:X-1/1", "run:X-2/0", ""):
        with pytest.raises(Exception, match=r".") as caught:
            open_intent(sealed, ring=ring, bound_to=place)
        assert not isinstance(caught.value, AssertionError)


def test_what_a_key_says_is_not_readable_in_a_sealed_intent(ring):
    change = Change(
        table="t",
        act=Act.SET,
        keys=[("hanako@example.com",)],
        values={"address": "名古屋市", "n": Decimal("1.50")},
        before=None,
    )
    one = PlannedSet(table="t", fate=Fate.REPLACED, by={0: 1}, change=change)
    sealed = seal_intent([one], ring=ring, bound_to="x")
    assert b"hanako" not in sealed
    assert "名古屋".encode() not in sealed
    assert open_intent(sealed, ring=ring, bound_to="x") == [one]


def test_a_uuid_key_comes_back_as_one(ring):
    key = (UUID(int=7),)
    one = PlannedSet(table="t", fate=Fate.DELETED, by={0: 1}, change=Change(table="t", act=Act.DELETE, keys=[key]))
    (back,) = open_intent(seal_intent([one], ring=ring, bound_to="x"), ring=ring, bound_to="x")
    assert back.change is not None
    assert back.change.keys == [key]

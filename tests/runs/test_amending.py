"""Corrections before anything is intended: do they fit, do they meet, and how often is a store read."""

from datetime import date

import pytest

from daicho.rights.rules import ClaimState
from daicho.runs.amending import CorrectionsCollideError, UnfitCorrectionError
from daicho.runs.models import Run
from daicho.stores.sql.store import SqlStore
from tests.rights import desk as one
from tests.rights.desk import ICHIRO
from tests.rights.two_stores import both
from tests.runs.register import rewrite
from tests.runs.steps import approved, carry, state_of

SECRET = "決して写さない値"


def correction(desk, values: dict[str, str], **more) -> str:
    return approved(desk, "correction", claim={"values": values}, **more)


@pytest.fixture
def short(desk):
    """The shop, with a column that takes ten characters and one that takes whole numbers."""
    desk.run("ALTER TABLE customers ADD COLUMN short VARCHAR(10)")
    desk.run("ALTER TABLE customers ADD COLUMN points INTEGER NOT NULL DEFAULT 0")
    added = (
        "      short: {item: nickname, label: {ja: 呼び名, en: Nickname}}\n"
        "      points: {item: points, label: {ja: 点数, en: Points}}\n"
    )
    start = one.MAP.index("      secret:")
    text = one.MAP[:start] + added + one.MAP[start:]
    rewrite(desk, {"map": text}, confirm="shop")
    return desk


@pytest.mark.parametrize(
    ("column", "value", "takes"),
    [
        ("birthday", SECRET, "a day"),
        ("birthday", "昭和64年1月8日", "a day"),
        ("short", SECRET * 3, "at most 10 characters"),
        ("points", SECRET, "a whole number"),
        ("points", "", "never empty"),
    ],
)
def test_a_value_that_does_not_fit_is_named_before_anything_is_intended(short, column, value, takes):
    claim = correction(short, {f"shop.customers.{column}": value})
    before = both(short.folder)
    for dry_run in (True, False):
        with pytest.raises(UnfitCorrectionError, match=f"shop.customers.{column}") as caught:
            carry(short, claim, dry_run=dry_run)
        assert takes in caught.value.say("en") + str(caught.value.advice.en)
        assert SECRET not in caught.value.say("ja") + str(caught.value.advice.ja)
    assert both(short.folder) == before
    assert state_of(short, claim) is ClaimState.APPROVED
    assert not Run.objects.exists()


@pytest.mark.parametrize("written", ["昭和56年1月5日", "S56.1.5", "1981-01-05", "１９８１年１月５日"])
def test_a_day_is_corrected_in_whichever_calendar_it_was_written(desk, written):
    (done,) = carry(desk, correction(desk, {"shop.customers.birthday": written}))
    assert done.state is ClaimState.READING_BACK
    assert desk.rows("SELECT birthday FROM customers WHERE id = 1") == [(date(1981, 1, 5).isoformat(),)]


def test_two_corrections_of_one_cell_in_one_call_are_told_apart_before_anything_is_intended(desk):
    first = correction(desk, {"address": "名古屋市東区泉9-9-9"})
    second = correction(desk, {"address": "名古屋市東区泉8-8-8"})
    before = both(desk.folder)
    with pytest.raises(CorrectionsCollideError, match="1 and 2") as caught:
        carry(desk, first, second)
    assert caught.value.persons == (0, 1)
    assert both(desk.folder) == before
    assert not Run.objects.exists()
    carry(desk, first)
    (done,) = carry(desk, second)
    assert done.state is ClaimState.READING_BACK
    assert desk.rows("SELECT address FROM customers WHERE id = 1") == [("名古屋市東区泉8-8-8",)]


def test_two_corrections_of_different_columns_go_together(desk):
    first = correction(desk, {"shop.customers.address": "名古屋市東区泉9-9-9"})
    second = correction(desk, {"shop.customers.birthday": "1981-01-05"})
    done = carry(desk, first, second)
    assert [entry.state for entry in done] == [ClaimState.READING_BACK] * 2
    assert desk.rows("SELECT address, birthday FROM customers WHERE id = 1") == [("名古屋市東区泉9-9-9", "1981-01-05")]


def test_a_store_is_read_once_a_table_however_many_are_corrected(desk, monkeypatch):
    desk.run("DELETE FROM customers WHERE id = 3")
    first = correction(desk, {"shop.customers.address": "名古屋市東区泉9-9-9"})
    other = ICHIRO | {"numbers": {"customer": "2"}}
    second = correction(desk, {"shop.customers.birthday": "1975-03-04"}, person=other)
    reads: list[str] = []
    read = SqlStore.read

    def counted(self, plan, rows, columns):
        reads.extend(one.table for one in rows)
        return read(self, plan, rows, columns)

    monkeypatch.setattr(SqlStore, "read", counted)
    carry(desk, first, second)
    assert reads == ["customers"]
    assert desk.rows("SELECT id, address, birthday FROM customers WHERE id < 3 ORDER BY id") == [
        (1, "名古屋市東区泉9-9-9", "1980-01-05"),
        (2, "名古屋市中区栄1-1-1", "1975-03-04"),
    ]

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from daicho.stores.matching import Comparison, comparison, seed_form
from daicho.stores.plan import IdentityColumn, Use
from daicho.stores.shape import ColumnShape, ColumnType
from daicho.stores.values import UnfitError, fit, identity_text, plain, seed_value

T = ColumnType


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (T.INTEGER, "007", 7),
        (T.INTEGER, "-9223372036854775808", -(2**63)),
        (T.INTEGER, "9223372036854775808", None),
        (T.INTEGER, "１２", None),
        (T.INTEGER, "1.0", None),
        (T.DECIMAL, "12.50", "12.5"),
        (T.DECIMAL, "1e5", None),
        (T.DATE, "1990-04-01", "1990-04-01"),
        (T.DATE, "19900401", None),
        (T.TIMESTAMP, "1990-04-01", "1990-04-01 00:00:00"),
        (T.BOOLEAN, "true", None),
        (T.BINARY, "00", None),
        (T.OTHER, "x", None),
    ],
)
def test_a_seed_takes_the_form_of_its_column(kind: ColumnType, text: str, value: Any):
    assert seed_value(kind, text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "true"),
        (5, 5),
        (Decimal("1.500"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (1.5, "1.5"),
        (float("nan"), "NaN"),
        (date(1990, 4, 1), "1990-04-01"),
        (datetime.fromisoformat("1990-04-01T01:02:03"), "1990-04-01 01:02:03"),
        (b"\x00\xff", "00ff"),
    ],
)
def test_values_have_one_plain_form(value: Any, text: str | int | None):
    assert plain(value) == text


def test_an_identity_is_joined_without_a_space_and_empty_when_nothing_is_there():
    assert identity_text(["佐藤", None, "花子"]) == "佐藤花子"
    assert identity_text([1990, "x"]) == "1990x"
    assert identity_text([None, None]) is None
    assert identity_text(["", "　"]) is None


@pytest.mark.parametrize(
    ("kind", "value", "fitted"),
    [
        (T.TEXT, 5, "5"),
        (T.TEXT, date(1990, 4, 1), "1990-04-01"),
        (T.INTEGER, "12", 12),
        (T.DECIMAL, "1.5", Decimal("1.5")),
        (T.BOOLEAN, "True", True),
        (T.DATE, "1990-04-01", date(1990, 4, 1)),
        (T.TIMESTAMP, date(1990, 4, 1), datetime.fromisoformat("1990-04-01")),
        (T.BINARY, b"x", b"x"),
    ],
)
def test_a_new_value_is_read_as_its_column_takes_it(kind: ColumnType, value: Any, fitted: Any):
    found = fit(value, ColumnShape(name="c", type=kind, nullable=False))
    assert found == fitted
    assert type(found) is type(fitted)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (T.TEXT, None),
        (T.TEXT, "abcd"),
        (T.TEXT, "a\x00"),
        (T.INTEGER, True),
        (T.INTEGER, "1.5"),
        (T.INTEGER, 2**63),
        (T.DECIMAL, "NaN"),
        (T.DECIMAL, "x"),
        (T.BOOLEAN, "maybe"),
        (T.DATE, datetime.fromisoformat("1990-04-01")),
        (T.DATE, "1990-13-01"),
        (T.BINARY, "x"),
        (T.OTHER, "x"),
    ],
)
def test_what_does_not_fit_says_nothing_about_itself(kind: ColumnType, value: Any):
    with pytest.raises(UnfitError) as caught:
        fit(value, ColumnShape(name="c", type=kind, nullable=False, length=3))
    assert str(caught.value) == ""


def test_empty_is_fit_where_it_is_allowed():
    assert fit(None, ColumnShape(name="c", type=T.OTHER, nullable=True)) is None


@pytest.mark.parametrize(
    ("use", "columns", "types", "how"),
    [
        (Use.LOOKUP, ("a",), [T.TEXT], Comparison.EXACT),
        (Use.LOOKUP, ("a",), [T.INTEGER], Comparison.EXACT),
        (Use.SEARCH, ("a",), [T.INTEGER], Comparison.EXACT),
        (Use.SEARCH, ("a",), [T.TEXT], Comparison.SEARCH),
        (Use.LOOKUP, ("a", "b"), [T.TEXT, T.TEXT], Comparison.JOINED),
        (Use.SEARCH, ("a", "b"), [T.TEXT, T.INTEGER], Comparison.SEARCH),
    ],
)
def test_how_a_seed_is_compared(use: Use, columns: tuple[str, ...], types: list[ColumnType], how: Comparison):
    assert comparison(IdentityColumn(kind="name", columns=columns, use=use), types) is how


def test_search_folds_what_people_type_and_nothing_else():
    assert seed_form(Comparison.SEARCH, T.TEXT, " Sato　ＡＢ É ") == "satoＡＢÉ"
    assert seed_form(Comparison.JOINED, T.TEXT, "佐藤 花子") == "佐藤花子"
    assert seed_form(Comparison.SEARCH, T.TEXT, "　 ") is None

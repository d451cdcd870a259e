import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from daicho.trail import chain
from daicho.trail.chain import Statement

texts = st.text(st.characters(exclude_categories=["Cs"]))
names = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1)
scalars = texts | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.lists(texts, max_size=4)


@given(st.dictionaries(names, scalars))
def test_our_canonical_json_is_that_of_rfc_8785(facts):
    assert chain.canonical(facts) == rfc8785.dumps(facts)
    assert chain.canonical_facts(facts).encode() == rfc8785.dumps(facts)


@given(texts, texts, texts, texts, st.dictionaries(names, scalars), st.integers(1, 2**53 - 1))
def test_an_entrys_bytes_are_canonical_whatever_stands_in_them(event, actor, organisation, prev, facts, seq):
    content = chain.entry_bytes(
        seq=seq,
        at="2026-11-05T01:02:03.000000Z",
        event=event,
        actor=actor,
        organisation=organisation,
        facts=chain.canonical_facts(facts),
        prev=prev,
    )
    assert content == rfc8785.dumps(json.loads(content))


def test_an_instant_is_the_same_in_every_time_zone():
    tokyo = datetime(2026, 11, 5, 10, 2, 3, 4, tzinfo=timezone(timedelta(hours=9)))
    assert chain.instant(tokyo) == "2026-11-05T01:02:03.000004Z" == chain.instant(tokyo.astimezone(UTC))


def test_two_trails_begin_differently():
    assert chain.genesis("a") != chain.genesis("b")


STATEMENT = Statement(trail="t", number=1, size=3, head="h", root="r", at="a", key="k", prev="p")


def test_a_statement_reads_back():
    assert Statement.parse(STATEMENT.content()) == STATEMENT


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        STATEMENT.content().replace(b'"size":3', b'"size":"3"'),
        STATEMENT.content().replace(b'"size":3', b'"size":true'),
        STATEMENT.content().replace(b'"size":3', b'"size":-3'),
        STATEMENT.content().replace(b'"size":3', b'"size": 3'),
        STATEMENT.content().replace(b'"size":3', b'"size":3,"size":3'),
        STATEMENT.content().replace(b'"size":3', b'"size":3,"more":1'),
    ],
)
def test_it_refuses_what_is_not_a_statement(content):
    with pytest.raises(ValueError):  # noqa: PT011 (the reader's own words do not matter)
        Statement.parse(content)

"""Tampering nobody thought of: random changes, one after another, are always found and never crash."""

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.trail import chain
from tests.trail.log import Log, honest, judge, parts, relink

HONEST = honest()
places = st.integers(0, len(HONEST) - 1)


def drop(lines: list[bytes], i: int, _: int) -> None:
    del lines[i]


def swap(lines: list[bytes], i: int, j: int) -> None:
    lines[i], lines[j] = lines[j], lines[i]


def move(lines: list[bytes], i: int, j: int) -> None:
    lines.insert(j, lines.pop(i))


def repeat(lines: list[bytes], i: int, j: int) -> None:
    lines.insert(j, lines[i])


def change_actor(lines: list[bytes], i: int, j: int) -> None:
    if lines[i].startswith(b'{"entry"'):
        content = chain.canonical({**parts(lines[i]), "actor": f"desk-{j + 2:02d}"})
        lines[i] = chain.entry_line(content, json.loads(lines[i])["hash"])


def change_and_rehash(lines: list[bytes], i: int, j: int) -> None:
    if lines[i].startswith(b'{"entry"'):
        content = chain.canonical({**parts(lines[i]), "actor": f"desk-{j + 2:02d}"})
        lines[i] = chain.entry_line(content, chain.entry_hash(content))


def renumber(lines: list[bytes], i: int, j: int) -> None:
    if lines[i].startswith(b'{"entry"'):
        content = chain.canonical({**parts(lines[i]), "seq": j + 1})
        lines[i] = chain.entry_line(content, json.loads(lines[i])["hash"])


def relink_all(lines: list[bytes], i: int, _: int) -> None:
    lines[:] = relink(lines, start=i)


def cut(lines: list[bytes], i: int, _: int) -> None:
    del lines[i:]


def graft(lines: list[bytes], i: int, j: int) -> None:
    """A piece of another history of the same length."""
    other = Log(people={3: 99}).write(10).sign().write(10).sign().export()
    low, high = sorted((i, j))
    lines[low:high] = [line for line in other[low:high] if line.startswith(b'{"entry"')] or lines[low:high]


def garble(lines: list[bytes], i: int, j: int) -> None:
    line = bytearray(lines[i])
    if line.startswith(b'{"header"'):
        return  # its instant is not signed, and says nothing about the entries
    line[(j * 37) % len(line)] ^= 0x15
    lines[i] = bytes(line)


STEPS = [drop, swap, move, repeat, change_actor, change_and_rehash, renumber, relink_all, cut, graft, garble]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), places, places), min_size=1, max_size=4))
def test_whatever_is_done_to_the_lines_is_found(steps):
    lines = list(HONEST)
    for step, i, j in steps:
        if max(i, j) < len(lines):
            with contextlib.suppress(
                ValueError, KeyError, TypeError
            ):  # a step cannot work on a line that was garbled before
                step(lines, i, j)
    found = judge(lines)
    assert found.intact == (lines == HONEST)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=200) | st.sampled_from(HONEST), max_size=30))
def test_any_file_at_all_is_judged_without_a_crash(lines):
    assert judge(lines).intact == (lines == HONEST)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_json_in_the_shape_of_a_line_is_judged_without_a_crash(data):
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
    index = data.draw(places)
    fields = json.loads(HONEST[index])
    outer = data.draw(st.sampled_from(sorted(fields)))
    if isinstance(fields[outer], dict) and data.draw(st.booleans()):
        fields[outer][data.draw(st.sampled_from(sorted(fields[outer])))] = data.draw(values)
    else:
        fields[outer] = data.draw(values)
    lines = list(HONEST)
    lines[index] = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    found = judge(lines)
    assert found.intact == (json.loads(lines[index]) == json.loads(HONEST[index])) or index == 0

"""Values on PostgreSQL's binary wire: whole lists out, and dates Python has no date for in."""

import datetime as dt
import struct
import sys
from array import array
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.types.datetime import DateBinaryLoader, TimestampBinaryLoader, TimestamptzBinaryLoader

from daicho.stores.adapters.postgresql.kind import Integers, Texts

_BIGINT, _TEXT = 20, 25
_BIGINT_ARRAY, _TEXT_ARRAY = 1016, 1009
_EPOCH: Final = dt.date(2000, 1, 1).toordinal()
_CYCLE_DAYS, _CYCLE_YEARS = 146_097, 400  # after which the calendar repeats itself
_DAY: Final = 86_400_000_000  # microseconds


class IntegersDumper(Dumper):
    """`Integers` as ``bigint[]``, packed without a Python object per number."""

    format = pq.Format.BINARY
    oid = _BIGINT_ARRAY

    def dump(self, obj: list[int]) -> Buffer:
        count = len(obj)
        if not count:
            return struct.pack("!iii", 0, 0, _BIGINT)
        numbers = array("q", obj)
        if sys.byteorder == "little":
            numbers.byteswap()
        raw = numbers.tobytes()
        body = bytearray(12 * count)  # each number: its length in four bytes, then eight bytes
        body[3::12] = b"\x08" * count
        for byte in range(8):
            body[4 + byte :: 12] = raw[byte::8]
        return struct.pack("!iiiii", 1, 0, _BIGINT, count, 1) + bytes(body)


class TextsDumper(Dumper):
    """`Texts` as ``text[]``."""

    format = pq.Format.BINARY
    oid = _TEXT_ARRAY

    def dump(self, obj: list[str]) -> Buffer:
        if not obj:
            return struct.pack("!iii", 0, 0, _TEXT)
        parts = [struct.pack("!iiiii", 1, 0, _TEXT, len(obj), 1)]
        for text in obj:
            raw = text.encode()
            parts += (len(raw).to_bytes(4, "big"), raw)
        return b"".join(parts)


class DateLoader(DateBinaryLoader):
    """A date, or its text where Python has none: infinity, before year 1, after 9999."""

    def load(self, data: Buffer) -> Any:
        try:
            return super().load(data)
        except psycopg.DataError:
            (days,) = struct.unpack("!i", data)
            return _endless(days, 31) or _far_day(days)


class TimestampLoader(TimestampBinaryLoader):
    """A time stamp, or its text where Python has none."""

    def load(self, data: Buffer) -> Any:
        try:
            return super().load(data)
        except psycopg.DataError:
            return _far_moment(data)


class TimestamptzLoader(TimestamptzBinaryLoader):
    """A time stamp with time zone, or its text in UTC where Python has none."""

    def load(self, data: Buffer) -> Any:
        try:
            return super().load(data)
        except psycopg.DataError:
            text = _far_moment(data)
            return text if text.endswith("infinity") else f"{text}+00"


def register(connection: psycopg.Connection[Any]) -> None:
    """Let a connection send and read values as above."""
    adapters = connection.adapters
    adapters.register_dumper(Integers, IntegersDumper)
    adapters.register_dumper(Texts, TextsDumper)
    adapters.register_loader("date", DateLoader)
    adapters.register_loader("timestamp", TimestampLoader)
    adapters.register_loader("timestamptz", TimestamptzLoader)


def _endless(number: int, bits: int) -> str:
    """PostgreSQL's infinities are the largest and the smallest number."""
    return {2**bits - 1: "infinity", -(2**bits): "-infinity"}.get(number, "")


def _far_day(days: int) -> str:
    cycles, rest = divmod(_EPOCH + days - 1, _CYCLE_DAYS)
    near = dt.date.fromordinal(rest + 1)
    year = near.year + cycles * _CYCLE_YEARS
    return f"{year:04d}-{near:%m-%d}" if year > 0 else f"{1 - year:04d}-{near:%m-%d} BC"


def _far_moment(data: Buffer) -> str:
    (micros,) = struct.unpack("!q", data)
    days, rest = divmod(micros, _DAY)
    time = (dt.datetime.fromordinal(1) + dt.timedelta(microseconds=rest)).time()
    return _endless(micros, 63) or f"{_far_day(days)} {time.isoformat()}"

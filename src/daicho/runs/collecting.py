"""Reads what a disclosure shows, straight from the stores into sealed files.

Rows of a store never become rows of ours: each record is one line of JSON in the file of its
person, encrypted as it is written. A crash before the run is written down
(`runs.actions.reading`) leaves files that nobody has a key for.
"""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from daicho.keys.ring import Ring
from daicho.keys.sealed import SealedFile, SealedWriter
from daicho.register.reading import Disclose
from daicho.runs.marks import row_mark
from daicho.runs.planning import StorePlanned
from daicho.runs.rules import Fate, PlannedSet
from daicho.stores.plan import Record
from daicho.work.progress import SILENT, Progress

#: So many records are read between two reports of progress.
_EVERY = 2_000
#: Open writers are bounded; a batch larger than this is collected in slices.
MAX_OWNERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was read: per person number a sealed file with its number of records, per store the records per table and person."""

    files: Mapping[int, tuple[str, SealedFile, int]]
    read: Sequence[Mapping[str, Mapping[int, int]]]


def collect(
    planned: Sequence[StorePlanned], *, people: int, folder: Path, ring: Ring, progress: Progress = SILENT
) -> Collected:
    """Stream every shown row of the plan into one sealed file per person of the batch."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as stack:
        writers = _Writers(folder=folder, ring=ring, stack=stack)
        read = [_collect_store(one, writers, ring, progress) for one in planned]
        for number in range(people):
            writers.of(number)  # an empty file is an answer too
        files = {
            number: (ref, writer.finish(), writers.counts[number]) for number, (ref, writer) in writers.open.items()
        }
    return Collected(files=files, read=read)


class _Writers:
    def __init__(self, *, folder: Path, ring: Ring, stack: ExitStack) -> None:
        self.folder, self.ring, self.stack = folder, ring, stack
        self.open: dict[int, tuple[str, SealedWriter]] = {}
        self.counts: dict[int, int] = {}

    def of(self, number: int) -> SealedWriter:
        if number not in self.open:
            ref = f"F-{secrets.token_hex(8)}"
            writer = SealedFile.create(self.folder / f"{ref}.sealed", ring=self.ring, bound_to=f"data:{ref}")
            self.open[number] = (ref, self.stack.enter_context(writer))
            self.counts[number] = 0
        return self.open[number][1]


def _collect_store(
    one: StorePlanned, writers: _Writers, opened: Ring, progress: Progress
) -> Mapping[str, Mapping[int, int]]:
    counts: dict[str, dict[int, int]] = {rows.table: {} for rows in one.rows}
    if not one.rows:
        return counts
    store = one.map.store.code
    reviewed = {
        table
        for table in one.columns
        if any(column.disclose is Disclose.REVIEW for column in one.map.tables[table].columns.values())
    }
    for done, record in enumerate(one.store.read(one.map.plan, one.rows, one.columns)):
        mark = row_mark(opened, store, record.table, record.key) if record.table in reviewed else ""
        writers.of(record.person).write(_line(store, one.map.code, record, mark))
        writers.counts[record.person] += 1
        per = counts[record.table]
        per[record.person] = per.get(record.person, 0) + 1
        if done % _EVERY == 0:
            progress.step("run.reading", done=done)
    return counts


def _line(store: str, map_code: str, record: Record, mark: str) -> bytes:
    plain = {"s": store, "m": map_code, "t": record.table, "r": mark, "v": record.values}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=_text).encode() + b"\n"


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def agrees(planned: Sequence[PlannedSet], read: Mapping[str, Mapping[int, int]]) -> bool:
    """Whether as many rows were read as were found, per table and person."""
    return all(
        dict(one.by) == dict(read.get(one.table, {})) for one in planned if one.fate is Fate.SHOWN and one.table in read
    )


def records_of(file: SealedFile, *, ring: Ring) -> Iterator[Mapping[str, Any]]:
    """The records of a data file in order: ``s`` store, ``m`` map, ``t`` table, ``r`` row mark, ``v`` column → value."""
    with file.open(ring=ring) as lines:
        for line in lines:
            yield json.loads(line)

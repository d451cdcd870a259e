"""Verification of an exported trail by somebody who has only the file and the public key. No Django.

One pass, flat memory. In this order, for every line:

1. An entry is hashed as it stands and compared with the hash beside it (edited).
2. Its number is compared with the number due (removed, inserted, reordered). An entry whose hash
   agrees with another number than it bears was renumbered after an insertion or removal.
3. Its ``prev`` must be the hash of the entry before (replaced), the first one's the trail's own.
4. At each validly signed checkpoint, length, head and RFC 9162 root must be those of the entries
   read (cut, emptied, or rewritten and hashed again). From there the reading goes on with the signed
   state, so that damage in one place does not hide or accuse the rest.
5. Checkpoints continue one another (removed, forked).
6. At the end: what is still missing is named, and nothing may lie behind the last signature.

What a file alone cannot show is that its whole end, checkpoints included, was cut off; for that the
caller passes checkpoints that were kept elsewhere (``anchors``).
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from daicho.keys.signing import PublicKeys
from daicho.trail import chain
from daicho.trail.chain import Statement
from daicho.trail.findings import Harm, TrailFinding
from daicho.trail.tree import Tree

MAX_LINE: Final = 1_000_000
MAX_FINDINGS: Final = 1_000
#: How many hashes back a checkpoint that stands too late is still compared with.
_REMEMBERED: Final = 10_000
_TAIL: Final = len(chain.LINE_END) + chain.HASH_DIGITS
_ENTRY_FIELDS: Final = {
    "actor": str, "at": str, "event": str, "facts": dict, "organisation": str, "prev": str, "seq": int,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found, and what was read. ``more`` counts findings beyond the first thousand."""

    findings: tuple[TrailFinding, ...]
    more: int
    trail: str
    entries: int
    checkpoints: int
    signed_size: int
    signed_at: str

    @property
    def intact(self) -> bool:
        """Whether every entry up to the last signature is what was written."""
        return not self.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStatement:
    """A checkpoint line taken apart; the signature is not yet judged."""

    statement: Statement
    content: bytes
    frontier: bytes
    signature: bytes


def verify(lines: Iterable[bytes], keys: PublicKeys, *, trail: str = "", anchors: Iterable[bytes] = ()) -> Verification:
    """Verify an exported trail.

    Args:
        lines: the export's lines; see `read_lines`.
        keys: the public keys, from `daicho.keys.signing.read_public_keys`.
        trail: the trail's id, if known from elsewhere; ``keys`` may name it too.
        anchors: checkpoint lines that were kept outside, in any order.
    """
    verifier = _Verifier(keys, trail or keys.trail)
    for line in anchors:
        verifier.take_anchor(line)
    for number, line in enumerate(lines, start=1):
        verifier.take(number, line.rstrip(b"\r\n"))
    return verifier.finish()


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of a file; of one that is far too long only the beginning, so that memory stays flat."""
    while line := file.readline(MAX_LINE):
        yield line
        while not line.endswith(b"\n"):
            line = file.readline(MAX_LINE)
            if not line:
                return


def parse_checkpoint(line: bytes) -> SignedStatement:
    """Take a checkpoint line apart.

    Raises:
        ValueError: it is not one.
    """
    content, found, rest = line.removeprefix(chain.CHECKPOINT_START).rpartition(chain.FRONTIER_START)
    frontier, also_found, signature = rest.removesuffix(chain.LINE_END).partition(chain.SIGNATURE_START)
    if not (line.startswith(chain.CHECKPOINT_START) and found and also_found):
        raise ValueError("not a checkpoint line")
    return SignedStatement(
        statement=Statement.parse(content),
        content=content,
        frontier=bytes.fromhex(frontier.decode("ascii")),
        signature=bytes.fromhex(signature.decode("ascii")),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    seq: int
    prev: str
    digest: str  # as written beside the entry
    computed: str  # as it stands
    content: bytes


@dataclass(frozen=True, slots=True)
class _Short:
    line: int
    due: int
    ends: tuple[str, ...]
    size: int
    good_size: int


class _Verifier:
    def __init__(self, keys: PublicKeys, trail: str) -> None:
        self._keys = keys
        self._trail = trail
        self._findings: list[TrailFinding] = []
        self._more = 0
        self._header: dict[str, Any] | None = None
        self._tree = Tree()
        self._due = 1  # the number the next entry must bear
        self._ends: tuple[str, ...] = ()  # hashes the next entry may continue; empty = whatever it says
        self._clean = True  # nothing found since the last signed state
        self._short: _Short | None = None  # the last checkpoint, if entries were lacking before it
        self._shift = 0  # how far numbers were moved by who slipped an entry in and renumbered
        self._missing: list[tuple[int, int]] = []
        self._recent: deque[tuple[int, str]] = deque(maxlen=_REMEMBERED)
        self._entries = 0
        self._anchors: dict[int, Statement] = {}
        self._checkpoints = 0
        self._next_checkpoint = 1
        self._checkpoint_prev = ""  # hash of the last statement; empty = whatever the next says
        self._signed_size = 0  # largest size under a valid signature
        self._signed_at = ""
        self._good_size = 0  # up to here the entries are proven
        self._any_signed = False

    # -- lines ---------------------------------------------------------------------------------

    def take(self, number: int, line: bytes) -> None:
        if number == 1:
            self._take_header(line)
            if self._header is not None:
                return
        if line.startswith(chain.ENTRY_START):
            self._take_entry_line(number, line)
        elif line.startswith(chain.CHECKPOINT_START):
            self._take_checkpoint_line(number, line)
        elif not (number == 1 and line.startswith(chain.HEADER_START)):
            self._find(Harm.UNREADABLE, number)

    def take_anchor(self, line: bytes) -> None:
        """A checkpoint kept outside; a line that is not one, or not validly signed, is a finding."""
        try:
            signed = parse_checkpoint(line.rstrip(b"\r\n"))
        except ValueError:
            self._find(Harm.UNREADABLE, 0)
            return
        statement = signed.statement
        if not self._is_signed(signed, line=0):
            return
        self._trail = self._trail or statement.trail
        if statement.trail != self._trail:
            self._find_wrong_trail(0)
            return
        known = self._anchors.setdefault(statement.size, statement)
        if known.head != statement.head:
            self._find(Harm.FORKED, 0, statement.number)
        self._note_signed(statement)

    def _take_header(self, line: bytes) -> None:
        header = _parse_header(line)
        if header is None:
            self._find(Harm.HEADER, 1)
            return
        self._header = header
        self._trail = self._trail or header["trail"]
        if header["trail"] != self._trail:
            self._find_wrong_trail(1)

    # -- entries -------------------------------------------------------------------------------

    def _take_entry_line(self, number: int, line: bytes) -> None:
        try:
            entry = _parse_entry(number, line)
        except (ValueError, KeyError, RecursionError):
            self._find(Harm.UNREADABLE, number)
            return
        self._entries += 1
        seq = entry.seq
        if entry.computed != entry.digest:
            seq = self._place_of_changed(entry)
        self._take_entry(entry, seq)

    def _place_of_changed(self, entry: _Entry) -> int:
        """Where an entry belongs whose hash does not agree with it; what was done to it is, or was, named."""
        if self._shift and _hash_as(entry, entry.seq - self._shift) == entry.digest:
            return entry.seq - self._shift  # renumbered like the one whose renumbering was named
        genuine = self._ends if self._due > 1 else (chain.genesis(self._trail),)
        if entry.prev in genuine:  # it stands where it belongs, so its number may be what was changed
            self._find(Harm.EDITED, entry.line, self._due)
            return self._due
        for shift in (self._shift + 1, self._shift - 1, 1, -1):
            if _hash_as(entry, entry.seq - shift) == entry.digest:
                return self._place_of_renumbered(entry, shift)
        self._find(Harm.EDITED, entry.line, entry.seq)
        return entry.seq

    def _place_of_renumbered(self, entry: _Entry, shift: int) -> int:
        place = entry.seq - shift
        if self._is_missing(place):
            return place
        if shift > self._shift:
            self._find(Harm.INSERTED, entry.line, self._due - 1)
            self._due -= 1
            self._ends = ()
        elif place <= self._due:  # nothing is missing before it, so nothing else would be named
            self._find(Harm.EDITED, entry.line, place)
            return place
        self._shift = shift
        return place

    def _take_entry(self, entry: _Entry, seq: int) -> None:
        self._judge_short(entry, seq)
        if seq < self._due:
            self._take_late(entry, seq)
            return
        if seq > self._due:
            self._miss(self._due, seq - 1, entry.line)
        elif seq == 1:
            if self._trail and entry.prev != chain.genesis(self._trail) and entry.digest == entry.computed:
                self._find_wrong_trail(entry.line)
        elif self._ends and entry.prev not in self._ends and entry.digest == entry.computed:
            self._find(Harm.REPLACED, entry.line, seq - 1)
        self._due = seq + 1
        self._ends = (entry.digest,) if entry.digest == entry.computed else (entry.digest, entry.computed)
        self._recent.append((seq, entry.digest))
        if self._clean:
            self._tree.append(bytes.fromhex(entry.digest))
        anchor = self._anchors.get(seq)
        if anchor is not None and self._clean and anchor.head != entry.digest:
            self._find(Harm.REHASHED, entry.line, self._good_size + 1, seq)

    def _judge_short(self, entry: _Entry, seq: int) -> None:
        """Entries were lacking before a checkpoint: does this one go on as if nothing were missing?"""
        short, self._short = self._short, None
        if short is None or seq != short.due or entry.prev not in short.ends:
            return
        if (short.due, short.size) in self._missing[-1:]:
            self._missing.pop()
        self._find(Harm.REHASHED, short.line, short.good_size + 1, short.size)
        self._due, self._ends = short.due, short.ends

    def _take_late(self, entry: _Entry, seq: int) -> None:
        for index, (first, last) in enumerate(self._missing):
            if first <= seq <= last:
                rest = [(first, seq - 1), (seq + 1, last)]
                self._missing[index : index + 1] = [part for part in rest if part[0] <= part[1]]
                self._find_reordered(entry.line, seq)
                return
        self._find(Harm.INSERTED, entry.line, seq)
        if seq == self._due - 1:  # which of the two is genuine, the next entry says
            self._ends = (*self._ends, entry.digest)

    def _is_missing(self, seq: int) -> bool:
        return any(first <= seq <= last for first, last in self._missing)

    def _find_reordered(self, line: int, seq: int) -> None:
        previous = self._findings[-1] if self._findings else None
        if previous and previous.harm is Harm.REORDERED and previous.last == seq - 1:
            self._findings[-1] = TrailFinding(harm=Harm.REORDERED, line=previous.line, first=previous.first, last=seq)
            return
        self._find(Harm.REORDERED, line, seq)

    def _miss(self, first: int, last: int, line: int) -> None:
        """Entries that are not there yet; they may still come, out of order."""
        self._clean = False
        if len(self._missing) < MAX_FINDINGS:
            self._missing.append((first, last))
        else:
            self._find(Harm.REMOVED, line, first, last)

    # -- checkpoints ---------------------------------------------------------------------------

    def _take_checkpoint_line(self, number: int, line: bytes) -> None:
        try:
            signed = parse_checkpoint(line)
        except (ValueError, RecursionError):
            self._find(Harm.UNREADABLE, number)
            return
        self._checkpoints += 1
        statement = signed.statement
        if not self._is_signed(signed, line=number):
            self._next_checkpoint, self._checkpoint_prev = max(self._next_checkpoint, statement.number + 1), ""
            return
        self._trail = self._trail or statement.trail
        if statement.trail != self._trail:
            self._find_wrong_trail(number)
            return
        self._follow_checkpoints(statement, number)
        self._compare(signed, number)
        self._note_signed(statement)

    def _is_signed(self, signed: SignedStatement, *, line: int) -> bool:
        key_id, number = signed.statement.key, signed.statement.number
        if key_id not in self._keys.keys:
            self._find(Harm.UNKNOWN_KEY, line, number)
            return False
        if not self._keys.verifies(key_id, signed.signature, chain.SIGNED_PREFIX + signed.content):
            self._find(Harm.FORGED_CHECKPOINT, line, number)
            return False
        return True

    def _note_signed(self, statement: Statement) -> None:
        self._any_signed = True
        if statement.size >= self._signed_size:
            self._signed_size, self._signed_at = statement.size, statement.at

    def _follow_checkpoints(self, statement: Statement, line: int) -> None:
        due = self._next_checkpoint
        if statement.number < due:
            self._find(Harm.MISPLACED_CHECKPOINT, line, statement.number)
            return
        previous = self._checkpoint_prev if due > 1 else chain.genesis(self._trail)
        if statement.number > due:
            self._find(Harm.REMOVED_CHECKPOINT, line, due, statement.number - 1, harms_entries=False)
        elif previous and statement.prev != previous:
            self._find(Harm.FORKED, line, statement.number)
        self._next_checkpoint, self._checkpoint_prev = statement.number + 1, statement.hash()

    def _compare(self, signed: SignedStatement, line: int) -> None:
        """Are the entries read so far those that were signed? Then go on from the signed state."""
        statement = signed.statement
        have = self._due - 1
        if statement.size < have:
            self._compare_late(statement, line)
            return
        if statement.size > have:
            self._short = _Short(line, self._due, self._ends, statement.size, self._good_size)
            self._miss(self._due, statement.size, line)
        elif self._clean and (self._tree.root().hex() != statement.root or statement.head not in self._ends):
            self._find(Harm.REHASHED, line, self._good_size + 1, statement.size)
        self._resume(signed, line)

    def _compare_late(self, statement: Statement, line: int) -> None:
        """A checkpoint behind entries it does not cover: it was moved, or entries were added before it."""
        then = next((digest for seq, digest in reversed(self._recent) if seq == statement.size), None)
        if self._clean and then is not None and then != statement.head:
            self._find(Harm.REHASHED, line, self._good_size + 1, self._due - 1)
        elif self._clean:
            self._find(Harm.MISPLACED_CHECKPOINT, line, statement.number, harms_entries=False)

    def _resume(self, signed: SignedStatement, line: int) -> None:
        statement = signed.statement
        self._due, self._ends, self._shift = statement.size + 1, (statement.head,), 0
        try:
            tree = Tree.restore(statement.size, signed.frontier)
        except ValueError:
            tree = Tree()
        if tree.size != statement.size or tree.root().hex() != statement.root:
            self._find(Harm.FORGED_CHECKPOINT, line, statement.number)
            return
        self._tree, self._clean, self._good_size = tree, True, statement.size

    # -- the end -------------------------------------------------------------------------------

    def finish(self) -> Verification:
        have = self._due - 1
        if not self._entries and self._signed_size:
            self._find(Harm.EMPTIED, 0, 1, self._signed_size)
        else:
            self._name_missing(have)
        if not self._any_signed:
            self._find(Harm.NO_CHECKPOINT, 0)
        elif have > self._signed_size:
            self._find(Harm.UNSIGNED_TAIL, 0, self._signed_size + 1, have)
        self._compare_header(have)
        return Verification(
            findings=tuple(self._findings),
            more=self._more,
            trail=self._trail,
            entries=self._entries,
            checkpoints=self._checkpoints,
            signed_size=self._signed_size,
            signed_at=self._signed_at,
        )

    def _name_missing(self, have: int) -> None:
        if self._signed_size > have:  # only an anchor knows of them
            self._missing.append((have + 1, self._signed_size))
        for first, last in self._missing:
            at_end = last == max(have, self._signed_size)
            self._find(Harm.CUT_TAIL if at_end else Harm.REMOVED, 0, first, last)

    def _compare_header(self, have: int) -> None:
        if self._header is None:
            return
        cut = any(finding.harm in {Harm.CUT_TAIL, Harm.EMPTIED} for finding in self._findings)
        if self._header["entries"] > have and not cut:
            self._find(Harm.TRUNCATED, 0, have + 1, self._header["entries"])
        elif self._header["checkpoints"] >= self._next_checkpoint:
            self._find(Harm.REMOVED_CHECKPOINT, 0, self._next_checkpoint, self._header["checkpoints"])

    def _find_wrong_trail(self, line: int) -> None:
        if not any(finding.harm is Harm.WRONG_TRAIL for finding in self._findings):
            self._find(Harm.WRONG_TRAIL, line)

    def _find(self, harm: Harm, line: int, first: int = 0, last: int = 0, *, harms_entries: bool = True) -> None:
        self._clean = self._clean and not harms_entries
        if len(self._findings) >= MAX_FINDINGS:
            self._more += 1
            return
        self._findings.append(TrailFinding(harm=harm, line=line, first=first, last=last or first))


def _parse_header(line: bytes) -> dict[str, Any] | None:
    try:
        header = json.loads(line)["header"]
        good = header["format"] == chain.FORMAT and isinstance(header["trail"], str)
        counts = (header["entries"], header["checkpoints"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return header if good and all(type(count) is int for count in counts) else None


def _parse_entry(number: int, line: bytes) -> _Entry:
    start = len(line) - _TAIL
    content = line[len(chain.ENTRY_START) : start - len(chain.HASH_START)]
    if line[start - len(chain.HASH_START) : start] != chain.HASH_START or not line.endswith(chain.LINE_END):
        raise ValueError("not an entry line")
    digest = line[start : -len(chain.LINE_END)].decode("ascii")
    bytes.fromhex(digest)
    found = json.loads(content)
    if not isinstance(found, dict) or set(found) != set(_ENTRY_FIELDS):
        raise ValueError("not an entry")
    if any(type(found[name]) is not kind for name, kind in _ENTRY_FIELDS.items()) or found["seq"] < 1:
        raise ValueError("not an entry")
    return _Entry(number, found["seq"], found["prev"], digest, chain.entry_hash(content), content)


def _hash_as(entry: _Entry, seq: int) -> str:
    """The entry's hash if it bore another number, which is the last thing in its canonical form."""
    return chain.entry_hash(entry.content[: entry.content.rindex(b":") + 1] + f"{seq}}}".encode())

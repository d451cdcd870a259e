"""A trail in memory: what the database would export, for attackers to work on."""

import json
from dataclasses import dataclass, field
from typing import Any

from daicho.keys.signing import PublicKeys, Signer, public_keys_of
from daicho.trail import chain
from daicho.trail.chain import Statement
from daicho.trail.tree import Tree
from daicho.trail.verification import Verification, verify

TRAIL = "00112233445566778899aabbccddeeff"
AT = "2026-11-05T01:02:03.000000Z"
KEY = Signer(bytes(range(32)))
OTHER_KEY = Signer(bytes(range(1, 33)))
KEYS = public_keys_of([KEY.public_pem()])


def entry(seq: int, prev: str, people: int = 1) -> tuple[bytes, str]:
    """The bytes of an entry, and their hash."""
    content = chain.entry_bytes(
        seq=seq,
        at=AT,
        event="run.confirmed",
        actor="desk-01",
        organisation="copro-holdings",
        facts=chain.canonical_facts({"run": f"X-{seq}", "purpose": "erase", "people": people}),
        prev=prev,
    )
    return content, chain.entry_hash(content)


@dataclass
class Log:
    """Writes an export line by line, as an honest installation or as a forger with its own key."""

    trail: str = TRAIL
    key: Signer = KEY
    people: dict[int, int] = field(default_factory=dict)  # seq → the count written there, to tell two histories apart

    def __post_init__(self) -> None:
        self.tree = Tree()
        self.head = chain.genesis(self.trail)
        self.last = chain.genesis(self.trail)
        self.checkpoints = 0
        self.lines: list[bytes] = []

    def write(self, count: int) -> "Log":
        for _ in range(count):
            seq = self.tree.size + 1
            content, self.head = entry(seq, self.head, self.people.get(seq, 1))
            self.tree.append(bytes.fromhex(self.head))
            self.lines.append(chain.entry_line(content, self.head))
        return self

    def sign(self) -> "Log":
        self.checkpoints += 1
        statement = Statement(
            trail=self.trail,
            number=self.checkpoints,
            size=self.tree.size,
            head=self.head,
            root=self.tree.root().hex(),
            at=AT,
            key=self.key.key_id,
            prev=self.last,
        )
        signature = self.key.sign(chain.SIGNED_PREFIX + statement.content()).hex()
        self.lines.append(chain.checkpoint_line(statement.content(), frontier=self.tree.frontier, signature=signature))
        self.last = statement.hash()
        return self

    def export(self) -> list[bytes]:
        header = chain.header_line(trail=self.trail, at=AT, entries=self.tree.size, checkpoints=self.checkpoints)
        return [header, *self.lines]


def honest() -> list[bytes]:
    """Lines 0 header; 1-10 entries; 11 checkpoint 1; 12-21 entries 11-20; 22 checkpoint 2."""
    return Log().write(10).sign().write(10).sign().export()


def at_entry(lines: list[bytes], seq: int) -> int:
    """The index of the line of an entry."""
    return next(i for i, line in enumerate(lines) if line.startswith(b'{"entry"') and parts(line)["seq"] == seq)


def at_checkpoint(lines: list[bytes], number: int) -> int:
    """The index of the line of a checkpoint."""
    found = [i for i, line in enumerate(lines) if line.startswith(b'{"checkpoint"')]
    return found[number - 1]


def parts(line: bytes) -> dict[str, Any]:
    """The fields of an entry's line."""
    fields: dict[str, Any] = json.loads(line)["entry"]
    return fields


def relink(lines: list[bytes], start: int = 1, trail: str = TRAIL) -> list[bytes]:
    """Number, link and hash all entries again from ``start`` on, as somebody without the signing key can."""
    done, seq, prev = [], 0, chain.genesis(trail)
    for line in lines:
        if not line.startswith(b'{"entry"'):
            done.append(line)
            continue
        seq += 1
        fields = parts(line)
        if seq < start:
            prev = json.loads(line)["hash"]
            done.append(line)
            continue
        content = chain.canonical({**fields, "seq": seq, "prev": prev})
        prev = chain.entry_hash(content)
        done.append(chain.entry_line(content, prev))
    return done


def judge(lines: list[bytes], keys: PublicKeys = KEYS, **options: object) -> Verification:
    """Verify lines."""
    return verify(lines, keys, **options)  # type: ignore[arg-type]


def harms(lines: list[bytes], keys: PublicKeys = KEYS, **options: object) -> list[tuple[str, int, int]]:
    """What is found: (name, first, last)."""
    return [(str(one.harm), one.first, one.last) for one in judge(lines, keys, **options).findings]

"""Signing, exporting, anchoring; and what somebody who can write to the database leaves behind."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from daicho.keys import queries as keys
from daicho.keys.actions import rotate
from daicho.trail import chain
from daicho.trail.actions import make_checkpoint, record
from daicho.trail.errors import TrailDamagedError
from daicho.trail.models import Checkpoint, TrailEntry, TrailHead
from daicho.trail.queries import anchors_path, content_of, export
from daicho.trail.tree import Tree
from daicho.trail.verification import Verification, verify
from daicho.words.errors import InstallationError
from daicho.words.scope import Scope

AT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("house")


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record("account.created", actor="desk-01", at=AT, organisation="copro", account=f"a{number}")


def sign() -> int:
    return make_checkpoint(actor="officer-01", at=AT).number


def exported() -> list[bytes]:
    lines: list[bytes] = []
    export(lines.append, at=AT)
    return b"".join(lines).splitlines(keepends=True)


def judge(*, anchored: bool = True) -> Verification:
    anchors = anchors_path().read_bytes().splitlines() if anchored else ()
    return verify(exported(), keys.public_keys(), anchors=anchors)


def harms(**options: bool) -> list[tuple[str, int, int]]:
    return [(str(one.harm), one.first, one.last) for one in judge(**options).findings]


def test_an_export_is_intact_and_ends_with_a_signature():
    write(5)
    assert sign() == 1
    write(3)
    assert sign() == 2
    found = judge()
    assert found.intact
    assert found.entries == found.signed_size == TrailEntry.objects.count() == 1 + 5 + 1 + 3 + 1
    assert exported()[-1].startswith(b'{"checkpoint"')


def test_the_exported_hashes_are_those_in_the_database():
    write(2)
    sign()
    hashes = [json.loads(line)["hash"] for line in exported() if line.startswith(b'{"entry"')]
    assert hashes == list(TrailEntry.objects.order_by("seq").values_list("hash", flat=True))


def test_an_export_stops_at_the_last_signature():
    write(2)
    sign()
    write(2)
    assert judge().intact
    assert judge().entries == 4


def test_nothing_new_makes_no_new_checkpoint():
    write(1)
    first = make_checkpoint(actor="officer-01", at=AT)
    again = make_checkpoint(actor="officer-01", at=AT)
    assert (first.fresh, again.fresh) == (True, False)
    assert first.number == again.number
    assert Checkpoint.objects.count() == 1
    assert len(anchors_path().read_bytes().splitlines()) == 1


def test_a_checkpoint_after_the_signing_key_was_replaced_verifies_with_both_keys():
    write(1)
    sign()
    rotate(scope=Scope(actor="officer-01", organisations=frozenset({"copro"})), at=AT, record=record, signing=True)
    sign()
    assert len(keys.public_keys().keys) == 2
    assert judge().intact


def test_anchors_lost_in_a_crash_are_appended_by_the_next_call():
    write(1)
    sign()
    kept = anchors_path().read_bytes()
    write(1)
    sign()
    whole = anchors_path().read_bytes()
    assert whole.startswith(kept)
    anchors_path().write_bytes(whole[:-30])  # torn
    sign()
    assert anchors_path().read_bytes() == whole
    anchors_path().unlink()
    sign()
    assert anchors_path().read_bytes() == whole


def test_an_anchors_file_that_cannot_be_written_is_said_and_the_checkpoint_stands(house: Path):
    write(1)
    (house / "anchors.jsonl").mkdir()
    with pytest.raises(InstallationError) as refused:
        sign()
    assert "anchors.jsonl" in str(refused.value.place)


# -- somebody writes to the database directly --------------------------------------------------


def sql(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rehash_in_the_database() -> None:
    """What an attacker with the source code but without the signing key would do."""
    head = TrailHead.objects.get()
    prev = chain.genesis(head.trail)
    rows = list(TrailEntry.objects.order_by("seq"))
    TrailEntry.objects.all().delete()
    tree = Tree()
    for seq, row in enumerate(rows, start=1):
        row.seq, row.prev = seq, prev
        row.hash = prev = chain.entry_hash(content_of(row))
        tree.append(bytes.fromhex(prev))
    TrailEntry.objects.bulk_create(rows)
    TrailHead.objects.update(size=tree.size, head=prev, frontier=tree.frontier)


def edit_and_rehash() -> None:
    sql("UPDATE trail_trailentry SET actor = 'x' WHERE seq = 3")
    rehash_in_the_database()


def exchange_two_entries() -> None:
    sql("UPDATE trail_trailentry SET seq = 99 WHERE seq = 3")
    sql("UPDATE trail_trailentry SET seq = 3 WHERE seq = 4")
    sql("UPDATE trail_trailentry SET seq = 4 WHERE seq = 99")


ATTACKS: dict[str, tuple[Callable[[], None], list[tuple[str, int, int]]]] = {
    "a fact edited": (
        lambda: sql('UPDATE trail_trailentry SET facts = \'{"account":"a9"}\' WHERE seq = 3'),
        [("edited-entry", 3, 3)],
    ),
    "a fact made unreadable": (
        lambda: sql("UPDATE trail_trailentry SET facts = 'x\ny' WHERE seq = 3"),
        [("unreadable-line", 0, 0), ("unreadable-line", 0, 0), ("removed-entry", 3, 3)],
    ),
    "another actor": (
        lambda: sql("UPDATE trail_trailentry SET actor = 'desk-02' WHERE seq = 4"),
        [("edited-entry", 4, 4)],
    ),
    "another time": (
        lambda: sql("UPDATE trail_trailentry SET at = '2026-11-05 01:02:04' WHERE seq = 4"),
        [("edited-entry", 4, 4)],
    ),
    "an entry deleted": (lambda: sql("DELETE FROM trail_trailentry WHERE seq = 4"), [("removed-entry", 4, 4)]),
    "the end deleted": (lambda: sql("DELETE FROM trail_trailentry WHERE seq > 5"), [("cut-tail", 6, 7)]),
    "all deleted": (lambda: sql("DELETE FROM trail_trailentry"), [("emptied-log", 1, 7)]),
    "two entries exchanged": (
        exchange_two_entries,
        [("reordered-entry", 3, 3)],
    ),
    "edited and all hashed again": (
        edit_and_rehash,
        [("rehashed-chain", 1, 7)],
    ),
    "a signature exchanged": (
        lambda: sql("UPDATE trail_checkpoint SET signature = %s", "00" * 64),
        [("forged-checkpoint", 1, 1)],
    ),
    "a signature made unreadable": (
        lambda: sql("UPDATE trail_checkpoint SET signature = 'none'"),
        [("unreadable-line", 0, 0), ("removed-checkpoint", 1, 1)],
    ),
}


@pytest.mark.parametrize(("attack", "expected"), ATTACKS.values(), ids=ATTACKS.keys())
def test_a_change_made_in_the_database_is_found(attack, expected):
    write(5)
    sign()
    assert judge().intact
    attack()
    found = harms()
    assert found == expected


def test_deleting_the_end_with_its_checkpoint_is_found_by_the_anchors_file():
    write(5)
    sign()
    write(5)
    sign()
    assert judge().intact
    sql("DELETE FROM trail_checkpoint WHERE number = 2")
    sql("DELETE FROM trail_trailentry WHERE seq > 7")
    assert harms(anchored=False) == []
    assert harms() == [("cut-tail", 8, 13)]


@pytest.mark.parametrize(
    "attack",
    [
        lambda: sql("UPDATE trail_trailentry SET actor = 'x' WHERE seq = 9"),
        lambda: sql("DELETE FROM trail_trailentry WHERE seq = 9"),
        lambda: sql("DELETE FROM trail_trailentry WHERE seq > 9"),
        edit_and_rehash,
        lambda: sql("UPDATE trail_checkpoint SET root = %s", "00" * 32),
        lambda: sql("UPDATE trail_checkpoint SET signature = 'none'"),
        lambda: sql("UPDATE trail_trailhead SET head = %s", "00" * 32),
        lambda: sql("DELETE FROM trail_checkpoint"),
    ],
    ids=["edited", "removed", "cut", "rehashed", "root", "signature", "head", "checkpoints-gone"],
)
def test_a_rewritten_history_never_gains_a_signature(attack):
    write(5)
    sign()
    write(5)
    attack()
    before = Checkpoint.objects.count()
    with pytest.raises(TrailDamagedError):
        sign()
    assert Checkpoint.objects.count() == before


def test_a_checkpoint_needs_keys(house: Path):
    write(1)
    (house / "keys" / "kek.json").unlink()
    with pytest.raises(InstallationError) as refused:
        sign()
    assert "kek.json" in str(refused.value.place)
    assert not Checkpoint.objects.exists()

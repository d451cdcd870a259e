"""What can be done to a trail, and that each thing is found under its own name."""

import io
import json
import resource

import pytest

from daicho.keys.signing import public_keys_of
from daicho.trail import chain
from daicho.trail.findings import Harm
from daicho.trail.verification import MAX_FINDINGS, MAX_LINE, read_lines
from tests.trail.log import (
    KEY,
    OTHER_KEY,
    TRAIL,
    Log,
    at_checkpoint,
    at_entry,
    entry,
    harms,
    honest,
    judge,
    parts,
    relink,
)


def edit(line: bytes, **changes: object) -> bytes:
    """Change fields of an entry's line and leave its hash."""
    content = chain.canonical({**parts(line), **changes})
    return chain.entry_line(content, json.loads(line)["hash"])


def rehash(line: bytes, **changes: object) -> bytes:
    """Change fields of an entry's line and give it a hash that agrees."""
    content = chain.canonical({**parts(line), **changes})
    return chain.entry_line(content, chain.entry_hash(content))


def test_an_honest_trail_is_intact():
    found = judge(honest())
    assert found.intact
    assert (found.entries, found.checkpoints, found.signed_size, found.trail) == (20, 2, 20, TRAIL)


@pytest.mark.parametrize("size", [1, 2, 3, 31, 32, 33, 500])
def test_honest_trails_of_many_sizes_are_intact(size):
    assert judge(Log().write(size).sign().write(1).sign().sign().export()).intact


# -- edited ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seq", [1, 5, 10, 11, 20])
@pytest.mark.parametrize(
    "changes",
    [
        {"facts": {"run": "X-5", "purpose": "erase", "people": 2}},
        {"facts": {}},
        {"actor": "desk-02"},
        {"at": "2026-11-05T01:02:03.000001Z"},
        {"event": "run.stored"},
        {"organisation": "other"},
        {"seq": 7_000},
        {"prev": "0" * 64},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_edited_entry_is_found(seq, changes):
    lines = honest()
    assert not harms(lines)
    index = at_entry(lines, seq)
    lines[index] = edit(lines[index], **changes)
    assert harms(lines) == [("edited-entry", seq, seq)]


def test_an_edited_hash_is_found_as_an_edit():
    lines = honest()
    index = at_entry(lines, 5)
    lines[index] = chain.entry_line(chain.canonical(parts(lines[index])), "ab" * 32)
    assert harms(lines) == [("edited-entry", 5, 5)]


def test_an_entry_exchanged_for_one_with_its_own_right_hash_is_found():
    lines = honest()
    index = at_entry(lines, 5)
    lines[index] = rehash(lines[index], actor="desk-02")
    assert harms(lines) == [("replaced-entry", 5, 5)]


def test_the_last_entry_exchanged_before_a_signature_is_found():
    lines = honest()
    index = at_entry(lines, 20)
    lines[index] = rehash(lines[index], actor="desk-02")
    assert harms(lines) == [("rehashed-chain", 11, 20)]


def test_edits_in_two_signed_parts_are_both_found():
    lines = honest()
    for seq in (3, 15):
        lines[at_entry(lines, seq)] = edit(lines[at_entry(lines, seq)], actor="x")
    assert harms(lines) == [("edited-entry", 3, 3), ("edited-entry", 15, 15)]


# -- removed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "last"), [(1, 1), (5, 5), (4, 7), (1, 9), (10, 10), (11, 11), (9, 12)])
def test_removed_entries_are_found(first, last):
    lines = honest()
    kept = [line for line in lines if not line.startswith(b'{"entry"') or not first <= parts(line)["seq"] <= last]
    assert len(kept) == len(lines) - (last - first + 1)
    found = harms(kept)
    assert {name for name, _, _ in found} == {"removed-entry"}
    assert sorted(seq for _, low, high in found for seq in range(low, high + 1)) == list(range(first, last + 1))


def test_a_removal_covered_by_new_numbers_is_found():
    lines = honest()
    del lines[at_entry(lines, 5)]
    index = next(i for i, line in enumerate(lines) if line.startswith(b'{"entry"') and parts(line)["seq"] == 6)
    for i in range(index, at_checkpoint(lines, 1)):
        lines[i] = edit(lines[i], seq=parts(lines[i])["seq"] - 1)
    assert harms(lines) == [("removed-entry", 5, 5)]


def test_a_removal_covered_by_new_hashes_is_found():
    lines = honest()
    del lines[at_entry(lines, 5)]
    assert harms(relink(lines)) == [("rehashed-chain", 1, 10), ("cut-tail", 20, 20)]


# -- inserted ----------------------------------------------------------------------------------


def test_an_entry_slipped_in_under_a_number_in_use_is_found():
    lines = honest()
    before = json.loads(lines[at_entry(lines, 5)])["hash"]
    content, digest = entry(5, before, people=99)
    lines.insert(at_entry(lines, 5) + 1, chain.entry_line(content, digest))
    assert harms(lines) == [("inserted-entry", 5, 5)]


def test_an_entry_slipped_in_before_the_one_whose_number_it_takes_is_found():
    lines = honest()
    content, digest = entry(5, json.loads(lines[at_entry(lines, 4)])["hash"], people=99)
    lines.insert(at_entry(lines, 5), chain.entry_line(content, digest))
    assert harms(lines) == [("inserted-entry", 5, 5)]


def test_an_insertion_covered_by_new_numbers_is_found():
    lines = honest()
    content, digest = entry(5, json.loads(lines[at_entry(lines, 4)])["hash"], people=99)
    index = at_entry(lines, 5)
    for i in range(index, at_checkpoint(lines, 1)):
        lines[i] = edit(lines[i], seq=parts(lines[i])["seq"] + 1)
    lines.insert(index, chain.entry_line(content, digest))
    assert harms(lines) == [("inserted-entry", 5, 5)]


def test_an_insertion_covered_by_new_hashes_is_found():
    lines = honest()
    content, digest = entry(5, "0" * 64, people=99)
    lines.insert(at_entry(lines, 5), chain.entry_line(content, digest))
    found = harms(relink(lines))
    assert found[0] == ("rehashed-chain", 1, 11)


def test_an_entry_repeated_word_for_word_is_found():
    lines = honest()
    lines.insert(at_entry(lines, 5), lines[at_entry(lines, 5)])
    assert harms(lines) == [("inserted-entry", 5, 5)]


def test_an_entry_added_behind_the_last_signature_is_found():
    log = Log().write(3).sign()
    log.write(2)
    assert harms(log.export()) == [("unsigned-tail", 4, 5)]


# -- reordered ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), [(4, 5), (1, 2), (9, 10), (19, 20)])
def test_two_entries_exchanged_are_found(one, other):
    lines = honest()
    i, j = at_entry(lines, one), at_entry(lines, other)
    lines[i], lines[j] = lines[j], lines[i]
    assert {name for name, _, _ in harms(lines)} == {"reordered-entry"}


def test_an_entry_moved_far_is_found():
    lines = honest()
    lines.insert(at_entry(lines, 18), lines.pop(at_entry(lines, 3)))
    assert {name for name, _, _ in harms(lines)} == {"reordered-entry"}


def test_a_reordering_covered_by_new_hashes_is_found():
    lines = honest()
    i, j = at_entry(lines, 4), at_entry(lines, 5)
    lines[i], lines[j] = lines[j], lines[i]
    assert harms(relink(lines)) == [("rehashed-chain", 1, 10), ("replaced-entry", 10, 10)]


def test_all_entries_in_reverse_are_found():
    lines = honest()
    first, last = at_entry(lines, 1), at_entry(lines, 10)
    lines[first : last + 1] = reversed(lines[first : last + 1])
    assert {name for name, _, _ in harms(lines)} == {"reordered-entry"}


# -- cut and emptied ---------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [11, 15, 19])
def test_a_cut_tail_is_found_against_the_last_signature(keep):
    lines = honest()
    kept = [line for line in lines if not line.startswith(b'{"entry"') or parts(line)["seq"] <= keep]
    assert harms(kept) == [("cut-tail", keep + 1, 20)]


def test_a_tail_cut_together_with_its_signature_is_found_by_the_header():
    lines = honest()[: at_checkpoint(honest(), 1) + 1]
    assert harms(lines) == [("truncated-file", 11, 20)]


def test_a_tail_cut_with_signature_and_header_is_found_by_an_anchor():
    lines = honest()
    anchor = lines[at_checkpoint(lines, 2)]
    cut = Log().write(10).sign().export()
    assert not harms(cut), "without an anchor a shorter honest trail looks honest"
    assert harms(cut, anchors=[anchor]) == [("cut-tail", 11, 20)]


def test_an_emptied_log_is_found():
    lines = [line for line in honest() if not line.startswith(b'{"entry"')]
    assert harms(lines) == [("emptied-log", 1, 20)]


def test_a_log_emptied_together_with_its_signatures_is_found():
    header = json.loads(honest()[0])["header"]
    empty = chain.header_line(trail=header["trail"], at=header["at"], entries=0, checkpoints=0)
    assert harms([empty]) == [("no-checkpoint", 0, 0)]
    anchor = honest()[at_checkpoint(honest(), 2)]
    assert harms([empty], anchors=[anchor]) == [("emptied-log", 1, 20)]


def test_a_new_trail_begun_in_place_of_the_old_one_is_found_by_an_anchor():
    fresh = Log(trail="f" * 32).write(20).sign().export()
    assert not harms(fresh)
    anchor = honest()[at_checkpoint(honest(), 2)]
    assert "wrong-trail" in {name for name, _, _ in harms(fresh, anchors=[anchor])}


@pytest.mark.parametrize("lines", [[], [b""], [b"\n"], [b"{}"], [b"\x00\xff" * 40]])
def test_a_file_that_is_no_trail_is_never_intact(lines):
    assert not judge(lines).intact


# -- re-hashed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seq", [1, 5, 10])
def test_a_chain_hashed_again_from_an_edit_on_is_found(seq):
    lines = honest()
    lines[at_entry(lines, seq)] = edit(lines[at_entry(lines, seq)], actor="desk-02")
    found = harms(relink(lines))
    assert found[0] == ("rehashed-chain", 1, 10)


def test_a_chain_hashed_again_after_the_first_signature_leaves_the_first_part_proven():
    lines = honest()
    lines[at_entry(lines, 15)] = edit(lines[at_entry(lines, 15)], actor="desk-02")
    assert harms(relink(lines, start=15)) == [("rehashed-chain", 11, 20)]


def test_another_history_is_found_by_an_anchor_inside_it():
    """The database and its checkpoints were replaced by somebody who got hold of the signing key."""
    lines = Log(people={3: 99}).write(10).sign().write(10).sign().export()
    assert not harms(lines)
    anchor = honest()[at_checkpoint(honest(), 1)]
    assert ("rehashed-chain", 1, 10) in harms(lines, anchors=[anchor])


# -- checkpoints -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["size", "number", "root", "head", "at", "prev"])
def test_a_checkpoint_with_any_field_changed_is_forged(name):
    lines = honest()
    index = at_checkpoint(lines, 2)
    statement = json.loads(lines[index])["checkpoint"]
    value = statement[name]
    changed = value + 1 if isinstance(value, int) else "9" + value[1:]
    content = chain.canonical({**statement, name: changed})
    rest = json.loads(lines[index])
    lines[index] = chain.checkpoint_line(content, frontier=bytes.fromhex(rest["frontier"]), signature=rest["signature"])
    assert "forged-checkpoint" in {found for found, _, _ in harms(lines)}


def test_a_checkpoint_signed_by_another_key_is_named():
    lines = Log(key=OTHER_KEY).write(10).sign().export()
    assert harms(lines) == [("unknown-key", 1, 1), ("no-checkpoint", 0, 0)]


def test_a_checkpoint_that_claims_our_key_but_bears_another_signature_is_forged():
    log = Log(people={3: 99}).write(10)
    genuine = OTHER_KEY.sign
    forger = Log(people={3: 99})
    forger.write(10)
    forger.key = type("Forger", (), {"key_id": KEY.key_id, "sign": staticmethod(genuine)})()
    forger.sign()
    assert log.lines == forger.lines[:10]
    assert harms(forger.export()) == [("forged-checkpoint", 1, 1), ("no-checkpoint", 0, 0)]


def test_both_keys_of_a_replaced_signing_key_are_accepted():
    log = Log().write(5).sign()
    log.key = OTHER_KEY
    log.write(5).sign()
    both = public_keys_of([KEY.public_pem(), OTHER_KEY.public_pem()])
    assert not harms(log.export(), both)
    assert ("unknown-key", 2, 2) in harms(log.export())


def test_a_removed_checkpoint_is_found():
    lines = Log().write(3).sign().write(3).sign().write(3).sign().export()
    del lines[at_checkpoint(lines, 2)]
    assert harms(lines) == [("removed-checkpoint", 2, 2)]


def test_a_checkpoint_moved_to_another_place_is_found():
    lines = honest()
    lines.insert(at_entry(lines, 13), lines.pop(at_checkpoint(lines, 1)))
    assert harms(lines) == [("misplaced-checkpoint", 1, 1)]


def test_a_checkpoint_repeated_is_found():
    lines = honest()
    lines.append(lines[at_checkpoint(lines, 1)])
    assert ("misplaced-checkpoint", 1, 1) in harms(lines)


def test_two_signed_versions_of_one_checkpoint_are_a_fork():
    first = Log().write(10).sign()
    other = Log(people={3: 99}).write(10).sign().write(10).sign()
    lines = [*first.export()[:-1], first.lines[-1], *other.lines[11:]]
    assert "forked-checkpoint" in {name for name, _, _ in harms(lines)}


def test_a_frontier_that_is_not_that_of_the_signed_root_is_found():
    lines = honest()
    index = at_checkpoint(lines, 1)
    lines[index] = lines[index].replace(b'"frontier":"', b'"frontier":"00')
    assert ("forged-checkpoint", 1, 1) in harms(lines)


# -- another trail, unreadable -----------------------------------------------------------------


def test_a_wrong_trail_id_in_the_header_is_found():
    lines = honest()
    lines[0] = lines[0].replace(TRAIL.encode(), b"f" * 32)
    assert "wrong-trail" in {name for name, _, _ in harms(lines)}


def test_the_trail_of_another_installation_with_the_same_key_is_found_by_the_id_the_auditor_noted():
    other = Log(trail="f" * 32).write(5).sign().export()
    assert not harms(other)
    assert "wrong-trail" in {name for name, _, _ in harms(other, trail=TRAIL)}
    noted = public_keys_of([KEY.public_pem()], trail=TRAIL)
    assert "wrong-trail" in {name for name, _, _ in harms(other, noted)}


def test_entries_carried_over_from_another_trail_are_found():
    lines, other = honest(), Log(trail="f" * 32).write(20).export()
    lines[1:11] = other[1:11]
    assert {name for name, _, _ in harms(lines)} >= {"wrong-trail"}


def test_a_missing_header_is_found():
    assert harms(honest()[1:]) == [("bad-header", 0, 0)]


@pytest.mark.parametrize(
    "bad",
    [b"", b"{", b"null", b'{"entry":{}}', b'{"entry":[],"hash":"' + b"0" * 64 + b'"}', b"[" * 100_000, b"\xff\xfe"],
)
def test_a_line_that_cannot_be_read_is_found_and_the_rest_still_judged(bad):
    lines = honest()
    lines.insert(at_entry(lines, 15), bad + b"\n")
    assert harms(lines) == [("unreadable-line", 0, 0)]


def test_no_byte_of_the_file_can_be_changed_unnoticed():
    """One bit at a time, all over the file."""
    raw = b"".join(Log().write(3).sign().write(2).sign().export())
    header = raw.index(b"\n")
    assert judge(raw.splitlines(keepends=True)).intact
    for position in range(header + 1, len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 0x04
        if bytes(changed).lower() == raw.lower():
            continue
        found = judge(bytes(changed).splitlines(keepends=True))
        assert not found.intact, f"byte {position}: {raw[position - 20 : position + 20]!r}"


def test_findings_are_limited_and_the_rest_is_counted():
    lines = Log().write(MAX_FINDINGS + 500).sign().export()
    edited = [edit(line, actor="x") if line.startswith(b'{"entry"') else line for line in lines]
    found = judge(edited)
    assert (len(found.findings), found.more) == (MAX_FINDINGS, 500)


def test_a_line_without_end_does_not_fill_the_memory():
    file = io.BytesIO(b"x" * (5 * MAX_LINE) + b"\nshort\n")
    assert [len(line) for line in read_lines(file)] == [MAX_LINE, 6]


def test_lines_ended_the_windows_way_are_read():
    assert not harms([line.replace(b"\n", b"\r\n") for line in honest()])


def test_every_harm_has_words_in_both_languages():
    found = {Harm(name) for lines in _one_attack_each() for name, _, _ in harms(lines)}
    assert found
    for lines in _one_attack_each():
        for finding in judge(lines).findings:
            assert finding.say("ja") != finding.say("en")
            assert "{" not in finding.say("ja") + finding.say("en")


def _one_attack_each() -> list[list[bytes]]:
    lines = honest()
    return [lines[1:], lines[:5], [*lines[:3], *lines[4:]], [lines[0]], [*lines, b"?"], lines[:1] + lines[11:12]]


@pytest.mark.slow
def test_a_million_entries_are_verified_in_flat_memory():
    log = Log()

    def stream():
        yield chain.header_line(trail=TRAIL, at="-", entries=1_000_000, checkpoints=10)
        for _ in range(10):
            for _ in range(100):
                log.write(1_000)
                yield from log.lines
                log.lines.clear()
            log.sign()
            yield from log.lines
            log.lines.clear()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert judge(stream()).intact
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB

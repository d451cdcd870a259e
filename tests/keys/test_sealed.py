import csv
import gc
import io
import os
import resource
import time
from dataclasses import replace
from pathlib import Path

import pytest

from daicho.keys.errors import SealDamagedError
from daicho.keys.ring import Ring
from daicho.keys.sealed import CHUNK_BYTES, PARTIAL, SealedFile, SealedFileError, sweep_partials
from tests.keys.conftest import fresh_ring

PLACE = "claim:R-2026-0001/1"
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]


def seal(path: Path, ring: Ring, content: bytes, *, step: int = 1 << 30) -> SealedFile:
    with SealedFile.create(path, ring=ring, bound_to=PLACE) as writer:
        for start in range(0, len(content), step):
            writer.write(content[start : start + step])
    return writer.sealed


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [1 << 30, 1000])
def test_what_is_written_is_read(tmp_path, ring, size, step):
    content = os.urandom(size)
    sealed = seal(tmp_path / "f", ring, content, step=step)
    assert sealed.read(ring=ring) == content
    assert sealed.size == size
    with sealed.open(ring=ring) as file:
        assert file.read() == content


def test_the_content_does_not_stand_in_the_file_nor_its_key(tmp_path, ring):
    content = "東京都千代田区丸の内1-2-3".encode() * 100
    sealed = seal(tmp_path / "f", ring, content)
    raw = sealed.path.read_bytes()
    assert content[:30] not in raw
    assert sealed.wrapped_key not in raw
    assert sealed.path.stat().st_mode & 0o077 == 0


def test_dropping_the_wrapped_key_erases_every_copy_of_the_file(tmp_path, ring):
    sealed = seal(tmp_path / "f", ring, b"secret")
    copy = tmp_path / "backup"
    copy.write_bytes(sealed.path.read_bytes())
    kept = SealedFile(path=copy, wrapped_key=sealed.wrapped_key, bound_to=PLACE, size=6)
    assert kept.read(ring=ring) == b"secret"
    dropped = SealedFile(path=copy, wrapped_key=b"", bound_to=PLACE, size=6)
    with pytest.raises(SealDamagedError):
        dropped.read(ring=ring)


def chunks_of(raw: bytes) -> tuple[bytes, list[bytes]]:
    head, rest, found = raw[:32], raw[32:], []
    while rest:
        length = 4 + int.from_bytes(rest[:4], "big")
        found.append(rest[:length])
        rest = rest[length:]
    return head, found


DAMAGES = {
    "the last chunk cut off": lambda head, chunks: head + b"".join(chunks[:-1]),
    "half the last chunk cut off": lambda head, chunks: head + b"".join(chunks)[:-20],
    "everything but the head cut off": lambda head, _: head,
    "emptied": lambda *_: b"",
    "two chunks exchanged": lambda head, chunks: head + chunks[1] + chunks[0] + b"".join(chunks[2:]),
    "a chunk repeated": lambda head, chunks: head + chunks[0] + b"".join(chunks),
    "a chunk dropped": lambda head, chunks: head + b"".join(chunks[1:]),
    "the last chunk repeated": lambda head, chunks: head + b"".join(chunks) + chunks[-1],
    "bytes appended": lambda head, chunks: head + b"".join(chunks) + b"x",
    "another name of the file": lambda head, chunks: head[:16] + bytes(16) + b"".join(chunks),
    "another format": lambda head, chunks: b"x" + head[1:] + b"".join(chunks),
    "a huge length": lambda head, chunks: head + b"\xff\xff\xff\xff" + b"".join(chunks)[4:],
    "a bit in the middle": lambda head, chunks: head + chunks[0] + chunks[1][:99] + b"?" + chunks[1][100:] + chunks[2],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_found_and_nothing_false_is_handed_out(tmp_path, ring, damage):
    content = os.urandom(2 * CHUNK_BYTES + 500)
    sealed = seal(tmp_path / "f", ring, content)
    head, chunks = chunks_of(sealed.path.read_bytes())
    assert len(chunks) == 3
    sealed.path.write_bytes(damage(head, chunks))
    got: list[bytes] = []
    with pytest.raises(SealDamagedError) as refused:
        got.extend(sealed.chunks(ring=ring))
    assert content.startswith(b"".join(got))
    assert str(sealed.path) in refused.value.say("en")


def test_chunks_of_another_file_do_not_fit(tmp_path, ring):
    one, other = (seal(tmp_path / name, ring, os.urandom(2 * CHUNK_BYTES)) for name in "ab")
    head, chunks = chunks_of(one.path.read_bytes())
    one.path.write_bytes(head + chunks[0] + chunks_of(other.path.read_bytes())[1][1])
    with pytest.raises(SealDamagedError):
        one.read(ring=ring)


@pytest.mark.parametrize("change", [{"bound_to": "claim:R-2026-0002/1"}, {"wrapped_key": b"x" * 65}], ids=str)
def test_a_file_opens_only_for_what_it_belongs_to(tmp_path, ring, change):
    sealed = seal(tmp_path / "f", ring, b"secret")
    assert replace(sealed).read(ring=ring) == b"secret"
    with pytest.raises(SealDamagedError):
        replace(sealed, **change).read(ring=ring)
    with pytest.raises(SealDamagedError):
        sealed.read(ring=fresh_ring())


def test_an_unfinished_file_never_was(tmp_path, ring):
    class StoppedError(Exception): ...

    def stop() -> None:
        with SealedFile.create(tmp_path / "f", ring=ring, bound_to=PLACE) as writer:
            writer.write(bytes(3 * CHUNK_BYTES))
            assert list(tmp_path.iterdir())
            raise StoppedError

    with pytest.raises(StoppedError):
        stop()
    assert list(tmp_path.iterdir()) == []


def test_a_forgotten_writer_does_not_publish_half_a_file(tmp_path, ring):
    writer = SealedFile.create(tmp_path / "f", ring=ring, bound_to=PLACE)
    writer.write(b"half")
    with pytest.raises(ValueError, match="not finished"):
        _ = writer.sealed
    del writer
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_is_swept(tmp_path, ring):
    (tmp_path / f"f{PARTIAL}").write_bytes(b"torn")
    kept = seal(tmp_path / "g", ring, b"x")
    assert sweep_partials(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [kept.path]


def test_an_existing_file_is_never_replaced(tmp_path, ring):
    first = seal(tmp_path / "f", ring, b"first")
    with pytest.raises(SealedFileError):
        SealedFile.create(tmp_path / "f", ring=ring, bound_to=PLACE)
    assert first.read(ring=ring) == b"first"


def test_a_name_taken_meanwhile_is_not_replaced(tmp_path, ring):
    writer = SealedFile.create(tmp_path / "f", ring=ring, bound_to=PLACE)
    writer.write(b"mine")
    (tmp_path / "f").write_bytes(b"theirs")
    with pytest.raises(SealedFileError):
        writer.finish()
    assert (tmp_path / "f").read_bytes() == b"theirs"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_folder_or_file_is_said_with_its_place(tmp_path, ring):
    with pytest.raises(SealedFileError) as refused:
        SealedFile.create(tmp_path / "no" / "f", ring=ring, bound_to=PLACE)
    assert "no/f" in refused.value.say("ja")
    sealed = seal(tmp_path / "f", ring, b"x")
    sealed.remove()
    sealed.remove()
    with pytest.raises(SealedFileError):
        sealed.read(ring=ring)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, ring):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    writer = SealedFile.create(tmp_path / "f", ring=ring, bound_to=PLACE)
    os.dup2(os.open(full, os.O_WRONLY), writer._descriptor)
    with pytest.raises(SealedFileError):
        writer.write(bytes(2 * CHUNK_BYTES))
    assert list(tmp_path.iterdir()) == []


def test_it_is_a_file_that_csv_can_write_to_and_read_from(tmp_path, ring):
    writer = SealedFile.create(tmp_path / "f", ring=ring, bound_to=PLACE)
    text = io.TextIOWrapper(writer, encoding="utf-8", newline="", write_through=True)  # type: ignore[type-var]
    csv.writer(text).writerows([["氏名", "住所"], ["髙橋", "東京都"]])
    text.flush()
    sealed = writer.finish()
    with sealed.open(ring=ring) as file:
        assert list(csv.reader(io.TextIOWrapper(file, encoding="utf-8"))) == [["氏名", "住所"], ["髙橋", "東京都"]]


def test_nothing_is_written_after_the_end(tmp_path, ring):
    writer = SealedFile.create(tmp_path / "f", ring=ring, bound_to=PLACE)
    writer.finish()
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"more")
    with pytest.raises(ValueError, match="closed"):
        writer.finish()


def test_fifty_megabytes_stream_through_flat_memory(tmp_path, ring):
    block = os.urandom(1 << 20)
    seal(tmp_path / "warm", ring, block)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with SealedFile.create(tmp_path / "f", ring=ring, bound_to=PLACE) as writer:
        for _ in range(50):
            writer.write(block)
    assert sum(len(chunk) for chunk in writer.sealed.chunks(ring=ring)) == 50 << 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8_000  # kB


def test_a_small_file_costs_little_more_than_its_two_syncs(tmp_path, ring):
    content = os.urandom(5_000)

    def sync_only(number: int) -> None:
        with (tmp_path / f"s{number}").open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(tmp_path, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def best_of(act) -> float:
        times = []
        for number in range(30):
            start = time.perf_counter()
            act(number)
            times.append(time.perf_counter() - start)
        return min(times)

    plain = best_of(sync_only)
    sealed = best_of(lambda number: seal(tmp_path / f"f{number}", ring, content))
    assert sealed < 3 * plain + 0.001

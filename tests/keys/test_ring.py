import pytest

from daicho.keys import keysets
from daicho.keys.errors import SealDamagedError
from daicho.keys.keysets import KeysetName
from daicho.keys.ring import DIGEST_BYTES, Ring, RingKeys
from tests.keys.conftest import fresh_ring


def rotated(keys: RingKeys) -> RingKeys:
    return RingKeys(
        seal=keysets.with_new_primary(keys.seal, KeysetName.SEAL),
        digest=keysets.with_new_primary(keys.digest, KeysetName.DIGEST),
    )


@pytest.fixture
def keys() -> RingKeys:
    return RingKeys(seal=keysets.new_keyset(KeysetName.SEAL), digest=keysets.new_keyset(KeysetName.DIGEST))


@pytest.mark.parametrize("plain", [b"", b"x", "東京都港区".encode(), bytes(100_000)])
def test_what_is_sealed_opens_again(ring, plain):
    sealed = ring.seal(plain, bound_to="request:R-1/applicant")
    assert ring.unseal(sealed, bound_to="request:R-1/applicant") == plain
    assert len(sealed) == len(plain) + 33
    if len(plain) > 4:
        assert plain not in sealed


def test_the_same_value_sealed_twice_looks_different(ring):
    assert ring.seal(b"x", bound_to="a") != ring.seal(b"x", bound_to="a")


def test_sealed_bytes_do_not_open_in_another_place(ring):
    sealed = ring.seal(b"secret", bound_to="request:R-1")
    assert ring.unseal(sealed, bound_to="request:R-1") == b"secret"
    with pytest.raises(SealDamagedError):
        ring.unseal(sealed, bound_to="request:R-2")


def test_every_changed_byte_is_found(ring):
    sealed = ring.seal(b"secret", bound_to="a")
    assert ring.unseal(sealed, bound_to="a") == b"secret"
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealDamagedError):
            ring.unseal(bytes(changed), bound_to="a")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01abcd", bytes(40)])
def test_what_was_never_sealed_is_refused(ring, sealed):
    with pytest.raises(SealDamagedError):
        ring.unseal(sealed, bound_to="a")


def test_another_installations_ring_opens_nothing(ring):
    with pytest.raises(SealDamagedError):
        fresh_ring().unseal(ring.seal(b"x", bound_to="a"), bound_to="a")


def test_the_error_of_a_damaged_seal_shows_no_content(ring):
    with pytest.raises(SealDamagedError) as refused:
        ring.unseal(b"himitsu", bound_to="a")
    assert "himitsu" not in refused.value.say("ja") + refused.value.say("en") + repr(refused.value)


@pytest.mark.parametrize("call", [lambda ring: ring.seal(b"", bound_to=""), lambda ring: ring.unseal(b"", bound_to="")])
def test_nothing_is_sealed_without_a_place(ring, call):
    with pytest.raises(ValueError, match="bound"):
        call(ring)


def test_binary_columns_come_as_memoryview_and_open(ring):
    sealed = ring.seal(b"x", bound_to="a")
    assert ring.unseal(memoryview(sealed), bound_to="a") == b"x"


def test_a_digest_is_the_same_for_every_spelling_and_another_for_another_kind(ring):
    one = ring.digest("phone", "03-1234-5678")
    assert one == ring.digest("phone", "０３(１２３４)５６７８")
    assert len(one.value) == DIGEST_BYTES
    assert len(one.hex) == 2 * DIGEST_BYTES
    assert one.value != ring.digest("phone", "03-1234-5679").value
    assert ring.digest_folded("name", "x").value != ring.digest_folded("kana", "x").value
    assert ring.digest_folded("ab", "c").value != ring.digest_folded("a", "bc").value


def test_a_digest_says_nothing_without_the_key(ring):
    assert ring.digest("name", "山田太郎").value != fresh_ring().digest("name", "山田太郎").value


@pytest.mark.parametrize(("kind", "value"), [("", "x"), ("name", ""), ("name", "　"), ("a\x00b", "x")])
def test_an_empty_value_has_no_digest(ring, kind, value):
    with pytest.raises(ValueError, match="digest"):
        ring.digest(kind, value)


def test_after_a_rotation_old_seals_open_and_new_ones_use_the_new_key(keys):
    before, after = Ring(keys), Ring(rotated(keys))
    old = before.seal(b"old", bound_to="a")
    new = after.seal(b"new", bound_to="a")
    assert after.unseal(old, bound_to="a") == b"old"
    assert old[1:5] != new[1:5]
    with pytest.raises(SealDamagedError):
        before.unseal(new, bound_to="a")


def test_after_a_rotation_lookups_try_all_live_keys_the_new_one_first(keys):
    before, after = Ring(keys), Ring(rotated(rotated(keys)))
    stored = before.digest("name", "山田太郎")
    found = after.digests("name", "山田　太郎")
    assert len(found) == 3
    assert stored in found
    assert found[0] == after.digest("name", "山田太郎")
    assert [one.key_id for one in found] == list(after.digest_key_ids)


def test_a_ring_that_meets_a_newer_key_opens_its_keys_anew(keys):
    newer = rotated(keys)
    stale = Ring(keys, reload=lambda: newer)
    assert stale.unseal(Ring(newer).seal(b"new", bound_to="a"), bound_to="a") == b"new"
    assert len(stale.digest_key_ids) == 2


def test_a_dropped_key_makes_its_seals_unreadable(keys):
    newer = rotated(keys)
    old = Ring(keys).seal(b"old", bound_to="a")
    assert Ring(newer).unseal(old, bound_to="a") == b"old"
    dropped = RingKeys(seal=keysets.only_primary(newer.seal), digest=newer.digest)
    with pytest.raises(SealDamagedError):
        Ring(dropped).unseal(old, bound_to="a")

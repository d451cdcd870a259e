"""The key-encryption key refuses to be used unless it is as it must be, and says how to mend it."""

import base64
import json
import os
from pathlib import Path

import pytest

from daicho.keys import keysets
from daicho.keys.errors import KeyEncryptionKeyError
from daicho.keys.kek import VARIABLE, create_kek, kek_exists, load_kek
from daicho.keys.keysets import KeysetName

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "kek.json"


def test_a_new_key_is_private_and_opens_what_it_wrapped(path):
    made = create_kek(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]
    keyset = keysets.new_keyset(KeysetName.SEAL)
    blob = made.wrap(keyset, KeysetName.SEAL)
    again = load_kek(path, environment={})
    assert keysets.key_ids(again.unwrap(blob, KeysetName.SEAL)) == keysets.key_ids(keyset)


def test_an_existing_key_is_never_replaced_by_a_new_one(path):
    create_kek(path)
    before = path.read_bytes()
    with pytest.raises(KeyEncryptionKeyError):
        create_kek(path)
    assert path.read_bytes() == before


def test_a_wrapped_keyset_does_not_open_under_another_name_or_key_or_changed(path, tmp_path):
    kek = create_kek(path)
    blob = kek.wrap(keysets.new_keyset(KeysetName.SEAL), KeysetName.SEAL)
    secret = kek.wrap_bytes(b"x" * 32, KeysetName.TRAIL)
    assert kek.unwrap(blob, KeysetName.SEAL)
    assert kek.unwrap_bytes(secret, KeysetName.TRAIL) == b"x" * 32
    other = create_kek(tmp_path / "other.json")
    for attempt in (
        lambda: kek.unwrap(blob, KeysetName.DIGEST),
        lambda: other.unwrap(blob, KeysetName.SEAL),
        lambda: kek.unwrap(blob[:-1] + bytes([blob[-1] ^ 1]), KeysetName.SEAL),
        lambda: kek.unwrap(b"", KeysetName.SEAL),
        lambda: kek.unwrap_bytes(secret, KeysetName.SEAL),
        lambda: other.unwrap_bytes(secret, KeysetName.TRAIL),
    ):
        with pytest.raises(KeyEncryptionKeyError):
            attempt()


def refused(path: Path, **environment: str) -> str:
    """Both languages of the refusal, which is always an installation error with a place and advice."""
    with pytest.raises(KeyEncryptionKeyError) as caught:
        load_kek(path, environment=environment)
    assert caught.value.exit_code == 6
    assert caught.value.place is not None
    return caught.value.say("ja") + caught.value.say("en")


def test_a_missing_key_says_where_and_how(path):
    said = refused(path)
    assert str(path) in said
    assert "daicho keys init" in said


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666, 0o620, 0o610, 0o777])
def test_a_key_open_to_others_is_refused(path, mode):
    create_kek(path)
    assert load_kek(path, environment={})
    path.chmod(mode)
    said = refused(path)
    assert f"chmod 600 {path}" in said
    assert "rotate-kek" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_another_owner_is_refused(path):
    create_kek(path)
    os.chown(path, NOBODY, NOBODY)
    assert "chown" in refused(path)


def test_what_is_not_a_file_is_refused_without_waiting(path):
    path.mkdir(parents=True)
    refused(path)
    path.rmdir()
    os.mkfifo(path, 0o600)
    refused(path)


GOOD = json.loads(keysets.clear_json(keysets.new_keyset(KeysetName.SEAL)))
MALFORMED = {
    "empty": b"",
    "no json": b"secret",
    "not utf-8": b"\xff\xfe{",
    "another json": b'{"a": 1}',
    "a list": b"[]",
    "no keys": json.dumps({**GOOD, "key": []}).encode(),
    "cut": json.dumps(GOOD).encode()[:-40],
    "no primary": json.dumps({**GOOD, "primaryKeyId": 1}).encode(),
    "another kind of key": keysets.clear_json(keysets.new_keyset(KeysetName.DIGEST)).encode(),
    "a short key": json.dumps(GOOD).replace(GOOD["key"][0]["keyData"]["value"], "GgE=").encode(),
    "a number": b"5",
    "deep": b"[" * 50_000,
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_key_is_refused_without_showing_it(path, content):
    create_kek(path)
    path.write_bytes(content)
    said = refused(path)
    assert GOOD["key"][0]["keyData"]["value"] not in said
    refused(path, **{VARIABLE: content.decode("latin-1")})


def test_the_environment_wins_as_json_or_base64(path):
    create_kek(path)
    text = json.dumps(GOOD)
    for value in (text, base64.b64encode(text.encode()).decode(), f"  {text}\n"):
        kek = load_kek(path, environment={VARIABLE: value})
        assert kek.key_ids == (GOOD["primaryKeyId"],)
        assert kek.path is None
    assert kek_exists(path.with_name("none"), environment={VARIABLE: text})
    assert not kek_exists(path.with_name("none"), environment={})


def test_a_key_from_the_environment_is_not_written_anywhere(path):
    kek = load_kek(path, environment={VARIABLE: json.dumps(GOOD)})
    with pytest.raises(KeyEncryptionKeyError, match="environment"):
        kek.with_new_primary().write()
    assert not path.exists()


def test_a_new_primary_opens_the_old_and_the_old_alone_is_dropped(path):
    kek = create_kek(path)
    blob = kek.wrap_bytes(b"x", KeysetName.TRAIL)
    both = kek.with_new_primary()
    assert both.unwrap_bytes(blob, KeysetName.TRAIL) == b"x"
    assert len(both.key_ids) == 2
    alone = both.only_primary()
    assert alone.key_ids == both.key_ids[:1]
    with pytest.raises(KeyEncryptionKeyError):
        alone.unwrap_bytes(blob, KeysetName.TRAIL)

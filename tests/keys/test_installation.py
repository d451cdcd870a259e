"""Keys of a whole installation: made, opened, rotated, re-wrapped, lost."""

import json
import shutil
from pathlib import Path

import pytest
from django.db import connection

from daicho.keys import actions, keysets, queries
from daicho.keys.errors import KeyEncryptionKeyError, KeysNotReadyError, SealDamagedError
from daicho.keys.kek import VARIABLE
from daicho.keys.keysets import KeysetName
from daicho.keys.models import WrappedKeyset
from daicho.keys.sealed import SealedFile
from daicho.trail.actions import record
from daicho.trail.models import TrailEntry
from daicho.words.errors import InstallationError
from daicho.words.scope import Scope
from tests.keys.conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]
SCOPE = Scope(actor="engineer-01", organisations=frozenset({"copro"}))


@pytest.fixture
def ready(workspace: Path) -> Path:
    assert actions.initialise(actor="system:installer", at=AT, record=record)
    return workspace / "keys" / "kek.json"


def rotate(*, signing: bool = False) -> None:
    actions.rotate(scope=SCOPE, at=AT, record=record, signing=signing)


def rotate_kek() -> None:
    actions.rotate_kek(scope=SCOPE, at=AT, record=record)


def test_an_installation_without_keys_says_so_and_how_to_make_them():
    for call in (queries.ring, queries.signer):
        with pytest.raises(KeysNotReadyError) as refused:
            call()
        assert "daicho keys init" in refused.value.say("en")
    assert not queries.is_ready()


def test_making_keys_twice_is_harmless(ready):
    before = ready.read_bytes()
    sealed = queries.ring().seal(b"x", bound_to="a")
    assert not actions.initialise(actor="system:installer", at=AT, record=record)
    assert ready.read_bytes() == before
    assert queries.ring().unseal(sealed, bound_to="a") == b"x"
    assert TrailEntry.objects.filter(event="keys.created").count() == 1


@pytest.mark.usefixtures("ready")
def test_a_missing_keyset_is_made_without_touching_the_others():
    sealed = queries.ring().seal(b"x", bound_to="a")
    WrappedKeyset.objects.filter(name="trail").delete()
    assert actions.initialise(actor="system:installer", at=AT, record=record)
    assert queries.ring().unseal(sealed, bound_to="a") == b"x"
    assert queries.signer()


def test_keys_are_not_made_anew_when_the_key_encryption_key_was_lost(ready):
    ready.unlink()
    with pytest.raises(KeyEncryptionKeyError):
        actions.initialise(actor="system:installer", at=AT, record=record)
    assert not ready.exists()


def test_another_key_encryption_key_opens_nothing_and_says_so(ready):
    ready.write_text(keysets.clear_json(keysets.new_keyset(KeysetName.SEAL)))
    for call in (queries.ring, queries.signer, rotate, lambda: rotate(signing=True), rotate_kek):
        with pytest.raises(KeyEncryptionKeyError) as refused:
            call()
        assert refused.value.exit_code == 6


@pytest.mark.usefixtures("ready")
def test_the_ring_is_opened_once_and_asked_for_with_one_small_query(django_assert_num_queries):
    first = queries.ring()
    with django_assert_num_queries(1):
        assert queries.ring() is first


@pytest.mark.usefixtures("ready")
def test_a_rotation_is_noticed_and_keeps_everything_readable(workspace):
    before = queries.ring()
    sealed = before.seal(b"old", bound_to="a")
    stored = before.digest("name", "山田太郎")
    with SealedFile.create(workspace / "f", ring=before, bound_to="a") as writer:
        writer.write(b"content")
    rotate()
    after = queries.ring()
    assert after is not before
    assert after.unseal(sealed, bound_to="a") == b"old"
    assert writer.sealed.read(ring=after) == b"content"
    assert stored in after.digests("name", "山田太郎")
    assert after.digest("name", "山田太郎") != stored
    assert before.unseal(after.seal(b"new", bound_to="a"), bound_to="a") == b"new", "a kept ring opens newer seals"


@pytest.mark.usefixtures("ready")
def test_a_retired_row_keeps_its_ids_and_none_of_its_secrets():
    rotate()
    rotate(signing=True)
    retired = WrappedKeyset.objects.filter(retired_at__isnull=False)
    assert sorted(row.name for row in retired) == ["digest", "seal", "trail"]
    assert all(bytes(row.blob) == b"" and row.key_ids for row in retired)
    assert len(queries.list_keysets()) == 6


@pytest.mark.usefixtures("ready")
def test_old_signing_keys_stay_public():
    first = queries.signer()
    rotate(signing=True)
    second = queries.signer()
    keys = queries.public_keys()
    assert first.key_id != second.key_id
    assert keys.verifies(first.key_id, first.sign(b"m"), b"m")
    assert keys.verifies(second.key_id, second.sign(b"m"), b"m")
    assert json.loads(queries.export_public_keys(trail="t"))["trail"] == "t"
    assert queries.export_public_pem().count("BEGIN PUBLIC KEY") == 2


@pytest.mark.usefixtures("ready")
def test_each_act_leaves_exactly_one_entry_and_no_secret():
    rotate()
    rotate_kek()
    assert list(TrailEntry.objects.order_by("seq").values_list("event", flat=True)) == [
        "keys.created",
        "keys.rotated",
        "keys.rewrapped",
    ]


def test_a_new_key_encryption_key_opens_everything_and_the_old_one_nothing(ready, tmp_path):
    sealed = queries.ring().seal(b"x", bound_to="a")
    old = tmp_path / "old.json"
    shutil.copy2(ready, old)
    rotate_kek()
    assert len(queries.open_kek().key_ids) == 1
    rotate()  # opens every keyset with the new key
    assert queries.ring().unseal(sealed, bound_to="a") == b"x"
    shutil.copy2(old, ready)
    with pytest.raises(KeyEncryptionKeyError):
        queries.signer()


class StoppedError(Exception):
    """Stands for a crash."""


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_interrupted_change_of_the_key_encryption_key_is_finished_by_the_next_call(monkeypatch, step):
    from daicho.keys.kek import Kek

    sealed = queries.ring().seal(b"x", bound_to="a")
    writes = []
    genuine = Kek.write

    def write(kek: Kek) -> None:
        writes.append(kek)
        if (step, len(writes)) == (3, 2):
            raise StoppedError
        genuine(kek)
        if (step, len(writes)) == (1, 1):
            raise StoppedError

    def stopping_record(*args: object, **kwargs: object) -> int:
        if step == 2:
            raise StoppedError
        return record(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Kek, "write", write)
    with pytest.raises(StoppedError):
        actions.rotate_kek(scope=SCOPE, at=AT, record=stopping_record)
    monkeypatch.setattr(Kek, "write", genuine)
    assert len(queries.open_kek().key_ids) == 2
    assert queries.signer(), "everything opens in between"
    rotate_kek()
    assert len(queries.open_kek().key_ids) == 1
    assert queries.signer()
    rotate()
    assert queries.ring().unseal(sealed, bound_to="a") == b"x"


def test_a_key_from_the_environment_is_changed_by_naming_both(workspace, monkeypatch):
    old = keysets.new_keyset(KeysetName.SEAL)
    monkeypatch.setenv(VARIABLE, keysets.clear_json(old))
    assert actions.initialise(actor="system:installer", at=AT, record=record)
    assert not (workspace / "keys" / "kek.json").exists()
    with pytest.raises(InstallationError) as refused:
        rotate_kek()
    assert VARIABLE in refused.value.say("ja")
    both = keysets.with_new_primary(old, KeysetName.SEAL)
    monkeypatch.setenv(VARIABLE, keysets.clear_json(both))
    rotate_kek()
    monkeypatch.setenv(VARIABLE, keysets.clear_json(keysets.only_primary(both)))
    assert queries.signer()
    rotate()


@pytest.mark.usefixtures("ready")
def test_a_damaged_keyset_row_is_said():
    row = WrappedKeyset.objects.get(name="seal", retired_at=None)
    WrappedKeyset.objects.filter(pk=row.pk).update(blob=bytes(row.blob)[:-1], key_ids="1")
    with pytest.raises(KeyEncryptionKeyError):
        queries.ring()


@pytest.mark.usefixtures("ready")
def test_two_live_keysets_of_one_name_are_refused_by_the_database():
    from django.db import IntegrityError, transaction

    row = WrappedKeyset.objects.get(name="seal", retired_at=None)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_no_key_stands_in_the_database(ready):
    """What the database holds is useless without the file: nothing in it opens a seal."""
    secret = json.loads(ready.read_text())["key"][0]["keyData"]["value"]
    queries.ring().seal(b"x", bound_to="a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, key_ids, blob, public_key FROM keys_wrappedkeyset")
        rows = cursor.fetchall()
    assert len(rows) == 3
    assert not any(secret in str(value) for row in rows for value in row)
    assert ready.stat().st_mode & 0o077 == 0


def test_seals_of_a_rolled_back_installation_do_not_open_in_the_next(ready):
    """The cached ring is tied to its key ids, not to row numbers that a database may use again."""
    sealed = queries.ring().seal(b"x", bound_to="a")
    WrappedKeyset.objects.all().delete()
    ready.unlink()
    assert actions.initialise(actor="system:installer", at=AT, record=record)
    with pytest.raises(SealDamagedError):
        queries.ring().unseal(sealed, bound_to="a")

"""What was kept for an answer ends with its days."""

import os
import time
from datetime import timedelta

import pytest

from daicho.people.models import AccountOrganisation
from daicho.people.queries import get_account, get_actor
from daicho.people.rules import Role
from daicho.rights.actions.carrying import DATA_DAYS
from daicho.rights.actions.importing import drop_abandoned, keep_upload, read_upload
from daicho.runs.actions import drop_expired
from daicho.runs.models import DataFile
from daicho.runs.queries import count_expired_data, find_data
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError
from daicho.words.scope import Scope
from tests.rights.desk import AT, ORGANISATION, Desk
from tests.rights.pages import Screen
from tests.rights.screens import at
from tests.rights.test_thread import approved, carried, searched


def test_an_expired_data_file_is_erased_key_first(desk):
    number = desk.verified({"kind": "disclosure"})
    searched(desk, number)
    approved(desk, f"{number}-1")
    carried(desk, f"{number}-1")
    (row,) = DataFile.objects.all()
    assert (desk.files / row.name).exists()
    assert find_data(f"{number}-1", folder=desk.files) is not None
    kept = drop_expired(scope=desk.officer, at=desk.at + timedelta(days=DATA_DAYS), folder=desk.files)
    assert (kept.files, (desk.files / row.name).exists()) == (0, True)
    for name, age in (("left.sealed.partial", 7_200), ("being-written.sealed.partial", 0)):
        (desk.files / name).write_bytes(b"half")
        os.utime(desk.files / name, (time.time() - age, time.time() - age))
    gone = drop_expired(scope=desk.officer, at=desk.at + timedelta(days=DATA_DAYS + 1), folder=desk.files)
    assert (gone.files, gone.leftovers) == (1, 1)
    assert (desk.files / "being-written.sealed.partial").exists()
    row.refresh_from_db()
    assert bytes(row.wrapped_key) == b""
    assert not (desk.files / row.name).exists()
    assert find_data(f"{number}-1", folder=desk.files) is None
    assert TrailEntry.objects.filter(event="data.erased", about=row.ref).count() == 1


def test_data_files_are_erased_only_where_one_may(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    searched(desk, number)
    approved(desk, f"{number}-1")
    carried(desk, f"{number}-1")
    AccountOrganisation.objects.create(
        account=get_account("clerk"), organisation="far-company", role=Role.ENGINEER, granted_at=AT
    )
    late = desk.at + timedelta(days=DATA_DAYS + 1)
    both = get_actor("clerk", at=AT)  # desk of the one company, engineer of the other
    assert both.organisations == {ORGANISATION, "far-company"}
    assert drop_expired(scope=both, at=late, folder=desk.files).files == 0
    with pytest.raises(NotAllowedError):
        drop_expired(scope=desk.clerk, at=late, folder=desk.files)
    assert drop_expired(scope=desk.officer, at=late, folder=desk.files).files == 1


def test_what_is_past_its_days_is_tidied_from_the_screen(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    number = desk.verified({"kind": "disclosure"})
    searched(desk, number)
    approved(desk, f"{number}-1")
    carried(desk, f"{number}-1")
    (row,) = DataFile.objects.all()
    at(monkeypatch, desk.at)
    engineer = Screen("engineer")
    assert "データファイルはありません" in engineer.see("/requests/runs/")
    at(monkeypatch, desk.at + timedelta(days=DATA_DAYS + 1))
    assert "データファイルが 1 件あります" in engineer.see("/requests/runs/")
    day = desk.at.date() + timedelta(days=DATA_DAYS + 1)
    assert count_expired_data(scope=desk.clerk, on=day) == 1
    assert count_expired_data(scope=Scope(actor="x", organisations=frozenset({"copro-career"})), on=day) == 0
    Screen("clerk").do("/requests/runs/tidy/", status=403)
    Screen("carol").do("/requests/runs/tidy/", status=403)
    assert (desk.files / row.name).exists()
    assert "データファイル 1 件を消去し" in engineer.do("/requests/runs/tidy/")
    assert not (desk.files / row.name).exists()
    assert "データファイルはありません" in engineer.see("/requests/runs/")


def test_an_upload_that_nobody_took_is_removed_after_a_day(desk: Desk):
    kept = keep_upload(b"rows", folder=desk.files, at=desk.at)
    other = desk.files / "letter.sealed"
    other.write_bytes(b"not an upload")
    os.utime(other, (0, 0))
    assert drop_abandoned(folder=desk.files, at=desk.at + timedelta(hours=23)) == 0
    assert read_upload(kept, folder=desk.files) == b"rows"
    assert drop_abandoned(folder=desk.files, at=desk.at + timedelta(hours=25)) == 1
    assert [one.name for one in desk.files.glob("M-*")] == []
    assert other.exists()
    assert drop_abandoned(folder=desk.files, at=desk.at + timedelta(days=9)) == 0

"""What was kept for an answer ends with its days."""

from datetime import timedelta

from daicho.rights.actions.carrying import DATA_DAYS
from daicho.runs.actions import drop_expired
from daicho.runs.models import DataFile
from daicho.runs.queries import find_data
from daicho.trail.models import TrailEntry
from tests.rights.test_thread import approved, carried, searched


def test_an_expired_data_file_is_erased_key_first(desk):
    number = desk.verified({"kind": "disclosure"})
    searched(desk, number)
    approved(desk, f"{number}-1")
    carried(desk, f"{number}-1")
    (row,) = DataFile.objects.all()
    assert (desk.files / row.name).exists()
    assert find_data(f"{number}-1", folder=desk.files) is not None
    kept = drop_expired(scope=desk.clerk, at=desk.at + timedelta(days=DATA_DAYS), folder=desk.files)
    assert (kept.files, (desk.files / row.name).exists()) == (0, True)
    (desk.files / "left.sealed.partial").write_bytes(b"half")
    gone = drop_expired(scope=desk.clerk, at=desk.at + timedelta(days=DATA_DAYS + 1), folder=desk.files)
    assert (gone.files, gone.leftovers) == (1, 1)
    row.refresh_from_db()
    assert bytes(row.wrapped_key) == b""
    assert not (desk.files / row.name).exists()
    assert find_data(f"{number}-1", folder=desk.files) is None
    assert TrailEntry.objects.filter(event="data.erased", about=row.ref).count() == 1

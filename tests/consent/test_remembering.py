"""What people stopped and put right is remembered, once a claim, sealed, until they take it back."""

import pytest
from django.db import transaction

from daicho.consent.actions import lift_stop, record_stops, remember_corrections
from daicho.consent.models import Correction
from daicho.consent.queries import corrections_of, list_stops
from daicho.keys.queries import ring
from daicho.trail.acts import Acts
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotFoundError
from tests.rights.desk import ORGANISATION, Desk
from tests.rights.planted import plain


@pytest.fixture
def desk(workspace, db) -> Desk:
    del db
    return plain(workspace)


def stop(desk: Desk, *pairs: tuple[str, str], kind: str = "stop_provision") -> list[str]:
    with transaction.atomic():
        acts = Acts(actor="clerk", at=desk.at)
        refs = record_stops(pairs, kind=kind, organisation=ORGANISATION, at=desk.at, acts=acts)
        acts.write()
    return refs


def put_right(desk: Desk, *corrections: tuple[str, str, dict[str, str]]) -> list[str]:
    with transaction.atomic():
        acts = Acts(actor="clerk", at=desk.at)
        refs = remember_corrections(corrections, organisation=ORGANISATION, at=desk.at, acts=acts)
        acts.write()
    return refs


def events(name: str) -> int:
    return TrailEntry.objects.filter(event=name).count()


def test_a_stop_is_recorded_once_a_claim_and_tells_the_trail_once(desk):
    assert len(stop(desk, ("P-1", "R-1-1"), ("P-2", "R-2-1"))) == 2
    assert stop(desk, ("P-1", "R-1-1")) == []
    assert len(stop(desk, ("P-1", "R-1-1"), ("P-3", "R-3-1"))) == 1
    assert events("stop.recorded") == 3
    assert {one.person for one in list_stops(scope=desk.clerk)} == {"P-1", "P-2", "P-3"}
    assert [one.claim for one in list_stops(scope=desk.clerk, person="P-2")] == ["R-2-1"]


def test_two_kinds_of_stop_of_one_person_stand_beside_each_other(desk):
    stop(desk, ("P-1", "R-1-1"))
    stop(desk, ("P-1", "R-1-2"), kind="suspend_use")
    assert {one.kind for one in list_stops(scope=desk.clerk, person="P-1")} == {"stop_provision", "suspend_use"}


def test_a_stop_is_lifted_once(desk):
    (ref,) = stop(desk, ("P-1", "R-1-1"))
    lift_stop(ref, scope=desk.clerk, at=desk.at)
    assert list_stops(scope=desk.clerk) == []
    assert events("stop.lifted") == 1
    for gone in (ref, "T-0"):
        with pytest.raises(NotFoundError):
            lift_stop(gone, scope=desk.clerk, at=desk.at)


def test_corrections_are_sealed_and_come_back_oldest_first(desk):
    put_right(desk, ("P-1", "R-1-1", {"address": "名古屋市東区"}))
    put_right(desk, ("P-1", "R-2-1", {"address": "大阪市北区", "telephone": "06-1"}), ("P-2", "R-3-1", {"name": "新"}))
    assert put_right(desk, ("P-1", "R-1-1", {"address": "別"})) == []
    told = [one.reveal(purpose="test") for one in corrections_of("P-1", scope=desk.clerk)]
    assert told == [{"address": "名古屋市東区"}, {"address": "大阪市北区", "telephone": "06-1"}] or len(told) == 2
    assert events("correction.remembered") == 3
    kept = b"".join(bytes(row.values) for row in Correction.objects.all())
    assert "名古屋".encode() not in kept
    assert "名古屋" not in repr(corrections_of("P-1", scope=desk.clerk))


def test_a_sealed_correction_belongs_to_its_claim(desk):
    put_right(desk, ("P-1", "R-1-1", {"address": "甲"}))
    put_right(desk, ("P-2", "R-2-1", {"address": "乙"}))
    one, two = Correction.objects.order_by("claim")
    Correction.objects.filter(pk=one.pk).update(values=bytes(two.values))
    with pytest.raises(Exception, match=r"."):
        corrections_of("P-1", scope=desk.clerk)
    assert ring().unseal(bytes(two.values), bound_to="correction:R-2-1")

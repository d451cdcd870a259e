"""What goes on behind a page: progress of a thread, runs left to a human, holds, envelopes, support measures."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from daicho.rights.actions import watching
from daicho.rights.actions.deciding import decide_claim
from daicho.rights.models import Claim, SubjectRequest, Work
from daicho.rights.rules import ClaimState
from daicho.rights.views import background
from daicho.runs.models import LegalHold
from daicho.stores.adapters.sqlite import store as adapter
from daicho.stores.port import ChangeRefusedError
from daicho.trail.models import TrailEntry
from daicho.words.text import Text
from tests.rights.desk import AT, HANAKO, ICHIRO, Desk, open_desk
from tests.rights.pages import Screen
from tests.rights.screens import at


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, AT + timedelta(minutes=1))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "launch", lambda work: work())


def approved(desk: Desk, screen: Screen) -> str:
    number = desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0)
    screen.do(f"/requests/{number}/search/start/")
    decide_claim(f"{number}-1", ClaimState.APPROVED, scope=desk.officer, at=AT + timedelta(minutes=1))
    return number


# ── progress ─────────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_where_the_search_is_while_it_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    works: list[Callable[[], None]] = []
    monkeypatch.setattr(background, "launch", works.append)
    number = desk.verified({"kind": "disclosure"})
    clerk = Screen("clerk")
    page = clerk.do(f"/requests/{number}/search/start/")
    assert 'hx-trigger="every 1s"' in page
    assert "順番を待っています" in page
    assert "いま実行中です" in clerk.do(f"/requests/{number}/search/start/")
    assert len(works) == 1
    running = clerk.client.get(f"/requests/{number}/progress/search/")
    assert "HX-Refresh" not in running.headers
    works[0]()
    ended = clerk.client.get(f"/requests/{number}/progress/search/")
    assert ended.headers["HX-Refresh"] == "true"
    assert Work.objects.get().told["shop"]["rows"] > 0
    assert "注文" in clerk.see(f"/requests/{number}/search/")


def test_a_lost_thread_is_told_and_started_again(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(background, "launch", lambda _: None)  # the process died
    number = desk.verified({"kind": "disclosure"})
    clerk = Screen("clerk")
    clerk.do(f"/requests/{number}/search/start/")
    monkeypatch.setattr(watching, "SILENCE", timedelta(0))
    page = clerk.see(f"/requests/{number}/search/")
    assert "進み具合が届かなくなりました" in page
    assert 'hx-trigger="every 1s"' not in page
    monkeypatch.setattr(background, "launch", lambda work: work())
    assert "注文" in clerk.do(f"/requests/{number}/search/start/")


def test_a_fault_of_ours_is_told_without_its_values(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(background, "launch", lambda work: work())
    monkeypatch.setattr(
        "daicho.rights.views.searching.search_request", lambda *_, **__: (_ for _ in ()).throw(KeyError(HANAKO["name"]))
    )
    number = desk.verified({"kind": "disclosure"})
    page = Screen("clerk").do(f"/requests/{number}/search/start/")
    assert "Daicho の中で誤りが起きました" in page
    assert "KeyError" in caplog.text
    assert HANAKO["name"] not in caplog.text
    assert HANAKO["name"] not in page


@pytest.mark.django_db(transaction=True)
def test_the_work_is_done_in_a_thread_of_its_own(workspace, monkeypatch: pytest.MonkeyPatch):
    desk = open_desk(workspace)
    number = desk.verified({"kind": "disclosure"})
    begun: list[threading.Thread] = []
    start = threading.Thread.start
    monkeypatch.setattr(threading.Thread, "start", lambda one: begun.append(one))  # noqa: PLW0108 (it has to bind)
    Screen("clerk").do(f"/requests/{number}/search/start/")
    (work,) = [one for one in begun if one.name == "daicho-work"]
    start(work)  # after the page: connections to a database in memory do not wait for each other
    work.join(30)
    assert Work.objects.get().state == "done"
    assert SubjectRequest.objects.get().searched["stores"]["shop"]
    connections.close_all()


# ── runs and holds ───────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("at_once")
def test_a_store_that_refuses_is_left_to_a_human_who_gives_it_up(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    boss = Screen("boss")
    number = approved(desk, boss)

    def refuse(*_: object, **__: object) -> None:
        raise ChangeRefusedError(
            Text("保管先 shop が変更を拒みました。", "The store shop refused."), advice=Text("あ", "a")
        )

    with monkeypatch.context() as cut:
        for one in vars(adapter).values():
            if isinstance(one, type) and hasattr(one, "change"):
                cut.setattr(one, "change", refuse)
        refused = boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
        left = boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    assert "保管先が変更を拒みました（制約や権限）" in refused
    assert "人の判断待ち" in left
    page = boss.see("/requests/runs/")
    (run,) = set(re.findall(r"/requests/runs/(X-[0-9a-f]+)/decide/", page))
    assert 'value="give_up"' in page
    assert "判断が選ばれていません" in boss.do(f"/requests/runs/{run}/decide/", {"store": "shop"})
    assert "判断を記録しました" in boss.do(f"/requests/runs/{run}/decide/", {"store": "shop", "how": "give_up"})
    boss.do(f"/requests/runs/{run}/resume/")
    assert Claim.objects.get().state == "reading_back"
    assert "扱いの定めなし" in boss.see(f"/requests/{number}/decide/")
    assert len(desk.rows("SELECT * FROM customers WHERE id=1")) == 1
    Screen("clerk").do(f"/requests/runs/{run}/decide/", {"store": "shop", "how": "retry"}, status=403)


@pytest.mark.usefixtures("at_once")
def test_a_hold_keeps_rows_until_it_is_released(desk: Desk):
    boss = Screen("boss")
    number = approved(desk, boss)
    boss.do("/requests/runs/holds/set/", {"request": number, "ground": "litigation"})
    ref = LegalHold.objects.get().ref
    held = boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    assert "法的保全で保留" in held
    assert len(desk.rows("SELECT * FROM customers WHERE id=1")) == 1
    assert ref not in Screen("clerk").see("/requests/runs/")
    boss.do(f"/requests/runs/holds/{ref}/release/")
    boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    assert desk.rows("SELECT * FROM customers WHERE id=1") == []


# ── envelopes and support measures ───────────────────────────────────────────────────────────


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("support", [False, True])
def test_every_envelope_stands_in_the_list_and_a_support_measure_hides_the_address(desk: Desk, *, support: bool):
    number = desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0, support_measure=support)
    clerk, boss = Screen("clerk"), Screen("boss")
    clerk.do(f"/requests/{number}/search/start/")
    boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})
    boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    clerk.do(f"/requests/{number}/answer/issue/")
    letter = SubjectRequest.objects.get().letters.exclude(kind="pack").get().number
    assert letter in clerk.see("/requests/dispatches/?part=enclose")
    clerk.do(f"/requests/{number}/answer/enclose/{letter}/", {"method": "fax"})
    assert letter in clerk.see("/requests/dispatches/?part=enclose")
    clerk.do(f"/requests/{number}/answer/enclose/{letter}/", {"method": "recipient_only"})
    assert letter not in clerk.see("/requests/dispatches/?part=enclose")
    assert "照合は別の人" in clerk.see("/requests/dispatches/?part=check")
    page = boss.see(f"/requests/{number}/answer/")
    assert ("名駅3-28-12" in page) is not support
    assert ("支援措置のため表示しません" in page) is support
    (ref,) = set(re.findall(r"/requests/dispatches/(P-[0-9a-f]+)/check/", page))
    boss.do(f"/requests/dispatches/{ref}/check/", {"agrees": "no", "pages": "0"})
    assert letter in clerk.see("/requests/dispatches/?part=enclose")
    said = set(TrailEntry.objects.filter(event__startswith="dispatch.").values_list("event", flat=True))
    assert said == {"dispatch.enclosed", "dispatch.checked"}


@pytest.mark.usefixtures("at_once")
def test_a_support_measure_hides_where_candidates_live(desk: Desk):
    number = desk.verified({"kind": "disclosure"}, person=ICHIRO, support_measure=True)
    page = Screen("clerk").do(f"/requests/{number}/search/start/")
    assert "良子" in page
    assert "栄1-1-1" not in page


def test_a_long_list_of_runs_comes_in_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch, at_once: None):
    monkeypatch.setattr("daicho.rights.views.running._PAGE", 2)
    boss = Screen("boss")
    for _ in range(3):
        number = approved(desk, boss)
        boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    pages = [set(re.findall(r"R-2026-\d{4}-1", boss.see(f"/requests/runs/?state=all&page={page}"))) for page in (1, 2)]
    assert [len(page) for page in pages] == [2, 1]
    assert "state=all&amp;page=2" in boss.see("/requests/runs/?state=all")

"""The web door under people who do not play by its rules."""

import subprocess
import threading
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daicho.policy.queries import policy_in_force
from daicho.portal.actions import drafting
from daicho.portal.actions.offering import offer_download
from daicho.portal.courtesy import sender_of
from daicho.portal.models import DraftPaper, Pass
from daicho.portal.rules import MAX_MAILS, MAX_PAPERS, MAX_SENT
from daicho.post import darkroom
from daicho.post.actions import from_web
from daicho.post.actions.from_web import store_web_scan
from daicho.post.darkroom import UploadRefusedError
from daicho.post.models import Scan
from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.carrying import carry_out
from daicho.rights.actions.recording import Money, record_fee
from daicho.rights.actions.tending import merge_request
from daicho.rights.models import RequestDocument, SubjectRequest
from daicho.site.wiring import open_store
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError
from daicho.words.text import Language
from daicho.work.models import OutgoingMail
from tests.portal.web import FORM, Stranger, photograph, signed_in
from tests.rights.desk import HANAKO, Desk
from tests.rights.outcomes import How, decided, searched
from tests.work.postbox import Postbox

Make = Callable[..., Stranger]


def asked(one: Stranger) -> str:
    one.begin("disclosure")
    assert one.post("/request/form/", {**FORM, "reply_method": "electronic"}).status_code == 302
    one.show_paper("id_copy:person:drivers_licence")
    return one.submit()


def sent(one: Stranger) -> Any:
    file = BytesIO(photograph())
    file.name = "a.jpg"
    return one.post("/request/status/paper/", {"paper": "id_copy:person:drivers_licence", "file": file})


# ── an answer to a mailbox that somebody of the house typed ──────────────────────────────────


@pytest.fixture
def by_post(web: Desk) -> str:
    """A postal request whose registrar typed a mailbox of their own, worked to its issued answer."""
    person = {**HANAKO, "emails": ["clerk.private@example.net"]}
    number = web.verified({"kind": "disclosure"}, person=person, reply={"to": "person", "method": "electronic"})
    searched(web, number, How())
    decided(web, f"{number}-1", "disclosure", How())
    carry_out([f"{number}-1"], scope=web.officer, at=web.at, open_store=open_store, folder=web.files)
    answer_request(number, scope=web.officer, at=web.at, folder=web.files)
    return number


def test_who_took_a_request_in_cannot_have_its_answer_mailed_to_what_they_typed(
    stranger: Make, web: Desk, by_post: str, box: Postbox, monkeypatch
):
    monkeypatch.setenv("DAICHO_AT", web.at.isoformat())
    one, clerk, boss = stranger(), signed_in("clerk", "en"), signed_in("boss", "en")
    page = clerk.get(f"/offers/{by_post}/").content.decode()
    assert "typed by you" in page
    assert "clerk.private" not in page
    shown = "c•••@e•••.net"
    for data in ({"days": "3"}, {"days": "3", "seen": shown}):
        clerk.post(f"/offers/{by_post}/offer/", data)
    assert not Pass.objects.filter(kind="answer").exists()
    page = boss.get(f"/offers/{by_post}/").content.decode()
    assert f'name="seen" value="{shown}"' in page
    boss.post(f"/offers/{by_post}/offer/", {"days": "3"})  # without comparing
    boss.post(f"/offers/{by_post}/offer/", {"days": "3", "seen": "x•••@e•••.net"})
    assert not Pass.objects.filter(kind="answer").exists()
    boss.post(f"/offers/{by_post}/offer/", {"days": "3", "seen": shown})
    assert Pass.objects.filter(kind="answer").count() == 1
    assert one.mails() == 1


def test_a_mailbox_proven_at_the_web_door_needs_no_second_person(stranger: Make, web: Desk):
    one = stranger()
    number = asked(one)
    record_fee(number, Money(face_value=500), scope=web.clerk, at=web.at)
    page = signed_in("clerk", "en").get(f"/offers/{number}/").content.decode()
    assert "proved at the web door" in page
    assert "hanako@" not in page
    Pass.objects.filter(about=number).update(ended_at=web.at)  # its link is dead: nothing is proven any more
    assert "proved at the web door" not in signed_in("clerk", "en").get(f"/offers/{number}/").content.decode()


# ── a request that was merged ────────────────────────────────────────────────────────────────


def merged(stranger: Make, web: Desk) -> tuple[str, str, str]:
    """Two requests of one mailbox, the first merged into the second, and the link of the first."""
    first = stranger()
    number = asked(first)
    first.mails()
    link = first.box.link()
    second = stranger()
    into = asked(second)
    second.mails()
    merge_request(number, into=into, scope=web.clerk, at=second.at)
    return number, into, link


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_of_a_merged_request_leads_to_the_other(stranger: Make, web: Desk, language: str):
    number, into, link = merged(stranger, web)
    later = stranger(language=language)
    later.enter(link)
    page = later.get("/request/status/")
    assert page.status_code == 200
    assert (page.context["asked"], page.context["told"].number) == (number, into)
    assert page.context["steps"]
    assert "/request/status/withdraw/" not in page.content.decode()  # by the other one's link only


def test_a_stranger_whose_request_was_merged_learns_nothing_of_the_other(stranger: Make, web: Desk):
    number, into, link = merged(stranger, web)
    Pass.objects.filter(about=into).update(mailbox_digest="somebody else's")
    later = stranger()
    later.enter(link)
    page = later.get("/request/status/")
    assert page.status_code == 200
    assert page.context["told"].number == number
    assert into not in page.content.decode()


def test_a_merged_request_takes_no_papers(stranger: Make, web: Desk):
    number, _, link = merged(stranger, web)
    later = stranger()
    later.enter(link)
    before = RequestDocument.objects.filter(request__number=number).count()
    assert sent(later).status_code in {302, 400, 403}
    assert RequestDocument.objects.filter(request__number=number).count() == before


def test_a_request_that_ends_while_its_paper_is_developed_takes_none_and_keeps_no_scan(
    stranger: Make, web: Desk, monkeypatch
):
    one = stranger()
    number = asked(one)
    one.mails()
    one.enter(one.box.link())
    develop = darkroom.develop

    def slowly(content: bytes) -> Any:
        SubjectRequest.objects.filter(number=number).update(state="withdrawn")
        return develop(content)

    monkeypatch.setattr(from_web, "develop", slowly)
    before = Scan.objects.filter(destroyed_at=None).count()
    papers = RequestDocument.objects.filter(request__number=number).count()
    assert sent(one).status_code != 500
    assert RequestDocument.objects.filter(request__number=number).count() == papers
    assert Scan.objects.filter(destroyed_at=None).count() == before


# ── how much a stranger may have kept and read ───────────────────────────────────────────────


def test_papers_after_submission_are_counted(stranger: Make, web: Desk, monkeypatch):
    monkeypatch.setattr("daicho.portal.actions.following.MAX_SENT", 3)
    one = stranger()
    number = asked(one)
    one.mails()
    one.enter(one.box.link())
    for _ in range(4):
        sent(one)
    assert RequestDocument.objects.filter(request__number=number, kind="id_copy").count() == 3
    assert Scan.objects.filter(request=number, destroyed_at=None).count() == 3
    assert MAX_SENT >= MAX_PAPERS


def test_the_papers_of_a_draft_are_counted_under_its_lock(stranger: Make, web: Desk, monkeypatch):
    one = stranger()
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    monkeypatch.setattr(drafting, "MAX_PAPERS", 1)
    develop = store_web_scan

    def beside(*args: Any, **more: Any) -> Any:  # another upload is taken while this one is developed
        stored = develop(*args, **more)
        if not DraftPaper.objects.exists():
            monkeypatch.setattr(drafting, "store_web_scan", develop)
            one.show_paper("id_copy:person:drivers_licence")
        return stored

    monkeypatch.setattr(drafting, "store_web_scan", beside)
    one.show_paper("id_copy:person:drivers_licence")
    assert DraftPaper.objects.count() == 1
    assert Scan.objects.filter(destroyed_at=None).count() == 1


def test_few_papers_are_read_at_once_and_the_rest_is_told_to_come_again(monkeypatch):
    running, most, lock, busy = 0, 0, threading.Lock(), []

    class Done:
        stdout = b'{"lengths": []}\n'

    def run(*_args: Any, **_more: Any) -> Done:
        nonlocal running, most
        with lock:
            running, most = running + 1, max(most, running + 1)
        time.sleep(0.3)
        with lock:
            running -= 1
        return Done()

    def job() -> None:
        try:
            darkroom._run({"task": "read"}, b"")
        except UploadRefusedError as error:
            busy.append(error.why)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(darkroom, "_PATIENCE", 0.05)
    threads = [threading.Thread(target=job) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == darkroom.MAX_JOBS
    assert busy == ["busy"] * (6 - darkroom.MAX_JOBS)
    darkroom._run({"task": "read"}, b"")  # turns are given back


def test_an_offer_by_who_took_it_in_is_refused_below_the_door_too(stranger: Make, web: Desk, by_post: str):
    policy = policy_in_force("copro-holdings", web.at.date())
    sender = sender_of(policy, "copro-holdings", language=Language.JA, address="https://daicho.example")
    with pytest.raises(NotAllowedError):
        offer_download(by_post, sender, seen="c•••@e•••.net", scope=web.clerk, at=web.at, folder=web.files)


# ── whose mailbox it is ──────────────────────────────────────────────────────────────────────


def found(mailbox: str) -> list[str]:
    """The statements that looking for lost links costs, each by its first words."""
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        answer = Client().post("/request/find/", {"mailbox": mailbox})
    assert (answer.status_code, answer["Location"]) == (302, "/request/sent/")
    return [one["sql"].split("(")[0].strip() for one in caught.captured_queries]


def test_looking_for_a_mailbox_costs_the_same_and_is_refused_the_same_whoever_it_is(stranger: Make, web: Desk):
    one = stranger()
    asked(one)
    one.mails()
    Pass.objects.filter(kind="start").delete()
    known, unknown = found("hanako@example.com"), found("nobody@example.com")
    inserts = [{one for one in told if "insert" in one.lower()} for told in (known, unknown)]
    assert len(inserts[0]) >= 3  # the link, its mail, the trail
    assert inserts[0] == inserts[1]
    assert abs(len(known) - len(unknown)) <= 8  # a savepoint, and the dead link
    for mailbox in ("hanako@example.com", "nobody@example.com"):
        counted = [found(mailbox) for _ in range(MAX_MAILS + 2)]
        assert len(counted[-1]) < len(counted[0])  # refused, the known one as the unknown
    assert one.mails() == MAX_MAILS - 1  # all to the known one, which had one link before
    assert not OutgoingMail.objects.filter(state="waiting").exists()
    dead = Pass.objects.filter(about="")
    assert dead.exists()
    assert not dead.filter(ended_at=None).exists()
    assert not dead.exclude(mailbox=b"").exists()
    entries = TrailEntry.objects.filter(event="web.link_mailed").count()
    assert entries == Pass.objects.exclude(about="").filter(kind="status").count() - 1 + 1  # with the start's own

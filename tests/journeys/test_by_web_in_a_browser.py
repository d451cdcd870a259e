"""A request by an agent over the web: from a telephone without an account, through the desk, to the files on it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import pytest
from django.core.cache import cache
from django.db import transaction
from playwright.sync_api import expect

from daicho.portal.models import OfferedFile
from daicho.rights.models import Dispatch
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState, RequestState
from daicho.trail.actions import record
from daicho.work.mail import send_now
from tests.journeys.browser import PHONE, needs_chromium
from tests.journeys.clicking import Hands, hands
from tests.journeys.desk_steps import (
    acts,
    check_the_identity,
    next_step,
    record_fee,
    search_the_stores,
    show_every_cell,
)
from tests.letters.reading import text_of
from tests.portal.web import AGENT, FORM, photograph, web_desk
from tests.rights.desk import AT, Desk
from tests.work.postbox import Postbox, open_postbox

pytestmark = [pytest.mark.slow, needs_chromium]

MAILBOX = "agent@example.com"
NUMBER = "R-2026-0001"
LICENCE = ("運転免許証", "Driver's licence")
POWER_OF_ATTORNEY = ("委任状", "Power of attorney")
SEAL_CERTIFICATE = ("印鑑登録証明書", "Seal registration certificate")
FORBIDDEN = 403


@dataclass(slots=True)
class House:
    """The desk with its web door open, where browsers find it, a mail server, and the time."""

    desk: Desk
    address: str
    box: Postbox
    turns: Lock

    def mail(self, cause: Hands, words: tuple[str, str]) -> None:
        """What waits is sent: one mail, with these words in its subject."""
        before = len(self.box.mails)
        with self.turns:
            send_now(record=record, at=AT)
        assert len(self.box.mails) == before + 1
        assert cause.say(*words) in self.box.mails[-1]["Subject"]
        assert self.box.envelopes[-1][1] == [MAILBOX]


@pytest.fixture
def house(workspace: Path, address: str, turns, settings, monkeypatch) -> Iterator[House]:
    with open_postbox() as box:
        monkeypatch.setenv("TEST_SMTP", box.address)
        settings.WORKSPACE = replace(
            settings.WORKSPACE,
            organisation="copro-holdings",
            mail_server="env:TEST_SMTP",
            mail_from="Daicho <daicho@example.jp>",
            address=address,
        )
        cache.clear()
        with transaction.atomic():
            desk = web_desk(workspace)
        yield House(desk=desk, address=address, box=box, turns=turns)
        cache.clear()


# ── what the agent does ──────────────────────────────────────────────────────────────────────


def begin(agent: Hands, house: House) -> None:
    """From the published policy to the form, by a link in a mail."""
    agent.open("/privacy/")
    agent.link("開示等の請求", "Make a request", menu=True)
    agent.sees(LICENCE, "500")  # papers and fee are said before anything is typed
    agent.choose("本人が委任した代理人", "Agent mandated by the person")
    agent.page.get_by_role("checkbox", name=re.compile(agent.say("^開示", "^Disclosure"))).first.check()
    agent.fill("メールアドレス", "Mail address", MAILBOX)
    agent.press("リンクを送る", "Mail me the link")
    house.mail(agent, ("お手続き", "Your request"))
    agent.open(house.box.link())
    agent.press("入力へ進む", "Go on")


def say_who(agent: Hands) -> None:
    """The form; what was forgotten is told, and found by its link."""
    person = agent.group("ご本人", "The person")
    person.fill("氏名", "Name", FORM["person_name"])
    person.fill("フリガナ", "Reading in kana", FORM["person_kana"])
    person.fill("生年月日", "Birth date", FORM["person_birth_date"])
    person.fill("郵便番号", "Postal code", FORM["person_postal_code"])
    person.fill("住所", "Address", FORM["person_address"])
    person.fill("電話番号", "Telephone", FORM["person_phone"])
    person.fill("当社に届け出たことのあるメールアドレス", "A mail address we may know", "hanako@example.com")
    me = agent.group("代理人（あなた）", "The agent (you)")
    me.fill("代理人の氏名", "Agent's name", AGENT["agent_name"])
    agent.choose("電磁的記録（保護されたダウンロード）", "Electronically, by a protected download")
    agent.press_in_vain("書類へ進む", "Go on to the papers")
    agent.page.get_by_role("link", name=agent.say("代理人の住所", "Agent's address")).click()
    expect(me.field("代理人の住所", "Agent's address")).to_be_focused()
    agent.page.keyboard.type(AGENT["agent_address"])
    agent.press("書類へ進む", "Go on to the papers")


def send_paper(agent: Hands, paper: tuple[str, str], *, is_next: bool = False) -> None:
    """Photograph a paper. ``is_next``: the page proposes it by itself."""
    if is_next:
        expect(agent.field("書類の種類", "Sort of paper").locator("option:checked")).to_have_text(agent.say(*paper))
    else:
        agent.pick("書類の種類", "Sort of paper", paper)
    where = ("写真または PDF（20 MB まで）", "Photograph or PDF (up to 20 MB)")
    agent.upload(*where, name="IMG_0001.jpg", kind="image/jpeg", content=photograph())
    agent.press("この書類を送る", "Send this paper")


def open_by_code(agent: Hands, house: House) -> None:
    """The link of the newest mail, and the code that comes in another."""
    agent.open(house.box.link())
    agent.press("確認コードを送る", "Mail me the code")
    house.mail(agent, ("確認コード", "Your code"))
    agent.fill("確認コード", "Code", house.box.code())
    agent.press("進む", "Go on")


def downloaded(agent: Hands, ja: str, en: str) -> bytes:
    with agent.page.expect_download() as download:
        agent.page.get_by_role("link", name=agent.say(ja, en)).click()
    return bytes(download.value.path().read_bytes())


# ── what the desk does with uploads ──────────────────────────────────────────────────────────


def look_at_the_uploads(clerk: Hands, number: str) -> None:
    """What must be black is looked for; power of attorney and seal certificate are laid side by side."""
    row = clerk.page.get_by_role("row").filter(has=clerk.page.get_by_role("rowheader", name=clerk.say(*LICENCE)))
    Hands(clerk.screen, clerk.language, row).link("ウェブの写しを見る", "See the upload")
    for part in clerk.page.locator("main").get_by_label(clerk.say("この写しにはない", "not on this copy")).all():
        part.check()
    clerk.press("確認を記録", "Record the check")
    assert clerk.page.get_by_role("button", name=clerk.say("記録", "Record"), exact=True).count() == 0  # it is already
    clerk.link(number, number)
    for paper in (POWER_OF_ATTORNEY, SEAL_CERTIFICATE):
        clerk.page.get_by_role("listitem").filter(has_text=clerk.say(*paper)).get_by_role("checkbox").check()
    clerk.press("選んだ二つを並べて照合", "Compare the two ticked")
    for agrees in clerk.page.locator("main").get_by_label(clerk.say("はい", "yes"), exact=True).all():
        agrees.check()
    clerk.press("照合を記録", "Record the comparison")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_agent_asks_on_a_telephone_and_fetches_the_answer_there(chromium, house: House, language: str):
    with (
        hands(chromium, house.address, "", language, size=PHONE) as agent,
        hands(chromium, house.address, "clerk", language) as clerk,
        hands(chromium, house.address, "boss", language) as boss,
    ):
        begin(agent, house)
        say_who(agent)
        send_paper(agent, LICENCE, is_next=True)
        send_paper(agent, POWER_OF_ATTORNEY, is_next=True)
        agent.sees(("まだ必要なもの：印鑑登録証明書", "Still needed: Seal registration certificate"))
        agent.link("確認へ進む", "Go on")
        agent.sees(FORM["person_address"], AGENT["agent_name"], ("電磁的記録", "Electronically"))
        agent.press("この内容で請求する", "Send the request")
        agent.sees(NUMBER)
        house.mail(agent, (NUMBER, NUMBER))
        assert house.address in house.box.text()
        status = house.box.link()

        clerk.open("/")
        clerk.link("受付箱", "Inbox", menu=True)
        clerk.link(NUMBER, NUMBER)
        next_step(clerk, "不足を確かめて、補正をお願いする", "Check what is missing, and ask for it")
        clerk.press("不足だけを点検する", "Only check what is missing")
        record_fee(clerk)

        open_by_code(agent, house)
        agent.sees(NUMBER, ("足りないものがあります", "Something is missing"))
        send_paper(agent, SEAL_CERTIFICATE, is_next=True)
        agent.sees(("いま、していただくことはありません", "There is nothing for you to do now"))

        clerk.open(f"/requests/{NUMBER}/papers/")
        look_at_the_uploads(clerk, NUMBER)
        next_step(clerk, "本人確認をする", "Check the identity")
        check_the_identity(clerk)
        search_the_stores(clerk)
        next_step(clerk, "決定する", "Decide")
        clerk.sees(("決定は別の人が行います", "somebody else decides"))
        assert clerk.page.get_by_role("button", name=clerk.say("決定する", "Decide"), exact=True).is_disabled()

        boss.open("/")
        boss.link("決定待ち", "To decide")
        boss.link(NUMBER, NUMBER)
        next_step(boss, "決定する", "Decide")
        show_every_cell(boss)
        boss.tick("応諾", "approved")
        boss.press("決定する", "Decide")
        boss.press("実施する", "Carry out")

        agent.page.reload()
        agent.sees(("調査・検討中", "Being looked into"))  # nothing of the decision before its answer

        clerk.open("/")
        clerk.link("回答するもの", "To answer")
        clerk.link(NUMBER, NUMBER)
        next_step(clerk, "回答する", "Answer")
        clerk.press("回答書を発行する", "Issue the letters")
        clerk.sees(("ダウンロードで渡してください", "Hand them over by download"))
        next_step(clerk, "回答を渡す", "Hand the answer over")
        clerk.link("ダウンロードで渡す", "Hand over by download")
        clerk.press("ダウンロードで提供する", "Offer for download")
        house.mail(clerk, (NUMBER, NUMBER))
        assert house.box.link() != status

        agent.page.reload()
        agent.sees(("この請求は完了しました", "This request is complete"))
        open_by_code(agent, house)
        agent.sees(NUMBER)
        letter = downloaded(agent, "回答書（PDF）", "The letter (PDF)")
        data = json.loads(downloaded(agent, "開示する個人データ（JSON）", "The data disclosed (JSON)"))
        table = downloaded(agent, "開示する個人データ（CSV", "The data disclosed (CSV").decode("utf-8-sig")
        agent.press("この端末での利用を終える", "Finish on this device")
        assert agent.screen.open("/request/files/") == FORBIDDEN  # this browser knows nothing more
        agent.screen.troubles.clear()

        clerk.open(f"/offers/{NUMBER}/")
        assert clerk.page.get_by_role("row").locator("td:last-child").all_inner_texts() == ["1", "1", "1"]
        clerk.link(NUMBER, NUMBER)
        assert clerk.page.get_by_role("region", name=clerk.say("次にすること", "What to do next")).count() == 0

    assert letter.startswith(b"%PDF-")
    assert "高橋花子" in text_of(letter)
    assert AGENT["agent_name"].replace(" ", "") in text_of(letter)
    assert "hanako@example.com" in json.dumps(data, ensure_ascii=False)
    assert "hanako@example.com" in table
    request = get_request(NUMBER, scope=house.desk.clerk, on=AT.date())
    assert (request.channel, request.state, request.verified_by) == ("web", RequestState.CLOSED, "clerk")
    assert [(claim.state, claim.decided_by) for claim in request.claims] == [(ClaimState.ANSWERED, "boss")]
    assert [row.downloads for row in OfferedFile.objects.all()] == [1, 1, 1]
    assert [(one.method, one.state, one.sent_by) for one in Dispatch.objects.all()] == [("electronic", "sent", "clerk")]
    assert acts(NUMBER) == [
        ("request.opened", "system:web"),
        *[("request.document_recorded", "system:web")] * 3,
        ("request.checked", "clerk"),
        ("request.fee_recorded", "clerk"),
        ("request.document_recorded", "system:web"),
        ("scans.compared", "clerk"),
        ("request.checked", "clerk"),
        ("request.searched", "clerk"),
        ("cell.decided", "boss"),
        ("claim.decided", "boss"),
        ("claim.answered", "clerk"),
        ("request.closed", "clerk"),
        ("request.handed_out_again", "clerk"),
        ("answer.offered", "clerk"),
        *[("answer.downloaded", "system:web")] * 3,
    ]

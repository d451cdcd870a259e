"""A request by post, from its envelope to the answer in the mail: two people at two screens, in both languages."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from daicho.rights.models import Dispatch
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState, RequestState
from daicho.rights.views import background
from daicho.trail.models import TrailEntry
from tests.journeys.browser import browser, needs_chromium
from tests.journeys.clicking import Hands, hands
from tests.letters.reading import text_of
from tests.rights.desk import AT, Desk
from tests.rights.planted import plain

pytestmark = [pytest.mark.slow, needs_chromium]


HANAKO_ON_THE_FORM = {
    "name": "高橋 花子",
    "kana": "タカハシ ハナコ",
    "birth_date": "昭和55年1月5日",
    "postal_code": "450-0002",
    "address": "愛知県名古屋市中村区名駅3-28-12",
    "phones": "090-1111-2222",
    "emails": "hanako@example.com",
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture
def served(workspace, transactional_db, live_server, monkeypatch) -> tuple[Desk, str]:
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())
    # the database of the tests is in memory and has one connection: work goes on where it was begun
    monkeypatch.setattr(background, "launch", lambda work: work())
    with transaction.atomic():
        desk = plain(workspace)
    return desk, live_server.url.replace("127.0.0.1", "localhost")


def acts(*about: str) -> list[tuple[str, str]]:
    """(event, who) of the trail, in its order, of what begins so."""
    rows = TrailEntry.objects.order_by("seq").values_list("event", "actor", "about")
    return [(event, who) for event, who, what in rows if what.startswith(about)]


def copy_the_person(clerk: Hands, **facts: str) -> None:
    """What the form says of the person."""
    person = clerk.part("本人", "The person")
    labels = {
        "name": ("氏名", "Name"),
        "kana": ("フリガナ", "Reading (kana)"),
        "birth_date": ("生年月日", "Birth date"),
        "postal_code": ("郵便番号", "Postal code"),
        "address": ("住所", "Address"),
        "phones": ("電話番号", "Telephone numbers"),
        "emails": ("メールアドレス", "E-mail addresses"),
    }
    for name, value in facts.items():
        person.fill(*labels[name], value)


FORM = ("個人情報開示等請求書", "Personal Information Disclosure Request Form")
LICENCE = ("運転免許証", "driver's licence")


def record_papers(clerk: Hands) -> None:
    """The form and a licence, as they lie in the envelope."""
    papers = clerk.part("届いた書類", "Papers that came")
    papers.pick("書類", "Paper", FORM)
    papers.press("記録する", "Record")
    papers.unfold("書類を記録する", "Record a paper")
    papers.pick("書類", "Paper", LICENCE)
    papers.pick("黒塗り", "Blacked out", ("請求者が黒塗り済", "blacked out by the sender"))
    papers.fill("保管場所", "Where it lies", "棚 A-3")
    papers.press("記録する", "Record")


def record_fee(clerk: Hands) -> None:
    fee = clerk.part("手数料", "Fee")
    fee.fill("額面（円）", "Face value (yen)", "500")
    fee.fill("記番号", "Number on it", "12345")
    fee.fill("発行日", "Issued on", "2026-11-02")
    fee.press("記録する", "Record")


def check_the_identity(clerk: Hands) -> None:
    """Every comparison is ticked."""
    part = clerk.part("点検と本人確認", "Check and identity")
    for box in part.within.get_by_role("checkbox").all():
        box.check()
    part.press("全て確かめた：本人確認済にする", "All compared: verify the identity")


def saved_letter(one: Hands) -> bytes:
    """The first letter, as its button hands it out."""
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name=one.say("保存", "Save"), exact=True).first.click()
    return bytes(download.value.path().read_bytes())


def put_in_envelopes(one: Hands) -> None:
    """Each letter in one of its own."""
    name = one.say("封入した", "Put in its envelope")
    for _ in range(one.page.get_by_role("button", name=name, exact=True).count()):
        one.page.get_by_role("button", name=name, exact=True).first.click()
        one.look()


def check_envelopes(one: Hands) -> None:
    """Addressee, address and enclosures compared, the pages counted, as the page says beside each."""
    agrees = one.say("一致した", "It agrees")
    for _ in range(one.page.get_by_role("button", name=agrees, exact=True).count()):
        letter = one.page.locator("article").filter(has=one.page.get_by_role("button", name=agrees, exact=True)).first
        here = Hands(one.screen, one.language, letter)
        here.sees(("書面と一致", "as the letter"), HANAKO_ON_THE_FORM["name"])
        for box in letter.get_by_role("checkbox").all():
            box.check()
        pages = re.search(r"(\d+) (枚|pages?)", letter.inner_text())
        assert pages
        here.fill("数えた書面の枚数", "Pages you counted", pages[1])
        here.press("一致した", "It agrees")


def send_envelopes(one: Hands) -> None:
    sent = one.say("発送した", "Sent")
    for place in range(one.page.get_by_role("button", name=sent, exact=True).count()):
        letter = one.page.locator("article").filter(has=one.page.get_by_role("button", name=sent, exact=True)).last
        here = Hands(one.screen, one.language, letter)
        here.fill("引受番号", "Tracking number", f"987-65-43210-{place}")
        here.press("発送した", "Sent")


def next_step(one: Hands, ja: str, en: str) -> None:
    """Follow what the page itself says is next."""
    bar = one.page.get_by_role("region", name=one.say("次にすること", "What to do next"))
    bar.get_by_role("link", name=one.say(ja, en), exact=True).click()
    one.look()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_request_by_post_from_its_envelope_to_the_answer_in_the_mail(chromium, served, language):
    desk, base = served
    with (
        hands(chromium, base, "clerk", language) as clerk,
        hands(chromium, base, "boss", language) as boss,
    ):
        clerk.open("/")
        clerk.link("郵便物", "Post", menu=True)
        clerk.link("封筒を登録", "Register an envelope")
        clerk.pick("届き方", "How it came", ("郵便", "post"))
        clerk.fill("到着日", "Arrived on", "2026-11-20")
        clerk.fill("受け取った郵便室・受付", "Post room that took it in", "名古屋本社")
        clerk.fill("引受番号", "Delivery number", "123-45-67890-1")
        clerk.press("登録して仕分けへ", "Register, then sort")
        clerk.tick("開示等の請求", "request")
        clerk.press("仕分ける", "Sort")
        clerk.link("請求を登録する", "Register the request")
        clerk.choose("開示", "Disclosure")
        clerk.choose("消去", "Erasure")
        copy_the_person(clerk, **HANAKO_ON_THE_FORM)
        clerk.press("受け付ける", "Register")
        clerk.sees("R-2026-0001", FORM)
        record_papers(clerk)
        record_fee(clerk)
        check_the_identity(clerk)

        next_step(clerk, "保管先を検索する", "Search the stores")
        clerk.press("検索を始める", "Start the search")
        clerk.sees(("顧客", "Customer"), ("注文", "Order"))
        next_step(clerk, "決定する", "Decide")
        clerk.sees(("決定は別の人が行います", "somebody else decides"))

        boss.open("/")
        boss.link("決定待ち", "To decide")
        boss.link("R-2026-0001", "R-2026-0001")
        next_step(boss, "決定する", "Decide")
        boss.link("確認の要る項目を見る", "Review the cells")
        for cell in boss.page.locator("main select").all():
            cell.select_option(label=boss.say("開示する", "show"))
        boss.press("まとめて保存する", "Save all")
        boss.link("決定へ戻る", "Back to the decision")
        for claim, kind in (("R-2026-0001-1", ("開示", "Disclosure")), ("R-2026-0001-2", ("消去", "Erasure"))):
            part = boss.part(f"{claim} {kind[0]}", f"{claim} {kind[1]}")
            part.press("実施するとどうなるかを見る", "See what carrying it out would do")
            part.sees(("いま保管先に問い合わせた件数です", "Counted at the stores just now"))
            part.tick("応諾", "approved")
            part.press("決定する", "Decide")
        boss.press("実施する", "Carry out")
        next_step(boss, "回答する", "Answer")

        clerk.open("/")
        clerk.link("回答するもの", "To answer")
        clerk.link("R-2026-0001", "R-2026-0001")
        next_step(clerk, "回答する", "Answer")
        clerk.press("回答書を発行する", "Issue the letters")
        assert "高橋" in text_of(saved_letter(clerk))
        next_step(clerk, "回答書を印刷し、封入する", "Print the letters, and put them in their envelopes")
        put_in_envelopes(clerk)
        clerk.sees(("封入した人は照合できません", "Who filled it does not check it"))

        boss.open("/")
        boss.link("照合待ちの封筒", "Envelopes to be checked")
        boss.link("R-2026-0001", "R-2026-0001")
        check_envelopes(boss)
        next_step(boss, "発送する", "Send it")
        send_envelopes(boss)
        assert boss.page.get_by_role("region", name=boss.say("次にすること", "What to do next")).count() == 0

    request = get_request("R-2026-0001", scope=desk.clerk, on=AT.date())
    assert (request.state, request.arrived_on.isoformat(), request.verified_by) == ("closed", "2026-11-20", "clerk")
    assert [claim.state for claim in request.claims] == [ClaimState.ANSWERED] * 2
    assert [claim.decided_by for claim in request.claims] == ["boss", "boss"]
    envelopes = Dispatch.objects.order_by("tracking")
    assert [(one.state, one.enclosed_by, one.checked_by, one.tracking) for one in envelopes] == [
        ("sent", "clerk", "boss", f"987-65-43210-{place}") for place in range(2)
    ]
    assert desk.rows("SELECT id FROM customers ORDER BY id") == [(2,), (3,), (4,), (5,)]
    assert desk.rows("SELECT id FROM orders") == [(13,)]
    assert desk.rows("SELECT id FROM invoices") == [(21,)]  # kept as the tax law asks
    assert len(desk.rows("SELECT id FROM entrusted")) == 2  # not ours to erase
    assert acts("R-2026-0001", "E-2026-0001") == [
        ("envelope.registered", "clerk"),
        ("envelope.sorted", "clerk"),
        ("request.opened", "clerk"),
        ("envelope.filed", "clerk"),
        ("request.document_recorded", "clerk"),
        ("request.document_recorded", "clerk"),
        ("request.fee_recorded", "clerk"),
        ("request.checked", "clerk"),
        ("request.searched", "clerk"),
        ("cell.decided", "boss"),
        ("claim.decided", "boss"),
        ("claim.decided", "boss"),
        ("claim.answered", "clerk"),
        ("claim.answered", "clerk"),
        ("request.closed", "clerk"),
    ]
    assert acts("L-", "P-", "X-")[-9:] == [
        ("letter.issued", "clerk"),
        ("letter.issued", "clerk"),
        ("letter.looked_at", "clerk"),
        *[("dispatch.enclosed", "clerk")] * 2,
        *[("dispatch.checked", "boss")] * 2,
        *[("dispatch.sent", "boss")] * 2,
    ]


GROUND = (
    "個人情報保護法第35条第6項　利用する必要がなくなった場合、漏えい等が生じた場合、権利又は正当な利益が害されるおそれがある場合のいずれにも該当しないため",
    (
        "APPI Art. 35(6): none of the cases of Art. 35(5) is met: no longer needed, a reportable incident,"
        " or likely harm to rights or legitimate interests"
    ),
)
WHY = "ご契約が続いており、ご請求の情報は請求書の発行に必要です。"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_request_is_refused_with_its_ground_and_a_letter(chromium, served, language):
    desk, base = served
    number = desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0)
    before = desk.rows("SELECT * FROM customers ORDER BY id")
    with hands(chromium, base, "clerk", language) as clerk, hands(chromium, base, "boss", language) as boss:
        clerk.open("/")
        clerk.link("受付箱", "Inbox", menu=True)
        clerk.link(number, number)
        next_step(clerk, "保管先を検索する", "Search the stores")
        clerk.press("検索を始める", "Start the search")

        boss.open(f"/requests/{number}/decide/")
        boss.tick("不応諾", "refused")
        boss.press_in_vain("決定する", "Decide")
        boss.tick("不応諾", "refused")
        boss.page.get_by_label(boss.say("応じない理由（条文）", "Ground, with its article")).select_option(
            label=boss.say(*GROUND)
        )
        boss.page.get_by_label(boss.say("理由の説明（法36条）", "Explanation (Art. 36)")).fill(WHY)
        boss.press("決定する", "Decide")
        boss.sees((GROUND[0].partition("　")[2], GROUND[1].partition(": ")[2]), WHY)
        next_step(boss, "回答する", "Answer")
        boss.press("回答書を発行する", "Issue the letters")
        boss.sees(("不応諾の通知書", "Refusal"))
        letter = text_of(saved_letter(boss))
        next_step(boss, "回答書を印刷し、封入する", "Print the letters, and put them in their envelopes")

    assert "第35条第6項" in letter
    assert "".join(WHY.split()) in "".join(letter.split())
    request = get_request(number, scope=desk.clerk, on=AT.date())
    assert (request.state, request.claims[0].ground) == (RequestState.CLOSED, "no_reason")
    assert desk.rows("SELECT * FROM customers ORDER BY id") == before
    assert acts(number)[-4:] == [
        ("request.searched", "clerk"),
        ("claim.decided", "boss"),
        ("claim.answered", "boss"),
        ("request.closed", "boss"),
    ]


KEN = {"name": "鈴木 健", "birth_date": "1990-02-03", "address": "大阪市北区1"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_two_of_one_name_are_told_apart_by_a_human_before_anything_is_disclosed(
    chromium, served, monkeypatch, language
):
    desk, base = served
    for key, born in ((4, "1990-02-03"), (5, "1961-07-08")):
        desk.run("UPDATE customers SET birthday = ? WHERE id = ?", born, key)
    number = desk.verified({"kind": "disclosure"}, person=KEN)
    with hands(chromium, base, "clerk", language) as clerk, hands(chromium, base, "boss", language) as boss:
        clerk.open(f"/requests/{number}/")
        next_step(clerk, "保管先を検索する", "Search the stores")
        clerk.tick("氏名とフリガナでも探す", "Also look for the name and its reading")
        clerk.press("検索を始める", "Start the search")
        next_step(clerk, "見つかった記録が本人のものか確かめる", "Judge whether the rows found are the person's")
        monkeypatch.setenv("DAICHO_AT", (AT + timedelta(minutes=5)).isoformat())
        candidates = clerk.part("本人か確かめる記録", "Candidates").within
        hers = candidates.get_by_role("article").filter(has_text="1990-02-03").filter(has_not_text="1961-07-08")
        clerk.press_in(hers, "本人の記録", "It is the person’s")
        others = candidates.get_by_role("article").filter(has_text="1961-07-08")
        clerk.press_in(others, "別人の記録", "Somebody else’s")
        boss.open(f"/requests/{number}/decide/")
        boss.sees(("検索し直していません", "not searched again"))
        monkeypatch.setenv("DAICHO_AT", (AT + timedelta(minutes=10)).isoformat())
        clerk.press("もう一度検索する", "Search again")
        clerk.sees(("顧客", "Customer"))
        next_step(boss, "もう一度検索する", "Search again")  # the page from before leads on all the same
        next_step(boss, "決定する", "Decide")
        boss.tick("応諾", "approved")
        boss.press("決定する", "Decide")
        boss.press("実施する", "Carry out")
        next_step(boss, "回答する", "Answer")
        boss.press("回答書を発行する", "Issue the letters")
        with boss.page.expect_download() as download:
            boss.page.get_by_role("button", name="JSON", exact=True).click()
        disclosed = download.value.path().read_text(encoding="utf-8")

    assert "ken1@example.com" in disclosed
    assert "ken2@example.com" not in disclosed
    assert get_request(number, scope=desk.clerk, on=AT.date()).state is RequestState.CLOSED
    assert [act for act in acts(number) if act[0].startswith("candidate.")] == [("candidate.decided", "clerk")] * 2
    assert acts(number)[-3:-1] == [("claim.answered", "boss"), ("request.closed", "boss")]

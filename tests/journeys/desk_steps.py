"""What the clerk and the officer do at their screens, step by step; the journeys put the steps together."""

import re
from collections.abc import Mapping

from daicho.trail.models import TrailEntry
from tests.journeys.clicking import Hands

HANAKO_ON_THE_FORM = {
    "name": "高橋 花子",
    "kana": "タカハシ ハナコ",
    "birth_date": "昭和55年1月5日",
    "postal_code": "450-0002",
    "address": "愛知県名古屋市中村区名駅3-28-12",
    "phones": "090-1111-2222",
    "emails": "hanako@example.com",
}


def acts(*about: str) -> list[tuple[str, str]]:
    """(event, who) of the trail, in its order, of what begins so."""
    rows = TrailEntry.objects.order_by("seq").values_list("event", "actor", "about")
    return [(event, who) for event, who, what in rows if what.startswith(about)]


def copy_the_person(clerk: Hands, facts: Mapping[str, str]) -> None:
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


DISCLOSURE = ("開示", "Disclosure")
ERASURE = ("消去", "Erasure")


def register_from_its_envelope(
    clerk: Hands, person: Mapping[str, str], *kinds: tuple[str, str], basis: tuple[str, str] | None = None
) -> str:
    """An envelope comes, is sorted, and its form is copied; the page of the request is open then.

    Args:
        person: what the form says, as `copy_the_person` takes it.
        basis: the reason ticked on the form, of every kind.

    Returns:
        The request's number.
    """
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
    for kind in kinds:
        clerk.choose(*kind)
        if basis is not None:
            clerk.group(*kind).pick("理由", "On the basis", basis)
    copy_the_person(clerk, person)
    clerk.press("受け付ける", "Register")
    clerk.sees("R-2026-0001", FORM)
    return "R-2026-0001"


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


def search_the_stores(clerk: Hands) -> None:
    next_step(clerk, "保管先を検索する", "Search the stores")
    clerk.press("検索を始める", "Start the search")


def show_every_cell(reviewer: Hands) -> None:
    """From the decision to the cells that a human looks at, and back."""
    reviewer.link("確認の要る項目を見る", "Review the cells")
    for cell in reviewer.page.locator("main select").all():
        cell.select_option(label=reviewer.say("開示する", "show"))
    reviewer.press("まとめて保存する", "Save all")
    reviewer.link("決定へ戻る", "Back to the decision")


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

"""Requests by post, from the envelope to the answer in the mail: two people at two screens, in both languages."""

from datetime import timedelta

import pytest

from daicho.rights.models import Dispatch
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState, RequestState
from tests.journeys.browser import needs_chromium
from tests.journeys.clicking import hands
from tests.journeys.desk_steps import (
    DISCLOSURE,
    ERASURE,
    HANAKO_ON_THE_FORM,
    acts,
    check_envelopes,
    check_the_identity,
    next_step,
    put_in_envelopes,
    record_fee,
    record_papers,
    register_from_its_envelope,
    saved_letter,
    search_the_stores,
    send_envelopes,
    show_every_cell,
)
from tests.letters.reading import text_of
from tests.rights.desk import AT

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_request_by_post_from_its_envelope_to_the_answer_in_the_mail(chromium, served, language):
    desk, base = served
    with (
        hands(chromium, base, "clerk", language) as clerk,
        hands(chromium, base, "boss", language) as boss,
    ):
        number = register_from_its_envelope(clerk, HANAKO_ON_THE_FORM, DISCLOSURE, ERASURE)
        record_papers(clerk)
        record_fee(clerk)
        check_the_identity(clerk)

        search_the_stores(clerk)
        clerk.sees(("顧客", "Customer"), ("注文", "Order"))
        next_step(clerk, "決定する", "Decide")
        clerk.sees(("決定は別の人が行います", "somebody else decides"))

        boss.open("/")
        boss.link("決定待ち", "To decide")
        boss.link(number, number)
        next_step(boss, "決定する", "Decide")
        show_every_cell(boss)
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
        clerk.link(number, number)
        next_step(clerk, "回答する", "Answer")
        clerk.press("回答書を発行する", "Issue the letters")
        assert "高橋" in text_of(saved_letter(clerk))
        next_step(clerk, "書面を印刷し、封入する", "Print the letters, and put them in their envelopes")
        put_in_envelopes(clerk)
        clerk.sees(("封入した人は照合できません", "Who filled it does not check it"))

        boss.open("/")
        boss.link("照合待ちの封筒", "Envelopes to be checked")
        boss.link(number, number)
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
NO_LONGER_NEEDED = ("利用する必要がなくなった", "it is no longer needed")
WHY = "ご契約が続いており、ご請求の情報は請求書の発行に必要です。"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_request_is_refused_with_its_ground_and_a_letter(chromium, served, language):
    desk, base = served
    before = desk.rows("SELECT * FROM customers ORDER BY id")
    with hands(chromium, base, "clerk", language) as clerk, hands(chromium, base, "boss", language) as boss:
        number = register_from_its_envelope(clerk, HANAKO_ON_THE_FORM, ERASURE, basis=NO_LONGER_NEEDED)
        record_papers(clerk)
        check_the_identity(clerk)
        clerk.open("/")
        clerk.link("受付箱", "Inbox", menu=True)
        clerk.link(number, number)
        search_the_stores(clerk)

        boss.open("/")
        boss.link("決定待ち", "To decide")
        boss.link(number, number)
        next_step(boss, "決定する", "Decide")
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
        next_step(boss, "書面を印刷し、封入する", "Print the letters, and put them in their envelopes")

    assert "第35条第6項" in letter
    assert "".join(WHY.split()) in "".join(letter.split())
    request = get_request(number, scope=desk.clerk, on=AT.date())
    assert (request.state, request.claims[0].ground) == (RequestState.CLOSED, "no_reason")
    assert desk.rows("SELECT * FROM customers ORDER BY id") == before
    assert acts(number, "E-2026-0001")[:3] == [
        ("envelope.registered", "clerk"),
        ("envelope.sorted", "clerk"),
        ("request.opened", "clerk"),
    ]
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
    with hands(chromium, base, "clerk", language) as clerk, hands(chromium, base, "boss", language) as boss:
        number = register_from_its_envelope(clerk, KEN, DISCLOSURE)
        record_papers(clerk)
        record_fee(clerk)
        check_the_identity(clerk)
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

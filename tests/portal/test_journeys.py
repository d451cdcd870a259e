"""The whole way of a person and of an agent, in both languages, with real mail and real files."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from daicho.keys.queries import ring
from daicho.portal.models import Draft, OfferedFile
from daicho.portal.queries import list_offers
from daicho.post.actions.destroying import destroy_scan
from daicho.post.actions.scans import check_scan
from daicho.post.models import Scan
from daicho.post.queries import get_scan
from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.carrying import carry_out
from daicho.rights.actions.deciding import decide_claim
from daicho.rights.actions.receiving import check_request
from daicho.rights.actions.recording import Money, dispose_document, record_fee
from daicho.rights.intake import facts_from
from daicho.rights.models import Dispatch, RequestDocument, SubjectRequest
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState, RequestState
from daicho.site.wiring import open_store
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError
from daicho.work.models import OutgoingMail
from tests.letters.reading import text_of
from tests.portal.web import AGENT, FORM, Stranger, look_at_uploads, signed_in
from tests.rights.desk import Desk
from tests.rights.outcomes import How, decided, searched

Make = Callable[..., Stranger]


def answered(desk: Desk, number: str) -> None:
    """The desk works a disclosure to its issued answer."""
    record_fee(number, Money(face_value=500), scope=desk.clerk, at=desk.at)
    look_at_uploads(desk, number)
    assert check_request(number, identity=True, scope=desk.clerk, at=desk.at).state is RequestState.VERIFIED
    searched(desk, number, How())
    decided(desk, f"{number}-1", "disclosure", How())
    carry_out([f"{number}-1"], scope=desk.officer, at=desk.at, open_store=open_store, folder=desk.files)
    answer_request(number, scope=desk.officer, at=desk.at, folder=desk.files)


def facts(number: str) -> Any:
    row = SubjectRequest.objects.get(number=number)
    return facts_from(ring().unseal(bytes(row.facts), bound_to=f"request:{number}"))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_person_asks_follows_and_receives_the_answer(stranger: Make, web: Desk, language: str):
    one = stranger(language=language)
    page = one.get("/request/").content.decode()
    for said in ("500", "運転免許証" if language == "ja" else "Driver&#x27;s licence"):
        assert said in page  # said before anything is typed
    one.begin("disclosure")
    assert ("お手続き" if language == "ja" else "Your request") in one.box.mails[-1]["Subject"]

    wrong = one.post("/request/form/", {**FORM, "person_address": "", "person_birth_date": "いつか"})
    assert wrong.status_code == 400
    assert wrong.context["form"].errors.keys() == {"person_address", "person_birth_date", "reply_method"}
    kept = one.get("/request/form/").content.decode()
    assert 'value="高橋 花子"' in kept  # nothing is lost
    filled = {**FORM, "reply_method": "electronic", "disclosure_wish": "注文の履歴"}
    assert one.post("/request/form/", filled)["Location"] == "/request/papers/"
    assert one.show_paper("id_copy:person:drivers_licence")["Location"] == "/request/papers/"
    assert "✓" in one.get("/request/papers/").content.decode()
    look = one.get("/request/submit/").content.decode()
    assert "愛知県名古屋市中村区名駅3-28-12" in look
    number = one.submit()

    request = get_request(number, scope=web.clerk, on=one.at.date())
    assert (request.channel, request.state, request.registered_by) == ("web", RequestState.RECEIVED, "system:web")
    assert {(paper["kind"], paper["paper"]) for paper in request.documents} == {
        ("form", ""),
        ("id_copy", "drivers_licence"),
    }
    assert facts(number).person.emails == ("hanako@example.com",)
    draft = Draft.objects.get(request=number)
    assert (bytes(draft.sealed), bytes(draft.mailbox)) == (b"", b"")
    assert one.mails() == 1
    assert number in one.box.mails[-1]["Subject"]
    assert "500" in one.box.text()

    fresh = stranger(language=language)  # on another device
    status = fresh.enter(one.box.link())
    assert status.status_code == 200
    assert "¥0" in status.content.decode()  # of the fee nothing has come
    answered(web, number)
    officer = signed_in("boss", language)
    assert not Dispatch.objects.exists()
    offer = officer.post(f"/offers/{number}/offer/", {"days": "14"}, follow=True)
    assert offer.status_code == 200
    assert [(row.method, row.state, row.sent_by) for row in Dispatch.objects.all()] == [("electronic", "sent", "boss")]
    assert one.mails() == 1
    link = one.box.link()
    for _ in range(3):
        assert Client().get(link).status_code == 200  # a scanner
    files = one.enter(link)
    page = files.content.decode()
    named = {file.title: file.ref for file in OfferedFile.objects.all()}
    assert {name.rpartition(".")[2] for name in named} == {"pdf", "json", "csv"}
    for name, ref in named.items():
        assert name in page
        got = one.get(f"/request/files/{ref}/")
        assert got["Content-Disposition"].startswith("attachment")
        assert got["Cache-Control"] == "no-store, private"
        assert one.get(f"/request/files/{ref}/").content == got.content  # as often as one likes
        if name.endswith("pdf"):
            assert "高橋" in text_of(got.content)
        if name.endswith("json"):
            assert "hanako@example.com" in json.dumps(json.loads(got.content), ensure_ascii=False)
    (shown,) = list_offers(number, scope=web.clerk, at=one.at)
    assert [file.downloads for file in shown.files] == [2, 2, 2]
    assert TrailEntry.objects.filter(event="answer.downloaded", about=number).count() == 6


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_agent_asks_for_two_things_and_sends_what_is_missing_later(stranger: Make, web: Desk, language: str):
    one = stranger(language=language, mailbox="agent@example.com")
    one.begin("correction", "suspend_use", requester="mandated_agent")
    said = {**FORM, **AGENT, "reply_method": "written", "reply_to": "person"}
    assert one.post("/request/form/", said).context["form"].errors.keys() == {"correction_item_1"}
    said |= {"correction_item_1": "address", "correction_value_1": "名古屋市東区泉9-9-9"}
    assert one.post("/request/form/", said)["Location"] == "/request/papers/"
    one.show_paper("id_copy:agent:drivers_licence")
    one.show_paper("authority:agent:power_of_attorney")
    assert one.show_paper("id_copy:person:drivers_licence").status_code == 400  # not on the agent's list
    number = one.submit()
    assert facts(number).agent.name == "代理 太郎"
    assert facts(number).person.emails == ()  # the mailbox is the agent's
    request = get_request(number, scope=web.clerk, on=one.at.date())
    assert [claim.kind for claim in request.claims] == ["correction", "suspend_use"]
    assert not request.fees
    one.mails()

    check_request(number, identity=False, scope=web.clerk, at=web.at)
    status = one.enter(one.box.link())
    page = status.content.decode()
    assert "印鑑" in page if language == "ja" else "seal" in page
    assert one.at.strftime("2026-12-") in page  # the day to cure it by
    from io import BytesIO

    from tests.portal.web import photograph

    file = BytesIO(photograph())
    file.name = "x.jpg"
    sent = one.post("/request/status/paper/", {"paper": "authority:agent:seal_certificate", "file": file})
    assert sent["Location"] == "/request/status/"
    look_at_uploads(web, number)
    assert check_request(number, identity=True, scope=web.clerk, at=web.at).state is RequestState.VERIFIED
    assert one.post("/request/status/withdraw/")["Location"] == "/request/status/"
    assert get_request(number, scope=web.clerk, on=one.at.date()).state is RequestState.WITHDRAWN
    assert one.mails() == 1
    assert number in one.box.mails[-1]["Subject"]
    assert one.get("/request/status/").status_code == 200
    assert OutgoingMail.objects.exclude(state="sent").count() == 0


def test_what_was_uploaded_is_looked_at_as_what_it_is_and_recorded_once(stranger: Make, web: Desk):
    one = stranger()
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    one.show_paper("id_copy:person:drivers_licence")
    number = one.submit()
    (paper,) = RequestDocument.objects.filter(kind="id_copy")
    (scan,) = Scan.objects.all()
    assert scan.document == paper.ref
    seen = get_scan(scan.ref, scope=web.clerk)
    assert (seen.by_web, seen.can_be_recorded) == (True, False)
    page = signed_in("clerk").get(f"/requests/{number}/papers/").content.decode()
    assert f"/post/scans/{scan.ref}/" in page


def masked(number: str) -> dict[str, str]:
    """Paper → what is known of its black-out."""
    return dict(RequestDocument.objects.filter(request__number=number).values_list("paper", "masked"))


def test_an_upload_counts_as_black_only_after_the_desk_looked_and_holds_the_verification_until_then(
    stranger: Make, web: Desk
):
    one = stranger()
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    one.show_paper("id_copy:person:drivers_licence")
    number = one.submit()
    one.mails()
    record_fee(number, Money(face_value=500), scope=web.clerk, at=web.at)
    assert masked(number) == {"": "not_needed", "drivers_licence": "unchecked"}
    status = one.enter(one.box.link()).content.decode()
    assert "足りないもの" not in status  # of the person nothing is asked
    clerk = signed_in("clerk")
    page = clerk.get(f"/requests/{number}/papers/").content.decode()
    assert "黒塗りの確認待ち" in page
    with pytest.raises(NotAllowedError, match="must be blacked out"):
        check_request(number, identity=True, scope=web.clerk, at=web.at)
    assert check_request(number, identity=False, scope=web.clerk, at=web.at).missing == ()
    (scan,) = Scan.objects.all()
    said = {area: "covered" for area, _, _ in get_scan(scan.ref, scope=web.clerk).asked}
    assert said
    check_scan(scan.ref, said, paper=False, scope=web.clerk, at=web.at, folder=web.files)  # no paper to black out
    assert not get_scan(scan.ref, scope=web.clerk).paper_blacked
    assert masked(number)["drivers_licence"] == "sender"
    assert "黒塗りの確認待ち" not in clerk.get(f"/requests/{number}/papers/").content.decode()
    (entry,) = TrailEntry.objects.filter(event="document.looked_at")
    assert entry.actor == "clerk"
    assert check_request(number, identity=True, scope=web.clerk, at=web.at).state is RequestState.VERIFIED


def test_an_upload_that_nobody_looked_at_before_it_was_destroyed_counts_for_nothing(stranger: Make, web: Desk):
    one = stranger()
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    one.show_paper("id_copy:person:drivers_licence")
    number = one.submit()
    record_fee(number, Money(face_value=500), scope=web.clerk, at=web.at)
    (scan,) = Scan.objects.all()
    destroy_scan(scan.ref, scope=web.clerk, at=web.at, folder=web.files)
    (paper,) = RequestDocument.objects.filter(kind="id_copy")
    dispose_document(paper.ref, "deleted", on=web.at.date(), scope=web.clerk, at=web.at)
    assert [gap.code for gap in check_request(number, identity=True, scope=web.clerk, at=web.at).missing] == [
        "id-person"
    ]


def test_who_verified_the_identity_does_not_decide(stranger: Make, web: Desk):
    one = stranger()
    one.begin("disclosure")
    one.post("/request/form/", {**FORM, "reply_method": "electronic"})
    one.show_paper("id_copy:person:drivers_licence")
    number = one.submit()
    record_fee(number, Money(face_value=500), scope=web.clerk, at=web.at)
    look_at_uploads(web, number)
    check_request(number, identity=True, scope=web.clerk, at=web.at)
    searched(web, number, How())
    with pytest.raises(NotAllowedError, match="verified one that came by web"):
        decide_claim(f"{number}-1", ClaimState.APPROVED, scope=web.clerk, at=web.at)
    assert "本人確認はあなたが行いました" in signed_in("clerk").get(f"/requests/{number}/decide/").content.decode()
    assert decide_claim(f"{number}-1", ClaimState.APPROVED, scope=web.officer, at=web.at)

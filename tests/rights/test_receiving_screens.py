"""受付から本人確認まで on the screen, in both languages: what a person at the desk sees, clicks and reads."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from daicho.law.kinds import KINDS, RequestKind
from daicho.people.actions import create_account
from daicho.people.models import AccountOrganisation
from daicho.people.rules import Role
from daicho.rights.actions.dispatching import check_envelope, enclose, send
from daicho.rights.actions.noticing import notify
from daicho.rights.actions.receiving import open_request
from daicho.rights.actions.recording import Money, record_fee
from daicho.rights.actions.tending import index_requests
from daicho.rights.dispatch_rules import DispatchMethod
from daicho.rights.inbox import DayKind, list_my_due
from daicho.rights.models import RequestKey, SubjectRequest
from daicho.rights.rules import ClaimState, RequestState
from daicho.trail.models import TrailEntry
from tests.rights.desk import HANAKO, ICHIRO, ORGANISATION, Desk
from tests.rights.screens import at, body, signed_in

HANAKO_NAME = "高橋 花子"


@pytest.fixture
def screen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    at(monkeypatch, desk.at)
    return desk


def form(**more: Any) -> dict[str, Any]:
    return {
        "addressed": [ORGANISATION],
        "channel": "post",
        "arrived_on": "2026-11-20",
        "language_of_reply": "ja",
        "requester": "principal",
        "name": HANAKO_NAME,
        "kana": "タカハシ ハナコ",
        "birth_date": "昭和55年1月5日",
        "postal_code": "450-0002",
        "address": "愛知県名古屋市中村区名駅3-28-12",
        "phones": "090-1111-2222",
        "emails": "hanako@example.com",
        "reply_to": "person",
        "method": "written",
        "disclosure": "on",
        "disclosure_wish": "登録されている全て",
        **more,
    }


def opened(desk: Desk, person: dict[str, Any] | None = None, **more: Any) -> str:
    claims = more.pop("claims", [{"kind": "disclosure"}])
    return open_request(desk.intake(*claims, person=person, **more), scope=desk.clerk, at=desk.at)


def events() -> list[str]:
    return list(TrailEntry.objects.order_by("seq").values_list("event", flat=True))


# ── the whole way ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", ("受け付けました", "届いた書類を記録する", "補正を待つ", "本人確認済", "受付のお知らせ", "経過")),
        (
            "en",
            ("is registered", "Record the papers", "Wait for the person", "identity verified", "Acknowledg", "Record"),
        ),
    ],
)
def test_a_form_by_post_goes_from_the_envelope_to_the_verified_identity(screen, language, said):
    clerk = signed_in("clerk", language=language)
    assert clerk.get("/requests/new/").status_code == 200
    page = clerk.post("/requests/new/", form(post_room="総務課", contents="3"), follow=True)
    number = "R-2026-0001"
    case = f"/requests/{number}/"
    assert page.redirect_chain[-1][0] == f"{case}papers/"
    assert said[0] in body(page)
    overview = body(clerk.get(case))
    assert said[1] in overview
    assert HANAKO_NAME in overview
    assert "登録されている全て" in overview

    record(clerk, case, "form:person:")
    record(clerk, case, "id_copy:person:drivers_licence", masked="sender", place="A-3")
    clerk.post(f"{case}fee/record/", {"money-face_value": "300", "money-instrument": "postal_money_order"})
    clerk.post(f"{case}check/", {"check": "1"})
    assert SubjectRequest.objects.get().state == RequestState.AWAITING_FEE
    assert preview(clerk, case, "missing").content.startswith(b"%PDF")
    assert "letter.issued" not in events()
    clerk.post(f"{case}notice/", {"notice-notice": "missing"})
    assert "letter.issued" in events()
    overview = body(clerk.get(case))
    assert said[2] not in overview  # the letter still lies here
    assert "封入する" in overview or "envelopes" in overview
    (asked,) = SubjectRequest.objects.get().letters.all()
    posted(screen, asked)
    assert said[2] in body(clerk.get(case))

    clerk.post(f"{case}fee/record/", {"money-face_value": "200", "money-instrument": "postal_money_order"})
    ticks = {f"identity-{code}": "on" for code in ("name", "address", "valid", "masked")}
    refused = clerk.post(f"{case}check/", {"identity": "1", **ticks, "identity-masked": ""})
    assert refused.status_code == 422
    done = clerk.post(f"{case}check/", {"identity": "1", **ticks}, follow=True)
    assert said[3] in body(done)
    found = SubjectRequest.objects.get()
    assert (found.state, found.verified_by) == (RequestState.VERIFIED, "clerk")
    clerk.post(f"{case}notice/", {"notice-notice": "receipt"})
    timeline = body(clerk.get(f"{case}record/"))
    assert said[4] in timeline
    assert said[5] in timeline
    letter = found.letters.order_by("pk")[0].number
    copy = clerk.post(f"{case}letters/{letter}/", {"save": "1"})
    assert copy.content.startswith(b"%PDF")
    assert copy["Content-Disposition"].startswith("attachment")
    assert events()[-1] == "letter.looked_at"


def posted(desk: Desk, letter: Any) -> None:
    """The letter is put into its envelope by one person, checked by another, and sent."""
    ref = enclose(letter.request.number, letter.number, DispatchMethod.SIMPLE_REGISTERED, scope=desk.clerk, at=desk.at)
    check_envelope(ref, pages=letter.pages, agrees=True, scope=desk.officer, at=desk.at)
    send(ref, sent_on=desk.at.date(), tracking="1234-5678-9012", scope=desk.officer, at=desk.at)


def record(client, case: str, paper: str, **more: str) -> None:
    given = {"masked": "not_needed"} | more
    answer = client.post(
        f"{case}papers/record/",
        {"document-paper": paper, **{f"document-{name}": value for name, value in given.items()}},
    )
    assert answer.status_code == 302, re.findall(r'class="error"[^>]*>([^<]*)', body(answer))


def preview(client, case: str, notice: str) -> Any:
    return client.post(f"{case}notice/", {"notice-notice": notice, "preview": "1"})


def test_an_agents_papers_are_compared_side_by_side_and_every_tick_is_needed(screen):
    clerk = signed_in("clerk")
    agent = {"requester": "mandated_agent", "agent_name": "代理 人", "agent_address": "名古屋市東区1-1"}
    clerk.post("/requests/new/", form(**agent, agent_postal_code="461-0001"))
    case = "/requests/R-2026-0001/"
    for paper in (
        "form:person:",
        "id_copy:agent:drivers_licence",
        "authority:agent:power_of_attorney",
        "authority:agent:seal_certificate",
    ):
        record(clerk, case, paper)
    clerk.post(f"{case}fee/record/", {"money-face_value": "500", "money-instrument": "postal_money_order"})
    page = body(clerk.get(f"{case}papers/"))
    assert "印影" in page
    ticks = dict.fromkeys(re.findall(r'name="(identity-[a-z]+)"', page), "on")
    assert {"identity-seal", "identity-mandator", "identity-mandate", "identity-receiving"} <= ticks.keys()
    without_seal = {name: value for name, value in ticks.items() if name != "identity-seal"}
    assert clerk.post(f"{case}check/", {"identity": "1", **without_seal}).status_code == 422
    clerk.post(f"{case}check/", {"identity": "1", **ticks})
    assert SubjectRequest.objects.get().state == RequestState.VERIFIED
    checked = TrailEntry.objects.filter(event="request.checked").order_by("-seq")[0]
    assert '"seal"' in checked.facts


# ── the form ─────────────────────────────────────────────────────────────────────────────────


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(screen):
    clerk = signed_in("clerk")
    wrong = form(birth_date="きのう", correction="on", correction_wish="住所が違う")
    answer = clerk.post("/requests/new/", wrong)
    assert answer.status_code == 422
    page = body(answer)
    assert "日付ではありません" in page.split('id="id_birth_date"')[1].split("</div>")[0]
    assert "訂正・追加する内容がありません" in page.split('id="id_correction"')[1].split("</div>")[0]
    for kept in ("きのう", "住所が違う", HANAKO_NAME, "hanako@example.com"):
        assert kept in page
    assert not SubjectRequest.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"disclosure": ""}, "件以上必要"),
        ({"requester": "mandated_agent"}, "がありません"),
        ({"arrived_on": "2026-12-24"}, "到着日が未来です"),
        ({"requester": "minor_agent", "agent_name": "親", "agent_address": "名古屋市"}, "18歳未満"),
        ({"method": "electronic"}, "選択"),
        ({"addressed": ["copro-career"]}, "選択"),
    ],
)
def test_bad_input_is_refused_in_words(screen, changed, said):
    answer = signed_in("clerk").post("/requests/new/", form(**changed))
    assert answer.status_code == 422
    assert said in body(answer)
    assert HANAKO_NAME in body(answer)
    assert not SubjectRequest.objects.exists()


def test_a_second_form_of_the_same_person_is_asked_about_first(screen):
    clerk = signed_in("clerk")
    opened(screen)
    answer = clerk.post("/requests/new/", form())
    assert answer.status_code == 409
    assert "R-2026-0001" in body(answer)
    assert SubjectRequest.objects.count() == 1
    assert clerk.post("/requests/new/", form(again="on")).status_code == 302
    assert SubjectRequest.objects.count() == 2


def test_a_request_comes_from_a_file_too_and_its_errors_name_their_lines(screen, tmp_path):
    clerk = signed_in("clerk", language="en")
    good = tmp_path / "intake.yaml"
    good.write_text(
        "addressed: [copro-holdings]\nperson: {name: 佐藤一郎, address: 名古屋市中区栄1-1-1}\nclaims: [{kind: disclosure}]\n",
        encoding="utf-8",
    )
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        "addressed: [copro-holdings]\nperson: {name: 佐藤一郎}\nclaims: [{kind: disclosure}]\n", encoding="utf-8"
    )
    with bad.open("rb") as file:
        answer = clerk.post("/requests/new/", {"from": "file", "document": file})
    assert answer.status_code == 422
    assert "person.address is missing" in body(answer)
    assert "2:" in body(answer)
    with good.open("rb") as file:
        assert clerk.post("/requests/new/", {"from": "file", "document": file}).status_code == 302
    assert SubjectRequest.objects.count() == 1


# ── finding ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "asked",
    [
        "髙橋花子",
        "高橋　花子",
        "たかはしはなこ",
        "ﾀｶﾊｼ ﾊﾅｺ",
        "０９０ー１１１１ー２２２２",
        "HANAKO@example.com",
        "1",
        "r-2026-0001",
    ],
)
def test_a_request_is_found_in_every_spelling(screen, asked):
    number, other = opened(screen), opened(screen, person=ICHIRO)
    answer = signed_in("clerk").post("/requests/find/", {"q": asked}, follow=True)
    assert number in body(answer)
    assert other not in body(answer)
    address = answer.redirect_chain[-1][0]
    assert "%" not in address.replace("%2F", "")
    assert "hanako" not in address.lower()


def test_what_was_searched_for_is_kept_nowhere(screen):
    opened(screen)
    clerk = signed_in("clerk")
    clerk.post("/requests/find/", {"q": HANAKO_NAME})
    assert clerk.session["rights.sought"]
    assert HANAKO_NAME not in str(dict(clerk.session.items()))


def test_requests_from_before_are_indexed_afterwards(screen):
    number = opened(screen)
    RequestKey.objects.all().delete()
    assert index_requests(scope=screen.clerk, at=screen.at) == 1
    assert index_requests(scope=screen.clerk, at=screen.at) == 0
    answer = signed_in("clerk").post("/requests/find/", {"q": HANAKO["name"]}, follow=True)
    assert number in body(answer)


# ── the inbox ────────────────────────────────────────────────────────────────────────────────


def test_the_inbox_filters_sorts_and_counts(screen):
    disclosure = opened(screen)
    erase = opened(
        screen, person=ICHIRO, claims=[{"kind": "erase", "basis": "no_longer_needed"}], arrived_on="2026-11-02"
    )
    clerk = signed_in("clerk")
    page = body(clerk.get("/requests/"))
    assert page.index(erase) < page.index(disclosure)  # what is due first stands first
    assert '<span class="count">2</span>' in page
    assert "8 日超過" in page
    for query, wanted, unwanted in (
        ("kind=erase", erase, disclosure),
        ("overdue=1", erase, disclosure),
        (f"q={disclosure}", disclosure, erase),
        ("year=2025", "", disclosure),
        ("tab=ended", "", erase),
    ):
        found = body(clerk.get(f"/requests/?{query}"))
        assert wanted in found, query
        assert f'value="{unwanted}" aria-label' not in found, query
    down = body(clerk.get("/requests/?sort=target&dir=down"))
    assert down.index(disclosure) < down.index(erase)
    assert 'aria-sort="descending"' in down


@pytest.mark.parametrize("query", ["tab=x", "kind=x", "year=abc", "page=-1", "page=99999", "sort=x", "found=1"])
def test_an_address_that_makes_no_sense_is_passed_over(screen, query):
    opened(screen)
    assert signed_in("clerk").get(f"/requests/?{query}").status_code == 200


def test_the_inbox_takes_the_same_statements_for_many_as_for_few(screen, django_assert_max_num_queries):
    clerk = signed_in("clerk")
    for number in range(12):
        opened(screen, person={"name": f"人{number}", "address": f"名古屋市{number}"})
    clerk.get("/requests/")
    with django_assert_max_num_queries(16):
        clerk.get("/requests/")


def test_the_list_leaves_as_a_file_and_that_is_written_down(screen):
    number = opened(screen)
    answer = signed_in("clerk").get("/requests/?as=csv")
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("受付番号,")
    assert number in text
    assert HANAKO_NAME not in text
    assert events()[-1] == "requests.listed"


def test_ticked_rows_are_acted_on_one_by_one_and_refusals_are_told(screen):
    first, second = opened(screen), opened(screen, person=ICHIRO)
    clerk = signed_in("clerk")
    clerk.post(f"/requests/{second}/withdraw/")
    page = body(clerk.post("/requests/bulk/", {"act": "receipt", "number": [first, second], "back": "//evil.example/"}))
    assert "できたもの 1 件" in page
    assert "できなかったもの 1 件" in page
    assert "この請求は終わっています" in page
    assert "evil.example" not in page
    assert events().count("letter.issued") == 1
    assert clerk.post("/requests/bulk/", {"act": "receipt"}).status_code == 302


def test_work_is_assigned_to_somebody_of_the_desk_only(screen):
    number = opened(screen)
    clerk = signed_in("clerk")
    clerk.post(f"/requests/{number}/assign/", {"assign-account": "boss"})
    assert SubjectRequest.objects.get().assigned_to == "boss"
    assert f'value="{number}"' not in body(clerk.get("/requests/?mine=1"))
    clerk.post(f"/requests/{number}/assign/", {"assign-account": "engineer"})
    assert SubjectRequest.objects.get().assigned_to == "boss"


# ── what is shown to whom ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("account", ["engineer", "carol"])
def test_engineers_and_auditors_see_the_case_and_no_people(screen, account):
    number = opened(screen)
    looker = signed_in(account)
    for page in ("", "papers/", "record/"):
        answer = looker.get(f"/requests/{number}/{page}")
        assert answer.status_code == 200, page
        assert HANAKO_NAME not in body(answer)
        assert "名駅" not in body(answer)
        assert '<form method="post"' not in body(answer).split("<main")[1]


@pytest.mark.parametrize("account", ["engineer", "carol"])
def test_nobody_else_changes_anything(screen, account):
    number = opened(screen)
    looker = signed_in(account)
    before = events()
    assert looker.get("/requests/new/").status_code == 403
    for page in ("withdraw/", "assign/", "merge/", "address/", "check/", "notice/", "papers/record/", "fee/record/"):
        assert looker.post(f"/requests/{number}/{page}").status_code == 403, page
    for page in ("find/", "bulk/", "new/"):
        assert looker.post(f"/requests/{page}", {"q": HANAKO_NAME}).status_code == 403, page
    assert looker.post(f"/requests/{number}/papers/").status_code in {403, 405}
    assert events() == before


def test_a_foreign_organisation_has_no_such_request(screen):
    number = opened(screen)
    notify(number, "receipt", scope=screen.clerk, at=screen.at, folder=screen.files)
    create_account(
        "stranger",
        display_name="s",
        organisation=ORGANISATION,
        roles=[Role.OFFICER],
        scope=screen.officer,
        at=screen.at,
    )
    AccountOrganisation.objects.filter(account__code="stranger").update(organisation="copro-career")
    stranger = signed_in("stranger")
    before = events()
    assert number not in body(stranger.get("/requests/?tab=all"))
    for page in ("", "papers/", "record/"):
        assert stranger.get(f"/requests/{number}/{page}").status_code == 404, page
    for page in (
        "address/",
        f"letters/{SubjectRequest.objects.get().letters.get().number}/",
        "check/",
        "papers/record/",
    ):
        assert stranger.post(f"/requests/{number}/{page}").status_code == 404, page
    stranger.post(f"/requests/{number}/withdraw/")
    assert SubjectRequest.objects.get().state == RequestState.RECEIVED
    assert events() == before


def test_an_address_under_a_support_measure_is_shown_on_asking_and_the_look_is_written_down(screen):
    moved = {"kind": "correction", "values": {"address": "名古屋市東区9-9"}}
    number = opened(screen, support_measure=True, claims=[moved])
    clerk = signed_in("clerk")
    page = body(clerk.get(f"/requests/{number}/"))
    assert HANAKO["address"] not in page
    assert "東区9-9" not in page
    assert HANAKO["address"] not in body(clerk.get(f"/requests/{number}/papers/"))
    assert "090" not in page
    assert "request.opened_up" not in events()
    assert HANAKO["address"] in body(clerk.post(f"/requests/{number}/address/"))
    assert events()[-1] == "request.opened_up"
    assert HANAKO["address"] not in body(clerk.get(f"/requests/{number}/"))
    before = len(events())
    assert preview(clerk, f"/requests/{number}/", "receipt").content.startswith(b"%PDF")
    assert events()[before:] == ["request.opened_up"]


# ── ends ─────────────────────────────────────────────────────────────────────────────────────


def test_the_same_form_twice_is_merged(screen):
    first, second = opened(screen), opened(screen)
    other = opened(screen, person=ICHIRO)
    clerk = signed_in("clerk")
    assert first in body(clerk.get(f"/requests/{second}/")).split('id="same"')[1]
    clerk.post(f"/requests/{second}/merge/", {"into": other})
    assert SubjectRequest.objects.get(number=second).state == RequestState.RECEIVED
    clerk.post(f"/requests/{second}/merge/", {"into": first})
    merged = SubjectRequest.objects.get(number=second)
    assert (merged.state, merged.duplicate_of) == (RequestState.DUPLICATE, first)
    assert merged.claims.get().state == ClaimState.MERGED
    assert events()[-1] == "request.merged"
    assert first in body(clerk.get(f"/requests/{second}/"))
    answer = clerk.post(f"/requests/{first}/merge/", {"into": second}, follow=True)
    assert "終わっています" in body(answer)


def test_a_claim_that_the_other_request_lacks_or_money_in_hand_keeps_it_from_being_merged(screen):
    first = opened(screen)
    wider = opened(screen, claims=[{"kind": "disclosure"}, {"kind": "purpose_notice"}])
    paid = opened(screen)
    record_fee(paid, Money(face_value=500), scope=screen.clerk, at=screen.at)
    clerk = signed_in("clerk")
    assert "失われます" in body(clerk.post(f"/requests/{wider}/merge/", {"into": first}, follow=True))
    assert "手数料があります" in body(clerk.post(f"/requests/{paid}/merge/", {"into": first}, follow=True))
    assert set(SubjectRequest.objects.values_list("state", flat=True)) == {"received"}


def test_a_claim_is_reclassified_and_a_request_withdrawn(screen):
    number = opened(screen, claims=[{"kind": "deletion"}])
    clerk = signed_in("clerk")
    clerk.post(f"/requests/{number}/reclassify/", {"claim": f"{number}-1", "kind": "erase"})
    assert SubjectRequest.objects.get().claims.get().kind == "erase"
    clerk.post(f"/requests/{number}/reclassify/", {"claim": "R-2026-0009-1", "kind": "erase"})
    clerk.post(f"/requests/{number}/withdraw/")
    assert SubjectRequest.objects.get().state == RequestState.WITHDRAWN


# ── money and paper ──────────────────────────────────────────────────────────────────────────


def test_money_orders_are_followed_to_their_end(screen, monkeypatch):
    number = opened(screen)
    issued = (screen.at - timedelta(days=170)).date()
    ref = record_fee(
        number, Money(face_value=500, number="00123-4", issued_on=issued), scope=screen.clerk, at=screen.at
    )
    clerk = signed_in("clerk")
    for query, is_there in (
        ("tab=expiring", True),
        ("tab=cashed", False),
        ("q=00123", True),
        ("q=999", False),
        ("year=2025", False),
    ):
        assert (ref in body(clerk.get(f"/requests/money/?{query}"))) is is_there, query
    assert "00123-4" in clerk.get("/requests/money/?as=csv").content.decode("utf-8-sig")
    assert events()[-1] == "money.listed"
    clerk.post(f"/requests/{number}/fee/{ref}/settle/", {"end": "cashed", "back": "money"})
    assert ref in body(clerk.get("/requests/money/?tab=cashed"))
    again = clerk.post(f"/requests/{number}/fee/{ref}/settle/", {"end": "returned"}, follow=True)
    assert "手元の手数料" in body(again)


def test_a_cell_that_a_spreadsheet_would_run_is_quoted(screen):
    number = opened(screen)
    record_fee(number, Money(face_value=500, number="=1+1"), scope=screen.clerk, at=screen.at)
    assert ",'=1+1," in signed_in("clerk").get("/requests/money/?as=csv").content.decode("utf-8-sig")


def test_a_paper_past_its_day_is_called_for_and_its_end_recorded(screen, monkeypatch):
    number = opened(screen)
    clerk = signed_in("clerk")
    case = f"/requests/{number}/"
    record(clerk, case, "id_copy:person:drivers_licence")
    clerk.post(f"{case}withdraw/")
    at(monkeypatch, screen.at + timedelta(days=40))
    assert "写しを廃棄する" in body(clerk.get(case))
    ref = SubjectRequest.objects.get().documents.get().ref
    assert (
        clerk.post(f"{case}papers/{ref}/dispose/", {"dispose-how": "x", "dispose-on": "2026-12-01"}).status_code == 422
    )
    clerk.post(f"{case}papers/{ref}/dispose/", {"dispose-how": "shredded", "dispose-on": "2026-12-01"})
    assert "写しを廃棄する" not in body(clerk.get(case))


def test_a_delay_notice_needs_its_reason_and_its_day(screen):
    number = opened(screen)
    clerk = signed_in("clerk")
    bare = clerk.post(f"/requests/{number}/notice/", {"notice-notice": "delay"})
    assert bare.status_code == 422
    late = {
        "notice-notice": "delay",
        "notice-reason": "倉庫の検索に時間を要するため",
        "notice-expected_on": "2026-11-01",
    }
    assert "倉庫の検索" in body(clerk.post(f"/requests/{number}/notice/", late | {"preview": "1"}))
    good = late | {"notice-expected_on": "2026-12-20"}
    assert clerk.post(f"/requests/{number}/notice/", good | {"preview": "1"})["Content-Type"] == "application/pdf"
    clerk.post(f"/requests/{number}/notice/", good)
    assert SubjectRequest.objects.get().letters.get().kind == "delay"


def test_the_promised_day_runs_as_a_clock_and_is_told_again_before_it_passes(screen, monkeypatch):
    number = opened(screen)
    clerk = signed_in("clerk")
    case = f"/requests/{number}/"
    assert "遅延を知らせる" not in body(clerk.get(case))
    target = SubjectRequest.objects.get().target_on
    at(monkeypatch, screen.at + timedelta(days=(target - screen.at.date()).days + 1))
    assert "遅延を知らせる" in body(clerk.get(case))
    assert re.search(r'value="delay"[^>]* checked', body(clerk.get(f"{case}papers/")))
    promised = target + timedelta(days=30)
    given = {"notice-notice": "delay", "notice-reason": "倉庫の検索のため", "notice-expected_on": promised.isoformat()}
    clerk.post(f"{case}notice/", given | {"preview": "1"})
    assert SubjectRequest.objects.get().promised_on is None
    clerk.post(f"{case}notice/", given)
    assert SubjectRequest.objects.get().promised_on == promised
    page = body(clerk.get(case))
    assert "遅延通知で約束した日" in page
    assert "遅延を知らせる" not in page
    assert "約束した日" in body(clerk.get("/requests/"))
    SubjectRequest.objects.update(assigned_to="clerk")
    (row,) = list_my_due(scope=screen.clerk, on=promised, within=0, limit=5).rows
    assert row.days[DayKind.PROMISED] == promised
    at(monkeypatch, screen.at + timedelta(days=(promised - screen.at.date()).days))
    assert "遅延を知らせる" in body(clerk.get(case))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_blank_form_is_handed_out_and_not_for_a_foreign_company(screen, language):
    clerk = signed_in("clerk", language=language)
    answer = clerk.get("/requests/form/")
    assert answer.content.startswith(b"%PDF")
    assert language in answer["Content-Disposition"]
    assert clerk.get("/requests/form/?organisation=copro-career").status_code == 404


@pytest.mark.parametrize(("language", "said"), [("ja", "住所"), ("en", "address")])
def test_the_case_says_what_is_right_and_on_which_basis_in_words(screen, language, said):
    correction = {"kind": "correction", "values": {"address": "名古屋市東区9-9"}}
    number = opened(screen, claims=[correction, {"kind": "erase", "basis": "no_longer_needed"}])
    page = body(signed_in("clerk", language=language).get(f"/requests/{number}/"))
    assert f"<dt>{said}</dt><dd>→ 名古屋市東区9-9" in page
    basis = next(one.words for one in KINDS[RequestKind.ERASE].bases if one.code == "no_longer_needed")
    assert html.escape(basis.say(language)) in page


def test_copies_due_are_listed_over_all_requests_and_their_end_is_recorded(screen, monkeypatch):
    first, second = opened(screen), opened(screen, person=ICHIRO)
    clerk = signed_in("clerk")
    for number in (first, second):
        record(clerk, f"/requests/{number}/", "id_copy:person:drivers_licence", place="A-3")
    assert first not in body(clerk.get("/requests/disposal/"))
    at(monkeypatch, screen.at + timedelta(days=25))
    page = body(clerk.get("/requests/disposal/"))
    assert first in page
    refs = re.findall(r'name="ref" value="([^"]+)"', page)
    assert len(refs) == 2
    assert signed_in("carol").get("/requests/disposal/").status_code == 200
    assert signed_in("carol").post("/requests/disposal/ended/", {"ref": refs, "how": "shredded"}).status_code == 403
    clerk.post("/requests/disposal/ended/", {"ref": refs, "how": "eaten"})
    assert "document.disposed" not in events()
    clerk.post("/requests/disposal/ended/", {"ref": [refs[0], "D-nothing"], "how": "shredded"})
    assert events().count("document.disposed") == 1
    left = body(clerk.get("/requests/disposal/"))
    assert refs[0] not in left
    assert refs[1] in left

"""From verified to closed on the screen: search, candidates, cells, decision, carrying out, answer, envelope."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pypdfium2 import PdfDocument

from daicho.people.actions import create_account
from daicho.people.models import AccountOrganisation
from daicho.people.rules import Role
from daicho.rights.models import Claim, Dispatch, SubjectRequest, Work
from daicho.rights.sights import Alike, compare_kind
from daicho.rights.views import background
from daicho.stores.port import StoreUnreachableError
from daicho.words.text import Text
from tests.rights.desk import AT, ICHIRO, ORGANISATION, Desk
from tests.rights.pages import Screen
from tests.rights.screens import at, signed_in


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long work is done where it is begun; the clock is the desk's."""
    monkeypatch.setattr(background, "launch", lambda work: work())
    at(monkeypatch, AT + timedelta(minutes=1))


def search(screen: Screen, number: str, **more: str) -> str:
    return screen.do(f"/requests/{number}/search/start/", more)


def test_a_disclosure_goes_from_verified_to_closed_by_two_people(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    number = desk.verified({"kind": "disclosure"})
    clerk, boss = Screen("clerk"), Screen("boss")
    assert "まだ検索していません" in clerk.see(f"/requests/{number}/search/")
    found = search(clerk, number)
    assert "通販システム" in found
    assert "注文" in found
    decide = f"/requests/claims/{number}-1/decide/"

    refused = clerk.do(decide, {"decision": "approved"})
    assert "受け付けた人と別の人が決定します" in refused
    assert "Boss" in clerk.see(f"/requests/{number}/decide/")
    assert Claim.objects.get().state == "assessing"

    cells = boss.see(f"/requests/claims/{number}-1/cells/")
    (mark,) = set(re.findall(r'name="cell-([0-9a-f]{16}\.note)"', cells))
    assert "夫の太郎様から電話" in cells
    boss.do(f"/requests/claims/{number}-1/cells/", {f"cell-{mark}": "harms_rights"})
    assert "一部応諾" in boss.do(decide, {"decision": "approved"})
    carried = clerk.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    assert "開示" in carried
    assert Claim.objects.get().state == "reading_back"

    clerk.do(
        f"/requests/claims/{number}-1/covering/", {"covering": "お待たせいたしました。\n\nご不明の点はお電話ください。"}
    )
    assert "お待たせ".encode() not in bytes(Claim.objects.get().covering)
    preview = clerk.file(f"/requests/claims/{number}-1/preview/")
    assert preview.startswith(b"%PDF")
    assert SubjectRequest.objects.get().state == "verified"
    issued = clerk.do(f"/requests/{number}/answer/issue/")
    assert "1 通を発行しました" in issued
    assert SubjectRequest.objects.get().state == "closed"
    assert bytes(Claim.objects.get().covering) == b""

    letter = SubjectRequest.objects.get().letters.exclude(kind="pack").get()
    assert clerk.sent(f"/requests/{number}/answer/pack/{letter.number}/").startswith(b"%PDF")
    printed = PdfDocument(clerk.sent(f"/requests/{number}/letters/{letter.number}/"))
    first = printed[0].get_textpage().get_text_range()
    assert "お待たせいたしました" in first
    assert "ご不明の点はお電話ください" in first
    assert first.index("お待たせ") < first.index("敬具")
    table = clerk.sent(f"/requests/claims/{number}-1/data/csv/").decode("utf-8-sig")
    assert "髙橋" in table
    assert "夫の太郎様" not in table

    at(monkeypatch, AT + timedelta(minutes=2))
    clerk.do(f"/requests/{number}/answer/enclose/{letter.number}/", {"method": "simple_registered"})
    envelope = Dispatch.objects.get()
    ticked = {"agrees": "yes", "addressee": "on", "address": "on", "enclosures": "on", "pages": str(letter.pages)}
    assert "封入した人は照合できません" in clerk.see(f"/requests/{number}/answer/")
    assert "封入した人と別の人が照合します" in clerk.do(f"/requests/dispatches/{envelope.ref}/check/", ticked)
    page = boss.see(f"/requests/{number}/answer/")
    assert "高橋 花子" in page
    assert "書面と一致" in page
    wrong = ticked | {"pages": str(letter.pages + 1)}
    assert "枚数が書面の枚数と違います" in boss.do(f"/requests/dispatches/{envelope.ref}/check/", wrong)
    unticked = {"agrees": "yes", "pages": str(letter.pages)}
    assert "照合していない点" in boss.do(f"/requests/dispatches/{envelope.ref}/check/", unticked)
    assert "照合済・発送待ち" in boss.do(f"/requests/dispatches/{envelope.ref}/check/", ticked)
    assert "引受番号が合いません" in clerk.do(f"/requests/dispatches/{envelope.ref}/send/", {"sent_on": "2026-11-24"})
    clerk.do(f"/requests/dispatches/{envelope.ref}/send/", {"sent_on": "2026-11-24", "tracking": "123-45-67890-1"})
    back = clerk.do(f"/requests/dispatches/{envelope.ref}/end/", {"state": "returned", "why": "address_unknown"})
    assert "宛所不明" in back
    again = clerk.do(f"/requests/{number}/answer/enclose/{letter.number}/", {"method": "recipient_only"})
    assert "再発送" in again
    assert list(Dispatch.objects.order_by("pk").values_list("state", flat=True)) == ["sent_again", "enclosed"]
    assert letter.number not in boss.see("/requests/dispatches/?part=enclose")
    second = Dispatch.objects.get(state="enclosed")
    boss.do(f"/requests/dispatches/{second.ref}/check/", {"agrees": "no", "pages": str(letter.pages)})
    assert letter.number in boss.see("/requests/dispatches/?part=enclose"), (
        "a rejected envelope's letter waits for another"
    )

    told = clerk.see(f"/requests/{number}/record/")
    assert "を決定(一部応諾)" in told
    assert "を受付(郵送" in told
    assert "を封入(本人限定受取)" in told
    assert "を照合(相違あり)" in told
    english = Screen("clerk", language="en").see(f"/requests/{number}/record/")
    assert "decided (partly approved)" in english
    assert "checked (differs)" in english


def test_an_erasure_is_planned_before_it_is_approved_and_read_back_after(desk: Desk):
    number = desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0)
    clerk, boss = Screen("clerk"), Screen("boss")
    search(clerk, number)
    plan = boss.see(f"/requests/claims/{number}-1/plan/")
    assert "削除" in plan
    assert "法令により保存" in plan
    assert len(desk.rows("SELECT * FROM customers WHERE id=1")) == 1
    boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})
    done = boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    assert desk.rows("SELECT * FROM customers WHERE id=1") == []
    assert len(desk.rows("SELECT * FROM invoices WHERE customer_id=1 AND issued_on > '2020'")) == 1
    assert "✓" in done
    assert "1 通を発行しました" in boss.do(f"/requests/{number}/answer/issue/")
    assert SubjectRequest.objects.get().state == "closed"


def test_a_correction_is_carried_out_and_shown_read_back(desk: Desk):
    number = desk.verified({"kind": "correction", "values": {"address": "名古屋市東区泉9-9-9"}}, fee=0)
    boss = Screen("boss")
    search(boss, number)
    assert "名古屋市東区泉9-9-9" in boss.see(f"/requests/{number}/decide/")
    boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})
    boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    assert desk.rows("SELECT address FROM customers WHERE id=1") == [("名古屋市東区泉9-9-9",)]
    boss.do(f"/requests/{number}/answer/issue/")
    assert SubjectRequest.objects.get().state == "closed"


def test_a_refusal_needs_a_ground_of_the_law(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    boss = Screen("boss")
    search(boss, number)
    assert "33条2項" in boss.see(f"/requests/{number}/decide/").replace("第", "")
    assert "理由として使えません" in boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "refused"})
    assert "決定が選ばれていません" in boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "answered"})
    chosen = {"decision": "refused", "ground": "harms_rights", "reason": "ほかの方の権利を害するおそれがあります。"}
    assert "不応諾" in boss.do(f"/requests/claims/{number}-1/decide/", chosen)
    assert "権利を害する".encode() not in bytes(Claim.objects.get().reason)
    boss.do(f"/requests/{number}/answer/issue/")
    assert SubjectRequest.objects.get().letters.exclude(kind="pack").get().kind == "refusal"


def test_an_ambiguous_person_is_compared_side_by_side(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    number = desk.verified({"kind": "disclosure"}, person=ICHIRO)
    boss = Screen("boss")
    page = search(boss, number)
    assert "佐藤良子" in page.replace(" ", "")
    lines = [re.findall(r"<dt>(.*?)</dt>", one) for one in re.findall(r"<dl>(.*?)</dl>", page, re.DOTALL)]
    assert len(lines) > 1, "the person, and beside them who was found"
    assert all(one == lines[0] for one in lines), "the same lines for all, so that they stand side by side"
    assert {"≠ 不一致", "＝ 一致"} <= set(re.findall(r"<span[^>]*>([≠＝] .*?)</span>", page))
    assert "判断待ちの候補" in boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})
    marks = re.findall(r'name="mark" value="([^"]+)"', page)
    at(monkeypatch, AT + timedelta(minutes=2))
    for mark in marks:
        boss.do(f"/requests/{number}/search/candidate/", {"mark": mark, "same": "no"})
    assert "検索し直していません" in boss.see(f"/requests/{number}/search/")
    at(monkeypatch, AT + timedelta(minutes=3))
    search(boss, number)
    assert "応諾" in boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})


def test_a_store_that_goes_away_is_named_and_the_work_goes_on_afterwards(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    number = desk.verified({"kind": "erase", "basis": "no_longer_needed"}, fee=0)
    boss = Screen("boss")
    search(boss, number)
    boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "approved"})

    from daicho.stores.adapters.sqlite import store as adapter

    def gone(*_: object, **__: object) -> None:
        raise StoreUnreachableError(
            Text("保管先 shop に接続できません。", "The store shop cannot be reached."),
            advice=Text("動いているか確かめてください。", "See whether it runs."),
        )

    opened = [value for value in vars(adapter).values() if isinstance(value, type) and hasattr(value, "change")]
    assert opened
    with monkeypatch.context() as cut:
        for one in opened:
            cut.setattr(one, "change", gone)
        stopped = boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    assert "保管先 shop に接続できません" in stopped
    assert "続きから実施する" in stopped
    assert Claim.objects.get().state == "carrying_out"
    assert Work.objects.get(task="carry").state == "failed"
    assert "通販システム" in boss.see("/requests/runs/")
    boss.do(f"/requests/{number}/decide/carry-out/", {"claim": f"{number}-1"})
    assert Claim.objects.get().state == "reading_back"
    assert desk.rows("SELECT * FROM customers WHERE id=1") == []


def test_a_slip_is_printed_and_answered_and_until_then_nothing_is_not_held(desk_with_cabinet: Desk):
    desk = desk_with_cabinet
    nobody = ICHIRO | {"name": "山田太郎", "phones": [], "emails": ["none@example.com"], "birth_date": "1990-09-09"}
    number = desk.verified({"kind": "disclosure"}, person=nobody)
    clerk, boss = Screen("clerk"), Screen("boss")
    assert "契約書キャビネット" in search(clerk, number)
    assert "未回答の検索依頼票 1 件" in boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "not_held"})
    listed = clerk.see("/requests/slips/")
    (ref,) = set(re.findall(r"S-[0-9a-f]{10}", listed))
    assert clerk.file(f"/requests/slips/{ref}/slip.pdf").startswith(b"%PDF")
    assert "調べた人の名前" in clerk.do(f"/requests/slips/{ref}/answer/", {"answer": "none"})
    clerk.do(
        f"/requests/slips/{ref}/answer/", {"answer": "none", "searcher": "総務 花田", "then": "https://evil.example/"}
    )
    assert "検索依頼票はまだありません" not in clerk.see("/requests/slips/?state=answered")
    assert "不存在" in boss.do(f"/requests/claims/{number}-1/decide/", {"decision": "not_held"})
    assert Claim.objects.get().state == "not_held"


@pytest.mark.parametrize("tab", ["search", "decide", "answer"])
def test_who_may_look_and_who_may_not(desk: Desk, tab: str):
    number = desk.verified({"kind": "disclosure"}, person=ICHIRO)
    search(Screen("boss"), number)
    page = Screen("carol").see(f"/requests/{number}/{tab}/")
    for value in ("ichiro@example.com", "052-111-2222", "良子"):
        assert value not in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert "Decision" in Screen("clerk", language="en").see(f"/requests/{number}/{tab}/")
    assert Client().get(f"/requests/{number}/{tab}/").status_code == 302


POSTS = [
    "/requests/{n}/search/start/", "/requests/{n}/search/candidate/", "/requests/{n}/decide/carry-out/",
    "/requests/claims/{n}-1/decide/", "/requests/claims/{n}-1/cells/", "/requests/claims/{n}-1/covering/",
    "/requests/{n}/answer/issue/", "/requests/{n}/answer/enclose/L-2026-0001/", "/requests/ledger/2026/approve/",
    "/requests/ledger/import/", "/requests/ledger/import/take/", "/requests/runs/X-0000/decide/",
    "/requests/runs/holds/set/",
]  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
def test_an_auditor_changes_nothing(desk: Desk, path: str):
    number = desk.verified({"kind": "disclosure"})
    before = list(SubjectRequest.objects.values_list("state", "searched"))
    assert signed_in("carol").post(path.format(n=number)).status_code == 403
    assert list(SubjectRequest.objects.values_list("state", "searched")) == before


def test_a_foreign_company_finds_nothing(desk: Desk):
    number = desk.verified({"kind": "disclosure"})
    create_account(
        "stranger", display_name="s", organisation=ORGANISATION, roles=[Role.OFFICER], scope=desk.officer, at=AT
    )
    AccountOrganisation.objects.filter(account__code="stranger").update(organisation="copro-career")
    stranger = Screen("stranger")
    for path in (f"{number}/search/", f"{number}/decide/", f"{number}/answer/", f"claims/{number}-1/cells/"):
        stranger.see(f"/requests/{path}", status=404)
    stranger.do(f"/requests/{number}/search/start/", status=404)
    assert number not in stranger.see("/requests/slips/")


@pytest.mark.parametrize(
    ("ours", "theirs", "alike"),
    [
        (("090-1111-2222",), "09011112222", Alike.AGREES),
        (("090-1111-2222",), "052-000-0000", Alike.DIFFERS),
        (("090-1111-2222",), "", Alike.ONE_SIDED),
        ((), "052-000-0000", Alike.ONE_SIDED),
        ((), "", Alike.UNKNOWN),
    ],
)
def test_a_value_that_decides_nothing_is_still_compared(ours: tuple[str, ...], theirs: str, alike: Alike):
    one = {"shown": {"phone": theirs}, "agreeing": [], "disagreeing": []}
    assert compare_kind("phone", one, {"phone": ours}, hidden=False).alike is alike


def test_what_is_hidden_tells_no_more_than_the_rules_said():
    one = {"shown": {"address": "大阪市北区1"}, "agreeing": [], "disagreeing": []}
    found = compare_kind("address", one, {"address": ("名古屋市中区1",)}, hidden=True)
    assert (found.alike, found.theirs, found.ours) == (Alike.UNKNOWN, "＊＊＊", ("＊＊＊",))

"""メモと訂正 as the desk sees it: prefilled, refused from an older page, and a letter that came back goes out again."""

import re

import pytest

from daicho.rights.actions.receiving import open_request
from daicho.rights.models import CaseNote, Claim, NewAddress, SubjectRequest
from daicho.rights.queries import get_request
from tests.rights.desk import AT, HANAKO
from tests.rights.pages import Screen
from tests.rights.screens import at
from tests.rights.test_amending import DISCLOSURE, NEW_HOME, facts, found_by, sent_back


@pytest.fixture(autouse=True)
def today(monkeypatch):
    at(monkeypatch, AT)


def fields_of(page: str) -> dict[str, str]:
    """The amendment form as it is filled in."""
    form = page[page.index('id="facts"') :]
    form = form[: form.index("</form>")]
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    found |= {name: text.strip() for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>([^<]*)</textarea>', form)}
    return found


def test_the_form_is_filled_in_and_one_field_is_put_right(desk):
    number = desk.verified(DISCLOSURE)
    clerk = Screen("clerk")
    given = fields_of(clerk.see(f"/requests/{number}/amend/"))
    assert given["address"] == HANAKO["address"]
    assert given["emails"] == "Hanako@Example.com"
    page = clerk.do(f"/requests/{number}/amend/", given | {"name": "高梨 花子"})
    assert "本人確認をやり直してください" in page
    told = facts(number).person
    assert (told.name, told.kana, str(told.birth_date)) == ("高梨 花子", HANAKO["kana"], "1980-01-05")
    assert found_by("高梨 花子") == {number}
    assert "内容を訂正(氏名)" in clerk.see(f"/requests/{number}/record/")
    assert "amended (Name)" in Screen("clerk", language="en").see(f"/requests/{number}/record/")


def test_the_page_of_an_older_tab_saves_nothing(desk):
    number = open_request(desk.intake(DISCLOSURE), scope=desk.clerk, at=AT)
    clerk, boss = Screen("clerk"), Screen("boss", language="en")
    given = fields_of(clerk.see(f"/requests/{number}/amend/"))
    clerk.do(f"/requests/{number}/amend/", given | {"kana": "タカハシ ハナヨ"})
    refused = boss.do(f"/requests/{number}/amend/", given | {"kana": "タカハシ ハナエ"}, status=409)
    assert "was amended after this was begun" in refused
    assert facts(number).person.kana == "タカハシ ハナヨ"


def test_what_cannot_be_is_told_beside_its_field(desk):
    number = open_request(desk.intake(DISCLOSURE), scope=desk.clerk, at=AT)
    clerk = Screen("clerk")
    given = fields_of(clerk.see(f"/requests/{number}/amend/"))
    page = clerk.do(f"/requests/{number}/amend/", given | {"birth_date": "昭和99年"}, status=422)
    assert 'id="id_birth_date_error"' in page
    assert "昭和99年" in page  # what was typed is not lost
    assert str(facts(number).person.birth_date) == "1980-01-05"


def test_an_address_under_a_support_measure_is_not_shown_and_stays(desk):
    number = open_request(desk.intake(DISCLOSURE, support_measure=True), scope=desk.clerk, at=AT)
    clerk = Screen("clerk")
    page = clerk.see(f"/requests/{number}/amend/")
    assert HANAKO["address"] not in page
    assert "hanako@example.com" not in page.lower()
    clerk.do(f"/requests/{number}/amend/", fields_of(page) | {"kana": "タカハシ ハナヨ"})
    told = facts(number).person
    assert (told.kana, told.address, told.emails) == ("タカハシ ハナヨ", HANAKO["address"], ("Hanako@Example.com",))


def test_a_call_is_noted_and_read_by_the_desk_alone(desk):
    number = open_request(desk.intake(DISCLOSURE), scope=desk.clerk, at=AT)
    clerk = Screen("clerk")
    page = clerk.do(f"/requests/{number}/amend/note/", {"note-kind": "call_in", "note-text": "転居したとの電話"})
    assert "転居したとの電話" in page
    assert CaseNote.objects.count() == 1
    auditor = Screen("carol")
    assert "転居したとの電話" not in auditor.see(f"/requests/{number}/record/")
    assert auditor.client.get(f"/requests/{number}/amend/").status_code == 403
    assert f"/requests/{number}/amend/" not in auditor.see(f"/requests/{number}/")
    assert "選ばれていません" in clerk.do(f"/requests/{number}/amend/note/", {"note-kind": "x", "note-text": "y"})


def test_a_claim_is_added_and_a_paper_is_cancelled_on_the_page(desk):
    number = desk.verified(DISCLOSURE)
    clerk = Screen("clerk")
    added = {"claim-kind": "erase", "claim-basis": "no_longer_needed", "claim-wish": "全部"}
    assert f"{number}-2 を加えました" in clerk.do(f"/requests/{number}/amend/claim/", added)
    wrong = {"claim-kind": "correction"}
    assert "訂正・追加する内容がありません" in clerk.do(f"/requests/{number}/amend/claim/", wrong, status=422)
    assert Claim.objects.count() == 2
    case = get_request(number, scope=desk.clerk, on=AT.date())
    money, paper = case.fees[0]["ref"], case.documents[1]["ref"]
    clerk.do(f"/requests/{number}/amend/cancel/{money}/", {"why": "twice"})
    page = clerk.do(f"/requests/{number}/amend/cancel/{paper}/", {"why": "other_request"})
    assert "本人確認をやり直してください" in page
    papers = clerk.see(f"/requests/{number}/papers/")
    assert papers.count("記録の取消し") == 2
    assert SubjectRequest.objects.get().state == "checking"


def test_a_letter_that_came_back_goes_out_again_from_the_page(desk):
    number, old = sent_back(desk)
    clerk, boss = Screen("clerk"), Screen("boss")
    assert f"/requests/{number}/amend/#address" in clerk.see(f"/requests/{number}/answer/")
    page = clerk.do(f"/requests/{number}/amend/address/", {"postal_code": "390-0873", "address": NEW_HOME})
    assert "入力した人は照合できません" in page
    path = f"/requests/{number}/amend/address/{NewAddress.objects.get().ref}/verify/"
    assert "照合の印がありません" in boss.do(path)
    assert "発行し直しました" in boss.do(path, {"compared": "on"})
    page = clerk.see(f"/requests/{number}/answer/")
    assert "新しい住所の書面に差し替え" in page
    assert f"/answer/enclose/{old.number}/" not in page
    assert page.count("/answer/enclose/") == 1

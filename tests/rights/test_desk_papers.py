"""The blank form, the slips and the pack, as they are printed and as the command line hands them out."""

import io
import json
from datetime import date
from pathlib import Path

import pytest

from daicho.cli.main import run
from daicho.law.kinds import RequestKind
from daicho.letters.house import ReplyMethod
from daicho.letters.press import render
from daicho.policy.language import Policy, read_policy
from daicho.rights.actions.searching import search_request
from daicho.rights.desk_papers import slip_paper
from daicho.rights.forms import blank_form
from daicho.rights.rules import ClaimState
from daicho.rights.slip_facts import get_slip
from daicho.runs.queries import list_slips
from daicho.site.wiring import open_store
from daicho.words.text import Language
from tests.letters.reading import page_texts, squeezed, text_of
from tests.rights.desk import HANAKO, ORGANISATION, POLICY
from tests.rights.outcomes import NOBODY, How, searched, worked

ON = date(2026, 11, 24)
UP_TO_DATE = POLICY.with_name("policy-2026.yaml")


def policy(path: Path = POLICY) -> Policy:
    return read_policy(path.read_bytes(), path=str(path)).policy


def printed_form(path: Path = POLICY, language: Language = Language.JA, **more) -> str:
    facts = {"organisation": ORGANISATION, "language": language, "on": ON, **more}
    return text_of(render(blank_form(policy(path), **facts)).pdf)


# ── the form ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("path", [POLICY, UP_TO_DATE])
def test_the_form_is_two_pages(path, language):
    form = blank_form(policy(path), organisation=ORGANISATION, language=language, on=ON)
    assert render(form).pages == 2


def test_the_form_asks_for_what_the_policy_publishes():
    text = printed_form()
    for words in (
        "個人情報開示等請求書",
        "運転免許証",
        "黒塗り：本籍地、個人番号",
        "委任状（実印を押印）及び印鑑登録証明書",
        "1件の請求につき500円（税込）の手数料",
        "定額小為替の発行料金及び郵送料は、お客様のご負担",
        "手数料が不足していた場合",
        "14日以上の期限を設けて補正",
        "書留郵便、簡易書留郵便など",
        "個人情報開示等請求書在中",
        "個人情報お問い合わせ窓口宛",
        "〒450-6427",
    ):
        assert words in text


def test_the_form_offers_what_the_law_owes_though_the_page_forgot_it():
    form = blank_form(policy(), organisation=ORGANISATION, language=Language.JA, on=ON)
    kinds = [line.kind for line in form.kinds]
    assert kinds[:2] == [RequestKind.DISCLOSURE, RequestKind.PURPOSE_NOTICE]
    assert set(kinds) == set(RequestKind)
    assert {line.kind for line in form.kinds if line.fee_yen} == {RequestKind.DISCLOSURE, RequestKind.PURPOSE_NOTICE}
    assert form.methods == (ReplyMethod.PAPER, ReplyMethod.ELECTRONIC)


def test_the_form_of_a_day_before_a_right_existed_does_not_offer_it():
    form = blank_form(policy(), organisation=ORGANISATION, language=Language.JA, on=date(2021, 6, 1))
    assert RequestKind.RECORD_DISCLOSURE not in [line.kind for line in form.kinds]
    assert form.methods == (ReplyMethod.PAPER,)


def test_a_void_insurance_card_gives_way_to_its_successor_with_what_the_law_blacks_out():
    today = printed_form()
    assert "健康保険証" not in today
    assert "資格確認書黒塗り：保険者番号、被保険者等記号・番号・枝番、QRコード" in today
    before = printed_form(on=date(2025, 6, 1))
    assert "健康保険証黒塗り：保険者番号" in before
    assert "資格確認書" not in before


def test_the_form_names_no_company_that_the_page_does_not():
    text = printed_form()
    assert "その他の当社グループの会社（会社名：" in text
    assert "コプロ・テクノロジー" not in text
    named = printed_form(UP_TO_DATE)
    hidden = [one.name.ja for one in policy().organisations if not one.published]
    assert hidden
    assert all(squeezed(name) in named for name in hidden)


def test_ages_of_proofs_are_said_in_months():
    assert "印鑑登録証明書（発行から3か月以内）" in printed_form(UP_TO_DATE)
    assert "issuedwithin3months" in printed_form(UP_TO_DATE, Language.EN)


def test_the_form_comes_from_the_command_line_in_the_language_spoken(desk, tmp_path):
    for language, words in (("ja", "代理権を示す書類"), ("en", "Toshowtheagent'sauthority")):
        path = tmp_path / "papers" / f"form-{language}.pdf"
        out = io.StringIO()
        arguments = ["rights", "form", "--to", str(path), "--organisation", ORGANISATION, "--lang", language]
        assert run([*arguments, "--format", "json"], out=out) == 0
        assert json.loads(out.getvalue())["files"] == [str(path)]
        assert words in text_of(path.read_bytes())


def test_a_form_of_a_day_without_a_policy_is_refused(desk, tmp_path):
    err = io.StringIO()
    arguments = [
        "rights",
        "form",
        "--to",
        str(tmp_path / "f.pdf"),
        "--organisation",
        ORGANISATION,
        "--on",
        "2001-01-01",
    ]
    assert run(arguments, out=io.StringIO(), err=err) != 0
    assert "2001-01-01" in err.getvalue()
    assert not (tmp_path / "f.pdf").exists()


# ── slips ────────────────────────────────────────────────────────────────────────────────────


def slip_text(desk, owner: str, language: Language = Language.JA) -> tuple[str, int]:
    (slip,) = list_slips(owners=[owner], scope=desk.clerk)
    printed = render(slip_paper(get_slip(slip.ref, scope=desk.clerk, asked_by="鈴木"), language=language))
    return text_of(printed.pdf), printed.pages


KNOWN_MUCH = {
    **HANAKO,
    "former_names": ["山田花子"],
    "former_addresses": ["名古屋市港区港町1-1"],
    "relation": "派遣スタッフ",
    "period": "2015年頃",
    "numbers": {"employee": "E-123"},
}


@pytest.mark.parametrize("language", list(Language))
def test_a_search_slip_says_whom_to_look_for_on_one_page(desk_with_cabinet, language):
    desk = desk_with_cabinet
    number = desk.verified({"kind": "disclosure"}, person=KNOWN_MUCH)
    search_request(number, by_name=False, scope=desk.clerk, at=desk.at, open_store=open_store)
    text, pages = slip_text(desk, number, language)
    assert pages == 1
    for words in ("高橋花子（タカハシハナコ）", "山田花子", "昭和55年1月5日（1980-01-05）", "名古屋市港区港町1-1",
                  "０９０−１１１１−２２２２", "E-123", "2015年頃", number, "鈴木"):  # fmt: skip
        assert words in text
    if language is Language.JA:
        assert "名古屋支店御中" in text
        assert "契約書キャビネット（3階）" in text
        assert "令和8年11月29日" in text  # five days


def test_a_support_measure_keeps_the_present_address_off_the_slip(desk_with_cabinet):
    desk = desk_with_cabinet
    number = desk.verified({"kind": "disclosure"}, person=KNOWN_MUCH, support_measure=True)
    search_request(number, by_name=False, scope=desk.clerk, at=desk.at, open_store=open_store)
    text, _ = slip_text(desk, number)
    assert "名古屋市港区港町1-1" in text  # where the records may still say the person lives
    for hidden in ("名駅3-28-12", "450-0002", "１１１１", "Hanako@"):
        assert hidden not in text


def test_the_department_that_found_records_is_asked_in_writing_to_act(desk_with_cabinet):
    desk = desk_with_cabinet
    claim = {"kind": "correction", "values": {"address": "名古屋市東区泉9-9-9"}}
    number = worked(desk, claim, How(paper="found"), person=KNOWN_MUCH).number
    text, pages = slip_text(desk, f"{number}-1")
    assert pages == 1
    assert "措置依頼票" in text
    assert "見つかった記録の訂正" in text
    assert "正しい内容（住所）名古屋市東区泉9-9-9" in text
    assert "記録を訂正、移動又は廃棄しないでください" not in text  # what a search slip says


def test_a_slip_is_printed_from_the_command_line_for_its_owner_only(desk_with_cabinet, tmp_path):
    desk = desk_with_cabinet
    number = desk.verified({"kind": "disclosure"})
    search_request(number, by_name=False, scope=desk.clerk, at=desk.at, open_store=open_store)
    (slip,) = list_slips(owners=[number], scope=desk.clerk)
    path = tmp_path / "slip.pdf"
    out = io.StringIO()
    assert run(["rights", "slip", "print", slip.ref, "--to", str(path), "--as", "clerk"], out=out) == 0
    assert path.stat().st_mode & 0o077 == 0
    assert "検索依頼票" in text_of(path.read_bytes())
    assert "花子" not in out.getvalue()
    assert run(["rights", "slip", "print", slip.ref, "--to", str(path), "--as", "carol"], err=io.StringIO()) == 3
    assert run(["rights", "slip", "print", "S-none", "--to", str(path), "--as", "clerk"], err=io.StringIO()) == 2


# ── the pack ─────────────────────────────────────────────────────────────────────────────────


def pack_pages(answered) -> list[str]:
    (file,) = [one for one in answered.files if "-pack-" in one.name]
    return [squeezed(page) for page in page_texts(file.content)]


def test_the_pack_holds_checklist_letter_label_and_list(desk):
    answered = worked(desk, {"kind": "disclosure"}, How(cells="harms_rights"), pack=True)
    checklist, letter, *_, label, enclosed = pack_pages(answered)
    assert "発送前チェックリスト" in checklist
    assert "確認済みの住所愛知県名古屋市中村区名駅3-28-12" in checklist
    assert "黒塗りした部分が、裏面や透かしでも読めない" in checklist
    assert "支援措置" not in checklist
    assert "一部開示について（ご通知）" in letter
    assert "開示" not in label  # nothing on the envelope tells what it is about
    assert "簡易書留" in label
    assert "1保有個人データの一部開示について（ご通知）1通" in enclosed
    assert "2別紙（開示する保有個人データ）1部" in enclosed
    alone = next(one.content for one in answered.files if one.name.endswith(".pdf") and "-pack-" not in one.name)
    for page in page_texts(alone):
        assert squeezed(page) in pack_pages(answered)


def test_the_pack_warns_of_a_support_measure(desk):
    answered = worked(desk, {"kind": "disclosure"}, pack=True, support_measure=True)
    assert "支援措置の対象です" in pack_pages(answered)[0]


def test_an_answer_to_another_address_than_the_verified_one_is_not_taken(desk):
    same = desk.intake({"kind": "disclosure"}, reply={"address": "愛知県名古屋市中村区名駅３丁目２８－１２"})
    assert same.reply.address
    with pytest.raises(ValueError, match="another address"):
        desk.intake({"kind": "disclosure"}, reply={"address": "名古屋市中区別の場所1-1"})


def test_the_pack_lists_the_money_that_goes_back(desk):
    refused = How(decision=ClaimState.REFUSED, ground="impedes_business")
    answered = worked(desk, {"kind": "disclosure"}, refused, pack=True)
    assert "定額小為替証書（500円分）1枚手数料の返却" in pack_pages(answered)[-1]


def test_the_pack_and_a_delay_come_from_the_command_line(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("DAICHO_AT", desk.at.isoformat())
    number = worked(desk, {"kind": "disclosure"}, person=HANAKO).number
    out = io.StringIO()
    arguments = ["rights", "answer", number, "--to", str(tmp_path / "out"), "--pack", "--as", "clerk"]
    assert run([*arguments, "--format", "json"], out=out) == 0
    names = [Path(path).name for path in json.loads(out.getvalue())["files"]]
    assert [name for name in names if "-pack-" in name] == [f"{number}-1-pack-L-2026-0001.pdf"]
    other = desk.verified({"kind": "disclosure"}, person=NOBODY)
    searched(desk, other, How())
    reason = tmp_path / "reason.txt"
    reason.write_text("保管先が多いため。", encoding="utf-8")
    delay = ["rights", "answer", other, "--notice", "delay", "--to", str(tmp_path / "out"), "--as", "clerk"]
    assert run([*delay, "--expected-on", "2026-12-20", "--reason-file", str(reason)], out=io.StringIO()) == 0
    shown = io.StringIO()
    assert run(["rights", "show", other, "--as", "clerk", "--format", "json"], out=shown) == 0
    assert json.loads(shown.getvalue())["promised_on"] == "2026-12-20"
    said = io.StringIO()
    assert run(["rights", "show", other, "--as", "clerk", "--lang", "en"], out=said) == 0
    assert "promised in the delay notice 2026-12-20" in said.getvalue()
    assert run(delay, out=io.StringIO(), err=io.StringIO()) == 2

"""Every letter says what really happened, whatever the outcome was, in both languages."""

from datetime import date, timedelta

import pytest

from daicho.people.queries import get_actor
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_documents
from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.noticing import Delay, notify
from daicho.rights.actions.receiving import check_request, open_request
from daicho.rights.actions.recording import Money, record_fee
from daicho.rights.queries import get_request
from daicho.rights.rules import ClaimState, RequestState
from daicho.site.wiring import open_store
from daicho.words.errors import InputError, NotAllowedError
from tests.letters.reading import text_of
from tests.rights.desk import HANAKO
from tests.rights.outcomes import AGENT, NOBODY, How, decided, letter_of, searched, worked

ERASE = {"kind": "erase", "basis": "no_longer_needed"}
ENTRUSTED_ONLY = {"name": "受託 のみ", "address": "名古屋市1", "emails": ["only@example.com"]}


@pytest.fixture
def shop(desk):
    desk.run("INSERT INTO entrusted VALUES (40, '受託のみ', 'only@example.com')")
    return desk


def test_a_partial_erasure_names_what_is_kept_entrusted_and_in_backups(desk):
    kind, text = letter_of(worked(desk, ERASE))
    assert kind == "stop_result"
    assert "一部を除き、下記のとおり消去の措置を行いました" in text
    assert "法人税法第126条" in text
    assert "発行日から7年" in text
    assert "委託元の株式会社委託元（総務部）にお申し出ください" in text
    assert "令和8年12月29日までに消去されます" in text  # 35 days of backups
    assert "各措置は、実施後に保管先を読み直して確認しております" in text
    assert "令和11年11月24日まで保管し" in text


def test_an_erasure_on_paper_rests_on_the_department_s_report(desk_with_cabinet):
    _, text = letter_of(worked(desk_with_cabinet, ERASE, How(paper="found")))
    assert "紙の記録契約書キャビネット消去" in text
    assert "担当部署の実施の報告により" in text
    assert "各措置は、実施後に保管先を読み直して" not in text


def test_an_erasure_of_paper_alone_that_was_kept_is_a_refusal(desk_with_cabinet):
    kind, text = letter_of(worked(desk_with_cabinet, ERASE, How(paper="found", acted="kept"), person=NOBODY))
    assert kind == "refusal"
    assert "契約書キャビネット紙の記録は、法令等により保存するため" in text
    assert "労働基準法第109条" in text
    assert "令和13年3月31日まで" in text
    assert "措置を行いました" not in text


def test_an_erasure_that_found_nothing_is_answered_as_not_held(desk):
    kind, text = letter_of(worked(desk, ERASE, person=NOBODY))
    assert kind == "not_held"
    assert "保有個人データは、存在いたしません" in text


@pytest.mark.parametrize("claim", [ERASE, {"kind": "disclosure"}, {"kind": "purpose_notice"}])
def test_entrusted_data_alone_is_refused_and_the_person_is_told_whom_to_ask(shop, claim):
    kind, text = letter_of(worked(shop, claim, person=ENTRUSTED_ONLY))
    assert kind == "refusal"
    assert "個人情報保護法第16条第4項" in text
    assert "委託元の株式会社委託元（総務部）" in text
    assert shop.rows("SELECT count(*) FROM entrusted WHERE id = 40") == [(1,)]


def test_a_stop_with_nothing_in_the_stores_is_registered_for_the_future(desk):
    kind, text = letter_of(worked(desk, {"kind": "stop_provision"}, person=NOBODY))
    assert kind == "stop_result"
    assert "今後の取扱い全般（停止の登録）停止台帳第三者提供の停止" in text
    assert "読み直して" not in text  # nothing was there to be read
    assert "一部を除き" not in text


def test_a_stop_of_staff_data_says_what_the_law_obliges_us_to_go_on_doing(desk):
    path = desk.folder / "register" / "holdings.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("business-partners", "temporary-staff", 1), encoding="utf-8")
    plan = plan_documents([path], scope=desk.officer, open_store=open_store, policy=None)
    apply_documents(plan, scope=desk.officer, at=desk.at)
    _, text = letter_of(worked(desk, {"kind": "suspend_use"}))
    assert "社会保険及び労働保険の手続" in text
    assert "労働者派遣法" in text
    _, other = letter_of(worked(desk, ERASE, person=NOBODY))
    assert "社会保険" not in other


def test_a_correction_shows_the_new_value_where_it_was_put_and_leaves_records_alone(desk):
    claim = {"kind": "correction", "values": {"address": "名古屋市東区泉9-9-9", "telephone": "090-9999-8888"}}
    kind, text = letter_of(worked(desk, claim))
    assert kind == "correction_result"
    assert "住所―名古屋市東区泉9-9-9通販システム顧客訂正" in text
    assert "電話番号―090-9999-8888通販システム顧客訂正" in text
    assert text.count("090-9999-8888") == 1  # the invoice holds no telephone number
    assert "通販システム請求書個人情報保護法第34条第1項作成時の事実を記録したものであるため、書き換えません" in text
    assert "付記いたしました" not in text  # the store has no place for a remark


def test_a_correction_that_reaches_records_alone_is_said_not_to_be_made(desk):
    claim = {"kind": "correction", "values": {"shop.invoices.sent_to": "名古屋市東区泉9-9-9"}}
    _, text = letter_of(worked(desk, claim))
    assert "下記の理由により訂正を行わないことといたしました" in text
    assert "お申出の内容は、訂正の記録として別に保管します" in text
    assert desk.rows("SELECT count(*) FROM invoices WHERE sent_to LIKE '%泉%'") == [(0,)]


def test_a_correction_on_paper_is_told_too(desk_with_cabinet):
    claim = {"kind": "correction", "values": {"address": "名古屋市東区泉9-9-9"}}
    _, text = letter_of(worked(desk_with_cabinet, claim, How(paper="found")))
    assert "契約書キャビネット紙の記録訂正" in text


def test_a_disclosure_encloses_its_annex_and_copies_of_paper(desk_with_cabinet):
    kind, text = letter_of(worked(desk_with_cabinet, {"kind": "disclosure"}, How(paper="found")))
    assert kind == "partial_disclosure"
    assert "別紙（開示する保有個人データ）1部" in text
    assert "契約書キャビネットの記録の写し1式" in text
    assert "同封する写し3件分" in text
    assert "個人情報保護法第33条第2項の規定に基づき" in text


def test_what_is_found_on_paper_alone_is_disclosed(desk_with_cabinet):
    answered = worked(desk_with_cabinet, {"kind": "disclosure"}, How(paper="found"), person=NOBODY)
    kind, text = letter_of(answered)
    assert kind == "disclosure"
    assert "契約書キャビネットの記録の写し1式" in text
    assert [file.name for file in answered.files if not file.name.endswith(".pdf")] == []


def test_an_electronic_disclosure_encloses_the_files_instead_of_an_annex(desk):
    answered = worked(desk, {"kind": "disclosure"}, reply={"method": "electronic"})
    _, text = letter_of(answered)
    assert "電磁的記録の提供" in text
    assert "開示データを収録した記録媒体1点" in text
    assert "別紙" not in text
    names = [file.name for file in answered.files if not file.name.endswith(".pdf")]
    assert names
    assert all(name in text for name in names)


def test_no_record_of_provision_is_itself_an_answer(desk):
    kind, text = letter_of(worked(desk, {"kind": "record_disclosure"}))
    assert kind == "provision_records"
    assert "第三者提供記録：なし" in text
    assert "個人情報保護法第33条第3項" in text


def test_records_of_provision_that_a_store_holds_are_disclosed_under_their_own_name(desk):
    path = desk.folder / "register" / "map.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("goods: {item: business-record", "goods: {item: provision-record"), encoding="utf-8")
    engineer = get_actor("engineer", at=desk.at)
    plan = plan_documents([path], scope=engineer, open_store=open_store, policy=None)
    apply_documents(plan, scope=engineer, at=desk.at)
    confirm_map("shop", scope=desk.officer, at=desk.at)
    kind, text = letter_of(worked(desk, {"kind": "record_disclosure"}))
    assert kind == "disclosure"
    assert "第三者提供記録の開示について（ご通知）" in text
    assert "個人情報保護法第33条第5項の規定に基づき" in text
    assert "椅子" in text
    assert "送付先" not in text  # the invoices are no record of provision


def test_a_refusal_gives_ground_and_reason_and_sends_the_money_back(desk):
    how = How(decision=ClaimState.REFUSED, ground="impedes_business", reason="係争中の検討資料であるためです。")
    answered = worked(desk, {"kind": "disclosure"}, how)
    kind, text = letter_of(answered)
    assert kind == "refusal"
    assert "個人情報保護法第33条第2項第2号" in text
    assert "係争中の検討資料であるためです。" in text
    assert "手数料500円（定額小為替）は、同封してお返しいたします" in text
    assert "定額小為替証書（500円分）1枚" in text
    (fee,) = get_request(answered.number, scope=desk.clerk, on=desk.at.date()).fees
    assert fee["returned_on"] == desk.at.date()


def test_money_for_one_form_stays_while_anything_it_paid_for_is_answered(desk):
    number = desk.verified({"kind": "disclosure"}, {"kind": "purpose_notice"})
    searched(desk, number, How())
    decided(desk, f"{number}-1", "disclosure", How(decision=ClaimState.REFUSED, ground="impedes_business"))
    decided(desk, f"{number}-2", "purpose_notice", How())
    answered = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert answered.waiting == {f"{number}-2": ["approved"]}
    _, text = letter_of(answered)
    assert "手数料500円（税込・定額小為替）を受領いたしました" in text
    assert "同封してお返し" not in text
    (fee,) = get_request(number, scope=desk.clerk, on=desk.at.date()).fees
    assert fee["returned_on"] is None


def test_an_exclusion_is_answered_word_for_word_as_not_held(desk):
    held, nothing = How(decision=ClaimState.REFUSED, ground="excluded"), How(decision=ClaimState.NOT_HELD)
    kind, excluded = letter_of(worked(desk, {"kind": "disclosure"}, held))
    _, absent = letter_of(worked(desk, {"kind": "disclosure"}, nothing, person={**NOBODY, "name": HANAKO["name"]}))
    assert kind == "not_held"
    body = excluded[excluded.index("1.ご請求の内容") : excluded.index("以上")]
    assert "存在いたしません" in body
    assert body == absent[absent.index("1.ご請求の内容") : absent.index("以上")]


def test_a_substitute_measure_is_told_as_one(desk):
    measure = "ご案内の送付先から除外し、閲覧できる者を管理部の2名に限ります。"
    how = How(decision=ClaimState.REFUSED, ground="substitute_measure", reason=measure)
    kind, text = letter_of(worked(desk, {"kind": "suspend_use"}, how))
    assert kind == "substitute_measure"
    assert measure in text


def test_a_refusal_of_a_free_kind_says_nothing_of_money(desk):
    how = How(decision=ClaimState.REFUSED, ground="no_violation")
    kind, text = letter_of(worked(desk, {"kind": "suspend_use"}, how))
    assert kind == "refusal"
    assert "個人情報保護法第35条第2項" in text
    assert "手数料" not in text


def test_an_agent_s_letter_names_the_person_and_goes_to_the_agent(desk):
    _, text = letter_of(worked(desk, {"kind": "disclosure"}, **AGENT))
    assert "高橋花子様代理人" in text
    assert "﨑山一郎様" in text
    assert "愛知県名古屋市中区三の丸9-1-1" in text
    assert "450-0002" not in text


def test_letters_are_answered_in_english_without_a_word_of_japanese(desk):
    kinds = [ERASE, {"kind": "stop_provision"}, {"kind": "disclosure"}, {"kind": "purpose_notice"}]
    said = [letter_of(worked(desk, claim, language="en"))[1] for claim in kinds]
    for text in said:
        assert "Dear" in text
        for japanese in ("保有個人データ", "措置", "手数料", "拝啓", "根拠"):
            assert japanese not in text
    assert "erasedby29December2026" in said[0]


def test_a_person_without_a_postal_code_gets_a_letter(desk):
    _, text = letter_of(worked(desk, {"kind": "disclosure"}, person={**HANAKO, "postal_code": None}))
    assert text.startswith("愛知県名古屋市中村区名駅3-28-12高橋花子様")


def test_a_delay_is_announced_without_calling_any_number_of_days_statutory(desk):
    number = desk.verified({"kind": "disclosure"})
    delay = Delay(reason="保管先が多く、確認に時間を要しているため。", expected_on=date(2026, 12, 20))
    told = notify(number, "delay", delay=delay, scope=desk.clerk, at=desk.at, folder=desk.files)
    text = text_of(told.files[0].content)
    assert "保管先が多く、確認に時間を要しているため。" in text
    assert "令和8年12月20日まで" in text
    for word in ("14日", "二週間", "法定", "期限の延長", "2週間"):
        assert word not in text
    assert get_request(number, scope=desk.clerk, on=desk.at.date()).letters[0]["kind"] == "delay"


def test_a_delay_needs_a_reason_a_day_to_come_and_an_open_request(desk):
    number = desk.verified({"kind": "disclosure"})
    late = Delay(reason="なぜなら", expected_on=desk.at.date())
    for delay in (None, Delay(reason=" ", expected_on=date(2026, 12, 20)), late):
        with pytest.raises(InputError):
            notify(number, "delay", delay=delay, scope=desk.clerk, at=desk.at, folder=desk.files)
    assert get_request(number, scope=desk.clerk, on=desk.at.date()).letters == []
    ended = worked(desk, ERASE, person=NOBODY).number
    good = Delay(reason="なぜなら", expected_on=date(2026, 12, 20))
    with pytest.raises(NotAllowedError):
        notify(ended, "delay", delay=good, scope=desk.clerk, at=desk.at, folder=desk.files)


def test_what_was_never_made_good_goes_back_with_everything_named(desk):
    number = open_request(desk.intake({"kind": "disclosure"}), scope=desk.clerk, at=desk.at)
    desk.papers(number)
    record_fee(number, Money(face_value=300), scope=desk.clerk, at=desk.at)
    checked = check_request(number, identity=True, scope=desk.clerk, at=desk.at)
    assert checked.state is RequestState.AWAITING_FEE
    later = desk.at + timedelta(days=60)
    notify(number, "missing", scope=desk.clerk, at=desk.at, folder=desk.files)
    back = notify(number, "return", scope=desk.clerk, at=later, folder=desk.files)
    text = text_of(back.files[0].content)
    for thing in ("開示等請求書1通", "本人確認書類の写し（運転免許証）1通", "定額小為替証書（300円）1枚"):
        assert thing in text
    assert back.state is RequestState.CLOSED


def test_answering_again_on_another_day_gives_the_same_files_and_packs(desk):
    first = worked(desk, {"kind": "disclosure"}, pack=True)
    later = desk.at + timedelta(days=3)
    again = answer_request(first.number, pack=True, scope=desk.clerk, at=later, folder=desk.files)
    assert sorted((file.name, file.content) for file in again.files) == sorted(
        (file.name, file.content) for file in first.files
    )
    plain = answer_request(first.number, scope=desk.clerk, at=later, folder=desk.files)
    assert not [file for file in plain.files if "-pack-" in file.name]
    view = get_request(first.number, scope=desk.clerk, on=later.date())
    assert [letter["kind"] for letter in view.letters] == ["partial_disclosure"]

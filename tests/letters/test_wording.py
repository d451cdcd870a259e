"""What letters must say, and what they must never say (desk practice 8, 10, 16-19)."""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.answers import NotHeldLetter, ProvisionRecordsLetter, RefusalLetter
from daicho.letters.corrections import CorrectionResultLetter
from daicho.letters.disclosures import DisclosureLetter, PartialDisclosureLetter
from daicho.letters.house import (
    AddressWindow,
    FeeNote,
    FeeOutcome,
    HouseStyle,
    LetterError,
    SealSpace,
)
from daicho.letters.letter import Letter, Paper
from daicho.letters.notices import DefectLetter, DelayLetter, ReturnLetter
from daicho.letters.press import render
from daicho.letters.stops import BackupRemainder, StopResultLetter
from daicho.words.era import Calendar
from daicho.words.text import Language, Text
from tests.letters import samples
from tests.letters.reading import characters, squeezed, text_of
from tests.letters.samples import AGENT, HARM, HOUSE, LETTERS, NOTICE_33, PAPERS, PERSON, letter_facts, printed

both = pytest.mark.parametrize("language", list(Language))


def text(paper: Paper) -> str:
    return text_of(render(paper).pdf)


def says(paper: Paper, ja: str, en: str) -> bool:
    return squeezed(en if paper.language is Language.EN else ja) in text(paper)


@both
def test_excluded_and_absent_are_answered_in_the_same_words(language: Language) -> None:
    fields = {field.name for field in dataclasses.fields(NotHeldLetter)} - {
        field.name for field in dataclasses.fields(Letter)
    }
    assert fields == {"kind", "basis", "addressed_to", "fee"}, "a field could tell the two apart"
    letter = samples.not_held(language)
    assert says(letter, "ご請求の対象となる髙橋 𠮷乃様の保有個人データは、存在いたしません。",
                "We hold no personal data about 髙橋 𠮷乃 that is subject to this request.")  # fmt: skip


@both
def test_no_letter_calls_two_weeks_a_legal_term(language: Language) -> None:
    for name in LETTERS:
        said = text_of(printed(name, language).pdf).lower()
        for forbidden in (
            "14日",
            "十四日",
            "二週間",
            "2週間",
            "法定期限",
            "14days",
            "twoweeks",
            "statutoryperiod",
            "extension",
            "延長",
        ):
            assert forbidden not in said, name


@both
def test_a_delay_gives_reason_and_new_date(language: Language) -> None:
    letter = samples.delay(language)
    assert isinstance(letter, DelayLetter)
    assert says(letter, "令和8年11月27日まで", "by 27 November 2026")
    assert squeezed(letter.reason.say(language)) in text(letter)
    assert says(letter, "お詫び", "apologise")


@both
def test_a_refusal_gives_article_reason_and_where_to_complain(language: Language) -> None:
    letter = samples.refusal(language)
    said = text(letter)
    assert isinstance(letter, RefusalLetter)
    body = HOUSE.accredited_body
    assert body is not None
    for part in (HARM.article, HARM.reason, body.name, body.telephone, HOUSE.telephone, NOTICE_33):
        assert squeezed(part.say(language)) in said


@both
def test_a_house_without_an_accredited_body_names_none(language: Language) -> None:
    house = dataclasses.replace(HOUSE, accredited_body=None)
    letter = dataclasses.replace(samples.refusal(language), house=house)
    assert not says(letter, "認定個人情報保護団体", "accredited")
    assert says(samples.refusal(language), "認定個人情報保護団体", "accredited")


@both
def test_an_agent_is_addressed_for_the_person(language: Language) -> None:
    letter = samples.refusal(language)
    assert letter.to is AGENT
    assert says(letter, "髙橋 𠮷乃様代理人弁護士", "Attorney for 髙橋 𠮷乃")
    assert says(letter, "﨑山 一郎　様", "the request you made on behalf of 髙橋 𠮷乃")


@both
def test_a_partial_disclosure_blacks_out_and_names_each_ground(language: Language) -> None:
    said = text(samples.partial_disclosure(language))
    assert said.count("■■■■■■") == 2
    assert "※1" in said
    assert "※2" in said
    for part in samples.partial_disclosure(language).withheld:
        assert squeezed(part.what.say(language)) in said
        assert squeezed(part.ground.reason.say(language)) in said


def test_a_full_disclosure_refuses_withheld_parts() -> None:
    with pytest.raises(LetterError):
        samples.disclosure(Language.JA, records=[samples.inquiry(HARM)])


def test_a_partial_disclosure_refuses_to_withhold_without_saying_what() -> None:
    good = samples.partial_disclosure(Language.JA)
    with pytest.raises(LetterError):
        dataclasses.replace(good, withheld=())


def test_a_disclosure_of_nothing_is_refused() -> None:
    with pytest.raises(LetterError):
        samples.disclosure(Language.JA, records=[])
    with pytest.raises(LetterError):
        samples.disclosure(Language.JA, prints_records=False)


@both
def test_an_erasure_says_what_remains(language: Language) -> None:
    letter = samples.erasure_result(language)
    assert isinstance(letter, StopResultLetter)
    assert says(letter, "令和8年12月17日までに消去されます", "erased by 17 December 2026")
    assert says(letter, "労働基準法第109条", "Labour Standards Act Art. 109")
    assert says(letter, "3年", "3 years from the end of the dispatch")
    assert says(letter, "令和11年11月12日", "12 November 2029")
    assert says(letter, "溶解処理により廃棄", "pulped")
    assert says(letter, "一部を除き", "Except for the parts named below")
    assert not says(letter, "調査中", "investigation")


@both
def test_an_erasure_without_backups_says_so(language: Language) -> None:
    letter = samples.erasure_result(language)
    bare = dataclasses.replace(letter, remains=dataclasses.replace(letter.remains, backups=(), kept=(), paper=()))
    assert says(bare, "バックアップ残りません。", "Backups Nothing remains.")
    assert not says(bare, "一部を除き", "Except for the parts")
    several = tuple(BackupRemainder(what=Text(f"控え{n}", f"copy {n}"), until=date(2027, 1, n)) for n in (1, 2))
    assert says(
        dataclasses.replace(bare, remains=dataclasses.replace(bare.remains, backups=several)), "控え2", "copy 2"
    )


@both
def test_a_stop_says_what_the_law_obliges_to_continue(language: Language) -> None:
    letter = samples.stop_provision_result(language)
    assert says(letter, "健康保険法第48条", "Health Insurance Act Art. 48")
    assert not says(letter, "バックアップ", "Backups")


@both
def test_a_correction_gives_the_content_and_what_was_not_done(language: Language) -> None:
    letter = samples.correction_result(language)
    assert isinstance(letter, CorrectionResultLetter)
    assert says(letter, "愛知県名古屋市東区葵九丁目1番1号", "愛知県名古屋市東区葵九丁目1番1号")
    assert says(letter, "ハイツ栄 203号室", "ハイツ栄 203号室")
    assert says(letter, "注記", "annotated")
    assert says(letter, "その一部について", "made part of the changes")
    assert says(samples.correction_refused(language), "削除を行わない", "decided not to make the change")


@pytest.mark.parametrize("kind", [RequestKind.DISCLOSURE, RequestKind.ERASE])
def test_a_correction_letter_answers_corrections_only(kind: RequestKind) -> None:
    with pytest.raises(LetterError):
        dataclasses.replace(samples.correction_result(Language.JA), kind=kind)


@pytest.mark.parametrize("kind", [RequestKind.DISCLOSURE, RequestKind.CORRECTION])
def test_a_stop_letter_answers_stops_only(kind: RequestKind) -> None:
    with pytest.raises(LetterError):
        dataclasses.replace(samples.erasure_result(Language.JA), kind=kind)
    with pytest.raises(LetterError):
        dataclasses.replace(samples.substitute_measure(Language.JA), kind=kind)


EMPTY: dict[str, Callable[[], object]] = {
    "a result with nothing done or left": lambda: dataclasses.replace(
        samples.correction_refused(Language.JA), unchanged=()
    ),
    "a stop with nothing done or left": lambda: dataclasses.replace(samples.erasure_result(Language.JA), done=()),
    "a refusal without ground": lambda: dataclasses.replace(samples.refusal(Language.JA), grounds=()),
    "a defect of nothing": lambda: dataclasses.replace(samples.defect(Language.JA), missing=()),
    "a return of nothing": lambda: dataclasses.replace(samples.returned_documents(Language.JA), returned=()),
    "a receipt of no kind": lambda: dataclasses.replace(samples.receipt(Language.JA), kinds=()),
}


@pytest.mark.parametrize("make", EMPTY.values(), ids=EMPTY)
def test_it_refuses(make: Callable[[], object]) -> None:
    with pytest.raises(LetterError):
        make()


@both
def test_a_defect_names_the_thing_the_date_and_what_follows(language: Language) -> None:
    letter = samples.defect(language)
    assert isinstance(letter, DefectLetter)
    assert says(letter, "令和8年12月4日（必着）", "4 December 2026 (arrival)")
    assert says(letter, "ご提出いただいた書類をお返しいたします", "return what you sent")


@both
def test_a_return_lists_the_money_order(language: Language) -> None:
    letter = samples.returned_documents(language)
    assert isinstance(letter, ReturnLetter)
    assert says(letter, "定額小為替 300円", "Postal money order, 300 yen")
    assert says(letter, "00000-00000000", "00000-00000000")


@both
def test_no_record_of_provision_is_said_plainly(language: Language) -> None:
    letter = samples.no_provision_records(language)
    assert isinstance(letter, ProvisionRecordsLetter)
    assert says(letter, "開示の対象となる第三者提供記録：なし", "Records of provision subject to disclosure: none")


@pytest.mark.parametrize("outcome", list(FeeOutcome))
def test_a_fee_is_said_as_it_ended(outcome: FeeOutcome) -> None:
    note = FeeNote(outcome=outcome, amount_yen=1500)
    ja, en = note.say(Language.JA), note.say(Language.EN)
    if outcome is FeeOutcome.FREE:
        assert "1,500" not in ja + en
    else:
        assert "1,500円" in ja
        assert "1,500 yen" in en
    assert ("返却" in ja or "お返しいたします" in ja) == (outcome is FeeOutcome.RETURNED)


@both
@pytest.mark.parametrize("kind", list(RequestKind))
def test_every_kind_can_be_not_held_or_refused(kind: RequestKind, language: Language) -> None:
    facts: dict[str, Any] = letter_facts(language)
    for letter in (
        NotHeldLetter(**facts, kind=kind, basis=NOTICE_33),
        RefusalLetter(**facts, kind=kind, basis=NOTICE_33, grounds=(HARM,)),
    ):
        assert squeezed(KINDS[kind].asks.say(language)) in text(letter)


@both
def test_the_label_does_not_tell_what_is_inside(language: Language) -> None:
    said = text(samples.address_label(language))
    assert "𠮷乃" in said
    for forbidden in ("開示", "請求", "R-2026", "disclosure", "request"):
        assert forbidden not in said.lower()


@both
def test_a_support_measure_adds_checks(language: Language) -> None:
    assert not says(samples.checklist(language), "支援措置", "Support measure")
    assert says(samples.alarming_checklist(language), "支援措置：送付先", "Support measure: the person confirmed")
    assert not samples.checklist(language).address_differs()


@both
def test_the_slip_asks_for_none_as_well_as_found(language: Language) -> None:
    said = text(samples.search_slip(language))
    for part in (
        ("あり", "なし", "葛\U000e0101城", "S-2026-0031", "R-2026-0012")
        if language is Language.JA
        else ("found", "none")
    ):
        assert part in said
    assert squeezed(samples.CABINET.say(language)) in said


@both
def test_the_form_is_made_of_the_procedure(language: Language) -> None:
    said = text(samples.request_form(language))
    for kind in RequestKind:
        assert squeezed(KINDS[kind].name.say(language)) in said
    words = (
        "フリガナ",
        "旧姓",
        "以前の住所",
        "電話番号",
        "電子メール",
        "当社との関係",
        "請求先の会社",
        "代理人",
        "電磁的記録",
        "被保険者等記号",
        "個人情報開示等請求書在中",
        "委任状",
    )
    english = (
        "katakana",
        "Formersurname",
        "Formeraddress",
        "Telephone",
        "E-mail",
        "Relation",
        "Companyofthegroup",
        "Agent",
        "electronicrecord",
        "insuredperson",
        "enclosed",
        "powerofattorney",
    )
    for word in words if language is Language.JA else english:
        assert word in said


def test_the_form_asks_no_fee_when_none_is_published() -> None:
    kinds = tuple(dataclasses.replace(line, fee_yen=None) for line in samples.request_form(Language.JA).kinds)
    said = text(samples.request_form(Language.JA, kinds=kinds, fee=None))
    assert "７手数料" not in said
    assert "500円" not in said
    assert "７手数料" in text(samples.request_form(Language.JA))


def test_the_form_holds_a_large_group() -> None:
    many = tuple(Text(f"株式会社中京グループ第{n}", f"Chukyo Group {n}") for n in range(24))
    form = render(samples.request_form(Language.JA, organisations=many))
    assert form.pages == 2
    assert "株式会社中京グループ第23" in text_of(form.pdf)


def test_the_house_counts_years_as_it_is_set() -> None:
    house = dataclasses.replace(HOUSE, style=HouseStyle(calendar=Calendar.GREGORIAN))
    letter = dataclasses.replace(samples.delay(Language.JA), house=house)
    assert "2026年11月13日" in text(letter)
    assert "令和8年11月13日" in text(samples.delay(Language.JA))


def test_the_first_year_of_an_era_is_gannen() -> None:
    letter = dataclasses.replace(samples.delay(Language.JA), dated_on=date(2019, 5, 1))
    assert "令和元年5月1日" in text(letter)


def test_the_number_follows_the_houses_pattern() -> None:
    house = dataclasses.replace(
        HOUSE, style=HouseStyle(number_pattern=Text("管{era_year}第{number}号", "{year}/{number}"))
    )
    assert "管令和8年第2026-0042号" in text(dataclasses.replace(samples.delay(Language.JA), house=house))
    assert "2026/2026-0042" in text(dataclasses.replace(samples.delay(Language.EN), house=house))


@pytest.mark.parametrize(
    "pattern",
    [
        "第号",
        "{numbr}",
        "{number}{who}",
        "{number",
        "{number}{0}",
        "{number.x}",
        "{number:>9}",
        "{number!r}",
        "{{number}}",
    ],
)
def test_a_wrong_number_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(LetterError):
        HouseStyle(number_pattern=Text(pattern, "{number}"))


def test_window_and_seal_are_the_houses() -> None:
    window = AddressWindow(left_mm=24, top_mm=30, width_mm=80, height_mm=35)
    house = dataclasses.replace(HOUSE, style=HouseStyle(window=window, seal=SealSpace(outline=False)))
    moved = render(dataclasses.replace(samples.delay(Language.JA), house=house))
    assert "印" in text_of(printed("delay", Language.JA).pdf)
    assert "印" not in text_of(moved.pdf)
    assert moved.pages == 1
    assert min(c.top for c in characters(moved.pdf) if c.text == "髙") == pytest.approx(48, abs=6)
    without = render(
        dataclasses.replace(samples.delay(Language.JA), house=dataclasses.replace(HOUSE, style=HouseStyle(seal=None)))
    )
    assert "印" not in text_of(without.pdf)


def test_no_paper_claims_conformity() -> None:
    for name in PAPERS:
        for language in Language:
            said = text_of(printed(name, language).pdf).lower()
            assert "準拠" not in said
            assert "compliant" not in said


@both
def test_a_disclosure_tells_how_to_have_mistakes_put_right(language: Language) -> None:
    letter = samples.disclosure(language)
    assert isinstance(letter, DisclosureLetter)
    assert not isinstance(letter, PartialDisclosureLetter)
    assert says(letter, "訂正、追加又は削除をご請求いただくことができます", "ask us to correct, add to or delete it")
    assert PERSON.name.reveal(purpose="test").split()[0] in text(letter)

"""Names as their bearers write them."""

import dataclasses
from typing import Any

import pytest

from daicho.law.kinds import RequestKind
from daicho.letters.answers import NotHeldLetter
from daicho.letters.glyphs import missing_characters
from daicho.letters.house import Addressee, House, HouseStyle, Typeface
from daicho.letters.press import HOUSE_FAMILY, RenderedLetter, render
from daicho.letters.variants import variants_in
from daicho.words.text import Language
from tests.letters.reading import characters, page_texts, squeezed, text_of
from tests.letters.samples import (
    HOUSE,
    NOTICE_33,
    PERSON,
    address_label,
    attendance,
    disclosure,
    field,
    inquiry,
    letter_facts,
    personal,
)

ODD_NAMES = {
    "outside the basic plane": "𠮷野 家子",
    "ladder taka": "髙橋 﨑山",
    "variation sequence": "葛\U000e0101城 辻\U000e0100井",
    "markup": '#panic("x") *b* _i_ $x^2$ `raw` @ref <label>',
    "quotes and comments": 'O\'Brien "Q" // end /* no */ \\ ~ -- ---',
    "brackets": "[a] {b} (c) #{d} = head",
    "western letters": "Łukasz Đặng Ñuñez Çelik",
    "korean": "김민수",
}


def letter_to(name: str, language: Language = Language.JA, house: House = HOUSE) -> NotHeldLetter:
    to = dataclasses.replace(PERSON, name=personal(name, "name"))
    facts: dict[str, Any] = letter_facts(language, to=to, house=house)
    return NotHeldLetter(**facts, kind=RequestKind.DISCLOSURE, basis=NOTICE_33)


def codes(printed: RenderedLetter) -> dict[str, tuple[str, ...]]:
    return {warning.code: warning.characters for warning in printed.warnings}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_it_prints_a_name_literally(name: str, language: Language) -> None:
    printed = render(letter_to(name, language))
    assert printed.warnings == ()
    text = text_of(printed.pdf)
    assert text.count(squeezed(name)) >= 3  # address, sentence, table


def test_a_character_no_face_has_leaves_a_box_for_the_pen() -> None:
    lost = "\U0002ffff"  # no font can have it: a noncharacter
    printed = render(letter_to(f"山{lost}田"))
    assert codes(printed) == {"hand-entry": ("U+2FFFF",)}
    assert "山\ufffc田" not in text_of(printed.pdf)
    assert printed.pages == 1


def test_a_private_character_is_never_left_to_a_font() -> None:
    assert codes(render(letter_to("山\ue000田"))) == {"hand-entry": ("U+E000",)}


def test_a_missing_variant_is_printed_plain_and_said() -> None:
    printed = render(letter_to("邊\U000e0120見"))
    assert codes(printed) == {"plain-shape": ("U+908A U+E0120",)}
    assert "邊" in text_of(printed.pdf)


def test_it_finds_each_variant_once_and_leaves_emoji_alone() -> None:
    assert variants_in("葛\U000e0101と葛\U000e0101と❤\ufe0f") == [("葛", "\U000e0101")]


@pytest.mark.parametrize("control", ["\x00", "\x07", "\u202e", "\u200b", "\ufeff", "\x85"])
def test_an_unprintable_character_shows_its_number(control: str) -> None:
    printed = render(letter_to(f"山{control}田"))
    assert f"山[U+{ord(control):04X}]田" in text_of(printed.pdf)


def test_half_a_character_does_not_stop_a_letter() -> None:
    assert "山[U+D842]田" in text_of(render(letter_to("山\ud842田")).pdf)


def test_a_compilers_complaint_is_read_whatever_it_quotes() -> None:
    said = (
        'error: the text `"\\u{2ffff}"` could not be displayed with font `"A"`\n'
        'error: the text `"😀"` could not be displayed with font `"A"`\n'
        'error: the text `"\\""` could not be displayed with font `"A"`'
    )
    assert missing_characters(said) == {"\U0002ffff", "😀", '"'}


@pytest.mark.parametrize("language", list(Language))
def test_a_long_name_and_address_stay_in_the_window(language: Language) -> None:
    to = Addressee(
        name=personal("寿限無" * 20),
        postal_code=personal("460-0008"),
        address=personal("愛知県名古屋市中区栄九丁目" * 8 + "\n" + "AVeryLongBuildingNameWithoutSpaces" * 4),
    )
    facts: dict[str, Any] = letter_facts(language, to=to)
    printed = render(NotHeldLetter(**facts, kind=RequestKind.DISCLOSURE, basis=NOTICE_33))
    assert printed.warnings == ()
    window = HOUSE.style.window
    top_left = [c for c in characters(printed.pdf) if c.left < 100 and c.top < window.top_mm + window.height_mm + 3]
    assert len(top_left) > 200
    assert max(c.right for c in top_left) <= window.left_mm + window.width_mm + 0.5
    assert max(c.bottom for c in top_left) <= window.top_mm + window.height_mm + 0.5


def test_an_address_too_long_for_the_window_is_said_and_pushes_the_letter_down() -> None:
    to = dataclasses.replace(PERSON, address=personal("愛知県名古屋市中区栄九丁目" * 60))
    facts: dict[str, Any] = letter_facts(Language.JA, to=to)
    printed = render(NotHeldLetter(**facts, kind=RequestKind.DISCLOSURE, basis=NOTICE_33))
    assert "address-too-long" in codes(printed)
    address_end = max(c.bottom for c in characters(printed.pdf) if c.text == "栄" and c.page == 0)
    title_top = min(c.top for c in characters(printed.pdf) if c.text == "拝")
    assert title_top > address_end


def test_a_label_holds_a_long_address() -> None:
    to = dataclasses.replace(PERSON, address=personal("愛知県名古屋市中区栄九丁目" * 8))
    printed = render(address_label(Language.JA, to=to))
    assert max(c.bottom for c in characters(printed.pdf)) < 130


def test_a_face_of_the_house_is_used_and_lends_from_the_gothic() -> None:
    plain = render(letter_to("髙橋 Taro", Language.EN))
    house = dataclasses.replace(HOUSE, style=HouseStyle(typeface=Typeface(family="Libertinus Serif")))
    printed = render(letter_to("髙橋 Taro", Language.EN, house))
    assert printed.warnings == ()
    assert b"LibertinusSerif" in printed.pdf
    assert b"LibertinusSerif" not in plain.pdf
    assert b"NotoSansCJK" in printed.pdf
    assert "髙橋Taro" in text_of(printed.pdf)


def test_a_face_the_machine_lacks_is_said_and_does_not_block() -> None:
    house = dataclasses.replace(HOUSE, style=HouseStyle(typeface=Typeface(family="No Such Mincho")))
    printed = render(letter_to("髙橋", Language.JA, house))
    assert codes(printed) == {"face-missing": ()}
    assert HOUSE_FAMILY == "Noto Sans CJK JP"


def test_values_of_any_shape_stay_inside_their_cells() -> None:
    odd = dataclasses.replace(
        inquiry(),
        fields=(
            field("URL", "URL", "https://example.jp/" + "abcdefghij" * 40),
            field("空白なし", "No blanks", "Q" * 3000),
            field("長文", "Long", "とても長い文章です。" * 900),
            field("改行", "Lines", "一行目\n二行目\n\n四行目"),
            field("バイト", "Bytes", b"\x00" * 12345),
        ),
    )
    printed = render(disclosure(Language.JA, records=[odd, *attendance(3)]))
    assert printed.warnings == ()
    assert printed.pages > 3
    assert max(c.right for c in characters(printed.pdf)) < 210 - 24
    text = text_of(printed.pdf)
    assert "四行目" in text
    assert "https://example.jp/" + "abcdefghij" * 40 in text
    assert "12,345バイトのデータ" in text
    assert text.count("章") == 900
    assert text.count("Q") == 3000
    assert "件名" not in "".join(page_texts(printed.pdf))

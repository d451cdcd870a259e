"""The setting ``letters``: every key does something, and everything else is refused at its place."""

import dataclasses
import itertools
from pathlib import Path
from typing import Any

import pytest

from daicho.letters.house import AddressWindow, HouseStyle, SealSpace, Typeface
from daicho.letters.press import render
from daicho.letters.setting import KEYS, LOWEST_MM, RIGHTMOST_MM, HouseStyles, read_styles
from daicho.words.era import Calendar
from daicho.words.text import Language, Text
from tests.letters import samples
from tests.letters.reading import characters, page_sizes, squeezed
from tests.letters.samples import HOUSE, PERSON

FOLDER = Path("/office")
#: A value other than the default for every key, with what must stand beside it → what it does.
EFFECTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "calendar": ({"calendar": "western"}, {"calendar": Calendar.GREGORIAN}),
    "number_ja": ({"number_ja": "総{number}"}, {"number_pattern": Text("総{number}", "Our ref.: {number}")}),
    "number_en": ({"number_en": "{year}/{number}"}, {"number_pattern": Text("個情発第{number}号", "{year}/{number}")}),
    "signatory_ja": ({"signatory_ja": "部長", "signatory_en": "Head"}, {"signatory": Text("部長", "Head")}),
    "signatory_en": ({"signatory_ja": "部長", "signatory_en": "Chief"}, {"signatory": Text("部長", "Chief")}),
    "seal": ({"seal": "space"}, {"seal": SealSpace(outline=False)}),
    "seal_side_mm": ({"seal_side_mm": 18}, {"seal": SealSpace(side_mm=18.0)}),
    "window_left_mm": ({"window_left_mm": 25.5}, {"window": AddressWindow(left_mm=25.5)}),
    "window_top_mm": ({"window_top_mm": 50}, {"window": AddressWindow(top_mm=50.0)}),
    "window_width_mm": ({"window_width_mm": 90}, {"window": AddressWindow(width_mm=90.0)}),
    "window_height_mm": ({"window_height_mm": 45}, {"window": AddressWindow(height_mm=45.0)}),
    "fold_marks": ({"fold_marks": "no"}, {"fold_marks": False}),
    "typeface": ({"typeface": "Mihon Mincho"}, {"typeface": Typeface(family="Mihon Mincho")}),
    "typeface_folders": (
        {"typeface": "Mihon Mincho", "typeface_folders": ["fonts", "/usr/share/mihon"]},
        {"typeface": Typeface(family="Mihon Mincho", folders=(FOLDER / "fonts", Path("/usr/share/mihon")))},
    ),
    "show_fax": ({"show_fax": "no"}, {"shows_fax": False}),
    "show_email": ({"show_email": "no"}, {"shows_email": False}),
}
WRONG: dict[str, list[Any]] = {
    "calendar": ["gregorian", "和暦", "Era", "", 1, True, [], ["era"], {}],
    "number_ja": ["第号", "{numbr}", "{number", "{number}{0}", "{number:>999999999}", "{number!r}", "", 7, "第{number}\n号", "第{number}" + "号" * 60],
    "number_en": ["{number}{who}", "{number.x}", "{{number}}", None],
    "signatory_ja": ["部長\n部長", "長" * 61, 1, "部長\u202e", ["部長"]],
    "signatory_en": ["Head\tof", False],
    "seal": ["yes", "no", "Outlined", False, 24],
    "seal_side_mm": [11.9, 31, "24", True, float("nan"), float("inf"), -24, 10**400],
    "window_left_mm": [9, 61, "20mm", float("nan")],
    "window_top_mm": [9.9, 81, False],
    "window_width_mm": [49, 101, None],
    "window_height_mm": [19, 61, [38]],
    "fold_marks": [True, False, "on", "Yes", 1],
    "typeface": ["a\nb", 3, ["Mihon Mincho"]],
    "typeface_folders": ["fonts", [""], [1], ["a\0b"], {"fonts": 1}],
    "show_fax": [False, "never"],
    "show_email": [True, ""],
}  # fmt: skip


class Told:
    """Reads a table and keeps what was refused: code, steps, and the sentences."""

    def __init__(self, table: object) -> None:
        self.refused: list[tuple[str, str]] = []
        self.words: list[Text] = []
        self.styles = read_styles(table, folder=FOLDER, refuse=self._refuse)

    def _refuse(self, code: str, steps: tuple[str, ...], message: Text, advice: Text) -> None:
        self.refused.append((code, ".".join(steps)))
        self.words += [message, advice]


def accepted(table: dict[str, Any]) -> HouseStyles:
    told = Told(table)
    assert told.refused == []
    return told.styles


def test_who_writes_nothing_has_the_style_of_the_house() -> None:
    assert accepted({}) == HouseStyles()
    assert accepted({"copro": {}}).of("copro") == HouseStyle()
    for key in KEYS:
        if key.left_out:  # written out, the default changes nothing
            assert accepted({key.name: key.left_out}).for_all == HouseStyle(), key.name


def test_every_key_and_every_part_of_a_style_is_set_by_an_example() -> None:
    names = [key.name for key in KEYS]
    assert list(EFFECTS) == list(WRONG) == names
    changed = {part for _, effect in EFFECTS.values() for part in effect}
    assert changed == {part.name for part in dataclasses.fields(HouseStyle)}


@pytest.mark.parametrize("key", EFFECTS)
def test_a_key_does_what_it_says_and_nothing_else(key: str) -> None:
    written, effect = EFFECTS[key]
    style = accepted(written).for_all
    assert style == dataclasses.replace(HouseStyle(), **effect)
    assert style != HouseStyle()


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
@pytest.mark.parametrize("organisation", ["", "copro"])
def test_a_value_that_cannot_be_used_is_refused_at_its_key(key: str, value: Any, organisation: str) -> None:
    told = Told({organisation: {key: value}} if organisation else {key: value})
    steps = ".".join(one for one in ("letters", organisation, key) if one)
    assert told.refused == [("value", steps)]
    for text in told.words:
        assert text.ja != text.en
    assert told.styles.for_all == HouseStyle()


def test_what_was_written_is_not_repeated() -> None:
    told = Told({"calendar": "s3cret", "number_ja": "s3cret", "typeface": "s3cret\n", "seal_side_mm": "s3cret"})
    assert len(told.refused) == 4
    assert "s3cret" not in "".join(text.ja + text.en for text in told.words)


def test_an_unknown_key_is_refused_and_the_nearest_one_named() -> None:
    told = Told({"windw_left_mm": 20, "colour": "red"})
    assert told.refused == [("unknown-key", "letters.windw_left_mm"), ("unknown-key", "letters.colour")]
    assert "window_left_mm" in told.words[1].en
    assert "seal_side_mm" not in told.words[1].en
    assert all(key.name in told.words[3].ja for key in KEYS)


@pytest.mark.parametrize("table", ["era", 1, [], [{"calendar": "era"}], None])
def test_letters_must_be_a_table(table: object) -> None:
    assert Told(table).refused == [("table", "letters")]


def test_a_table_that_is_no_organisations_is_refused() -> None:
    told = Told({"Copro Holdings": {"calendar": "western"}, "copro": {"engineering": {"calendar": "western"}}})
    assert told.refused == [("organisation", "letters.Copro Holdings"), ("unknown-key", "letters.copro.engineering")]
    assert Told({"calendar": {"ja": "era"}}).refused == [("value", "letters.calendar")]


def test_a_signatory_is_named_in_both_languages_or_in_none() -> None:
    assert Told({"signatory_ja": "部長"}).refused == [("signatory", "letters.signatory_ja")]
    assert Told({"signatory_en": "Head"}).refused == [("signatory", "letters.signatory_en")]
    both = {"signatory_ja": "部長", "signatory_en": "Head"}
    assert Told({**both, "copro": {"signatory_en": ""}}).refused == [("signatory", "letters.copro.signatory_en")]
    assert accepted({**both, "copro": {"signatory_ja": "", "signatory_en": ""}}).of("copro").signatory is None
    assert accepted({**both, "copro": {"signatory_ja": "課長"}}).of("copro").signatory == Text("課長", "Head")


def test_a_window_that_leaves_no_room_for_the_sender_or_the_letter_is_refused_where_it_is_written() -> None:
    wide = {"window_left_mm": 40, "window_width_mm": 90}
    assert Told(wide).refused == [("window", "letters.window_width_mm")]
    assert Told({"window_top_mm": 70, "window_height_mm": 60}).refused == [("window", "letters.window_height_mm")]
    fits = {"window_left_mm": 34}
    assert Told({**fits, "copro": {"window_width_mm": 90}}).refused == [("window", "letters.copro.window_width_mm")]
    assert Told({**wide, "copro": {"seal": "none"}}).refused == [("window", "letters.window_width_mm")]  # told once


def test_an_organisations_own_key_wins_and_the_others_stay() -> None:
    styles = accepted(
        {
            "calendar": "western",
            "seal": "space",
            "typeface": "Mihon Mincho",
            "typeface_folders": ["fonts"],
            "copro": {"seal_side_mm": 18, "calendar": "era", "typeface": ""},
        }
    )
    assert styles.of("copro") == HouseStyle(seal=SealSpace(side_mm=18.0, outline=False))
    assert styles.of("another").calendar is Calendar.GREGORIAN
    assert styles.of("another").seal == SealSpace(outline=False)
    assert styles.of("another").typeface == Typeface(family="Mihon Mincho", folders=(FOLDER / "fonts",))


def test_everything_wrong_is_told_at_once() -> None:
    told = Told({"calendar": "x", "colour": 1, "copro": {"seal": "x", "window_top_mm": 0}, "B!": {}})
    assert {steps for _, steps in told.refused} == {
        "letters.calendar",
        "letters.colour",
        "letters.copro.seal",
        "letters.copro.window_top_mm",
        "letters.B!",
    }


# ── on paper ─────────────────────────────────────────────────────────────────────────────────

_LEFTS = [(10, 50), (10, 100), (60, 50), (60, RIGHTMOST_MM - 60), (20, 100)]
_TOPS = [(10, 20), (10, 60), (80, 20), (80, LOWEST_MM - 80), (60, 60)]
WINDOWS = list(itertools.product(_LEFTS, _TOPS))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("across", "down"), WINDOWS)
def test_wherever_the_window_may_be_it_shows_the_address_and_nothing_else(
    across: tuple[int, int], down: tuple[int, int], language: Language
) -> None:
    (left, width), (top, height) = across, down
    setting = {"window_left_mm": left, "window_width_mm": width, "window_top_mm": top, "window_height_mm": height}
    house = dataclasses.replace(HOUSE, style=accepted({**setting, "seal_side_mm": 30}).for_all)
    printed = render(dataclasses.replace(samples.refusal(language), house=house, to=PERSON))
    inside, outside = "", ""
    (wide, high), *_ = page_sizes(printed.pdf)
    for one in characters(printed.pdf):
        assert 3.9 < one.left < one.right < wide - 3.9
        assert 3.9 < one.top < one.bottom < high - 3.9
        x, y = (one.left + one.right) / 2, (one.top + one.bottom) / 2
        if one.page == 0 and left < x < left + width and top < y < top + height:
            inside += one.text
        elif one.page == 0:
            outside += one.text
    address = [PERSON.name, PERSON.address, PERSON.postal_code]
    for part in address:
        assert squeezed(part.reveal(purpose="test")) in inside
    assert set(inside) <= set("".join(part.reveal(purpose="test") for part in address) + "〒様")
    assert squeezed(HOUSE.company.say(language)) in outside


@pytest.mark.parametrize("side", [12, 24, 30])
def test_the_seals_middle_lies_at_the_companys_name(side: int) -> None:
    house = dataclasses.replace(HOUSE, style=accepted({"seal_side_mm": side}).for_all)
    found = list(characters(render(dataclasses.replace(samples.delay(Language.JA), house=house)).pdf))
    (seal,) = [one for one in found if one.text == "印"]
    name = next(one for one in found if one.text == "株" and one.left > 90)
    assert (seal.top + seal.bottom) / 2 == pytest.approx((name.top + name.bottom) / 2, abs=2)


def test_a_long_company_name_stays_on_its_line_beside_a_wide_window() -> None:
    style = accepted({"window_left_mm": 20, "window_width_mm": 100}).for_all
    house = dataclasses.replace(HOUSE, style=style, company=Text("株式会社コプロ・ホールディングス", "Copro"))
    found = list(characters(render(dataclasses.replace(samples.delay(Language.JA), house=house)).pdf))
    first = next(one for one in found if one.text == "株" and one.left > 120)
    line = "".join(one.text for one in found if one.left > 120 and abs(one.bottom - first.bottom) < 1.5)
    assert line == "株式会社コプロ・ホールディングス"

"""What holds for every paper, in both languages."""

import re

import pytest

from daicho.letters.letter import Letter, Paper
from daicho.letters.press import render
from daicho.words.text import Language
from tests.letters.reading import characters, page_sizes, page_texts, squeezed, text_of
from tests.letters.samples import HOUSE, LETTERS, PAPERS, printed

CASES = [(name, language) for name in PAPERS for language in Language]
LETTER_CASES = [(name, language) for name in LETTERS for language in Language]
NEAREST_TO_EDGE_MM = 3.9


def _all_kinds_of_paper(root: type[object]) -> set[type[object]]:
    found: set[type[object]] = set()
    for kind in root.__subclasses__():
        found |= {kind, *_all_kinds_of_paper(kind)}
    return {kind for kind in found if not getattr(kind, "__abstractmethods__", None)}


def test_the_samples_hold_every_kind_of_paper() -> None:
    # By name: a dataclass with slots is made twice, and both count as subclasses.
    shown = {type(make(Language.JA)).__name__ for make in PAPERS.values()}
    assert shown == {kind.__name__ for kind in _all_kinds_of_paper(Paper)}


@pytest.mark.parametrize(("name", "language"), CASES)
def test_it_is_pdf_a_with_the_pages_it_says(name: str, language: Language) -> None:
    paper = printed(name, language)
    assert paper.pdf.startswith(b"%PDF-")
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>", paper.pdf)
    assert re.search(rb"<pdfaid:conformance>B</pdfaid:conformance>", paper.pdf)
    assert paper.pages == len(page_texts(paper.pdf)) >= 1
    wanted = (297, 210) if "ledger" in name else (210, 297)
    assert set(page_sizes(paper.pdf)) == {wanted}


@pytest.mark.parametrize(("name", "language"), CASES)
def test_nothing_stands_outside_the_page(name: str, language: Language) -> None:
    pdf = printed(name, language).pdf
    sizes = page_sizes(pdf)
    found = list(characters(pdf))
    assert len(found) > 50
    outside = [
        character
        for character in found
        if character.left < NEAREST_TO_EDGE_MM
        or character.top < NEAREST_TO_EDGE_MM
        or character.right > sizes[character.page][0] - NEAREST_TO_EDGE_MM
        or character.bottom > sizes[character.page][1] - NEAREST_TO_EDGE_MM
    ]
    assert outside == []


@pytest.mark.parametrize(("name", "language"), CASES)
def test_it_prints_without_a_warning(name: str, language: Language) -> None:
    codes = [warning.code for warning in printed(name, language).warnings]
    assert codes == (["address-differs"] if name == "alarming checklist" else [])


@pytest.mark.parametrize(("name", "language"), LETTER_CASES)
def test_a_letter_has_everything_a_letter_has(name: str, language: Language) -> None:
    letter = LETTERS[name](language)
    assert isinstance(letter, Letter)
    pdf = printed(name, language).pdf
    text = text_of(pdf)
    wanted = [
        letter.title(),
        letter.request_no,
        HOUSE.company.say(language),
        HOUSE.telephone.say(language),
        HOUSE.department.say(language),
        HOUSE.say_number(letter.letter_no, dated_on=letter.dated_on, language=language),
        HOUSE.say_day(letter.dated_on, language),
        letter.to.name.reveal(purpose="test"),
        letter.person,
    ]
    wanted += ["拝啓", "敬具", "記", "以上"] if language is Language.JA else ["Dear", "Yours sincerely,"]
    assert [part for part in wanted if squeezed(part) not in text] == []
    pages = page_texts(pdf)
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in page


@pytest.mark.parametrize(("name", "language"), LETTER_CASES)
def test_only_the_address_shows_in_the_envelopes_window(name: str, language: Language) -> None:
    letter = LETTERS[name](language)
    assert isinstance(letter, Letter)
    window = HOUSE.style.window
    inside = [
        character
        for character in characters(printed(name, language).pdf)
        if character.page == 0
        and window.left_mm < (character.left + character.right) / 2 < window.left_mm + window.width_mm
        and window.top_mm < (character.top + character.bottom) / 2 < window.top_mm + window.height_mm
    ]
    shown = "".join(character.text for character in inside)
    allowed = letter.to.address.reveal(purpose="test") + letter.to.name.reveal(purpose="test") + letter.person
    allowed += letter.to.postal_code.reveal(purpose="test") + letter.to.capacity.say(language) + "〒様for"
    assert squeezed(letter.to.name.reveal(purpose="test")) in shown
    assert set(shown) <= set(allowed)


@pytest.mark.parametrize("language", list(Language))
def test_the_same_paper_gives_the_same_bytes(language: Language) -> None:
    assert render(LETTERS["refusal"](language)).pdf == render(LETTERS["refusal"](language)).pdf


@pytest.mark.parametrize("language", list(Language))
def test_the_parts_of_a_pack_have_page_numbers_of_their_own(language: Language) -> None:
    pages = page_texts(printed("case pack", language).pdf)
    letter_pages = printed("partial disclosure", language).pages
    assert "1/1" in pages[0]
    for number in range(1, letter_pages + 1):
        assert f"{number}/{letter_pages}" in pages[number]
    assert "1/1" in pages[-1]


def test_no_paper_reveals_a_person_when_it_is_logged() -> None:
    for make in PAPERS.values():
        said = repr(make(Language.JA))
        assert "<personal" in said or "RequestForm" in said or "rows=()" in said or "CoverSheet" in said
        assert "𠮷乃" not in said
        assert "ハイツ栄" not in said

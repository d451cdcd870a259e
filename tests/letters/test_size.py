"""Long disclosures."""

import time

import pytest

from daicho.letters.press import render
from daicho.words.text import Language
from tests.letters.reading import page_texts
from tests.letters.samples import attendance, basic_record, disclosure, not_held


def test_a_table_over_many_pages_repeats_its_head() -> None:
    printed = render(disclosure(Language.JA, records=[basic_record(), *attendance(300)]))
    pages = page_texts(printed.pdf)
    assert printed.pages > 6
    for page in pages[2:]:
        assert "勤務日" in page
        assert "300 件" in page
    assert sum(page.count("08:30") for page in pages) == 300


@pytest.mark.slow
def test_five_thousand_rows_are_printed_in_a_few_seconds() -> None:
    begun = time.perf_counter()
    printed = render(disclosure(Language.JA, records=attendance(5000)))
    assert time.perf_counter() - begun < 20
    assert sum(page.count("08:30") for page in page_texts(printed.pdf)) == 5000
    assert len(printed.pdf) < 2_000_000


def test_a_letter_takes_milliseconds_once_the_press_is_warm() -> None:
    render(not_held(Language.JA))
    begun = time.perf_counter()
    for number in range(10):
        render(not_held(Language.EN if number % 2 else Language.JA))
    assert (time.perf_counter() - begun) / 10 < 0.2

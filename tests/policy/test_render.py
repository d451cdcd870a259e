"""The public page and the PDF: complete, in order, self-contained, the same every time."""

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.policy.language import read_policy
from daicho.policy.render import html_of, page_of, pdf_of
from daicho.words.errors import InputError
from tests.policy.small import policy_of, small, t

FOLDER = Path(__file__).parents[2] / "examples/staffing-group"
LANGUAGES = ["ja", "en"]


@cache
def policy(name: str = "policy.yaml"):
    return read_policy((FOLDER / name).read_bytes(), path=name).policy


@cache
def html(language: str, name: str = "policy.yaml") -> str:
    return html_of(page_of(policy(name), language))


@cache
def pdf(language: str, name: str = "policy.yaml") -> bytes:
    return pdf_of(page_of(policy(name), language))


def text_of(page: str) -> str:
    return unescape(re.sub(r"<(style|title)>.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL))


#: What the published page says, in its order (English as published).
ORDER = [
    "Principle of Protecting Personal Information", "recognize that personal information", "Policy",
    "Obtaining, Using, Providing", "legal and fair means", "Laws, Regulations, Guidelines", "Secure Management",
    "Complaints and Consultations", "Continuous Improvement", "Individual Number and Specified",
    "Established on October 2, 2006", "Revised on January 1, 2021", "Kosuke Kiyokawa, CEO",
    "JISQ15001:2017 Requirements A.3.4.2.4 and A.3.4.4.3", "Type of Personal Information", "Responding to inquiries",
    "Gen-Kyari: the group’s own", "Service Deployment Matching", "Information on temporary staff",
    "How we use Personal Information", "Types of Data Collected", "① Employee Personal Data", "② Customer Data",
    "Organizations and People with Access", "Purpose of Collecting Data", "Entity Responsible",
    "Procedures for Disclosure Requests", "(1)", "a request for disclosure", "notification of the purpose of use", "(6)",
    "and other requests", "Where to Address", "by post", "registered mail", "request for personal information enclosed",
    "Documents to Be Submitted", "black out", "by an Agent", "power of attorney", "legal representative",
    "fee of 500 yen", "postal money order", "insufficient", "We will reply in writing", "Authorized Personal Information",
    "Grievance Counseling Office", "+81-3-5860-7565", "does not address inquiries", "questions, complaints, or inquiries",
    "Dainagoya Building 27F", "+81-52-589-3066 (weekdays: 9:00 to 18:00)", "+81-52-589-3067 (24-hour reception)",
    "Responsible Officer", "General Manager of the Personal Information Management Division",
]  # fmt: skip


def test_the_page_says_everything_the_company_published_in_its_order():
    shown = re.sub(r"\s+", " ", text_of(html("en").partition("<main>")[2]))
    place = 0
    for piece in ORDER:
        found = shown.find(piece, place)
        assert found >= 0, f"{piece!r} is missing after position {place}"
        place = found


@pytest.mark.parametrize("name", ["policy.yaml", "policy-2026.yaml"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fetches_nothing_and_runs_nothing(language, name):
    page = html(language, name)
    assert "<script" not in page
    assert not re.search(r"\s(?:src|srcset|action|data)=|@import|url\(", page)
    targets = re.findall(r'href="([^"]*)"', page)
    assert targets
    assert all(target.startswith(("#", "privacy-policy.")) for target in targets)
    assert "default-src 'none'" in page
    assert 'name="viewport"' in page
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("name", ["policy.yaml", "policy-2026.yaml"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_and_every_contents_entry_leads_somewhere(language, name):
    page = html(language, name)
    checker = _Checker()
    checker.feed(page)
    assert checker.open == []
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert anchors
    assert set(re.findall(r'href="#([^"]+)"', page)) == anchors


class _Checker(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_what_the_page_says(language):
    document = pypdfium2.PdfDocument(pdf(language))
    shown = "".join(re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in document)
    assert len(document) == (3 if language == "ja" else 4)
    for block in page_of(policy(), language).blocks:
        words = getattr(block, "text", None) or getattr(block, "company", None)
        if words:
            assert re.sub(r"\s+", "", words)[:30] in shown
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)


def test_the_same_policy_gives_the_same_pdf():
    assert pdf("ja") == pdf_of(page_of(policy(), "ja"))
    assert b"pdfaid:part" in pdf("ja"), "it says of itself that it is PDF/A"


def test_a_character_that_no_font_holds_is_told_not_boxed():
    plain = small()
    plain["handling"]["says"] = t("書体にない\U00012000文字", "text")
    with pytest.raises(InputError):
        pdf_of(page_of(policy_of(plain).policy, "ja"))


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet=st.sampled_from("#$*_<>&\"'`\\@{}[]=/-+~甲乙 a1"), min_size=1, max_size=40).filter(str.strip))
def test_no_text_of_a_policy_becomes_markup(text):
    plain = small()
    plain["handling"]["says"] = {"ja": text, "en": text}
    page = page_of(policy_of(plain).policy, "ja")
    body = html_of(page).partition("<main>")[2]
    assert re.sub(r"\s", "", text.strip()) in re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", body)))
    assert pdf_of(page).startswith(b"%PDF-")


def test_code_in_a_text_is_printed_not_run():
    plain = small()
    plain["handling"]["says"] = t('#panic("x") *b* $x$', '<script>alert("x")</script>')
    read = policy_of(plain).policy
    document = pypdfium2.PdfDocument(pdf_of(page_of(read, "ja")))
    assert '#panic("x")*b*$x$' in "".join(
        re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in document
    ).replace("“", '"').replace("”", '"')
    assert "&lt;script&gt;" in html_of(page_of(read, "en"))


def test_what_is_not_published_is_not_on_the_page():
    assert "コプロ・テクノロジー" not in html("ja")
    assert "コプロ・テクノロジー" in html("ja", "policy-2026.yaml")
    assert "コプロ・テクノロジー" in policy().organisation("copro-technology").name.ja

"""A policy edited as fields: made from the language's model, written back where it stood."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from daicho.policy.editing.form import Field, Shape, changed_rows, form_of, read_form, sections
from daicho.policy.editing.patch import rewrite
from daicho.policy.editing.words import value_words
from daicho.policy.queries import find_draft
from daicho.words.documents import read_document
from tests.policy.screens import (
    ALICE,
    CHANGED,
    GROUP,
    NOW,
    SOURCE,
    publish_the_first,
    said,
    seat_everybody,
    seen_in,
    sit,
)
from tests.policy.small import small

NEWER = (Path(__file__).parents[2] / "examples/staffing-group/policy-2026.yaml").read_text(encoding="utf-8")


class Posted(HTMLParser):
    """What a browser would send for the form of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.name = ""
        self.select = ""
        self.feed(page[page.index('id="fields"') :])

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.found.setdefault(name, []).append(given.get("value") or "")
        if tag == "textarea":
            self.name = name
            self.found[name] = [""]
        if tag == "select":
            self.select = name
            self.found[name] = [""]
        if tag == "option" and "selected" in given:
            self.found[self.select] = [given.get("value") or ""]

    def handle_data(self, data):
        if self.name:
            self.found[self.name][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.name = ""


@pytest.fixture
def office(db, workspace, monkeypatch):
    monkeypatch.setenv("DAICHO_AT", NOW)
    seat_everybody()
    publish_the_first()


def form(section: str, code: str = "sato") -> tuple[object, dict[str, list[str]]]:
    page = sit(code).get(f"/policy/{GROUP}/fields/{section}/")
    assert page.status_code == 200
    return page, Posted(said(page)).found


def send(section: str, posted: dict[str, list[str]], act: str = "save"):
    return sit("sato").post(f"/policy/{GROUP}/fields/{section}/", {**posted, "act": act})


def kept() -> str:
    draft = find_draft(GROUP, scope=ALICE)
    return draft.source if draft else ""


@pytest.mark.parametrize("text", [SOURCE, NEWER], ids=["policy", "policy-2026"])
def test_every_section_is_read_back_as_it_stood(office, text):
    """What the browser sends for an untouched form says what the document said."""
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    document = read_document(text.encode(), path="").value
    for section in sections():
        root = form_of(section, document)
        page = render_to_string(
            "policy/one_field.html", {"field": root, "top": True, "marks": {}}, request=RequestFactory().get("/")
        )
        value = read_form(section, Posted(f'<i id="fields">{page}').found)
        assert (value or None) == (document.get(section) or None), section


def test_one_word_changes_one_line_and_comments_stay(office):
    _, posted = form("organisations")
    posted["organisations.0.representative.title.ja"] = ["代表取締役会長"]
    assert send("organisations", posted).status_code == 302
    before, after = SOURCE.splitlines(), kept().splitlines()
    assert [line for line in after if line not in before] == ["      title: {ja: 代表取締役会長, en: CEO}"]
    assert kept().count("#") == SOURCE.count("#") > 1


def test_rows_are_added_moved_and_removed_without_saving(office):
    _, posted = form("organisations")
    page = send("organisations", posted, "up:organisations.1")
    assert "not saved yet" in said(page)
    assert kept() == ""
    moved = Posted(said(page)).found
    assert moved["organisations.0.code"] == posted["organisations.1.code"]
    page = send("organisations", moved, "add:organisations")
    grown = Posted(said(page)).found
    assert grown["organisations.#"] == ["5"]
    back = Posted(said(send("organisations", grown, "remove:organisations.4"))).found
    assert send("organisations", back).status_code == 302
    assert kept().index("code: copro-construction") < kept().index("code: copro-holdings")
    assert "# Example" in kept()


def test_an_optional_part_is_written_and_left_out_again(office):
    _, posted = form("privacy_mark")
    page = send("privacy_mark", posted, "part:privacy_mark")
    opened = Posted(said(page)).found
    opened["privacy_mark.registration"] = ["12345678(09)"]
    opened["privacy_mark.valid_until"] = ["2027-03-31"]
    assert send("privacy_mark", opened).status_code == 302
    assert "privacy_mark: {registration: 12345678(09), valid_until: 2027-03-31}" in kept()
    _, posted = form("privacy_mark")
    gone = Posted(said(send("privacy_mark", posted, "remove:privacy_mark"))).found
    assert "privacy_mark.!" not in gone


def test_what_is_wrong_stands_at_its_field_and_is_not_lost(office):
    _, posted = form("desks")
    posted["desks.0.lines.telephone.number"] = ["<b>none</b>"]
    posted["desks.0.name.en"] = [""]
    page = send("desks", posted)
    assert page.status_code == 400
    assert kept() == ""
    assert set(page.context["marks"]) == {"f-desks-0-lines-telephone-number", "f-desks-0-name"}
    assert "&lt;b&gt;none" in said(page)
    assert "<b>none" not in said(page)


def test_a_finding_stands_at_its_field(office):
    page = sit("sato").get(f"/policy/{GROUP}/fields/joint_use/")
    anchors = {anchor for anchor, _ in page.context["here"]}
    assert anchors
    for anchor in anchors:
        assert f'id="{anchor}"' in said(page)
    findings = said(sit("sato").get(f"/policy/{GROUP}/1/findings/"))
    assert f"/policy/{GROUP}/fields/joint_use/#f-joint_use-" in findings


def test_a_section_is_checked_as_it_is_filled_in_and_nothing_is_kept(office):
    _, posted = form("purposes")
    where = f"/policy/{GROUP}/fields/purposes/check/"
    before = sit("sato").post(where, posted).content.decode()
    changed = {**posted, "purposes.0.says.ja": [""], "purposes.0.says.en": [""]}
    after = sit("sato").post(where, changed).content.decode()
    assert 'href="#f-purposes-0-says"' in after
    assert 'href="#f-purposes-0-says"' not in before
    assert kept() == ""
    assert sit("infra").post(where, changed).status_code == 403


def test_a_form_opened_before_another_save_is_refused_with_nothing_lost(office):
    page, posted = form("title")
    sit("alice").post(f"/policy/{GROUP}/text/", {"source": CHANGED, "seen": seen_in(page)})
    posted["title.ja"] = ["別の題名"]
    page = send("title", posted)
    assert page.status_code == 409
    assert "別の題名" in said(page)
    assert kept() == CHANGED
    again = Posted(said(page)).found
    assert send("title", again).status_code == 302
    assert "別の題名" in kept()
    assert "ご回答" in kept()


@pytest.mark.parametrize(("language", "words"), [("ja", "代表者"), ("en", "Representative")])
def test_the_form_speaks_both_languages(office, language, words):
    page = said(sit("sato", language).get(f"/policy/{GROUP}/fields/organisations/"))
    assert words in page


def test_an_unknown_section_is_not_found(office):
    assert sit("sato").get(f"/policy/{GROUP}/fields/nothing/").status_code == 404


def test_the_first_section_with_a_finding_opens_first(office):
    assert sit("sato").get(f"/policy/{GROUP}/fields/")["Location"].startswith(f"/policy/{GROUP}/fields/")


def shapes(field: Field) -> set[Shape]:
    return {field.shape}.union(*(shapes(part) for part in field.parts))


def test_every_shape_of_field_and_every_choice_has_words():
    document = read_document(NEWER.encode(), path="").value
    found = set().union(*(shapes(form_of(section, document)) for section in sections()))
    assert found == set(Shape)

    def walk(field: Field) -> None:
        assert field.label.ja
        assert not re.search(r"[ぁ-んァ-ヶ一-龥]", field.label.en), field.label
        for part in field.parts:
            walk(part)

    for section in sections():
        for part in form_of(section, document).parts:
            for inner in part.parts if part.shape is Shape.PART else ():
                if inner.shape not in {Shape.ROWS, Shape.PART}:
                    walk(inner)


def test_every_value_of_the_closed_lists_has_a_japanese_name():
    from daicho.policy.language import data, parties, procedure, statements

    lists = {
        one
        for module in (data, parties, procedure, statements)
        for one in vars(module).values()
        if isinstance(one, type) and hasattr(one, "__members__") and one.__members__
    }
    assert len(lists) > 15
    for one in lists:
        for value in one.__members__.values():
            name = value_words(value)
            assert name.ja != str(value.value), (one.__name__, value)


@pytest.mark.parametrize("act", ["up:items.0", "remove:elsewhere.0", "nonsense", "add:items"])
def test_row_acts_stay_in_their_section(act):
    plain = small()
    value = changed_rows(plain["items"], act, "items")
    assert len(value) == 2 if act == "add:items" else value == small()["items"]


def test_a_small_policy_written_back_reads_the_same():
    import yaml

    text = yaml.safe_dump(small(), allow_unicode=True, sort_keys=False)
    plain = read_document(text.encode(), path="").value
    plain["officers"][0]["name"] = {"ja": "鈴木 一郎", "en": "Ichiro Suzuki"}
    assert read_document(rewrite(text, plain).encode(), path="").value == plain

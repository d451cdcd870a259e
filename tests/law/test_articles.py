"""Numbers of a day: what the law of then calls a duty of today."""

from datetime import date

import pytest

from daicho.law import articles, controls
from daicho.law.citations import DatedNumber, japanese_number
from daicho.law.editions import EDITIONS, Family, Provenance, find_edition
from daicho.law.kinds import KINDS, RequestKind, kinds_on, kinds_that_may_be_charged

BEFORE = date(2021, 6, 1)
TODAY = date(2026, 11, 23)


def number_of(citation):
    return None if citation is None else citation.number


@pytest.mark.parametrize(
    ("today", "old"),
    [("27(5)(iii)", "23(5)(iii)"), ("33(1)", "28(1)"), ("35(1)", "30(1)"), ("35(7)", "30(5)"), ("40", "35")],
)
def test_a_duty_keeps_its_paragraph_when_it_is_renumbered(today, old):
    assert articles.old_number(today) == old
    assert articles.new_number(old) == today


@pytest.mark.parametrize("number", ["33(5)", "35(5)", "35(6)", "26(1)", "31"])
def test_what_2022_brought_is_not_cited_before(number):
    assert articles.cite_today(number, on=BEFORE) is None
    cited = articles.cite_today(number, on=TODAY)
    assert cited is not None
    assert cited.number == number


def test_the_last_day_of_the_old_numbers_is_31_march_2022():
    assert number_of(articles.cite_today("33(1)", on=date(2022, 3, 31))) == "28(1)"
    assert number_of(articles.cite_today("33(1)", on=date(2022, 4, 1))) == "33(1)"
    assert articles.cite_today("33(1)", on=date(2017, 5, 29)) is None


def test_an_edition_without_a_day_is_never_selected():
    assert any(edition.key == "appi-2026" and edition.in_force_on is None for edition in EDITIONS)
    for year in range(2017, 2040):
        edition = find_edition(Family.APPI, on=date(year, 12, 31))
        assert edition is not None
        assert edition.key != "appi-2026"


def test_a_row_without_a_day_is_never_cited():
    assert DatedNumber(number="99", in_force_on=None).find_citation(on=TODAY) is None


@pytest.mark.parametrize("family", list(Family))
def test_the_editions_of_a_family_never_overlap(family):
    for edition in EDITIONS:
        if edition.family is family and edition.in_force_on is not None:
            assert [one.key for one in EDITIONS if one.family is family and one.is_in_force(edition.in_force_on)] == [
                edition.key
            ]


@pytest.mark.parametrize(
    ("number", "japanese"),
    [
        ("33(1)", "第33条第1項"),
        ("27(5)(iii)", "第27条第5項第3号"),
        ("26-2(1)", "第26条の2第1項"),
        ("7(iii)", "第7条第3号"),
        ("35(1), 35(5)", "第35条第1項、第35条第5項"),
    ],
)
def test_numbers_are_said_in_japanese(number, japanese):
    assert japanese_number(number) == japanese


def test_the_2023_map_counts_unverified_rows_and_says_so():
    new = controls.in_force(TODAY)
    assert {control.edition for control in new} == {"jis-2023"}
    assert [row.number for row in new if row.provenance is Provenance.READ] == [
        "A.1",
        "A.2",
        "A.3",
        "A.6",
        "A.7",
        "A.13",
        "A.19",
    ]
    assert [row.number for row in controls.list_successors("A.3.4.2.4")] == ["A.6"]
    assert {control.edition for control in controls.in_force(BEFORE)} == {"jis-2017"}


def test_every_2017_control_that_a_2023_row_replaces_exists():
    for control in controls.list_controls():
        for number in control.replaces:
            assert controls.find_control("jis-2017", number) is not None, number
    for clause in controls.list_body_clauses():
        assert controls.find_control("jis-2017", clause.replaces) is not None, clause.replaces


# ── kinds ────────────────────────────────────────────────────────────────────────────────


def test_only_disclosure_records_and_purpose_notice_may_be_charged():
    assert kinds_that_may_be_charged(TODAY) == {
        RequestKind.DISCLOSURE,
        RequestKind.PURPOSE_NOTICE,
        RequestKind.RECORD_DISCLOSURE,
    }
    assert RequestKind.RECORD_DISCLOSURE not in kinds_that_may_be_charged(BEFORE)


def test_records_of_provision_could_not_be_asked_for_before_2022():
    assert {rule.kind for rule in kinds_on(TODAY)} - {rule.kind for rule in kinds_on(BEFORE)} == {
        RequestKind.RECORD_DISCLOSURE
    }


def test_purpose_notice_is_outside_the_two_week_gate():
    assert [rule.kind for rule in KINDS.values() if not rule.court_gate] == [RequestKind.PURPOSE_NOTICE]


def test_erasure_stands_on_both_paragraphs_since_2022():
    rule = KINDS[RequestKind.ERASE]
    assert number_of(rule.find_article(on=TODAY)) == "35(1), 35(5)"
    assert number_of(rule.find_article(on=BEFORE)) == "30(1)"
    assert [basis.code for basis in rule.bases_on(BEFORE)] == ["violation"]
    assert [basis.code for basis in rule.bases_on(TODAY)] == [
        "violation",
        "no_longer_needed",
        "incident",
        "likely_harm",
    ]


def test_a_mark_holder_refuses_a_stop_only_on_grounds_of_disclosure():
    rule = KINDS[RequestKind.STOP_PROVISION]
    assert "no_violation" in {ground.code for ground in rule.refusals_on(TODAY)}
    mark = {ground.code for ground in rule.refusals_on(TODAY, privacy_mark=True)}
    assert "no_violation" not in mark
    assert {"harms_rights", "impedes_business", "breaks_law"} <= mark
    assert rule.mark_provenance is Provenance.INFERRED


def test_every_ground_and_basis_has_words_in_both_languages():
    for rule in KINDS.values():
        for ground in (*rule.refusals, *rule.mark_refusals):
            assert ground.words.ja
            assert ground.words.en
            assert ground.find_citation(on=TODAY) is not None, ground.code
        assert all(basis.words.ja and basis.words.en for basis in rule.bases)
        assert rule.find_notice_article(on=TODAY) is not None

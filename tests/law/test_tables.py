"""Papers, bodies, clocks and periods."""

from datetime import date

from daicho.law.bodies import find_body
from daicho.law.citations import citation_on
from daicho.law.clocks import BREACHES, COURT_GATE, court_gate_opens_on
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, MASKED_NAMES, AuthorityDocument, IdDocument, Masked
from daicho.law.periods import PERIODS, find_period
from daicho.law.publication import HELD_DATA

BEFORE = date(2021, 6, 1)
TODAY = date(2026, 11, 23)


def parts(document, on):
    return {rule.part for rule in ID_DOCUMENTS[document].masks_on(on)}


def test_the_health_insurance_card_is_void_since_2_december_2025():
    card = ID_DOCUMENTS[IdDocument.HEALTH_INSURANCE_CARD]
    assert card.is_valid(on=date(2025, 12, 1))
    assert not card.is_valid(on=date(2025, 12, 2))
    assert card.successor is IdDocument.ELIGIBILITY_CERTIFICATE
    assert not ID_DOCUMENTS[IdDocument.ELIGIBILITY_CERTIFICATE].is_valid(on=BEFORE)


def test_insurance_numbers_are_masked_since_october_2020():
    masked = {Masked.INSURER_NUMBER, Masked.INSURED_NUMBER, Masked.QR_CODE}
    assert parts(IdDocument.HEALTH_INSURANCE_CARD, date(2020, 9, 30)) == set()
    assert parts(IdDocument.HEALTH_INSURANCE_CARD, BEFORE) == masked
    assert parts(IdDocument.ELIGIBILITY_CERTIFICATE, TODAY) == masked


def test_every_paper_and_part_has_words():
    assert set(ID_DOCUMENTS) == set(IdDocument)
    assert set(MASKED_NAMES) == set(Masked)
    assert set(AUTHORITY_NAMES) == set(AuthorityDocument)


def test_the_body_is_named_by_its_present_office():
    body = find_body("jipdec", on=TODAY)
    assert body is not None
    assert body.office.ja == "認定個人情報保護団体事務局"
    assert "個人情報保護苦情相談室" in {office.ja for office in body.former_offices}
    assert find_body("jipdec", on=BEFORE) is None
    assert find_body("nobody", on=TODAY) is None


def test_the_gate_of_article_39_opens_after_two_full_weeks():
    assert court_gate_opens_on(date(2026, 11, 2)) == date(2026, 11, 17)
    assert [citation.number for on in (BEFORE, TODAY) if (citation := citation_on(COURT_GATE, on=on))] == [
        "34(1)",
        "39(1)",
    ]


def test_an_unlawful_breach_has_sixty_days_and_the_others_thirty():
    assert [rule.final_days for rule in BREACHES] == [30, 30, 60, 30]
    assert [rule.more_than_persons for rule in BREACHES] == [0, 0, 0, 1000]


def test_periods_have_codes_of_their_own():
    assert len({period.code for period in PERIODS}) == len(PERIODS)
    months = {period.code: period.months for period in PERIODS}
    assert months["provision-record"] == 36
    assert months["number-list"] is None
    assert find_period("provision-record") in PERIODS
    assert find_period("nothing") is None


def test_address_and_representative_became_duties_in_2022():
    for code in ("address", "representative", "safety"):
        assert not [one for one in HELD_DATA[code].citations(on=BEFORE) if one.edition.startswith(("appi", "co"))]
        assert HELD_DATA[code].citations(on=TODAY)

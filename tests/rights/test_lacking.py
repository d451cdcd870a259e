"""What a cure letter asks for: every paper that would do, and why what came does not."""

from datetime import date

import pytest

from daicho.law.kinds import Requester
from daicho.rights.checklist import checklist
from daicho.rights.lacking import missing_papers
from daicho.rights.notices import please_send
from daicho.rights.rules import DocumentKind, Of, Paper
from tests.rights.policies import FRESH_SEAL, TWO_PAPERS, policy

ON = date(2026, 11, 24)
FORM = Paper(kind=DocumentKind.FORM, of=Of.PERSON)


def licence(of=Of.PERSON, **more):
    return Paper(kind=DocumentKind.ID_COPY, of=of, paper="drivers_licence", **more)


def proof(paper, **more):
    return Paper(kind=DocumentKind.AUTHORITY, of=Of.AGENT, paper=paper, **more)


def either_paper():
    """A policy that takes a family register or a resident record for a minor, each not older than 92 days."""
    found = policy()
    (rule,) = [one for one in found.requests.agents.rules if Requester.MINOR_AGENT in one.agents]
    first = rule.papers[0]
    papers = [
        first.model_copy(update={"document": code, "issued_within_days": 92})
        for code in ("family_register", "resident_record_with_relation")
    ]
    better = rule.model_copy(update={"papers": papers, "needs_all": False, "agents": [Requester.MINOR_AGENT]})
    agents = found.requests.agents.model_copy(update={"rules": [better]})
    return found.model_copy(update={"requests": found.requests.model_copy(update={"agents": agents})})


def test_a_minors_agent_is_asked_for_either_paper_and_told_of_both():
    (one,) = missing_papers(either_paper(), Requester.MINOR_AGENT, [FORM, licence(Of.AGENT)], on=ON)
    for words in (one.what, please_send(one)):
        assert "戸籍謄本" in words.ja
        assert "続柄の記載のある住民票" in words.ja
        assert "92 日" in words.ja
        assert "family register" in words.en
        assert "resident record" in words.en
    good = proof("resident_record_with_relation", issued_on=date(2026, 11, 1))
    assert missing_papers(either_paper(), Requester.MINOR_AGENT, [FORM, licence(Of.AGENT), good], on=ON) == []


def test_an_old_certificate_is_asked_for_again_with_the_reason():
    old = proof("seal_certificate", issued_on=date(2026, 1, 5), received_on=ON)
    papers = [FORM, licence(Of.AGENT), proof("power_of_attorney"), old]
    (one,) = missing_papers(policy(FRESH_SEAL), Requester.MANDATED_AGENT, papers, on=ON)
    assert "2026 年 1 月 5 日の発行" in please_send(one).ja
    assert "超えています" in one.said.ja
    assert "older than" in please_send(one).en
    fresh = [*papers[:-1]]
    (none,) = missing_papers(policy(FRESH_SEAL), Requester.MANDATED_AGENT, fresh, on=ON)
    assert none.why is None
    assert "超えて" not in please_send(none).ja


@pytest.mark.parametrize(
    ("papers", "ja", "en"),
    [
        ([FORM, licence(accepted=False)], "確かめられませんでした", "could not be accepted"),
        (
            [FORM, Paper(kind=DocumentKind.ID_COPY, of=Of.PERSON, paper="health_insurance_card")],
            "現在は本人確認に使えません",
            "no longer valid",
        ),
    ],
    ids=["not-accepted", "void"],
)
def test_a_copy_that_does_not_count_is_named_with_its_reason(papers, ja, en):
    (one,) = missing_papers(policy(), Requester.PRINCIPAL, papers, on=ON)
    assert one.code == "id-person"
    assert ja in please_send(one).ja
    assert en in please_send(one).en
    assert "運転免許証" in please_send(one).ja


def test_where_two_are_needed_the_letter_says_that_one_came():
    (one,) = missing_papers(policy(TWO_PAPERS), Requester.PRINCIPAL, [FORM, licence()], on=ON)
    assert "2 点のうち 1 点" in please_send(one).ja
    assert "運転免許証" not in one.any_of[0].ja


def test_the_list_on_the_screen_and_what_is_missing_never_disagree():
    old = proof("seal_certificate", issued_on=date(2026, 1, 5), received_on=ON)
    rules, who = policy(FRESH_SEAL), Requester.MANDATED_AGENT
    lacking = missing_papers(rules, who, [FORM, licence(Of.AGENT), proof("power_of_attorney"), old], on=ON)
    lines = checklist(rules, who, lacking, on=ON)
    assert [one.is_here for one in lines] == [True, True, False]
    assert lines[-1].is_wrong


def test_a_guardian_is_told_which_paper_shows_it():
    lines = checklist(policy(), Requester.GUARDIAN, [], on=ON)
    said = [hint.ja for one in lines[-1].options for hint in one.hint] + [one.name.ja for one in lines[-1].options]
    assert any("登記事項証明書" in one for one in said)

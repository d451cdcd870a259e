"""Reading a policy: every error at once with its place, references, and what other rooms read."""

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.law.papers import AuthorityDocument, IdDocument, Masked
from daicho.policy.language import (
    FeeUnit,
    OnRefusal,
    PolicyFile,
    ReplyBy,
    policy_schema_text,
    read_policy,
)
from daicho.policy.language.parties import is_corporate_number
from daicho.words.errors import DocumentError, NotFoundError, Problem
from tests.policy.small import policy_of, small, t

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/staffing-group/policy.yaml"


@cache
def example() -> PolicyFile:
    return read_policy(EXAMPLE.read_bytes(), path=str(EXAMPLE))


def problems_of(plain) -> list[Problem]:
    with pytest.raises(DocumentError) as caught:
        policy_of(plain)
    return caught.value.problems


# ── errors ───────────────────────────────────────────────────────────────────────────────


def test_a_broken_document_reports_every_error_of_shape_and_reference_at_once():
    plain = small()
    plain["group"]["parent"] = "nobody"
    plain["purposes"][0]["sayz"] = "?"
    plain["dates"]["established"]["on"] = "yesterday"
    plain["requests"]["offers"][0]["kinds"].append("forgetting")
    plain["safety"] = "very safe"
    del plain["title"]["en"]
    plain["purpose_table"]["rows"][0]["purposes"] = ["managment"]
    found = {(problem.code, problem.message.en) for problem in problems_of(plain)}
    assert {code for code, _ in found} == {
        "unknown-code",
        "extra-forbidden",
        "date-from-datetime-parsing",
        "enum",
        "model-type",
        "missing",
    }
    assert len(found) == 7
    assert all(problem.place.line > 0 and problem.place.column > 0 for problem in problems_of(plain))


def test_an_unknown_code_stands_at_its_own_line_and_column_with_the_known_ones():
    plain = small()
    plain["collection_points"][0]["subjects"] = ["employees", "ghosts"]
    raw = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)
    (problem,) = problems_of(plain)
    line = raw.splitlines()[problem.place.line - 1]
    assert line[problem.place.column - 1 :] == "ghosts"
    assert "employees" in problem.advice.en
    assert "ghosts" in problem.message.ja


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("subjects", 0, "items"), ["ghost"]),
        (("subjects", 0, "collected_through"), "ghost"),
        (("purpose_table", "rows", 0, "subject"), "ghost"),
        (("purpose_table", "rows", 0, "collected_at"), ["ghost"]),
        (("purpose_table", "rows", 0, "notes_on"), ["ghost"]),
        (("organisations", 0, "parent"), "ghost"),
        (("requests", "addressee", "desk"), "ghost"),
        (("desks", 0, "organisation"), "ghost"),
        (("officers", 0, "desk"), "ghost"),
        (("collection_points", 0, "items"), ["ghost"]),
    ],
)
def test_every_reference_is_looked_up(path, value):
    plain = small()
    target = plain
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert [problem.code for problem in problems_of(plain)] == ["unknown-code"]


@pytest.mark.parametrize("room", ["items", "purposes", "subjects", "collection_points", "desks", "organisations"])
def test_a_code_may_stand_only_once_in_its_list(room):
    plain = small()
    plain[room].append(plain[room][0])
    (problem,) = problems_of(plain)
    assert problem.code == "twice"
    assert "line" in problem.message.en


def test_a_clause_number_may_stand_only_once_in_the_document():
    plain = small()
    plain["handling"]["clauses"] = ["C01"]
    plain["requests"]["clauses"] = ["C01"]
    assert [problem.code for problem in problems_of(plain)] == ["twice"]


def test_a_kind_of_request_may_be_offered_only_once():
    plain = small()
    plain["requests"]["offers"][1]["kinds"].append("disclosure")
    assert [problem.code for problem in problems_of(plain)] == ["twice"]


def test_an_entry_that_offers_nothing_is_refused():
    plain = small()
    plain["requests"]["offers"].append({"says": t("何もない", "nothing")})
    assert [problem.code for problem in problems_of(plain)] == ["empty-entry"]


@pytest.mark.parametrize("raw", [b"", b"[]", b"a", b"- 1", b"a: [", b"\xff\xfe", b"a: &x 1\nb: *x", b"a: 1\na: 2"])
def test_what_is_no_policy_is_told_and_never_a_traceback(raw):
    with pytest.raises(DocumentError) as caught:
        read_policy(raw, path="broken.yaml")
    assert caught.value.problems
    assert caught.value.exit_code == 2
    assert all(problem.place.path == "broken.yaml" for problem in caught.value.problems)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_part_replaced_by_anything_is_read_or_told(data):
    """No value at any place of the document brings another error than one with a place."""
    plain = small()
    steps = data.draw(st.sampled_from(list(_paths(plain))))
    target = plain
    for step in steps[:-1]:
        target = target[step]
    target[steps[-1]] = data.draw(
        st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2), st.just({"a": 1}))
    )
    problems: list[Problem] = []
    try:
        policy_of(plain)
    except DocumentError as error:
        problems = error.problems
        assert problems
    assert all(problem.say("ja") and problem.say("en") and problem.place.line for problem in problems)


def _paths(value, steps=()):
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*steps, key)
        yield from _paths(inner, (*steps, key))


@pytest.mark.parametrize("number", ["8700110005901", "5835678256246", "1180301018771", "7123456789012"])
def test_a_corporate_number_is_checked_by_its_first_digit(number):
    assert is_corporate_number(number)
    assert not is_corporate_number(number[:-1] + str((int(number[-1]) + 1) % 10))
    plain = small()
    plain["organisations"][0]["corporate_number"] = "2835678256246"
    assert [problem.code for problem in problems_of(plain)] == ["corporate-number"]


# ── reading ──────────────────────────────────────────────────────────────────────────────


def test_it_answers_what_the_desk_asks_of_the_published_policy():
    policy = example().policy
    fee = policy.fee_for(RequestKind.DISCLOSURE)
    assert fee is not None
    assert (fee.amount, fee.unit, fee.refused) == (500, FeeUnit.FORM, OnRefusal.RETURN)
    assert fee.payment.instrument == "postal_money_order"
    assert policy.fee_for(RequestKind.PURPOSE_NOTICE) == fee
    assert policy.fee_for(RequestKind.RECORD_DISCLOSURE) is None, "not published, so not charged"
    assert RequestKind.ERASE not in policy.request_kinds
    assert policy.offers_others
    assert policy.reply_methods == (ReplyBy.WRITTEN,)
    assert policy.channels == ("post",)
    assert policy.cure_days == 14
    assert policy.id_copies_kept_days is None
    assert [paper.document for paper in policy.id_documents] == [
        IdDocument.DRIVERS_LICENCE,
        IdDocument.HEALTH_INSURANCE_CARD,
        IdDocument.RESIDENT_RECORD,
    ]
    assert Masked.PERMANENT_DOMICILE in policy.agent_id_documents[0].black_out


def test_it_knows_the_papers_of_each_agent():
    policy = example().policy
    mandated = policy.agent_documents(Requester.MANDATED_AGENT)
    assert mandated is not None
    assert [paper.document for paper in mandated.papers] == [
        AuthorityDocument.POWER_OF_ATTORNEY,
        AuthorityDocument.SEAL_CERTIFICATE,
    ]
    guardian = policy.agent_documents(Requester.GUARDIAN)
    assert guardian is not None
    assert not guardian.needs_all
    assert policy.agent_documents(Requester.PRINCIPAL) is None


@pytest.mark.parametrize("kind", [kind for kind, rule in KINDS.items() if not rule.chargeable])
def test_a_free_kind_has_no_fee_even_if_the_policy_names_one(kind):
    plain = small()
    plain["requests"]["fees"]["rates"][0]["kinds"].append(str(kind))
    assert policy_of(plain).policy.fee_for(kind) is None


def test_it_knows_people_purposes_and_offices():
    policy = example().policy
    assert [one.code for one in policy.purposes_of("business-partners")] == [
        "partner-contact",
        "contract-fulfilment",
        "contract-demand",
        "partner-other",
    ]
    assert policy.item("individual-number").individual_number
    assert policy.parent.name.ja == "株式会社コプロ・ホールディングス"
    assert policy.organisation("copro-technology").parent == "copro-holdings"
    assert policy.desk.lines.telephone.text.ja == "052-589-3066"
    assert policy.desk.lines.telephone.text.en == "+81-52-589-3066"
    assert policy.officer is not None
    assert policy.accredited_body is not None
    assert policy.established_on == date(2006, 10, 2)
    assert policy.revised_on == date(2021, 1, 1)
    with pytest.raises(NotFoundError):
        policy.item("ghost")


def test_layout_and_comments_do_not_change_the_digest_but_words_do():
    raw = EXAMPLE.read_bytes()
    policy = example().policy
    assert read_policy(b"# note\n" + raw, path="p").policy.digest == policy.digest
    assert (
        read_policy(raw.replace(b"daicho-policy/1\n", b"daicho-policy/1\nbase: 3\n"), path="p").policy.digest
        == policy.digest
    )
    assert (
        read_policy(raw.replace("社会的責務".encode(), "社会的責任".encode(), 1), path="p").policy.digest
        != policy.digest
    )


@pytest.mark.parametrize("name", ["policy.yaml", "policy-2026.yaml"])
def test_an_example_reads_back_from_its_content_unchanged(name):
    policy = read_policy((EXAMPLE.parent / name).read_bytes(), path=name).policy
    assert type(policy).model_validate_json(policy.content()).content() == policy.content()


# ── schema ───────────────────────────────────────────────────────────────────────────────


def test_the_committed_schema_is_current():
    committed = (ROOT / "docs/policy.schema.json").read_text(encoding="utf-8")
    assert committed == policy_schema_text(), "write it anew: daicho policy schema > docs/policy.schema.json"


def test_every_part_and_every_key_of_the_schema_is_described():
    schema = json.loads(policy_schema_text())
    bare = {"Code", "Words"}
    for name, part in schema["$defs"].items():
        if name not in bare:
            assert part.get("description"), name
    assert schema["properties"]["title"]["description"]

"""Each rule alone: a policy without findings, one piece broken, and the finding it must bring."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from daicho.policy.check import RULES, check
from daicho.policy.language import read_policy
from daicho.policy.rules.rule import Severity
from tests.policy.small import BEFORE, SAYS, TODAY, findings_of, paragraph, policy_of, rules_found, small, t

FOLDER = Path(__file__).parents[2] / "examples/staffing-group"
Change = Callable[[dict[str, Any]], Any]


@cache
def example(name: str = "policy.yaml"):
    return read_policy((FOLDER / name).read_bytes(), path=name)


def test_the_small_policy_has_no_finding():
    assert findings_of(small()) == []


def joint(**changes: Any) -> dict[str, Any]:
    part = {**SAYS, "heading": t("共同利用", "joint use")}
    scheme: dict[str, Any] = {
        **part,
        "code": "group-use",
        "items": {
            "heading": t("項目", "items"),
            "groups": [
                {**SAYS, "code": "all", "label": t("従業員", "employees"), "subjects": ["employees"], "items": ["name"]}
            ],
        },
        "users": {**part, "organisations": ["parent"]},
        "purposes": {**part, "rows": ["employees"]},
        "responsible": {**part, "organisations": ["parent"], "shows_address": True, "shows_representative": True},
    }
    for path, value in changes.items():
        target = scheme
        *parents, last = path.split("__")
        for step in parents:
            target = target[step]
        target[last] = value
    return scheme


def with_joint(**changes: Any) -> Change:
    return lambda plain: plain.update(joint_use=[joint(**changes)])


def with_number_items(plain: dict[str, Any]) -> None:
    plain["items"].append({"code": "number", "name": t("個人番号", "number"), "individual_number": True})
    plain["subjects"][0]["items"].append("number")


def share_number(plain: dict[str, Any]) -> None:
    with_number_items(plain)
    plain["joint_use"] = [joint()]
    plain["joint_use"][0]["items"]["groups"][0]["items"].append("number")


def sister(plain: dict[str, Any], **changes: Any) -> None:
    plain["organisations"].append({**plain["organisations"][0], "code": "sister", **changes})


def two_responsible(plain: dict[str, Any]) -> None:
    sister(plain)
    plain["joint_use"] = [joint(responsible__organisations=["parent", "sister"])]


def hidden_user(plain: dict[str, Any]) -> None:
    sister(plain, published=False)
    plain["joint_use"] = [joint(users__organisations=["parent", "sister"])]


def note_elsewhere(plain: dict[str, Any]) -> None:
    plain["collection_points"].append(
        {
            "code": "site",
            "name": t("サイト", "site"),
            "note": t("注記", "note"),
            "channel": "web",
            "subjects": ["employees"],
        }
    )
    plain["purpose_table"]["rows"][0]["notes_on"] = ["site"]


def applicant_with_number(plain: dict[str, Any]) -> None:
    plain["subjects"][0].update(kind="applicant", individual_number=True)
    plain["not_held"][2]["kind"] = "employee"
    plain["purposes"][0]["number_affair"] = True


def special_care(plain: dict[str, Any]) -> None:
    plain["items"].append({"code": "health", "name": t("健康診断", "health"), "special_care": True})
    plain["collection_points"][0]["items"] = ["health"]


def recipient(**changes: Any) -> Change:
    entry = {
        **SAYS, "code": "client", "name": t("取引先", "client"), "subjects": ["employees"], "items": ["name"],
        "purposes": ["management"], "basis": "consent", "means": t("書面", "in writing"), **changes,
    }  # fmt: skip
    return lambda plain: plain.update(recipients=[entry])


def opt_out_health(plain: dict[str, Any]) -> None:
    plain["items"].append({"code": "health", "name": t("健康診断", "health"), "special_care": True})
    recipient(items=["health"], basis="opt_out")(plain)


def id_paper(document: str, *black_out: str) -> Change:
    entry = {"document": document, "black_out": list(black_out)}
    return lambda plain: plain["requests"]["submission"]["identity"]["accepted"].append(entry)


BROKEN: list[tuple[str, Change, str]] = [
    ("F-01", lambda p: p["handling"]["cites"][0].update(edition=2017), "handling.cites.0.edition"),
    ("F-02", lambda p: p["dates"].update(revised=[{"on": "2022-03-31"}]), "dates.revised.0.on"),
    ("F-02", lambda p: p["dates"].pop("revised"), "dates.established.on"),
    ("F-03", lambda p: p.pop("safety"), "statements.sections.0.paragraphs.1"),
    ("F-03", lambda p: p["safety"]["measures"].pop(), "safety.measures"),
    ("F-04", lambda p: p["requests"]["replies"]["methods"].pop(), "requests.replies.methods"),
    ("F-05", lambda p: p["requests"]["offers"][0]["kinds"].remove("record_disclosure"), "requests.offers"),
    ("F-06", lambda p: p["requests"]["offers"][2]["kinds"].remove("erase"), "requests.offers"),
    ("F-06", lambda p: p["requests"]["offers"][2].pop("bases"), "requests.offers"),
    ("F-07", lambda p: p["requests"]["offers"][0].update(label="(1)"), "requests.offers.1"),
    ("F-08", two_responsible, "joint_use.0.responsible.organisations"),
    ("F-08", with_joint(responsible__shows_address=False), "joint_use.0.responsible"),
    ("F-09", id_paper("health_insurance_card", "insurer_number"), "requests.submission.identity.accepted.1"),
    ("F-09", id_paper("eligibility_certificate", "insurer_number", "qr_code"), "requests.submission.identity.accepted.1"),
    ("F-09", id_paper("resident_record", "permanent_domicile"), "requests.submission.identity.accepted.1"),
    ("F-11", lambda p: p["statements"]["preamble"].append(paragraph("consent_before_provision")), "statements.preamble.1"),
    ("F-12", lambda p: p["requests"]["fees"]["rates"][0]["shortage"].update(action="refuse"), "requests.fees.rates.0.shortage"),
    ("F-13", note_elsewhere, "purpose_table.rows.0.notes_on.0"),
    ("F-14", lambda p: p["subjects"][0].update(individual_number=True), "subjects.0.individual_number"),
    ("F-14", lambda p: p["not_held"].pop(), "subjects"),
    ("F-15", lambda p: p["collection_points"][0].update(direct_in_writing=True), "collection_points.0"),
    ("F-16", lambda p: p["items"].append({"code": "spouse", "name": t("配偶者", "spouse"), "about": "family"}), "items.1"),
    ("F-17", lambda p: sister(p, published=False), "organisations.1.published"),
    ("F-18", lambda p: p["subjects"].append({"code": "staff", "kind": "temporary_staff", "name": t("派遣", "staff")}), "subjects.1"),
    ("F-19", lambda p: p["requests"]["offers"][1]["kinds"].remove("deletion"), "requests.offers"),
    ("F-20", lambda p: p["desks"][0].update(handles=["requests"]), "desks"),
    ("F-21", lambda p: p.pop("officers"), "officers"),
    ("F-21", lambda p: p["officers"][0].pop("department"), "officers.0"),
    ("F-22", lambda p: p["statements"]["sections"][0]["paragraphs"].pop(), "statements.sections"),
    ("F-23", with_joint(heading=t("利用", "use")), "joint_use.0.says"),
    ("F-24", hidden_user, "joint_use.0.users.organisations"),
    ("F-25", share_number, "joint_use.0.items.groups.0.items"),
    ("F-26", applicant_with_number, "subjects.0"),
    ("F-28", lambda p: p["requests"]["fees"]["rates"][0]["kinds"].append("erase"), "requests.fees.rates.0.kinds.1"),
    ("F-29", lambda p: p["requests"]["fees"]["rates"][0].pop("per"), "requests.fees.rates.0"),
    ("F-29", lambda p: p["requests"]["fees"]["rates"][0].pop("on_refusal"), "requests.fees.rates.0"),
    ("F-30", lambda p: p["purposes"][0].update(open_ended=True), "purposes.0"),
    ("F-31", special_care, "collection_points.0.items"),
    ("F-32", recipient(country="US"), "recipients.0.country"),
    ("F-33", lambda p: sister(p, country="VN"), "organisations.1.country"),
    ("F-34", lambda p: p["requests"]["agents"]["rules"].pop(), "requests.agents.rules"),
    ("F-35", lambda p: p.update(privacy_mark={"registration": "12345678(01)", "valid_until": "2027-03-31"}), "privacy_mark"),
    ("F-36", lambda p: p["dates"]["revised"].append({"on": "2023-01-01"}), "dates.revised.1.on"),
    ("F-37", lambda p: p["handling"].update(says=t("English only, by mistake")), "handling.says.ja"),
    ("F-38", lambda p: p["purpose_table"]["rows"][0].pop("collected_at"), "collection_points.0"),
    ("F-39", lambda p: p["statements"]["preamble"].append(paragraph("dispose_promptly")), "statements.preamble.1"),
    ("F-40", lambda p: p["collection_points"][0].update(channel="camera"), "collection_points.0.channel"),
    ("F-41", opt_out_health, "recipients.0.basis"),
    ("F-42", lambda p: p["requests"].pop("id_copies"), "requests.submission.identity"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change", "place"), BROKEN, ids=[f"{rule}-{place}" for rule, _, place in BROKEN])
def test_a_rule_finds_its_gap_and_says_where(rule: str, change: Change, place: str):
    plain = small()
    change(plain)
    found = [finding for finding in findings_of(plain) if finding.rule == rule]
    assert place in {".".join(map(str, finding.steps)) for finding in found}
    for finding in found:
        assert finding.citations, "every finding names an article or a control"
        assert finding.place.line > 0
        assert finding.message.ja != finding.message.en
        assert finding.advice.ja
        assert finding.advice.en


def test_every_rule_but_the_office_name_is_broken_by_one_of_these():
    assert {rule.id for rule in RULES} - {rule for rule, _, _ in BROKEN} == {"F-10"}


def test_the_office_of_the_accredited_body_must_have_its_present_name_and_number():
    plain = small()
    entry = {
        "name": t("日本情報経済社会推進協会", "JIPDEC"),
        "office": t("個人情報保護苦情相談室", "old office"),
        "address": {"text": t("東京都港区", "Tokyo")},
        "telephones": ["+81-3-5860-7565", "03-1111-1111"],
    }
    plain["accredited_body"] = {**SAYS, "code": "jipdec", "heading": t("認定団体", "body"), "entry": entry}
    found = {".".join(map(str, one.steps)): one.severity for one in findings_of(plain) if one.rule == "F-10"}
    assert found == {
        "accredited_body.entry.office": Severity.GAP,
        "accredited_body.entry.telephones.1": Severity.ADVICE,
    }


# ── the day ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", ["F-02", "F-03", "F-04", "F-05", "F-17"])
def test_what_2022_asks_for_is_no_finding_in_2021(rule: str):
    plain = small()
    for broken, change, _ in BROKEN:
        if broken == rule:
            change(plain)
            break
    assert rule in rules_found(plain, TODAY)
    assert rule not in rules_found(plain, BEFORE)


def test_a_finding_of_2021_cites_the_number_of_2021():
    plain = small()
    plain["requests"]["offers"][2]["kinds"].remove("erase")
    (old,) = [finding for finding in findings_of(plain, BEFORE) if finding.rule == "F-06"]
    assert [citation.number for citation in old.citations] == ["30(1)"]
    new = [finding for finding in findings_of(plain, TODAY) if finding.rule == "F-06"]
    assert {citation.number for finding in new for citation in finding.citations} == {"35(1), 35(5)"}


def test_the_health_insurance_card_changes_from_unmasked_to_void_on_its_day():
    plain = small()
    id_paper("health_insurance_card")(plain)
    last = date(2025, 12, 1)
    (before,) = [finding for finding in findings_of(plain, last) if finding.rule == "F-09"]
    (after,) = [finding for finding in findings_of(plain, last + timedelta(days=1)) if finding.rule == "F-09"]
    assert "黒塗り" in before.message.ja
    assert "使えません" in after.message.ja
    assert "資格確認書" in after.advice.ja


def test_the_standard_binds_only_a_page_that_cites_it():
    plain = small()
    plain["officers"] = []
    assert "F-21" in rules_found(plain)
    plain["handling"]["cites"] = []
    assert "F-21" not in rules_found(plain)


def test_nothing_is_asked_before_the_first_edition():
    plain = small()
    for _, change, _ in BROKEN[:4]:
        change(plain)
    assert {finding.citations[0].edition.split("-")[0] for finding in findings_of(plain, date(2016, 6, 1))} <= {"mna"}


# ── the examples ─────────────────────────────────────────────────────────────────────────

EXPECTED = [f"F-{number:02d}" for number in range(1, 17)]


@pytest.mark.parametrize("rule", EXPECTED)
def test_every_known_gap_of_the_published_policy_is_found(rule: str):
    assert rule in {finding.rule for finding in check(example(), on=TODAY)}


def test_what_only_a_human_can_decide_is_marked():
    human = {finding.rule for finding in check(example(), on=TODAY) if finding.human}
    assert human == {"F-14", "F-15", "F-16"}


def test_the_findings_of_2021_differ_from_todays():
    today = {finding.rule for finding in check(example(), on=TODAY)}
    then = {finding.rule for finding in check(example(), on=BEFORE)}
    assert today - then >= {"F-01", "F-02", "F-03", "F-04", "F-05", "F-10"}
    assert then <= today


def test_the_policy_brought_up_to_date_has_no_finding():
    assert check(example("policy-2026.yaml"), on=TODAY) == []


def test_findings_stand_in_the_order_of_the_document():
    places = [(finding.place.line, finding.place.column) for finding in check(example(), on=TODAY)]
    assert places == sorted(places)
    assert places


def test_an_unverified_row_counts_and_says_so():
    findings = check(example(), on=TODAY)
    assert any(not finding.verified for finding in findings)
    assert any(citation.provenance == "inferred" for finding in findings for citation in finding.citations)
    assert all(finding.as_dict()["citations"][0]["provenance"] for finding in findings)


def test_nothing_calls_a_policy_compliant():
    said = str([finding.as_dict() for finding in check(example(), on=TODAY)])
    assert "compliant" not in said.casefold()
    assert "準拠" not in said


def test_the_small_policy_reads_back_the_same():
    policy = policy_of(small()).policy
    again = type(policy).model_validate_json(policy.content())
    assert again == policy
    assert again.digest == policy.digest

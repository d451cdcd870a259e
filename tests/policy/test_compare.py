"""What a change of the policy obliges to."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from daicho.policy.compare import Kind, compare
from daicho.policy.language import read_policy
from daicho.policy.rules.duties import DUTIES
from daicho.words.text import Text
from tests.policy.small import BEFORE, SAYS, TODAY, policy_of, small, t
from tests.policy.test_check import joint, recipient

FOLDER = Path(__file__).parents[2] / "examples/staffing-group"


def unchanged(plain):
    """Start from the small policy as it is."""


def changes(change, *, start=unchanged, on: date = TODAY):
    """``{area:code: (kind, [duty codes])}``, with the date of revision moved on."""
    before = small()
    start(before)
    after = small()
    start(after)
    after["dates"]["revised"].append({"on": "2026-11-01"})
    change(after)
    found = compare(policy_of(before).policy, policy_of(after).policy, on=on)
    return {
        f"{one.difference.area}:{one.difference.code}": (one.difference.kind, [duty.code for duty in one.duties])
        for one in found
    }


def new_purpose(**extra):
    def change(plain):
        plain["purposes"].append({"code": "training", "says": t("研修", "training"), **extra})
        plain["purpose_table"]["rows"][0]["purposes"].append("training")

    return change


def origin(kind: str, purpose: str = "management"):
    return {"changed_from": {"purposes": [purpose], "change": kind}}


def test_nothing_differs_from_itself():
    assert compare(policy_of(small()).policy, policy_of(small()).policy, on=TODAY) == []


def test_a_related_purpose_is_notified_or_published():
    assert changes(new_purpose(**origin("related"))) == {
        "purpose_table:employees/training": (Kind.ADDED, ["notify_changed_purpose"])
    }


def test_an_unrelated_purpose_needs_fresh_consent():
    assert changes(new_purpose(**origin("unrelated"))) == {
        "purpose_table:employees/training": (Kind.ADDED, ["consent_to_new_purpose", "publish_purpose"])
    }


@pytest.mark.parametrize("extra", [{}, origin("related", "something-else")])
def test_a_purpose_whose_origin_is_not_said_is_for_a_human_and_unrelated_until_then(extra):
    assert changes(new_purpose(**extra)) == {
        "purpose_table:employees/training": (Kind.ADDED, ["decide_relation", "consent_to_new_purpose"])
    }


def test_a_purpose_of_individual_numbers_cannot_be_widened_by_consent():
    found = changes(new_purpose(number_affair=True))
    assert found["purpose_table:employees/training"][1] == ["number_purpose", "notify_changed_purpose"]


def test_other_words_under_the_same_code_are_for_a_human():
    found = changes(lambda plain: plain["purposes"][0].update(says=t("雇用の管理", "managing")))
    assert found == {"purpose_table:employees/management": (Kind.CHANGED, ["decide_wording"])}


def test_a_new_category_is_published_before_collecting():
    def change(plain):
        plain["subjects"].append(
            {"code": "guests", "kind": "visitor", "name": t("来訪者", "guests"), "items": ["name"]}
        )
        row = plain["purpose_table"]["rows"][0]
        plain["purpose_table"]["rows"].append({**row, "code": "guests", "subject": "guests"})

    assert changes(change)["subjects:guests"] == (Kind.ADDED, ["publish_purpose", "republish"])


def test_a_new_special_care_item_needs_prior_consent():
    def change(plain):
        plain["items"].append({"code": "health", "name": t("健康診断", "health"), "special_care": True})
        plain["subjects"][0]["items"].append("health")

    assert changes(change) == {"subjects:employees/items": (Kind.ADDED, ["consent_special_care"])}


@pytest.mark.parametrize(
    ("extra", "duties"),
    [
        ({}, ["consent_to_provision"]),
        ({"basis": "opt_out"}, ["file_opt_out"]),
        ({"basis": "law"}, ["republish"]),
        ({"country": "US", "abroad": "consent"}, ["consent_to_provision", "inform_abroad"]),
    ],
)
def test_a_new_recipient_obliges_by_its_ground_and_country(extra, duties):
    assert changes(recipient(**extra)) == {"recipients:client": (Kind.ADDED, duties)}


def test_a_recipient_that_gets_less_only_needs_the_page_changed():
    def start(plain):
        plain["items"].append({"code": "career", "name": t("職歴", "career")})
        recipient(items=["name", "career"])(plain)

    found = changes(lambda plain: plain["recipients"][0].update(items=["name"]), start=start)
    assert found == {"recipients:client": (Kind.CHANGED, ["republish"])}
    wider = changes(lambda plain: plain["recipients"][0].update(subjects=["employees"], basis="law"), start=start)
    assert wider == {"recipients:client": (Kind.CHANGED, ["republish"])}


def start_joint(plain):
    plain["organisations"].append({**plain["organisations"][0], "code": "sister"})
    plain["items"].append({"code": "career", "name": t("職歴", "career")})
    plain["joint_use"] = [joint()]


@pytest.mark.parametrize(
    ("path", "value", "code", "duties"),
    [
        ("users", ["parent", "sister"], "users", ["widened_joint_use", "announce_joint_use"]),
        ("responsible", ["sister"], "responsible", ["announce_joint_change"]),
    ],
)
def test_joint_use_changes_oblige_beforehand(path, value, code, duties):
    found = changes(lambda plain: plain["joint_use"][0][path].update(organisations=value), start=start_joint)
    assert found == {f"joint_use:group-use/{code}": (Kind.CHANGED, duties)}


def test_more_shared_items_are_more_than_a_notice():
    found = changes(
        lambda plain: plain["joint_use"][0]["items"]["groups"][0].update(items=["name", "career"]), start=start_joint
    )
    assert found["joint_use:group-use/items"][1] == ["widened_joint_use", "announce_joint_use"]


def test_a_new_representative_of_the_responsible_company_is_told_afterwards():
    def change(plain):
        plain["organisations"][0]["representative"]["name"] = t("見本 次郎", "Jiro Mihon")

    found = changes(change, start=start_joint)
    assert found["organisations:parent"] == (Kind.CHANGED, ["tell_responsible_details", "republish"])


def test_a_changed_fee_applies_from_arrival_and_a_free_kind_stays_free():
    found = changes(lambda plain: plain["requests"]["fees"]["rates"][0].update(amount=800))
    assert found == {"requests:fees/disclosure": (Kind.CHANGED, ["fee_from_arrival"])}


def test_a_request_no_longer_named_is_still_owed():
    found = changes(lambda plain: plain["requests"]["offers"][2]["kinds"].remove("erase"))
    assert found["requests:kinds/erase"] == (Kind.REMOVED, ["still_owed", "republish"])


def test_a_promise_taken_back_is_for_a_human():
    found = changes(lambda plain: plain["statements"]["sections"][0]["paragraphs"][1]["promises"].pop())
    assert found["statements:improve"] == (Kind.REMOVED, ["withdrawn_promise"])


def test_a_new_entrustee_is_supervised_and_more_so_with_individual_numbers():
    entry = {
        **SAYS,
        "code": "payroll",
        "name": t("給与計算", "payroll"),
        "subjects": ["employees"],
        "items": ["name", "number"],
    }

    def start(plain):
        plain["items"].append({"code": "number", "name": t("個人番号", "number"), "individual_number": True})

    found = changes(lambda plain: plain.update(entrustees=[entry]), start=start)
    assert found == {"entrustees:payroll": (Kind.ADDED, ["supervise_entrustee", "supervise_number_entrustee"])}


def test_a_change_without_a_date_of_revision_is_told():
    before, after = small(), small()
    after["handling"]["says"] = t("別の文", "another sentence")
    found = compare(policy_of(before).policy, policy_of(after).policy, on=TODAY)
    assert [duty.code for one in found for duty in one.duties] == ["date_revision"]


def test_clause_numbers_are_not_compared():
    after = small()
    after["handling"]["clauses"] = ["C36"]
    assert compare(policy_of(small()).policy, policy_of(after).policy, on=TODAY) == []


def test_duties_of_2021_carry_the_numbers_of_2021():
    before, after = small(), small()
    new_purpose(**origin("related"))(after)
    (one, _) = compare(policy_of(before).policy, policy_of(after).policy, on=BEFORE)
    numbers = [citation.number for duty in one.duties for citation in duty.citations(on=BEFORE)]
    assert numbers == ["15(2)", "18(3)"]


@cache
def examples():
    return [read_policy((FOLDER / name).read_bytes(), path=name).policy for name in ("policy.yaml", "policy-2026.yaml")]


def test_the_two_examples_differ_in_every_area_that_was_mended():
    old, new = examples()
    found = compare(old, new, on=TODAY)
    areas = {one.difference.area for one in found}
    assert areas >= {
        "purpose_table",
        "subjects",
        "recipients",
        "entrustees",
        "joint_use",
        "requests",
        "safety",
        "retention",
        "accredited_body",
    }
    kinds = {f"{one.difference.code}" for one in found if one.difference.kind is Kind.ADDED}
    assert {"kinds/record_disclosure", "kinds/erase"} <= kinds
    for one in found:
        for duty in one.duties:
            assert duty.citations(on=TODAY), duty.code
        assert one.as_dict()["what"]["ja"]


def test_every_duty_has_an_article_in_force_today():
    for duty in DUTIES.values():
        assert duty.citations(on=TODAY), duty.code
        assert duty.words.ja
        assert duty.words.en


def test_every_difference_speaks_in_the_words_of_the_policy():
    """No code of a closed list is shown, and what only the text tells apart is shown before and after."""
    old, new = (
        read_policy((FOLDER / name).read_bytes(), path=name).policy for name in ("policy.yaml", "policy-2026.yaml")
    )
    found = {one.difference.code: one.difference for one in compare(old, new, on=date(2026, 11, 1))}
    assert found["fees/record_disclosure"].after == Text(
        "500円（請求書ごと、開示しないときは返還する、定額小為替）",
        "500 yen (per form, returned on refusal, postal money order)",
    )
    assert found["provision_exceptions"].what.ja == "約束「第三者提供の例外を示す」"
    point = found["inquiry-form"]
    assert point.before is not None
    assert point.after is not None
    assert point.before.ja != point.after.ja
    assert all("：" in line for line in point.after.ja.splitlines())
    section = found["sections/security"]
    assert section.before or section.after

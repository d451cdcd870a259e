"""Documents against the policy, and what the register leaves uncovered of it."""

from pathlib import Path

import pytest

from daicho.policy.language import Policy, read_policy
from daicho.register.coverage import GAP_WORDS, Gap, GapKind, Seen, find_gaps
from daicho.register.documents import check_document
from daicho.register.language import DocumentKind, HoldingsDocument, MapDocument, StoreDocument
from daicho.register.rules import Contents, Draft, Severity, check_together
from daicho.words.documents import read_document
from tests.register.crm import CABINET, HOLDINGS, MAP, STORE

EXAMPLE = Path(__file__).parents[2] / "examples/staffing-group"


@pytest.fixture(scope="module")
def policy() -> Policy:
    path = EXAMPLE / "policy.yaml"
    return read_policy(path.read_bytes(), path=path.name).policy


def drafts_of(text: str, path: str) -> list[Draft]:
    document = read_document(text.encode(), path=path)
    match check_document(document).model:
        case HoldingsDocument() as found:
            return [
                Draft(kind=DocumentKind.HOLDING, model=part, document=document, steps=("holdings", index))
                for index, part in enumerate(found.holdings)
            ]
        case StoreDocument() as store:
            return [Draft(kind=DocumentKind.STORE, model=store, document=document)]
        case MapDocument() as found_map:
            return [Draft(kind=DocumentKind.MAP, model=found_map, document=document)]


def contents_of(drafts: list[Draft]) -> Contents:
    contents = Contents()
    for draft in drafts:
        contents.put(draft.model)
    return contents


def example_drafts() -> list[Draft]:
    paths = sorted((EXAMPLE / "register").rglob("*.yaml"))
    return [draft for path in paths for draft in drafts_of(path.read_text(encoding="utf-8"), path.name)]


def small_drafts(**changes: str) -> list[Draft]:
    """The small CRM in the example policy's codes; ``before`` → ``after`` as given."""
    holdings = HOLDINGS.replace("subject_category: partner", "subject_category: business-partners")
    holdings = holdings.replace("partner-communication", "partner-contact").replace("[order]", "[business-record]")
    texts = {
        "store": STORE,
        "cabinet": CABINET,
        "holdings": holdings,
        "map": MAP.replace("item: order", "item: business-record"),
    }
    for name, change in changes.items():
        before, after = change.split(" → ")
        assert before in texts[name]
        texts[name] = texts[name].replace(before, after)
    return [draft for name, text in texts.items() for draft in drafts_of(text, f"{name}.yaml")]


def found_in(drafts: list[Draft], policy: Policy | None) -> list[tuple[Severity, str, str]]:
    found = check_together(drafts, contents_of(drafts), policy)
    return [(one.severity, one.problem.code, one.problem.place.path) for one in found]


def test_the_example_register_agrees_with_the_example_policy(policy: Policy):
    drafts = example_drafts()
    assert len(drafts) > 20
    assert [one for one in found_in(drafts, policy) if one[0] == Severity.ERROR] == []


def test_the_small_register_agrees_too(policy: Policy):
    assert found_in(small_drafts(), policy) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"holdings": "items: [name, email] → items: [name, e-mail]"}, "policy-code"),
        ({"holdings": "business-partners → busines-partners"}, "policy-code"),
        ({"holdings": "partner-contact → partners-contact"}, "policy-code"),
        ({"holdings": "organisation: copro-holdings → organisation: other-company"}, "policy-code"),
        ({"store": "organisation: copro-holdings → organisation: other-company"}, "policy-code"),
        ({"map": "{item: email} → {item: e-mail}"}, "policy-code"),
        ({"map": "memo: {item: email → memo: {item: individual-number, disclose: yes"}, "individual-number-shown"),
        ({"holdings": "items: [name, email] → items: [name, email, individual-number]"}, "spi-unsaid"),
    ],
)
def test_a_slip_or_what_the_policy_forbids_is_an_error(policy: Policy, changes: dict[str, str], code: str):
    found = found_in(small_drafts(**changes), policy)
    assert (Severity.ERROR, code) in {(severity, name) for severity, name, _ in found}


@pytest.mark.parametrize(
    "change", ["items: [name, email] → items: [name, email, blood-type]", "partner-contact → selling-lists"]
)
def test_what_is_held_though_the_policy_is_silent_is_told_and_stays_a_gap(policy: Policy, change: str):
    drafts = small_drafts(holdings=change)
    found = found_in(drafts, policy)
    assert {(severity, code) for severity, code, _ in found} == {(Severity.ADVICE, "not-in-policy")}
    gaps = find_gaps(contents_of(drafts), {}, policy)
    assert GapKind.HELD_NOT_IN_POLICY in {gap.kind for gap in gaps}
    assert GapKind.HELD_NOT_IN_POLICY not in {gap.kind for gap in find_gaps(contents_of(small_drafts()), {}, policy)}


def test_a_purpose_not_published_for_these_people_is_advice_with_the_article(policy: Policy):
    drafts = small_drafts(holdings="partner-contact → employment-management")
    found = check_together(drafts, contents_of(drafts), policy)
    told = [one.problem for one in found if one.problem.code == "purpose-unpublished"]
    assert len(told) == 2
    assert "Art. 18(1)" in told[0].message.en


def test_without_a_policy_only_the_documents_themselves_are_compared():
    assert found_in(small_drafts(holdings="business-partners → clients"), None) == []
    found = found_in(small_drafts(holdings="items: [name, email] → items: [name]"), None)
    assert found == [(Severity.ADVICE, "item-not-held", "map.yaml")]


def test_every_gap_is_found_where_it_is_and_nowhere_else(policy: Policy):
    drafts = small_drafts(
        holdings="retention_period: 7年 → medium: サーバ", map="memo: {item: email, about: mixed} → memo: {}"
    )
    contents = contents_of(drafts)
    seen = {"crm": Seen(confirmed=False, unmapped_columns={"orders": ["total"]}, unmapped_tables=["loans"])}
    gaps = find_gaps(contents, seen, policy)
    kinds = [gap.kind for gap in gaps]
    assert kinds == sorted(kinds, key=list(GapKind).index)
    owned = {(gap.kind, gap.what) for gap in gaps if gap.kind != GapKind.ITEM_WITHOUT_HOLDING}
    assert owned == {
        (GapKind.COLUMN_WITHOUT_ITEM, "crm.customers.memo"),
        (GapKind.COLUMN_UNMAPPED, "crm.orders.total"),
        (GapKind.TABLE_UNMAPPED, "crm.loans"),
        (GapKind.MAP_UNCONFIRMED, "crm"),
        (GapKind.HOLDING_WITHOUT_RETENTION, "copro-holdings/H-002"),
        (GapKind.PARTY_WITHOUT_HOLDING, "group-use"),
    }
    without = {gap.what for gap in gaps if gap.kind == GapKind.ITEM_WITHOUT_HOLDING}
    assert without == {item.code for item in policy.items} - {"name", "email", "business-record"}
    assert all(GAP_WORDS[kind].ja and GAP_WORDS[kind].en for kind in GapKind)


def test_a_recipient_of_the_policy_that_no_row_names_is_a_gap_until_a_row_in_use_names_it(policy: Policy):
    named = "status: disposed\n    joint_use: [group-use]"
    for extra, gap in (("joint_use: [group-use]", False), (named, True)):
        contents = contents_of(small_drafts(holdings=f"retention_period: 7年 → retention_period: 7年\n    {extra}"))
        found = {one.what for one in find_gaps(contents, {}, policy) if one.kind is GapKind.PARTY_WITHOUT_HOLDING}
        assert ("group-use" in found) is gap


def test_a_store_without_a_map_is_a_gap_unless_people_search_it():
    contents = contents_of([draft for draft in small_drafts() if draft.kind != DocumentKind.MAP])
    gaps = find_gaps(contents, {}, None)
    assert Gap(kind=GapKind.STORE_WITHOUT_MAP, what="crm", organisation="copro-holdings") in gaps
    assert "cabinet" not in {gap.what for gap in gaps}
    assert {gap.what for gap in gaps if gap.kind == GapKind.HOLDING_WITHOUT_MAP} == {
        "copro-holdings/H-001",
        "copro-holdings/H-002",
    }

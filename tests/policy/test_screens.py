"""A policy edited, approved by another person, published, and read by everybody."""

import pytest

from daicho.policy.queries import DraftRef, find_draft, list_revisions
from tests.policy.screens import (
    ALICE,
    AT,
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

pytestmark = pytest.mark.django_db
TEXT = f"/policy/{GROUP}/text/"
DRAFT = f"/policy/{GROUP}/draft/"


@pytest.fixture(autouse=True)
def office(workspace, monkeypatch):
    monkeypatch.setenv("DAICHO_AT", NOW)
    seat_everybody()
    publish_the_first()


def save(code: str, text: str, seen: str | None = None):
    client = sit(code)
    seen = seen_in(client.get(TEXT)) if seen is None else seen
    return client.post(TEXT, {"source": text.replace("\n", "\r\n"), "seen": seen})


def kept_draft() -> DraftRef:
    found = find_draft(GROUP, scope=ALICE)
    assert found is not None
    return found


def step(code: str, name: str, **more: str):
    draft = find_draft(GROUP, scope=ALICE)
    digest = draft.digest if draft else ""
    return sit(code).post(f"{DRAFT}{name}/", {"digest": digest, **more}, follow=True)


def test_from_a_text_to_the_public_page(client):
    assert "お問い合わせへのご回答" not in said(client.get("/privacy/?lang=ja"))
    assert save("sato", CHANGED).status_code == 302
    assert "お問い合わせへのご回答" not in said(client.get("/privacy/?lang=ja"))
    assert "It awaits a responsible officer" in said(step("sato", "submit"))
    assert "Approved" in said(step("bob", "approve"))
    page = step("bob", "publish", effective_from="2026-11-23")
    assert "Revision 2 is published" in said(page)
    assert "お問い合わせへのご回答" in said(client.get("/privacy/?lang=ja"))
    second = list_revisions(GROUP)[-1]
    assert (second.drafted_by, second.approved_by, second.published_by) == ("sato", "bob", "bob")
    assert second.source == CHANGED


def test_the_author_does_not_approve(client):
    save("alice", CHANGED)
    step("alice", "submit")
    page = sit("alice").get(DRAFT)
    assert "Another responsible officer approves it" in said(page)
    assert f'action="{DRAFT}approve/"' not in said(page)
    assert "of their own" in said(step("alice", "approve"))
    assert "author alone" in said(step("alice", "publish", effective_from="2026-12-01"))
    assert len(list_revisions(GROUP)) == 1


@pytest.mark.parametrize("name", ["submit", "approve", "publish", "send_back", "discard"])
@pytest.mark.parametrize(("code", "status"), [("infra", 403), ("kansa", 403), ("mallory", 404)])
def test_who_has_no_part_in_it_changes_nothing(code, status, name):
    save("sato", CHANGED)
    page = sit(code).post(f"{DRAFT}{name}/", {"effective_from": "2026-12-01"})
    assert page.status_code == status
    assert len(list_revisions(GROUP)) == 1
    assert find_draft(GROUP, scope=ALICE) is not None


@pytest.mark.parametrize("path", [TEXT, f"/policy/{GROUP}/fields/title/", "/policy/new/yaml/"])
def test_an_auditor_and_an_engineer_do_not_edit(path):
    for code in ("kansa", "infra"):
        assert sit(code).get(path).status_code == 403
        assert sit(code).post(path, {"source": CHANGED}).status_code == 403
    assert find_draft(GROUP, scope=ALICE) is None


@pytest.mark.parametrize("code", ["kansa", "infra"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_everybody_reads(code, language):
    save("sato", CHANGED)
    client = sit(code, language)
    for path in (
        "/policy/",
        f"/policy/{GROUP}/1/read/",
        f"/policy/{GROUP}/draft/read/",
        f"/policy/{GROUP}/draft/findings/",
        f"/policy/{GROUP}/compare/",
        DRAFT,
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert f'<html lang="{language}"' in said(page)
        assert "/text/" not in said(page)
    assert client.get(f"/policy/{GROUP}/1/policy.yaml").content.decode() == SOURCE


@pytest.mark.parametrize(
    "path", [f"/policy/{GROUP}/1/read/", DRAFT, TEXT, f"/policy/{GROUP}/compare/", f"/policy/{GROUP}/fields/title/"]
)
def test_another_company_sees_nothing(path):
    save("sato", CHANGED)
    page = sit("mallory").get(path)
    assert page.status_code == 404
    assert "ご回答" not in said(page)
    assert "copro" not in said(sit("mallory").get("/policy/"))


def test_a_text_written_over_an_older_one_is_refused_and_comes_back_with_the_difference():
    seen = seen_in(sit("sato").get(TEXT))
    save("alice", CHANGED, seen)
    mine = SOURCE.replace("プライバシーポリシー", "個人情報のページ")
    page = save("sato", mine, seen)
    assert page.status_code == 409
    assert page.context["text"] == mine
    assert ("-", next(line for line in CHANGED.splitlines() if "ご回答" in line)) in page.context["difference"]
    assert kept_draft().source == CHANGED
    assert save("sato", mine, seen_in(page)).status_code == 302
    assert kept_draft().source == mine


def test_a_broken_text_tells_every_line_and_is_not_lost():
    broken = SOURCE.replace("subject: inquirers", "subject: nobody").replace("amount: 500", "amount: many")
    lines = {number for number, line in enumerate(broken.splitlines(), 1) if "nobody" in line or "many" in line}
    page = save("sato", broken)
    assert page.status_code == 400
    assert page.context["text"] == broken
    assert {problem.place.line for problem in page.context["problems"]} == lines
    for line in lines:
        assert f'data-line="{line}"' in said(page)
    assert find_draft(GROUP, scope=ALICE) is None
    unreadable = sit("sato").post("/policy/check/", {"source": "a: [1"})
    assert "not-yaml" in said(unreadable)


@pytest.mark.parametrize(("language", "words"), [("ja", "個人情報保護法第"), ("en", "APPI Art.")])
def test_the_check_beside_says_rule_place_article_and_what_to_write(language, words):
    page = said(sit("sato", language).post("/policy/check/", {"source": SOURCE}))
    assert "F-08" in page
    assert 'data-line="385"' in page
    assert words in page
    assert "→" in page


def test_the_same_text_changes_nothing_and_says_so():
    page = save("sato", SOURCE)
    assert page.status_code == 400
    assert "same as revision 1" in said(page)


def test_a_draft_is_sent_back_with_the_reason_and_discarded():
    save("sato", CHANGED)
    step("sato", "submit")
    page = step("bob", "send_back", remark="Name the desk <b>first</b>")
    assert "Name the desk &lt;b&gt;first" in said(page)
    assert "discarded" in said(step("sato", "discard"))
    assert find_draft(GROUP, scope=ALICE) is None


def test_what_was_looked_at_is_what_is_approved():
    save("sato", CHANGED)
    step("sato", "submit")
    page = sit("bob").post(f"{DRAFT}approve/", {"digest": "0" * 64}, follow=True)
    assert "was changed while" in said(page)


@pytest.mark.parametrize("day", ["", "tomorrow", "2020-01-01", "2021-01-01"])
def test_a_wrong_first_day_publishes_nothing(day):
    save("sato", CHANGED)
    assert len(list_revisions(GROUP)) == 1
    page = step("bob", "publish", effective_from=day)
    assert "notice error" in said(page)
    assert len(list_revisions(GROUP)) == 1


def test_two_versions_are_compared_in_the_policys_own_terms():
    save("sato", CHANGED)
    page = sit("sato").get(f"/policy/{GROUP}/compare/?old=1&new=draft")
    changes = [one for _, found in page.context["areas"] for one in found]
    assert "お問い合わせへのご回答" in {
        one.change.difference.after.ja for one in changes if one.change.difference.after
    }
    assert any(one.duties for one in changes)
    assert "お問い合わせへのご回答" in said(sit("sato", "ja").get(f"/policy/{GROUP}/compare/"))
    assert sit("sato").get(f"/policy/{GROUP}/compare/?old=1&new=1").context["areas"] == []


def test_the_first_page_counts_what_the_check_finds():
    page = sit("sato").get("/policy/")
    (group,) = page.context["groups"]
    assert group.in_force.ref.number == 1
    assert sum(count for _, _, count in group.checked.counts) == len(group.checked.findings) > 16
    assert f"gap {next(count for word, _, count in group.checked.counts if word.en == 'gap')}" in said(page)
    assert AT.date() == group.checked.on


def test_the_first_policy_of_another_group_is_begun_by_its_officer(client):
    other = SOURCE.replace("copro-holdings", "other-company")
    mallory = sit("mallory")
    assert "/policy/new/" in said(mallory.get("/policy/"))
    assert "/policy/new/yaml/" in said(mallory.get("/policy/new/"))
    page = mallory.get("/policy/new/yaml/")
    assert page.context["text"] == ""
    refused = mallory.post("/policy/new/yaml/", {"source": SOURCE, "seen": seen_in(page)})
    assert refused.status_code == 400
    assert refused.context["text"] == SOURCE
    page = mallory.post("/policy/new/yaml/", {"source": other, "seen": seen_in(page)})
    assert page["Location"] == "/policy/other-company/text/"
    draft = mallory.get("/policy/other-company/draft/")
    assert "its author may publish it" in said(draft)
    digest = draft.context["draft"].digest
    mallory.post("/policy/other-company/draft/publish/", {"digest": digest, "effective_from": "2021-01-01"})
    assert [one.published_by for one in list_revisions("other-company")] == ["mallory"]
    assert client.get("/privacy/of/other-company/").status_code == 200


def test_a_text_of_another_group_is_not_saved_as_this_ones():
    page = save("sato", SOURCE.replace("copro-holdings", "other-company"))
    assert page.status_code == 400
    assert "is the policy of other-company" in said(page)
    assert find_draft(GROUP, scope=ALICE) is None


def test_what_looks_like_markup_in_a_text_stays_text():
    hostile = CHANGED.replace("ja: プライバシーポリシー,", 'ja: "<script>alert(1)</script>",', 1)
    assert hostile != CHANGED
    save("sato", hostile)
    for path in (
        TEXT,
        f"/policy/{GROUP}/draft/read/",
        f"/policy/{GROUP}/compare/",
        f"/policy/{GROUP}/fields/title/",
        DRAFT,
    ):
        page = said(sit("sato", "ja").get(path))
        assert "<script>alert" not in page, path
    assert "&lt;script&gt;alert" in said(sit("sato", "ja").get(TEXT))


@pytest.mark.parametrize("version", ["7", "0", "no", "١", "draft"])
def test_a_version_that_is_not_there_is_not_found(version):
    assert sit("sato").get(f"/policy/{GROUP}/{version}/read/").status_code == 404


STARTED = {
    "code": "other-company", "name_ja": "株式会社：見本 {x} #1", "name_en": "", "postal_code": "100-0001",
    "address": "東京都千代田区〇番", "title": "代表取締役", "representative": '見本 "太郎"', "telephone": "03-0000-0000",
}  # fmt: skip


def test_a_starter_becomes_a_draft_in_the_form_with_what_was_told_of_the_company():
    mallory = sit("mallory", "ja")
    assert 'value="other-company"' in said(mallory.get("/policy/new/"))
    began = mallory.post("/policy/new/", STARTED)
    assert began["Location"] == "/policy/other-company/fields/"
    form = mallory.get("/policy/other-company/fields/organisations/")
    assert form.status_code == 200
    organisation = form.context["root"].parts[0]
    told = {one.name: one.value for one in organisation.parts}
    assert told["organisations.0.code"] == "other-company"
    assert told["organisations.0.name"]["ja"] == STARTED["name_ja"]  # signs of YAML stay signs
    again = mallory.post("/policy/new/", STARTED)
    assert again.status_code == 400  # no second first policy
    assert "もう方針があります" in said(again)


def test_the_starter_wants_what_it_must_and_is_only_for_those_who_draft():
    mallory = sit("mallory", "ja")
    wrong = mallory.post("/policy/new/", {**STARTED, "telephone": "", "postal_code": "1"})
    assert wrong.status_code == 400
    assert 'href="#id_telephone"' in said(wrong)  # the summary leads to the field
    assert 'href="#id_postal_code"' in said(wrong)
    foreign = mallory.post("/policy/new/", {**STARTED, "code": GROUP})
    assert foreign.status_code == 400
    assert sit("infra").get("/policy/new/").status_code == 403

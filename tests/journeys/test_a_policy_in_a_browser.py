"""A policy edited as fields and as text, compared, approved by another person, published, and read by everybody."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from daicho.policy.queries import get_revision
from tests.journeys.browser import PHONE, needs_chromium
from tests.journeys.clicking import Hands, hands
from tests.journeys.desk_steps import acts
from tests.policy.screens import GROUP, publish_the_first, seat_everybody

pytestmark = [pytest.mark.slow, needs_chromium]


RESPONSIBLE = (
    "共同利用の管理責任者の住所又は代表者の氏名がここに書かれていません。",
    "The responsible party's address or representative does not stand here.",
)
APPROVE = ("承認する", "Approve")
PUBLISH = ("公表する", "Publish")
UNNUMBERED = "- {kinds: [purpose_notice], "
NUMBERED = "- {label: (2), kinds: [purpose_notice], "


@pytest.fixture
def office(workspace, address: str, settings) -> str:
    """Revision 1 is in force; officers, a secretariat and others have accounts. Where browsers find it."""
    settings.WORKSPACE = replace(settings.WORKSPACE, organisation=GROUP)
    with transaction.atomic():
        seat_everybody()
        publish_the_first()
    return address


def mend_a_field(author: Hands) -> None:
    """A finding leads to its field; mended and saved, it is found no more."""
    author.link("項目で編集", "Edit as fields")
    author.link("共同利用", "Joint use", menu=True)
    author.page.get_by_role("link", name=author.say(*RESPONSIBLE)).click()
    focused = author.page.locator(".pointed :focus")
    expect(focused).to_be_visible()
    responsible = Hands(author.screen, author.language, author.page.locator(".pointed"))
    responsible.tick("住所をここに載せるか", "Whether the address stands here")
    responsible.tick("代表者名をここに載せるか", "Whether the representative stands here")
    author.press_keys("Control+s")
    author.sees(("下書きを保存しました", "The draft is saved"))
    expect(author.page.get_by_role("link", name=author.say(*RESPONSIBLE))).to_have_count(0)


def write_over(text: Any, old: str, new: str) -> None:
    """Select some words of a text, and write others."""
    found = text.evaluate(
        """(one, old) => {
          const at = one.value.indexOf(old);
          one.focus();
          one.setSelectionRange(at, at + old.length);
          return at;
        }""",
        old,
    )
    assert found >= 0, old
    text.page.keyboard.insert_text(new)


def mend_the_text(author: Hands) -> None:
    """What is wrong is found while it is written, and leads to its line."""
    author.link("本文を編集", "Edit as text", menu=True)
    text = author.page.get_by_role("textbox", name=author.say("方針の本文(YAML)", "Text of the policy (YAML)"))
    check = author.part("点検", "Check")
    check.sees("F-07")
    write_over(text, "amount: 500", "amount: many")
    check.sees(("1 件の誤りがあり", "1 error(s)"))
    before, _, _ = text.input_value().partition("amount: many")
    line = before.count("\n") + 1
    check.within.get_by_role("button", name=author.say(f"{line} 行目へ", f"Line {line}"), exact=True).click()
    assert text.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)").strip() == "amount: many"
    write_over(text, "amount: many", "amount: 500")
    write_over(text, UNNUMBERED, NUMBERED)
    check.sees("F-06")  # it can be read again
    expect(check.within).not_to_contain_text("F-07")
    author.press_keys("Control+s")
    author.sees(("下書きを保存しました", "The draft is saved"))


def read_as_anybody(reader: Hands, current: int) -> None:
    """The public page has the revision in force; the others, earlier or to come, are one link away."""
    reader.open("/privacy/")
    page = reader.page.locator("body")
    expect(page).to_contain_text(reader.say(f"第{current}版", f"Revision {current}, in force from"))
    items = reader.page.get_by_role("listitem").filter(has_text="(2)")
    assert (items.count() > 0) == (current == 2)
    if current == 1:
        expect(page).to_contain_text(reader.say("に改定します", "It changes on"))
    reader.link("これまでの版", "All revisions", menu=True)
    versions = reader.page.locator("main").get_by_role("listitem")
    expect(versions).to_have_count(2)
    expect(versions.nth(2 - current)).to_contain_text(reader.say("施行中", "in force"))
    reader.link("第1版", "Revision 1")
    is_old = reader.page.get_by_text(reader.say("いまの方針ではありません", "It is not the policy of today"))
    assert is_old.count() == (1 if current == 2 else 0)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_policy_is_edited_approved_by_another_officer_and_published(chromium, office, monkeypatch, language):
    with (
        hands(chromium, office, "alice", language) as alice,
        hands(chromium, office, "bob", language) as bob,
    ):
        alice.open("/")
        alice.link("方針", "Policy", menu=True)
        mend_a_field(alice)
        mend_the_text(alice)
        alice.link("版の比較", "Compare", menu=True)
        alice.sees(("改定日", "date of the revision"), ("新しくなっていません", "not newer"))
        alice.link("概要", "Overview", menu=True)
        alice.link("違いを見て承認・公表へ", "Review, approve, publish")
        alice.press("承認を依頼する", "Submit for approval")
        alice.sees(("ほかの個人情報保護管理者が承認します", "Another responsible officer approves it"))
        for step in (APPROVE, PUBLISH):
            assert alice.page.get_by_role("button", name=alice.say(*step), exact=True).count() == 0

        bob.open("/")
        bob.link("承認を待つ方針", "Policies to approve")
        bob.link("違いを見て承認・公表へ", "Review, approve, publish")
        bob.sees(NUMBERED.strip(), "shows_representative: yes")
        bob.press(*APPROVE)
        bob.fill("施行日", "In force from", "2026-12-01")
        bob.press(*PUBLISH)
        bob.sees(("第2版", "Revision 2"), ("施行前", "to come"))

    for today, current in (("2026-11-30", 1), ("2026-12-01", 2)):
        monkeypatch.setenv("DAICHO_AT", f"{today}T09:00:00+09:00")
        with hands(chromium, office, "", language, size=PHONE) as anybody:
            read_as_anybody(anybody, current)

    second = get_revision(GROUP, 2)
    assert (second.drafted_by, second.approved_by, second.published_by) == ("alice", "bob", "bob")
    assert [one for one in acts("") if one[0].startswith("policy.")][2:] == [
        ("policy.drafted", "alice"),
        ("policy.drafted", "alice"),
        ("policy.submitted", "alice"),
        ("policy.approved", "bob"),
        ("policy.published", "bob"),
    ]

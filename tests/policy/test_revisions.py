"""Drafts and revisions: what is kept, what is refused, which policy binds on which day."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daicho.people.models import Account, AccountOrganisation
from daicho.people.rules import Role
from daicho.policy.actions import apply_policy, publish
from daicho.policy.check import check
from daicho.policy.language import read_policy
from daicho.policy.queries import (
    find_draft,
    find_revision_at,
    get_revision,
    list_revisions,
    policy_in_force,
    revision_at,
)
from daicho.trail.models import TrailEntry
from daicho.words.errors import DocumentError, InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[2] / "examples/staffing-group/policy.yaml"
RAW = EXAMPLE.read_bytes()
CHANGED = RAW.replace("お問い合わせへの対応".encode(), "お問い合わせへのご回答".encode())
GROUP = "copro-holdings"
AT = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
ALICE = Scope(actor="alice", organisations=frozenset({GROUP, "copro-technology"}))
SATO = Scope(actor="sato", organisations=frozenset({GROUP}))
BOB = Scope(actor="bob", organisations=frozenset({GROUP}))
STRANGER = Scope(actor="mallory", organisations=frozenset({"other-company"}))


@pytest.fixture(autouse=True)
def cast():
    """Alice and Bob are officers, Sato the secretary, Mallory the officer of another company."""
    for code, organisation, role in (
        ("alice", GROUP, Role.OFFICER),
        ("bob", GROUP, Role.OFFICER),
        ("sato", GROUP, Role.SECRETARIAT),
        ("mallory", "other-company", Role.OFFICER),
    ):
        account = Account.objects.create(code=code, display_name=code, home_organisation=organisation, created_at=AT)
        AccountOrganisation.objects.create(account=account, organisation=organisation, role=role, granted_at=AT)


def first_revision():
    apply_policy(RAW, "policy.yaml", scope=ALICE, at=AT)
    return publish(GROUP, effective_from=date(2021, 1, 1), scope=ALICE, at=AT)


def test_it_freezes_a_draft_as_revision_one_and_remembers_who_and_when():
    applied = apply_policy(RAW, "policy.yaml", scope=ALICE, at=AT)
    draft = find_draft(GROUP, scope=ALICE)
    assert draft is not None
    assert draft.digest == applied.digest
    revision = publish(GROUP, effective_from=date(2021, 1, 1), scope=ALICE, at=AT)
    assert (revision.number, revision.digest, revision.published_by) == (1, applied.digest, "alice")
    assert find_draft(GROUP, scope=ALICE) is None
    assert revision.source == RAW.decode()
    assert revision.policy.digest == applied.digest


def test_each_act_leaves_one_trail_entry_with_the_digest():
    revision = first_revision()
    entries = list(TrailEntry.objects.order_by("seq"))
    assert [entry.event for entry in entries] == ["policy.drafted", "policy.published"]
    assert all(revision.digest in entry.facts for entry in entries)
    assert {entry.organisation for entry in entries} == {GROUP}


def test_a_subsidiary_is_bound_by_its_groups_policy():
    first_revision()
    assert policy_in_force("copro-technology", date(2026, 11, 23)).group.parent == GROUP
    assert find_revision_at("other-company", date(2026, 11, 23)) is None


def test_the_policy_of_a_day_is_the_one_in_force_then():
    first_revision()
    apply_policy(CHANGED, "policy.yaml", scope=ALICE, at=AT, base=1)
    publish(GROUP, effective_from=date(2026, 12, 1), scope=BOB, at=AT)
    assert revision_at(GROUP, date(2026, 11, 30)).number == 1
    assert revision_at(GROUP, date(2026, 12, 1)).number == 2
    assert [ref.number for ref in list_revisions("copro-technology")] == [1, 2]
    before, after = get_revision(GROUP, 1).policy, get_revision(GROUP, 2).policy
    assert before.purpose("answering-inquiries").says.ja == "お問い合わせへの対応"
    assert after.purpose("answering-inquiries").says.ja == "お問い合わせへのご回答"
    with pytest.raises(NotFoundError):
        revision_at(GROUP, date(2020, 12, 31))


def test_it_refuses_a_file_that_says_what_is_already_published():
    first_revision()
    with pytest.raises(InputError, match="revision 1"):
        apply_policy(b"# a comment more\n" + RAW, "policy.yaml", scope=ALICE, at=AT, base=1)


@pytest.mark.parametrize("base", [None, 2, 7])
def test_it_refuses_a_file_that_was_not_written_from_the_head(base):
    first_revision()
    with pytest.raises(NotAllowedError, match="newest revision is 1"):
        apply_policy(CHANGED, "policy.yaml", scope=ALICE, at=AT, base=base)
    assert find_draft(GROUP, scope=ALICE) is None


def test_the_base_may_stand_in_the_file():
    first_revision()
    applied = apply_policy(
        CHANGED.replace(b"daicho-policy/1\n", b"daicho-policy/1\nbase: 1\n"), "p", scope=ALICE, at=AT
    )
    assert applied.base == 1


def test_it_refuses_a_base_before_anything_is_published():
    with pytest.raises(NotAllowedError, match="nothing is published"):
        apply_policy(RAW, "policy.yaml", scope=ALICE, at=AT, base=1)


def test_it_refuses_to_publish_a_draft_whose_base_was_overtaken():
    first_revision()
    apply_policy(CHANGED, "policy.yaml", scope=ALICE, at=AT, base=1)
    publish(GROUP, effective_from=date(2026, 12, 1), scope=BOB, at=AT)
    apply_policy(RAW, "policy.yaml", scope=ALICE, at=AT, base=2)
    from daicho.policy.models import PolicyDraft

    PolicyDraft.objects.update(base=1)
    with pytest.raises(NotAllowedError):
        publish(GROUP, effective_from=date(2026, 12, 2), scope=ALICE, at=AT)


@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2026, 11, 22)])
def test_a_later_revision_cannot_begin_in_the_past(day):
    first_revision()
    apply_policy(CHANGED, "policy.yaml", scope=ALICE, at=AT, base=1)
    with pytest.raises(InputError):
        publish(GROUP, effective_from=day, scope=ALICE, at=AT)


def test_it_refuses_to_publish_without_a_draft():
    with pytest.raises(NotFoundError, match="no draft"):
        publish(GROUP, effective_from=date(2026, 12, 1), scope=ALICE, at=AT)


def test_applying_the_same_draft_again_changes_nothing():
    apply_policy(RAW, "policy.yaml", scope=ALICE, at=AT)
    again = apply_policy(RAW, "policy.yaml", scope=ALICE, at=AT)
    assert not again.changed
    assert TrailEntry.objects.count() == 1


def test_a_foreign_scope_sees_and_changes_nothing():
    apply_policy(RAW, "policy.yaml", scope=ALICE, at=AT)
    for attempt in (
        lambda: apply_policy(CHANGED, "policy.yaml", scope=STRANGER, at=AT),
        lambda: publish(GROUP, effective_from=date(2026, 12, 1), scope=STRANGER, at=AT),
        lambda: find_draft(GROUP, scope=STRANGER),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_the_secretary_drafts_and_the_officer_publishes():
    apply_policy(RAW, "policy.yaml", scope=SATO, at=AT)
    with pytest.raises(NotAllowedError):
        publish(GROUP, effective_from=date(2021, 1, 1), scope=SATO, at=AT)
    assert publish(GROUP, effective_from=date(2021, 1, 1), scope=ALICE, at=AT).published_by == "alice"


def test_a_draft_says_how_many_findings_it_has():
    applied = apply_policy(RAW, "policy.yaml", scope=ALICE, at=AT)
    assert applied.findings == len(check(read_policy(RAW, path="policy.yaml"), on=AT.date()))
    assert applied.findings > 16


def test_a_broken_file_leaves_no_draft():
    with pytest.raises(DocumentError):
        apply_policy(RAW.replace(b"parent: copro-holdings", b"parent: nobody", 1), "policy.yaml", scope=ALICE, at=AT)
    assert TrailEntry.objects.count() == 0

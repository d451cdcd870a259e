"""A draft goes from one person to another before it is published."""

from datetime import date

import pytest

from daicho.policy.actions import apply_policy, approve, discard, publish, send_back, submit
from daicho.policy.queries import find_draft, get_revision, list_revisions, text_digest
from daicho.policy.rules.approval import MOVES, DraftState, Step, next_state
from daicho.policy.rules.revising import StaleTextError
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError, NotFoundError
from tests.policy.test_revisions import ALICE, AT, BOB, CHANGED, GROUP, SATO, STRANGER, cast, first_revision

pytestmark = pytest.mark.django_db
__all__ = ["cast"]
SOON = date(2026, 12, 1)
AGAIN = CHANGED.replace("お問い合わせへのご回答".encode(), "お問い合わせへの返答".encode())


@pytest.fixture
def drafted():
    """Revision 1 is published, and Alice has written the next."""
    first_revision()
    return apply_policy(CHANGED, "policy.yaml", scope=ALICE, at=AT, base=1).digest


def test_it_goes_from_the_author_to_another_officer_and_out(drafted):
    submit(GROUP, digest=drafted, scope=ALICE, at=AT)
    approve(GROUP, digest=drafted, scope=BOB, at=AT)
    publish(GROUP, effective_from=SOON, digest=drafted, scope=ALICE, at=AT)
    revision = get_revision(GROUP, 2)
    assert (revision.drafted_by, revision.approved_by, revision.published_by) == ("alice", "bob", "alice")
    events = [entry.event for entry in TrailEntry.objects.order_by("seq")][2:]
    assert events == ["policy.drafted", "policy.submitted", "policy.approved", "policy.published"]


def test_the_author_neither_approves_nor_publishes_alone(drafted):
    submit(GROUP, scope=ALICE, at=AT)
    with pytest.raises(NotAllowedError, match="of their own"):
        approve(GROUP, scope=ALICE, at=AT)
    with pytest.raises(NotAllowedError, match="author alone"):
        publish(GROUP, effective_from=SOON, scope=ALICE, at=AT)
    assert len(list_revisions(GROUP)) == 1


def test_whoever_saved_any_text_of_the_draft_is_its_author(drafted):
    apply_policy(AGAIN, "policy.yaml", scope=BOB, at=AT, base=1)
    draft = find_draft(GROUP, scope=ALICE)
    assert draft is not None
    assert draft.authors == ("alice", "bob")
    for scope in (ALICE, BOB):
        with pytest.raises(NotAllowedError, match="author alone"):
            publish(GROUP, effective_from=SOON, scope=scope, at=AT)


def test_publishing_by_another_officer_is_the_approval(drafted):
    assert publish(GROUP, effective_from=SOON, scope=BOB, at=AT).approved_by == "bob"


def test_a_new_text_takes_the_approval_away(drafted):
    submit(GROUP, scope=ALICE, at=AT)
    approve(GROUP, scope=BOB, at=AT)
    apply_policy(AGAIN, "policy.yaml", scope=ALICE, at=AT, base=1)
    draft = find_draft(GROUP, scope=ALICE)
    assert draft is not None
    assert (draft.state, draft.approved_by) == (DraftState.WRITTEN, "")
    with pytest.raises(NotAllowedError, match="changed while"):
        approve(GROUP, digest=drafted, scope=BOB, at=AT)


def test_the_secretariat_submits_but_does_not_approve(drafted):
    submit(GROUP, scope=SATO, at=AT)
    with pytest.raises(NotAllowedError, match="role"):
        approve(GROUP, scope=SATO, at=AT)


def test_what_is_sent_back_is_a_draft_again_with_the_reason(drafted):
    submit(GROUP, scope=ALICE, at=AT)
    send_back(GROUP, remark="保管期間を直す", scope=BOB, at=AT)
    draft = find_draft(GROUP, scope=ALICE)
    assert draft is not None
    assert (draft.state, draft.remark) == (DraftState.WRITTEN, "保管期間を直す")
    assert "保管期間" not in "".join(str(entry.facts) for entry in TrailEntry.objects.all())


def test_a_discarded_draft_is_gone_and_the_revision_stays(drafted):
    discard(GROUP, digest=drafted, scope=ALICE, at=AT)
    assert find_draft(GROUP, scope=ALICE) is None
    assert len(list_revisions(GROUP)) == 1


@pytest.mark.parametrize("act", [submit, approve, send_back, discard])
def test_nothing_is_done_to_another_groups_draft(drafted, act):
    with pytest.raises(NotFoundError):
        act(GROUP, scope=STRANGER, at=AT)


def test_a_text_written_over_an_older_one_is_refused(drafted):
    seen = text_digest(CHANGED.decode())
    apply_policy(AGAIN, "policy.yaml", scope=BOB, at=AT, base=1, seen=seen)
    with pytest.raises(StaleTextError):
        apply_policy(CHANGED + b"# mine\n", "policy.yaml", scope=ALICE, at=AT, base=1, seen=seen)


def test_a_comment_alone_is_kept_too(drafted):
    assert apply_policy(CHANGED + b"# why\n", "policy.yaml", scope=ALICE, at=AT, base=1).changed
    draft = find_draft(GROUP, scope=ALICE)
    assert draft is not None
    assert draft.source.endswith("# why\n")


@pytest.mark.parametrize("state", list(DraftState))
@pytest.mark.parametrize("step", list(Step))
def test_what_is_not_in_the_table_is_refused(state, step):
    if (state, step) in MOVES:
        assert next_state(state, step) is MOVES[state, step]
    else:
        with pytest.raises(NotAllowedError):
            next_state(state, step)

"""What may be written to the trail, and how."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from daicho.trail.actions import Act, record, record_many
from daicho.trail.acts import Acts
from daicho.trail.errors import TrailDamagedError, TrailOutsideTransactionError, TrailRefusedError
from daicho.trail.events import EVENTS
from daicho.trail.models import TrailEntry, TrailHead
from daicho.trail.queries import get_end, list_entries
from daicho.words.scope import Scope

AT = datetime(2026, 11, 5, 1, 2, 3, tzinfo=UTC)
SCOPE = Scope(actor="desk-01", organisations=frozenset({"copro"}))


def write(event: str = "account.created", *, organisation: str = "copro", **facts: object) -> int:
    with transaction.atomic():
        return record(event, actor="desk-01", at=AT, organisation=organisation, **(facts or {"account": "tanaka"}))


@pytest.mark.django_db
def test_an_entry_is_numbered_linked_and_about_its_first_fact():
    assert [write(), write(account="suzuki")] == [1, 2]
    first, second = TrailEntry.objects.order_by("seq")
    assert second.prev == first.hash
    assert (second.about, second.facts) == ("suzuki", '{"account":"suzuki"}')
    assert get_end().size == 2


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_write_outside_a_transaction():
    with pytest.raises(TrailOutsideTransactionError):
        record("account.created", actor="desk-01", at=AT, organisation="copro", account="tanaka")
    assert not TrailEntry.objects.exists()
    with transaction.atomic():
        record("account.created", actor="desk-01", at=AT, organisation="copro", account="tanaka")
    assert TrailEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_its_act_when_the_act_fails():
    def fail() -> None:
        with transaction.atomic():
            write(account="suzuki")
            raise ZeroDivisionError

    write()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert get_end().size == 1
    assert write(account="sato") == 2


@pytest.mark.django_db
def test_many_entries_take_one_lock_one_insert_one_update():
    write()
    acts = [
        Act(event="account.created", actor="desk-01", at=AT, organisation="copro", facts={"account": f"a{number}"})
        for number in range(100)
    ]
    with CaptureQueriesContext(connection) as queries:
        assert record_many(acts) == range(2, 102)
    assert len(queries) <= 3
    assert record_many([]) == range(0)


@pytest.mark.django_db
def test_collected_acts_are_written_in_their_order():
    acts = Acts(actor="desk-01", at=AT)
    acts.add("account.created", organisation="copro", account="tanaka")
    acts.add("account.role_granted", organisation="copro", account="tanaka", role="desk")
    assert not TrailEntry.objects.exists()
    acts.write()
    acts.write()
    assert list(TrailEntry.objects.order_by("seq").values_list("event", flat=True)) == [
        "account.created",
        "account.role_granted",
    ]


REFUSED = {
    "an unknown event": ("person.insulted", {"account": "tanaka"}),
    "an unknown fact": ("account.created", {"account": "tanaka", "note": "x"}),
    "a missing fact": ("account.role_granted", {"account": "tanaka"}),
    "a sentence for a code": ("account.created", {"account": "田中さんの口座"}),
    "a name for a code": ("account.created", {"account": "Tanaka Hanako"}),
    "an address for a reference": ("stop.recorded", {"stop": "T-1", "person": "hanako@example.jp", "kind": "x"}),
    "a telephone number for a reference": ("stop.recorded", {"stop": "T-1", "person": "090-1234-5678", "kind": "x"}),
    "a number for a code": ("account.created", {"account": 5}),
    "text for a count": ("policy.drafted", {"digest": "0" * 64, "findings": "3"}),
    "a flag for a count": ("policy.drafted", {"digest": "0" * 64, "findings": True}),
    "a negative count": ("policy.drafted", {"digest": "0" * 64, "findings": -1}),
    "a count beyond what JSON keeps": ("policy.drafted", {"digest": "0" * 64, "findings": 2**53}),
    "half a digest": ("policy.drafted", {"digest": "0" * 32}),
    "an instant for a day": ("policy.published", {"revision": 1, "digest": "0" * 64, "effective_from": AT}),
    "text for a list": ("keys.created", {"keysets": "seal"}),
    "a list with a sentence in it": ("keys.created", {"keysets": ("seal", "my secret")}),
    "a floating number": ("policy.drafted", {"digest": "0" * 64, "findings": 1.5}),
    "a mapping": ("keys.created", {"keysets": {"a": 1}}),
}


@pytest.mark.parametrize(("event", "facts"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.django_db
def test_it_refuses(event, facts):
    with pytest.raises(TrailRefusedError) as refused:
        write(event, **facts)
    for value in facts.values():
        if isinstance(value, str) and not value.isascii():
            assert value not in refused.value.say("ja") + refused.value.say("en")
    assert not TrailEntry.objects.exists()


@pytest.mark.parametrize(
    "author",
    [
        {"actor": "田中"},
        {"actor": ""},
        {"actor": "Tanaka Hanako"},
        {"organisation": ""},
        {"organisation": "株式会社"},
        {"at": datetime(2026, 11, 5)},  # noqa: DTZ001
    ],
    ids=str,
)
@pytest.mark.django_db
def test_it_refuses_an_entry_that_does_not_say_who_when_and_for_whom(author):
    given = {"actor": "desk-01", "at": AT, "organisation": "copro", **author}
    with pytest.raises(TrailRefusedError), transaction.atomic():
        record("account.created", account="tanaka", **given)


@pytest.mark.django_db
def test_optional_facts_may_be_left_out_or_none():
    write("policy.drafted", digest="0" * 64)
    write("policy.drafted", digest="0" * 64, findings=None)
    write("policy.published", revision=3, digest="0" * 64, effective_from=date(2026, 4, 1))
    facts = list(TrailEntry.objects.order_by("seq").values_list("facts", flat=True))
    assert facts[0] == facts[1]
    assert '"effective_from":"2026-04-01"' in facts[2]


@pytest.mark.django_db
def test_an_end_that_was_set_back_is_noticed_before_it_forks():
    write()
    write(account="suzuki")
    head = TrailHead.objects.get()
    first = TrailEntry.objects.get(seq=1)
    TrailHead.objects.update(size=1, head=first.hash, frontier=bytes(head.frontier)[:32])
    with pytest.raises(TrailDamagedError), transaction.atomic():
        write(account="sato")


@pytest.mark.parametrize("change", [{"size": 5}, {"frontier": b"x"}], ids=str)
@pytest.mark.django_db
def test_an_end_that_contradicts_itself_is_refused(change):
    write()
    TrailHead.objects.update(**change)
    with pytest.raises(TrailDamagedError):
        write()


@pytest.mark.django_db
def test_a_lost_end_does_not_begin_a_new_trail_behind_the_old_entries():
    write()
    TrailHead.objects.all().delete()
    with pytest.raises(TrailDamagedError):
        write()


def test_every_event_has_words_in_both_languages_for_facts_it_has():
    for kind in EVENTS.values():
        said = {language: kind.say(dict.fromkeys(kind.facts, "#"), language) for language in ("ja", "en")}
        assert said["ja"] != said["en"], kind.code
        assert all(said.values())
        assert kind.say({}, "ja")


def test_no_event_has_room_for_free_text():
    kinds = {kind.name for event in EVENTS.values() for kind in event.facts.values()}
    assert kinds <= {"code", "reference", "digest", "count", "flag", "day", "codes"}


@pytest.mark.django_db
def test_lists_show_only_the_scopes_organisations_and_the_whole_installation():
    write(account="ours")
    write(organisation="other", account="theirs")
    record("keys.rewrapped", actor="desk-01", at=AT, organisation="*")
    assert [entry.seq for entry in list_entries(scope=SCOPE)] == [1, 3]
    nobody = Scope(actor="x", organisations=frozenset())
    assert [entry.seq for entry in list_entries(scope=nobody)] == [3]


@pytest.mark.django_db
def test_lists_are_filtered_and_paged():
    for number in range(10):
        write(account=f"a{number}")
    write("account.deactivated", account="a3")
    assert [entry.seq for entry in list_entries(scope=SCOPE, about="a3")] == [4, 11]
    assert [entry.seq for entry in list_entries(scope=SCOPE, event="account.deactivated")] == [11]
    assert len(list_entries(scope=SCOPE, event="account")) == 11
    assert list_entries(scope=SCOPE, event="acc") == []
    assert [entry.seq for entry in list_entries(scope=SCOPE, limit=2)] == [10, 11]
    assert [entry.seq for entry in list_entries(scope=SCOPE, limit=2, before=10)] == [8, 9]
    assert [entry.seq for entry in list_entries(scope=SCOPE, limit=2, after=3)] == [4, 5]
    assert list_entries(scope=SCOPE, until=AT) == []
    assert len(list_entries(scope=SCOPE, since=AT)) == 11
    assert list_entries(scope=SCOPE, actor="nobody") == []
    assert list_entries(scope=SCOPE, about="a3", limit=1)[0].say("en") == "account a3 deactivated"

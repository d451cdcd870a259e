"""An envelope from the post room's table to its request, on the screen."""

from datetime import timedelta

import pytest

from daicho.people.actions import create_account
from daicho.people.models import AccountOrganisation
from daicho.people.queries import get_account, get_actor
from daicho.people.rules import Role
from daicho.post.models import Envelope
from daicho.post.queries import list_scans
from daicho.post.rules import KINDS, Channel, Ending, EnvelopeKind
from daicho.trail.queries import list_entries
from daicho.words.scope import Scope
from tests.post.room import CANARY, Room
from tests.rights.desk import ORGANISATION
from tests.rights.planted import rows_of_ours
from tests.rights.test_receiving_screens import form

FOREIGN = "copro-career"
FRONT = {
    "channel": "post",
    "arrived_on": "2026-11-24",
    "organisation": ORGANISATION,
    "post_room": "本社 総務",
    "delivery_number": "１２３−４５−６７８９０−１",
    "opened_by": "郵便 係",
    "place": "3階 キャビネットA",
    "note": f"差出人 {CANARY}",
    "count_form": "1",
    "count_id_copy": "2",
}


def test_registered_sorted_filed_and_the_paper_shredded(room: Room):
    browser = room.browser("clerk")
    there = browser.post("/post/new/", FRONT)["Location"]
    assert there == "/post/E-2026-0001/"
    page = browser.get(there).content.decode()
    assert "仕分け待ち" in page
    assert "123-45-67890-1" in page
    assert CANARY in page
    browser.post(f"{there}classify/", {"kind": "request"})
    first, second = room.request(), room.request()
    room.scan(envelope="E-2026-0001")
    for number in (first, second):
        browser.post(f"{there}file/", {"request": number})
    page = browser.get(there).content.decode()
    assert "対応済み" in page
    assert first in page
    assert second in page
    (scan,) = list_scans(scope=room.desk.clerk, envelope="E-2026-0001")
    assert scan.request == first
    assert "E-2026-0001" in browser.get(f"/post/request/{second}/").content.decode()
    browser.post(f"{there}place/", {"place": "2階 金庫"})
    browser.post(f"{there}end/", {"how": "shredded", "on": "2026-11-24"})
    row = Envelope.objects.get()
    assert (row.place, row.paper_end) == ("2階 金庫", "shredded")
    said = [entry.event for entry in list_entries(scope=room.desk.clerk, about="E-2026-0001")]
    assert said == [
        "envelope.registered",
        "envelope.sorted",
        "envelope.filed",
        "envelope.filed",
        "envelope.paper_moved",
        "envelope.paper_ended",
    ]


def test_a_wrong_sorting_and_a_wrong_filing_are_taken_back(room: Room):
    browser, number, request = room.browser("clerk"), room.envelope(), room.request()
    there = f"/post/{number}/"
    for what, given in [
        ("classify", {"kind": "police"}),
        ("undo", {}),
        ("classify", {"kind": "request"}),
        ("file", {"request": request}),
        ("unfile", {"request": request}),
        ("undo", {}),
    ]:
        assert "notice success" in browser.post(f"{there}{what}/", given, follow=True).content.decode(), what
    row = Envelope.objects.get()
    assert (row.state, row.kind, row.filed.count()) == ("waiting", "", 0)


def test_filing_sorts_an_envelope_that_nobody_sorted(room: Room):
    """What the form of a new request does with ``?envelope=``."""
    number, request = room.envelope(), room.request()
    room.browser("clerk").post(f"/post/{number}/file/", {"request": request})
    assert Envelope.objects.get().kind == EnvelopeKind.REQUEST


@pytest.mark.parametrize("channel", list(Channel))
def test_the_form_opened_from_an_envelope_knows_it_and_files_it(room: Room, channel: Channel):
    arrived = room.desk.at.date() - timedelta(days=3)
    number = room.envelope(arrived_on=arrived, channel=channel, place="金庫")
    browser = room.browser("clerk")
    browser.post(f"/post/{number}/classify/", {"kind": "request"})
    there = f"/post/{number}/request/"
    assert there in browser.get(f"/post/{number}/").content.decode()
    initial = browser.get(there).context["form"].initial
    assert (initial["arrived_on"], initial["contents"], initial["kept_in"]) == (arrived, 2, "金庫")
    assert str(initial["channel"]) in {
        value for value, _ in browser.get(there).context["form"].fields["channel"].choices
    }
    wrong = browser.post(there, form(name=""))
    assert wrong.status_code == 422
    assert Envelope.objects.get().state == "sorted"
    opened = browser.post(there, form(arrived_on=arrived.isoformat()))
    assert opened.status_code == 302
    (filed,) = Envelope.objects.get().filed.all()
    assert filed.request in opened["Location"]
    again = browser.post(there, form(again="on"))  # a second request in the same envelope
    assert again.status_code == 302
    assert Envelope.objects.get().filed.count() == 2


def test_an_envelope_is_registered_closed_and_its_opening_recorded_later(room: Room):
    browser = room.browser("clerk")
    blank = browser.get("/post/new/").context["form"].initial
    assert not {name for name in blank if name.startswith("count_") or name == "opened_by"}
    closed = {name: value for name, value in FRONT.items() if not name.startswith(("count_", "opened_"))}
    refused = browser.post("/post/new/", {**closed, "count_form": "1"})
    assert "error" in refused.content.decode()  # counted, and opened by nobody
    there = browser.post("/post/new/", closed)["Location"]
    row = Envelope.objects.get()
    assert (row.opened_by, row.counted) == ("", {})
    for wrong in ({"opened_by": "", "count_form": "1"}, {"opened_by": "郵便 係", "count_form": "100"}):
        assert "notice error" in browser.post(f"{there}opened/", wrong, follow=True).content.decode()
    browser.post(f"{there}opened/", {"opened_by": "郵便 係", "count_form": "1", "count_id_copy": "2"})
    row.refresh_from_db()
    assert (row.opened_by, row.counted) == ("郵便 係", {"form": 1, "id_copy": 2})
    assert "本人確認書類 2" in browser.get(there).content.decode()
    assert room.browser("carol").post(f"{there}opened/", {"opened_by": "x"}).status_code == 403
    (entry,) = list_entries(scope=room.desk.clerk, event="envelope.opened")
    assert entry.facts == {"envelope": row.number, "items": 3}


def test_no_request_is_opened_from_a_police_inquiry(room: Room):
    number = room.envelope()
    browser = room.browser("clerk")
    browser.post(f"/post/{number}/classify/", {"kind": "police"})
    assert browser.get(f"/post/{number}/request/").status_code == 403
    assert browser.post(f"/post/{number}/request/", form()).status_code == 403
    assert room.browser("carol").get(f"/post/{number}/request/").status_code == 403


@pytest.mark.parametrize("kind", [kind for kind, rule in KINDS.items() if rule.ending is Ending.HANDED])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_no_request_is_handed_over_with_what_to_do(room: Room, kind: EnvelopeKind, language: str):
    browser, number = room.browser("clerk", language=language), room.envelope()
    browser.post(f"/post/{number}/classify/", {"kind": kind})
    page = browser.get(f"/post/{number}/").content.decode()
    for step in KINDS[kind].steps:
        assert step.say(language).replace("'", "&#x27;") in page
    browser.post(f"/post/{number}/file/", {"request": room.request()})
    assert Envelope.objects.get().state == "sorted"  # filing is not its way
    browser.post(f"/post/{number}/hand_over/", {"to": "管理者 佐藤"})
    row = Envelope.objects.get()
    assert (row.state, row.handed_to) == ("done", "管理者 佐藤")
    browser.post(f"/post/{number}/reopen/")
    assert Envelope.objects.get().state == "sorted"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("arrived_on", "2026-11-25"),
        ("arrived_on", "yesterday"),
        ("channel", "pigeon"),
        ("organisation", FOREIGN),
        ("post_room", ""),
        ("opened_by", "x" * 81),
        ("delivery_number", "<script>"),
        ("count_form", "100"),
        ("count_form", "-1"),
        ("note", "x" * 501),
    ],
)
def test_a_wrong_line_registers_nothing(room: Room, field: str, value: str):
    answer = room.browser("clerk").post("/post/new/", {**FRONT, field: value}, follow=True)
    assert answer.status_code == 200
    assert "error" in answer.content.decode()
    assert Envelope.objects.count() == 0


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("classify", {"kind": "letter"}),
        ("classify", {}),
        ("file", {"request": "R-2026-9999"}),
        ("file", {"request": "<b>"}),
        ("unfile", {"request": "R-2026-0001"}),
        ("hand_over", {"to": "somebody"}),
        ("reopen", {}),
        ("undo", {}),
        ("place", {"place": ""}),
        ("place", {"place": "a\nb"}),
        ("end", {"how": "shredded", "on": "2026-11-23"}),
        ("end", {"how": "shredded", "on": "2026-11-25"}),
        ("end", {"how": "eaten", "on": "2026-11-24"}),
        ("nonsense", {}),
    ],
)
def test_a_wrong_move_changes_nothing_and_says_why(room: Room, what: str, given: dict[str, str]):
    number = room.envelope()
    before = rows_of_ours()["post_envelope"]
    answer = room.browser("clerk").post(f"/post/{number}/{what}/", given, follow=True)
    assert "notice error" in answer.content.decode()
    assert rows_of_ours()["post_envelope"] == before


def test_the_list_filters_searches_sorts_and_pages(room: Room):
    numbers = [room.envelope(arrived_on=room.desk.at.date() - timedelta(days=day % 5)) for day in range(53)]
    room.envelope(delivery_number="999-88")
    browser = room.browser("clerk")
    browser.post(f"/post/{numbers[0]}/classify/", {"kind": "complaint"})

    def shown(query: str) -> list[str]:
        return [one.number for one in browser.get(f"/post/{query}").context["page"]]

    assert len(shown("")) == 50
    assert len(shown("?page=2")) == 4
    assert shown("?state=sorted") == shown("?kind=complaint") == [numbers[0]]
    assert len(shown("?q=999-88")) == 1
    assert len(shown("?since=2026-11-24")) == 12
    assert shown("?sort=old")[0] == numbers[4]
    assert shown("?q=nothing") == []
    assert shown("?state=x&kind=y&sort=z&page=k&since=w")
    assert shown(f"?q={CANARY}") == []  # who sent it is sealed


def test_an_empty_list_teaches(room: Room):
    assert "封筒はまだ登録されていません" in room.browser("clerk").get("/post/").content.decode()
    assert "No envelope is registered yet" in room.browser("clerk", language="en").get("/post/").content.decode()


def test_the_note_is_sealed_and_not_in_the_trail(room: Room):
    room.envelope()
    assert CANARY not in str(rows_of_ours())


def test_the_auditor_looks_without_the_note_and_changes_nothing(room: Room):
    number = room.envelope()
    carol = room.browser("carol")
    page = carol.get(f"/post/{number}/").content.decode()
    assert number in page
    assert CANARY not in page
    assert "classify" not in page
    assert carol.get("/post/").status_code == carol.get("/post/due/").status_code == 200
    assert carol.get("/post/new/").status_code == 403
    for what in ("classify", "file", "hand_over", "place"):
        assert carol.post(f"/post/{number}/{what}/", {"kind": "police"}).status_code == 403
    assert Envelope.objects.get().state == "waiting"


def test_who_does_not_work_at_the_desk_sees_nothing(room: Room):
    number = room.envelope()
    engineer = room.browser("engineer")
    for path in ("/post/", f"/post/{number}/", "/post/new/", "/post/scans/new/", f"/post/cover/{number}/"):
        assert engineer.get(path).status_code == 403


def stranger(room: Room, role: Role = Role.DESK) -> Scope:
    """Somebody who works at the desk of another company of the group."""
    boss = get_account("boss")
    AccountOrganisation.objects.create(account=boss, organisation=FOREIGN, role=Role.OFFICER, granted_at=room.desk.at)
    both = Scope(actor="boss", organisations=frozenset({ORGANISATION, FOREIGN}))
    create_account("stranger", display_name="s", organisation=FOREIGN, roles=[role], scope=both, at=room.desk.at)
    AccountOrganisation.objects.filter(account__code="boss", organisation=FOREIGN).delete()
    return get_actor("stranger", at=room.desk.at)


def test_another_companys_envelope_does_not_exist(room: Room):
    number, request = room.envelope(), room.request()
    stranger(room)
    browser = room.browser("stranger")
    assert number not in browser.get("/post/").content.decode()
    for path in (f"/post/{number}/", f"/post/cover/{number}/", f"/post/request/{request}/"):
        assert browser.get(path).status_code == 404
    for what in ("classify", "file", "place"):
        said = browser.post(f"/post/{number}/{what}/", {"kind": "police", "request": request, "place": "x"})
        assert said.status_code == 302
    row = Envelope.objects.get()
    assert (row.state, row.place) == ("waiting", "")
    refused = browser.post("/post/new/", FRONT)
    assert refused.status_code == 200
    assert Envelope.objects.count() == 1


def test_a_long_list_asks_no_more_of_the_database_than_a_short_one(room: Room, django_assert_max_num_queries):
    browser = room.browser("clerk")
    for _ in range(12):
        number = room.envelope()
        room.scan(envelope=number)
    browser.get("/post/")
    with django_assert_max_num_queries(18):
        browser.get("/post/")

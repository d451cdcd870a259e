"""期限のお知らせ: each account is mailed what its home page shows and waits for it; once a working day, and no more."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage

import pytest

from daicho.cli.main import run
from daicho.people.actions import (
    create_account,
    deactivate_account,
    grant_role,
    remove_role,
    set_mail_address,
    switch_reminders,
)
from daicho.people.models import Reminder
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.policy.actions import apply_policy, approve, submit
from daicho.rights.actions.tending import assign_request
from daicho.rights.models import Claim, SubjectRequest
from daicho.site.reminding import DailyRound, Outcome, remind_all
from daicho.trail.actions import record
from daicho.trail.models import TrailEntry
from daicho.words.errors import InstallationError
from daicho.words.text import Language
from daicho.words.workdays import is_workday
from daicho.work.mail import send_now
from daicho.work.models import OutgoingMail
from daicho.work.rules import MailState
from tests.rights.desk import AT, HANAKO, ICHIRO, ORGANISATION, POLICY, Desk
from tests.rights.planted import plain
from tests.rights.screens import signed_in
from tests.work.postbox import Postbox, open_postbox

ON = AT.date()
WORDS = "この人の言葉"
#: Every role an account of these tests holds, and those who may do something.
STAFF = ("boss", "clerk", "second", "engineer", "carol", "emp")


@pytest.fixture
def box() -> Iterator[Postbox]:
    with open_postbox() as opened:
        yield opened


@pytest.fixture
def desk(workspace, db, settings, monkeypatch, box: Postbox) -> Desk:
    """The desk with everybody's address; one request of the clerk's is late."""
    monkeypatch.setenv("TEST_SMTP", box.address)
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())
    found = plain(workspace)
    settings.WORKSPACE = replace(
        settings.WORKSPACE,
        organisation=ORGANISATION,
        mail_server="env:TEST_SMTP",
        mail_from="台帳 <daicho@example.jp>",
        address="https://daicho.example/",
    )
    for code, role in (("second", Role.OFFICER), ("emp", Role.EMPLOYEE)):
        create_account(code, display_name=code, organisation=ORGANISATION, roles=[role], scope=found.officer, at=AT)
    for code in STAFF:
        set_mail_address(code, f"{code}@example.com", scope=found.officer, at=AT)
    return found


def late(desk: Desk, days: int = 6) -> str:
    """A verified request whose target is past; its person said something."""
    number = desk.verified({"kind": "disclosure", "wish": WORDS})
    SubjectRequest.objects.filter(number=number).update(target_on=ON - timedelta(days=days))
    return number


def outcomes(at: datetime = AT) -> dict[str, Outcome]:
    return {one.account: one.outcome for one in remind_all(at=at)}


def sent(box: Postbox) -> dict[str, EmailMessage]:
    send_now(record=record, at=AT)
    return {str(mail["To"]).partition("@")[0]: mail for mail in box.mails}


def body(mail: EmailMessage) -> str:
    return str(mail.get_content())


# ── what it says ─────────────────────────────────────────────────────────────────────────────


def test_it_names_ones_own_late_requests_with_their_days_and_where_to_open_them(desk: Desk, box: Postbox):
    number = late(desk)
    assert outcomes()["clerk"] is Outcome.QUEUED
    mail = sent(box)["clerk"]
    assert mail["Subject"].startswith("【Daicho】11月24日（火）の対応：期限の近い担当 1 件（うち期限超過 1 件）")
    assert mail["From"].addresses[0].display_name == "台帳"
    assert f"・{number}　回答の目標 11月18日（6 日超過）" in body(mail)
    assert f"https://daicho.example/requests/{number}/" in body(mail)
    assert "・目標日を過ぎた請求：1 件（うち自分の担当 1）\n  https://daicho.example/requests/?overdue=1" in body(mail)
    assert "https://daicho.example/people/me/" in body(mail)


def test_each_is_written_to_in_their_own_language(desk: Desk, box: Postbox):
    number = late(desk)
    switch_reminders(wanted=True, language=Language.EN, scope=desk.clerk, at=AT)
    outcomes()
    found = sent(box)
    assert found["clerk"]["Content-Language"] == "en"
    assert found["clerk"]["Subject"].startswith("[Daicho] Tue 24 Nov: 1 of yours due (1 late)")
    assert f"- {number}  Target 18 Nov (6 days late)" in body(found["clerk"])
    assert not re.search(r"[ぁ-んァ-ヶ一-龥]", body(found["clerk"]) + found["clerk"]["Subject"])
    assert found["boss"]["Content-Language"] == "ja"


@pytest.mark.parametrize("days", [-4, -3, 0, 1])
def test_a_day_is_near_from_three_days_before(desk: Desk, box: Postbox, days: int):
    number = late(desk, days=days)
    outcomes()
    mail = sent(box).get("clerk")
    assert mail is not None, "it is to be acknowledged, too"
    assert ("回答の目標" in body(mail)) == (days >= -3)
    assert {-4: number, -3: "（あと 3 日）", 0: "（本日）", 1: "（1 日超過）"}[days] in body(mail)


def test_before_the_turn_of_the_year_it_looks_as_far_as_the_next_working_day(desk: Desk, box: Postbox):
    last = datetime(2026, 12, 28, 9, 0, tzinfo=AT.tzinfo)
    number = late(desk)
    for on, named in ((date(2027, 1, 4), True), (date(2027, 1, 5), False)):
        SubjectRequest.objects.filter(number=number).update(target_on=on, gate_on=None, arrived_on=last.date())
        Reminder.objects.all().delete()
        box.mails.clear()
        remind_all(at=last)
        send_now(record=record, at=last)
        assert any(number in body(mail) for mail in box.mails) == named, on


def test_what_is_not_acknowledged_is_near_as_the_inbox_counts_it(desk: Desk, box: Postbox):
    """Three working days after arrival on Friday the 20th: the 23rd is a holiday, so the 26th."""
    number = desk.verified({"kind": "disclosure"}, arrived_on=date(2026, 11, 20))
    remind_all(at=AT)
    assert f"{number}　受付の通知の期限 11月26日（あと 2 日）" in body(sent(box)["clerk"])


def test_only_twenty_are_named_and_the_rest_counted(desk: Desk, box: Postbox):
    first = late(desk, days=9)
    row = SubjectRequest.objects.get(number=first)
    for count in range(24):
        row.pk, row.number = None, f"R-2026-9{count:03}"
        row.target_on = ON - timedelta(days=1)
        row.save()
    outcomes()
    text = body(sent(box)["clerk"])
    assert text.count("/requests/R-2026-") == 20
    assert text.index(first) < text.index("R-2026-9000"), "the most pressing first"
    assert "・ほか 5 件\n  https://daicho.example/requests/?mine=1" in text


def test_what_nobody_has_taken_is_told_to_the_whole_desk(desk: Desk, box: Postbox):
    number = desk.verified({"kind": "erase"}, person=ICHIRO, fee=0)
    SubjectRequest.objects.filter(number=number).update(assigned_to="")
    outcomes()
    found = sent(box)
    for code in ("boss", "clerk", "second"):
        assert "・担当のいない請求：1 件\n  https://daicho.example/requests/?unassigned=1" in body(found[code])
    page = signed_in("clerk").get("/requests/?unassigned=1").content.decode()
    assert number in page
    assign_request(number, "clerk", scope=desk.clerk, at=AT)
    assert number not in signed_in("clerk").get("/requests/?unassigned=1").content.decode()


def test_a_decision_waits_for_those_who_may_take_it(desk: Desk, box: Postbox):
    number = late(desk)
    Claim.objects.filter(request__number=number).update(state="assessing")
    outcomes()
    found = sent(box)
    assert "決定待ち：1 件" in body(found["boss"])
    assert "決定待ち" not in body(found["clerk"]), "who registered it does not decide it"


def test_a_policy_waits_for_another_officer_and_then_to_be_published(desk: Desk, box: Postbox):
    changed = POLICY.with_name("policy-2026.yaml")
    apply_policy(changed.read_bytes(), str(changed), base=1, scope=desk.officer, at=AT)
    submit(ORGANISATION, scope=desk.officer, at=AT)
    outcomes()
    found = sent(box)
    assert "承認を待つ方針：1 件\n  https://daicho.example/policy/" in body(found["second"])
    assert "承認を待つ方針" not in body(found["boss"]), "nobody approves their own"
    home = signed_in("second").get("/").content.decode()
    assert "承認を待つ方針" in home
    assert "承認を待つ方針" not in signed_in("boss").get("/").content.decode()
    approve(ORGANISATION, scope=get_actor("second", at=AT), at=AT)
    assert "公表を待つ方針" in signed_in("boss").get("/").content.decode()
    assert "承認を待つ方針" not in signed_in("second").get("/").content.decode()


def test_the_review_of_the_register_is_told_to_who_may_do_it(desk: Desk, box: Postbox):
    outcomes()
    found = sent(box)
    assert set(found) == {"boss", "second"}
    assert "見直す台帳の行：2 件\n  https://daicho.example/register/review/" in body(found["boss"])


def test_a_mail_that_can_be_sent_again_is_told_one_that_is_gone_is_not(desk: Desk, box: Postbox):
    row = {"organisation": ORGANISATION, "kind": "code", "state": MailState.DEAD, "queued_at": AT, "next_try_at": AT}
    OutgoingMail.objects.create(ref="E-1", **row)
    outcomes()
    assert "届かなかったメール" not in body(sent(box)["boss"])
    OutgoingMail.objects.create(ref="E-2", sealed=b"x", **row)
    Reminder.objects.all().delete()
    outcomes()
    send_now(record=record, at=AT)
    assert any("届かなかったメール：1 件" in body(mail) for mail in box.mails)


def test_without_an_address_of_the_web_door_it_links_to_nothing(desk: Desk, box: Postbox, settings):
    settings.WORKSPACE = replace(settings.WORKSPACE, address="")
    number = late(desk)
    outcomes()
    text = body(sent(box)["clerk"])
    assert number in text
    assert "http" not in text
    assert "/people/me/" not in text


# ── who gets it, and what it never says ──────────────────────────────────────────────────────


def test_who_only_looks_or_works_elsewhere_gets_nothing(desk: Desk, box: Postbox):
    late(desk)
    found = outcomes()
    assert [code for code in STAFF if found[code] is Outcome.QUEUED] == ["boss", "clerk", "second"]
    assert {found[code] for code in ("carol", "emp", "engineer")} == {Outcome.NOTHING}
    assert set(sent(box)) == {"boss", "clerk", "second"}


def test_who_works_in_one_company_and_audits_another_is_told_of_the_one(desk: Desk, box: Postbox):
    boss = desk.officer
    grant_role("clerk", organisation="far-company", role=Role.AUDITOR, scope=boss, at=AT)
    create_account("far", display_name="far", organisation="far-company", roles=[Role.OFFICER], scope=boss, at=AT)
    number = late(desk)
    SubjectRequest.objects.filter(number=number).update(organisation="far-company")
    Claim.objects.filter(request__number=number).update(organisation="far-company")
    assert outcomes()["clerk"] is Outcome.NOTHING
    home = signed_in("clerk").get("/").content.decode()
    assert number in home, "the auditor sees it, and is not reminded of it"
    assert number not in "".join(body(mail) for mail in sent(box).values())


def test_every_line_stands_on_the_home_page_of_its_reader(desk: Desk, box: Postbox):
    late(desk)
    desk.verified({"kind": "erase"}, person=ICHIRO, fee=0)
    outcomes()
    for code, mail in sent(box).items():
        home = signed_in(code).get("/").content.decode()
        part = body(mail).partition("■ 待っている仕事\n")[2].partition("\n\n")[0]
        lines = re.findall(r"^・(.+?)：(\d+) 件", part, re.MULTILINE)
        assert lines
        for name, count in lines:
            assert re.search(rf"<span>{name}</span><b>{count}</b>", home), (code, name)


def test_no_value_of_a_person_stands_in_it_or_in_what_is_kept_of_it(desk: Desk, box: Postbox):
    late(desk)
    outcomes()
    kept = b"".join(bytes(row) for row in OutgoingMail.objects.values_list("sealed", flat=True))
    assert b"clerk@example.com" not in kept
    told = "".join(mail["Subject"] + body(mail) + str(mail) for mail in sent(box).values())
    assert "R-2026-" in told
    values = [WORDS, HANAKO["name"], "高橋", "花子", "hanako", "1111-2222", "名駅", "昭和55", "1980"]
    assert [value for value in values if value in told] == []
    trail = "".join(TrailEntry.objects.values_list("facts", flat=True))
    assert "example.com" not in trail


# ── once, and when ───────────────────────────────────────────────────────────────────────────


def test_once_an_account_and_a_day(desk: Desk, box: Postbox):
    late(desk)
    assert outcomes()["clerk"] is Outcome.QUEUED
    assert outcomes(AT + timedelta(hours=3))["clerk"] is Outcome.ALREADY
    assert len(sent(box)) == OutgoingMail.objects.count() == Reminder.objects.count() == 3
    assert TrailEntry.objects.filter(event="reminder.queued").count() == 3
    entry = json.loads(TrailEntry.objects.filter(event="reminder.queued", about="clerk").get().facts)
    assert entry == {"account": "clerk", "mail": Reminder.objects.get(account__code="clerk").mail, "things": 2}
    assert outcomes(AT + timedelta(days=1))["clerk"] is Outcome.QUEUED


def test_mark_and_mail_stand_or_fall_together(desk: Desk, monkeypatch):
    late(desk)

    def fail(*_: object, **__: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("daicho.people.actions.record", fail)
        with pytest.raises(OSError):  # noqa: PT011 (our own)
            remind_all(at=AT)
    assert (Reminder.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert outcomes()["clerk"] is Outcome.QUEUED


def test_nobody_is_reminded_on_a_day_off(desk: Desk):
    late(desk)
    for day in (date(2026, 11, 23), date(2026, 11, 28), date(2026, 12, 30), date(2027, 1, 1)):
        assert not is_workday(day)
        assert remind_all(at=datetime.combine(day, time(9), tzinfo=AT.tzinfo)) == []
    assert Reminder.objects.count() == 0


def test_switched_off_without_address_or_ended_is_not_reminded(desk: Desk):
    late(desk)
    switch_reminders(wanted=False, language=None, scope=desk.clerk, at=AT)
    set_mail_address("boss", "", scope=desk.officer, at=AT)
    deactivate_account("second", scope=desk.officer, at=AT)
    found = outcomes()
    assert (found["clerk"], found["boss"]) == (Outcome.OFF, Outcome.NO_ADDRESS)
    assert "second" not in found
    assert OutgoingMail.objects.count() == 0
    switch_reminders(wanted=True, language=None, scope=desk.clerk, at=AT)
    assert outcomes()["clerk"] is Outcome.QUEUED


def test_a_reminder_of_yesterday_is_not_sent(desk: Desk, box: Postbox):
    late(desk)
    outcomes()
    done = send_now(record=record, at=AT + timedelta(days=1))
    assert (done.sent, done.dead) == (0, 3)
    assert box.mails == []


def test_an_account_that_cannot_be_looked_at_holds_up_nobody_else(desk: Desk, monkeypatch):
    from daicho.site import reminding
    from daicho.words.errors import DaichoError
    from daicho.words.text import Text

    late(desk)
    whole = reminding.read_work

    def broken(door: object) -> object:
        if door.scope.actor == "boss":  # type: ignore[attr-defined]
            raise DaichoError(Text("x", "x"), advice=Text("x", "x"))
        return whole(door)  # type: ignore[arg-type]

    monkeypatch.setattr(reminding, "read_work", broken)
    found = outcomes()
    assert (found["boss"], found["clerk"]) == (Outcome.FAILED, Outcome.QUEUED)


def test_the_web_server_reminds_once_a_day_at_its_time(desk: Desk):
    late(desk)
    remind = DailyRound("10:30")
    remind(AT)
    assert Reminder.objects.count() == 0, "it is ten o'clock"
    remind(AT + timedelta(minutes=40))
    assert Reminder.objects.count() == 3
    Reminder.objects.all().delete()
    remind(AT + timedelta(minutes=50))
    assert Reminder.objects.count() == 0, "the round of this day was made"
    remind(AT + timedelta(days=1, minutes=40))
    assert Reminder.objects.count() == 3


def test_the_web_server_waits_while_no_mail_server_is_set(desk: Desk, settings):
    late(desk)
    settings.WORKSPACE = replace(settings.WORKSPACE, mail_server="")
    DailyRound("08:30")(AT)
    assert Reminder.objects.count() == 0


# ── at the command line ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def typed(desk: Desk) -> Callable[[str], tuple[int, str, str]]:
    def call(line: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        return run(line.split(), out=out, err=err), out.getvalue(), err.getvalue()

    return call


def test_the_command_queues_and_the_next_one_sends(desk: Desk, box: Postbox, typed):
    late(desk)
    code, told, _ = typed("mail remind --lang en")
    assert code == 0
    assert "2026-11-24: 3 queued" in told
    assert box.mails == []
    assert typed("mail send")[0] == 0
    assert len(box.mails) == 3
    code, told, _ = typed("mail remind --format json")
    found = {one["account"]: one["outcome"] for one in json.loads(told)["accounts"]}
    assert (code, found["clerk"], found["carol"]) == (0, "already", "nothing")
    assert "example.com" not in told


def test_a_trial_changes_nothing_and_may_be_of_another_day(desk: Desk, typed):
    late(desk)
    before = TrailEntry.objects.count()
    code, told, _ = typed("mail remind --dry-run")
    assert code == 0
    assert "送る相手 3 人" in told
    _, told, _ = typed("mail remind --dry-run --on 2026-11-25 --format json")
    assert {one["account"]: one["things"] for one in json.loads(told)["accounts"]}["clerk"] == 2
    assert "営業日ではない" in typed("mail remind --dry-run --on 2026-11-23")[1]
    assert (Reminder.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert TrailEntry.objects.count() == before
    code, _, said = typed("mail remind --on 2026-11-25")
    assert code == 2
    assert "--dry-run" in said


def test_without_a_mail_server_the_command_says_what_to_set(desk: Desk, settings, typed):
    late(desk)
    settings.WORKSPACE = replace(settings.WORKSPACE, mail_server="")
    for language, words in (("ja", "メールサーバの設定がありません"), ("en", "No mail server is set")):
        code, _, said = typed(f"mail remind --lang {language}")
        assert code == 6
        assert words in said
        assert "mail_server" in said
    with pytest.raises(InstallationError):
        remind_all(at=AT)
    assert Reminder.objects.count() == 0
    assert typed("mail remind --dry-run")[0] == 0


def test_an_account_without_a_role_sees_nothing_and_is_told_nothing(desk: Desk):
    remove_role("emp", organisation=ORGANISATION, role=Role.EMPLOYEE, scope=desk.officer, at=AT)
    assert "emp" not in outcomes()

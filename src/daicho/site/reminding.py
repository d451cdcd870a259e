"""期限のお知らせ  The daily reminder: once a working day, each account is told by mail what waits for it.

1. It tells of what the account's home page shows and the account may do something about (`daicho.site.today`): numbers
   of requests, days, counts and addresses of pages; nothing of a person who asked.
2. Nothing to do, no address, or reminders switched off: no mail.
3. The mail enters the outbox in one transaction with the mark that the account was reminded that day
   (`daicho.people.actions.queue_reminder`), so running twice, or in two processes, sends once.
4. A reminder of yesterday is worth nothing: what could not be sent by midnight is not sent.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.urls import reverse

from daicho.people.actions import queue_reminder
from daicho.people.doors import Door
from daicho.people.queries import MailSettings, find_signed_in, list_mail_settings
from daicho.rights.access import DESK
from daicho.rights.inbox import DAY_WORDS, Due, MyDue, list_my_due
from daicho.rights.today import SOON
from daicho.site.clock import TOKYO
from daicho.site.today import Tile, find_address, list_todo, narrowed
from daicho.site.wiring import kinds_of_stores, open_store
from daicho.words.errors import DaichoError
from daicho.words.text import Language, Text
from daicho.words.workdays import after_workdays, is_workday
from daicho.work.mail import require_server, ring_bell
from daicho.work.queries import can_send

_log: Final = logging.getLogger("daicho.reminders")
#: Requests of one's own that are named one by one; of the others the number is told.
LISTED: Final = 20


class Outcome(StrEnum):
    """What became of one account's reminder."""

    QUEUED = "queued"
    WOULD = "would"  # as QUEUED, had it not been a trial
    ALREADY = "already"
    NOTHING = "nothing"
    NO_ADDRESS = "no_address"
    OFF = "off"
    FAILED = "failed"  # its page could not be read; the others are reminded all the same


OUTCOME_WORDS: Final = {
    Outcome.QUEUED: Text("発信箱に入れました", "queued"),
    Outcome.WOULD: Text("送ります", "would be sent"),
    Outcome.ALREADY: Text("その日の分は済みました", "reminded that day already"),
    Outcome.NOTHING: Text("待っているものはありません", "nothing to do"),
    Outcome.NO_ADDRESS: Text("メールアドレスなし", "no mail address"),
    Outcome.OFF: Text("受け取らない設定", "switched off"),
    Outcome.FAILED: Text("作れませんでした", "could not be made"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """One account; ``things``: kinds of work that wait for it."""

    account: str
    outcome: Outcome
    things: int = 0


def remind_all(*, at: datetime, on: date | None = None, trial: bool = False) -> Sequence[Reminded]:
    """Remind every account that wants it of what waits for it; nobody on a day that is no working day.

    Args:
        on: the day meant, for a trial; that of ``at`` otherwise.
        trial: change nothing, tell what would be done.

    Raises:
        InstallationError: no mail server is set.
    """
    day = on or at.astimezone(TOKYO).date()
    if not trial:
        require_server()
    if not is_workday(day):
        return []
    found = [_remind(one, day=day, at=at, trial=trial) for one in list_mail_settings()]
    if not trial:
        ring_bell()
    return [one for one in found if one is not None]


class DailyRound:
    """`remind_all` once a working day, at ``since`` (``08:30``) or when next looked at; for the sender's thread."""

    def __init__(self, since: str) -> None:
        self._since = time.fromisoformat(since)
        self._done: date | None = None

    def __call__(self, at: datetime) -> None:
        """Look whether the day's round is due, and make it. The marks of the accounts hold beyond this process."""
        local = at.astimezone(TOKYO)
        if self._done == local.date() or local.time() < self._since or not can_send():
            return
        remind_all(at=at)
        self._done = local.date()


def _remind(told: MailSettings, *, day: date, at: datetime, trial: bool) -> Reminded | None:
    """None: an account without a role, which sees nothing."""
    stop = _stop(told, day)
    if stop is not None:
        return Reminded(account=told.code, outcome=stop)
    try:
        door = _door(told, day=day, at=at)
        if door is None:
            return None
        work = read_work(door)
    except DaichoError as error:
        _log.warning("reminder: %s", error.code)  # a code: nothing a value could stand in
        return Reminded(account=told.code, outcome=Outcome.FAILED)
    if not work.things:
        return Reminded(account=told.code, outcome=Outcome.NOTHING)
    if trial:
        return Reminded(account=told.code, outcome=Outcome.WOULD, things=work.things)
    queued = queue_reminder(
        told.code,
        values_of(work, door=door, address=settings.WORKSPACE.address),
        things=work.things,
        language=door.language,
        on=day,
        expires_at=datetime.combine(day + timedelta(days=1), time.min, tzinfo=TOKYO),
        at=at,
    )
    return Reminded(account=told.code, outcome=Outcome.QUEUED if queued else Outcome.ALREADY, things=work.things)


def _stop(told: MailSettings, day: date) -> Outcome | None:
    """What keeps an account from being reminded, whatever waits for it."""
    if told.reminded_on == day:
        return Outcome.ALREADY
    if not told.address:
        return Outcome.NO_ADDRESS
    return None if told.wanted else Outcome.OFF


def _door(told: MailSettings, *, day: date, at: datetime) -> Door | None:
    """The account's door as it would be on its home page that day."""
    found = find_signed_in(told.code, at=at)
    if found is None:
        return None
    return Door(
        scope=found.scope,
        display_name=found.display_name,
        roles=found.roles,
        at=datetime.combine(day, at.astimezone(TOKYO).time(), tzinfo=TOKYO),
        language=told.language or Language(settings.WORKSPACE.language),
        folder=settings.WORKSPACE.files,
        open_store=open_store,
        organisation=settings.WORKSPACE.organisation,
        kinds=kinds_of_stores(),
        second_factor=found.second_factor,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What waits for one account: its own requests that are due, and counts with their lists."""

    mine: MyDue
    tiles: Sequence[Tile]

    @property
    def things(self) -> int:
        """How many kinds of work there are."""
        return len(self.tiles) + bool(self.mine.count)


def read_work(door: Door) -> Work:
    """What waits for the account of this door.

    Days near are those until the next working day after this one at least: nobody is reminded in between.
    """
    desk = narrowed(door, DESK)
    within = max(SOON, (after_workdays(door.today, 1) - door.today).days)
    mine = list_my_due(scope=desk.scope, on=door.today, within=within, limit=LISTED) if desk else MyDue()
    return Work(mine=mine, tiles=list_todo(door))


def values_of(work: Work, *, door: Door, address: str) -> dict[str, str]:
    """The values of the templates ``mail/reminder.*.txt``; ``address``: of the web door, empty for none to link to."""
    say, link, mine = door.say, _linker(address), work.mine
    lines = [
        f"{say(_BULLET)}{one.number}{_days(one, door)}{link(find_address('rights:case', one.number))}"
        for one in mine.rows
    ]
    more = mine.count - len(mine.rows)
    if more:
        all_of_them = find_address("rights:inbox", query="mine=1")
        lines.append(say(_BULLET) + say(Text(f"ほか {more} 件", f"and {more} more")) + link(all_of_them))
    return {
        "day": _day(door.today, door.language),
        "mine": "\n".join(lines),
        "mine_count": str(mine.count or ""),
        "late": str(mine.late or ""),
        "work": "\n".join(_line(tile, door) + link(tile.address) for tile in work.tiles),
        "kinds": str(len(work.tiles) or ""),
        "home": link(reverse("home")).strip(),
        "settings": link(reverse("people:me")).strip(),
    }


_BULLET: Final = Text("・", "- ")


def _linker(address: str) -> Callable[[str], str]:
    base = address.rstrip("/")
    return lambda path: f"\n  {base}{path}" if base and path else ""


def _line(tile: Tile, door: Door) -> str:
    count = door.say(Text(f"：{tile.todo} 件", f": {tile.todo}"))
    all_of_it = tile.note is not None and tile.todo == tile.count and tile.todo_name is None
    note = door.say(Text(f"（{tile.note.ja}）", f" ({tile.note.en})")) if tile.note and all_of_it else ""
    return f"{door.say(_BULLET)}{door.say(tile.todo_name or tile.name)}{count}{note}"


def _days(one: Due, door: Door) -> str:
    told = [
        door.say(DAY_WORDS[kind]) + door.say(_gap(day, door.today))
        for kind, day in sorted(one.days.items(), key=lambda pair: pair[1])
    ]
    return door.say(Text("　", "  ")) + door.say(Text("、", ", ")).join(told)


def _gap(day: date, today: date) -> Text:
    left = (day - today).days
    short = Text(f"{day.month}月{day.day}日", f"{day.day} {day:%b}")
    if left == 0:
        return Text(f" {short.ja}（本日）", f" {short.en} (today)")
    if left < 0:
        return Text(f" {short.ja}（{-left} 日超過）", f" {short.en} ({_en_days(-left)} late)")
    return Text(f" {short.ja}（あと {left} 日）", f" {short.en} (in {_en_days(left)})")


def _en_days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _day(day: date, language: Language) -> str:
    if language is Language.EN:
        return f"{day:%a} {day.day} {day:%b}"
    return f"{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"

"""The home page: what needs this account today, from every room its roles reach. The daily reminder tells of the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from daicho.law.kinds import KINDS
from daicho.people.doors import Door
from daicho.people.rules import Role, may_act
from daicho.policy.actions import DRAFTERS, PUBLISHERS
from daicho.policy.check import check
from daicho.policy.language.reading import read_policy
from daicho.policy.queries import find_revision_at, get_revision, list_drafts
from daicho.policy.rules.approval import DraftState
from daicho.post.queries import count_due_scans, count_states, list_unchecked_scans
from daicho.post.rules import EnvelopeState
from daicho.register.actions import EDITORS_OF_HOLDINGS
from daicho.register.actions import KEEPERS as KEEPERS_OF_MAPS
from daicho.register.coverage import GAP_WORDS, GapKind
from daicho.register.queries import find_policy, list_gaps, list_holding_parts, list_maps
from daicho.register.reviewing import Review, review_of
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.disposal import count_due_papers
from daicho.rights.envelopes import count_dispatches
from daicho.rights.inbox import count_unacknowledged
from daicho.rights.rules import REQUEST_WORDS
from daicho.rights.today import AGES, Today, desk_today
from daicho.runs.access import JUDGES
from daicho.runs.queries import count_open_runs
from daicho.site.plots import Bar, columns, stacked_bars
from daicho.words.scope import Scope
from daicho.words.text import Text
from daicho.work.queries import count_mails, count_to_send_again
from daicho.work.rules import MailState

KEEPERS: Final = (Role.OFFICER, Role.SECRETARIAT, Role.ENGINEER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A number that leads to its list.

    ``todo``: how many of them wait for this account, as one who may act; ``todo_name``: what those are called, if otherwise.
    """

    name: Text
    count: int
    address: str
    tone: str = ""
    note: Text | None = None
    todo: int = 0
    todo_name: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """Something to mend, how many times it was found, and where to mend it."""

    name: Text
    count: int
    address: str
    examples: Sequence[str] = ()


def find_address(route: str, *arguments: str, query: str = "") -> str:
    """The address of a route; empty where this installation does not have it."""
    try:
        return reverse(route, args=arguments) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""


def home_context(door: Door) -> dict[str, Any]:
    """Everything the home page shows to this account."""
    context: dict[str, Any] = {
        "acts": any(Role.AUDITOR not in roles for roles in door.roles.values()),
        "keeps": not door.may_read(*DESK) and door.may_act(Role.ENGINEER),
        "no_policy": not any(find_revision_at(code, door.today) for code in sorted(door.scope.organisations)),
        "tiles": [],
        "urgent": [],
        "checks": list(_checks(within(door, door.reading(*KEEPERS)))) if door.may_read(*KEEPERS) else None,
    }
    if context["no_policy"]:
        context |= first_steps(door)
    if door.may_read(*LOOKERS):
        today = desk_today(scope=door.reading(*LOOKERS), on=door.today)
        context |= {
            "tiles": _in_order(_desk_tiles(today, door), (*_run_tiles(today.runs), *_keeper_tiles(door)), door),
            "urgent": [
                {
                    "row": row,
                    "address": find_address("rights:case", row.number),
                    "state": REQUEST_WORDS[row.state],
                    "kinds": [KINDS[kind].name for kind in row.kinds],
                }
                for row in today.urgent
            ],
            "any_request": bool(today.open or any(today.arrived.values())),
            "by_age": _by_age(today, door),
            "ages": [(_AGE_TONES[number], name) for number, name in enumerate(_AGE_NAMES)],
            "by_month": columns(
                [(month[2:].replace("-", "/"), count) for month, count in today.arrived.items()],
                title=door.say(Text("月ごとの受付件数", "Requests received, by month")),
            ),
        }
    return context


def first_steps(door: Door) -> dict[str, Any]:
    """Where the first policy is begun, or its draft published, by who may; and where stores are connected."""
    places = {code for code in door.scope.organisations if may_act(door.roles.get(code, ()), DRAFTERS)}
    begun = bool(list_drafts(scope=replace(door.scope, organisations=frozenset(places)))) if places else False
    return {
        "begun": begun,
        "begin": find_address("policy:home" if begun else "policy:start") if places else "",
        "stores": find_address("register:stores") if door.may_act(*KEEPERS_OF_MAPS) else "",
    }


def _in_order(desk: Iterable[Tile], keeper: Iterable[Tile], door: Door) -> list[Tile]:
    """The desk's first; for who keeps stores and maps and does not work at the desk, theirs first."""
    return [*desk, *keeper] if door.may_read(*DESK) else [*keeper, *desk]


def list_todo(door: Door) -> list[Tile]:
    """What of the home page waits for this account: where it works, not where it only looks."""
    found: list[Tile] = []
    desk, judge = narrowed(door, DESK), narrowed(door, (*DESK, *JUDGES))
    if desk is not None:
        found += _desk_tiles(desk_today(scope=desk.scope, on=door.today), desk)
    if judge is not None:
        found += _run_tiles(count_open_runs(scope=judge.scope))
    return [tile for tile in (*found, *_keeper_tiles(door)) if tile.todo]


def narrowed(door: Door, roles: Iterable[Role]) -> Door | None:
    """The door narrowed to the organisations in which the account may act as one of ``roles``; None for nowhere."""
    scope = door.acting(*roles)
    return within(door, scope) if scope.organisations else None


def within(door: Door, scope: Scope) -> Door:
    """The door with a narrower scope: what it may do elsewhere counts no longer."""
    return replace(door, scope=scope)


def _desk_tiles(today: Today, door: Door) -> Iterator[Tile]:
    yield from _request_tiles(today, door)
    desk = within(door, door.reading(*DESK))
    yield from _post_tiles(desk)
    yield from _letter_tiles(desk)
    yield from _mail_tiles(within(door, door.acting(Role.OFFICER, Role.SECRETARIAT)))


def _of_mine(count: int) -> Text | None:
    return Text(f"うち自分の担当 {count}", f"{count} of them yours") if count else None


def _request_tiles(today: Today, door: Door) -> Iterator[Tile]:
    inbox = find_address("rights:inbox")
    yield Tile(
        name=Text("目標日を過ぎた請求", "Past the target day"),
        count=today.late,
        address=f"{inbox}?overdue=1",
        tone="late",
        note=_of_mine(today.my_late),
        todo=today.late,
    )
    yield Tile(
        name=Text("3 日以内に目標日", "Due within three days"),
        count=today.soon,
        address=f"{inbox}?sort=target",
        tone="soon",
        note=_of_mine(today.my_soon),
        todo=today.soon,
    )
    receipts = count_unacknowledged(scope=door.reading(*LOOKERS), on=door.today)
    if receipts:
        yield Tile(
            name=Text("受付の通知の遅れ", "Receipts overdue"),
            count=receipts,
            address=f"{inbox}?unacknowledged=1",
            tone="late",
            todo=receipts,
        )
    if today.unassigned:
        yield Tile(
            name=Text("担当のいない請求", "Nobody has taken it"),
            count=today.unassigned,
            address=f"{inbox}?unassigned=1",
            tone="soon",
            todo=today.unassigned,
        )
    yield Tile(
        name=Text("本人確認・書類の確認", "To check"),
        count=today.to_check,
        address=f"{inbox}?tab=checking",
        todo=today.to_check,
    )
    yield Tile(
        name=Text("書類・手数料待ち", "Waiting for papers or a fee"),
        count=today.waiting,
        address=f"{inbox}?tab=waiting",
        note=Text(f"うち補正期限切れ {today.cure_over}", f"{today.cure_over} past the day to cure")
        if today.cure_over
        else None,
        tone="soon" if today.cure_over else "",
        todo=today.cure_over,
        todo_name=Text("補正の期限を過ぎた請求", "Past the day to make good"),
    )
    if door.may_read(*DESK):
        yield Tile(
            name=Text("決定待ち", "To decide"),
            count=today.to_decide,
            address=f"{inbox}?tab=working&step=decide",
            note=Text(
                f"うち自分が受け付けた {today.for_others} 件は別の人が決定",
                f"{today.for_others} you registered: somebody else decides",
            )
            if today.for_others
            else None,
            todo=today.to_decide - today.for_others,
        )
        yield Tile(
            name=Text("実施するもの", "To carry out"),
            count=today.to_carry_out,
            address=f"{inbox}?tab=working&step=carry",
            todo=today.to_carry_out,
        )
        yield Tile(
            name=Text("回答するもの", "To answer"),
            count=today.to_answer,
            address=f"{inbox}?tab=working&step=answer",
            todo=today.to_answer,
        )
    if today.slips:
        yield Tile(
            name=Text("検索依頼票の回答待ち", "Slips without an answer"),
            count=today.slips,
            address=find_address("rights:slips"),
            tone="late" if today.slips_late else "",
            note=Text(f"うち期限切れ {today.slips_late}", f"{today.slips_late} overdue") if today.slips_late else None,
            todo=today.slips_late,
            todo_name=Text("期限を過ぎた検索依頼票", "Search slips overdue"),
        )


def _run_tiles(count: int) -> Iterator[Tile]:
    if count:
        yield Tile(
            name=Text("終わっていない実施", "Runs not confirmed"),
            count=count,
            address=find_address("rights:runs"),
            tone="late",
            todo=count,
        )


def _post_tiles(door: Door) -> Iterator[Tile]:
    """Envelopes and copies that wait at the post room; only what there is."""
    if not door.may_read(*DESK):
        return
    post = find_address("post:home")
    waiting = count_states(scope=door.scope).get(EnvelopeState.WAITING, 0)
    due = count_due_scans(scope=door.scope, on=door.today)
    unchecked = len(list_unchecked_scans(scope=door.scope))
    if waiting:
        yield Tile(
            name=Text("仕分け待ちの封筒", "Envelopes to sort"),
            count=waiting,
            address=f"{post}?state=waiting",
            todo=waiting,
        )
    if unchecked:
        yield Tile(
            name=Text("黒塗りの確認待ち", "Black-outs to check"),
            count=unchecked,
            address=post,
            tone="soon",
            todo=unchecked,
        )
    if due:
        yield Tile(
            name=Text("廃棄期限の来た写し", "Copies past their days"),
            count=due,
            address=find_address("post:due"),
            tone="late",
            todo=due,
        )


_LETTERS: Final = (
    ("enclose", Text("封入待ちの書面", "Letters to be enclosed"), ""),
    ("check", Text("照合待ちの封筒", "Envelopes to be checked"), ""),
    ("send", Text("発送待ちの封筒", "Envelopes to be sent"), ""),
    ("returned", Text("返送された封筒", "Envelopes that came back"), "late"),
)


def _letter_tiles(door: Door) -> Iterator[Tile]:
    """Letters on their way out that wait for somebody, and copies to shred; only what there is."""
    if not door.may_read(*DESK):
        return
    counts = count_dispatches(scope=door.scope)
    for part, name, tone in _LETTERS:
        if counts[part]:
            address = find_address("rights:dispatches", query=f"part={part}")
            yield Tile(name=name, count=counts[part], address=address, tone=tone, todo=counts[part])
    papers = count_due_papers(scope=door.scope, on=door.today)
    if papers:
        name = Text("廃棄する本人確認書類", "ID copies to destroy")
        yield Tile(name=name, count=papers, address=find_address("rights:disposal"), tone="late", todo=papers)


def _mail_tiles(door: Door) -> Iterator[Tile]:
    """Mail that could not be delivered."""
    if not door.may_act(Role.OFFICER, Role.SECRETARIAT):
        return
    dead = count_mails(door.scope.organisations).get(MailState.DEAD, 0)
    if dead:
        yield Tile(
            name=Text("届かなかったメール", "Mail not delivered"),
            count=dead,
            address=find_address("portal:mails"),
            tone="late",
            todo=count_to_send_again(door.scope.organisations),
        )


def _keeper_tiles(door: Door) -> Iterator[Tile]:
    """Approvals and reviews of policy and register that wait for this account; only what there is."""

    def mine(place: str, roles: Iterable[Role]) -> bool:
        return may_act(door.roles.get(place, ()), roles)

    def tile(name: Text, count: int, address: str) -> Iterator[Tile]:
        if count:
            yield Tile(name=name, count=count, address=address, tone="soon", todo=count)

    actor, policy = door.scope.actor, find_address("policy:home")
    if door.may_act(*PUBLISHERS):
        drafts = [one for one in list_drafts(scope=door.scope) if mine(one.organisation, PUBLISHERS)]
        approve = sum(one.state is DraftState.SUBMITTED and actor not in one.authors for one in drafts)
        publish = sum(one.state is DraftState.APPROVED for one in drafts)
        yield from tile(Text("承認を待つ方針", "Policies to approve"), approve, policy)
        yield from tile(Text("公表を待つ方針", "Policies to publish"), publish, policy)
    if door.may_act(*KEEPERS_OF_MAPS):
        confirm = sum(
            not one.in_force and one.checked_by != actor and mine(one.organisation, KEEPERS_OF_MAPS)
            for one in list_maps(scope=door.scope)
        )
        yield from tile(Text("確認を待つ対応表", "Maps to confirm"), confirm, _gap_address(GapKind.MAP_UNCONFIRMED))
    if door.may_act(*EDITORS_OF_HOLDINGS):
        review = sum(
            review_of(one, on=door.today) is Review.OVERDUE and mine(one.organisation, EDITORS_OF_HOLDINGS)
            for one in list_holding_parts(scope=door.scope)
        )
        yield from tile(Text("見直す台帳の行", "Register rows to review"), review, find_address("register:review"))


#: Below 4 days, 4 to 7, 8 to 14, and beyond; see `daicho.rights.today.AGES`.
_AGE_NAMES: Final = (
    Text(f"{AGES[0] - 1} 日まで", f"up to {AGES[0] - 1} days"),
    Text(f"{AGES[0]}–{AGES[1] - 1} 日", f"{AGES[0]}–{AGES[1] - 1} days"),
    Text(f"{AGES[1]}–{AGES[2] - 1} 日", f"{AGES[1]}–{AGES[2] - 1} days"),
    Text(f"{AGES[2]} 日以上", f"{AGES[2]} days or more"),
)
_AGE_TONES: Final = ("fill-good", "fill-info", "fill-warn", "fill-bad")


def _by_age(today: Today, door: Door) -> SafeString | str:
    if not today.ages:
        return ""
    return stacked_bars(
        [Bar(name=door.say(KINDS[kind].name), parts=counts) for kind, counts in today.ages.items()],
        parts=[door.say(name) for name in _AGE_NAMES],
        tones=_AGE_TONES,
        title=door.say(Text("未完了の請求：種別と受付からの日数", "Open claims by kind and days since arrival")),
    )


@lru_cache(maxsize=16)
def policy_gaps(organisation: str, number: int, digest: str, on: date) -> tuple[str, ...]:  # noqa: ARG001 (it tells revisions apart)
    """Rules that find a gap in a revision on a day. A revision never changes, so it is checked once a day."""
    source = get_revision(organisation, number).source
    return tuple(one.rule for one in check(read_policy(source.encode(), path="policy.yaml"), on=on) if not one.human)


def _checks(door: Door) -> Iterator[CheckLine]:
    """What the rules find in the policy and the register, each with a way to mend it."""
    own = door.organisation if door.scope.allows(door.organisation) else min(door.scope.organisations)
    revision = find_revision_at(own, door.today)
    if revision is None:
        yield CheckLine(
            name=Text("公表済みの方針がありません", "No policy is published"),
            count=1,
            address=find_address("policy:home"),
        )
    else:
        gaps = policy_gaps(revision.organisation, revision.number, revision.digest, door.today)
        if gaps:
            yield CheckLine(
                name=Text("方針に、規則が見つけた不足", "Gaps a rule found in the policy"),
                count=len(gaps),
                address=find_address("policy:home"),
                examples=gaps[:6],
            )
    gaps_found = list_gaps(scope=door.scope, policy=find_policy(scope=door.scope, on=door.today))
    for kind, group in groupby(gaps_found, key=lambda gap: gap.kind):
        rows = list(group)
        yield CheckLine(
            name=GAP_WORDS[kind],
            count=len(rows),
            address=_gap_address(kind),
            examples=[gap.what for gap in rows[:3]],
        )


_OF_STORES: Final = frozenset({GapKind.STORE_WITHOUT_MAP, GapKind.MAP_UNCONFIRMED, GapKind.COLUMN_UNMAPPED, GapKind.TABLE_UNMAPPED,
                               GapKind.COLUMN_WITHOUT_ITEM})  # fmt: skip


def _gap_address(kind: GapKind) -> str:
    route = "register:stores" if kind in _OF_STORES else "register:holdings"
    return find_address(route, query=f"gap={kind}")

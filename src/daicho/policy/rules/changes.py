"""How two policies differ, in the policy's own terms. Pure; rows are matched by their codes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from daicho.policy.editing.words import value_words
from daicho.policy.language import Policy, Purpose
from daicho.policy.language.data import ChangeKind, CollectionPoint
from daicho.policy.rules.rule import listed
from daicho.words.text import Text


class Kind(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference. ``area`` is the key of the document it stands under; ``code`` the row's."""

    area: str
    code: str
    kind: Kind
    what: Text
    before: Text | None = None
    after: Text | None = None
    duties: tuple[str, ...] = ()


def pairs(old: Iterable[Any], new: Iterable[Any]) -> Iterator[tuple[str, Any, Any]]:
    """``(code, old row or None, new row or None)``: the new order first, then what was removed."""
    before = {row.code: row for row in old}
    after = {row.code: row for row in new}
    for code, row in after.items():
        yield code, before.get(code), row
    for code, row in before.items():
        if code not in after:
            yield code, row, None


def names(policy: Policy, codes: Iterable[str]) -> Text:
    """The names of data items, in the policy's order."""
    wanted = set(codes)
    return listed(item.name for item in policy.items if item.code in wanted)


NOTHING: Final = Text("（なし）", "(none)")


def lines(some: Iterable[Text]) -> Text | None:
    """One text a line; None for no line."""
    found = list(some)
    return Text("\n".join(one.ja for one in found), "\n".join(one.en for one in found)) if found else None


# ── purposes, people, items ──────────────────────────────────────────────────────────────


def purposes(old: Policy, new: Policy) -> Iterator[Difference]:
    """Purposes per category of people: the part a person's consent depends on."""
    for code, before, after in pairs(old.subjects, new.subjects):
        if before is None:
            yield _new_category(new, code)
        elif after is None:
            yield Difference(
                area="subjects",
                code=code,
                kind=Kind.REMOVED,
                what=before.name,
                before=listed(one.says for one in old.purposes_of(code)),
                duties=("erase_unneeded", "republish"),
            )
        else:
            yield from _purposes_of(old, new, code)
            yield from _items_of(old, new, code)


def _new_category(new: Policy, code: str) -> Difference:
    return Difference(
        area="subjects",
        code=code,
        kind=Kind.ADDED,
        what=new.subject(code).name,
        after=listed(one.says for one in new.purposes_of(code)),
        duties=("publish_purpose", "republish"),
    )


def _purposes_of(old: Policy, new: Policy, subject: str) -> Iterator[Difference]:
    had = {one.code: one for one in old.purposes_of(subject)}
    has = {one.code: one for one in new.purposes_of(subject)}
    who = new.subject(subject).name
    for code, purpose in has.items():
        if code not in had:
            yield Difference(
                area="purpose_table",
                code=f"{subject}/{code}",
                kind=Kind.ADDED,
                what=Text(f"{who.ja}の利用目的", f"purpose for {who.en}"),
                after=purpose.says,
                duties=_duties_of_new(purpose, frozenset(had)),
            )
        elif had[code].says != purpose.says:
            yield Difference(
                area="purpose_table",
                code=f"{subject}/{code}",
                kind=Kind.CHANGED,
                what=Text(f"{who.ja}の利用目的", f"purpose for {who.en}"),
                before=had[code].says,
                after=purpose.says,
                duties=("decide_wording",),
            )
    for code, purpose in had.items():
        if code not in has:
            yield Difference(
                area="purpose_table",
                code=f"{subject}/{code}",
                kind=Kind.REMOVED,
                what=Text(f"{who.ja}の利用目的", f"purpose for {who.en}"),
                before=purpose.says,
                duties=("erase_unneeded", "republish"),
            )


def _duties_of_new(purpose: Purpose, had: frozenset[str]) -> tuple[str, ...]:
    if purpose.number_affair:
        return ("number_purpose", "notify_changed_purpose")
    origin = purpose.changed_from
    if origin is None or not had & set(origin.purposes):
        return ("decide_relation", "consent_to_new_purpose")
    if origin.change is ChangeKind.RELATED:
        return ("notify_changed_purpose",)
    return ("consent_to_new_purpose", "publish_purpose")


def _items_of(old: Policy, new: Policy, subject: str) -> Iterator[Difference]:
    before, after = set(old.subject(subject).items), set(new.subject(subject).items)
    who = new.subject(subject).name
    what = Text(f"{who.ja}の項目", f"items of {who.en}")
    special = {item.code for item in new.items if item.special_care}
    if after - before:
        yield Difference(
            area="subjects",
            code=f"{subject}/items",
            kind=Kind.ADDED,
            what=what,
            after=names(new, after - before),
            duties=("consent_special_care",) if special & (after - before) else ("publish_purpose",),
        )
    if before - after:
        yield Difference(
            area="subjects",
            code=f"{subject}/items",
            kind=Kind.REMOVED,
            what=what,
            before=names(old, before - after),
            duties=("erase_unneeded",),
        )


def collection(old: Policy, new: Policy) -> Iterator[Difference]:
    """Collection points: where a form needs a notice before it collects."""
    for code, before, after in pairs(old.collection_points, new.collection_points):
        if before is None:
            yield Difference(
                area="collection_points",
                code=code,
                kind=Kind.ADDED,
                what=after.name,
                after=names(new, after.items),
                duties=("publish_purpose", "state_notice") if after.direct_in_writing else ("publish_purpose",),
            )
        elif after is None:
            yield Difference(
                area="collection_points",
                code=code,
                kind=Kind.REMOVED,
                what=before.name,
                before=names(old, before.items),
            )
        elif before != after:
            was, now = _said_point(old, before), _said_point(new, after)
            wider = set(after.items) - set(before.items)
            stated = after.direct_in_writing and (wider or not before.direct_in_writing)
            yield Difference(
                area="collection_points",
                code=code,
                kind=Kind.CHANGED,
                what=after.name,
                before=lines(one for one in was if one not in now),
                after=lines(one for one in now if one not in was),
                duties=("state_notice",) if stated else (),
            )


def _said_point(policy: Policy, point: CollectionPoint) -> list[Text]:
    """What a collection point says, a line each; what is empty says nothing."""
    people = listed(one.name for one in policy.subjects if one.code in set(point.subjects))
    said = [
        (Text("名称", "name"), point.name),
        (Text("注記", "note"), point.note),
        (Text("経路", "channel"), value_words(point.channel)),
        (
            Text("取得する組織", "organisation"),
            next((one.name for one in policy.organisations if one.code == point.organisation), None),
        ),
        (Text("本人の区分", "people"), people),
        (Text("項目", "items"), names(policy, point.items) if point.items else None),
        (
            Text("本人から直接書面で取得", "directly from the person in writing"),
            _YES if point.direct_in_writing else _NO,
        ),
        (Text("要配慮個人情報の同意", "consent to special-care data"), _YES if point.consent else _NO),
        (Text("通知の書面", "notice"), _YES if point.notice else _NO),
    ]
    return [Text(f"{what.ja}：{says.ja}", f"{what.en}: {says.en}") for what, says in said if says is not None]


_YES: Final = Text("あり", "yes")
_NO: Final = Text("なし", "no")

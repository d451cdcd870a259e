"""Differences in recipients, entrustees, joint use and organisations. Pure."""

from collections.abc import Iterator
from typing import Any

from daicho.policy.language import JointUse, Policy, Recipient
from daicho.policy.language.parties import Organisation, Outside, ProvisionBasis
from daicho.policy.rules.changes import Difference, Kind, names, pairs
from daicho.policy.rules.rule import listed
from daicho.words.text import Text


def recipients(old: Policy, new: Policy) -> Iterator[Difference]:
    """Third parties (Arts. 27, 28)."""
    for code, before, after in pairs(old.recipients, new.recipients):
        if after is None:
            yield Difference(area="recipients", code=code, kind=Kind.REMOVED, what=before.name, duties=("republish",))
        elif before is None:
            yield Difference(
                area="recipients",
                code=code,
                kind=Kind.ADDED,
                what=after.name,
                after=names(new, after.items),
                duties=_to_provide(after),
            )
        elif before != after:
            wider = (
                set(after.items) - set(before.items)
                or set(after.purposes) - set(before.purposes)
                or set(after.subjects) - set(before.subjects)
                or after.basis is not before.basis
                or after.country != before.country
            )
            yield Difference(
                area="recipients",
                code=code,
                kind=Kind.CHANGED,
                what=after.name,
                before=names(old, before.items),
                after=names(new, after.items),
                duties=_to_provide(after) if wider else ("republish",),
            )


def _to_provide(recipient: Recipient) -> tuple[str, ...]:
    by_basis = {
        ProvisionBasis.CONSENT: ("consent_to_provision",),
        ProvisionBasis.OPT_OUT: ("file_opt_out",),
        ProvisionBasis.LAW: ("republish",),
    }
    return by_basis[recipient.basis] + _abroad(recipient)


def _abroad(party: Outside) -> tuple[str, ...]:
    return () if party.country == "JP" else ("inform_abroad",)


def entrustees(old: Policy, new: Policy) -> Iterator[Difference]:
    """Parties the handling is entrusted to (Art. 25; My Number Act 10, 11)."""
    numbers = {item.code for item in new.items if item.individual_number}
    for code, before, after in pairs(old.entrustees, new.entrustees):
        if after is None:
            yield Difference(area="entrustees", code=code, kind=Kind.REMOVED, what=before.name)
        elif before != after:
            yield Difference(
                area="entrustees",
                code=code,
                kind=Kind.ADDED if before is None else Kind.CHANGED,
                what=after.name,
                before=None if before is None else names(old, before.items),
                after=names(new, after.items),
                duties=(
                    "supervise_entrustee",
                    *(("supervise_number_entrustee",) if numbers & set(after.items) else ()),
                    *_abroad(after),
                ),
            )


def joint_use(old: Policy, new: Policy) -> Iterator[Difference]:
    """Joint use (Art. 27(5)(iii), (6))."""
    for code, before, after in pairs(old.joint_use, new.joint_use):
        if after is None:
            yield Difference(area="joint_use", code=code, kind=Kind.REMOVED, what=before.heading, duties=("republish",))
        elif before is None:
            yield Difference(
                area="joint_use", code=code, kind=Kind.ADDED, what=after.heading, duties=("announce_joint_use",)
            )
        else:
            yield from _scheme(old, new, before, after)


def _scheme(old: Policy, new: Policy, before: JointUse, after: JointUse) -> Iterator[Difference]:
    for part, was, now in (
        ("items", _items(before), _items(after)),
        ("users", set(before.users.organisations), set(after.users.organisations)),
    ):
        if was != now:
            said = _said_items if part == "items" else _said_organisations
            yield Difference(
                area="joint_use",
                code=f"{after.code}/{part}",
                kind=Kind.CHANGED,
                what=after.items.heading if part == "items" else after.users.heading,
                before=said(old, was),
                after=said(new, now),
                duties=("widened_joint_use", "announce_joint_use") if now - was else ("republish",),
            )
    if _purposes(old, before) != _purposes(new, after):
        yield Difference(
            area="joint_use",
            code=f"{after.code}/purposes",
            kind=Kind.CHANGED,
            what=after.purposes.heading,
            before=listed(purpose for _, purpose in sorted(_purposes(old, before), key=str)),
            after=listed(purpose for _, purpose in sorted(_purposes(new, after), key=str)),
            duties=("announce_joint_change",),
        )
    if set(before.responsible.organisations) != set(after.responsible.organisations):
        yield Difference(
            area="joint_use",
            code=f"{after.code}/responsible",
            kind=Kind.CHANGED,
            what=after.responsible.heading,
            before=_said_organisations(old, set(before.responsible.organisations)),
            after=_said_organisations(new, set(after.responsible.organisations)),
            duties=("announce_joint_change",),
        )


def _items(scheme: JointUse) -> set[str]:
    return {f"{subject}/{item}" for group in scheme.items.groups for subject in group.subjects for item in group.items}


def _said_items(policy: Policy, codes: set[str]) -> Text:
    pairs_of: dict[str, set[str]] = {}
    for code in codes:
        subject, item = code.split("/")
        pairs_of.setdefault(subject, set()).add(item)
    said = [
        Text(
            f"{who.name.ja}：{names(policy, pairs_of[who.code]).ja}",
            f"{who.name.en}: {names(policy, pairs_of[who.code]).en}",
        )
        for who in policy.subjects
        if who.code in pairs_of
    ]
    return Text("／".join(one.ja for one in said), " / ".join(one.en for one in said))


def _said_organisations(policy: Policy, codes: set[str]) -> Text:
    return listed(one.name for one in policy.organisations if one.code in codes)


def _purposes(policy: Policy, scheme: JointUse) -> set[tuple[str, Text]]:
    rows = [row for row in policy.purpose_table.rows if row.code in scheme.purposes.rows]
    return {(code, policy.purpose(code).says) for row in rows for code in row.purposes}


def organisations(old: Policy, new: Policy) -> Iterator[Difference]:
    """Names, addresses and representatives (Arts. 32(1)(i), 27(6))."""
    responsible = {code for scheme in new.joint_use for code in scheme.responsible.organisations}
    for code, before, after in pairs(old.organisations, new.organisations):
        if before is None or after is None:
            one: Organisation = after or before
            yield Difference(
                area="organisations",
                code=code,
                kind=Kind.REMOVED if after is None else Kind.ADDED,
                what=one.name,
                duties=("republish",),
            )
        elif _identity(before) != _identity(after):
            duties = ("tell_responsible_details", "republish") if code in responsible else ("republish",)
            yield Difference(
                area="organisations",
                code=code,
                kind=Kind.CHANGED,
                what=after.name,
                before=_identity(before),
                after=_identity(after),
                duties=duties,
            )
        elif before.published != after.published:
            yield Difference(
                area="organisations",
                code=code,
                kind=Kind.CHANGED,
                what=Text(f"{after.name.ja}の公表", f"publication of {after.name.en}"),
                before=_shown(before),
                after=_shown(after),
                duties=("republish",),
            )


def _identity(one: Any) -> Text:
    parts = (one.name, one.address.text, one.representative.title, one.representative.name)
    return Text("　".join(part.ja for part in parts), ", ".join(part.en for part in parts))


def _shown(one: Organisation) -> Text:
    return Text("載せる", "on the page") if one.published else Text("載せない", "not on the page")

"""Differences in the request procedure, safety, retention, contacts, promises and dates. Pure."""

from collections.abc import Iterator

from daicho.law.kinds import KINDS, RequestKind
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS
from daicho.policy.editing.words import value_words
from daicho.policy.language import Policy
from daicho.policy.language.procedure import FeeRate, ReplyBy
from daicho.policy.language.statements import Promise
from daicho.policy.rules.changes import NOTHING, Difference, Kind, lines, pairs
from daicho.policy.rules.rule import listed
from daicho.words.text import Text

_REPLIES = {
    ReplyBy.WRITTEN: Text("書面", "in writing"),
    ReplyBy.ELECTRONIC: Text("電磁的記録", "electromagnetic record"),
    ReplyBy.INSPECTION: Text("閲覧", "inspection"),
}


def requests(old: Policy, new: Policy) -> Iterator[Difference]:
    """Kinds, fees, papers, ways of answering (Arts. 32–38)."""
    yield from _kinds(old, new)
    yield from _fees(old, new)
    yield from _papers(old, new)
    before, after = set(old.reply_methods), set(new.reply_methods)
    if before != after:
        yield Difference(
            area="requests",
            code="replies",
            kind=Kind.CHANGED,
            what=Text("回答の方法", "ways of answering"),
            before=listed(_REPLIES[one] for one in ReplyBy if one in before),
            after=listed(_REPLIES[one] for one in ReplyBy if one in after),
            duties=("still_owed", "republish") if before - after else ("republish",),
        )
    if set(old.channels) != set(new.channels):
        yield Difference(
            area="requests",
            code="channels",
            kind=Kind.CHANGED,
            what=Text("受付方法", "ways in"),
            before=listed(value_words(one) for one in old.channels),
            after=listed(value_words(one) for one in new.channels),
            duties=("republish",),
        )


def _kinds(old: Policy, new: Policy) -> Iterator[Difference]:
    for kind in RequestKind:
        before, after = kind in old.request_kinds, kind in new.request_kinds
        if before != after:
            yield Difference(
                area="requests",
                code=f"kinds/{kind}",
                kind=Kind.ADDED if after else Kind.REMOVED,
                what=KINDS[kind].name,
                duties=("republish",) if after else ("still_owed", "republish"),
            )


def _fees(old: Policy, new: Policy) -> Iterator[Difference]:
    for kind in RequestKind:
        before, after = old.fee_for(kind), new.fee_for(kind)
        if _fee(before) != _fee(after):
            yield Difference(
                area="requests",
                code=f"fees/{kind}",
                kind=Kind.CHANGED,
                what=Text(f"{KINDS[kind].name.ja}の手数料", f"fee for: {KINDS[kind].name.en}"),
                before=_fee(before),
                after=_fee(after),
                duties=("fee_from_arrival",),
            )


def _fee(rate: FeeRate | None) -> Text:
    if rate is None:
        return Text("無料", "free")
    unit, refused, paid = value_words(rate.unit), value_words(rate.refused), value_words(rate.payment.instrument)
    return Text(
        f"{rate.amount:,}円（{unit.ja}、開示しないときは{refused.ja}、{paid.ja}）",
        f"{rate.amount:,} yen ({unit.en}, {refused.en} on refusal, {paid.en})",
    )


def _papers(old: Policy, new: Policy) -> Iterator[Difference]:
    for code, what, was, now in (
        ("identity", Text("本人確認書類", "identity papers"), old.id_documents, new.id_documents),
        (
            "agent-identity",
            Text("代理人の本人確認書類", "the agent's papers"),
            old.agent_id_documents,
            new.agent_id_documents,
        ),
    ):
        before = {one.document: frozenset(one.black_out) for one in was}
        after = {one.document: frozenset(one.black_out) for one in now}
        if before != after:
            yield Difference(
                area="requests",
                code=code,
                kind=Kind.CHANGED,
                what=what,
                before=listed(ID_DOCUMENTS[one].name for one in before),
                after=listed(ID_DOCUMENTS[one].name for one in after),
                duties=("republish",),
            )
    asked_before = {paper.document for rule in old.requests.agents.rules for paper in rule.papers}
    asked_after = {paper.document for rule in new.requests.agents.rules for paper in rule.papers}
    if asked_before != asked_after:
        yield Difference(
            area="requests",
            code="authority",
            kind=Kind.CHANGED,
            what=Text("代理権を示す書類", "papers showing authority"),
            before=listed(AUTHORITY_NAMES[one] for one in AUTHORITY_NAMES if one in asked_before),
            after=listed(AUTHORITY_NAMES[one] for one in AUTHORITY_NAMES if one in asked_after),
            duties=("no_burden", "republish") if asked_after - asked_before else ("republish",),
        )


def keeping(old: Policy, new: Policy) -> Iterator[Difference]:
    """Retention and safety measures."""
    rules = (old.retention.rules if old.retention else (), new.retention.rules if new.retention else ())
    for code, before, after in pairs(*rules):
        if before != after:
            yield Difference(
                area="retention",
                code=code,
                kind=_kind(before, after),
                what=(after or before).says,
                before=None if before is None else Text(f"{before.months}か月", f"{before.months} months"),
                after=None if after is None else Text(f"{after.months}か月", f"{after.months} months"),
                duties=() if after is None else ("apply_period",),
            )
    measures = (old.safety.measures if old.safety else (), new.safety.measures if new.safety else ())
    for code, before, after in pairs(*measures):
        if before != after:
            yield Difference(
                area="safety",
                code=code,
                kind=_kind(before, after),
                what=(after or before).label,
                before=None if before is None else before.says,
                after=None if after is None else after.says,
                duties=("republish_safety",),
            )


def contacts(old: Policy, new: Policy) -> Iterator[Difference]:
    """Desks, officers, the accredited body."""
    for code, before, after in pairs(old.desks, new.desks):
        if before != after:
            yield Difference(
                area="desks", code=code, kind=_kind(before, after), what=(after or before).name, duties=("republish",)
            )
    for role in {officer.role: None for officer in (*old.officers, *new.officers)}:
        was, now = old.officer_for(role), new.officer_for(role)
        if was != now:
            yield Difference(
                area="officers",
                code=role.value,
                kind=_kind(was, now),
                what=(now or was).heading,  # type: ignore[union-attr]  # one of the two holds the role
                before=None if was is None else was.title,
                after=None if now is None else now.title,
                duties=("republish",),
            )
    body, changed = old.accredited_body, new.accredited_body
    if (body.entry if body else None) != (changed.entry if changed else None):
        yield Difference(
            area="accredited_body",
            code=(changed or body).code,  # type: ignore[union-attr]  # they differ, so one exists
            kind=_kind(body, changed),
            what=Text("認定個人情報保護団体", "accredited organisation"),
            before=NOTHING if body is None else body.entry.office,
            after=NOTHING if changed is None else changed.entry.office,
            duties=("republish",),
        )


def statements(old: Policy, new: Policy) -> Iterator[Difference]:
    """Promises and the wording of the sections."""
    for promise in old.promises:
        if promise not in new.promises:
            yield Difference(
                area="statements",
                code=promise.value,
                kind=Kind.REMOVED,
                what=_promised(promise),
                duties=("withdrawn_promise",),
            )
    for promise in new.promises:
        if promise not in old.promises:
            yield Difference(
                area="statements",
                code=promise.value,
                kind=Kind.ADDED,
                what=_promised(promise),
            )
    for code, before, after in pairs(old.statements.sections, new.statements.sections):
        was = [one.says for one in before.paragraphs] if before else []
        now = [one.says for one in after.paragraphs] if after else []
        if was != now:
            yield Difference(
                area="statements",
                code=f"sections/{code}",
                kind=_kind(before, after),
                what=(after or before).heading,
                before=lines(one for one in was if one not in now),
                after=lines(one for one in now if one not in was),
            )


def _promised(promise: Promise) -> Text:
    called = value_words(promise)
    return Text(f"約束「{called.ja}」", f"promise: {called.en}")


def dates(old: Policy, new: Policy) -> Iterator[Difference]:
    """The date of the revision; asked for when anything else differs."""
    if old.digest != new.digest and new.revised_on <= old.revised_on:
        yield Difference(
            area="dates",
            code="revised",
            kind=Kind.CHANGED,
            what=Text("改定日", "date of the revision"),
            before=Text(str(old.revised_on), str(old.revised_on)),
            after=Text(f"{new.revised_on}（新しくなっていません）", f"{new.revised_on} (not newer)"),
            duties=("date_revision",),
        )


def _kind(before: object, after: object) -> Kind:
    if before is None:
        return Kind.ADDED
    return Kind.REMOVED if after is None else Kind.CHANGED

"""データの流れ  People → collection points → rows of the register → stores → who else receives it. Pure.

What is drawn is what is written down: a point stands before a row when the policy says that these
people's items are collected there and the row holds one of them; everything else is the row's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from daicho.policy.language import CollectionPoint, Policy
from daicho.register.language import HoldingPart
from daicho.register.reading import StoreRef
from daicho.words.text import Language, Text


class Column(IntEnum):
    """From left to right."""

    PEOPLE = 0
    POINTS = 1
    HOLDINGS = 2
    STORES = 3
    PARTIES = 4


class Sign(StrEnum):
    """What a flow carries that asks for more care; the strongest of a row."""

    PLAIN = "plain"
    SPECIAL = "special"
    NUMBER = "number"


class PartyKind(StrEnum):
    """Why somebody else receives data."""

    ENTRUSTEE = "entrustee"
    RECIPIENT = "recipient"
    JOINT = "joint"
    ENTRUSTER = "entruster"


PARTY_WORDS: Mapping[PartyKind, Text] = {
    PartyKind.ENTRUSTEE: Text("委託", "entrusted"),
    PartyKind.RECIPIENT: Text("提供", "provided"),
    PartyKind.JOINT: Text("共同利用", "joint use"),
    PartyKind.ENTRUSTER: Text("委託元", "entrusts us"),
}


@dataclass(slots=True, kw_only=True)
class FlowNode:
    """One box. ``holdings``: numbers of the rows that run through it; ``note`` is the small second line."""

    key: str
    column: Column
    name: str
    note: str = ""
    target: str = ""  # what the box links to: "kind:code"
    sign: Sign = Sign.PLAIN
    holdings: set[int] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class FlowEdge:
    """A line between boxes; the rows it stands for, and the strongest sign of them."""

    source: str
    target: str
    sign: Sign = Sign.PLAIN
    holdings: set[int] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class FlowRow:
    """One row of the same in words, for whoever does not see the picture."""

    part: HoldingPart
    people: str
    points: list[str]
    store: str
    parties: list[str]


@dataclass(slots=True, kw_only=True)
class Flow:
    """Everything the picture shows; a row's number is its place in ``rows``."""

    nodes: dict[str, FlowNode] = field(default_factory=dict)
    edges: dict[tuple[str, str], FlowEdge] = field(default_factory=dict)
    rows: list[FlowRow] = field(default_factory=list)

    def touch(self, node: FlowNode, holding: int) -> str:
        """The box, made when it is new, with one more row through it."""
        known = self.nodes.setdefault(node.key, node)
        known.holdings.add(holding)
        known.sign = strongest(known.sign, node.sign)
        return known.key

    def join(self, source: str, target: str, holding: int, sign: Sign) -> None:
        """The line, made when it is new, with one more row on it."""
        edge = self.edges.setdefault((source, target), FlowEdge(source=source, target=target))
        edge.holdings.add(holding)
        edge.sign = strongest(edge.sign, sign)


#: Kinds of stores as people call them.
KIND_WORDS: Mapping[str, Text] = {
    "postgresql": Text("PostgreSQL", "PostgreSQL"),
    "sqlite": Text("SQLite", "SQLite"),
    "csv": Text("CSV フォルダ", "folder of CSV"),
    "paper": Text("紙", "paper"),
}


def strongest(one: Sign, other: Sign) -> Sign:
    """Of two signs the one that asks for more care."""
    return max(one, other, key=list(Sign).index)


def draw_flow(
    holdings: Iterable[HoldingPart], *, policy: Policy | None, stores: Mapping[str, StoreRef], language: Language
) -> Flow:
    """What the rows say, as boxes and lines; a policy that does not know a code leaves the code as its name."""
    flow = Flow()
    words = _Words(policy, stores, language)
    for number, part in enumerate(holdings):
        sign = Sign.NUMBER if part.spi else Sign.SPECIAL if part.sensitive else Sign.PLAIN
        row = FlowNode(
            key=f"holding:{part.organisation}/{part.reg_no}",
            column=Column.HOLDINGS,
            name=part.name.as_text().say(language),
            note=part.reg_no,
            target=f"holding:{part.organisation}/{part.reg_no}",
            sign=sign,
        )
        here = flow.touch(row, number)
        people = flow.touch(words.people(part.subject_category), number)
        points = [flow.touch(words.point(point), number) for point in words.points_of(part)]
        for point in points:
            flow.join(people, point, number, sign)
            flow.join(point, here, number, sign)
        if not points:
            flow.join(people, here, number, sign)
        store = flow.touch(words.store(part.store), number)
        flow.join(here, store, number, sign)
        parties = [flow.touch(party, number) for party in words.parties_of(part)]
        for party in parties:
            flow.join(store, party, number, sign)
        flow.rows.append(
            FlowRow(
                part=part,
                people=flow.nodes[people].name,
                points=[flow.nodes[one].name for one in points],
                store=flow.nodes[store].name,
                parties=[words.noted(flow.nodes[one]) for one in parties],
            )
        )
    return flow


@dataclass(frozen=True, slots=True)
class _Words:
    policy: Policy | None
    stores: Mapping[str, StoreRef]
    language: Language

    def noted(self, node: FlowNode) -> str:
        """A box in words: its name, and the note in brackets of the language."""
        return (
            Text("{name}（{note}）", "{name} ({note})").with_values(name=node.name, note=node.note).say(self.language)
        )

    def people(self, code: str) -> FlowNode:
        found = next((one.name for one in self.policy.subjects if one.code == code), None) if self.policy else None
        name = found.say(self.language) if found else code
        return FlowNode(key=f"people:{code}", column=Column.PEOPLE, name=name, target=f"people:{code}")

    def points_of(self, part: HoldingPart) -> list[CollectionPoint]:
        """Where these people's items of this row are collected, as the policy says."""
        return [
            point
            for point in (self.policy.collection_points if self.policy else ())
            if part.subject_category in point.subjects
            and point.organisation in (None, part.organisation)
            and (not point.items or set(point.items) & set(part.items))
        ]

    def point(self, point: CollectionPoint) -> FlowNode:
        return FlowNode(
            key=f"point:{point.code}",
            column=Column.POINTS,
            name=point.name.say(self.language),
            target="policy:points",
        )

    def store(self, code: str) -> FlowNode:
        ref = self.stores.get(code)
        return FlowNode(
            key=f"store:{code}",
            column=Column.STORES,
            name=ref.name.say(self.language) if ref else code,
            note=KIND_WORDS[ref.kind].say(self.language) if ref and ref.kind in KIND_WORDS else "",
            target=f"store:{code}",
        )

    def parties_of(self, part: HoldingPart) -> list[FlowNode]:
        policy = self.policy
        known: dict[PartyKind, dict[str, Text]] = {
            PartyKind.ENTRUSTEE: {one.code: one.name for one in policy.entrustees} if policy else {},
            PartyKind.RECIPIENT: {one.code: one.name for one in policy.recipients} if policy else {},
            PartyKind.JOINT: {one.code: one.title or one.heading for one in policy.joint_use} if policy else {},
        }
        named = (
            (PartyKind.ENTRUSTEE, part.entrusted_to),
            (PartyKind.RECIPIENT, part.provided_to),
            (PartyKind.JOINT, part.joint_use),
        )
        return [
            FlowNode(
                key=f"{kind}:{code}",
                column=Column.PARTIES,
                name=known[kind][code].say(self.language) if code in known[kind] else code,
                note=PARTY_WORDS[kind].say(self.language),
                target=f"party:{kind}/{code}",
            )
            for kind, codes in named
            for code in codes
        ]

"""Where the boxes and lines of the data map stand. Pure geometry; the page draws it.

1. Every column is put in an order with few crossings: a box goes to the middle of its neighbours
   (barycentre), from left to right and back, and the order with the fewest crossings is kept.
2. A line over a column it does not stop at gets a place of its own there, so that it passes between
   boxes and never behind one.
3. Boxes move towards their neighbours as far as the boxes beside them allow.
"""

import unicodedata
from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from daicho.register.flow import Column, Flow, FlowEdge, FlowNode, Sign

#: Width of the boxes of each column, and where it begins.
WIDTHS: Final = (164, 164, 248, 178, 168)
GAP_X: Final = 78
MARGIN: Final = 8
HEAD: Final = 34
LINE: Final = 30  # the height of a box that few rows run through
MANY: Final = 30  # rows from which on their boxes stand closer
CLOSE: Final = 22
LANE: Final = 8  # the height of a passing line's place
GAP_Y: Final = 7
PER_ROW: Final = 5  # how much a box grows with every row that runs through it
SWEEPS: Final = 12
FONT: Final = 12.5
_BREAK_BEHIND: Final = " ・／/）」、"
_BREAK_BEFORE: Final = " （「("
_THIN: Final = frozenset("fijlrtI .,:;'|!()[]/-")
_NEVER_FIRST: Final = ("", "、", "。", "）", "」", "ー", "・", ")")
_MARKS: Final = {Sign.PLAIN: "", Sign.SPECIAL: "◆", Sign.NUMBER: "№"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of text; ``soft`` for what is said beside the name."""

    text: str
    x: int
    y: float
    soft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A drawn box, its corner at ``x``, ``y``."""

    node: FlowNode
    x: int
    y: float
    width: int
    height: float
    words: tuple[Words, ...]

    @property
    def rows(self) -> str:
        """The rows through it, for the page's script: ``3 7 12``."""
        return " ".join(map(str, sorted(self.node.holdings)))

    @property
    def mark(self) -> Words | None:
        """A sign beside the colour, for whoever cannot tell the colours apart; it ends at its ``x``."""
        sign = _MARKS[self.node.sign] if self.node.column is Column.HOLDINGS else ""
        return Words(text=sign, x=self.x + self.width - 9, y=self.words[0].y) if sign else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A drawn line; ``path`` is what SVG calls ``d``."""

    path: str
    width: float
    sign: Sign
    rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The whole picture; ``heads`` are the middles of the columns."""

    width: int
    height: int
    boxes: list[Box]
    curves: list[Curve]
    heads: list[tuple[Column, float]]


@dataclass(slots=True)
class _Spot:
    """A box, or the place of a passing line (``node`` None)."""

    key: str
    column: int
    node: FlowNode | None
    height: float
    y: float = 0.0
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def lay_out(flow: Flow) -> Drawing:
    """Place everything."""
    spots = {
        node.key: _Spot(node.key, int(node.column), node, _height(node, len(flow.rows))) for node in flow.nodes.values()
    }
    ways = {key: _way(edge, spots) for key, edge in flow.edges.items()}
    for way in ways.values():
        for one, other in pairwise(way):
            spots[one].after.append(other)
            spots[other].before.append(one)
    columns = _order([[spot for spot in spots.values() if spot.column == number] for number in range(len(WIDTHS))])
    height = _place(columns, spots)
    starts = _starts()
    boxes = [_box(spot, starts) for column in columns for spot in column if spot.node is not None]
    heads = [(Column(number), starts[number] + WIDTHS[number] / 2) for number in range(len(WIDTHS)) if columns[number]]
    width = starts[-1] + WIDTHS[-1] + MARGIN
    return Drawing(
        width=int(width), height=int(height), boxes=boxes, curves=_curves(flow, ways, spots, starts), heads=heads
    )


def fit_text(text: str, room: float) -> str:
    """As much of a text as fits into ``room`` ems, with an ellipsis where something is left out."""
    if _length(text) <= room:
        return text
    kept = len(text)
    while kept and _length(text[:kept]) + 1.0 > room:
        kept -= 1
    return f"{text[:kept].rstrip()}…"


def wrap_text(text: str, room: float) -> list[str]:
    """A text on two lines at most; broken at a space or behind a mark where there is one."""
    if _length(text) <= room:
        return [text]
    fitting = next(number for number in range(len(text), 0, -1) if _length(text[:number]) <= room or number == 1)
    breaks = [number for number in range(fitting, fitting // 2, -1) if _may_break(text, number)]
    at = breaks[0] if breaks else fitting
    return [text[:at].rstrip(), fit_text(text[at:].lstrip(), room)]


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at : at + 1]
    if after in _NEVER_FIRST:
        return False
    return before in _BREAK_BEHIND or after in _BREAK_BEFORE


def _length(text: str) -> float:
    """In ems, a little too wide rather than too narrow: Japanese letters one, capitals two thirds, thin ones a third."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WFA":
        return 1.0
    if letter in _THIN:
        return 0.36
    return 0.68 if letter.isupper() or letter in "mw@%&" else 0.55


def _lines(node: FlowNode) -> list[str]:
    """The name as the box shows it."""
    room = WIDTHS[node.column] - 22.0
    if node.column is not Column.HOLDINGS:
        return wrap_text(node.name, room / FONT)
    room -= _number_width(node) + (18 if node.sign is not Sign.PLAIN else 0)
    return [fit_text(node.name, room / FONT)]


def _height(node: FlowNode, rows: int) -> float:
    if node.column is Column.HOLDINGS:
        return float(LINE if rows <= MANY else CLOSE)
    written = len(_lines(node)) + (1 if node.note else 0)
    grown = PER_ROW * len(node.holdings) + 10
    return float(max(LINE, 14 + 16 * written, min(grown, 240)))


def _way(edge: FlowEdge, spots: dict[str, _Spot]) -> list[str]:
    """The spots a line runs through; places of its own are made in the columns it passes."""
    start, end = spots[edge.source], spots[edge.target]
    way = [start.key]
    for column in range(start.column + 1, end.column):
        lane = _Spot(f"lane:{edge.source}>{edge.target}:{column}", column, None, LANE)
        spots[lane.key] = lane
        way.append(lane.key)
    return [*way, end.key]


def _order(columns: list[list[_Spot]]) -> list[list[_Spot]]:
    best, fewest = columns, _crossings(columns)
    now = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        numbers = range(1, len(now)) if forward else range(len(now) - 2, -1, -1)
        for number in numbers:
            beside = {spot.key: place for place, spot in enumerate(now[number - 1 if forward else number + 1])}
            places = {spot.key: place for place, spot in enumerate(now[number])}
            now[number].sort(key=lambda spot: _middle(spot, beside, places[spot.key], forward=forward))
        crossings = _crossings(now)
        if crossings < fewest:
            best, fewest = [list(column) for column in now], crossings
    return best


def _middle(spot: _Spot, beside: Mapping[str, int], place: int, *, forward: bool) -> tuple[float, int]:
    """Where the neighbours of one side stand on average; without any it stays where it is."""
    found = [beside[key] for key in (spot.before if forward else spot.after) if key in beside]
    return (sum(found) / len(found) if found else float(place), place)


def _crossings(columns: Sequence[Sequence[_Spot]]) -> int:
    """How often two lines cross, counted as inversions."""
    total = 0
    for left, right in pairwise(columns):
        places = {spot.key: place for place, spot in enumerate(right)}
        ends = [place for spot in left for place in sorted(places[key] for key in spot.after if key in places)]
        seen: list[int] = []
        for end in ends:
            total += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return total


def _place(columns: Sequence[Sequence[_Spot]], spots: Mapping[str, _Spot]) -> float:
    """Give every spot its ``y``; returns the height of the whole."""
    needed = max((sum(spot.height + GAP_Y for spot in column) for column in columns), default=0.0)
    for column in columns:
        room = needed - sum(spot.height for spot in column)
        gap = min(room / (len(column) + 1), 4.0 * LINE) if column else 0.0
        y = HEAD + (needed - sum(spot.height + gap for spot in column) + gap) / 2
        for spot in column:
            spot.y = y
            y += spot.height + gap
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wanted = [_wanted(spot, spots) for spot in column]
            for spot, y in zip(column, _apart(column, wanted, HEAD, HEAD + needed), strict=True):
                spot.y = y
    return HEAD + needed + MARGIN


def _wanted(spot: _Spot, spots: Mapping[str, _Spot]) -> float:
    found = [spots[key].y + spots[key].height / 2 for key in (*spot.before, *spot.after)]
    return sum(found) / len(found) - spot.height / 2 if found else spot.y


def _apart(column: Sequence[_Spot], wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """The places nearest to the wanted ones at which nothing overlaps: neighbours that would are moved as one."""
    groups: list[tuple[list[float], int]] = []  # wishes of the group's first spot, number of spots
    offsets: list[float] = []
    run = 0.0
    for spot in column:
        offsets.append(run)
        run += spot.height + GAP_Y
    for wish, offset in zip(wanted, offsets, strict=True):
        groups.append(([wish - offset], 1))
        while len(groups) > 1 and _mean(groups[-2][0]) > _mean(groups[-1][0]):
            wishes, count = groups.pop()
            groups[-1] = ([*groups[-1][0], *wishes], groups[-1][1] + count)
    latest = bottom - (run - GAP_Y) if column else top
    firsts = [min(max(_mean(wishes), top), max(latest, top)) for wishes, count in groups for _ in range(count)]
    return [first + offset for first, offset in zip(firsts, offsets, strict=True)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _starts() -> list[float]:
    starts = [float(MARGIN)]
    for width in WIDTHS[:-1]:
        starts.append(starts[-1] + width + GAP_X)
    return starts


def _box(spot: _Spot, starts: Sequence[float]) -> Box:
    node = spot.node
    if node is None:
        raise TypeError(spot.key)
    x, y, middle = int(starts[spot.column]), round(spot.y, 1), spot.y + spot.height / 2 + 4.5
    names = _lines(node)
    if node.column is Column.HOLDINGS:
        words = [
            Words(text=node.note, x=x + 10, y=round(middle, 1), soft=True),
            Words(text=names[0], x=int(x + 10 + _number_width(node)), y=round(middle, 1)),
        ]
    else:
        every = [(name, False) for name in names] + ([(node.note, True)] if node.note else [])
        top = middle - 8 * (len(every) - 1)
        words = [
            Words(text=text, x=x + 11, y=round(top + 16 * number, 1), soft=soft)
            for number, (text, soft) in enumerate(every)
        ]
    return Box(node=node, x=x, y=y, width=WIDTHS[spot.column], height=round(spot.height, 1), words=tuple(words))


def _number_width(node: FlowNode) -> float:
    return len(node.note) * 6.6 + 7


def _curves(
    flow: Flow, ways: Mapping[tuple[str, str], Sequence[str]], spots: Mapping[str, _Spot], starts: Sequence[float]
) -> list[Curve]:
    """Lines leave and reach a box one under another, in the order of where they go."""
    leaving = _ports(ways, spots, out=True)
    reaching = _ports(ways, spots, out=False)
    found = []
    for key, way in ways.items():
        edge = flow.edges[key]
        pieces = []
        for number, (one, other) in enumerate(pairwise(way)):
            left, right = spots[one], spots[other]
            x1, x2 = starts[left.column] + WIDTHS[left.column], starts[right.column]
            y1, y2 = leaving[key, number], reaching[key, number]
            bend = (x2 - x1) / 2
            begin = f"M{starts[left.column]:.0f} {y1:.1f}H{x1:.0f}" if left.node is None else f"M{x1:.0f} {y1:.1f}"
            pieces.append(f"{begin}C{x1 + bend:.0f} {y1:.1f} {x2 - bend:.0f} {y2:.1f} {x2:.0f} {y2:.1f}")
        rows = " ".join(map(str, sorted(edge.holdings)))
        width = min(1.5 + 0.7 * (len(edge.holdings) - 1), 9.0)
        found.append(Curve(path="".join(pieces), width=round(width, 1), sign=edge.sign, rows=rows))
    return sorted(found, key=lambda curve: list(Sign).index(curve.sign))


def _ports(
    ways: Mapping[tuple[str, str], Sequence[str]], spots: Mapping[str, _Spot], *, out: bool
) -> dict[tuple[tuple[str, str], int], float]:
    """Where each piece of each line touches the box at its one end."""
    touching: dict[str, list[tuple[float, tuple[str, str], int]]] = {}
    for key, way in ways.items():
        for number, (one, other) in enumerate(pairwise(way)):
            here, there = (one, other) if out else (other, one)
            middle = spots[there].y + spots[there].height / 2
            touching.setdefault(here, []).append((middle, key, number))
    found: dict[tuple[tuple[str, str], int], float] = {}
    for spot_key, ends in touching.items():
        spot = spots[spot_key]
        step = spot.height / (len(ends) + 1)
        for place, (_, key, number) in enumerate(sorted(ends), start=1):
            found[key, number] = spot.y + step * place
    return found

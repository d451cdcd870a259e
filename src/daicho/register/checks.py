"""What the shape of a register document cannot say: rules inside one document, all errors at once.

Nothing here knows another document, the policy or a store; see `daicho.register.rules` for those.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.register.language import EndPart, TablePart
from daicho.register.reading import About, Disclose, EndKind, Value
from daicho.stores.plan import Use
from daicho.words.documents import Document
from daicho.words.errors import Problem
from daicho.words.identity import TELLING, is_kind, is_strong
from daicho.words.text import Text

Step = str | int
WEAK_KINDS_NEEDED: Final = 2

#: Requests that put an untrue content right (Art. 34); they may not rewrite what was true when made.
CORRECTING: Final = frozenset({RequestKind.CORRECTION, RequestKind.ADDITION})
#: Requests that only ask to be told something; no row ends by them.
TELLING_KINDS: Final = frozenset({RequestKind.DISCLOSURE, RequestKind.PURPOSE_NOTICE, RequestKind.RECORD_DISCLOSURE})

#: Which keys each end needs and may have.
END_KEYS: Final[Mapping[EndKind, tuple[frozenset[str], frozenset[str]]]] = {
    EndKind.DELETE: (frozenset(), frozenset()),
    EndKind.BLANK: (frozenset({"columns"}), frozenset()),
    EndKind.REPLACE: (frozenset({"columns"}), frozenset()),
    EndKind.ANNOTATE: (frozenset({"column", "text"}), frozenset()),
    EndKind.KEEP: (frozenset({"until", "ground"}), frozenset()),
}


@dataclass(slots=True)
class Found:
    """Collects problems at steps of one document."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, message: Text, advice: Text, *, at: Sequence[Step]) -> None:
        """Note one problem."""
        place = self.document.place_of(at)
        self.problems.append(Problem(code=code, place=place, message=message, advice=advice))


def check_tables(tables: Mapping[str, TablePart], document: Document) -> list[Problem]:
    """Rules of a map over the tables that read; names of unreadable tables still count as present."""
    found = Found(document)
    written = document.value.get("tables")
    names = set(written) if isinstance(written, dict) else set()
    for name, table in tables.items():
        _check_ways(found, name, table)
        _check_links(found, name, table, names)
        _check_identities(found, name, table)
        _check_combinations(found, name, table)
        _check_columns(found, name, table)
        for kind, end in table.on.items():
            _check_end(found, name, table, kind, end)
    _check_cycles(found, tables)
    return found.problems


def used_columns(table: TablePart) -> tuple[str, ...]:
    """Every column the table part speaks of, each once, key first."""
    names: list[str] = [*table.key]
    names += [name for identity in table.identities for name in identity.columns]
    names += [name for link in table.links for name in link.columns]
    names += table.columns
    names += [name for end in table.on.values() for name in end_columns(end)]
    return tuple(dict.fromkeys(names))


def end_columns(end: EndPart) -> tuple[str, ...]:
    """The columns an end writes."""
    return (*(end.columns or ()), *((end.column,) if end.column else ()))


def _check_ways(found: Found, name: str, table: TablePart) -> None:
    """Links each count as a way; the look-up identities together count as one."""
    ways = len(table.links) + any(identity.use == Use.LOOKUP for identity in table.identities)
    at = ("tables", name)
    if ways == 0:
        found.add(
            "unreachable-table",
            Text(f"表 {name} に人からたどる道がありません。", f"No way leads from a person to the table {name}."),
            Text(
                "use: lookup の identities か links を書いてください。", "Write identities with use: lookup, or links."
            ),
            at=at,
        )
    if ways > 1 and table.match is None:
        found.add(
            "match",
            Text(
                f"表 {name} には人からたどる道が {ways} つあり、どれか一つで足りるのか、すべて要るのかが書かれていません。",
                f"{ways} ways lead to the table {name}, and it is not said whether one is enough or all must agree.",
            ),
            Text(
                "match: either（どれか一つ）か match: both（すべて）を書いてください。",
                "Write match: either or match: both.",
            ),
            at=at,
        )


def _check_links(found: Found, name: str, table: TablePart, names: Iterable[str]) -> None:
    for index, link in enumerate(table.links):
        at = ("tables", name, "links", index)
        if link.parent not in names:
            found.add(
                "link-parent",
                Text(
                    f"親の表 {link.parent} がこの対応表にありません。",
                    f"The parent table {link.parent} is not in this map.",
                ),
                Text("親の表も tables に書いてください。", "Write the parent under tables as well."),
                at=(*at, "parent"),
            )
        if len(link.columns) != len(link.parent_columns):
            found.add(
                "link-columns",
                Text("columns と parent_columns の数が違います。", "columns and parent_columns differ in number."),
                Text("同じ数だけ、対応する順に書いてください。", "Write as many, in matching order."),
                at=(*at, "columns"),
            )


def _check_cycles(found: Found, tables: Mapping[str, TablePart]) -> None:
    for name in tables:
        path = _way_back(name, tables)
        if path and name == min(path):  # each ring is told once
            ring = " → ".join([*path, name])
            found.add(
                "cycle",
                Text(f"表のつながりが輪になっています（{ring}）。", f"The links go round in a ring ({ring})."),
                Text(
                    "人に近い表を親にし、輪になる links を一つ消してください。",
                    "Make the table nearer to the person the parent, and remove one link of the ring.",
                ),
                at=("tables", name, "links"),
            )


def _way_back(start: str, tables: Mapping[str, TablePart]) -> list[str]:
    """The tables on a shortest way from ``start`` up its links back to itself; empty when there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        here = tables.get(way[-1])
        for link in here.links if here else ():
            if link.parent == start:
                return way
            if link.parent not in seen:
                seen.add(link.parent)
                ways.append([*way, link.parent])
    return []


def _check_identities(found: Found, name: str, table: TablePart) -> None:
    seen: set[str] = set()
    for index, identity in enumerate(table.identities):
        at = ("tables", name, "identities", index)
        if not is_kind(identity.kind):
            found.add(
                "identity-kind",
                Text(
                    f"本人を見分ける種類 {identity.kind} はありません。", f"There is no identity kind {identity.kind}."
                ),
                Text(
                    "name, kana, birth_date, email, phone, postal_code, address、または number:名前 を書いてください。",
                    "Write name, kana, birth_date, email, phone, postal_code, address, or number:<name>.",
                ),
                at=(*at, "kind"),
            )
        if identity.kind in seen:
            found.add(
                "identity-twice",
                Text(
                    f"種類 {identity.kind} が一つの表に二度あります。",
                    f"The kind {identity.kind} stands twice in one table.",
                ),
                Text(
                    "一つにしてください。ほかの列は columns にだけ書きます。",
                    "Keep one; write the other column under columns only.",
                ),
                at=(*at, "kind"),
            )
        seen.add(identity.kind)
        _require_mapped(found, table, identity.columns, at=(*at, "columns"))


def _check_combinations(found: Found, name: str, table: TablePart) -> None:
    at = ("tables", name, "identified_by")
    kinds = {identity.kind for identity in table.identities}
    if kinds and not table.identified_by:
        found.add(
            "identified-by",
            Text(
                f"表 {name} で、何が一致すれば本人の行とするかが書かれていません。",
                f"It is not said which agreeing kinds make a row of {name} the person's.",
            ),
            Text("identified_by に組み合わせを書いてください。", "Write the combinations under identified_by."),
            at=("tables", name, "identities"),
        )
    for index, combination in enumerate(table.identified_by):
        for kind in combination:
            if kind not in kinds:
                found.add(
                    "identified-by-kind",
                    Text(
                        f"種類 {kind} はこの表の identities にありません。",
                        f"The kind {kind} is not among this table's identities.",
                    ),
                    Text(
                        "identities に足すか、組み合わせから外してください。",
                        "Add it to identities, or take it out of the combination.",
                    ),
                    at=(*at, index),
                )
        if not identifies(combination):
            found.add(
                "weak-combination",
                Text(
                    "この組み合わせでは別人と取り違えるおそれがあります。",
                    "This combination can mistake one person for another.",
                ),
                Text(
                    "番号（number:…）を一つ、または氏名・カナ・生年月日のどれかを含む二種類以上にしてください。",
                    "Use one number:… kind, or two kinds or more of which one is name, kana or birth_date.",
                ),
                at=(*at, index),
            )


def identifies(combination: Iterable[str]) -> bool:
    """Whether agreement of these kinds may make a row somebody's without a human (desk practice 2)."""
    kinds = set(combination)
    return any(is_strong(kind) for kind in kinds) or (len(kinds) >= WEAK_KINDS_NEEDED and bool(kinds & set(TELLING)))


def _check_columns(found: Found, name: str, table: TablePart) -> None:
    for column, part in table.columns.items():
        at = ("tables", name, "columns", column)
        if part.disclose == Disclose.WITHHOLD and part.ground is None:
            found.add(
                "withhold-ground",
                Text(f"列 {column} を示さない根拠がありません。", f"The column {column} is withheld without a ground."),
                Text("ground に code と text を書いてください。", "Write ground with code and text."),
                at=at,
            )
        if part.ground is not None and part.disclose != Disclose.WITHHOLD:
            found.add(
                "ground-unused",
                Text(
                    f"列 {column} は示す列なのに根拠があります。",
                    f"The column {column} has a ground but is not withheld.",
                ),
                Text(
                    "disclose: withhold にするか、ground を消してください。",
                    "Write disclose: withhold, or remove the ground.",
                ),
                at=(*at, "ground"),
            )
        if part.technical and (part.item or part.disclose or part.about != About.PERSON):
            found.add(
                "technical-item",
                Text(
                    f"列 {column} は technical なのに内容の指定があります。",
                    f"The column {column} is technical and yet has content keys.",
                ),
                Text(
                    "technical: yes だけにするか、technical を消してください。",
                    "Keep only technical: yes, or remove technical.",
                ),
                at=at,
            )


def _check_end(found: Found, name: str, table: TablePart, kind: RequestKind, end: EndPart) -> None:
    at = ("tables", name, "on", str(kind))
    if kind in TELLING_KINDS:
        found.add(
            "end-kind",
            Text(f"{kind} では行は変わりません。", f"No row ends by {kind}."),
            Text("この見出しを消してください。", "Remove this key."),
            at=at,
        )
        return
    _check_end_keys(found, end, at=at)
    _check_end_columns(found, table, kind, end, at=at)


def _check_end_keys(found: Found, end: EndPart, *, at: Sequence[Step]) -> None:
    needed, allowed = END_KEYS[end.end]
    given = {key for key in ("columns", "column", "text", "until", "ground") if getattr(end, key) is not None}
    for key in sorted(needed - given):
        found.add(
            "end-needs",
            Text(f"end: {end.end} には {key} が要ります。", f"end: {end.end} needs {key}."),
            Text(f"{key} を書いてください。", f"Write {key}."),
            at=at,
        )
    for key in sorted(given - needed - allowed):
        found.add(
            "end-extra",
            Text(f"end: {end.end} に {key} は使いません。", f"end: {end.end} does not take {key}."),
            Text(f"{key} を消すか、end を直してください。", f"Remove {key}, or correct the end."),
            at=(*at, key),
        )
    wanted: Mapping[EndKind, type[Any]] = {EndKind.BLANK: list, EndKind.REPLACE: dict}
    shape = wanted.get(end.end)
    if shape and end.columns is not None and (not isinstance(end.columns, shape) or not end.columns):
        found.add(
            "end-columns",
            Text("columns の書き方が違います。", "columns is not written in the expected form."),
            Text(
                "blank は [列, 列]、replace は {列: 値} と書きます。",
                "Write [column, column] for blank and {column: value} for replace.",
            ),
            at=(*at, "columns"),
        )


def _check_end_columns(found: Found, table: TablePart, kind: RequestKind, end: EndPart, *, at: Sequence[Step]) -> None:
    written = end_columns(end)
    _require_mapped(found, table, written, at=at)
    term = _TERM.fullmatch(end.until or "")
    if term:  # "5 years from paid_on" is computed by the run, so the column must be read
        _require_mapped(found, table, (term[1],), at=(*at, "until"))
    for column in written:
        if column in table.key or any(column in link.columns for link in table.links):
            found.add(
                "end-key",
                Text(
                    f"列 {column} は行を見つけるための列なので書き換えられません。",
                    f"The column {column} finds the row, so it cannot be written.",
                ),
                Text("別の列にするか、end: delete にしてください。", "Use another column, or end: delete."),
                at=at,
            )
        part = table.columns.get(column)
        rewrites = end.end in {EndKind.BLANK, EndKind.REPLACE} and kind in CORRECTING
        if rewrites and part is not None and part.value == Value.RECORD:
            found.add(
                "record-rewritten",
                Text(
                    f"列 {column} は記録なので訂正で書き換えられません。",
                    f"The column {column} is a record; a correction may not rewrite it.",
                ),
                Text("end: annotate で注記してください。", "Annotate it with end: annotate."),
                at=at,
            )


def _require_mapped(found: Found, table: TablePart, columns: Iterable[str], *, at: Sequence[Step]) -> None:
    for column in columns:
        if column not in table.columns and column not in table.key:
            found.add(
                "unmapped-column",
                Text(
                    f"列 {column} が columns に書かれていません。", f"The column {column} is not written under columns."
                ),
                Text(
                    "columns に足し、item か technical: yes を書いてください。",
                    "Add it to columns with an item or technical: yes.",
                ),
                at=at,
            )


_TERM: Final = re.compile(r"\s*\d{1,3}\s*years?\s+from\s+(\w+)\s*")

"""``daicho store sketch``: a first map drawn from the live shape, for an engineer to correct.

Names of columns say a good deal: what is guessed from them is marked ``# ?``. Nothing guessed can
change a row, because a sketch writes no ``on:``; a person reads it, corrects it, and says how rows end.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from daicho.register.writing import to_yaml
from daicho.stores.shape import ColumnType, Reference, StoreShape, TableShape
from daicho.stores.values import LOOKED_UP
from daicho.words.identity import WeakKind

#: Column name → identity kind; the first that matches. Parts of names join (family + given).
_KINDS: Final[tuple[tuple[re.Pattern[str], WeakKind], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"kana|furigana|yomi|フリガナ|ふりがな|カナ|かな|ヨミ|よみ", WeakKind.KANA),
        (r"e-?mail|メール", WeakKind.EMAIL),
        (r"^(tel|phone|mobile|telephone)|_(tel|phone|mobile)$|電話|携帯", WeakKind.PHONE),
        (r"birth|^dob$|生年月日|誕生日", WeakKind.BIRTH_DATE),
        (r"post(al)?_?code|^zip|郵便番号", WeakKind.POSTAL_CODE),
        (r"^(address|addr|street)|住所", WeakKind.ADDRESS),
        (
            r"^(name|full_?name|(family|last|given|first|sur)_?name|sei|mei|surname|person_name)$|^(氏名|姓名|名前|姓|名|お名前)$",
            WeakKind.NAME,
        ),
    )
)
_FAMILY_FIRST: Final = re.compile(r"family|last|sur|sei|姓", re.IGNORECASE)
_NUMBER: Final = re.compile(r"^(?P<who>[a-z]+)_(no|number|code)$", re.IGNORECASE)
_TECHNICAL: Final = re.compile(
    r"^id$|_id$|^(created|updated|deleted|modified)_(at|on|by)$|^(version|checksum|hash|uuid)$|作成日時|更新日時",
    re.IGNORECASE,
)
#: Words a policy usually uses for the items behind each kind; the first the policy knows is taken.
_ITEMS: Final[Mapping[WeakKind, tuple[str, ...]]] = {
    WeakKind.NAME: ("name",),
    WeakKind.KANA: ("kana", "name-kana", "name"),
    WeakKind.EMAIL: ("email", "e-mail", "mail-address"),
    WeakKind.PHONE: ("telephone", "phone", "phone-number"),
    WeakKind.BIRTH_DATE: ("birth-date", "birthday", "date-of-birth"),
    WeakKind.POSTAL_CODE: ("postal-code", "address"),
    WeakKind.ADDRESS: ("address",),
}
_COMBINATIONS: Final = (
    ("email", "name"), ("phone", "name", "birth_date"), ("phone", "name", "kana"), ("phone", "name"),
    ("name", "birth_date"), ("address", "name", "birth_date"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A map document as text, and the tables no way was found to."""

    text: str
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Table:
    value: dict[str, Any]
    guessed: list[str] = field(default_factory=list)


def sketch_map(
    shape: StoreShape, *, store: str, holdings: Sequence[str], items: Iterable[str], map_code: str | None = None
) -> Sketch:
    """Draw a map of every table that a person can be reached in, directly or through foreign keys.

    Args:
        holdings: register numbers kept in this store; the first stands for all until somebody says better.
        items: codes of the policy's items; empty = no policy yet, so the usual words are written.
    """
    known = frozenset(items)
    holding = holdings[0] if holdings else "H-000"
    direct = {name: found for name, seen in shape.tables.items() if (found := _identities(seen))}
    reached = _reached(shape, direct)
    tables = {
        name: _table(shape.tables[name], direct.get(name, []), reached[name], holding, known)
        for name in _in_order(reached)
    }
    text = to_yaml({"map": map_code or store, "store": store, "tables": tables})
    left_out = tuple(sorted(set(shape.tables) - set(reached)))
    return Sketch(text=_header(store, holdings, left_out) + _mark_guesses(text), left_out=left_out)


def _identities(seen: TableShape) -> list[dict[str, Any]]:
    """What in this table can name a person: numbers first, then the weak kinds; empty when nothing tells."""
    by_kind: dict[str, list[str]] = {}
    for column, shape in seen.columns.items():
        number = _NUMBER.match(column)
        if number and (column,) in seen.unique and shape.type in LOOKED_UP:
            by_kind.setdefault(f"number:{number['who'].lower()}", [column])
            continue
        kind = _kind_of(column)
        if kind is not None and shape.type in {ColumnType.TEXT, ColumnType.DATE} and _fits(kind, shape.type):
            if kind == WeakKind.NAME:
                by_kind.setdefault(kind, []).append(column)
            else:
                by_kind.setdefault(kind, [column])
    if WeakKind.NAME not in by_kind and WeakKind.KANA not in by_kind:
        return []
    if WeakKind.NAME in by_kind:
        by_kind[WeakKind.NAME] = _name_columns(by_kind[WeakKind.NAME])
    found = [_identity(str(kind), columns, seen) for kind, columns in by_kind.items()]
    return found if any(one.get("use", "lookup") == "lookup" for one in found) and _combinations(found) else []


def _kind_of(column: str) -> WeakKind | None:
    return next((kind for pattern, kind in _KINDS if pattern.search(column)), None)


def _fits(kind: WeakKind, type_: ColumnType) -> bool:
    return type_ == ColumnType.TEXT or kind == WeakKind.BIRTH_DATE


def _name_columns(columns: Sequence[str]) -> list[str]:
    whole = [
        column
        for column in columns
        if re.fullmatch(r"name|full_?name|person_name|氏名|姓名|名前|お名前", column, re.IGNORECASE)
    ]
    if whole:
        return whole[:1]
    return sorted(columns, key=lambda column: _FAMILY_FIRST.search(column) is None)


def _identity(kind: str, columns: list[str], seen: TableShape) -> dict[str, Any]:
    looked_up = len(columns) == 1 and (seen.scanned or seen.has_index_on(tuple(columns)))
    if kind in {WeakKind.NAME, WeakKind.KANA, WeakKind.BIRTH_DATE, WeakKind.POSTAL_CODE, WeakKind.ADDRESS}:
        looked_up = False
    return {"kind": kind, "columns": columns, **({} if looked_up else {"use": "confirm"})}


def _combinations(identities: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    kinds = [str(one["kind"]) for one in identities]
    numbers = [[kind] for kind in kinds if kind.startswith("number:")]
    weak = [list(one) for one in _COMBINATIONS if set(one) <= set(kinds)]
    return [*numbers, *weak[:3]]


def _reached(shape: StoreShape, direct: Mapping[str, object]) -> dict[str, list[Reference]]:
    """Tables with identities, and those whose foreign keys lead to one of them."""
    reached: dict[str, list[Reference]] = {name: [] for name in direct}
    grew = True
    while grew:
        grew = False
        for name, seen in shape.tables.items():
            if name in reached:
                continue
            ways = [one for one in seen.references if one.target in reached and one.target != name]
            if ways:
                reached[name] = ways[:1]
                grew = True
    return reached


def _in_order(reached: Mapping[str, Sequence[Reference]]) -> list[str]:
    ordered: dict[str, None] = {}

    def place(name: str) -> None:
        for one in reached[name]:
            place(one.target)
        ordered[name] = None

    for name in reached:
        place(name)
    return list(ordered)


def _table(
    seen: TableShape,
    identities: list[dict[str, Any]],
    ways: Sequence[Reference],
    holding: str,
    items: frozenset[str],
) -> dict[str, Any]:
    key = list(seen.primary_key) or [next(iter(seen.columns))]
    value: dict[str, Any] = {"holding": holding, "label": {"ja": seen.name, "en": seen.name}, "key": key}
    if identities:
        value["identities"] = identities
        value["identified_by"] = _combinations(identities)
    if ways:
        value["links"] = [
            {"columns": list(one.columns), "parent": one.target, "parent_columns": list(one.target_columns)}
            for one in ways
        ]
    bound = {column for one in seen.references for column in one.columns} | set(key)
    bound |= {column for one in identities if str(one["kind"]).startswith("number:") for column in one["columns"]}
    value["columns"] = {column: _column(column, column in bound, items) for column in seen.columns}
    return value


def _column(column: str, bound: bool, items: frozenset[str]) -> dict[str, Any]:  # noqa: FBT001 (one caller)
    if bound or _TECHNICAL.search(column):
        return {"technical": True}
    kind = _kind_of(column)
    if kind is not None:
        usual = _ITEMS[kind]
        return {"item": next((code for code in usual if code in items), "TODO" if items else usual[0])}
    return {"item": "TODO", "disclose": "review"}


def _mark_guesses(text: str) -> str:
    """``# ?`` behind what a person has to look at first."""
    return re.sub(r"^(.*\{item: TODO.*|    holding: .*)$", r"\1  # ?", text, flags=re.MULTILINE).replace(
        "item: TODO", "item: todo"
    )


def _header(store: str, holdings: Sequence[str], left_out: Sequence[str]) -> str:
    lines = [
        f"# A first map of {store}, drawn from its tables. Look at every line marked “# ?”:",
        f"#   holding  the row of the register each table belongs to ({', '.join(holdings) or 'none names this store yet'})",
        "#   item     the policy's code of what stands in the column, or technical: yes",
        "# Then say under on: how a row ends (docs/mapping-a-store.md), `daicho plan` it, and have it confirmed.",
    ]
    if left_out:
        lines.append(f"# No way to a person was found in: {', '.join(left_out)}")
    return "\n".join(lines) + "\n"

"""The register as a table: the rows with everything that is said of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from daicho.people.doors import DoorRequest
from daicho.people.rules import Role
from daicho.policy.language import Policy
from daicho.register.coverage import Gap, GapKind
from daicho.register.language import HoldingPart
from daicho.register.ledger import COLUMNS, names_of, say_cell
from daicho.register.queries import current_token, find_policy, list_gaps, list_holding_parts, list_stores
from daicho.register.reading import Rpd, StoreRef
from daicho.register.reviewing import Asked, Review, Row, folded, next_review_on, review_of
from daicho.words.text import Language, Text

#: Who comes to look: everybody who works with the register, and the heads of the departments in it.
READERS: Final = (
    Role.OFFICER, Role.SECRETARIAT, Role.ENGINEER, Role.DESK, Role.MY_NUMBER_HANDLER, Role.DEPARTMENT_HEAD,
)  # fmt: skip
#: Gaps whose ``what`` names a row of the register: ``organisation/number`` and perhaps ``: code``.
OF_A_ROW: Final = (
    GapKind.HOLDING_WITHOUT_RETENTION,
    GapKind.HOLDING_WITHOUT_MAP,
    GapKind.HELD_NOT_IN_POLICY,
)

RPD_WORDS: Final = {
    Rpd.YES: Text("保有個人データ", "retained personal data"),
    Rpd.NO: Text("非該当", "not retained personal data"),
    Rpd.ENTRUSTED: Text("受託", "entrusted to us"),
}
STATUS_WORDS: Final = {
    "active": Text("使用中", "in use"),
    "suspended": Text("停止", "suspended"),
    "disposed": Text("廃棄済", "disposed of"),
}
REVIEW_WORDS: Final = {
    Review.OVERDUE: Text("見直しの時期", "review due"),
    Review.SOON: Text("60日以内", "within 60 days"),
    Review.CALM: Text("見直し済み", "reviewed"),
    Review.ENDED: Text("廃棄済", "disposed of"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The register of the scope on a day. ``stores``: code → store; ``gaps``: all of them, also of no row."""

    rows: list[Row]
    policy: Policy | None
    stores: Mapping[str, StoreRef]
    gaps: list[Gap]
    names: Mapping[str, Any]

    def say(self, field: str, code: str) -> str:
        """A code in the policy's words."""
        name = self.names.get(field)
        return str(name(code)) if name else code


def read_table(request: DoorRequest) -> Table:
    """Every row the account may see."""
    door = request.door
    policy = find_policy(scope=door.scope, on=door.today)
    stores = {one.code: one for one in list_stores(scope=door.scope)}
    gaps = list_gaps(scope=door.scope, policy=policy)
    of_rows = defaultdict(set)
    for gap in gaps:
        if gap.kind in OF_A_ROW:
            of_rows[gap.what.partition(":")[0]].add(gap.kind)
    parts = list_holding_parts(scope=door.scope)
    said = _said(current_token(), policy, stores, parts)
    rows = [
        Row(
            part=part,
            cells=said[part.organisation, part.reg_no].cells[door.language],
            review=review_of(part, on=door.today),
            review_on=next_review_on(part),
            gaps=frozenset(of_rows[f"{part.organisation}/{part.reg_no}"]),
            searched=said[part.organisation, part.reg_no].searched,
        )
        for part in parts
    ]
    return Table(rows=rows, policy=policy, stores=stores, gaps=gaps, names=names_of(policy, stores, door.language))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one row says in each language, and all of it as it is searched."""

    cells: Mapping[Language, Mapping[str, str]]
    searched: str


@dataclass(slots=True)
class _Kept:
    """Words of rows for one state of the register under one policy."""

    token: str = ""
    policy: Policy | None = None
    rows: dict[tuple[str, str], _Said] = field(default_factory=dict)


_kept = [_Kept()]


def _said(
    token: str, policy: Policy | None, stores: Mapping[str, StoreRef], parts: Sequence[HoldingPart]
) -> Mapping[tuple[str, str], _Said]:
    """The words of the rows; they are worked out once for a state of the register, because most readers only look."""
    kept = _kept[0]
    if kept.token != token or kept.policy is not policy:
        kept = _kept[0] = _Kept(token, policy)
    names = {language: names_of(policy, stores, language) for language in Language}
    for part in parts:
        key = (part.organisation, part.reg_no)
        if key not in kept.rows:
            cells = {
                language: {
                    name: say_cell(getattr(part, name), names[language].get(name), language) for name, _ in COLUMNS
                }
                for language in Language
            }
            every = [
                *cells[Language.JA].values(),
                *cells[Language.EN].values(),
                *part.items,
                *part.purposes,
                part.store,
            ]
            kept.rows[key] = _Said(cells=cells, searched=folded(" ".join(every)))
    return kept.rows


def read_asked(request: DoorRequest) -> Asked:
    """The filters of the address."""
    given = request.GET
    return Asked(
        text=given.get("q", ""),
        organisation=given.get("organisation", ""),
        subject=given.get("subject", ""),
        store=given.get("store", ""),
        rpd=given.get("rpd", ""),
        status=given.get("status", ""),
        review=given.get("review", ""),
        gap=given.get("gap", ""),
        special=bool(given.get("special")),
        number=bool(given.get("number")),
        sort=given.get("sort", "reg_no"),
    )

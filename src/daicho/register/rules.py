"""Whether documents agree with each other and with the policy in force.

Facts in, findings out: no row, no file, no store.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from daicho.policy.language import Policy
from daicho.register.checks import Step
from daicho.register.compile import column_rule
from daicho.register.language import DocumentKind, HoldingPart, MapDocument, StoreDocument
from daicho.register.reading import PAPER, Disclose
from daicho.words.documents import Document
from daicho.words.errors import Problem
from daicho.words.text import Text


class Severity(StrEnum):
    """An error stops `apply`; advice is shown and does not."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFinding:
    """Something found while planning, at its place in a file."""

    severity: Severity
    problem: Problem


Single = StoreDocument | HoldingPart | MapDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One document of the plan: a store, one holding, or a map; ``steps`` lead to it in its file."""

    kind: DocumentKind
    model: Single
    document: Document
    steps: tuple[Step, ...] = ()

    @property
    def code(self) -> str:
        """Store code, register number, or map code."""
        match self.model:
            case StoreDocument():
                return self.model.store
            case HoldingPart():
                return self.model.reg_no
            case MapDocument():
                return self.model.map


#: How alike two codes must be for one to be a slip of the other (0 to 1).
NEAR: Final = 0.8

HoldingKey = tuple[str, str]  # organisation, register number


@dataclass(slots=True, kw_only=True)
class Contents:
    """A whole register: what is in force, or what would be after a plan."""

    stores: dict[str, StoreDocument] = field(default_factory=dict)
    holdings: dict[HoldingKey, HoldingPart] = field(default_factory=dict)
    maps: dict[str, MapDocument] = field(default_factory=dict)

    def put(self, model: Single) -> None:
        """Add or replace one document."""
        match model:
            case StoreDocument():
                self.stores[model.store] = model
            case HoldingPart():
                self.holdings[model.organisation, model.reg_no] = model
            case MapDocument():
                self.maps[model.map] = model

    def find_holdings(self, reference: str, store: StoreDocument) -> list[HoldingPart]:
        """The rows ``reference`` can mean: the store's own organisation first, ``organisation/number`` exactly."""
        organisation, slash, number = reference.rpartition("/")
        if slash:
            found = self.holdings.get((organisation, number))
            return [found] if found else []
        own = self.holdings.get((store.organisation, number))
        return [own] if own else [part for (_, reg_no), part in self.holdings.items() if reg_no == number]

    def holdings_of(self, document: MapDocument) -> dict[str, HoldingPart]:
        """Table → its holding, for a map whose references are all in order; KeyError otherwise."""
        store = self.stores[document.store]
        found = {name: self.find_holdings(table.holding, store) for name, table in document.tables.items()}
        if any(len(parts) != 1 for parts in found.values()):
            raise KeyError(document.map)
        return {name: parts[0] for name, parts in found.items()}


@dataclass(slots=True)
class Findings:
    """Collects findings; ``error`` and ``advise`` place them in a draft's file."""

    found: list[RegisterFinding] = field(default_factory=list)

    def error(self, code: str, message: Text, advice: Text, *, draft: Draft, at: Sequence[Step] = ()) -> None:
        """Note what stops `apply`."""
        self._add(Severity.ERROR, code, message, advice, draft, at)

    def advise(self, code: str, message: Text, advice: Text, *, draft: Draft, at: Sequence[Step] = ()) -> None:
        """Note what should be looked at."""
        self._add(Severity.ADVICE, code, message, advice, draft, at)

    def _add(
        self, severity: Severity, code: str, message: Text, advice: Text, draft: Draft, at: Sequence[Step]
    ) -> None:
        place = draft.document.place_of((*draft.steps, *at))
        problem = Problem(code=code, place=place, message=message, advice=advice)
        self.found.append(RegisterFinding(severity=severity, problem=problem))


def check_together(drafts: Iterable[Draft], after: Contents, policy: Policy | None) -> list[RegisterFinding]:
    """Check every draft against the register as it would be, and against the policy in force (None: none yet)."""
    findings = Findings()
    for draft in drafts:
        match draft.model:
            case StoreDocument():
                _check_store(findings, draft, draft.model, policy)
            case HoldingPart():
                _check_holding(findings, draft, draft.model, after, policy)
            case MapDocument():
                _check_map(findings, draft, draft.model, after, policy)
    return findings.found


def _check_store(findings: Findings, draft: Draft, store: StoreDocument, policy: Policy | None) -> None:
    if policy is not None:
        _require_code(
            findings, draft, _organisation, store.organisation, _codes(policy.organisations), ("organisation",)
        )


def store_unknown(findings: Findings, draft: Draft, store: str) -> None:
    """Note that the register has no such store; also said of another company's."""
    findings.error(
        "store-unknown",
        Text(f"保管先 {store} が台帳にありません。", f"The register has no store {store}."),
        Text("保管先の文書も一緒に適用してください。", "Apply the store's document together with it."),
        draft=draft,
        at=("store",),
    )


def _check_holding(
    findings: Findings, draft: Draft, holding: HoldingPart, after: Contents, policy: Policy | None
) -> None:
    if holding.store not in after.stores:
        store_unknown(findings, draft, holding.store)
    if holding.retention_period is None:
        findings.advise(
            "retention-missing",
            Text(f"{holding.reg_no} に保管期限がありません。", f"{holding.reg_no} has no retention period."),
            Text(
                "retention_period と retention_basis を書いてください。", "Write retention_period and retention_basis."
            ),
            draft=draft,
        )
    if policy is not None:
        _check_holding_codes(findings, draft, holding, policy)


def _check_holding_codes(findings: Findings, draft: Draft, holding: HoldingPart, policy: Policy) -> None:
    _require_code(findings, draft, _organisation, holding.organisation, _codes(policy.organisations), ("organisation",))
    subjects = _codes(policy.subjects)
    _require_code(findings, draft, _subject, holding.subject_category, subjects, ("subject_category",))
    for index, item in enumerate(holding.items):
        _require_code(findings, draft, _item, item, _codes(policy.items), ("items", index))
    for index, purpose in enumerate(holding.purposes):
        _require_code(findings, draft, _purpose, purpose, _codes(policy.purposes), ("purposes", index))
    parties = (
        ("entrusted_to", holding.entrusted_to, _codes(policy.entrustees), _entrustee),
        ("provided_to", holding.provided_to, _codes(policy.recipients), _recipient),
        ("joint_use", holding.joint_use, _codes(policy.joint_use), _joint_use),
    )
    for key, used, known, what in parties:
        for index, code in enumerate(used):
            _require_code(findings, draft, what, code, known, (key, index))
    if holding.subject_category in subjects:
        published = _codes(policy.purposes_of(holding.subject_category))
        for index, purpose in enumerate(holding.purposes):
            if purpose not in published and purpose in _codes(policy.purposes):
                findings.advise(
                    "purpose-unpublished",
                    Text(
                        f"利用目的 {purpose} は {holding.subject_category} について公表されていません（法第18条第1項）。",
                        f"The purpose {purpose} is not published for {holding.subject_category} (Art. 18(1)).",
                    ),
                    Text(
                        "方針に載せるか、台帳から外してください。",
                        "Publish it in the policy, or take it out of the register.",
                    ),
                    draft=draft,
                    at=("purposes", index),
                )
    _check_flags(findings, draft, holding, policy)


def _check_flags(findings: Findings, draft: Draft, holding: HoldingPart, policy: Policy) -> None:
    flags = {item.code: item for item in policy.items}
    special = [code for code in holding.items if code in flags and flags[code].special_care]
    numbers = [code for code in holding.items if code in flags and flags[code].individual_number]
    for codes, said, key, name in (
        (special, holding.sensitive, "sensitive", Text("要配慮個人情報", "special-care-required items")),
        (numbers, holding.spi, "spi", Text("特定個人情報", "Individual Numbers")),
    ):
        if codes and not said:
            findings.error(
                f"{key}-unsaid",
                Text(
                    f"{holding.reg_no} は{name.ja}（{', '.join(codes)}）を含むのに {key}: yes がありません。",
                    f"{holding.reg_no} holds {name.en} ({', '.join(codes)}) without {key}: yes.",
                ),
                Text(f"{key}: yes を書いてください。", f"Write {key}: yes."),
                draft=draft,
            )


def _check_map(findings: Findings, draft: Draft, document: MapDocument, after: Contents, policy: Policy | None) -> None:
    store = after.stores.get(document.store)
    if store is None:
        store_unknown(findings, draft, document.store)
        return
    if store.kind == PAPER:
        findings.error(
            "map-of-paper",
            Text("紙の保管先に対応表は要りません。", "A paper store needs no map."),
            Text("台帳（holdings）にだけ書いてください。", "Write it in the holdings only."),
            draft=draft,
            at=("store",),
        )
        return
    rivals = sorted(
        code for code, other in after.maps.items() if other.store == document.store and code != document.map
    )
    if rivals:
        findings.error(
            "store-mapped-twice",
            Text(
                f"保管先 {document.store} には対応表 {rivals[0]} もあります。",
                f"{document.store} also has the map {rivals[0]}.",
            ),
            Text("一つの対応表にまとめてください。", "Write one map for the whole store."),
            draft=draft,
            at=("store",),
        )
    for name in document.tables:
        _check_table(findings, draft, name, after, store, policy)


def _check_table(
    findings: Findings, draft: Draft, name: str, after: Contents, store: StoreDocument, policy: Policy | None
) -> None:
    document = draft.model
    if not isinstance(document, MapDocument):
        return
    table = document.tables[name]
    # What another organisation holds elsewhere is none of this store's, and is not spoken of.
    found = after.find_holdings(table.holding, store)
    parts = [one for one in found if one.organisation == store.organisation or one.store == store.store]
    at = ("tables", name, "holding")
    if len(parts) != 1:
        several = len(parts) > 1
        findings.error(
            "holding-ambiguous" if several else "holding-unknown",
            Text(f"台帳番号 {table.holding} は複数あります。", f"Several holdings have the number {table.holding}.")
            if several
            else Text(f"台帳に {table.holding} がありません。", f"The register has no holding {table.holding}."),
            Text("組織コード/番号 の形で書いてください。", "Write organisation/number.")
            if several
            else Text("holdings に足すか、番号を直してください。", "Add it to the holdings, or correct the number."),
            draft=draft,
            at=at,
        )
        return
    holding = parts[0]
    if holding.store != store.store:
        findings.error(
            "holding-elsewhere",
            Text(
                f"{table.holding} の保管先は {holding.store} で、{store.store} ではありません。",
                f"{table.holding} is held in {holding.store}, not in {store.store}.",
            ),
            Text(
                "台帳の行を保管先ごとに分けるか、番号を直してください。",
                "Give each store its own row of the register, or correct the number.",
            ),
            draft=draft,
            at=at,
        )
    _check_column_items(findings, draft, name, holding, policy)


def _check_column_items(
    findings: Findings, draft: Draft, name: str, holding: HoldingPart, policy: Policy | None
) -> None:
    table = draft.model.tables[name] if isinstance(draft.model, MapDocument) else None
    known = _codes(policy.items) if policy else None
    numbers = {item.code for item in policy.items if item.individual_number} if policy else set()
    missing: dict[str, list[str]] = {}
    for column, part in table.columns.items() if table else ():
        if part.item and part.item not in holding.items and (known is None or part.item in known):
            missing.setdefault(part.item, []).append(column)
        at = ("tables", name, "columns", column)
        if part.item and known is not None:
            _require_code(findings, draft, _item, part.item, known, (*at, "item"))
        if part.item in numbers and column_rule(column, part).disclose == Disclose.YES:
            findings.error(
                "individual-number-shown",
                Text(
                    f"列 {column} は個人番号なのに示す指定です。",
                    f"The column {column} is an Individual Number and would be shown.",
                ),
                Text(
                    "disclose: withhold と ground か、disclose: review を書いてください。",
                    "Write disclose: withhold with a ground, or disclose: review.",
                ),
                draft=draft,
                at=at,
            )
    for item, columns in missing.items():
        names = ", ".join(columns)
        findings.advise(
            "item-not-held",
            Text(
                f"項目 {item}（列 {names}）は台帳 {holding.reg_no} の items にありません。",
                f"The item {item} (columns {names}) is not among the items of {holding.reg_no}.",
            ),
            Text("台帳に足すか、列の item を直してください。", "Add it to the holding, or correct the columns' item."),
            draft=draft,
            at=("tables", name, "columns", columns[0], "item"),
        )


_organisation: Final = Text("組織", "organisation")
_subject: Final = Text("本人の区分", "subject category")
_item: Final = Text("項目", "item")
_purpose: Final = Text("利用目的", "purpose")
_entrustee: Final = Text("委託先", "entrustee")
_recipient: Final = Text("提供先", "recipient")
_joint_use: Final = Text("共同利用", "joint use")


def _codes(rows: Iterable[object]) -> frozenset[str]:
    return frozenset(str(row.code) for row in rows if hasattr(row, "code"))


def _require_code(
    findings: Findings, draft: Draft, what: Text, code: str, known: frozenset[str], at: Sequence[Step]
) -> None:
    """A code the policy lists. One that is nearly a listed one is a slip; any other is a gap of the policy.

    What is really held may go into the register although the policy is silent: hiding it would close no gap.
    """
    if code in known:
        return
    near = difflib.get_close_matches(code, known, n=1, cutoff=NEAR)
    if near or what is _organisation:
        listed = near[0] if near else ", ".join(sorted(known))
        findings.error(
            "policy-code",
            Text(f"方針に{what.ja} {code} はありません。", f"The policy has no {what.en} {code}."),
            Text(f"{listed} ではありませんか。", f"Did you mean {listed}?"),
            draft=draft,
            at=at,
        )
        return
    findings.advise(
        "not-in-policy",
        Text(
            f"方針に{what.ja} {code} はありません。公表されていないものを扱うことになります。",
            f"The policy has no {what.en} {code}: what is not published would be handled.",
        ),
        Text(
            "方針に足して公表するか、扱いをやめてください。",
            "Add it to the policy and publish it, or stop handling it.",
        ),
        draft=draft,
        at=at,
    )

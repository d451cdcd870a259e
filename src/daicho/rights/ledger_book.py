"""受付簿を読む: a year's book as it is shown, printed and approved, with the rows brought over from before."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from django.db.models import QuerySet

from daicho.keys.queries import ring
from daicho.letters.house import House
from daicho.letters.ledger import LedgerBook, LedgerRow
from daicho.people.queries import list_accounts, readable
from daicho.policy.queries import revision_at
from daicho.rights.access import DESK
from daicho.rights.dossier import local_day
from daicho.rights.house import house_of
from daicho.rights.ledger import ledger_rows
from daicho.rights.models import LedgerApproval, LedgerImport, PastRequest, SubjectRequest
from daicho.rights.past import PastRow, past_ledger_rows
from daicho.rights.queries import walk_ledger
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

#: What is not part of what is approved: who asked, and the approval itself.
_LEFT_OUT: Final = frozenset({"requester", "approved_on", "complaint"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalView:
    """The newest approval of a year. ``changed``: rows that are new or other than approved; ``gone``: rows no longer there."""

    by: str
    at: datetime
    digest: str
    changed: frozenset[str]
    gone: frozenset[str]

    @property
    def stands(self) -> bool:
        """Whether the ledger is still what was approved."""
        return not self.changed and not self.gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A year's book. ``claims``: company → claims addressed to it; ``digests``: row → digest; ``digest`` of all."""

    paper: LedgerBook
    claims: Mapping[str, int]
    digests: Mapping[str, str]
    digest: str
    approval: ApprovalView | None


def read_book(year: int, codes: Sequence[str], *, names: bool, language: Language, scope: Scope, at: datetime) -> Book:
    """The book of a calendar year, by day of arrival; an approval is looked for when it is one company's.

    Raises:
        NotFoundError: no policy is in force for it.
    """
    house = book_house(codes, at.date())
    accounts = {account.code: account.display_name for account in list_accounts(scope=scope)}
    rows: list[LedgerRow] = []
    claims: Counter[str] = Counter()
    for one in walk_ledger(year, scope=scope, organisations=frozenset(codes), names=names):
        rows += ledger_rows(one, house=house, deciders=accounts)
        claims.update(dict.fromkeys(one.addressed, len(one.claims)))
    rows += [
        row for ref, past in list_past(year, codes, scope=scope) for row in past_ledger_rows(ref, past, names=names)
    ]
    digests = {row_key(row): row_digest(row) for row in rows}
    approval = _approval(year, codes[0], digests, accounts) if len(codes) == 1 else None
    if approval is not None:
        on = local_day(approval.at)
        rows = [row if row_key(row) in approval.changed else replace(row, approved_on=on) for row in rows]
    paper = replace(
        empty_paper(year, house=house, language=language, on=at.date()),
        rows=tuple(rows),
        approved_by=Text(approval.by, approval.by) if approval else None,
        approved_on=local_day(approval.at) if approval else None,
        changed_since=approval is not None and not approval.stands,
    )
    whole = hashlib.sha256(json.dumps(sorted(digests.items())).encode()).hexdigest()
    return Book(paper=paper, claims=claims, digests=digests, digest=whole, approval=approval)


def empty_paper(year: int, *, house: House, language: Language, on: date) -> LedgerBook:
    """The book of a year before anything is written in it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return LedgerBook(house=house, language=language, period_from=first, period_to=last, printed_on=on)


def book_house(codes: Sequence[str], on: date) -> House:
    """The company whose book it is; for several, the parent of their group if it is one of them."""
    policy = revision_at(codes[0], on).policy
    return house_of(policy, policy.group.parent if policy.group.parent in codes else codes[0])


def row_key(row: LedgerRow) -> str:
    """What a row is called in an approval."""
    return f"{row.request_no}/{row.kind}/{row.arrived_on}"


def row_digest(row: LedgerRow) -> str:
    """Of everything a row says but who asked, and of no approval."""
    said = {one.name: _plain(getattr(row, one.name)) for one in fields(row) if one.name not in _LEFT_OUT}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:24]


def _plain(value: object) -> Any:
    if isinstance(value, Text):
        return [value.ja, value.en]
    if isinstance(value, Enum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _approval(
    year: int, organisation: str, digests: Mapping[str, str], accounts: Mapping[str, str]
) -> ApprovalView | None:
    row = LedgerApproval.objects.filter(organisation=organisation, year=year).order_by("-pk").first()
    if row is None:
        return None
    return ApprovalView(
        by=accounts.get(row.approved_by, row.approved_by),
        at=row.approved_at,
        digest=row.digest,
        changed=frozenset(key for key, digest in digests.items() if row.rows.get(key) != digest),
        gone=frozenset(row.rows.keys() - digests.keys()),
    )


def list_past(
    year: int, codes: Collection[str], *, scope: Scope, refs: Collection[str] | None = None
) -> list[tuple[str, PastRow]]:
    """Rows of the year that were brought over, with their references; ``refs``: only these."""
    rows = past_requests(year, codes, scope=scope).order_by("arrived_on", "pk")
    if refs is not None:
        rows = rows.filter(ref__in=refs)
    opened = ring()
    return [
        (row.ref, PastRow.from_plain(json.loads(opened.unseal(bytes(row.facts), bound_to=f"past:{row.ref}"))))
        for row in rows
    ]


def past_requests(year: int, codes: Collection[str], *, scope: Scope) -> QuerySet[PastRequest]:
    """The rows behind `list_past`."""
    return PastRequest.objects.filter(organisation__in=readable(scope, DESK) & set(codes), arrived_on__year=year)


def years_of(codes: Collection[str], *, today: date) -> list[int]:
    """Every year from the first that has anything to this one, newest first; years with nothing too."""
    starts = [
        found
        for found in (
            SubjectRequest.objects.filter(organisation__in=codes)
            .order_by("arrived_on")
            .values_list("arrived_on", flat=True)
            .first(),
            PastRequest.objects.filter(organisation__in=codes)
            .order_by("arrived_on")
            .values_list("arrived_on", flat=True)
            .first(),
        )
        if found is not None
    ]
    first = min((one.year for one in starts), default=today.year)
    return list(range(today.year, min(first, today.year - 2) - 1, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """One import, with how many rows it brought."""

    ref: str
    rows: int
    refused: int
    by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str


def list_imports(organisation: str, *, scope: Scope) -> list[ImportView]:
    """Imports of an organisation's old ledger, newest first."""
    if organisation not in readable(scope, DESK):
        return []
    return [
        ImportView(
            ref=row.ref,
            rows=row.rows,
            refused=row.refused,
            by=row.imported_by,
            at=row.imported_at,
            undone_at=row.undone_at,
            undone_by=row.undone_by,
        )
        for row in LedgerImport.objects.filter(organisation=organisation).order_by("-pk")
    ]

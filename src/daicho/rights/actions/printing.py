"""帳票: papers whose printing is itself an act that the trail tells."""

from datetime import date, datetime

from django.db import transaction

from daicho.letters.house import HouseStyle
from daicho.letters.ledger import LedgerBook
from daicho.letters.ledger_workbook import ledger_workbook
from daicho.letters.press import render
from daicho.people.queries import list_accounts
from daicho.policy.queries import revision_at
from daicho.rights.actions.issuing import OutFile
from daicho.rights.case import house_of
from daicho.rights.ledger import LedgerRequest, ledger_rows
from daicho.rights.queries import list_ledger
from daicho.trail.acts import Acts
from daicho.words.scope import Scope
from daicho.words.text import Language


def export_ledger(
    year: int, *, organisation: str = "", names: bool = True, language: Language, scope: Scope, at: datetime
) -> tuple[list[OutFile], int]:
    """開示等請求受付簿 of a calendar year, by day of arrival, as Excel and PDF; returns (files, rows).

    Args:
        organisation: only requests addressed to it; empty for all of the scope in one book.
        names: whether it says who asked; a copy that leaves the desk does not.

    Raises:
        NotFoundError: the organisation is foreign, or no policy is in force for it.
    """
    if organisation:
        scope.require(organisation)
    codes = [organisation] if organisation else sorted(scope.organisations)
    house = _house(codes, at.date())
    deciders = {account.code: account.display_name for account in list_accounts(scope=scope)}
    with transaction.atomic():
        requests = list_ledger(year, scope=scope, organisations=frozenset(codes), names=names)
        book = LedgerBook(
            house=house,
            language=language,
            period_from=date(year, 1, 1),
            period_to=date(year, 12, 31),
            printed_on=at.date(),
            rows=tuple(row for one in requests for row in ledger_rows(one, house=house, deciders=deciders)),
        )
        name = "-".join(["request-ledger", str(year), *([organisation] if organisation else [])])
        files = [
            OutFile(name=f"{name}.xlsx", content=ledger_workbook(book)),
            OutFile(name=f"{name}.pdf", content=render(book).pdf),
        ]
        acts = Acts(actor=scope.actor, at=at)
        for code in codes:
            acts.add("ledger.exported", organisation=code, year=year, rows=_rows_of(requests, code))
        acts.write()
    return files, len(book.rows)


def _house(codes: list[str], on: date) -> HouseStyle:
    """The company whose book it is; for several, the parent of their group if it is one of them."""
    policy = revision_at(codes[0], on).policy
    return house_of(policy, policy.group.parent if policy.group.parent in codes else codes[0])


def _rows_of(requests: list[LedgerRequest], organisation: str) -> int:
    return sum(len(one.claims) for one in requests if organisation in one.addressed)

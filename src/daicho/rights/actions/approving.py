"""受付簿の承認: the officer approves a year's ledger as it stands; what changes afterwards shows."""

from datetime import datetime

from django.db import transaction

from daicho.people.queries import require_role
from daicho.people.rules import Role
from daicho.rights.ledger_book import read_book
from daicho.rights.models import LedgerApproval, LedgerImport
from daicho.rights.queries import ledger_requests
from daicho.trail.acts import Acts
from daicho.words.errors import NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Language, Text


def approve_ledger(year: int, organisation: str, *, seen: str, scope: Scope, at: datetime) -> None:
    """Approve the ledger of one company and year, also of a year without a request.

    Args:
        seen: the digest of the ledger that the approver has before them.

    Raises:
        NotAllowedError: the approver is no officer there, kept part of the ledger themselves, or it has
            changed since they looked.
    """
    scope.require(organisation)
    require_role(scope, organisation, [Role.OFFICER])
    with transaction.atomic():
        book = read_book(year, [organisation], names=False, language=Language.JA, scope=scope, at=at)
        if _kept_by(year, organisation, scope=scope):
            raise NotAllowedError(
                Text(
                    "ご自身が受け付けた請求、又は移行した行を含む受付簿は、承認できません。",
                    "The ledger holds requests you registered, or rows you brought over.",
                ),
                advice=Text("別の個人情報保護管理者に承認を頼んでください。", "Ask another officer to approve it."),
            )
        if book.digest != seen:
            raise NotAllowedError(
                Text("見ていた受付簿から変わっています。", "The ledger has changed since you looked."),
                advice=Text(
                    "画面を読み込み直し、内容を確かめてから承認してください。",
                    "Reload the page, look, and approve then.",
                ),
            )
        LedgerApproval.objects.create(
            organisation=organisation,
            year=year,
            digest=book.digest,
            rows=dict(book.digests),
            approved_by=scope.actor,
            approved_at=at,
        )
        acts = Acts(actor=scope.actor, at=at)
        acts.add("ledger.approved", organisation=organisation, year=year, rows=len(book.digests), digest=book.digest)
        acts.write()


def _kept_by(year: int, organisation: str, *, scope: Scope) -> bool:
    """Whether somebody wrote part of what they would approve."""
    requests = ledger_requests(year, scope=scope, organisations=frozenset({organisation}))
    brought = LedgerImport.objects.filter(
        organisation=organisation, imported_by=scope.actor, undone_at=None, entries__arrived_on__year=year
    )
    return requests.filter(registered_by=scope.actor).exists() or brought.exists()

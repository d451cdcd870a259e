"""Rows of this room within the caller's reach, and who may do what with them."""

from collections.abc import Sequence
from datetime import date

from daicho.law.papers import Masked
from daicho.people.queries import require_role, roles_of
from daicho.people.rules import may_act
from daicho.policy.language import Policy
from daicho.policy.queries import find_revision_at
from daicho.post.models import Envelope, Scan
from daicho.post.papers import Reason, areas_of
from daicho.rights.access import DESK
from daicho.rights.rules import DocumentKind, Of
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text


def lock_envelope(number: str, *, scope: Scope) -> Envelope:
    """The envelope, locked for this transaction.

    Raises:
        NotFoundError: not within the scope; a foreign envelope does not exist for the caller.
        NotAllowedError: the caller does not work at the desk.
    """
    row = Envelope.objects.select_for_update().filter(number=number, organisation__in=scope.organisations).first()
    if row is None:
        raise no_envelope()
    require_role(scope, row.organisation, DESK)
    return row


def lock_scan(ref: str, *, scope: Scope) -> Scan:
    """A scan that still has its pages, locked for this transaction; raises as `lock_envelope`."""
    row = Scan.objects.select_for_update().filter(ref=ref, organisation__in=scope.organisations).first()
    if row is None:
        raise no_scan()
    require_role(scope, row.organisation, DESK)
    if row.destroyed_at is not None:
        raise NotAllowedError(
            Text("この写しは消去されています。", "This scan is destroyed."),
            advice=Text("必要なら、紙からもう一度読み取ってください。", "If it is needed, scan the paper again."),
        )
    return row


def no_envelope() -> NotFoundError:
    """There is no such envelope for the caller."""
    return NotFoundError(
        Text("その封筒はありません。", "There is no such envelope."),
        advice=Text("郵便物の一覧で番号を確かめてください。", "See its number in the list of post."),
    )


def no_scan() -> NotFoundError:
    """There is no such scan for the caller."""
    return NotFoundError(
        Text("その写しはありません。", "There is no such scan."),
        advice=Text("封筒または請求の画面から開いてください。", "Open it from its envelope or request."),
    )


def organisations_of_desk(scope: Scope) -> Sequence[str]:
    """The organisations in which the caller works at the desk.

    Raises:
        NotAllowedError: in none.
    """
    found = [one for one in sorted(scope.organisations) if may_act(roles_of(scope.actor, one), DESK)]
    if not found:
        raise NotAllowedError(
            Text("窓口の役割がありません。", "You do not work at the desk."),
            advice=Text("窓口の担当者が行ってください。", "Let somebody from the desk do it."),
        )
    return found


def asked_of(row: Scan, policy: Policy | None) -> Sequence[Masked]:
    """The parts of a scan that must be unreadable, by the policy of the day it came and by what was read on its pages."""
    coded = any(page.codes or any(box["reason"] == Reason.QR_CODE for box in page.boxes) for page in row.pages.all())
    day = row.uploaded_at.date()
    return areas_of(DocumentKind(row.kind), row.paper, Of(row.of), policy, on=day, coded=coded)


def policy_on(organisation: str, on: date) -> Policy | None:
    """The policy that binds an organisation on a day; None before its first."""
    found = find_revision_at(organisation, on)
    return found.policy if found else None

"""照合: two scans looked at side by side by a human, and what was found."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from daicho.post.access import lock_scan
from daicho.post.models import Comparison
from daicho.post.papers import Finding, checks_for, require_findings
from daicho.trail.acts import Acts
from daicho.words.errors import InputError
from daicho.words.scope import Scope
from daicho.words.text import Text


def compare_scans(left: str, right: str, findings: Mapping[str, str], *, scope: Scope, at: datetime) -> str:
    """Record what a comparison found (desk practice 12); returns its reference.

    Raises:
        InputError: the same scan twice, scans of different requests or of none, or a check without an answer.
    """
    with transaction.atomic():
        one, other = (lock_scan(ref, scope=scope) for ref in (left, right))
        if one.pk == other.pk or not one.request or one.request != other.request:
            raise InputError(
                Text("同じ請求の、別々の写しを比べます。", "Compare two different scans of one request."),
                advice=Text("写しを請求に綴じてから選んでください。", "File both scans to the request first."),
            )
        checks = require_findings(checks_for(one.paper, other.paper), findings)
        row = Comparison.objects.create(
            ref=f"C-{secrets.token_hex(6)}",
            organisation=one.organisation,
            request=one.request,
            left=one.ref,
            right=other.ref,
            checks=checks,
            compared_by=scope.actor,
            compared_at=at,
        )
        acts = Acts(actor=scope.actor, at=at)
        acts.add(
            "scans.compared",
            organisation=row.organisation,
            request=row.request,
            left=row.left,
            right=row.right,
            differs=sum(1 for found in checks.values() if found != Finding.AGREES),
        )
        acts.write()
    return row.ref

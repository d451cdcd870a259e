"""検索依頼票: stores that people search are asked, and answer."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from daicho.keys.queries import ring as open_ring
from daicho.people.queries import require_role
from daicho.runs.access import SLIP_KEEPERS
from daicho.runs.models import SearchSlip
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Text


def _act(event: str, scope: Scope, at: datetime, organisation: str, **facts: object) -> None:
    acts = Acts(actor=scope.actor, at=at)
    acts.add(event, organisation=organisation, **facts)
    acts.write()


def issue_slips(
    owner: str, stores: Mapping[str, date], *, task: str, organisation: str, at: datetime, acts: Acts
) -> list[str]:
    """検索依頼票: ask the departments of ``stores`` (store → due day). One slip a store and task; asking twice is harmless.

    Runs inside the caller's transaction.
    """
    known = set(SearchSlip.objects.filter(owner=owner, task=task).values_list("store", flat=True))
    slips = [
        SearchSlip(
            ref=f"S-{secrets.token_hex(5)}",
            organisation=organisation,
            owner=owner,
            store=store,
            task=task,
            issued_by=acts.actor,
            issued_at=at,
            due_on=due_on,
        )
        for store, due_on in stores.items()
        if store not in known
    ]
    SearchSlip.objects.bulk_create(slips)
    for slip in slips:
        acts.add("slip.issued", organisation=organisation, slip=slip.ref, owner=owner, store=slip.store, task=task)
    return [slip.ref for slip in slips]


SLIP_ANSWERS: Mapping[str, frozenset[str]] = {
    "search": frozenset({"found", "none"}),
    "act": frozenset({"done", "kept"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Why a department keeps what it found: the law, as it is to be printed, and the last day."""

    law: str
    until: date


def answer_slip(
    ref: str,
    *,
    answer: str,
    count: int,
    searcher: str,
    kept: Kept | None = None,
    correct: bool = False,
    scope: Scope,
    at: datetime,
) -> SearchSlip:
    """Record what the department answered: who searched, found or none, done or kept.

    ``kept``: on what law, and until when; ``kept`` is no answer without it (Art. 36: the reason is told).
    ``correct``: put an earlier answer right; both stay in the trail.

    Raises:
        InputError: an answer that does not fit the slip, or ``found`` with no number.
    """
    with transaction.atomic():
        slip = SearchSlip.objects.select_for_update().filter(ref=ref, organisation__in=scope.organisations).first()
        if slip is None:
            raise NotFoundError(
                Text(f"検索依頼票 {ref} はありません。", f"There is no search slip {ref}."),
                advice=Text("番号を確かめてください。", "Check the number printed on the slip."),
            )
        require_role(scope, slip.organisation, SLIP_KEEPERS)
        allowed = SLIP_ANSWERS[slip.task]
        if answer not in allowed or (slip.task == "search" and (answer == "found") != (count > 0)):
            raise InputError(
                Text(
                    f"この票の回答は {', '.join(sorted(allowed))} のどれかで、件数は found のときだけ書きます。",
                    f"This slip is answered with one of {', '.join(sorted(allowed))}, a number goes with found only.",
                ),
                advice=Text("回答を直してください。", "Correct the answer."),
            )
        if (answer == "kept") != (kept is not None) or (kept and not kept.law.strip()):
            raise InputError(
                Text("保存するときは、根拠の法令と期限が要ります。", "What is kept is kept on a law and until a day."),
                advice=Text(
                    "「保存（根拠あり）」と答えるときだけ、根拠の法令と期限を書いてください。",
                    "Give the law and the day when the answer is “kept, on a law”, and only then.",
                ),
            )
        if slip.answer and not correct:
            raise NotAllowedError(
                Text(f"検索依頼票 {ref} は回答済みです。", f"The slip {ref} has been answered."),
                advice=Text(
                    "前の回答が誤りなら、訂正として記録し直してください。",
                    "If that was wrong, record it again as a correction.",
                ),
            )
        slip.answer, slip.count = answer, count
        slip.law, slip.until = (kept.law.strip()[:120], kept.until) if kept else ("", None)
        slip.answered_by, slip.answered_at = scope.actor, at
        slip.searcher = open_ring().seal(searcher.encode(), bound_to=f"slip:{ref}")
        slip.save(update_fields=["answer", "count", "law", "until", "answered_by", "answered_at", "searcher"])
        _act(
            "slip.answered",
            scope,
            at,
            slip.organisation,
            slip=ref,
            owner=slip.owner,
            store=slip.store,
            answer=answer,
            count=count,
        )
    return slip

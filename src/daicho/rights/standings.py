"""Where claims stand that were carried out: what became of their rows, and what keeps them open. Reads only."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.rights.missed import late_answers
from daicho.rights.models import Claim
from daicho.rights.reopening import may_reopen
from daicho.rights.rules import ClaimState
from daicho.runs.queries import list_outcomes, list_slips
from daicho.runs.rules import OPEN_FATES, Fate
from daicho.words.scope import Scope

Outcome = list[dict[str, Any]]
STOPS: Final = frozenset({RequestKind.SUSPEND_USE, RequestKind.STOP_PROVISION})


def outcomes_of(claims: Sequence[Claim], *, scope: Scope) -> dict[str, Outcome]:
    """Claim number → what became of its rows (`daicho.runs.queries.outcomes_for`); a run is read once."""
    found = list_outcomes({claim.run for claim in claims if claim.run}, scope=scope)
    return {claim.number: found.get(claim.run, {}).get(claim.number, []) for claim in claims}


def left_fates(kind: str) -> frozenset[Fate]:
    """Fates that keep a claim of this kind open.

    A stop is remembered and enforced in `consent` whether or not a table has a column for it, so
    there only rows that wait count; otherwise an ending that was asked for and not reached does too.
    """
    return frozenset({Fate.WAITING}) if kind in STOPS else OPEN_FATES


def still_open(claims: Sequence[Claim], outcomes: Mapping[str, Outcome], *, scope: Scope) -> dict[str, list[str]]:
    """Claim number → what keeps it from being answered, as codes with their place (`daicho.rights.saying.say_left`)."""
    unanswered: dict[str, list[str]] = {}
    late = late_answers([claim for claim in claims if _waits_for_its_answer(claim)], scope=scope)
    for slip in list_slips(owners=[claim.number for claim in claims], scope=scope):
        if not slip.answer:
            unanswered.setdefault(slip.owner, []).append(f"slip:{slip.store}")
    return {
        claim.number: [
            f"{one['fate']}:{one['store']}.{one['table']}"
            for one in outcomes[claim.number]
            if one["fate"] in left_fates(claim.kind)
        ]
        + unanswered.get(claim.number, [])
        + [f"late:{store}" for store in late.get(claim.number, ())]
        for claim in claims
    }


def _waits_for_its_answer(claim: Claim) -> bool:
    """Whether the claim was decided, is not answered, and what was found for it since can still change the decision."""
    state = ClaimState(claim.state)
    return state in {ClaimState.NOT_HELD, ClaimState.READING_BACK} and may_reopen(state, RequestKind(claim.kind))

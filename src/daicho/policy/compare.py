"""比較  What differs between two policies, and what each difference obliges to.

Pure. A machine cannot tell whether a new purpose is reasonably related to the old one, so a policy
says it (``changed_from``); where it does not, the difference is left to a human and treated as
unrelated until then.
"""

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final

from daicho.policy.language import Policy
from daicho.policy.rules import changes, changes_outside, changes_procedure
from daicho.policy.rules.changes import Difference, Kind
from daicho.policy.rules.duties import Duty, Moment, duties
from daicho.words.text import Text

_WORDING: Final = Text("文言", "wording")

__all__ = ["Difference", "Kind", "PolicyChange", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """A difference with its duties, cited by the law of ``on``."""

    difference: Difference
    duties: tuple[Duty, ...]
    on: date

    @property
    def human(self) -> bool:
        """Whether somebody must decide first what the change is."""
        return any(duty.moment is Moment.DECIDE for duty in self.duties)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        difference = self.difference
        return {
            "area": difference.area,
            "code": difference.code,
            "kind": difference.kind.value,
            "what": difference.what.as_dict(),
            "before": difference.before.as_dict() if difference.before else None,
            "after": difference.after.as_dict() if difference.after else None,
            "human": self.human,
            "duties": [
                {
                    "code": duty.code,
                    "when": duty.moment.value,
                    "words": duty.words.as_dict(),
                    "citations": [
                        {
                            "edition": citation.edition,
                            "number": citation.number,
                            "text": citation.text.as_dict(),
                            "provenance": citation.provenance.value,
                        }
                        for citation in duty.citations(on=self.on)
                    ],
                }
                for duty in self.duties
            ],
        }


def compare(old: Policy, new: Policy, *, on: date) -> list[PolicyChange]:
    """Every difference from ``old`` to ``new``, with what it obliges to by the law of ``on``.

    A duty none of whose rows is in force that day is left out. Clause numbers are not compared:
    they number sentences for the company's own use.
    """
    old, new = _without_clauses(old), _without_clauses(new)
    found = chain(
        changes.purposes(old, new),
        changes.collection(old, new),
        changes_outside.recipients(old, new),
        changes_outside.entrustees(old, new),
        changes_outside.joint_use(old, new),
        changes_outside.organisations(old, new),
        changes_procedure.requests(old, new),
        changes_procedure.keeping(old, new),
        changes_procedure.contacts(old, new),
        changes_procedure.statements(old, new),
        changes_procedure.dates(old, new),
    )
    differences = list(found)
    if not differences and old.digest != new.digest:
        differences = [Difference(area="policy", code="wording", kind=Kind.CHANGED, what=_WORDING)]
    return [
        PolicyChange(
            difference=difference,
            duties=tuple(duty for duty in duties(difference.duties) if duty.citations(on=on)),
            on=on,
        )
        for difference in differences
    ]


def _without_clauses(policy: Policy) -> Policy:
    return Policy.model_validate(_stripped(policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)))


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stripped(inner) for key, inner in value.items() if key != "clauses"}
    return [_stripped(inner) for inner in value] if isinstance(value, list) else value

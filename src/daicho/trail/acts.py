"""The acts of one transaction, written to the trail together as its last step.

Writing locks the head of the chain; whoever collects first and writes once, last, holds that lock
for the shortest time and always takes it after every other lock.
"""

from datetime import datetime

from daicho.trail.actions import Act, record_many


class Acts:
    """Collects entries; `write` appends them in the order they were added."""

    def __init__(self, *, actor: str, at: datetime) -> None:
        self.actor = actor
        self.at = at
        self._acts: list[Act] = []

    def add(self, event: str, *, organisation: str, **facts: object) -> None:
        """Remember one act of this transaction."""
        self._acts.append(Act(event=event, actor=self.actor, at=self.at, organisation=organisation, facts=facts))

    def take(self, others: "Acts") -> None:
        """Add what somebody else did in the same transaction."""
        self._acts += others._acts  # noqa: SLF001 (another of our own kind)

    def write(self) -> None:
        """Append everything remembered; call it last in the transaction."""
        if self._acts:
            record_many(self._acts)
            self._acts = []

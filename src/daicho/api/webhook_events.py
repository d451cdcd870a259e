"""Which events of the trail a webhook may be told of."""

from typing import Final

from daicho.trail.events import EVENTS

#: The event of a test message; it stands in no trail.
TEST: Final = "webhook.test"


def is_told(event: str) -> bool:
    """Every event of the trail, but those of webhooks: a failed message must not make another."""
    return event in EVENTS and not event.startswith("webhook.")

"""The one clock of the web door: Asia/Tokyo; in a rehearsal ``DAICHO_AT`` sets it."""

import os
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

TOKYO: Final = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """Now, aware."""
    named = os.environ.get("DAICHO_AT", "")
    if named and (settings.WORKSPACE.rehearsal or os.environ.get("DAICHO_TESTING")):
        found = datetime.fromisoformat(named)
        return found if found.tzinfo else found.replace(tzinfo=TOKYO)
    return datetime.now(TOKYO)  # noqa: TID251 (the web door's clock)

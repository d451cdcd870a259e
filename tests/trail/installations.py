"""Real installations in a folder, on SQLite and on PostgreSQL, that other processes can open too."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WRITER = Path(__file__).with_name("writer.py")

_MAKE = """
import django; django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
from daicho.keys.actions import initialise
from daicho.trail.actions import record
call_command("migrate", verbosity=0)
initialise(actor="system:installer", at=datetime(2026, 11, 5, tzinfo=UTC), record=record)
"""

_JUDGE = """
import io, json
import django; django.setup()
from datetime import UTC, datetime
from daicho.keys.queries import public_keys
from daicho.people.models import Account
from daicho.trail.actions import make_checkpoint
from daicho.trail.models import TrailEntry
from daicho.trail.queries import export
from daicho.trail.verification import verify
at = datetime(2026, 11, 5, tzinfo=UTC)
make_checkpoint(actor="officer-01", at=at)
lines = []
export(lines.append, at=at)
found = verify(lines, public_keys())
entries = TrailEntry.objects.filter(event="account.created")
print(json.dumps({
    "findings": [one.harm for one in found.findings], "entries": found.entries,
    "accounts": sorted(Account.objects.values_list("code", flat=True)),
    "recorded": sorted(entries.values_list("about", flat=True)),
}))
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """A workspace with its database and keys."""

    environment: Mapping[str, str]

    @staticmethod
    def make(folder: Path, database: str = "") -> "Installation":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DAICHO_")}
        environment |= {
            "DAICHO_WORKSPACE": str(folder),
            "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
            "PYTHONPATH": "src",
        }
        if database:
            environment["DAICHO_DATABASE_URL"] = database
        made = Installation(environment)
        made.run(_MAKE)
        return made

    def run(self, program: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program], env=dict(self.environment), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def judge(self) -> dict[str, Any]:
        """Sign, export, verify, and compare acts with entries."""
        found: dict[str, Any] = json.loads(self.run(_JUDGE))
        return found

    def writers(self, names: Sequence[str], count: int) -> list[subprocess.Popen[str]]:
        """Processes that all begin to write at the same moment."""
        started = [
            subprocess.Popen(
                [sys.executable, str(WRITER), name, str(count)],
                env=dict(self.environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for name in names
        ]
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n", one.communicate()[1]
        for one in started:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        return started

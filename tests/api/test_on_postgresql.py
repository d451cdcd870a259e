"""The API and the web door with PostgreSQL as Daicho's own database: the same tests, in a process with that setting."""

import os
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.postgres import postgres_server  # noqa: F401 (a fixture)

ROOT = Path(__file__).parents[2]
#: From the envelope to the answer, calls sent twice, scans, offers, and what many processes count together.
TOLD_ANEW = (
    "tests/api/test_operations.py::test_a_disclosure_from_the_envelope_to_the_answer",
    "tests/api/test_operations.py::test_lists_go_on_by_cursor",
    "tests/api/test_operations.py::test_a_batch_is_submitted_once",
    "tests/api/test_operations.py::test_candidates_are_compared_by_a_human",
    "tests/api/test_gate.py",
    "tests/api/test_scans.py::test_a_scan_from_the_upload_to_the_paper_of_a_request",
    "tests/api/test_ledgers.py::test_an_old_ledger_is_looked_at_taken_and_undone",
    "tests/api/test_letters.py",
    "tests/api/test_offers.py",
    "tests/people/test_rates.py",
    "tests/people/test_who_keeps_whom.py",
    "tests/portal/test_journeys.py",
)
_VENDOR = "import django; django.setup(); from django.db import connection; print(connection.vendor)"


@pytest.fixture
def environment(postgres_server: str) -> Mapping[str, str]:  # noqa: F811
    """As a shell that names a PostgreSQL; the tests' runner makes its own database there, and drops it."""
    address = urlunsplit(urlsplit(postgres_server)._replace(path=f"/daicho_{uuid.uuid4().hex[:16]}"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAICHO_", "PYTEST_"))}
    settings = {"DJANGO_SETTINGS_MODULE": "daicho.site.settings", "DAICHO_TESTING": "1"}
    return kept | settings | {"DAICHO_DATABASE_URL": address}


def _run(environment: Mapping[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], env=dict(environment), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_a_request_goes_its_way_on_postgresql(environment: Mapping[str, str]):
    assert _run(environment, "-c", _VENDOR) == "postgresql\n"
    said = _run(environment, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *TOLD_ANEW)
    assert " passed" in said
    assert "skipped" not in said

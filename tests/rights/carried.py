"""What the forks of `tests.rights.forks` do: build a desk with approved claims, carry one out, die, look."""

import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KINDS: Mapping[str, dict[str, Any]] = {
    "erase": {"kind": "erase", "basis": "no_longer_needed"},
    "correction": {"kind": "correction", "values": {"address": "名古屋市東区泉9-9-9"}},
    "stop_provision": {"kind": "stop_provision"},
    "disclosure": {"kind": "disclosure"},
}


def build() -> dict[str, str]:
    """Kind → claim, each approved and not yet carried out, in the workspace of this fork."""
    from django.conf import settings
    from django.core.management import call_command

    from daicho.rights.actions.deciding import decide_claim
    from daicho.rights.actions.searching import search_request
    from daicho.rights.rules import ClaimState
    from daicho.site.wiring import open_store
    from tests.rights.two_stores import open_two

    call_command("migrate", verbosity=0)
    desk = open_two(settings.WORKSPACE.folder)
    claims = {}
    for name, claim in KINDS.items():
        number = desk.verified(claim, fee=500 if name == "disclosure" else 0)
        search_request(number, by_name=False, scope=desk.clerk, at=desk.at, open_store=open_store)
        decide_claim(f"{number}-1", ClaimState.APPROVED, scope=desk.officer, at=desk.at)
        claims[name] = f"{number}-1"
    _close()
    return claims


class Recorder:
    """Names every step that is told, in order, and does something at one of them.

    A statement to the application's database is a step too (``sql``), and every point within a
    store's own change (``store:…``).
    """

    def __init__(self, at: int | None, act: str) -> None:
        self.steps: list[str] = []
        self._at, self._act = at, act

    def step(self, name: str, *, done: int = 0, total: int = 0) -> None:
        del done, total
        if len(self.steps) == self._at:
            self._happen()
        self.steps.append(name)

    def _happen(self) -> None:
        if self._act == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self._act == "interrupt":
            raise KeyboardInterrupt
        if self._act == "wait":
            Path("reached").touch()
            while not Path("go").exists():
                time.sleep(0.01)

    def around_sql(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        self.step("sql")
        return execute(sql, params, many, context)

    def open_store(self, ref: Any) -> Any:
        from daicho.site.wiring import open_store

        store = open_store(ref)
        store.on_step = lambda name: self.step(f"store:{name}")  # type: ignore[attr-defined]
        return store


def carry(numbers: list[str], *, at: int | None = None, act: str = "kill", look_too: bool = False) -> dict[str, Any]:
    """Carry claims out; at step number ``at`` do ``act``. Steps told, states, or the code of the error."""
    from django.db import connection

    from daicho.people.queries import get_actor
    from daicho.rights.actions.carrying import carry_out
    from daicho.words.errors import DaichoError
    from tests.rights.desk import AT

    recorder = Recorder(at, act)
    scope = get_actor("clerk", at=AT)
    with connection.execute_wrapper(recorder.around_sql):
        try:
            done = carry_out(
                numbers,
                scope=scope,
                at=AT,
                open_store=recorder.open_store,
                folder=Path("files").absolute(),
                progress=recorder,
            )
        except KeyboardInterrupt:
            return {"steps": recorder.steps, "error": "interrupted"}
        except DaichoError as error:
            return {"steps": recorder.steps, "error": error.code}
    seen = look() if look_too else None
    _close()
    return {
        "steps": recorder.steps,
        "error": "",
        "seen": seen,
        "states": {one.number: str(one.state) for one in done},
        "open": [left for one in done for left in one.still_open],
        "outcome": [
            [one["store"], one["table"], one["fate"], one["found"], one["changed"], one["read_back"]]
            for claim in done
            for one in claim.outcome
        ],
    }


def submit_batch(*, at: int | None = None) -> dict[str, Any]:
    """Submit three verified requests together; at step number ``at`` die. What each claim is now."""
    from django.db import connection

    from daicho.people.queries import get_actor
    from daicho.rights.actions.submitting import submit
    from daicho.rights.intake import Intake
    from tests.rights.desk import AT, HANAKO, ICHIRO, ORGANISATION

    recorder = Recorder(at, "kill")
    ichiro = ICHIRO | {"numbers": {"customer": "2"}, "emails": [], "phones": []}
    intakes = [
        Intake.model_validate({"addressed": [ORGANISATION], "person": person, "claims": [KINDS[kind]]})
        for person, kind in ((HANAKO, "erase"), (ichiro, "correction"), (ichiro, "stop_provision"))
    ]
    with connection.execute_wrapper(recorder.around_sql):
        done = submit(
            intakes,
            scope=get_actor("clerk", at=AT),
            decider=get_actor("boss", at=AT),
            at=AT,
            open_store=recorder.open_store,
            folder=Path("files").absolute(),
            progress=recorder,
        )
    _close()
    return {"steps": recorder.steps, "claims": {number: str(state) for number, state in done.claims.items()}}


def interrupt_then_carry(claim: str, at: int) -> list[dict[str, Any]]:
    """Ctrl-C at one step, then the same call again in the same process."""
    return [carry([claim], at=at, act="interrupt"), carry([claim]), look()]


def look() -> dict[str, Any]:
    """What stands in the application's database."""
    from daicho.consent.models import Correction, Stop
    from daicho.people.queries import get_actor
    from daicho.rights.models import Claim
    from daicho.runs.models import DataFile, Run, RunStore
    from daicho.trail.models import TrailEntry
    from tests.rights.desk import AT

    get_actor("clerk", at=AT)
    found = {
        "events": Counter(TrailEntry.objects.filter(event__startswith="run.").values_list("event", flat=True)),
        "claims": dict(Claim.objects.values_list("number", "state")),
        "runs": list(Run.objects.values("ref", "done", "holder", "owners")),
        "stores": list(RunStore.objects.values_list("store", "state", "reason")),
        "intents": sum(bool(bytes(intent)) for intent in RunStore.objects.values_list("intent", flat=True)),
        "stops": Stop.objects.count(),
        "corrections": Correction.objects.count(),
        "files": DataFile.objects.count(),
    }
    _close()
    return found


def verify_trail() -> list[str]:
    """Findings of the trail's own verification."""
    from daicho.keys.queries import public_keys
    from daicho.trail.actions import make_checkpoint
    from daicho.trail.queries import export
    from daicho.trail.verification import verify
    from tests.rights.desk import AT

    make_checkpoint(actor="boss", at=AT)
    lines: list[bytes] = []
    export(lines.append, at=AT)
    return [one.harm for one in verify(lines, public_keys()).findings]


def _close() -> None:
    from django.db import connections

    from daicho.site.wiring import close_all

    close_all()
    connections.close_all()

"""保管先の点検  Whether a store answers, is still what its map was checked on, and lets us in as its map needs.

A driver can hang longer than a person waits, so the questions are put in a thread of their own and
the answer is waited for; a store that is still being asked is not asked again.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daicho.register.actions import assert_unchanged
from daicho.register.live import OpenStore
from daicho.register.queries import find_active_map, list_maps
from daicho.register.reading import ActiveMap, StoreRef
from daicho.stores.plan import Act, Change
from daicho.stores.port import Capability, Store
from daicho.words.errors import DaichoError, StoreError
from daicho.words.scope import Scope
from daicho.words.text import Text

TIMEOUT: Final = 8.0
_asked: set[str] = set()
_lock = threading.Lock()


class Step(StrEnum):
    """What is looked at, in this order."""

    READ = "read"
    UNCHANGED = "unchanged"
    WRITE = "write"


STEP_WORDS: Final = {
    Step.READ: Text("読取り用の資格情報で応答", "answers the reading credentials"),
    Step.UNCHANGED: Text("対応表の確認時から変化なし", "unchanged since its map was checked"),
    Step.WRITE: Text("変更用の資格情報で応答", "answers the credentials for changes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One question: ``error`` None = it is well; ``note`` says why it was not asked."""

    step: Step
    error: DaichoError | None = None
    note: Text | None = None

    @property
    def words(self) -> Text:
        """What was asked."""
        return STEP_WORDS[self.step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What one look at a store found; ``steps`` is empty for paper."""

    store: str
    paper: bool
    steps: tuple[Seen, ...] = ()

    @property
    def error(self) -> DaichoError | None:
        """The first thing wrong."""
        return next((one.error for one in self.steps if one.error), None)


def check_store(ref: StoreRef, *, scope: Scope, open_store: OpenStore, timeout: float = TIMEOUT) -> Health:
    """Ask a store how it is; never raises for what a store does."""
    if ref.is_paper:
        return Health(store=ref.code, paper=True)
    code = next((one.code for one in list_maps(scope=scope) if one.store == ref.code), None)
    active = find_active_map(code) if code else None  # rows are read here: the thread below has no database
    return Health(store=ref.code, paper=False, steps=tuple(_within(ref, active, open_store, timeout)))


def _within(ref: StoreRef, active: ActiveMap | None, open_store: OpenStore, timeout: float) -> Sequence[Seen]:
    with _lock:
        if ref.code in _asked:
            return [Seen(step=Step.READ, error=_slow(ref, timeout))]
        _asked.add(ref.code)
    answers: queue.SimpleQueue[Sequence[Seen]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(_ask(lambda: open_store(ref), active))
        finally:
            with _lock:
                _asked.discard(ref.code)

    threading.Thread(target=ask, daemon=True, name=f"health-{ref.code}").start()
    try:
        return answers.get(timeout=timeout)
    except queue.Empty:
        return [Seen(step=Step.READ, error=_slow(ref, timeout))]


def _ask(opening: Callable[[], Store], active: ActiveMap | None) -> Sequence[Seen]:
    found: list[Seen] = []
    step = Step.READ
    try:
        store = opening()
        store.inspect(tuple(active.mapped_columns)[:1] if active else None)
        found.append(Seen(step=step))
        step = Step.UNCHANGED
        if active is None:
            found.append(Seen(step=step, note=Text("有効な対応表がありません", "no map is in force")))
            return found
        assert_unchanged(active, store)
        found.append(Seen(step=step))
        step = Step.WRITE
        if Capability.CHANGE not in store.capabilities or not active.changes_rows:
            found.append(Seen(step=step, note=Text("変更しない保管先です", "nothing is changed in it")))
            return found
        # Reading no row back goes through the connections for changes, and changes nothing.
        store.read_back(active.plan, [Change(table=active.plan.tables[0].name, act=Act.DELETE, keys=())])
        found.append(Seen(step=step))
    except DaichoError as error:
        found.append(Seen(step=step, error=error))
    return found


class SlowStoreError(StoreError):
    """It did not answer while somebody was waiting."""

    code = "store-slow"
    retry = True


def _slow(ref: StoreRef, timeout: float) -> DaichoError:
    return SlowStoreError(
        Text(
            f"保管先 {ref.code} から {timeout:.0f} 秒以内に応答がありません。",
            f"The store {ref.code} did not answer within {timeout:.0f} seconds.",
        ),
        advice=Text(
            "ネットワークと保管先の状態を確かめ、少し待ってからもう一度点検してください。",
            "See to the network and the store, wait a little, and check again.",
        ),
    )

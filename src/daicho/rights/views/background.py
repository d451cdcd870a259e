"""Long work on a request goes on in a thread of this process; the page asks how far it is.

A thread that dies with its process harms nothing: a search has written nothing yet, and a run goes on
from its intent with the next call. What the screen is told stands in a row of its own.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from time import monotonic
from traceback import format_tb
from typing import Any, Final, cast

from django.db import connections

from daicho.people.doors import DoorRequest
from daicho.register.reading import StoreRef
from daicho.rights.actions.watching import begin_work, end_work, note_step
from daicho.stores.port import Store
from daicho.words.errors import DaichoError, StoreError
from daicho.words.text import Text
from daicho.work.progress import Progress

OpenStore = Callable[[StoreRef], Store]
Doing = Callable[[Progress, OpenStore], object]

#: Seconds between two words to the screen.
_PACE: Final = 0.4
_ASKS: Final = frozenset({"inspect", "look_up", "follow", "read", "change", "read_back"})
_log = logging.getLogger(__name__)


def start(request: DoorRequest, number: str, task: str, doing: Doing, *, stores: Iterable[str] = ()) -> None:
    """Begin work on a request of the door's scope, and come back at once.

    Args:
        stores: codes of those that will be asked, so that the page shows them from the start.

    Raises:
        NotAllowedError: the same work is going on, or the account does not work at the desk.
    """
    waiting = {code: {"step": "waiting", "rows": 0} for code in stores}
    key = begin_work(number, task, told=waiting, scope=request.door.scope, at=request.door.at)
    launch(partial(_work, Told(key, request.door.open_store, waiting), doing))


def launch(work: Callable[[], None]) -> None:
    """Run it in a thread; tests run it where they are."""
    threading.Thread(target=partial(_alone, work), name="daicho-work", daemon=True).start()


def _alone(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connections.close_all()


def _work(told: "Told", doing: Doing) -> None:
    try:
        doing(told, told.open_store)
    except DaichoError as error:
        end_work(told.key, told=told.stores, trouble=error)
    except Exception as error:  # noqa: BLE001 (the outermost loop of the thread: nobody else would tell)
        # the frames without the error's words: those may hold a person's value
        _log.error("work %s stopped: %s\n%s", told.key, type(error).__name__, "".join(format_tb(error.__traceback__)))
        end_work(told.key, told=told.stores, trouble=_unknown(error))
    else:
        end_work(told.key, told=told.stores)


def _unknown(error: Exception) -> DaichoError:
    return DaichoError(
        Text("Daicho の中で誤りが起きました。", "Something went wrong inside Daicho."),
        advice=Text(
            f"もう一度実行してください。続くときは、時刻と {type(error).__name__} を管理者に伝えてください。",
            f"Start it again. If it goes on, tell an officer the time and {type(error).__name__}.",
        ),
    )


class Told:
    """Progress of one work: which store is asked what, and how far the whole is."""

    def __init__(self, key: int, opened: OpenStore, stores: dict[str, dict[str, Any]]) -> None:
        self.key = key
        self.stores = stores
        self._open = opened
        self._step, self._done, self._total = "", 0, 0
        self._told_at = 0.0

    def step(self, name: str, *, done: int = 0, total: int = 0) -> None:
        """The work itself tells where it is."""
        self._step, self._done, self._total = name, done, total
        self._tell(soon=True)

    def open_store(self, ref: StoreRef) -> Store:
        """The store, which tells what it is asked from now on."""
        self.note(ref.code, "open")
        try:
            store = self._open(ref)
        except DaichoError:  # no answer, or no driver or secret for it
            self.note(ref.code, "trouble")
            raise
        return cast("Store", _Heard(store, self))

    def note(self, store: str, what: str, rows: int = 0) -> None:
        """A store was asked something, or answered with so many rows."""
        for code, one in self.stores.items():
            if code != store and one["step"] not in {"waiting", "trouble"}:
                one["step"] = "answered"
        known = self.stores.setdefault(store, {"step": what, "rows": 0})
        known["step"] = what
        known["rows"] += rows
        self._tell(soon=what == "trouble")

    def _tell(self, *, soon: bool) -> None:
        if soon or monotonic() - self._told_at >= _PACE:
            self._told_at = monotonic()
            note_step(self.key, step=self._step, done=self._done, total=self._total, told=self.stores)


class _Heard:
    """A store whose questions are told; everything else is the store's own."""

    def __init__(self, store: Store, told: Told) -> None:
        self._store = store
        self._told = told

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return partial(self._ask, name, found) if name in _ASKS else found

    def _ask(self, name: str, found: Callable[..., Any], *args: Any, **more: Any) -> Any:
        self._told.note(self._store.code, name)
        try:
            answer = found(*args, **more)
        except StoreError:
            self._told.note(self._store.code, "trouble")
            raise
        if name == "read":
            return self._stream(answer)
        self._told.note(self._store.code, name, rows=len(answer) if name == "look_up" and _sized(answer) else 0)
        return answer

    def _stream(self, records: Iterator[Any]) -> Iterator[Any]:
        try:
            for record in records:
                yield record
                self._told.note(self._store.code, "read", rows=1)
        except StoreError:
            self._told.note(self._store.code, "trouble")
            raise


def _sized(answer: object) -> bool:
    return isinstance(answer, Sequence)

"""Connections that stay open between calls."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

C = TypeVar("C")


class Pool(Generic[C]):
    """Lends each connection to one caller at a time; opens another when all are lent.

    ``usable``: whether a connection that was lying here can be lent (asked before lending,
    must not cost a round trip). ``clean``: whether one that comes back is in no transaction;
    otherwise it is closed. A forked child never uses its parent's connections.
    """

    def __init__(
        self,
        connect: Callable[[], C],
        *,
        usable: Callable[[C], bool],
        clean: Callable[[C], bool],
        close: Callable[[C], None],
        keep: int = 4,
    ) -> None:
        self._connect = connect
        self._usable = usable
        self._clean = clean
        self._close = close
        self._keep = keep
        self._idle: list[C] = []
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._generation = 0
        self._inherited: list[C] = []  # a forked child must not even collect its parent's connections

    @contextmanager
    def lend(self) -> Iterator[C]:
        """A connection for the time of one block."""
        connection, generation = self._take()
        try:
            yield connection
        finally:
            self._give_back(connection, generation)

    def clear(self) -> None:
        """Close what lies here; what is lent is closed when it comes back."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._generation += 1
        for connection in idle:
            self._close(connection)

    def _take(self) -> tuple[C, int]:
        while True:
            with self._lock:
                if self._process != os.getpid():
                    self._inherited += self._idle
                    self._idle, self._process = [], os.getpid()
                generation = self._generation
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._connect(), generation
            if self._usable(connection):
                return connection, generation
            self._close(connection)

    def _give_back(self, connection: C, generation: int) -> None:
        if self._clean(connection):
            with self._lock:
                if generation == self._generation and len(self._idle) < self._keep:
                    self._idle.append(connection)
                    return
        self._close(connection)

"""How long work tells where it is. The door decides how that is shown; tests stop it there."""

from typing import Protocol


class Progress(Protocol):
    """Told at every step of long work. Whatever it raises stops the work exactly there."""

    def step(self, name: str, *, done: int = 0, total: int = 0) -> None:
        """``name`` is a stable code (``"run.intended"``); counts are rows, people or stores."""


class Silent:
    """Shows nothing."""

    def step(self, name: str, *, done: int = 0, total: int = 0) -> None:
        """Nothing."""


SILENT = Silent()

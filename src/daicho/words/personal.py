"""Values about living people stay wrapped until somebody says why they are opened."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Personal(Generic[T]):
    """A value about a person, unreadable in logs, errors and reprs.

    ``kind`` names what it is (``"address"``), never what it says.
    """

    _value: T
    kind: str

    def __repr__(self) -> str:
        return f"<personal {self.kind}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def reveal(self, *, purpose: str) -> T:
        """Return the value; ``purpose`` says, to the reader of the code, why it is opened here."""
        if not purpose:
            raise ValueError("a purpose is needed to open a personal value")
        return self._value

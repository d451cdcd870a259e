"""写し: what this room knows of the scans that lie with a request.

Scans are kept by a room above (`daicho.post`), which says here how they stand when the program starts. Only what
the case needs is asked: is one of them still to be looked at, and is it one of the request's papers already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedPaper:
    """A scan that was not destroyed. ``document``: the paper it was recorded as, or empty.

    ``waits``: parts of it must be unreadable, and nobody has looked whether they are.
    """

    ref: str
    name: Text
    of: Text
    waits: bool
    document: str

    @property
    def can_be_recorded(self) -> bool:
        """Whether it may be recorded as one of the request's papers now."""
        return not self.waits and not self.document


Reader = Callable[[str], Sequence[ScannedPaper]]
_READERS: Final[list[Reader]] = []


def read_scans_with(reader: Reader) -> None:
    """Name what finds the scans of a request by its number; once, when the program starts."""
    if reader not in _READERS:
        _READERS.append(reader)


def scans_of(number: str) -> Sequence[ScannedPaper]:
    """The scans filed to a request, oldest first. The caller has checked that the request may be seen."""
    return [scan for reader in _READERS for scan in reader(number)]

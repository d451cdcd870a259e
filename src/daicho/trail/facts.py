"""What a fact of an entry may be. Nothing here has room for a sentence, a name or an address."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from daicho.trail.chain import Fact

MAX_COUNT: Final = 2**53 - 1
MAX_CODES: Final = 100

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
#: Begins with a letter: a telephone or customer number is not a reference, and an address has an @.
_REFERENCE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-./:#_][A-Za-z0-9]+){0,12}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MAX_REFERENCE: Final = 100


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact: ``read`` returns the value to write, or None for what is not of this kind."""

    name: str
    read: Callable[[object], Fact | None]
    required: bool = True

    @property
    def optional(self) -> "FactKind":
        """The same kind, which an entry may leave out."""
        return FactKind(self.name, self.read, required=False)


def _code(value: object) -> Fact | None:
    return str(value) if isinstance(value, str) and _CODE.fullmatch(value) else None


def _reference(value: object) -> Fact | None:
    good = isinstance(value, str) and len(value) <= _MAX_REFERENCE and _REFERENCE.fullmatch(value)
    return str(value) if good else None


def _digest(value: object) -> Fact | None:
    return value if isinstance(value, str) and _DIGEST.fullmatch(value) else None


def _count(value: object) -> Fact | None:
    return value if type(value) is int and 0 <= value <= MAX_COUNT else None


def _flag(value: object) -> Fact | None:
    return value if isinstance(value, bool) else None


def _day(value: object) -> Fact | None:
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else None


def _codes(value: object) -> Fact | None:
    if not isinstance(value, list | tuple) or len(value) > MAX_CODES:
        return None
    codes = [str(one) for one in value if _code(one) is not None]
    return codes if len(codes) == len(value) else None


CODE: Final = FactKind("code", _code)  # a word of a closed list or of the policy
REF: Final = FactKind("reference", _reference)  # the opaque number of a row
DIGEST: Final = FactKind("digest", _digest)  # SHA-256 of a document; never of an identity
COUNT: Final = FactKind("count", _count)
FLAG: Final = FactKind("flag", _flag)
DAY: Final = FactKind("day", _day)
CODES: Final = FactKind("codes", _codes)

"""Decides whether a row is the person's, from what the row holds and what was verified.

No row is proof because it was found: spouses share a mailbox, homonyms a name. A row is the
person's when every kind of one declared combination agrees and no telling kind (name, reading,
birth date) disagrees; everything else that was found is a candidate for a human
(desk practice 2). Reading rows is the caller's business; see `daicho.runs.resolve`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from daicho.words.identity import TELLING, fold, is_strong
from daicho.words.text import Text

Identities = Mapping[str, tuple[str, ...]]


class Verdict(StrEnum):
    """Whose row it is."""

    MATCHED = "matched"
    CANDIDATE = "candidate"


class Doubt(StrEnum):
    """Why a row is only a candidate."""

    DISAGREES = "disagrees"  # a name, reading or birth date says otherwise
    UNCONFIRMED = "unconfirmed"  # too little agrees
    OTHER_NUMBER = "other_number"  # the row carries another strong number than the person's
    TWO_NUMBERS = "two_numbers"  # two rows match, each with its own strong number
    FAR = "far"  # it agrees, but the chain of rows that led there is too long


DOUBT_WORDS: Final[Mapping[Doubt, Text]] = {
    Doubt.DISAGREES: Text("氏名・読み・生年月日のどれかが一致しない", "a name, reading or birth date disagrees"),
    Doubt.UNCONFIRMED: Text("一致するものが足りない", "too little agrees"),
    Doubt.OTHER_NUMBER: Text("別の番号を持つ", "it carries another number"),
    Doubt.TWO_NUMBERS: Text("一致する記録が二つの番号に分かれる", "matching rows carry two numbers"),
    Doubt.FAR: Text("たどった記録が長すぎる", "the chain that led here is too long"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with what agreed, what disagreed, and why in doubt."""

    verdict: Verdict
    agreeing: frozenset[str]
    disagreeing: frozenset[str]
    doubt: Doubt | None = None


def judge(
    row: Mapping[str, str | None],
    sought: Mapping[str, Collection[str]],
    identified_by: Sequence[frozenset[str]],
    *,
    folding: Callable[[str, str], str] = fold,
) -> Judgement:
    """Compare one row's identities with the person's.

    Args:
        row: kind → what the row holds (None or empty when it holds nothing).
        sought: kind → every value known to be the person's, former names included, folded
            (`daicho.words.identity.fold`).
        identified_by: combinations of kinds that identify; an empty list identifies nobody.
        folding: `fold`, or one that remembers what it folded while a batch is judged.
    """
    agreeing, disagreeing = set(), set()
    for kind, value in row.items():
        wanted = sought.get(kind)
        folded = folding(kind, value) if value and wanted else ""
        if not wanted or not folded:  # a dash for a telephone number says nothing
            continue
        if folded in wanted:
            agreeing.add(kind)
        elif kind in TELLING or is_strong(kind):
            disagreeing.add(kind)
    return _judgement(frozenset(agreeing), frozenset(disagreeing), tuple(identified_by))


@lru_cache(maxsize=1024)
def _judgement(
    agreeing: frozenset[str], disagreeing: frozenset[str], identified_by: tuple[frozenset[str], ...]
) -> Judgement:
    """Kinds only, no value of a person: the rows of a batch agree in few ways, so few are ever made."""
    doubt = _doubt(agreeing, disagreeing, identified_by)
    return Judgement(
        verdict=Verdict.CANDIDATE if doubt else Verdict.MATCHED,
        agreeing=agreeing,
        disagreeing=disagreeing,
        doubt=doubt,
    )


def _doubt(
    agreeing: frozenset[str], disagreeing: frozenset[str], identified_by: Iterable[frozenset[str]]
) -> Doubt | None:
    if disagreeing & TELLING:
        return Doubt.DISAGREES
    if disagreeing:
        return Doubt.OTHER_NUMBER
    if any(kinds and kinds <= agreeing for kinds in identified_by):
        return None
    return Doubt.UNCONFIRMED

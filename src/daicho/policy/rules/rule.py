"""What a rule is: an id that is never reused, the rows of law behind it, and a pure search."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from daicho.law.citations import Citation, DatedNumber
from daicho.law.editions import BY_KEY, Family
from daicho.policy.language import Policy, Promise
from daicho.words.text import Text

Steps = tuple[str | int, ...]

#: Standards bind who follows them: their rows count only for a page that cites the standard.
STANDARDS: Final = frozenset({Family.JIS, Family.JIPDEC})


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"  # the page says what the law forbids
    GAP = "gap"  # the page does not say what the law or the cited standard asks for
    ADVICE = "advice"  # it could mislead or cost trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a rule looks at: a policy, and the day by whose law it is judged."""

    policy: Policy
    on: date

    @property
    def follows_jis(self) -> bool:
        """Whether the page cites JIS Q 15001, or its company holds the mark."""
        return bool(self.policy.handling.cites) or self.policy.privacy_mark is not None

    def steps_of(self, promise: Promise) -> Steps:
        """Where a promise stands, or the statements when nobody made it."""
        statements = self.policy.statements
        places: list[tuple[Steps, tuple[Promise, ...]]] = [
            (("statements", "preamble", index), tuple(one.promise for one in paragraph.promises))
            for index, paragraph in enumerate(statements.preamble)
        ]
        for number, section in enumerate(statements.sections):
            places += [
                (
                    ("statements", "sections", number, "paragraphs", index),
                    tuple(one.promise for one in paragraph.promises),
                )
                for index, paragraph in enumerate(section.paragraphs)
            ]
        return next((steps for steps, made in places if promise in made), ("statements",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where a rule found something: what is wrong, and what to write instead.

    ``severity`` and ``sources``: instead of the rule's own.
    """

    steps: Steps
    wrong: Text
    write: Text
    severity: Severity | None = None
    sources: tuple[DatedNumber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``human``: the page alone cannot decide it; somebody looks and writes the answer down."""

    id: str
    name: Text
    severity: Severity
    sources: tuple[DatedNumber, ...]
    find: Callable[[Case], Iterable[Hit]]
    human: bool = False

    def citations(self, case: Case) -> tuple[Citation, ...]:
        """The rows in force on the case's day; none: the rule does not exist that day."""
        return cite_all(self.sources, case)


def cite_all(sources: Iterable[DatedNumber], case: Case) -> tuple[Citation, ...]:
    """Each distinct citation of ``sources`` that binds this case."""
    found = (row.find_citation(on=case.on) for row in sources)
    binding = (
        citation
        for citation in found
        if citation is not None and (case.follows_jis or BY_KEY[citation.edition].family not in STANDARDS)
    )
    return tuple(dict.fromkeys(binding))


def listed(words: Iterable[Text]) -> Text:
    """``甲、乙`` / ``A, B``."""
    texts = list(words)
    return Text("、".join(text.ja for text in texts), ", ".join(text.en for text in texts))

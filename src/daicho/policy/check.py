"""点検  Every finding of every rule in force on a day, at once, each with its place.

Pure: the same document and day give the same findings. No finding is a judgement of law; an empty
list says only that these rules found no gap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from daicho.law.citations import Citation
from daicho.policy.language import PolicyFile
from daicho.policy.rules import held_data, page, purposes, requests, sharing
from daicho.policy.rules.rule import Case, Hit, Rule, Severity, Steps, cite_all
from daicho.words.errors import Place
from daicho.words.text import Language, Text

RULES: Final[tuple[Rule, ...]] = tuple(
    sorted(
        (*page.RULES, *held_data.RULES, *purposes.RULES, *sharing.RULES, *requests.RULES),
        key=lambda rule: rule.id,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFinding:
    """One finding. ``human``: this document cannot decide it; the answer is written into it."""

    rule: str
    name: Text
    severity: Severity
    human: bool
    place: Place
    steps: Steps
    message: Text
    advice: Text
    citations: tuple[Citation, ...]

    @property
    def verified(self) -> bool:
        """Whether at least one row behind it was read in a source, not only known."""
        return any(citation.verified for citation in self.citations)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "rule": self.rule,
            "name": self.name.as_dict(),
            "severity": self.severity.value,
            "human": self.human,
            "path": self.place.path,
            "line": self.place.line,
            "column": self.place.column,
            "steps": list(self.steps),
            "message": self.message.as_dict(),
            "write": self.advice.as_dict(),
            "citations": [
                {
                    "edition": citation.edition,
                    "number": citation.number,
                    "text": citation.text.as_dict(),
                    "provenance": citation.provenance.value,
                }
                for citation in self.citations
            ],
        }

    def cited(self, language: Language | str) -> str:
        """The citations in one language, with their editions."""
        return " / ".join(citation.say(language, with_edition=True) for citation in self.citations)


def check(file: PolicyFile, *, on: date) -> list[PolicyFinding]:
    """Every finding in ``file`` by the law and the standards of ``on``, in the order of the document."""
    case = Case(policy=file.policy, on=on)
    found = [finding for rule in rules_in_force(file, on=on) for finding in _findings(rule, case, file)]
    return sorted(found, key=lambda finding: (finding.place.line, finding.place.column, finding.rule))


def rules_in_force(file: PolicyFile, *, on: date) -> Sequence[Rule]:
    """The rules that exist for this policy on this day; two of them may share an id."""
    case = Case(policy=file.policy, on=on)
    return [rule for rule in RULES if rule.citations(case)]


def _findings(rule: Rule, case: Case, file: PolicyFile) -> Iterator[PolicyFinding]:
    for hit in rule.find(case):
        yield PolicyFinding(
            rule=rule.id,
            name=rule.name,
            severity=hit.severity or rule.severity,
            human=rule.human,
            place=file.document.place_of(hit.steps),
            steps=hit.steps,
            message=hit.wrong,
            advice=hit.write,
            citations=_citations(rule, hit, case),
        )


def _citations(rule: Rule, hit: Hit, case: Case) -> tuple[Citation, ...]:
    own = cite_all(hit.sources, case)
    return own or rule.citations(case)

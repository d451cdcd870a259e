"""A version of a group's policy, draft or revision, as every page of the room shows it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from daicho.people.doors import Door
from daicho.people.queries import require_reader
from daicho.people.rules import Role, may_act
from daicho.policy.actions import DRAFTERS
from daicho.policy.check import PolicyFinding, check, rules_in_force
from daicho.policy.language import Policy, PolicyFile, read_policy
from daicho.policy.queries import DraftRef, RevisionRef, find_draft, get_revision, list_drafts, list_parents
from daicho.policy.rules.approval import STATE_WORDS
from daicho.policy.rules.rule import Severity
from daicho.words.errors import NotFoundError
from daicho.words.text import Text

DRAFT: Final = "draft"
#: The policy concerns everybody who works here.
READERS: Final = tuple(role for role in Role if role is not Role.AUDITOR)
SEVERITY_WORDS: Final = {
    Severity.ERROR: Text("誤り", "error"),
    Severity.GAP: Text("不足", "gap"),
    Severity.ADVICE: Text("助言", "advice"),
}
TONES: Final = {Severity.ERROR: "bad", Severity.GAP: "warn", Severity.ADVICE: "info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A text with its name in addresses (``draft`` or the number); ``ref`` is the row it came from."""

    organisation: str
    slug: str
    source: str
    ref: RevisionRef | DraftRef

    @property
    def name(self) -> Text:
        """``第2版`` or ``下書き``."""
        if isinstance(self.ref, DraftRef):
            return STATE_WORDS[self.ref.state]
        return Text(f"第{self.ref.number}版", f"revision {self.ref.number}")

    @property
    def file(self) -> PolicyFile:
        """The text as read; a kept text is always valid."""
        return _read(self.source)

    @property
    def policy(self) -> Policy:
        """What it says."""
        return self.file.policy

    def checked(self, on: date) -> "Checked":
        """Its findings by the law of a day."""
        return check_source(self.source, on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The findings of a text by the law of a day."""

    on: date
    findings: Sequence[PolicyFinding]
    rules: int

    @property
    def counts(self) -> list[tuple[Text, str, int]]:
        """(severity, tone, how many), the heaviest first, those there are."""
        found = Counter(finding.severity for finding in self.findings)
        return [(SEVERITY_WORDS[one], TONES[one], found[one]) for one in Severity if found[one]]

    @property
    def shown(self) -> list[tuple[Text, str, PolicyFinding]]:
        """(severity, tone, finding), in the order of the document."""
        return [(SEVERITY_WORDS[one.severity], TONES[one.severity], one) for one in self.findings]


@lru_cache(maxsize=32)
def _read(source: str) -> PolicyFile:
    return read_policy(source.encode(), path="policy.yaml")


@lru_cache(maxsize=64)
def check_source(source: str, on: date) -> Checked:
    """Check a text; kept, since neither text nor day changes.

    Raises:
        DocumentError: it is not a valid policy.
    """
    file = _read(source)
    rules = len({rule.id for rule in rules_in_force(file, on=on)})
    return Checked(on=on, findings=check(file, on=on), rules=rules)


def reachable_groups(door: Door) -> list[str]:
    """Parents of the groups this account may read the policy of, published or drafted."""
    drafted = [draft.organisation for draft in list_drafts(scope=door.scope)]
    published = [one for one in list_parents(door.scope.organisations) if one in door.scope.organisations]
    return sorted({*drafted, *published})


def may_edit(door: Door, organisation: str) -> bool:
    """Whether to offer editing the policy of a group."""
    return may_act(door.roles.get(organisation, frozenset()), DRAFTERS)


def get_version(door: Door, organisation: str, slug: str) -> Version:
    """A version by its name in addresses.

    Raises:
        NotFoundError: a foreign organisation, no such revision, or no draft.
    """
    require_reader(door.scope, organisation, READERS)
    if slug == DRAFT:
        draft = find_draft(organisation, scope=door.scope)
        if draft is not None:
            return Version(organisation=organisation, slug=slug, source=draft.source, ref=draft)
    elif slug.isascii() and slug.isdigit() and len(slug) < 10:  # noqa: PLR2004 (no group has so many revisions)
        revision = get_revision(organisation, int(slug))
        return Version(organisation=revision.organisation, slug=slug, source=revision.source, ref=revision)
    raise NotFoundError(
        Text("その版または下書きはありません。", "There is no such revision or draft."),
        advice=Text("方針の画面で版を選んでください。", "Choose one on the policy page."),
    )

# ruff: noqa: INP001 (a script beside the pages it writes, not a package)
"""States, kinds, rules, events: the closed tables of the code, as tables of the pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from itertools import groupby
from typing import Any, Final, TypeVar, get_args

from daicho.law.citations import DatedNumber
from daicho.law.editions import BY_KEY
from daicho.law.kinds import KINDS, REQUESTER_NAMES
from daicho.letters.setting import KEYS as LETTER_KEYS
from daicho.people.rules import ROLE_WORDS
from daicho.policy.check import RULES
from daicho.policy.language import Policy
from daicho.policy.rules.duties import DUTIES, MOMENT_WORDS
from daicho.rights.rules import CLAIM_MOVES, CLAIM_WORDS, REQUEST_MOVES, REQUEST_WORDS
from daicho.runs.rules import STORE_MOVES, StoreState
from daicho.trail.events import EVENTS
from daicho.trail.findings import _WORDS as HARM_WORDS
from daicho.words.errors import FAULT_WORDS
from daicho.words.text import Text

State = TypeVar("State", bound=StrEnum)

#: A run's store has no words of its own in the program; these are the page's.
STORE_WORDS: Final = {
    StoreState.INTENDED: Text("意図を記録済み", "intended"),
    StoreState.CONFIRMED: Text("読み戻して確認済み", "read back and confirmed"),
    StoreState.HUMAN: Text("人の判断待ち", "waits for a human"),
}


def diagram(moves: Mapping[State, frozenset[State]]) -> str:
    """A drawing of the moves: the table's first state begins, a state without moves ends."""
    order = list(moves)
    lines = ["stateDiagram-v2", f"    [*] --> {order[0]}"]
    for state in order:
        lines += [f"    {state} --> {to}" for to in order if to in moves[state]]
        if not moves[state]:
            lines.append(f"    {state} --> [*]")
    return "```mermaid\n" + "\n".join(lines) + "\n```"


def states(moves: Mapping[State, frozenset[State]], words: Mapping[State, Text]) -> str:
    """One line a state: its words and where it can go."""
    order = list(moves)
    rows = [
        (
            f"`{state}`",
            words[state].ja,
            words[state].en,
            _codes(to for to in order if to in moves[state]) or "(end)",
        )
        for state in order
    ]
    return table(("state", "日本語", "English", "may go to"), rows)


def drawn(moves: Mapping[State, frozenset[State]], words: Mapping[State, Text]) -> str:
    """Both."""
    return diagram(moves) + "\n\n" + states(moves, words)


def kinds() -> str:
    """The kinds of request, with the articles of today's numbering."""
    rows = [
        (
            f"`{kind}`",
            rule.name.ja,
            rule.name.en,
            rule.numbers[-1].number,
            _yes(rule.chargeable),
            _yes(rule.court_gate),
            _yes(rule.changes_data),
            _codes(basis.code for basis in rule.bases),
        )
        for kind, rule in KINDS.items()
    ]
    return table(("kind", "日本語", "English", "APPI Art.", "fee allowed", "Art. 39", "changes data", "bases"), rows)


def grounds() -> str:
    """For each kind, the codes a refusal may carry."""
    rows = [
        (
            f"`{kind}`",
            _codes(ground.code for ground in rule.refusals),
            _codes(ground.code for ground in rule.mark_refusals) if rule.mark_bases_open else "",
        )
        for kind, rule in KINDS.items()
    ]
    return table(("kind", "grounds", "with the PrivacyMark, only"), rows)


def rules() -> str:
    """The rules of ``daicho policy check``; a rule may look at several things."""
    rows = []
    for id_, same in groupby(RULES, key=lambda rule: rule.id):
        parts = list(same)
        rows.append(
            (
                f"`{id_}`",
                "<br>".join(dict.fromkeys(rule.name.en for rule in parts)),
                "<br>".join(dict.fromkeys(rule.name.ja for rule in parts)),
                ", ".join(dict.fromkeys(str(rule.severity) for rule in parts)),
                _who(rule.human for rule in parts),
                "<br>".join(dict.fromkeys(_cited(row) for rule in parts for row in rule.sources)),
            )
        )
    return table(("rule", "about", "日本語", "severity", "decided by", "where it stands"), rows)


def _who(human: Iterable[bool]) -> str:
    kinds_of = set(human)
    return "both" if len(kinds_of) > 1 else "a human" if True in kinds_of else "machine"


def _cited(row: DatedNumber) -> str:
    citation = row.find_citation(on=row.in_force_on) if row.in_force_on else None
    if citation is None:
        return f"{row.family} {row.number} (no date in force)"
    span = f"{row.in_force_on} to {row.until_on}" if row.until_on else f"since {row.in_force_on}"
    return f"{citation.text.en} ({span})"


def duties() -> str:
    """What a change obliges to (``daicho policy compare``)."""
    rows = [
        (f"`{code}`", MOMENT_WORDS[one.moment].en, one.words.en, "<br>".join(_cited(row) for row in one.numbers))
        for code, one in DUTIES.items()
    ]
    return table(("duty", "when", "what", "where it stands"), rows)


def policy_parts() -> str:
    """The keys of a policy, in the order of the page."""
    rows = [
        (f"`{name}`", _yes(field.is_required()), *_both(field.description or _described(field.annotation)))
        for name, field in Policy.model_fields.items()
    ]
    return table(("key", "needed", "日本語", "English"), rows)


def _described(annotation: Any) -> str:
    """The first line of the part's own docstring, when its field has none."""
    kinds_of = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type) and one.__doc__]
    return (kinds_of[0].__doc__ or "").split("\n\n")[0] if kinds_of else ""


def _both(text: str) -> tuple[str, str]:
    ja, _, en = " ".join(text.split()).partition("。")
    return (ja, en.strip()) if en else ("", ja)


def editions() -> str:
    """The editions a day can select."""
    rows = [
        (f"`{one.key}`", one.name.ja, one.name.en, one.in_force_on or "not fixed", one.until_on or "")
        for one in BY_KEY.values()
    ]
    return table(("edition", "日本語", "English", "in force", "until"), rows)


def events() -> str:
    """Everything that may stand in the trail."""
    rows = [
        (
            f"`{code}`",
            kind.words.ja,
            kind.words.en,
            ", ".join(f"{name}: {fact.name}" for name, fact in kind.facts.items()),
        )
        for code, kind in EVENTS.items()
    ]
    return table(("event", "日本語", "English", "facts"), rows)


def harms() -> str:
    """What ``daicho trail verify`` can find."""
    return table(("finding", "what it says"), [(f"`{harm}`", words.en) for harm, words in HARM_WORDS.items()])


def closed_words() -> str:
    """The codes whose words stand in the program."""
    groups: list[tuple[str, Mapping[Any, Text]]] = [
        ("kind of request", {kind: rule.name for kind, rule in KINDS.items()}),
        ("who asks", REQUESTER_NAMES),
        ("state of a request", REQUEST_WORDS),
        ("state of a claim", CLAIM_WORDS),
        ("role", ROLE_WORDS),
        ("whose fault", FAULT_WORDS),
    ]
    rows = [(f"`{code}`", group, text.ja, text.en) for group, words in groups for code, text in words.items()]
    return table(("code", "of", "日本語", "English"), rows)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of a page."""
    lines = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
    lines += [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _yes(value: bool) -> str:  # noqa: FBT001 (one cell)
    return "yes" if value else ""


def letter_settings() -> str:
    """The keys of the setting ``letters``."""
    rows = [
        (f"`{key.name}`", key.means.ja, key.means.en, key.kind.said.ja, key.kind.said.en, _left_out(key.left_out))
        for key in LETTER_KEYS
    ]
    return table(("key", "日本語", "English", "書くもの", "what to write", "left out"), rows)


def _left_out(value: Any) -> str:
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`" if value else ""


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "request-moves": partial(drawn, REQUEST_MOVES, REQUEST_WORDS),
    "claim-moves": partial(drawn, CLAIM_MOVES, CLAIM_WORDS),
    "store-moves": partial(drawn, STORE_MOVES, STORE_WORDS),
    "kinds": kinds,
    "grounds": grounds,
    "policy-parts": policy_parts,
    "rules": rules,
    "duties": duties,
    "editions": editions,
    "events": events,
    "harms": harms,
    "letter-settings": letter_settings,
    "closed-words": closed_words,
}

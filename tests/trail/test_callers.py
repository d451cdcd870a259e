"""Every place in the house that writes to the trail names an event and facts that the table has."""

import ast
from collections.abc import Iterator
from pathlib import Path

import daicho
from daicho.trail.events import EVENTS

SOURCE = Path(daicho.__file__).parent
WRITERS = {"record", "add", "_act", "Act"}
NOT_FACTS = {"actor", "at", "organisation", "event", "facts"}


def calls() -> Iterator[tuple[str, str, set[str], bool]]:
    """(place, event, names of facts, whether more are passed in a mapping)."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in WRITERS:
                continue
            named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            first = named.get("event") or (node.args[0] if node.args else None)
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value):
                continue
            facts = named.get("facts")
            given = set(named) - NOT_FACTS
            if isinstance(facts, ast.Dict):
                given |= {key.value for key in facts.keys if isinstance(key, ast.Constant)}  # type: ignore[misc]
            more = len(named) < len(node.keywords) or (facts is not None and not isinstance(facts, ast.Dict))
            yield f"{path.relative_to(SOURCE)}:{node.lineno}", first.value, given, more


def test_every_written_event_is_in_the_table_with_its_facts():
    found = list(calls())
    assert len(found) > 10, "the search itself must find the writers"
    wrong = []
    for place, event, given, more in found:
        kind = EVENTS.get(event)
        if kind is None:
            wrong.append(f"{place}: {event} is not in the table")
            continue
        wrong += [f"{place}: {event} has no fact {name}" for name in sorted(given - set(kind.facts))]
        lacking = {name for name, fact in kind.facts.items() if fact.required} - given
        wrong += [f"{place}: {event} needs {name}" for name in sorted(lacking) if not more]
    assert wrong == []

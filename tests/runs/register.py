"""Maps written anew in the middle of a test, as the engineer would."""

from collections.abc import Mapping

from daicho.people.queries import get_actor
from daicho.register.actions import apply_documents, confirm_map
from daicho.register.planning import plan_documents
from daicho.site.wiring import open_store
from tests.rights.desk import Desk


def rewrite(desk: Desk, texts: Mapping[str, str], *, confirm: str = "") -> None:
    """Apply documents (name of the file without its ending → text); ``confirm``: a map, by the officer."""
    folder = desk.folder / "register"
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    engineer = get_actor("engineer", at=desk.at)
    plan = plan_documents([folder], scope=engineer, open_store=open_store, policy=None)
    assert plan.errors == []
    apply_documents(plan, scope=engineer, at=desk.at)
    if confirm:
        confirm_map(confirm, scope=desk.officer, at=desk.at)


def replaced(text: str, old: str, new: str) -> str:
    """The text with ``old`` replaced, which must stand in it."""
    assert old in text
    return text.replace(old, new)

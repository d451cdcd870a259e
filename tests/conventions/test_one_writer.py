"""Rows change in `actions` and nowhere else, and a room's rows are its own."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "daicho"
ALWAYS_WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "insert_rows", "insert_values"}
WRITES_ON_ROWS = {"create", "update", "delete"}
#: Files beside `actions` that write, each with the reason.
ALLOWED = {
    "work/rows.py": "it is the insert that the actions call",
    "trail/head.py": "the chain's end in plain SQL, called by the trail's actions only",
}
MODULES = sorted(
    path
    for path in SRC.rglob("*.py")
    if path.name != "actions.py"
    and not {"actions", "migrations"} & set(path.parts)
    and str(path.relative_to(SRC)) not in ALLOWED
)


def writes(tree: ast.AST) -> list[int]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            on_rows = isinstance(called, ast.Attribute) and ".objects" in ast.unparse(called.value)
            saves = name == "save" and not node.args  # a workbook's save names a file
            if saves or name in ALWAYS_WRITES or (name in WRITES_ON_ROWS and on_rows):
                found.append(node.lineno)
    return found


def test_a_planted_write_is_seen():
    assert writes(ast.parse("Claim.objects.filter(pk=1).update(state='x')\nrow.save()\ninsert_rows(rows)")) == [1, 2, 3]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SRC)))
def test_it_writes_no_row(path: Path):
    assert writes(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_end_of_the_chain_is_moved_by_the_trails_actions_only():
    callers = [
        str(path.relative_to(SRC))
        for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "daicho.trail.head"
    ]
    assert callers == ["trail/actions.py"]


def test_no_room_imports_another_rooms_models():
    strangers = []
    for path in SRC.rglob("*.py"):
        room = path.relative_to(SRC).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("daicho."):
                parts = node.module.split(".")
                if parts[2:3] == ["models"] and parts[1] != room:
                    strangers.append(f"{path.relative_to(SRC)} imports {node.module}")
    assert strangers == []

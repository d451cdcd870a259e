"""The glossary pairs what the code says; decisions are numbered and whole."""

import ast
import re

from tests.docs.pages import ROOT, page

SOURCE = ROOT / "src" / "daicho"
HEADINGS = ["Context", "Decision", "Why", "Also considered", "Consequences"]


def terms() -> list[list[str]]:
    text = page("docs/glossary.md").text.partition("## Codes")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows if "日本語" not in row[0]]


def tables_of_ours() -> set[str]:
    found = set()
    for file in SOURCE.glob("*/models.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    return found


def test_every_line_pairs_a_japanese_and_an_english_term_once() -> None:
    rows = terms()
    assert rows
    assert all(len(row) == 4 and row[0] and row[1] for row in rows)
    assert len({row[0] for row in rows}) == len(rows)


def test_every_table_of_ours_has_its_term() -> None:
    named = {name for row in terms() for name in re.findall(r"`(\w+)`", row[2])}
    assert "SubjectRequest" in tables_of_ours()
    assert tables_of_ours() - named == set()


def test_every_identifier_of_the_glossary_is_in_the_code() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    for row in terms():
        for name in re.findall(r"`([^`]+)`", row[2]):
            if name.startswith("daicho "):
                continue
            parts = name.split(".") if re.fullmatch(r"[A-Z]\w+\.\w+", name) else [name]
            assert all(re.search(rf"(?<!\w){re.escape(part)}(?!\w)", source) for part in parts), name


def test_decisions_are_numbered_without_a_gap_and_say_everything() -> None:
    found = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [file.name[:3] for file in found] == [f"{number:03}" for number in range(1, len(found) + 1)]
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    for file in found:
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {file.name[:3]}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
        assert f"({file.name}) | {text.splitlines()[0].partition('. ')[2]} |" in index

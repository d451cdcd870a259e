"""What an error advises is true for every door: a command stands beside what the screen calls it, never alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "daicho"
#: Rooms whose errors come to a web page.
ROOMS = ("rights", "policy", "register", "post", "portal", "runs")
#: Said by the command line only: folders of documents, and cells decided from a file.
OF_THE_COMMAND_LINE = {"register/heads.py", "register/planning.py", "rights/actions/answering.py"}
COMMAND = re.compile(r"daicho [a-z]+|(?<![-\w])--[a-z]")
#: After an opening bracket, or after the screen's name for it.
BESIDE = re.compile(r"(（|\(`?|画面か |or with `)$")


def said() -> Iterator[tuple[str, str]]:
    """Every text in two languages of these rooms, with its file."""
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*.py")):
            name = path.relative_to(SOURCE).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
                    for words in node.args:
                        pieces = [one.value for one in ast.walk(words) if isinstance(one, ast.Constant)]
                        yield name, "".join(str(one) for one in pieces)


def told_alone(text: str) -> bool:
    first = COMMAND.search(text)
    return first is not None and BESIDE.search(text[: first.start()]) is None


def test_no_page_sends_people_to_the_command_line_alone():
    found = [(name, text) for name, text in said() if name not in OF_THE_COMMAND_LINE and told_alone(text)]
    assert found == []


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("daicho rights show で確かめてください。", True),
        ("Give the day with --issued-on.", True),
        ("引き継げます（daicho runs resume）。", False),
        ("take it over (`daicho runs resume X --take-over`).", False),
        ("「決定」の画面か daicho rights reopen で戻してください。", False),
        ("Ask a colleague.", False),
    ],
)
def test_a_command_alone_is_seen(text: str, alone: bool):  # noqa: FBT001
    assert told_alone(text) is alone

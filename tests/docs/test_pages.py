"""Links, commands, settings and examples of the pages hold."""

import re
import shlex
import tomllib
from typing import Any

import pytest
from typer.main import get_command

from daicho.cli.main import app
from daicho.letters.setting import read_styles
from daicho.runs.rules import Fate
from daicho.site.workspace import KNOWN
from tests.docs.pages import ROOT, Page, page, pages

VARIABLE = re.compile(r"DAICHO_[A-Z][A-Z_]*")
SHARED = {"--workspace", "--as", "--lang", "--format"}
MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|home|root)\b")
CONFORMITY = re.compile(r"complian|準拠", re.IGNORECASE)
PICTURE_BYTES = 150_000
MOST_PICTURES = 15


def every_page() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("one", pages(), ids=lambda one: one.name)


# ── links ────────────────────────────────────────────────────────────────────────────────────


@every_page()
def test_links_lead_somewhere(one: Page) -> None:
    for target in one.links():
        path, _, anchor = target.partition("#")
        found = (one.path.parent / path).resolve() if path else one.path
        assert found.exists(), f"{one.name} points at {target}"
        if anchor:
            assert anchor in Page(found, found.read_text(encoding="utf-8")).anchors(), f"{one.name} points at {target}"


def test_every_page_is_reached_from_the_index() -> None:
    index = page("docs/README.md")
    linked = {(index.path.parent / target.partition("#")[0]).resolve() for target in index.links()}
    standing = set((ROOT / "docs").glob("*.md")) - {index.path}
    assert standing
    assert standing <= linked


# ── commands ─────────────────────────────────────────────────────────────────────────────────


def command_of(typed: str) -> tuple[Any, list[str]]:
    """The program's command that a printed line names, and the words after it."""
    words = [word.strip("[]") for word in shlex.split(typed.replace("…", "X"))[1:]]
    found: Any = get_command(app)
    rest: list[str] = []
    while words:
        word = words.pop(0)
        if word in SHARED:
            words = words[1:]
        elif not rest and hasattr(found, "commands"):
            assert word in found.commands, f"{typed}: no command {word}"
            found = found.commands[word]
        else:
            rest.append(word)
    return found, rest


@every_page()
def test_commands_and_their_options_exist(one: Page) -> None:
    for typed in one.commands():
        if typed.startswith("daicho …"):
            continue
        command, rest = command_of(typed)
        if hasattr(command, "commands"):
            assert not rest, typed
            continue
        known = {name for part in command.params for name in (*part.opts, *part.secondary_opts)} | {"--help"}
        options = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert options <= known, f"{one.name}: {typed}"


def test_a_command_that_is_gone_would_be_noticed() -> None:
    with pytest.raises(AssertionError, match="no command undo"):
        command_of("daicho --as kanri rights undo R-2026-0001")
    command, rest = command_of("daicho --as kanri runs decide RUN STORE --retry")
    assert command.name == "decide"
    assert rest == ["RUN", "STORE", "--retry"]


def test_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        (one.name, target) for one in pages() for target in re.findall(r"^make ([a-z]+)|`make ([a-z]+)`", one.text)
    }
    said = {(name, a or b) for name, (a, b) in named}
    assert ("README.md", "check") in said
    assert {target for _, target in said} <= targets


# ── settings ─────────────────────────────────────────────────────────────────────────────────


def documented() -> set[str]:
    settings = page("docs/command-line.md").text.partition("## Settings")[2].partition("## Commands")[0]
    return set(VARIABLE.findall(settings))


def test_every_variable_of_the_program_is_documented() -> None:
    folders = ("src", "benchmarks", "tests", "examples")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py") if "docs" not in file.parts]
    files += (ROOT / "benchmarks").rglob("*.yaml")
    used = {found for file in files for found in VARIABLE.findall(file.read_text(encoding="utf-8"))}
    assert "DAICHO_WORKSPACE" in used
    assert used - documented() == set()
    assert documented() - used == set()


def test_every_setting_of_the_workspace_is_documented() -> None:
    settings = page("docs/command-line.md").text.partition("## Settings")[2].partition("Environment variables:")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", settings, re.MULTILINE)) == KNOWN


def test_the_readme_asks_for_the_python_that_is_required() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = project["requires-python"].removeprefix(">=")
    for name in ("README.md", "README.ja.md"):
        assert f"Python {needed}" in page(name).text
        for extra in re.findall(r'"\.\[([a-z,]+)\]"', page(name).text):
            assert extra in project["optional-dependencies"]


# ── examples ─────────────────────────────────────────────────────────────────────────────────


def test_pieces_of_a_policy_stand_in_the_example() -> None:
    example = (ROOT / "examples" / "staffing-group" / "policy.yaml").read_text(encoding="utf-8")
    pieces = page("docs/policy-language.md").blocks("yaml")
    assert pieces
    for piece in pieces:
        assert piece in example


def test_the_house_styles_of_the_page_are_taken_as_they_stand() -> None:
    refused: list[tuple[str, ...]] = []
    pieces = page("docs/letters.md").blocks("toml")
    assert pieces
    for piece in pieces:
        letters = tomllib.loads(piece)["letters"]
        read_styles(letters, folder=ROOT, refuse=lambda code, steps, *_: refused.append((code, *steps)))
    assert refused == []


def test_pictures_are_small_and_every_one_is_shown() -> None:
    pictures = set((ROOT / "docs" / "pictures").iterdir())
    shown = {(one.path.parent / target).resolve() for one in pages() for target in one.links() if "pictures/" in target}
    assert {picture.name for picture in pictures} == {picture.name for picture in shown}
    assert len(pictures) <= MOST_PICTURES
    for picture in pictures:
        content = picture.read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) <= PICTURE_BYTES, picture.name


def test_the_tour_goes_the_same_way_in_both_languages() -> None:
    english, japanese = page("docs/tour.md"), page("docs/tour.ja.md")
    assert english.text.count("\n## ") == japanese.text.count("\n## ") > 1
    pictures = [target for target in english.links() if target.startswith("pictures/")]
    assert pictures
    assert [target.replace("-en.", "-ja.") for target in pictures] == [
        target for target in japanese.links() if target.startswith("pictures/")
    ]


def test_both_readmes_show_the_same_commands() -> None:
    """In the other language the answers differ, the commands do not."""
    english = [typed for typed in page("README.md").commands() if not typed.startswith("daicho rights slip")]
    japanese = [typed for typed in page("README.ja.md").commands() if not typed.startswith("daicho rights slip")]
    assert english == japanese


def test_every_fate_of_a_row_is_explained() -> None:
    table = page("docs/how-a-request-runs.md").text.partition("## What becomes of each row")[2].partition("## Paper")[0]
    assert len(Fate) > 1
    assert {fate for fate in Fate if f"`{fate}`" not in table} == set()


# ── words ────────────────────────────────────────────────────────────────────────────────────


@every_page()
def test_nothing_of_one_machine_or_of_conformity_is_said(one: Page) -> None:
    found = MACHINE.findall(one.text) + CONFORMITY.findall(one.text)
    assert not found, f"{one.name}: {found}"

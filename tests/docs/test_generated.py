"""The generated parts of the pages say what the program says."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def generate(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def copied(folder: Path) -> Path:
    shutil.copytree(ROOT / "docs", folder / "docs")
    for page in ROOT.glob("README*.md"):
        shutil.copy(page, folder)
    return folder


def test_every_page_is_current() -> None:
    found = generate("--check")
    assert found.returncode == 0, found.stderr


@pytest.mark.slow
def test_a_stale_page_is_named_and_written_anew(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    page = folder / "docs" / "how-a-request-runs.md"
    text = page.read_text(encoding="utf-8")
    move = "    received --> checking\n"
    assert text.count(move) == 1
    page.write_text(text.replace(move, ""), encoding="utf-8")
    found = generate("--check", "--root", str(folder))
    assert found.returncode == 1
    assert found.stderr.startswith("docs/how-a-request-runs.md is stale")
    assert generate("--root", str(folder)).returncode == 0
    assert page.read_text(encoding="utf-8") == text


@pytest.mark.slow
def test_a_mark_without_a_part_is_refused(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("<!-- generated: no-such -->\n<!-- /generated -->\n", encoding="utf-8")
    found = generate("--check", "--root", str(tmp_path))
    assert found.returncode == 2
    assert "no-such" in found.stderr

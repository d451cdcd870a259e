"""Accounts, keys and the trail from the command line, as somebody would type it."""

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daicho.cli.main import run
from daicho.trail.models import TrailEntry

pytestmark = pytest.mark.django_db


class Shell:
    """Types commands and keeps what they print."""

    def __init__(self) -> None:
        self.out = self.err = ""

    def __call__(self, *words: str, code: int = 0, actor: str = "officer-01") -> str:
        out, err = io.StringIO(), io.StringIO()
        got = run([*words, "--as", actor, "--lang", "en"], out=out, err=err)
        self.out, self.err = out.getvalue(), err.getvalue()
        assert got == code, self.out + self.err
        assert "Traceback" not in self.out + self.err
        return self.out

    def json(self, *words: str, code: int = 0, actor: str = "officer-01") -> Any:
        return json.loads(self(*words, "--format", "json", code=code, actor=actor))


@pytest.fixture
def shell(workspace: Path, settings: Any) -> Shell:
    settings.WORKSPACE = replace(settings.WORKSPACE, organisation="copro")
    shell = Shell()
    shell("keys", "init")
    shell("account", "add", "officer-01", "--role", "officer")
    shell("account", "add", "auditor-01", "--role", "auditor")
    shell("account", "add", "desk-01", "--role", "desk")
    return shell


def test_accounts_are_made_granted_listed_and_deactivated(shell, tmp_path):
    (tmp_path / "name.txt").write_text("田中 花子\n", encoding="utf-8")
    shell(
        "account", "add", "desk-02", "--role", "desk", "--role", "employee", "--name-from", str(tmp_path / "name.txt")
    )
    assert shell.json("account", "grant", "desk-02", "secretariat")["granted"]
    assert not shell.json("account", "grant", "desk-02", "secretariat")["granted"]
    listed = {one["code"]: one for one in shell.json("account", "list")}
    assert listed["desk-02"]["display_name"] == "田中 花子"
    assert listed["desk-02"]["roles"] == {"copro": ["desk", "employee", "secretariat"]}
    shell("account", "deactivate", "desk-02")
    assert not {one["code"]: one for one in shell.json("account", "list")}["desk-02"]["is_active"]
    assert "desk-02" in shell("account", "list")
    shell("account", "list", actor="desk-02", code=3)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["account", "add", "Desk", "--role", "desk"], 2),
        (["account", "add", "desk-01", "--role", "desk"], 2),
        (["account", "add", "x", "--role", "boss"], 2),
        (["account", "add", "x"], 2),
        (["account", "add", "x", "--role", "desk", "--name-from", "/nonexistent"], 2),
        (["account", "grant", "nobody", "desk"], 2),
        (["account", "grant", "auditor-01", "desk"], 3),
        (["account", "deactivate", "officer-01"], 3),
        (["trail", "list", "--since", "yesterday"], 2),
        (["trail", "list", "--limit", "0"], 2),
        (["trail", "export", "--to", "/nonexistent/t"], 2),
        (["trail", "verify", "/nonexistent", "--key", "/nonexistent"], 2),
        (["trail", "verify", "/nonexistent"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_arguments_are_refused_and_change_nothing(shell, words, code):
    before = TrailEntry.objects.filter(event__startswith="account").count()
    shell(*words, code=code)
    assert shell.err.strip()
    assert TrailEntry.objects.filter(event__startswith="account").count() == before


def test_who_may_use_the_trail_and_the_keys(shell):
    for words in (["trail", "list"], ["trail", "key"], ["trail", "checkpoint"], ["trail", "export"]):
        shell(*words, actor="auditor-01")
        shell(*words, actor="desk-01", code=3)
        shell(*words, actor="nobody", code=3)
    shell("keys", "rotate", actor="auditor-01", code=3)
    shell("keys", "rotate-kek", actor="desk-01", code=3)


def test_keys_are_shown_without_secrets_and_rotated(shell, tmp_path):
    secret = json.loads((tmp_path / "keys" / "kek.json").read_text())["key"][0]["keyData"]["value"]
    before = shell.json("keys", "status")
    assert {row["name"] for row in before["keysets"]} == {"seal", "digest", "trail"}
    assert secret not in json.dumps(before) + shell("keys", "status")
    assert shell.json("keys", "rotate")["rotated"] == ["seal", "digest"]
    shell("keys", "rotate", "--signing")
    shell("keys", "rotate-kek")
    after = shell.json("keys", "status")
    assert len(after["keysets"]) == 6
    assert after["kek"]["key_ids"] != before["kek"]["key_ids"]
    assert secret not in (tmp_path / "keys" / "kek.json").read_text()
    shell("keys", "init")


def test_keys_open_to_others_refuse_to_start_and_say_how_to_mend_it(shell, tmp_path):
    path = tmp_path / "keys" / "kek.json"
    shell("keys", "status")
    path.chmod(0o644)
    shell("keys", "status", code=6)
    assert f"chmod 600 {path}" in shell.err
    path.chmod(0o600)
    shell("keys", "status")


def test_the_trail_is_listed_by_what_one_asks(shell):
    assert "account desk-01" in shell("trail", "list")
    assert [one["facts"] for one in shell.json("trail", "list", "--about", "desk-01")] == [
        {"account": "desk-01"},
        {"account": "desk-01", "role": "desk"},
    ]
    assert len(shell.json("trail", "list", "--limit", "2")) == 2
    assert shell.json("trail", "list", "--until", "2020-01-01") == []
    assert shell.json("trail", "list", "--event", "keys")[0]["organisation"] == "*"


def test_an_export_is_verified_and_a_tampered_copy_is_caught(shell, tmp_path):
    export, key, anchors = tmp_path / "trail.jsonl", tmp_path / "key.json", tmp_path / "anchors.jsonl"
    done = shell.json("trail", "export", "--to", str(export))
    key.write_text(shell("trail", "key", "--format", "json"))
    words = ["trail", "verify", str(export), "--key", str(key), "--anchors", str(anchors)]
    found = shell.json(*words)
    assert found["findings"] == []
    assert found["entries"] == found["signed_size"] == done["entries"]
    assert found["trail"] == done["trail"]
    assert "No tampering was found" in shell(*words)

    tampered = tmp_path / "tampered.jsonl"
    tampered.write_bytes(export.read_bytes().replace(b"desk-01", b"desk-99", 1))
    found = shell.json("trail", "verify", str(tampered), "--key", str(key), code=1)
    assert [one["harm"] for one in found["findings"]] == ["edited-entry"]
    assert "does not say what it said" in shell("trail", "verify", str(tampered), "--key", str(key), code=1)

    shell("trail", "verify", str(export), "--key", str(export), code=2)
    shell("trail", "verify", str(export), "--key", str(key), "--trail", "f" * 32, code=1)
    assert list(tmp_path.glob(".*")) == []


def test_an_export_to_standard_output_verifies_too(shell, tmp_path):
    (tmp_path / "trail.jsonl").write_text(shell("trail", "export"))
    (tmp_path / "key.pem").write_text(shell("trail", "key"))
    shell("trail", "verify", str(tmp_path / "trail.jsonl"), "--key", str(tmp_path / "key.pem"))


def test_an_export_that_fails_leaves_no_file_and_no_entry(shell, tmp_path):
    before = TrailEntry.objects.count()
    (tmp_path / "keys" / "kek.json").rename(tmp_path / "moved.json")
    shell("trail", "export", "--to", str(tmp_path / "t.jsonl"), code=6)
    assert TrailEntry.objects.count() == before
    assert not (tmp_path / "t.jsonl").exists()


_WITHOUT_DJANGO = """
import sys
from daicho.cli.main import run
code = run(["trail", "verify", *sys.argv[1:]])
loaded = sorted(name for name in sys.modules if name == "django" or name.startswith("django."))
assert not loaded, loaded[:5]
sys.exit(code)
"""


def test_verification_needs_no_database_no_workspace_and_no_django(shell, tmp_path):
    (tmp_path / "trail.jsonl").write_text(shell("trail", "export"))
    (tmp_path / "key.pem").write_text(shell("trail", "key"))
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DAICHO_", "DJANGO_"))}
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_DJANGO, str(tmp_path / "trail.jsonl"), "--key", str(tmp_path / "key.pem")],
        cwd=empty,
        env=environment | {"PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(empty.iterdir()) == []

"""``daicho policy``: what is printed, what is written, and the exit code."""

import io
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from daicho.cli.main import run
from daicho.people.models import Account, AccountOrganisation
from daicho.people.rules import Role

FOLDER = Path(__file__).parents[2] / "examples/staffing-group"
SEED = str(FOLDER / "policy.yaml")
NEW = str(FOLDER / "policy-2026.yaml")
ON = ["--on", "2026-11-23"]


def daicho(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(["policy", *arguments], out=out, err=err)
    return code, out.getvalue(), err.getvalue()


def test_check_prints_place_rule_severity_article_and_what_to_write():
    code, out, err = daicho("check", SEED, *ON, "--lang", "en")
    assert (code, err) == (1, "")
    assert "policy.yaml:385:7  F-08 gap  APPI Art. 27(5)(iii) [appi-2023]" in out
    assert "→ Name the one company that is responsible." in out
    assert "(for a human)" in out
    assert "rest only on provisions whose text was not re-read" in out


def test_check_speaks_japanese_by_default_and_is_stable():
    code, out, _ = daicho("check", SEED, *ON)
    assert code == 1
    assert "個人情報保護法第27条第5項第3号" in out
    assert out == daicho("check", SEED, *ON)[1]


def test_check_exits_zero_when_nothing_is_found_and_never_says_compliant():
    code, out, _ = daicho("check", NEW, *ON, "--lang", "en")
    assert code == 0
    assert out.startswith("No gap found by ")
    assert "compliant" not in out.casefold()


def test_check_as_json_gives_every_finding_with_its_place_and_citations():
    code, out, _ = daicho("check", SEED, *ON, "--format", "json")
    data = json.loads(out)
    assert code == 1
    assert data["on"] == "2026-11-23"
    assert data["counts"]["gap"] == sum(one["severity"] == "gap" for one in data["findings"])
    assert {f"F-{number:02d}" for number in range(1, 17)} <= {one["rule"] for one in data["findings"]}
    for one in data["findings"]:
        assert one["line"] > 0
        assert one["column"] > 0
        assert one["citations"][0]["edition"]
        assert one["write"]["ja"]
        assert one["write"]["en"]


def test_check_judges_by_the_day_asked_for():
    _, then, _ = daicho("check", SEED, "--on", "2021-06-01", "--format", "json")
    _, now, _ = daicho("check", SEED, *ON, "--format", "json")
    assert len(json.loads(then)["findings"]) < len(json.loads(now)["findings"])


def test_a_broken_document_exits_two_with_every_error_and_position(tmp_path):
    broken = tmp_path / "broken.yaml"
    text = Path(SEED).read_text(encoding="utf-8")
    text = text.replace("subject: inquirers", "subject: inquirer").replace("amount: 500", "amount: many")
    broken.write_text(text, encoding="utf-8")
    code, out, err = daicho("check", str(broken), "--lang", "en")
    assert (code, out) == (2, "")
    assert "[unknown-code]" in err
    assert "[int-parsing]" in err
    assert err.count("broken.yaml:") >= 2
    assert "Traceback" not in err
    code, _, err = daicho("check", str(broken), "--format", "json")
    assert code == 2
    assert len(json.loads(err)["problems"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [("check", "nowhere.yaml"), ("check", SEED, "--on", "tomorrow"), ("compare", SEED, "nowhere.yaml"), ("check", "/")],
)
def test_a_wrong_argument_exits_two_and_says_what_to_do(arguments):
    code, out, err = daicho(*arguments)
    assert (code, out) == (2, "")
    assert "→" in err
    assert "Traceback" not in err


def test_compare_tells_what_each_difference_obliges_to():
    code, out, _ = daicho("compare", SEED, NEW, *ON, "--lang", "en")
    assert code == 1
    assert "[beforehand] obtain prior consent to this recipient" in out
    assert "APPI Art. 27(6)" in out
    code, out, _ = daicho("compare", SEED, SEED, "--lang", "en")
    assert (code, out.strip()) == (0, "No difference.")


def test_render_writes_both_pages_and_both_pdfs(tmp_path):
    code, out, _ = daicho("render", SEED, "--to", str(tmp_path / "site"))
    assert code == 0
    made = sorted(path.name for path in (tmp_path / "site").iterdir())
    assert made == [f"privacy-policy.{language}.{ending}" for language in ("en", "ja") for ending in ("html", "pdf")]
    assert out.count("privacy-policy") == 4
    assert "プライバシーポリシー" in (tmp_path / "site/privacy-policy.ja.html").read_text(encoding="utf-8")


def test_render_into_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "site").write_text("a file")
    code, _, err = daicho("render", SEED, "--to", str(tmp_path / "site"), "--lang", "en")
    assert code == 2
    assert "cannot be written" in err


def test_schema_prints_the_schema():
    code, out, _ = daicho("schema")
    assert code == 0
    assert json.loads(out)["title"].startswith("Daicho policy")


def test_what_needs_no_database_loads_no_django():
    script = (
        "import sys\nfrom daicho.cli.main import run\n"
        f"run(['policy', 'check', {NEW!r}])\nrun(['policy', 'schema'])\nrun(['policy', 'compare', {NEW!r}, {NEW!r}])\n"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode()


# ── with a database ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def officer(request, monkeypatch):
    request.getfixturevalue("db")
    request.getfixturevalue("workspace")
    monkeypatch.setenv("DAICHO_AT", "2026-11-23T10:00:00+09:00")
    at = datetime.fromisoformat("2026-11-23T09:00:00+09:00")
    account = Account.objects.create(
        code="alice", display_name="Alice", home_organisation="copro-holdings", created_at=at
    )
    AccountOrganisation.objects.create(account=account, organisation="copro-holdings", role=Role.OFFICER, granted_at=at)
    return ("--as", "alice", "--lang", "en")


def test_apply_publish_list_and_show(officer):
    code, out, _ = daicho("apply", SEED, *officer)
    assert code == 0
    assert "finding(s)" in out
    code, out, _ = daicho("publish", "--from", "2021-01-01", *officer)
    assert code == 0
    assert "Revision 1" in out
    code, out, _ = daicho("list", "--organisation", "copro-technology", "--format", "json", *officer)
    assert [one["number"] for one in json.loads(out)["revisions"]] == [1]
    code, out, _ = daicho("show", "--organisation", "copro-holdings", *officer)
    assert (code, out) == (0, Path(SEED).read_text(encoding="utf-8"))
    code, out, _ = daicho("show", "1", "--organisation", "copro-holdings", "--format", "json", *officer)
    assert json.loads(out)["policy"]["group"]["parent"] == "copro-holdings"


def test_apply_says_when_nothing_changed_or_the_base_is_not_the_head(officer):
    daicho("apply", SEED, *officer)
    daicho("publish", "--from", "2021-01-01", *officer)
    code, _, err = daicho("apply", SEED, "--base", "1", *officer)
    assert code == 2
    assert "same as revision 1" in err
    code, _, err = daicho("apply", NEW, *officer)
    assert code == 3
    assert "write base: 1" in err
    assert daicho("apply", NEW, "--base", "1", *officer)[0] == 0
    code, out, _ = daicho("list", "--organisation", "copro-holdings", *officer)
    assert code == 0
    assert "draft" in out


def test_publish_without_a_draft_or_an_account_is_refused(officer):
    code, _, err = daicho("publish", *officer)
    assert code == 2
    assert "no draft" in err
    assert daicho("apply", SEED)[0] == 3


def test_a_second_revision_goes_by_another_officer(officer):
    at = datetime.fromisoformat("2026-11-23T09:00:00+09:00")
    account = Account.objects.create(code="bob", display_name="Bob", home_organisation="copro-holdings", created_at=at)
    AccountOrganisation.objects.create(account=account, organisation="copro-holdings", role=Role.OFFICER, granted_at=at)
    bob = ("--as", "bob", "--lang", "en")
    daicho("apply", SEED, *officer)
    daicho("publish", "--from", "2021-01-01", *officer)
    daicho("apply", NEW, "--base", "1", *officer)
    code, _, err = daicho("publish", "--from", "2026-12-01", *officer)
    assert code == 3
    assert "author alone" in err
    assert daicho("submit", *officer)[0] == 0
    code, _, err = daicho("approve", *officer)
    assert code == 3
    assert "of their own" in err
    assert daicho("send-back", *bob)[0] == 0
    assert daicho("approve", *bob)[0] == 3
    assert daicho("submit", *officer)[0] == 0
    code, out, _ = daicho("approve", *bob)
    assert (code, out.strip()) == (0, "The draft is approved.")
    code, out, _ = daicho("list", "--organisation", "copro-holdings", "--format", "json", *bob)
    assert json.loads(out)["drafts"][0]["state"] == "approved"
    code, out, _ = daicho("publish", "--from", "2026-12-01", *officer)
    assert code == 0
    assert "Revision 2" in out
    code, out, _ = daicho("list", "--organisation", "copro-holdings", "--format", "json", *officer)
    assert json.loads(out)["revisions"][1]["approved_by"] == "bob"

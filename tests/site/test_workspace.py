"""The settings file: what it says is taken, what it says wrongly is told, all of it, each at its line."""

import json
from pathlib import Path

import pytest

from daicho.letters.house import Typeface
from daicho.site.workspace import Workspace, find_workspace
from daicho.words.era import Calendar
from daicho.words.errors import Fault, InstallationError, SettingsError
from daicho.words.text import Language
from tests.journeys.test_command_line import ended, program

GOOD = """\
language = "en"
organisation = "copro-holdings"
database = "env:DAICHO_DATABASE_URL"
rehearsal = "yes"

[letters]
calendar = "western"
typeface = "Mihon Mincho"
typeface_folders = ["fonts"]

[letters.copro-engineering]  # what this one does otherwise
calendar = "era"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DAICHO_WORKSPACE", raising=False)
    return tmp_path


def read(folder: Path, text: str) -> Workspace:
    (folder / "daicho.toml").write_text(text, encoding="utf-8")
    return find_workspace(folder)


def refused(folder: Path, text: str) -> list[tuple[int, str]]:
    """Line and code of everything that is wrong."""
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    error = caught.value
    assert error.fault is Fault.INSTALLATION
    assert str(error.place) == str(folder / "daicho.toml")
    for problem in error.problems:
        assert problem.place.path == str(folder / "daicho.toml")
        assert problem.message.ja != problem.message.en
        assert problem.advice.ja != problem.advice.en
    return [(problem.place.line, problem.code) for problem in error.problems]


def test_every_setting_is_taken(folder: Path) -> None:
    found = read(folder, GOOD)
    assert (found.language, found.organisation, found.rehearsal) == (Language.EN, "copro-holdings", True)
    assert found.database == "env:DAICHO_DATABASE_URL"
    assert found.letters.of("copro-holdings").calendar is Calendar.GREGORIAN
    assert found.letters.of("copro-engineering").calendar is Calendar.ERA
    face = Typeface(family="Mihon Mincho", folders=(folder / "fonts",))
    assert found.letters.of("copro-engineering").typeface == found.letters.for_all.typeface == face


def test_an_empty_file_is_a_workspace_and_a_folder_below_finds_it(folder: Path) -> None:
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    (folder / "daicho.toml").write_text("", encoding="utf-8")
    assert find_workspace(below) == Workspace(folder=folder, exists=True)


def test_everything_wrong_is_told_at_its_line(folder: Path) -> None:
    text = """\
language = "fr"
colour = "red"
organisation = 3
rehearsal = "maybe"

[letters]
calender = "era"
seal_side_mm = "24"  # a number, not text
'fold_marks' = false

[letters . copro-engineering]
number_ja = "第号"

[letters."Copro Holdings"]
seal = "none"
"""
    assert refused(folder, text) == [
        (1, "value"),
        (2, "unknown-key"),
        (3, "value"),
        (4, "value"),
        (7, "unknown-key"),
        (8, "value"),
        (9, "value"),
        (12, "value"),
        (14, "organisation"),
    ]


MAIL = 'mail_server = "env:SMTP"\nmail_from = "daicho@example.jp"\n'


@pytest.mark.parametrize("time", ["00:00", "08:30", "23:59"])
def test_the_time_of_the_reminders_is_taken(folder: Path, time: str) -> None:
    assert read(folder, f'{MAIL}remind_at = "{time}"\n').remind_at == time
    assert read(folder, MAIL).remind_at == ""


@pytest.mark.parametrize("time", ['"8:30"', '"24:00"', '"08:60"', '"08:30:00"', "08:30:00", '"morning"', '"0８:30"'])
def test_what_is_no_time_of_the_day_is_refused(folder: Path, time: str) -> None:
    assert refused(folder, f"{MAIL}remind_at = {time}\n") == [(3, "value")]


@pytest.mark.parametrize("mail", ["", 'mail_server = "env:SMTP"\n', 'mail_from = "daicho@example.jp"\n'])
def test_reminders_that_nothing_would_send_are_refused(folder: Path, mail: str) -> None:
    assert refused(folder, f'remind_at = "08:30"\n{mail}') == [(1, "needs-mail")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("letters = 'western'\n", [(1, "table")]),
        ("[[letters]]\ncalendar = 'era'\n", [(0, "table")]),
        ("letters = {calendar = 'roman'}\n", [(0, "value")]),
        ("letters.calendar = 'roman'\n", [(0, "value")]),
        ("[letters.copro.deeper]\ncalendar = 'era'\n", [(1, "unknown-key")]),
        ("[leters]\ncalendar = 'era'\n", [(1, "unknown-key")]),
        ("[letters]\nwindow_left_mm = 50\nwindow_width_mm = 90\n", [(3, "window")]),
        ("rehearsal = true\n", [(1, "value")]),
    ],
)
def test_however_it_is_written(folder: Path, text: str, found: list[tuple[int, str]]) -> None:
    assert refused(folder, text) == found


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"[letters]\ncalendar = era\n", ":2:12"),
        (b"[letters]\nseal = 'none'\nseal = 'none'\n", ":3:14"),
        (b"language = [\n", ""),
        ("organisation = '総務'".encode("shift_jis"), ""),
        (b"a = " + b"[" * 5000, ""),
    ],
)
def test_a_file_that_is_no_toml_is_refused_where_it_stops_being_one(folder: Path, content: bytes, place: str) -> None:
    (folder / "daicho.toml").write_bytes(content)
    with pytest.raises(InstallationError) as caught:
        find_workspace(folder)
    assert str(caught.value.place) == f"{folder / 'daicho.toml'}{place}"


@pytest.mark.slow
def test_the_program_tells_all_of_it_in_both_languages_and_as_json(folder: Path) -> None:
    (folder / "daicho.toml").write_text("colour = 1\n[letters]\nfold_marks = false\n", encoding="utf-8")
    for language, words in (("ja", "設定ファイルに 2 件の誤り"), ("en", "2 error(s) in the settings file")):
        found = ended(program(folder, "rights", "list", "--lang", language))
        assert found.code == 6
        assert words in found.errors
        assert f"{folder / 'daicho.toml'}:3:1: [value]" in found.errors
        assert '"no"' in found.errors
        assert "Traceback" not in found.errors
    found = ended(program(folder, "rights", "list", "--format", "json"))
    told = json.loads(found.errors)
    assert (told["error"], told["fault"], len(told["problems"])) == ("settings", "installation", 2)
    assert told["problems"][1]["advice"]["ja"] == '"yes"か"no"を書いてください。'


def test_folders_for_stores_are_taken_from_the_settings_file(folder: Path) -> None:
    assert read(folder, "").store_folders == ()
    assert read(folder, 'store_folders = ["../exports", "/srv/data"]').store_folders == (
        folder / "../exports",
        Path("/srv/data"),
    )
    assert refused(folder, 'language = "ja"\nstore_folders = "../exports"') == [(2, "value")]
    assert refused(folder, "store_folders = [3]") == [(1, "value")]


def test_init_writes_folders_for_stores(tmp_path: Path) -> None:
    line = ("init", "--organisation", "copro-holdings", "--store-folder", "../a b")
    assert ended(program(tmp_path, *line)).code == 0
    assert 'store_folders = ["../a b"]' in (tmp_path / "daicho.toml").read_text(encoding="utf-8")

"""The setting ``letters`` on letters that really leave the house, read from a settings file, by the command line."""

import io
import json
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_regular
import pytest

from daicho.cli.main import run
from daicho.letters import press
from daicho.policy.language import read_policy
from daicho.rights.actions.answering import answer_request
from daicho.rights.actions.deciding import decide_claim
from daicho.rights.house import house_of
from daicho.rights.rules import ClaimState
from daicho.site.workspace import find_workspace
from daicho.words.text import Language
from tests.letters.reading import characters, page_texts, text_of
from tests.rights.desk import ORGANISATION, POLICY, Desk
from tests.rights.outcomes import How, searched, worked

WESTERN = """\
[letters]
calendar = "western"
number_ja = "総個第{year}-{number}号"
number_en = "Ref. {year}/{number}"
signatory_ja = "管理本部長　見本 太郎"
signatory_en = "Taro Mihon, Director"
seal = "none"
fold_marks = "no"
window_left_mm = 40
window_width_mm = 80
window_top_mm = 45
show_fax = "no"
"""
FACE = "Mihon Mincho XYZ"


@pytest.fixture
def style(desk, settings, monkeypatch):
    """Writes the settings file and reads it as the program does when it starts."""
    monkeypatch.setenv("DAICHO_WORKSPACE", str(desk.folder))
    monkeypatch.setenv("DAICHO_AT", desk.at.isoformat())

    def write(text: str) -> None:
        (desk.folder / "daicho.toml").write_text(f'rehearsal = "yes"\n{text}', encoding="utf-8")
        settings.WORKSPACE = find_workspace()

    return write


def command(*arguments: object, by: str = "clerk", code: int = 0) -> str:
    out, err = io.StringIO(), io.StringIO()
    assert run(["--lang", "ja", *map(str, arguments), "--as", by], out=out, err=err) == code, err.getvalue()
    return out.getvalue() + err.getvalue()


def refused(desk: Desk, **more: Any) -> str:
    """A request whose refusal waits for its letter."""
    number = desk.verified({"kind": "disclosure"}, **more)
    searched(desk, number, How())
    decide_claim(f"{number}-1", ClaimState.REFUSED, ground="impedes_business", scope=desk.officer, at=desk.at)
    return number


def answered(desk, number: str, folder: Path, *more: str) -> dict[str, bytes]:
    """What ``daicho rights answer`` writes: name → content."""
    command("rights", "answer", number, "--to", folder, *more)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_letter_goes_out_in_the_style_of_the_file(desk, style, tmp_path):
    style(WESTERN)
    (letter,) = answered(desk, refused(desk), tmp_path / "ja").values()
    text = text_of(letter)
    assert "総個第2026-L-2026-0001号" in text
    assert "2026年11月24日" in text
    assert "令和" not in text
    assert "管理本部長見本太郎" in text
    assert "清川甲介" not in text  # the policy's representative
    assert "印" not in text
    assert "FAX" not in text
    first = next(one for one in characters(letter) if one.text == "〒")
    assert first.left == pytest.approx(40, abs=1)
    assert first.top == pytest.approx(45, abs=1.5)
    (english,) = answered(desk, refused(desk, language="en"), tmp_path / "en").values()
    text = text_of(english)
    assert "Ref.2026/L-2026-0002" in text
    assert "TaroMihon,Director" in text


def test_without_a_setting_it_goes_out_as_the_house_has_it(desk, style, tmp_path):
    style("")
    (letter,) = answered(desk, refused(desk), tmp_path / "out").values()
    text = text_of(letter)
    for words in ("個情発第L-2026-0001号", "令和8年11月24日", "清川甲介", "印", "FAX"):
        assert words in text
    first = next(one for one in characters(letter) if one.text == "〒")
    assert first.left == pytest.approx(20, abs=1)
    assert first.top == pytest.approx(16, abs=1.5)


def test_what_has_gone_out_stays_as_it_was_when_the_style_changes(desk, style, tmp_path):
    style("")
    number = refused(desk)
    before = answered(desk, number, tmp_path / "before", "--pack")
    assert sorted(name.split("-")[4] for name in before) == ["pack", "refusal"]
    style(WESTERN)
    assert answered(desk, number, tmp_path / "after", "--pack") == before
    later = answered(desk, refused(desk), tmp_path / "later", "--pack")
    assert all("2026年11月24日" in text_of(content) for content in later.values())


def test_a_company_of_the_group_has_a_style_of_its_own(desk, style):
    style(WESTERN + f'[letters.{ORGANISATION}]\ncalendar = "era"\nnumber_ja = "本社{{number}}"\n')
    text = text_of(worked(desk, {"kind": "erase", "basis": "no_longer_needed"}).files[0].content)
    assert "本社L-2026-0001" in text
    assert "令和8年11月24日" in text
    assert "2026年11月" not in text
    assert "管理本部長" in text  # what it says nothing about is as for all
    policy = read_policy(POLICY.read_bytes(), path=str(POLICY)).policy
    others = [one.code for one in policy.organisations if one.code != ORGANISATION]
    assert others
    for code in others:
        house = house_of(policy, code)
        assert house.say_day(desk.at.date(), Language.JA) == "2026年11月24日"
        assert house.say_number("1", dated_on=desk.at.date(), language=Language.JA) == "総個第2026-1号"


def test_dates_in_every_letter_and_paper_follow_the_calendar(desk, style, tmp_path):
    style('[letters]\ncalendar = "western"\n')
    erased = worked(desk, {"kind": "erase", "basis": "no_longer_needed"}, pack=True)
    for file in erased.files:
        assert "令和" not in text_of(file.content), file.name
    command("rights", "form", "--to", tmp_path / "form.pdf")
    command("rights", "ledger", "--year", "2026", "--to", tmp_path)
    for name, day in (("form.pdf", "2021年1月1日改定"), ("request-ledger-2026.pdf", "2026/11/24")):
        text = text_of((tmp_path / name).read_bytes())
        assert "令和" not in text
        assert day in text


# ── typefaces ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def fonts(desk: Desk) -> Path:
    """A folder of the workspace with a face that no machine has: the packaged one under another name."""
    (package,) = Path(str(noto_cjk_sans_jp_regular.__file__)).parent.glob("*.otf")
    renamed = package.read_bytes().replace("Noto Sans CJK JP".encode("utf-16-be"), FACE.encode("utf-16-be"))
    folder = desk.folder / "fonts"
    folder.mkdir()
    (folder / "mihon.otf").write_bytes(renamed)
    return folder


def test_a_face_that_is_not_in_its_folder_is_refused_before_a_letter_goes_out(desk, style, fonts, tmp_path):
    number = refused(desk)
    style('[letters]\ntypeface = "Meiryo"\ntypeface_folders = ["fonts"]\n')
    told = command("rights", "answer", number, "--to", tmp_path / "out", code=6)
    assert str(desk.folder / "daicho.toml") in told
    assert "Meiryo が typeface_folders のフォルダにありません" in told
    assert FACE in told  # the one that is there
    style('[letters]\ntypeface = "Mihon Mincho"\ntypeface_folders = ["nowhere"]\n')
    assert "そこには書体がありません" in command("rights", "answer", number, code=6)
    assert "そこには書体がありません" in command("letters", "sample", "--to", tmp_path / "out", code=6)
    assert not (tmp_path / "out").exists()
    style("")
    (letter,) = answered(desk, number, tmp_path / "out").values()
    assert "個情発第L-2026-0001号" in text_of(letter)  # no number was lost to what was refused


def test_a_pack_is_printed_again_in_the_face_of_its_day(desk, style, fonts, tmp_path):
    style(f'[letters]\ntypeface = "{FACE}"\ntypeface_folders = ["fonts"]\n')
    number = refused(desk)
    before = answered(desk, number, tmp_path / "before", "--pack")
    style("")
    plain = refused(desk)
    answered(desk, plain, tmp_path / "plain", "--pack")
    gone = "設定された書体がこの機械にないため"
    assert gone not in command("rights", "answer", number, "--pack", "--to", tmp_path / "after")
    assert {path.name: path.read_bytes() for path in (tmp_path / "after").iterdir()} == before
    (fonts / "mihon.otf").unlink()
    press._tools.cache_clear()  # as in a new process
    assert gone in command("rights", "answer", number, "--pack", "--to", tmp_path / "gone")
    assert gone not in command("rights", "answer", plain, "--pack", "--to", tmp_path / "gone")


# ── the sample ───────────────────────────────────────────────────────────────────────────────


def test_a_sample_shows_the_style_on_a_letter_and_a_ledger_and_changes_nothing(desk, style, tmp_path):
    style(WESTERN)
    for language in ("ja", "en"):
        told = json.loads(command("letters", "sample", "--to", tmp_path, "--lang", language, "--format", "json"))
        letter, ledger = (Path(one).read_bytes() for one in told["files"])
        assert told["warnings"] == []
        assert ("総個第2026-L-2026-0000号" if language == "ja" else "Ref.2026/L-2026-0000") in text_of(letter)
        assert ("2026/11/24" if language == "ja" else "2026-11-24") in text_of(ledger)
        assert len(page_texts(letter)) == 2
        assert ("見本" if language == "ja" else "Mihon") in text_of(letter)
    number = refused(desk)
    (file,) = answer_request(number, scope=desk.clerk, at=desk.at, folder=desk.files).files
    assert "L-2026-0001" in file.name


def test_a_sample_says_which_table_is_nobodys(desk, style, tmp_path):
    style('[letters.copro-holding]\ncalendar = "western"\n')
    assert "[letters.copro-holding]" in command("letters", "sample", "--to", tmp_path)
    style(f'[letters.{ORGANISATION}]\ncalendar = "western"\n')
    assert "[letters" not in command("letters", "sample", "--to", tmp_path)


def test_a_sample_of_somebody_elses_company_is_refused(desk, style, tmp_path):
    style("")
    told = command("letters", "sample", "--to", tmp_path, "--organisation", "copro-engineering", code=2)
    assert "[not-found]" in told
    assert "copro-engineering" not in told, "whether there is such a company is not told"
    assert list(tmp_path.glob("*.pdf")) == []

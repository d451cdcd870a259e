import sys
from pathlib import Path
from typing import Any

import pytest

from daicho.stores.adapters import KINDS, open_store, settings_of
from daicho.stores.port import StoreSettings
from daicho.stores.settings import check_settings
from daicho.words.errors import InputError, InstallationError


def settings(kind: str, base: Path | str = ".", /, **values: Any) -> StoreSettings:
    return StoreSettings(
        code="shop", kind=kind, values=values, secret=lambda _name: "postgresql://none", base_folder=str(base)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_lists_its_settings_in_both_languages(kind: str):
    known = settings_of(kind)
    assert any(setting.required for setting in known)
    assert all(setting.words.ja and setting.words.en for setting in known)
    assert len({setting.name for setting in known}) == len(known)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_refuses_what_is_missing_and_what_it_does_not_know(kind: str):
    required = [setting.name for setting in settings_of(kind) if setting.required]
    problems = check_settings(settings_of(kind), {"passwrod": "geheim"})
    assert {(problem.name, problem.code) for problem in problems} == {
        ("passwrod", "unknown-setting"),
        *((name, "missing-setting") for name in required),
    }
    with pytest.raises(InputError) as caught:
        open_store(settings(kind, passwrod="geheim"))
    said = caught.value.say("ja") + caught.value.say("en")
    assert all(name in said for name in [*required, "passwrod"])
    assert "geheim" not in said


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("postgresql", "url", "postgresql://user:geheim@host/db"),
        ("postgresql", "url", "env:"),
        ("postgresql", "lock_seconds", "10"),
        ("postgresql", "lock_seconds", True),
        ("sqlite", "path", ""),
        ("sqlite", "path", 5),
        ("csv", "encoding", "sjis"),
        ("csv", "keys", "id"),
        ("paper", "department", None),
    ],
)
def test_a_wrong_value_is_told_without_being_repeated(kind: str, name: str, value: Any):
    (problem,) = [one for one in check_settings(settings_of(kind), {name: value}) if one.name == name]
    assert problem.code == "wrong-setting"
    assert "geheim" not in problem.message.ja + problem.advice.ja + problem.message.en + problem.advice.en


@pytest.mark.parametrize("columns", [[], {}, [1], 5, ""])
def test_keys_of_a_csv_folder_are_names_or_lists_of_names(tmp_path: Path, columns: Any):
    with pytest.raises(InputError):
        open_store(settings("csv", tmp_path, folder=".", keys={"people": columns}))


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="oracle") as caught:
        open_store(settings("oracle"))
    assert all(kind in caught.value.advice.en for kind in KINDS)


def test_a_relative_path_is_relative_to_the_base_folder(tmp_path: Path):
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "people.csv").write_text("id,name\n1,x\n", encoding="utf-8")
    assert set(open_store(settings("csv", tmp_path, folder="csv")).inspect().tables) == {"people"}
    assert set(open_store(settings("csv", "/", folder=str(tmp_path / "csv"))).inspect().tables) == {"people"}


def test_a_missing_driver_is_an_installation_to_mend(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "daicho.stores.adapters.postgresql.store", None)
    with pytest.raises(InstallationError) as caught:
        open_store(settings("postgresql", url="env:X"))
    assert "daicho[postgres]" in caught.value.advice.en
    assert caught.value.__context__ is None

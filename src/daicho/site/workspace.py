"""The folder Daicho works in, and its settings file ``daicho.toml``.

    language = "ja"                       # ja or en, for messages and letters
    organisation = "copro-holdings"       # the organisation a command acts for unless told otherwise
    database = "env:DAICHO_DATABASE_URL"  # left out: SQLite in the workspace folder
    rehearsal = "yes"                     # DAICHO_AT may set the clock; never in a workspace of real requests

The workspace is named by ``--workspace`` or ``DAICHO_WORKSPACE``; otherwise it is the nearest
folder upwards from here that holds a ``daicho.toml``. A key that is not in the list above is refused.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from daicho.words.errors import InstallationError, Place
from daicho.words.text import Language, Text

SETTINGS_FILE: Final = "daicho.toml"
DATABASE_FILE: Final = "daicho.sqlite3"
VARIABLE: Final = "DAICHO_WORKSPACE"
KNOWN: Final = frozenset({"language", "organisation", "database", "rehearsal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where this installation keeps its files, and what its settings file says."""

    folder: Path
    exists: bool
    language: Language = Language.JA
    organisation: str = ""
    database: str = ""
    rehearsal: bool = False

    @property
    def files(self) -> Path:
        """Sealed files: data of disclosures, letters, slips."""
        return self.folder / "files"

    def secret(self, reference: str) -> str:
        """Resolve ``env:NAME``.

        Raises:
            InstallationError: not a reference, or the variable is not set. The value is never shown.
        """
        scheme, _, name = reference.partition(":")
        if scheme != "env" or not name:
            raise InstallationError(
                Text("秘密は env:名前 の形で指します。", "A secret is named as env:NAME."),
                advice=Text(
                    "値そのものではなく、環境変数の名前を書いてください。",
                    "Write the name of an environment variable, not the value.",
                ),
            )
        value = os.environ.get(name)
        if not value:
            raise InstallationError(
                Text(f"環境変数 {name} がありません。", f"The environment variable {name} is not set."),
                advice=Text(
                    f"{name} を設定してから、もう一度実行してください。", f"Set {name} and run the command again."
                ),
            )
        return value


def find_workspace(start: Path | None = None) -> Workspace:
    """Find and read the workspace; one without a settings file has ``exists`` False."""
    named = os.environ.get(VARIABLE)
    if named:
        folder = Path(named).resolve()
        return _read(folder) if (folder / SETTINGS_FILE).is_file() else Workspace(folder=folder, exists=False)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return _read(folder)
    return Workspace(folder=here, exists=False)


def _read(folder: Path) -> Workspace:
    path = folder / SETTINGS_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refuse(
            path,
            Text("設定ファイルを読めません。", "The settings file cannot be read."),
            Text("TOML の書き方と文字コード（UTF-8）を確かめてください。", "Check that it is TOML in UTF-8."),
        ) from error
    for key in sorted(set(values) - KNOWN):
        raise _refuse(
            path,
            Text(f"設定 {key} はありません。", f"There is no setting {key}."),
            Text(f"使える設定は {', '.join(sorted(KNOWN))} です。", f"The settings are {', '.join(sorted(KNOWN))}."),
        )
    for key, value in values.items():
        if not isinstance(value, str):
            raise _refuse(
                path,
                Text(f"設定 {key} は文字列です。", f"The setting {key} must be text."),
                Text("引用符で囲んでください。", "Put the value in quotes."),
            )
    language = values.get("language", Language.JA)
    if language not in set(Language):
        raise _refuse(
            path,
            Text("language は ja か en です。", "language must be ja or en."),
            Text("どちらかを書いてください。", "Write one of the two."),
        )
    return Workspace(
        folder=folder,
        exists=True,
        language=Language(language),
        organisation=values.get("organisation", ""),
        database=values.get("database", ""),
        rehearsal=values.get("rehearsal", "no") == "yes",
    )


def _refuse(path: Path, message: Text, advice: Text) -> InstallationError:
    return InstallationError(message, advice=advice, place=Place(path=str(path)))


def django_database(workspace: Workspace) -> dict[str, Any]:
    """The ``DATABASES["default"]`` of this workspace: SQLite in the folder, or the PostgreSQL it names."""
    address = workspace.secret(workspace.database) if workspace.database else os.environ.get("DAICHO_DATABASE_URL", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(workspace.folder / DATABASE_FILE),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise InstallationError(
            Text(
                "データベースの指定が postgresql:// の形ではありません。",
                "The database address is not of the form postgresql://.",
            ),
            advice=Text(
                "postgresql://利用者@ホスト:ポート/名前 の形で設定してください。",
                "Set it as postgresql://user@host:port/name.",
            ),
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"options": "-c default_transaction_isolation=read\\ committed"},
    }

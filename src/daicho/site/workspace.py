"""The folder Daicho works in, and its settings file ``daicho.toml``.

    language = "ja"                       # ja or en, for messages and letters
    organisation = "copro-holdings"       # the organisation a command acts for unless told otherwise
    database = "env:DAICHO_DATABASE_URL"  # left out: SQLite in the workspace folder
    rehearsal = "yes"                     # DAICHO_AT may set the clock; never in a workspace of real requests
    address = "https://daicho.example"    # where browsers find the web door; left out: this machine only
    mail_server = "env:DAICHO_SMTP_URL"   # smtps://user:password@host:port; left out: no mail is sent
    mail_from = "daicho@example.jp"
    remind_at = "08:30"                   # when `daicho serve` reminds by mail on working days; left out: never by itself
    sign_on = "https://login.example"     # OpenID Connect provider, with sign_on_client and sign_on_secret

    webhook_hosts = "hooks.internal"      # hosts inside that webhooks may reach, also by plain http; left out: none
    store_folders = ["../exports"]        # folders outside the workspace that stores may lie in; left out: none

    [letters]                             # how letters look: daicho.letters.setting
    calendar = "western"

The workspace is named by ``--workspace`` or ``DAICHO_WORKSPACE``; otherwise it is the nearest
folder upwards from here that holds a ``daicho.toml``. Whatever is not understood is refused, all of it at once.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from daicho.letters.setting import SETTING, HouseStyles, Kind, choice, did_you_mean, read_styles
from daicho.words.errors import InstallationError, Place, Problem, SettingsError
from daicho.words.text import Language, Text

SETTINGS_FILE: Final = "daicho.toml"
DATABASE_FILE: Final = "daicho.sqlite3"
VARIABLE: Final = "DAICHO_WORKSPACE"
#: Environment variables that Daicho reads for itself, or that its documentation names for it.
OWN_SECRETS: Final = frozenset(
    {"DAICHO_DATABASE_URL", "DAICHO_KEK", "DAICHO_WEB_KEY", "DAICHO_SMTP_URL", "DAICHO_SSO_SECRET"}
)
_TEXT: Final = Kind(lambda value: isinstance(value, str), Text("引用符で囲んだ文字", "text, in quotes"))
_ADDRESS: Final = Kind(
    lambda value: (
        isinstance(value, str) and re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?(/[!-~]*)?", value) is not None
    ),
    Text("https:// で始まるアドレス（引用符で囲む）", "an address that begins with https://, in quotes"),
)
_SECRET: Final = Kind(
    lambda value: isinstance(value, str) and re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", value) is not None,
    Text("env:環境変数の名前（値そのものは書かない）", "env:NAME of an environment variable, never the value"),
)
_TIME: Final = Kind(
    lambda value: isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) is not None,
    Text('時刻（引用符で囲んだ "08:30" の形）', 'a time of the day, in quotes: "08:30"'),
)
_FOLDERS: Final = Kind(
    lambda value: isinstance(value, list) and all(isinstance(one, str) and one for one in value),
    Text('フォルダの並び（["../exports"] の形）', 'a list of folders: ["../exports"]'),
)
_STORE_FOLDERS: Final = "store_folders"
_PLAIN: Final = {
    "language": choice(*Language),
    "organisation": _TEXT,
    "database": _TEXT,
    "rehearsal": choice("yes", "no"),
    "address": _ADDRESS,
    "mail_server": _SECRET,
    "mail_from": _TEXT,
    "remind_at": _TIME,
    "sign_on": _ADDRESS,
    "sign_on_client": _TEXT,
    "sign_on_secret": _SECRET,
    "webhook_hosts": _TEXT,
}
_WEB: Final = (
    "address", "mail_server", "mail_from", "remind_at", "sign_on", "sign_on_client", "sign_on_secret", "webhook_hosts",
)  # fmt: skip
KNOWN: Final = frozenset({*_PLAIN, _STORE_FOLDERS, SETTING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where this installation keeps its files, and what its settings file says."""

    folder: Path
    exists: bool
    language: Language = Language.JA
    organisation: str = ""
    database: str = ""
    rehearsal: bool = False
    letters: HouseStyles = field(default_factory=HouseStyles)
    address: str = ""
    mail_server: str = ""
    mail_from: str = ""
    remind_at: str = ""
    sign_on: str = ""
    sign_on_client: str = ""
    sign_on_secret: str = ""
    webhook_hosts: str = ""
    store_folders: tuple[Path, ...] = ()

    @property
    def hosts(self) -> list[str]:
        """The host names the web door answers to: that of ``address``, and this machine's own."""
        host = urlsplit(self.address).hostname
        return [*([host] if host else []), "localhost", "127.0.0.1", "[::1]"]

    @property
    def single_sign_on(self) -> dict[str, Any]:
        """What allauth is told of the company's OpenID Connect provider; nothing when none is named."""
        if not self.sign_on:
            return {}
        app = {
            "provider_id": "company",
            "name": "SSO",
            "client_id": self.sign_on_client,
            "secret": self.secret(self.sign_on_secret) if self.sign_on_secret else "",
            "settings": {"server_url": self.sign_on, "oauth_pkce_enabled": True},
        }
        return {"openid_connect": {"APPS": [app]}}

    @property
    def own_secrets(self) -> frozenset[str]:
        """Names of environment variables that are Daicho's own: those it reads by itself, and those this names."""
        named = (self.database, self.mail_server, self.sign_on_secret)
        return OWN_SECRETS | {one.partition(":")[2] for one in named if one.startswith("env:")}

    @property
    def own_files(self) -> tuple[Path, ...]:
        """Files and folders of the workspace that are Daicho's own."""
        return (self.settings_file, self.folder / DATABASE_FILE, self.folder / "keys", self.files)

    @property
    def settings_file(self) -> Path:
        """What says all this."""
        return self.folder / SETTINGS_FILE

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
    """The workspace of a settings file.

    Raises:
        SettingsError: with everything in the file that is not understood.
    """
    file = _read_file(folder / SETTINGS_FILE)
    for key in sorted(set(file.values) - KNOWN):
        message = Text(f"設定 {key} はありません。", f"There is no setting {key}.")
        file.refuse("unknown-key", (key,), message, did_you_mean(key, sorted(KNOWN)))
    plain = {key: value for key, kind in _PLAIN.items() if (value := file.take(key, kind))}
    file.take(_STORE_FOLDERS, _FOLDERS)
    _need_mail(file, plain)
    styles = read_styles(file.values.get(SETTING, {}), folder=folder, refuse=file.refuse)
    if file.problems:
        raise SettingsError(sorted(file.problems, key=lambda one: one.place.line), place=Place(path=str(file.path)))
    return Workspace(
        folder=folder,
        exists=True,
        language=Language(plain.get("language", Language.JA)),
        organisation=plain.get("organisation", ""),
        database=plain.get("database", ""),
        rehearsal=plain.get("rehearsal", "no") == "yes",
        letters=styles,
        store_folders=tuple(folder / one for one in file.values.get(_STORE_FOLDERS, ())),
        **{key: plain.get(key, "") for key in _WEB},
    )


def _need_mail(file: "_File", plain: Mapping[str, str]) -> None:
    """Reminders that nothing would ever send are refused, not forgotten."""
    if plain.get("remind_at") and not (plain.get("mail_server") and plain.get("mail_from")):
        file.refuse(
            "needs-mail",
            ("remind_at",),
            Text(
                "remind_at がありますが、メールサーバの設定がありません。",
                "There is remind_at, but no mail server is set.",
            ),
            Text(
                "mail_server（env:名前）と mail_from も書くか、remind_at を消してください。",
                "Write mail_server (env:NAME) and mail_from as well, or take remind_at out.",
            ),
        )


@dataclass(frozen=True, slots=True)
class _File:
    """A settings file as it was parsed, and what was found wrong in it."""

    path: Path
    text: str
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, steps: tuple[str, ...], message: Text, advice: Text) -> None:
        """Note one thing wrong, at its line."""
        place = Place(path=str(self.path), line=_line_of(self.text, steps), column=1)
        self.problems.append(Problem(code=code, place=place, message=message, advice=advice))

    def take(self, key: str, kind: Kind) -> str:
        """The text of a key of the file's top; empty when it is not there or cannot be used."""
        value = self.values.get(key, "")
        if key not in self.values or kind.accepts(value):
            return str(value)
        self.refuse(
            "value", (key,), Text(f"{key} の値が使えません。", f"The value of {key} cannot be used."), kind.advice
        )
        return ""


def _read_file(path: Path) -> _File:
    try:
        text = path.read_text(encoding="utf-8")
        return _File(path, text, tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+), column (\d+)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (0, 0)
        raise InstallationError(
            Text("設定ファイルを読めません。", "The settings file cannot be read."),
            advice=Text(
                "TOML の書き方（文字は引用符で囲む）と文字コード（UTF-8）を確かめてください。",
                "Check that it is TOML (text stands in quotes) in UTF-8.",
            ),
            place=Place(path=str(path), line=line, column=column),
        ) from error


def _line_of(text: str, steps: tuple[str, ...]) -> int:
    """The line of a key, or of a table's own head; 0 where it is written in a way not looked for."""
    *above, key = steps
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*\[([^\[\]]+)\]", line)
        if head:
            table = [part.strip(" \"'") for part in head[1].split(".")]
            if table == list(steps):
                return number
        elif table == above and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return number
    return 0


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

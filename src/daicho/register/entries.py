"""Rules inside one store document and one holdings document, all errors at once."""

import re
from collections.abc import Mapping
from typing import Final

from daicho.register.checks import Found
from daicho.register.language import HoldingPart
from daicho.register.reading import Rpd
from daicho.words.documents import Document
from daicho.words.errors import Problem
from daicho.words.text import Text

_SECRET_KEY: Final = re.compile(r"(?i)(^url$|pass|secret|token|dsn|credential|api_?key)")
_SECRET_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/\s]*:[^/\s]*@")


def check_settings(document: Document) -> list[Problem]:
    """A store document names a secret, never writes it (design 4)."""
    found = Found(document)
    settings = document.value.get("settings")
    for key, value in settings.items() if isinstance(settings, dict) else ():
        named = isinstance(value, str) and value.startswith("env:")
        if isinstance(value, str) and not named and (_SECRET_KEY.search(key) or _SECRET_URL.search(value)):
            found.add(
                "secret-written",
                Text(
                    f"settings の {key} に接続先や秘密がそのまま書かれています。",
                    f"{key} in settings holds an address or secret itself.",
                ),
                Text(
                    "環境変数に入れ、env:名前 と書いてください。",
                    "Put it into an environment variable and write env:NAME.",
                ),
                at=("settings", key),
            )
    return found.problems


def check_holdings(rows: Mapping[int, HoldingPart], document: Document) -> list[Problem]:
    """Rules of single holdings, and numbers written twice in one file."""
    found = Found(document)
    seen: set[tuple[str, str]] = set()
    for index, row in rows.items():
        at = ("holdings", index)
        if row.rpd == Rpd.ENTRUSTED and row.entruster is None:
            found.add(
                "entruster",
                Text(
                    f"{row.reg_no} は受託なのに委託元がありません。",
                    f"{row.reg_no} is entrusted and names no entruster.",
                ),
                Text(
                    "entruster に委託元と本人の問い合わせ先を書いてください。",
                    "Write entruster: who it is, and whom the person is told to ask.",
                ),
                at=at,
            )
        if row.rpd != Rpd.ENTRUSTED and row.entruster is not None:
            found.add(
                "entruster-unused",
                Text(
                    f"{row.reg_no} は受託ではないのに委託元があります。",
                    f"{row.reg_no} is not entrusted and names an entruster.",
                ),
                Text(
                    "rpd: entrusted にするか、entruster を消してください。",
                    "Write rpd: entrusted, or remove entruster.",
                ),
                at=(*at, "entruster"),
            )
        if (row.organisation, row.reg_no) in seen:
            found.add(
                "holding-twice",
                Text(f"{row.reg_no} が二度あります。", f"{row.reg_no} stands twice."),
                Text("番号を変えるか、どちらかを消してください。", "Change the number, or remove one of them."),
                at=(*at, "reg_no"),
            )
        seen.add((row.organisation, row.reg_no))
    return found.problems

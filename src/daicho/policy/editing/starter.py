"""A first policy to change: the file beside this one, with what only the company knows written into it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

_STARTER: Final = Path(__file__).with_name("starter.yaml")
#: What is asked before the form opens; each stands in the file as ``@name@``.
ASKED: Final = ("code", "name_ja", "name_en", "postal_code", "address", "title", "representative", "telephone")


def starter_policy(said: Mapping[str, str], *, on: date) -> str:
    """The text of a first policy; ``said`` has every name of `ASKED`, the English name may be empty."""
    text = _STARTER.read_text(encoding="utf-8").replace("@today@", on.isoformat())
    values = {**said, "name_en": said["name_en"] or said["name_ja"]}
    for name in ASKED:  # what was typed is quoted, so it stays one value whatever it holds
        text = text.replace(f"@{name}@", json.dumps(values[name].replace("@", "＠"), ensure_ascii=False))
    return text

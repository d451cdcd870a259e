"""``.daicho-heads.json``: beside the documents, which revision each was applied or exported from.

`apply` refuses a document whose base is not the installation's head: somebody changed it elsewhere
since, and the file would silently undo that. The file belongs into version control with the documents.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from daicho.words.errors import InputError, Place
from daicho.words.text import Text

NAME: Final = ".daicho-heads.json"
_KEY: Final = re.compile(r"(store|holding|map)/[^/]+/[^/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Where a document of this folder came from; ``file`` is its name within the folder."""

    digest: str
    file: str


def key_of(kind: str, organisation: str, code: str) -> str:
    """How a document is named in the file."""
    return f"{kind}/{organisation}/{code}"


def read_bases(folder: Path) -> dict[str, Base]:
    """The bases noted in ``folder``; empty when there is no such file.

    Raises:
        InputError: the file is not what Daicho wrote.
    """
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path) from error
    try:
        documents = json.loads(text)["documents"]
        if not all(_KEY.fullmatch(key) and "/" not in one["file"] for key, one in documents.items()):
            raise _unreadable(path)
        return {key: Base(digest=one["digest"], file=one["file"]) for key, one in documents.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path) from error


def write_bases(folder: Path, bases: Mapping[str, Base], *, gone: Iterable[str] = ()) -> None:
    """Merge ``bases`` into the file of ``folder`` and drop ``gone``; the file is replaced whole or not at all."""
    merged = {**read_bases(folder), **bases}
    for key in gone:
        merged.pop(key, None)
    documents: dict[str, Any] = {key: {"digest": one.digest, "file": one.file} for key, one in sorted(merged.items())}
    path = folder / NAME
    fresh = path.with_name(f"{NAME}.new")
    try:
        fresh.write_text(json.dumps({"documents": documents}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(fresh, path)  # noqa: PTH105 (atomic, and says so)
    except OSError as error:
        raise InputError(
            Text(
                "登録は済みましたが、その控えをファイルの隣に書けません。",
                "It is applied, but the note of it cannot be written beside the files.",
            ),
            advice=Text(
                "フォルダの書き込み権限を直し、もう一度同じ操作をしてください。",
                "Mend the permission to write there and run the same again.",
            ),
            place=Place(path=str(path)),
        ) from error


def _unreadable(path: Path) -> InputError:
    return InputError(
        Text("適用の元を記した控えを読めません。", "The note of what the documents were applied from cannot be read."),
        advice=Text(
            "版管理から戻すか、消してから daicho export で書き出してください。",
            "Restore it from version control, or remove it and run `daicho export`.",
        ),
        place=Place(path=str(path)),
    )

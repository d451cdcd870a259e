"""Which files a command speaks of, and what they hold."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from daicho.words.documents import Document
from daicho.words.errors import InputError, Place
from daicho.words.text import Text

#: Top keys of documents that stand beside the register's and are nobody's mistake.
_OTHERS: Final = frozenset({"format", "request"})


def find_files(paths: Sequence[Path]) -> list[tuple[Path, bool]]:
    """Every document file once, and whether it was found by walking a folder.

    Raises:
        InputError: a path does not exist.
    """
    found: dict[Path, tuple[Path, bool]] = {}  # by where it really is, so that no file is read twice
    for path in paths:
        if path.is_dir():
            for one in sorted(path.rglob("*.yaml")):
                if one.is_file() and not any(part.startswith(".") for part in one.relative_to(path).parts):
                    found.setdefault(one.resolve(), (one, True))
        elif path.is_file():
            found[path.resolve()] = (path, False)
        else:
            raise InputError(
                Text("ファイルもフォルダもありません。", "There is no such file or folder."),
                advice=Text("場所を確かめてください。", "Check the path."),
                place=Place(path=str(path)),
            )
    return list(found.values())


def is_another_kind(document: Document) -> bool:
    """Whether the document is a policy or a request, which may stand in the same folder."""
    return isinstance(document.value, dict) and bool(_OTHERS & set(document.value))


def bytes_of(path: Path) -> bytes:
    """The bytes of a file; InputError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            Text("ファイルを読めません。", "The file cannot be read."),
            advice=Text("読み取り権限を確かめてください。", "Check the permission to read it."),
            place=Place(path=str(path)),
        ) from error

"""``daicho export``: the register in the words it was applied in, with the bases to go on from.

A file that already says what the register says is left alone, comments and all. A file that says
something else is written anew; when it held changes that were never applied, they are kept beside
it as ``<file>.mine``.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from daicho.register.documents import check_document, kind_of
from daicho.register.files import bytes_of, find_files
from daicho.register.heads import Base, key_of, read_bases, write_bases
from daicho.register.language import DocumentKind, HoldingsDocument, MapDocument, StoreDocument
from daicho.register.queries import Head, current_state
from daicho.register.writing import digest_of, plain, to_yaml
from daicho.words.documents import read_document
from daicho.words.errors import DocumentError, InputError, Place
from daicho.words.scope import Scope
from daicho.words.text import Text

_FOLDERS: Final = {DocumentKind.STORE: "stores", DocumentKind.MAP: "maps"}
_Name = tuple[str, str, str]  # kind, organisation ("" for stores and maps), code


class ExportKind(StrEnum):
    """What became of one file."""

    WRITTEN = "written"
    REWRITTEN = "rewritten"
    KEPT = "kept"  # it already said the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One file of an export. ``mine``: where unapplied changes of the old file were put."""

    path: Path
    kind: ExportKind
    mine: Path | None = None


@dataclass(slots=True)
class _File:
    path: Path
    found: dict[_Name, dict[str, Any]] = field(default_factory=dict)  # what it says now, in its order
    wanted: dict[_Name, Head] = field(default_factory=dict)


def export_documents(folder: Path, *, scope: Scope) -> list[Exported]:
    """Write every document of the scope into ``folder``, each into the file that already holds it.

    Raises:
        InputError: the folder cannot be written, or holds a register document that cannot be read.
    """
    files, places = _read_folder(folder)
    for head in current_state().heads.values():
        if scope.allows(head.organisation):
            name = _name(head.kind, head.organisation, head.code)
            path = places.get(name) or _default_place(folder, head, several=len(scope.organisations) > 1)
            files.setdefault(path, _File(path)).wanted[name] = head
    try:
        return [_export(one) for one in files.values() if one.wanted]
    except OSError as error:
        raise InputError(
            Text("フォルダに書き込めません。", "The folder cannot be written to."),
            advice=Text("場所と書き込み権限を確かめてください。", "Check the place and the permission to write."),
            place=Place(path=str(folder)),
        ) from error


def _read_folder(folder: Path) -> tuple[dict[Path, _File], dict[_Name, Path]]:
    files: dict[Path, _File] = {}
    places: dict[_Name, Path] = {}
    for path, _ in find_files([folder]) if folder.is_dir() else ():
        for name, value in _documents_in(path).items():
            files.setdefault(path, _File(path)).found[name] = value
            places.setdefault(name, path)
    return files, places


def _documents_in(path: Path) -> dict[_Name, dict[str, Any]]:
    document = read_document(bytes_of(path), path=str(path))
    if kind_of(document) is None:
        return {}
    try:
        model = check_document(document).model
    except DocumentError as error:
        raise InputError(
            Text(
                "このフォルダの文書に誤りがあり、上書きできません。",
                "A document in this folder has errors; it is not overwritten.",
            ),
            advice=Text("直すか、空のフォルダを指定してください。", "Mend it, or name an empty folder."),
            place=error.place,
        ) from error
    match model:
        case StoreDocument():
            return {_name(DocumentKind.STORE, "", model.store): plain(model)}
        case MapDocument():
            return {_name(DocumentKind.MAP, "", model.map): plain(model)}
        case HoldingsDocument():
            return {_name(DocumentKind.HOLDING, one.organisation, one.reg_no): plain(one) for one in model.holdings}


def _name(kind: DocumentKind, organisation: str, code: str) -> _Name:
    return kind, organisation if kind == DocumentKind.HOLDING else "", code


def _default_place(folder: Path, head: Head, *, several: bool) -> Path:
    if head.kind == DocumentKind.HOLDING:
        return folder / (f"holdings/{head.organisation}.yaml" if several else "holdings.yaml")
    return folder / _FOLDERS[head.kind] / f"{head.code}.yaml"


def _export(file: _File) -> Exported:
    bases = read_bases(file.path.parent)
    wanted = {name: plain(head.model) for name, head in file.wanted.items()}
    # Rows that were never applied are nobody's but the file's: they stay. Applied and since removed ones go.
    fresh = {name: value for name, value in file.found.items() if name not in wanted and not _was_applied(name, bases)}
    after = {**{name: wanted[name] for name in file.found if name in wanted}, **wanted, **fresh}
    existed = file.path.exists()
    if existed and {**file.found} == after:
        kind, mine = ExportKind.KEPT, None
    else:
        mine = _keep_mine(file, bases) if existed else None
        _write(file.path, _body(after))
        kind = ExportKind.REWRITTEN if existed else ExportKind.WRITTEN
    write_bases(
        file.path.parent,
        {
            key_of(head.kind, head.organisation, head.code): Base(digest=head.digest, file=file.path.name)
            for head in file.wanted.values()
        },
    )
    return Exported(path=file.path, kind=kind, mine=mine)


def _was_applied(name: _Name, bases: Mapping[str, Base]) -> bool:
    kind, organisation, code = name
    return any(key == key_of(kind, organisation, code) if organisation else _matches(key, kind, code) for key in bases)


def _matches(key: str, kind: str, code: str) -> bool:
    found_kind, _, found_code = key.split("/", 2)
    return (found_kind, found_code) == (kind, code)


def _keep_mine(file: _File, bases: Mapping[str, Base]) -> Path | None:
    """Keep the old file beside the new one when it says what was never applied."""
    known = {base.digest for base in bases.values()}
    if all(digest_of(value) in known for value in file.found.values()):
        return None
    mine = file.path.with_name(f"{file.path.name}.mine")
    mine.write_bytes(file.path.read_bytes())
    return mine


def _body(documents: Mapping[_Name, dict[str, Any]]) -> str:
    kinds = {kind for kind, _, _ in documents}
    if kinds == {DocumentKind.HOLDING}:
        return to_yaml({"holdings": list(documents.values())})
    (value,) = documents.values()
    return to_yaml(value)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)  # noqa: PTH105 (atomic, and says so)

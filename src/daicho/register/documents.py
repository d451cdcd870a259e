"""Reads a register document: either the document, or every error in it at once, each with its line and column."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from daicho.register.checks import check_tables
from daicho.register.entries import check_holdings, check_settings
from daicho.register.language import KINDS, HoldingPart, Model, TablePart
from daicho.words.documents import Document, read_document, validate
from daicho.words.errors import DocumentError, Place, Problem
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A register document as read, with where each part of it stands."""

    model: Model
    document: Document

    @property
    def path(self) -> str:
        """The file's name as given."""
        return self.document.path


def kind_of(document: Document) -> str | None:
    """``map``, ``holdings`` or ``store``; None when the document speaks of something else."""
    if not isinstance(document.value, dict):
        return None
    return next((key for key in KINDS if key in document.value), None)


def read_file(raw: bytes, *, path: str) -> ReadFile:
    """Read and check one document by itself (not yet against the register, the policy or a store).

    Raises:
        DocumentError: with every error found, in the order of the lines.
    """
    return check_document(read_document(raw, path=path))


def check_document(document: Document) -> ReadFile:
    """As `read_file`, for a document that is already parsed."""
    kind = kind_of(document)
    if kind is None:
        raise DocumentError([_unknown_kind(document)])
    problems: list[Problem] = []
    model: Model | None = None
    try:
        model = validate(KINDS[kind], document)
    except DocumentError as error:
        problems += error.problems
    match kind:
        case "map":
            problems += check_tables(_tables_that_read(document), document)
        case "store":
            problems += check_settings(document)
        case _:
            problems += check_holdings(_holdings_that_read(document), document)
    if problems or model is None:
        raise DocumentError(sorted(problems, key=lambda one: (one.place.line, one.place.column)))
    return ReadFile(model=model, document=document)


def _tables_that_read(document: Document) -> Mapping[str, TablePart]:
    """The tables whose shape is right, so that one broken table does not hide the others' errors."""
    tables = document.value.get("tables")
    return _parts_that_read(TablePart, tables) if isinstance(tables, dict) else {}


def _holdings_that_read(document: Document) -> Mapping[int, HoldingPart]:
    rows = document.value.get("holdings")
    return _parts_that_read(HoldingPart, dict(enumerate(rows))) if isinstance(rows, list) else {}


def _parts_that_read(model: type[Any], parts: Mapping[Any, Any]) -> dict[Any, Any]:
    found = {}
    for name, value in parts.items():
        try:
            found[name] = model.model_validate(value)
        except ValidationError:
            continue  # reported with the whole document
    return found


def _unknown_kind(document: Document) -> Problem:
    return Problem(
        code="unknown-document",
        place=Place(path=document.path, line=1, column=1),
        message=Text(
            "store、holdings、map のどの文書でもありません。", "This is neither a store, a holdings nor a map document."
        ),
        advice=Text(
            "先頭の見出しを store:、holdings:、map: のどれかにしてください。", "Begin with store:, holdings: or map:."
        ),
    )

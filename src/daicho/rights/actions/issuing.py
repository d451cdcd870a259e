"""発行: a letter is printed, numbered, sealed and written down; the same copy is handed out ever after.

Beside an answer lies its pack (checklist, letter, label, enclosure list), sealed as the pages it is
to be printed from: it is typeset when somebody asks for it, and says then what it said first.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from daicho.keys.queries import ring
from daicho.keys.sealed import SealedFile
from daicho.letters.house import HouseStyle
from daicho.letters.letter import Letter, Paper
from daicho.letters.packing import CasePack, ComposedPages
from daicho.letters.press import render
from daicho.rights.models import IssuedLetter, SubjectRequest
from daicho.trail.acts import Acts
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

PACK: Final = "pack"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutFile:
    """A file to be handed over: its plain name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A letter that was just issued."""

    file: OutFile
    number: str
    pages: int
    warnings: list[Text]


def issue(
    request: SubjectRequest, letter: Letter, *, claim: str = "", folder: Path, at: datetime, acts: Acts
) -> Issued:
    """Print a letter, seal a copy, write it down; inside the caller's transaction."""
    printed = render(letter)
    kind = kind_of(letter)
    row = _seal(
        request,
        printed.pdf,
        number=letter.letter_no,
        claim=claim,
        kind=kind,
        pages=printed.pages,
        folder=folder,
        by=acts.actor,
        at=at,
    )
    acts.add(
        "letter.issued",
        organisation=request.organisation,
        letter=letter.letter_no,
        request=request.number,
        kind=kind,
        pages=printed.pages,
    )
    return Issued(
        file=OutFile(name=_file_name(row, request), content=printed.pdf),
        number=row.number,
        pages=printed.pages,
        warnings=[one.message for one in printed.warnings],
    )


def kind_of(letter: Letter) -> str:
    """``DisclosureLetter`` → ``disclosure``; the code of a letter is its class's name."""
    name = type(letter).__name__.removesuffix("Letter")
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")


def keep_pack(
    request: SubjectRequest, pack: CasePack, *, claim: str, folder: Path, at: datetime, acts: Acts
) -> list[Text]:
    """Seal the pages of a pack beside its letter; returns what the people who close the envelope must look at."""
    pages = {"made_on": pack.made_on().isoformat(), "language": pack.language, "sheets": pack.sheets()}
    content = json.dumps(pages, ensure_ascii=False).encode("utf-8", "surrogatepass")
    _seal(
        request,
        content,
        number=pack.letter.letter_no,
        claim=claim,
        kind=PACK,
        pages=0,
        folder=folder,
        by=acts.actor,
        at=at,
    )
    return [warning.message for warning in pack.checklist.warnings()]


def _seal(  # noqa: PLR0913 (one row)
    request: SubjectRequest,
    content: bytes,
    *,
    number: str,
    claim: str,
    kind: str,
    pages: int,
    folder: Path,
    by: str,
    at: datetime,
) -> IssuedLetter:
    ref = f"L-{secrets.token_hex(8)}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with SealedFile.create(folder / f"{ref}.sealed", ring=ring(), bound_to=f"letter:{ref}") as writer:
        writer.write(content)
    sealed = writer.sealed
    return IssuedLetter.objects.create(
        request=request,
        organisation=request.organisation,
        ref=ref,
        number=number,
        claim=claim,
        kind=kind,
        pages=pages,
        sha256=hashlib.sha256(content).hexdigest(),
        name=sealed.path.name,
        wrapped_key=sealed.wrapped_key,
        size=sealed.size,
        issued_by=by,
        issued_at=at,
    )


def _file_name(row: IssuedLetter, request: SubjectRequest) -> str:
    return f"{row.claim or request.number}-{row.kind}-{row.number}.pdf"


def issued_letters(request: SubjectRequest, *, folder: Path) -> list[OutFile]:
    """The letters of a request as they were issued, from their sealed copies."""
    return [
        OutFile(name=_file_name(row, request), content=_open(row, folder))
        for row in request.letters.exclude(kind=PACK).order_by("pk")
    ]


def issued_packs(request: SubjectRequest, house: HouseStyle, *, folder: Path) -> list[OutFile]:
    """The packs of a request, typeset from the pages that were sealed with the letters."""
    return [
        OutFile(name=_file_name(row, request), content=render(_sealed_pages(_open(row, folder), house)).pdf)
        for row in request.letters.filter(kind=PACK).order_by("pk")
    ]


def _open(row: IssuedLetter, folder: Path) -> bytes:
    sealed = SealedFile(
        path=folder / row.name, wrapped_key=bytes(row.wrapped_key), bound_to=f"letter:{row.ref}", size=row.size
    )
    content: bytes = sealed.read(ring=ring())
    return content


def _sealed_pages(content: bytes, house: HouseStyle) -> Paper:
    plain: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    return ComposedPages(
        house=house,
        language=Language(plain["language"]),
        composed_on=date.fromisoformat(plain["made_on"]),
        pages=Personal(plain["sheets"], "pages"),
    )

"""発行: a letter is printed, numbered, sealed and written down; the same copy is handed out ever after.

Beside an answer lies its pack (checklist, letter, label, enclosure list), sealed as the pages it is
to be printed from: it is typeset when somebody asks for it, and says then what it said first.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from daicho.keys.queries import ring
from daicho.keys.sealed import SealedFile
from daicho.letters.house import Typeface
from daicho.letters.letter import Letter, Paper
from daicho.letters.packing import CasePack, ComposedPages
from daicho.letters.press import render
from daicho.rights.models import IssuedLetter, SubjectRequest
from daicho.rights.reading import lock_request
from daicho.trail.acts import Acts
from daicho.words.errors import NotFoundError
from daicho.words.personal import Personal
from daicho.words.scope import Scope
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
    row = seal_letter(
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
    face = pack.typeface()
    pages = {
        "made_on": pack.made_on().isoformat(),
        "language": pack.language,
        "sheets": pack.sheets(),
        "face": {"family": face.family, "folders": [str(one) for one in face.folders]} if face else None,
    }
    content = json.dumps(pages, ensure_ascii=False).encode("utf-8", "surrogatepass")
    seal_letter(
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


def seal_letter(  # noqa: PLR0913 (one row)
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
    """Seal a letter's copy, or its pack, in a file of its own and write its row; inside the caller's transaction."""
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


def open_letter(row: IssuedLetter, request: SubjectRequest, *, folder: Path) -> OutFile:
    """One letter as it was issued, from its sealed copy."""
    return OutFile(name=_file_name(row, request), content=_open(row, folder))


def issued_packs(request: SubjectRequest, *, folder: Path) -> tuple[list[OutFile], list[Text]]:
    """The packs of a request, typeset from the pages that were sealed with the letters; what to look at.

    How the house writes today does not change them. A face that is gone since is told.
    """
    files, warnings = [], []
    for row in request.letters.filter(kind=PACK).order_by("pk"):
        printed = render(_sealed_pages(_open(row, folder)))
        files.append(OutFile(name=_file_name(row, request), content=printed.pdf))
        warnings += [one.message for one in printed.warnings]
    return files, warnings


def hand_out_pack(number: str, letter: str, *, folder: Path, scope: Scope, at: datetime) -> OutFile:
    """The pack a letter goes out in, as it was issued; the trail tells that it was handed out.

    Args:
        letter: the letter's number.

    Raises:
        NotFoundError: the request has no such letter, or it has no pack.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        row = request.letters.filter(number=letter, kind=PACK).first()
        if row is None:
            raise NotFoundError(
                Text("その書面の一式はありません。", "That letter has no pack."),
                advice=Text("「回答と発送」の一覧で確かめてください。", "See the list under “Answer and dispatch”."),
            )
        printed = render(_sealed_pages(_open(row, folder)))
        acts = Acts(actor=scope.actor, at=at)
        acts.add("request.handed_out_again", organisation=request.organisation, request=number, files=1)
        acts.write()
    return OutFile(name=_file_name(row, request), content=printed.pdf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the outside of an envelope has to show: as the letter and the label were printed."""

    names: tuple[str, ...]
    lines: tuple[str, ...]
    label_agrees: bool


def outside_of(row: IssuedLetter, folder: Path) -> Personal[Outside]:
    """Addressee of a letter's pack, and whether its label says the same."""
    sheets: list[dict[str, Any]] = json.loads(_open(row, folder).decode("utf-8", "surrogatepass"))["sheets"]
    to = next(sheet["to"] for sheet in sheets if sheet["template"] == "letter")
    label = next((sheet["to"] for sheet in sheets if sheet["template"] == "label"), to)
    lines = tuple(line for line in (to["code"], *to["lines"]) if line)
    return Personal(Outside(names=tuple(to["names"]), lines=lines, label_agrees=label == to), "address")


def _open(row: IssuedLetter, folder: Path) -> bytes:
    sealed = SealedFile(
        path=folder / row.name, wrapped_key=bytes(row.wrapped_key), bound_to=f"letter:{row.ref}", size=row.size
    )
    content: bytes = sealed.read(ring=ring())
    return content


def _sealed_pages(content: bytes) -> Paper:
    return composed(json.loads(content.decode("utf-8", "surrogatepass")))


def read_pack(row: IssuedLetter, folder: Path) -> dict[str, Any]:
    """The pages of a pack as they were kept; personal."""
    plain: dict[str, Any] = json.loads(_open(row, folder).decode("utf-8", "surrogatepass"))
    return plain


def composed(plain: Mapping[str, Any]) -> ComposedPages:
    """Pages that were kept, to be printed."""
    face = plain.get("face")
    return ComposedPages(
        language=Language(plain["language"]),
        composed_on=date.fromisoformat(plain["made_on"]),
        pages=Personal(plain["sheets"], "pages"),
        face=Typeface(family=face["family"], folders=tuple(map(Path, face["folders"]))) if face else None,
    )

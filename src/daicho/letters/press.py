"""印刷  From a filled-in paper to a PDF/A file.

Every page is compiled as PDF/A-2b, which turns a character without a glyph into an error
instead of a silent box; the press answers that error by trying other faces, then by leaving
a box for the pen (`daicho.letters.glyphs`). Data reach the templates as one JSON text, so
nothing in a name can act as markup. Fonts are read once per process.
"""

import json
import re
import threading
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst

from daicho.letters.glyphs import (
    FACE_MISSING,
    HAND_ENTRY,
    LetterWarning,
    clean,
    missing_characters,
    needs_cleaning,
    warn_of_hand_entry,
    warn_of_other_face,
    warn_of_plain_shape,
)
from daicho.letters.house import Typeface
from daicho.letters.letter import Paper
from daicho.letters.variants import FontVariants, variants_in
from daicho.words.errors import DaichoError, InstallationError, Place
from daicho.words.text import Text

HOUSE_FAMILY: Final = "Noto Sans CJK JP"
_TEMPLATES: Final = Path(str(files("daicho.letters") / "templates"))
_FONT_FOLDERS: Final = tuple(
    str(Path(str(package.__file__)).parent) for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)
)
_STANDARD: Final = "a-2b"
#: Tags for screen readers make a file of many table cells ten times as large; past this many
#: characters of data they are left out, which PDF/A-2b allows.
_MOST_TAGGED: Final = 120_000
#: A compilation names the characters it misses, but not always all of them at once.
_MOST_ATTEMPTS: Final = 20
#: By how many compilations the compiler outlives what it remembers.
_KEPT_COMPILATIONS: Final = 10
_one_at_a_time = threading.Lock()


class PressError(DaichoError):
    """A template failed: our fault, whatever was to be printed."""

    code = "press"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLetter:
    """A finished paper. ``warnings`` are for the person who seals the envelope."""

    pdf: bytes
    pages: int
    warnings: tuple[LetterWarning, ...] = ()


def render(paper: Paper) -> RenderedLetter:
    """Print a paper, or a whole pack, as one PDF/A-2b file.

    The same paper gives the same bytes: the file's date is the paper's own.

    Raises:
        PressError: a template failed; nothing a caller can put in should do this.
    """
    sheets = paper.sheets()
    payload = json.dumps(sheets, ensure_ascii=False)
    warnings = list(paper.warnings())
    if needs_cleaning(payload):
        gaiji: set[str] = set()
        payload = json.dumps(clean(sheets, gaiji), ensure_ascii=False)
        if gaiji:
            warnings.append(warn_of_hand_entry(gaiji))
    typeface = paper.typeface()
    if typeface is not None and typeface.family not in _tools(typeface, machine=False).families:
        warnings.append(FACE_MISSING)
    unknown = [pair for pair in variants_in(payload) if not _first_face(typeface).has_variant(*pair)]
    if unknown:
        warnings.append(warn_of_plain_shape(unknown))
    with _one_at_a_time:
        pdf, more = _Job(typeface, _noon(paper.made_on())).run(payload)
    return RenderedLetter(pdf=pdf, pages=_count_pages(pdf), warnings=(*warnings, *more))


def forget_last() -> None:
    """Give back the memory of large papers: the compiler keeps what it set until ten more have been compiled."""
    fonts = _tools(None, machine=False).fonts
    with _one_at_a_time:
        for _ in range(_KEPT_COMPILATIONS + 1):
            typst.Compiler(b"", font_paths=fonts).compile()


def require_face(typeface: Typeface, *, place: Place) -> None:
    """Refuse a face that is not in the folders named for it.

    Args:
        place: what names face and folders, for who has to mend it.

    Raises:
        InstallationError: it is not there; the advice lists the faces that are.
    """
    if typeface.family in _tools(typeface, machine=False).families:
        return
    there = sorted(
        typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(one) for one in typeface.folders]
        ).families()
    )
    raise InstallationError(
        Text(
            f"書体 {typeface.family} が typeface_folders のフォルダにありません。",
            f"The typeface {typeface.family} is not in the folders of typeface_folders.",
        ),
        advice=Text(
            f"そこにある書体（{'、'.join(there)}）から選んで typeface に書いてください。",
            f"Write as typeface one of those that are there: {', '.join(there)}.",
        )
        if there
        else Text(
            "そこには書体がありません。フォルダの場所を確かめるか、書体のファイルを置いてください。",
            "There is no typeface at all: check where the folders are, or put the typeface's files there.",
        ),
        place=place,
    )


@dataclass(frozen=True, slots=True)
class _Job:
    typeface: Typeface | None
    timestamp: int

    def run(self, payload: str) -> tuple[bytes, list[LetterWarning]]:
        """First the packaged faces, then the machine's, then boxes for what is left."""
        first = self.attempt(payload, machine=False)
        if isinstance(first, bytes):
            return first, []
        boxed: set[str] = set()
        for _ in range(_MOST_ATTEMPTS):
            missing = self.attempt(payload, machine=True)
            if isinstance(missing, bytes):
                warnings = [warn_of_hand_entry(boxed)] if boxed else []
                return missing, [*warnings, *([warn_of_other_face(first - boxed)] if first - boxed else [])]
            boxed |= missing
            payload = payload.translate(dict.fromkeys(map(ord, missing), HAND_ENTRY))
        raise _failed("too many characters without a glyph")

    def attempt(self, payload: str, *, machine: bool) -> bytes | set[str]:
        """The finished file, or the characters that have no glyph."""
        tools = _tools(self.typeface, machine=machine)
        inputs = {"sheets": payload, "faces": json.dumps(tools.faces)}
        try:
            pdf = tools.compiler.compile(
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=[_STANDARD],
                timestamp=self.timestamp,
                pdf_tags=len(payload) <= _MOST_TAGGED,
            )
        except typst.TypstError as error:
            missing = missing_characters(error.diagnostic)
            if not missing:
                raise _failed(error.message) from None
            return missing
        if not isinstance(pdf, bytes):
            raise _failed("no file came back")
        return pdf


def _noon(on: date) -> int:
    """The day's noon in UTC: PDF/A wants a time of making, and the paper's own date is the honest one."""
    return (on - date(1970, 1, 1)).days * 86_400 + 43_200


@dataclass(frozen=True, slots=True)
class _Tools:
    compiler: typst.Compiler
    fonts: typst.Fonts
    families: frozenset[str]
    faces: list[str]


@lru_cache(maxsize=8)
def _tools(typeface: Typeface | None, *, machine: bool) -> _Tools:
    folders = [*_FONT_FOLDERS, *(str(folder) for folder in (typeface.folders if typeface else ()))]
    looked_up = typeface is not None and not typeface.folders
    fonts = typst.Fonts(
        include_system_fonts=machine or looked_up, include_embedded_fonts=True, font_paths=list(folders)
    )
    families = frozenset(fonts.families())
    faces = [typeface.family] if typeface is not None and typeface.family in families else []
    compiler = typst.Compiler(str(_TEMPLATES / "main.typ"), root=str(_TEMPLATES), font_paths=fonts)
    return _Tools(compiler=compiler, fonts=fonts, families=families, faces=[*faces, HOUSE_FAMILY])


@lru_cache(maxsize=8)
def _first_face(typeface: Typeface | None) -> FontVariants:
    """The variants of the face that prints names: the configured one if it is there, else the house's."""
    tools = _tools(typeface, machine=False)
    for font in tools.fonts.fonts():
        if font.family == tools.faces[0] and font.path:
            return FontVariants(Path(font.path).read_bytes(), font.index)
    return FontVariants(b"", 0)


def _count_pages(pdf: bytes) -> int:
    return max((int(found) for found in re.findall(rb"/Type\s*/Pages\s*/Count (\d+)", pdf)), default=0)


def _failed(reason: str) -> PressError:
    # A template's diagnostic can quote data, so only its own first sentence is kept, without quoted parts.
    shown = re.sub(r"[\"`'].*", "", reason, flags=re.DOTALL)[:80]
    return PressError(
        Text(f"書面を組版できませんでした（{shown}）。", f"A paper could not be typeset ({shown})."),
        advice=Text("この表示とともに Daicho の不具合として報告してください。", "Report this as a fault in Daicho."),
    )

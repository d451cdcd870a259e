"""The page as a PDF (A4, PDF/A-2b, fonts embedded), set by Typst.

Texts go in only as data; the template never sees them as markup. The PDF/A standard makes a
character that no font holds an error instead of an empty box.
"""

import json
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst

from daicho.policy.render.blocks import data_of
from daicho.policy.render.page import Page
from daicho.words.errors import InputError
from daicho.words.text import Text


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the packages alone, so that a PDF looks the same on every machine."""
    folders = [str(Path(package.FONT_PATH).parent) for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def pdf_of(page: Page) -> bytes:
    """The page as a PDF; the same page gives the same bytes.

    Raises:
        InputError: a character has no glyph in the fonts.
    """
    data = {
        "language": str(page.language),
        "title": page.title,
        "publisher": page.publisher,
        "blocks": [data_of(block) for block in page.blocks],
    }
    midnight = datetime.combine(page.revised_on, time(), tzinfo=UTC)
    try:
        made = typst.compile(
            files("daicho.policy.render").joinpath("page.typ").read_bytes(),
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards="a-2b",
            timestamp=int(midnight.timestamp()),
        )
    except typst.TypstError as error:
        raise InputError(
            Text(f"PDF を組めません（{error.message}）。", f"The PDF cannot be set ({error.message})."),
            advice=Text(
                "書体にない文字が方針に含まれていないか確かめてください。",
                "Check the policy for a character that the fonts do not have.",
            ),
        ) from error
    assert isinstance(made, bytes)  # noqa: S101 (one file is asked for)
    return made

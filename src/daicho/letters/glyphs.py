"""字形  Characters a letter cannot simply print, and what is done with them.

A name never blocks a letter. In this order: the house's face, the packaged gothic, the faces
of the machine, and last a small empty box to write the character in by hand, with a warning.
Two kinds of character are never left to a font: private-use ones (外字), because a font may
hold something else under the same number, and controls and direction marks, which are
printed as their number so that a value reads as it is stored.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from daicho.words.text import Text

#: What the templates draw as an empty box.
HAND_ENTRY: Final = "\ufffc"

_GAIJI: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
#: How JSON writes controls; a backslash of the text itself only costs a needless second look.
_ESCAPED_CONTROL: Final = re.compile(r"\\(?:[bfrt]|u00[01])")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWarning:
    """Something a human looks at before the letter is sealed; never a personal value.

    ``characters`` are code points such as ``U+20BB7``.
    """

    code: str
    message: Text
    characters: tuple[str, ...] = ()


def needs_cleaning(payload: str) -> bool:
    """Whether a JSON payload holds a character `clean` would touch; cheap, for the common case."""
    return bool(_GAIJI.search(payload) or _UNPRINTABLE.search(payload) or _ESCAPED_CONTROL.search(payload))


def clean(value: Any, gaiji: set[str]) -> Any:
    """Replace 外字 by hand-entry boxes and name unprintable characters; ``gaiji`` collects the former."""
    if isinstance(value, str):
        return _clean_text(value, gaiji)
    if isinstance(value, list | tuple):
        return [clean(part, gaiji) for part in value]
    if isinstance(value, dict):
        return {key: clean(part, gaiji) for key, part in value.items()}
    return value


def _clean_text(text: str, gaiji: set[str]) -> str:
    found = _GAIJI.findall(text)
    if found:
        gaiji.update(found)
        text = _GAIJI.sub(HAND_ENTRY, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return _UNPRINTABLE.sub(lambda character: f"[{code_point(character[0])}]", text)


def code_point(character: str) -> str:
    """``U+20BB7``."""
    return f"U+{ord(character):04X}"


def missing_characters(diagnostic: str) -> set[str]:
    """The characters a failed compilation names as having no glyph in any face."""
    missing: set[str] = set()
    for found in re.finditer(r'the text `"(.*?)"` could not be displayed', diagnostic, re.DOTALL):
        missing.update(_unescape(found[1]))
    return missing


def _unescape(text: str) -> str:
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)


def warn_of_hand_entry(characters: Iterable[str]) -> LetterWarning:
    """No face has these; the letter has an empty box for each."""
    return LetterWarning(
        code="hand-entry",
        message=Text(
            "印字できる書体がない文字があります。空欄の枠に手書きで記入してください。",
            "No typeface has some characters. Write them by hand in the empty boxes.",
        ),
        characters=tuple(sorted(map(code_point, characters))),
    )


def warn_of_other_face(characters: Iterable[str]) -> LetterWarning:
    """Only a face of this machine has these; they look different."""
    return LetterWarning(
        code="other-face",
        message=Text(
            "この機械にある別の書体で印字した文字があります。字形を目で確かめてください。",
            "Some characters are printed in another typeface of this machine. Check their shapes.",
        ),
        characters=tuple(sorted(map(code_point, characters))),
    )


def warn_of_plain_shape(pairs: Iterable[tuple[str, str]]) -> LetterWarning:
    """The face lacks these variants (異体字) and prints the ordinary shape."""
    return LetterWarning(
        code="plain-shape",
        message=Text(
            "指定の異体字が書体にないため、標準の字形で印字しました。必要なら手書きで直してください。",
            "The typeface lacks some variant shapes and prints the ordinary ones. Correct them by hand if needed.",
        ),
        characters=tuple(sorted(f"{code_point(base)} {code_point(selector)}" for base, selector in pairs)),
    )


FACE_MISSING: Final = LetterWarning(
    code="face-missing",
    message=Text(
        "設定された書体がこの機械にないため、既定の書体で印字しました。",
        "The configured typeface is not on this machine; the packaged one was used.",
    ),
)

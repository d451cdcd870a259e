"""書式の設定  The setting ``letters``: from plain values, as a settings file holds them, to a `HouseStyle`.

    [letters]                       # every company of the installation
    calendar = "western"
    seal = "space"

    [letters.copro-engineering]     # what this one of them does otherwise
    seal_side_mm = 18

A key of a company's own table wins over the same key for all; what neither names stays as a
`HouseStyle` has it. Text that is empty takes back what was set for all. `KEYS` is the whole
list; reading, refusing and the page of the documentation come from it. Nothing here opens the
settings file: its reader hands the table over and is told what is wrong at which key.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from daicho.letters.house import (
    NUMBER_PATTERN,
    AddressWindow,
    HouseStyle,
    SealSpace,
    Typeface,
    is_number_pattern,
)
from daicho.words.era import Calendar
from daicho.words.text import Text

SETTING: Final = "letters"
LONGEST: Final = 60
#: The sender's column beside the window needs some 60 mm, and the letter's text begins below the window.
RIGHTMOST_MM: Final = 120
LOWEST_MM: Final = 120

#: Told for each thing that is wrong: a code, the steps to the key, what is wrong, what to write.
Refuse = Callable[[str, tuple[str, ...], Text, Text], None]
Table = Mapping[str, Any]

_ORGANISATION: Final = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class HouseStyles:
    """The style of every company of an installation, by its code; one without its own has the style for all."""

    for_all: HouseStyle = field(default_factory=HouseStyle)
    own: Mapping[str, HouseStyle] = field(default_factory=dict)

    def of(self, organisation: str) -> HouseStyle:
        """How one company writes."""
        return self.own.get(organisation, self.for_all)


# ── what may be written ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Kind:
    """What the value of a key may be; ``said`` is that in words, as they stand after *write*."""

    accepts: Callable[[object], bool]
    said: Text

    @property
    def advice(self) -> Text:
        """What to write."""
        return Text(f"{self.said.ja}を書いてください。", f"Write {self.said.en}.")


def choice(*words: str) -> Kind:
    """One of a few words."""
    quoted = [f'"{word}"' for word in words]
    return Kind(lambda value: isinstance(value, str) and value in words, Text("か".join(quoted), " or ".join(quoted)))


def _millimetres(least: float, most: float) -> Kind:
    """A measure on the paper; ``nan`` lies in no range."""
    return Kind(
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most,
        Text(f"{least} から {most} までの数（引用符なし）", f"a number from {least} to {most}, without quotes"),
    )


def _is_line(value: object) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= LONGEST
        and not any(unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"} for one in value)
    )


def _is_pattern(value: object) -> bool:
    return isinstance(value, str) and _is_line(value) and is_number_pattern(value)


def _is_list_of_folders(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one and "\0" not in one for one in value)


_LINE: Final = Kind(
    _is_line, Text(f"{LONGEST} 文字以内の一行（引用符付き）", f"one line of at most {LONGEST} characters, in quotes")
)
_PATTERN: Final = Kind(
    _is_pattern,
    Text(
        "{number} を含み、ほかには {year} と {era_year} だけを使う一行",
        "one line with {number}, and besides it only {year} and {era_year}",
    ),
)
_FOLDERS: Final = Kind(
    _is_list_of_folders, Text('["fonts"] のようなフォルダの一覧', 'a list of folders, like ["fonts"]')
)
_YES_NO: Final = choice("yes", "no")


# ── the keys ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Key:
    """One key; ``left_out`` is what a company has that writes nothing."""

    name: str
    kind: Kind
    left_out: Any
    means: Text


_WINDOW: Final = AddressWindow()
KEYS: Final = (
    Key("calendar", choice("era", "western"), "era", Text("日本語の書面の年：元号（令和8年）か西暦（2026年）", "years in Japanese papers: 令和8年 or 2026年")),
    Key("number_ja", _PATTERN, NUMBER_PATTERN.ja, Text("日本語の発信番号。{number} は番号、{year} は 2026、{era_year} は 令和8年", "number of a Japanese letter; {year} is 2026, {era_year} is 令和8年")),
    Key("number_en", _PATTERN, NUMBER_PATTERN.en, Text("英語の発信番号", "number of an English letter")),
    Key("signatory_ja", _LINE, "", Text("日本語の書面の発信者名。なければ方針の代表者", "who signs Japanese letters; without it the policy's representative")),
    Key("signatory_en", _LINE, "", Text("英語の書面の発信者名", "who signs English letters")),
    Key("seal", choice("outlined", "space", "none"), "outlined", Text("社印の場所：点線の枠、余白、なし", "room for the seal: a dotted outline, free space, none")),
    Key("seal_side_mm", _millimetres(12, 30), SealSpace().side_mm, Text("その一辺（mm）", "its side in mm")),
    Key("window_left_mm", _millimetres(10, 60), _WINDOW.left_mm, Text("封筒の窓の左端。紙の左端から（mm）", "the envelope's window: its left edge, in mm from the paper's")),
    Key("window_top_mm", _millimetres(10, 80), _WINDOW.top_mm, Text("窓の上端。紙の上端から", "its top edge")),
    Key("window_width_mm", _millimetres(50, 100), _WINDOW.width_mm, Text(f"窓の幅。右端は {RIGHTMOST_MM} まで", f"its width; the right edge at {RIGHTMOST_MM} at most")),
    Key("window_height_mm", _millimetres(20, 60), _WINDOW.height_mm, Text(f"窓の高さ。下端は {LOWEST_MM} まで", f"its height; the lower edge at {LOWEST_MM} at most")),
    Key("fold_marks", _YES_NO, "yes", Text("三つ折りの印", "marks where the letter is folded in three")),
    Key("typeface", _LINE, "", Text("書体の名前。なければ付属のゴシック体", "name of a typeface; without it the packaged gothic")),
    Key("typeface_folders", _FOLDERS, [], Text("その書体があるフォルダ（作業フォルダから）。なければ機械の書体から探す", "folders it lies in, from the workspace; without them it is looked for on the machine")),
    Key("show_fax", _YES_NO, "yes", Text("窓口の欄に、方針の FAX 番号を載せる", "the desk's lines give the policy's fax number")),
    Key("show_email", _YES_NO, "yes", Text("窓口の欄に、方針の電子メールを載せる", "the desk's lines give the policy's e-mail address")),
)  # fmt: skip
_BY_NAME: Final[Mapping[str, Key]] = {key.name: key for key in KEYS}
_CALENDARS: Final = {"era": Calendar.ERA, "western": Calendar.GREGORIAN}


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def read_styles(table: object, *, folder: Path, refuse: Refuse) -> HouseStyles:
    """The styles that the table ``letters`` sets; whatever is refused is told and left out.

    Args:
        folder: what the folders of typefaces start from.
    """
    if not isinstance(table, Mapping):
        refuse(
            "table",
            (SETTING,),
            Text("letters は表です。", "letters must be a table."),
            Text("[letters] の行の下に、設定を一行ずつ書いてください。", "Write the keys below a line [letters]."),
        )
        return HouseStyles()
    tables = {name: value for name, value in table.items() if isinstance(value, Mapping) and name not in _BY_NAME}
    for_all = _accepted({name: value for name, value in table.items() if name not in tables}, (SETTING,), refuse)
    _check_together(for_all, for_all, (SETTING,), refuse)
    own = {}
    for code, value in tables.items():
        steps = (SETTING, code)
        if not _ORGANISATION.fullmatch(code):
            refuse(
                "organisation",
                steps,
                Text("組織のコードではない表があります。", "A table is not named by an organisation's code."),
                Text("[letters.組織コード] の形で書いてください。", "Write it as [letters.organisation-code]."),
            )
            continue
        given = _accepted(value, steps, refuse)
        merged = {**for_all, **given}
        _check_together(merged, given, steps, refuse)
        own[code] = _style_of(merged, folder=folder)
    return HouseStyles(_style_of(for_all, folder=folder), own)


def _style_of(given: Table, *, folder: Path) -> HouseStyle:
    """The style of values that were accepted; what is not given is left as it is."""
    value = {key.name: given.get(key.name, key.left_out) for key in KEYS}
    return HouseStyle(
        calendar=_CALENDARS[value["calendar"]],
        number_pattern=Text(value["number_ja"], value["number_en"]),
        signatory=Text(value["signatory_ja"], value["signatory_en"]) if value["signatory_ja"] else None,
        seal=SealSpace(side_mm=float(value["seal_side_mm"]), outline=value["seal"] == "outlined")
        if value["seal"] != "none"
        else None,
        window=AddressWindow(**{name: float(value[f"window_{name}"]) for name in _EDGES}),
        fold_marks=value["fold_marks"] == "yes",
        typeface=Typeface(family=value["typeface"], folders=tuple(folder / one for one in value["typeface_folders"]))
        if value["typeface"]
        else None,
        shows_fax=value["show_fax"] == "yes",
        shows_email=value["show_email"] == "yes",
    )


_EDGES: Final = ("left_mm", "top_mm", "width_mm", "height_mm")


def _accepted(table: Table, steps: tuple[str, ...], refuse: Refuse) -> dict[str, Any]:
    """The keys whose values may stand, each by itself."""
    accepted = {}
    for name, value in table.items():
        key = _BY_NAME.get(name)
        if key is None:
            refuse(
                "unknown-key",
                (*steps, name),
                Text(f"letters に設定 {name} はありません。", f"letters has no key {name}."),
                did_you_mean(name, _BY_NAME),
            )
        elif not key.kind.accepts(value):
            refuse(
                "value",
                (*steps, name),
                Text(f"{name} の値が使えません。", f"The value of {name} cannot be used."),
                key.kind.advice,
            )
        else:
            accepted[name] = value
    return accepted


def _check_together(merged: Table, given: Table, steps: tuple[str, ...], refuse: Refuse) -> None:
    """What only shows when keys stand together; told at a key of this table, once."""
    value = {key.name: merged.get(key.name, key.left_out) for key in KEYS}
    signing = [name for name in ("signatory_ja", "signatory_en") if name in given]
    if signing and bool(value["signatory_ja"]) != bool(value["signatory_en"]):
        refuse(
            "signatory",
            (*steps, signing[0]),
            Text("発信者名が一つの言語にしかありません。", "Who signs is named in one language only."),
            Text(
                "signatory_ja と signatory_en の両方を書くか、どちらも消してください。",
                "Write both signatory_ja and signatory_en, or neither.",
            ),
        )
    for start, length, most, ja, en in (
        ("window_left_mm", "window_width_mm", RIGHTMOST_MM, "右端", "right edge"),
        ("window_top_mm", "window_height_mm", LOWEST_MM, "下端", "lower edge"),
    ):
        concerned = [name for name in (length, start) if name in given]
        if concerned and value[start] + value[length] > most:
            refuse(
                "window",
                (*steps, concerned[0]),
                Text(f"窓の{ja}が {most} mm を超えます。", f"The window's {en} lies beyond {most} mm."),
                Text(
                    f"{start} と {length} の和を {most} 以下にしてください。",
                    f"Let {start} and {length} together be {most} at most.",
                ),
            )


def did_you_mean(name: str, known: Iterable[str]) -> Text:
    """The known name that is nearest to a mistyped one, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return Text(
            f"{near[0]} のことであれば、綴りを直してください。", f"If you mean {near[0]}, correct the spelling."
        )
    return Text(f"使える設定は {', '.join(names)} です。", f"The settings are {', '.join(names)}.")

"""条番号の対応  Articles of the private-sector duties, by the numbering of a day.

Duties were renumbered on 2022-04-01 (15–35 became 17–40) and kept those numbers in 2023.
Everywhere in this house a duty is named by today's number; `cite_today` says how the law of a
given day numbers it, or that it did not exist.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from daicho.law.citations import Citation, cite
from daicho.law.editions import APPI_2022, Family, Provenance, find_edition
from daicho.words.text import Text

_HEAD: Final = re.compile(r"(\d+(?:-\d+)*)(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One duty: its number today, its number in the 2017 text if that was ever in force, and its title."""

    number: str
    old: str | None
    title: Text
    provenance: Provenance

    def number_on(self, on: date) -> str | None:
        """The number in the text of ``on``; None when the duty was not in force."""
        if find_edition(Family.APPI, on=on) is None:
            return None
        return self.number if on >= APPI_2022 else self.old


def read_table(name: str) -> dict[str, Any]:
    """A TOML table of this package."""
    text = files("daicho.law").joinpath("tables", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def list_articles() -> tuple[Article, ...]:
    """Every row of the table, whether or not in force."""
    return tuple(
        Article(
            number=row["number"],
            old=row["old"] if row.get("old_in_force", True) else None,
            title=Text(row["ja"], row["en"]),
            provenance=Provenance(row.get("provenance", "known")),
        )
        for row in read_table("articles.toml")["article"]
    )


def in_force(on: date) -> tuple[Article, ...]:
    """The duties in force on ``on``."""
    return tuple(article for article in list_articles() if article.number_on(on) is not None)


def old_number(number: str) -> str | None:
    """``35(1)`` → ``30(1)``; None for what the 2017 text did not have."""
    moved = _paragraphs()
    prefix = next((known for known in moved if number == known or number.startswith(f"{known}(")), None)
    if prefix is not None:
        old = moved[prefix]
        return None if old is None else old + number[len(prefix) :]
    article, rest = _split(number)
    row = next((row for row in list_articles() if row.number == article), None)
    return None if row is None or row.old is None else row.old + rest


def new_number(number: str) -> str | None:
    """``30(1)`` → ``35(1)``; None for a number the table does not know."""
    for new, old in _paragraphs().items():
        if old is not None and (number == old or number.startswith(f"{old}(")):
            return new + number[len(old) :]
    article, rest = _split(number)
    row = next((row for row in list_articles() if row.old == article), None)
    return None if row is None else row.number + rest


def cite_today(number: str, *, on: date) -> Citation | None:
    """Cite a duty, named by today's number, as the law of ``on`` numbers it; None if not in force."""
    edition = find_edition(Family.APPI, on=on)
    if edition is None:
        return None
    shown = number if on >= APPI_2022 else old_number(number)
    article = next((row for row in list_articles() if row.number == _split(number)[0]), None)
    provenance = article.provenance if article else Provenance.KNOWN
    return None if shown is None else cite(edition, shown, provenance=provenance)


def _split(number: str) -> tuple[str, str]:
    found = _HEAD.fullmatch(number)
    if found is None:
        raise ValueError(f"not an article number: {number!r}")
    return found[1], found[2]


@cache
def _paragraphs() -> dict[str, str | None]:
    return {row["number"]: row.get("old") for row in read_table("articles.toml")["paragraph"]}

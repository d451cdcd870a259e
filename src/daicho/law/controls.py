"""管理策  The controls of JIS Q 15001, by edition, and how one edition follows the other.

The 2023 map is not verified where its title was not seen in a source (`Control.provenance`):
such a row still counts, and whoever cites it says so.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from daicho.law.articles import read_table
from daicho.law.citations import Citation
from daicho.law.editions import BY_KEY, Provenance
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control of Annex A. ``replaces``: 2017 numbers; ``guideline``: items of the JIPDEC guideline."""

    edition: str
    number: str
    title: Text
    provenance: Provenance
    appi: str | None = None
    replaces: tuple[str, ...] = ()
    guideline: tuple[str, ...] = ()

    @property
    def citation(self) -> Citation:
        """How it is cited."""
        return Citation(edition=self.edition, number=self.number, provenance=self.provenance)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyClause:
    """A requirement that moved from Annex A (2017) to the body (2023)."""

    number: str
    replaces: str
    provenance: Provenance


@cache
def list_controls() -> tuple[Control, ...]:
    """Both editions."""
    old = tuple(
        Control(
            edition="jis-2017",
            number=row["number"],
            title=Text(row["ja"], row["en"]),
            provenance=Provenance(row["provenance"]),
        )
        for row in read_table("jis-2017.toml")["control"]
    )
    new = tuple(
        Control(
            edition="jis-2023",
            number=row["number"],
            title=Text(row["ja"], row["en"]),
            provenance=_provenance(seen=row["verified"]),
            appi=row["appi"] or None,
            replaces=tuple(row["replaces"]),
            guideline=tuple(row["guideline"]),
        )
        for row in read_table("jis-2023.toml")["control"]
    )
    return old + new


def in_force(on: date) -> tuple[Control, ...]:
    """The controls an assessment of ``on`` applies."""
    return tuple(control for control in list_controls() if BY_KEY[control.edition].is_in_force(on))


def find_control(edition: str, number: str) -> Control | None:
    """The control with this number in an edition (``jis-2017``, ``jis-2023``)."""
    return next((row for row in list_controls() if row.edition == edition and row.number == number), None)


def list_successors(number: str) -> tuple[Control, ...]:
    """The 2023 controls that took over a 2017 number."""
    return tuple(row for row in list_controls() if number in row.replaces)


@cache
def list_body_clauses() -> tuple[BodyClause, ...]:
    """What moved to the body of the 2023 edition."""
    return tuple(
        BodyClause(number=row["number"], replaces=row["replaces"], provenance=_provenance(seen=row["verified"]))
        for row in read_table("jis-2023.toml")["body"]
    )


def _provenance(*, seen: bool) -> Provenance:
    return Provenance.READ if seen else Provenance.INFERRED

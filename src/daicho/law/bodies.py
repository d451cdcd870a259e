"""認定個人情報保護団体の表記  The entry a target of an accredited organisation publishes."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.law.editions import Provenance
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRecord:
    """An accredited organisation's office as it is to be named from a day on."""

    code: str
    name: Text
    office: Text
    address: Text
    telephones: tuple[str, ...]
    former_offices: tuple[Text, ...]
    in_force_on: date | None
    provenance: Provenance


BODIES: Final = (
    BodyRecord(
        code="jipdec",
        name=Text("一般財団法人日本情報経済社会推進協会", "JIPDEC"),
        office=Text("認定個人情報保護団体事務局", "Authorized Personal Information Protection Organization Office"),
        address=Text(
            "〒106-0032 東京都港区六本木1-9-9 六本木ファーストビル内",
            "Roppongi First Bldg., 1-9-9 Roppongi, Minato-ku, Tokyo 106-0032 Japan",
        ),
        telephones=("03-5860-7565", "0120-700-779"),
        former_offices=(
            Text("個人情報保護苦情相談室", "Grievance Counseling Office for Personal Information Protection"),
        ),
        # The day of the renaming was not found; the entry is the one in use under the 2022 Cabinet Order.
        in_force_on=date(2022, 4, 1),
        provenance=Provenance.INFERRED,
    ),
)


def find_body(code: str, *, on: date) -> BodyRecord | None:
    """The entry to publish on ``on``; None for a body or a day the table does not know."""
    found = (row for row in BODIES if row.code == code and row.in_force_on is not None and row.in_force_on <= on)
    return max(found, key=lambda row: row.in_force_on or date.min, default=None)

"""Reads ``cast.yaml``: the people of the story and the rows the stores hold of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent

#: The column that tells the rows of a table apart, where it is not ``id``.
KEYS: Mapping[str, str] = {
    "employees": "employee_no",
    "temp_staff": "staff_no",
    "mailing_list": "配信番号",
    "provision_list": "一覧番号",
    "event_attendance": "受付番号",
    "entry_roster": "名簿番号",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of the story; ``rows``: store → table → rows as they stand before it begins."""

    code: str
    role: Mapping[str, str]
    request: Path
    rows: Mapping[str, Mapping[str, list[dict[str, Any]]]]
    paper: Mapping[str, str]

    def each_row(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Store, table, row."""
        for store, tables in self.rows.items():
            for table, rows in tables.items():
                for row in rows:
                    yield store, table, row


def read() -> list[Member]:
    """The cast, in the order of the story."""
    written = yaml.safe_load((HERE / "cast.yaml").read_text(encoding="utf-8"))
    return [
        Member(
            code=one["code"],
            role=one["role"],
            request=HERE / one["request"],
            rows=one["rows"],
            paper=one.get("paper", {}),
        )
        for one in written["members"]
    ]


def planted(store: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of the cast in one store, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for member in read():
        for table, rows in member.rows.get(store, {}).items():
            found.setdefault(table, []).extend(rows)
    return found

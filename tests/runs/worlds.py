"""Small worlds for resolving: maps compiled from documents as they are written, stores in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daicho.register.compile import compile_map
from daicho.register.documents import read_file
from daicho.register.language import HoldingsDocument, MapDocument, StoreDocument
from daicho.register.reading import ActiveMap
from daicho.runs.resolve import Resolution, Sought, resolve
from daicho.stores.memory import MemoryStore
from daicho.stores.plan import Key

_STORE = """\
store: {code}
name: {{ja: 保管先, en: Store}}
kind: sqlite
organisation: company
department: {{ja: 部, en: Department}}
settings: {{path: x.sqlite3}}
"""

_HOLDINGS = """\
holdings:
  - {{reg_no: H-1, name: {{ja: 台帳, en: Book}}, organisation: company, subject_category: people, items: [name], purposes: [p],
     store: {code}, rpd: yes, retention_period: x}}
  - {{reg_no: H-2, name: {{ja: 受託, en: Entrusted}}, organisation: company, subject_category: people, items: [name], purposes: [p],
     store: {code}, rpd: entrusted, entruster: {{ja: 他社, en: Other}}, retention_period: x}}
"""

PEOPLE = """\
map: {code}
store: {code}
tables:
  people:
    holding: H-1
    key: [id]
    identities:
      - {{kind: "number:{number}", columns: [number]}}
      - {{kind: "number:{other}", columns: [other]}}
      - {{kind: email, columns: [email]}}
      - {{kind: phone, columns: [phone]}}
      - {{kind: name, columns: [name], use: search}}
      - {{kind: birth_date, columns: [born], use: confirm}}
    identified_by: [["number:{number}"], ["number:{other}"], [email, name], [phone, name, birth_date]]
    columns:
      id: {{technical: yes}}
      number: {{technical: yes}}
      other: {{technical: yes}}
      name: {{item: name, label: {{ja: 氏名, en: Name}}}}
      email: {{item: email, label: {{ja: メール, en: Mail}}}}
      phone: {{item: phone, label: {{ja: 電話, en: Phone}}}}
      born: {{item: born, label: {{ja: 生年月日, en: Born}}}}
    on:
      erase: {{end: delete}}
  things:
    holding: H-1
    key: [id]
    links: [{{columns: [owner], parent: people, parent_columns: [id]}}]
    columns:
      id: {{technical: yes}}
      owner: {{technical: yes}}
      what: {{item: thing, label: {{ja: 品, en: Thing}}}}
    on:
      erase: {{end: delete}}
"""

_EMPTY = {"number": None, "other": None, "email": None, "phone": None, "name": None, "born": None}


def person(key: int, **values: Any) -> dict[str, Any]:
    """A row of ``people``."""
    return {"id": key, **_EMPTY, **values}


@dataclass(slots=True)
class World:
    """Stores of people, each with its own customer number and the number of another store."""

    maps: list[ActiveMap]
    stores: list[MemoryStore]

    def resolve(self, *batch: Sought | Mapping[str, str], search: bool = False) -> Resolution:
        sought = [
            one
            if isinstance(one, Sought)
            else Sought(identities={kind: (value,) if value else () for kind, value in one.items()})
            for one in batch
        ]
        return resolve(self.maps, self.stores, sought, mark=mark, search=search)

    def found(self, resolution: Resolution) -> set[tuple[int, str, str, int]]:
        """(person, store, table, key) of every row found."""
        return {
            (number, finding.map.store.code, rows.table, key[0])
            for finding in resolution.findings
            for rows in finding.rows
            for number, key in zip(rows.persons, rows.keys, strict=True)
        }


def mark(store: str, table: str, key: Key) -> str:
    """A readable stand-in for a row's mark."""
    return f"{store}/{table}/{key[0]}"


def world(
    stores: Mapping[str, tuple[str, str, Sequence[dict[str, Any]]]],
    things: Mapping[str, Sequence[tuple[int, int]]] = {},
) -> World:
    """Store code → (kind of its own number, kind of the other number it holds, people); things: (id, owner)."""
    made = World([], [])
    for code, (number, other, people) in stores.items():
        store = MemoryStore.of(
            code,
            {
                "people": [person(0, number="x", other="x", email="x", phone="x", name="x", born="x"), *people],
                "things": [{"id": 0, "owner": -1, "what": "x"}]
                + [{"id": key, "owner": owner, "what": "x"} for key, owner in things.get(code, ())],
            },
            keys={"people": ["id"], "things": ["id"]},
        )
        store.rows["people"].pop(0)
        store.rows["things"].pop(0)
        made.stores.append(store)
        made.maps.append(a_map(code, PEOPLE.format(code=code, number=number, other=other), store))
    return made


def a_map(code: str, text: str, store: MemoryStore) -> ActiveMap:
    """A map as it is written, compiled on the store's shape."""
    document = read_file(text.encode(), path="map.yaml").model
    place = read_file(_STORE.format(code=code).encode(), path="store.yaml").model
    held = read_file(_HOLDINGS.format(code=code).encode(), path="holdings.yaml").model
    assert isinstance(document, MapDocument)
    assert isinstance(place, StoreDocument)
    assert isinstance(held, HoldingsDocument)
    holdings = {part.reg_no: part for part in held.holdings}
    named = {name: holdings[getattr(table.holding, "reg_no", table.holding)] for name, table in document.tables.items()}
    return compile_map(document, place, named, shape=store.inspect(), revision=1)

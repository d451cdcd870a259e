"""What a human rejected stays away, and what a row teaches is asked everywhere, its own table too."""

from daicho.runs.resolve import Sought
from tests.runs.worlds import PEOPLE, World, a_map, person, world

HANA = {"name": "高橋花子", "email": "hanako@example.com"}
GIVEN = {kind: (value,) for kind, value in HANA.items()}

_BELOW = """\
  parts:
    holding: H-1
    key: [id]
    links: [{columns: [thing], parent: things, parent_columns: [id]}]
    columns:
      id: {technical: yes}
      thing: {technical: yes}
      what: {item: thing, label: {ja: 部品, en: Part}}
    on:
      erase: {end: delete}
"""


def _three_floors() -> World:
    """People, their things, the parts of the things."""
    here = world({"shop": ("customer", "x", [person(1, **HANA)])}, {"shop": [(10, 1), (11, 1)]})
    (store,) = here.stores
    drawn = type(store).of(
        "shop",
        {
            "people": [person(0, number="x", other="x", email="x", phone="x", name="x", born="x")],
            "things": [{"id": 0, "owner": -1, "what": "x"}],
            "parts": [{"id": 100, "thing": 10, "what": "x"}, {"id": 110, "thing": 11, "what": "x"}],
        },
        keys={"people": ["id"], "things": ["id"], "parts": ["id"]},
    )
    drawn.rows |= {"people": store.rows["people"], "things": store.rows["things"]}
    text = PEOPLE.format(code="shop", number="customer", other="x") + _BELOW
    return World(maps=[a_map("shop", text, drawn)], stores=[drawn])


def test_a_rejected_row_does_not_come_back_through_a_link_and_takes_along_what_hangs_on_it_alone():
    here = _three_floors()
    whole = here.found(here.resolve(HANA))
    assert (0, "shop", "things", 10) in whole
    assert (0, "shop", "parts", 100) in whole
    found = here.found(here.resolve(Sought(identities=GIVEN, rejected=frozenset({"shop/things/10"}))))
    assert found == whole - {(0, "shop", "things", 10), (0, "shop", "parts", 100)}


def test_one_person_s_rejection_takes_nothing_from_another_of_the_batch():
    here = _three_floors()
    found = here.found(
        here.resolve(
            Sought(identities=GIVEN, rejected=frozenset({"shop/things/10"})),
            Sought(identities=GIVEN),
        )
    )
    assert {key for number, _, table, key in found if table == "parts" and number == 0} == {110}
    assert {key for number, _, table, key in found if table == "parts" and number == 1} == {100, 110}


def test_a_second_row_of_the_same_table_is_found_by_the_mailbox_the_first_one_taught():
    shop = [
        person(1, phone="090-1111-2222", name="高橋花子", born="1980-01-05", email="private@example.net"),
        person(2, name="高橋花子", email="private@example.net"),
    ]
    here = world({"shop": ("customer", "x", shop)})
    found = here.resolve({"name": "高橋花子", "phone": "090-1111-2222", "birth_date": "1980-01-05"})
    assert here.found(found) == {(0, "shop", "people", 1), (0, "shop", "people", 2)}


def test_what_was_asked_already_is_not_asked_again(monkeypatch):
    here = world({"shop": ("customer", "x", [person(1, **HANA, phone="03-1234-5678")])})
    (store,) = here.stores
    asked: list[tuple[str, str]] = []
    real = store.look_up

    def counted(plan, seeds, *, search=False):
        asked.extend((seed.kind, seed.value) for seed in seeds)
        return real(plan, seeds, search=search)

    monkeypatch.setattr(store, "look_up", counted)
    here.resolve(HANA)
    assert ("phone", "03-1234-5678") in asked
    assert len(asked) == len(set(asked))
    assert asked.count(("email", "hanako@example.com")) == 1

"""A map against the live store: every way in which it can be wrong is told at its line."""

from dataclasses import replace

import pytest

from daicho.law.kinds import RequestKind
from daicho.register.checks import Found
from daicho.register.compile import compile_map, mapped_columns, parents_first
from daicho.register.documents import read_file
from daicho.register.kept_shape import narrow, shape_changes, shape_from_json, shape_to_json
from daicho.register.language import HoldingsDocument, MapDocument, StoreDocument
from daicho.register.reading import Disclose, EndKind
from daicho.register.shapes import check_shape
from daicho.stores.plan import Use
from daicho.stores.shape import ColumnType, Reference, StoreShape
from tests.register import crm
from tests.register.crm import (
    CUSTOMERS,
    MAP,
    ORDERS,
    SHAPE,
    TO_CUSTOMER,
    column,
    table,
    with_column,
    with_table,
    without_column,
)


def checked(shape: StoreShape, text: str = MAP) -> tuple[list[tuple[str, int]], list[str]]:
    """Errors with their lines, and the codes of advice."""
    read = read_file(text.encode(), path="map.yaml")
    assert isinstance(read.model, MapDocument)
    errors, advice = Found(read.document), Found(read.document)
    check_shape(read.model, shape, errors=errors, advice=advice)
    return [(one.code, one.place.line) for one in errors.problems], [one.code for one in advice.problems]


def line(part: str) -> int:
    assert MAP.count(part) == 1
    return MAP[: MAP.index(part)].count("\n") + 1


def test_a_map_that_fits_has_no_error():
    assert checked(SHAPE) == ([], [])


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (with_table("orders", None), [("table-missing", "  orders:")]),
        (with_table("customers", without_column(CUSTOMERS, "email")), [("column-missing", "      email: {item")]),
        (with_table("orders", without_column(ORDERS, "customer_id")), [("column-missing", "links: [")]),
        (
            with_table("customers", with_column(CUSTOMERS, column("email", ColumnType.INTEGER))),
            [("identity-type", "- {kind: email")],
        ),
        (
            with_table("customers", replace(CUSTOMERS, indexes=frozenset({("id",)}))),
            [("lookup-index", "- {kind: email")],
        ),
        (with_table("orders", replace(ORDERS, indexes=frozenset({("id",)}))), [("link-index", "links: [")]),
        (
            with_table("orders", with_column(ORDERS, column("customer_id", ColumnType.TEXT))),
            [("link-type", "links: [")],
        ),
        (
            with_table("customers", replace(CUSTOMERS, primary_key=("email",), unique=frozenset({("email",)}))),
            [("key-not-unique", "    label:")],
        ),
        (
            with_table("customers", with_column(CUSTOMERS, column("mail_ok", ColumnType.DATE, nullable=False))),
            [("end-unfit", "suspend_use")],
        ),
    ],
)
def test_what_does_not_fit_is_told_where_it_is_written(shape: StoreShape, expected: list[tuple[str, str]]):
    found, _ = checked(shape)
    places = {"    label:": line("    label:") + 1}  # the key stands on the line after the label
    assert found == [(code, places.get(part) or line(part)) for code, part in expected]


def test_a_misspelt_table_is_told_with_the_name_it_could_be():
    read = read_file(MAP.replace("  orders:", "  order:").encode(), path="map.yaml")
    assert isinstance(read.model, MapDocument)
    errors = Found(read.document)
    check_shape(read.model, SHAPE, errors=errors, advice=Found(read.document))
    assert [(one.code, one.advice.en) for one in errors.problems] == [("table-missing", "Did you mean orders?")]


def test_a_lookup_of_joined_columns_is_refused_because_no_index_serves_it():
    text = MAP.replace("given_name], use: confirm", "given_name], use: lookup")
    assert [code for code, _ in checked(SHAPE, text)[0]] == ["lookup-joined"]
    scan = MAP.replace("given_name], use: confirm", "given_name], use: search")
    assert checked(SHAPE, scan) == ([], ["search-scan"])


def test_files_without_indexes_are_read_whole_and_need_none():
    bare = StoreShape(
        tables={
            name: replace(one, indexes=frozenset(), unique=frozenset(), primary_key=(), scanned=True)
            for name, one in SHAPE.tables.items()
        }
    )
    assert checked(bare) == ([], [])


def test_blanking_a_column_that_must_be_filled_is_an_error():
    text = MAP.replace(
        "suspend_use: {end: replace, columns: {mail_ok: no}}", "suspend_use: {end: blank, columns: [mail_ok]}"
    )
    assert [code for code, _ in checked(SHAPE, text)[0]] == ["end-unfit"]


def test_a_replacement_longer_than_the_column_is_an_error():
    good = MAP.replace("columns: {mail_ok: no}", "columns: {family_name: 削除済}")
    assert checked(SHAPE, good)[0] == []
    long = MAP.replace("columns: {mail_ok: no}", f"columns: {{family_name: {'あ' * 21}}}")
    assert [code for code, _ in checked(SHAPE, long)[0]] == ["end-unfit"]


def test_a_kept_row_whose_foreign_key_stops_the_deletion_is_an_error_and_advice_when_it_may_be_set_to_null():
    bound = with_table("orders", replace(ORDERS, references=(TO_CUSTOMER,)))
    assert checked(bound)[0] == [("reference-kept", line("erase: {end: delete}"))]
    loose = with_table("orders", replace(ORDERS, references=(replace(TO_CUSTOMER, loose=True),)))
    assert checked(loose) == ([], ["reference-kept"])
    cascades = with_table("orders", replace(ORDERS, references=(replace(TO_CUSTOMER, loose=True, cascades=True),)))
    assert [code for code, _ in checked(cascades)[0]] == ["reference-kept"]
    deleted_too = MAP[: MAP.index("      erase:\n")] + "      erase: {end: delete}\n"
    assert checked(bound, deleted_too)[0] == []


def test_a_table_nobody_mapped_that_points_at_deleted_rows_is_told():
    loans = table("loans", column("id", ColumnType.INTEGER), column("customer_id"), references=(TO_CUSTOMER,))
    found = checked(with_table("loans", loans))
    assert found == ([], ["reference-unmapped", "tables-unmapped"])


def test_columns_nobody_mapped_are_told():
    wider = with_table("customers", with_column(CUSTOMERS, column("birthday", ColumnType.DATE)))
    assert checked(wider) == ([], ["columns-unmapped"])


def test_foreign_keys_in_a_ring_are_found():
    ring = with_table(
        "customers",
        replace(
            with_column(CUSTOMERS, column("last_order", ColumnType.INTEGER)),
            references=(Reference(columns=("last_order",), target="orders", target_columns=("id",)),),
        ),
        with_table("orders", replace(ORDERS, references=(TO_CUSTOMER,))),
    )
    both_deleted = MAP[: MAP.index("      erase:\n")] + "      erase: {end: delete}\n"
    assert "cycle" in [code for code, _ in checked(ring, both_deleted)[0]]


def compiled(text: str = MAP):
    document = read_file(text.encode(), path="m").model
    store = read_file(crm.STORE.encode(), path="s").model
    rows = read_file(crm.HOLDINGS.encode(), path="h").model
    assert isinstance(document, MapDocument)
    assert isinstance(store, StoreDocument)
    assert isinstance(rows, HoldingsDocument)
    by_number = {part.reg_no: part for part in rows.holdings}
    holdings = {name: by_number[part.holding] for name, part in document.tables.items()}
    shape = narrow(SHAPE, mapped_columns(document))
    return compile_map(document, store, holdings, shape=shape, revision=1)


def test_it_compiles_parents_before_children_whatever_the_order_written():
    head, customers, orders = (
        MAP.partition("  customers:")[0],
        MAP[MAP.index("  customers:") : MAP.index("  orders:")],
        MAP[MAP.index("  orders:") :],
    )
    turned = read_file((head + orders + customers).encode(), path="m").model
    assert isinstance(turned, MapDocument)
    assert list(turned.tables) == ["orders", "customers"]
    assert parents_first(turned.tables) == ["customers", "orders"]


def test_it_compiles_what_silence_means():
    found = compiled()
    customers, orders = found.tables["customers"], found.tables["orders"]
    assert found.digest == found.plan.digest
    assert [one.name for one in found.plan.tables] == ["customers", "orders"]
    assert found.plan.table("customers").identities[2].use is Use.CONFIRM
    assert customers.columns["email"].disclose is Disclose.YES
    assert customers.columns["memo"].disclose is Disclose.REVIEW  # about: mixed
    assert orders.columns["note"].disclose is Disclose.REVIEW  # free text by its name
    assert customers.columns["id"].technical
    assert customers.ends[RequestKind.DELETION] == customers.ends[RequestKind.ERASE]
    assert RequestKind.STOP_PROVISION not in customers.ends
    assert customers.ends[RequestKind.SUSPEND_USE].columns == {"mail_ok": False}
    assert orders.ends[RequestKind.ERASE].kind is EndKind.KEEP
    assert found.changes_rows
    assert set(found.mapped_columns["orders"]) == {"id", "customer_id", "ordered_at", "note"}
    assert list(found.tables_of({"copro-holdings"})) == ["customers", "orders"]
    assert found.tables_of({"other-company"}) == {}


def test_the_frozen_digest_changes_with_what_a_run_relies_on_and_not_with_words():
    usual = compiled().digest
    assert compiled().digest == usual
    assert compiled(MAP.replace("erase: {end: delete}", "erase: {end: blank, columns: [email]}")).digest != usual


def test_a_kept_shape_reads_back_the_same_and_names_what_changed():
    kept = narrow(SHAPE, compiled().mapped_columns)
    assert shape_from_json(shape_to_json(kept)) == kept
    assert shape_changes(kept, SHAPE) == []
    longer = with_table("customers", with_column(CUSTOMERS, column("family_name", length=40)))
    assert shape_changes(kept, longer) == ["customers.family_name"]
    assert shape_changes(kept, with_table("orders", None)) == ["orders"]
    assert shape_changes(kept, with_table("orders", without_column(ORDERS, "note"))) == ["orders.note"]
    extra = with_table("orders", with_column(ORDERS, column("other")))
    assert shape_changes(kept, extra) == []

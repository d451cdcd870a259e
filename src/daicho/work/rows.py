"""Many new rows at once: PostgreSQL's COPY where it is spoken, the object mapper elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from pydantic_core import to_json

#: From so many rows on, COPY costs less than one insert with a parameter per value.
COPY_FROM: Final = 20
_Row = TypeVar("_Row", bound=models.Model)
_EMPTY: Final[dict[type, str]] = {dict: "{}", list: "[]"}


def new_row(model: type[_Row], **values: Any) -> _Row:
    """An unsaved row as ``model(**values)`` makes it, at a tenth of the cost: a batch makes thousands.

    Defaults are looked up once per model, values are taken as they are, no signal is sent.

    Raises:
        TypeError: a value is for no field of the model.
    """
    constant, made, owners = _defaults(model)
    row = model.__new__(model)
    row._state = ModelState()  # noqa: SLF001 (as the mapper itself begins a row)
    attributes = row.__dict__
    attributes.update(constant)
    for name, make in made:
        attributes[name] = make()
    for name, value in values.items():
        if name in attributes:
            attributes[name] = value
        elif name in owners:
            attributes[owners[name]], row._state.fields_cache[name] = value.pk, value  # noqa: SLF001
        else:
            raise TypeError(name)
    return row


@cache
def _defaults(
    model: type[models.Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], dict[str, str]]:
    """Of a model: values every new row begins with, those made anew for each, and where it keeps rows it points to."""
    fields = model._meta.concrete_fields  # noqa: SLF001 (documented by Django)
    made = [(field.attname, field.get_default) for field in fields if callable(field.default)]
    names = {name for name, _ in made}
    constant = {field.attname: field.get_default() for field in fields if field.attname not in names}
    return constant, made, {field.name: field.attname for field in fields if isinstance(field, models.ForeignKey)}


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model, in the current transaction; their primary keys are set.

    A conflict with a constraint raises ``IntegrityError``, as a single insert would.
    """
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor != "postgresql" or len(rows) < COPY_FROM:
        model._default_manager.bulk_create(rows)  # noqa: SLF001 (documented by Django)
        return
    fields = model._meta.concrete_fields  # noqa: SLF001 (documented by Django)
    owners = [field for field in fields if isinstance(field, models.ForeignKey)]
    for row, number in zip(rows, take_keys(model, len(rows)), strict=True):
        row.pk = number
        for field in owners:
            owner = field.get_cached_value(row, default=None)
            if owner is not None:  # it may have got its key after it was set
                setattr(row, field.attname, owner.pk)
    _copy(model, [str(field.column) for field in fields], _plain(rows, fields))


def _plain(rows: Sequence[models.Model], fields: "Sequence[models.Field[Any, Any]]") -> Iterator[list[Any]]:
    """The values of rows in the order of ``fields``, JSON as text."""
    values = itemgetter(*(field.attname for field in fields))
    documents = [number for number, field in enumerate(fields) if isinstance(field, models.JSONField)]
    for row in rows:
        found = list(values(row.__dict__))
        for number in documents:
            found[number] = to_json(found[number]).decode() if found[number] else _EMPTY[type(found[number])]
        yield found


def take_keys(model: type[models.Model], count: int) -> list[int]:
    """The next primary keys of a table's sequence (PostgreSQL)."""
    meta = model._meta  # noqa: SLF001 (documented by Django)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH one AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence) "
            "SELECT nextval(sequence) FROM one, generate_series(1, %s)",
            [meta.db_table, str(meta.pk.column), count],
        )
        numbers: list[tuple[int]] = cursor.fetchall()
    return [number for (number,) in numbers]


def insert_values(model: type[models.Model], columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Insert plain values of ``columns`` without building objects; for many small rows that nobody needs back."""
    if not values:
        return
    if connection.vendor == "postgresql" and len(values) >= COPY_FROM:
        _copy(model, columns, values)
        return
    table = model._meta.db_table  # noqa: SLF001 (documented by Django)
    names, places = ", ".join(f'"{column}"' for column in columns), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', values)  # noqa: S608 (our own names)


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    table = model._meta.db_table  # noqa: SLF001 (documented by Django)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)

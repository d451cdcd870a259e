"""Many new rows at once: PostgreSQL's COPY where it is spoken, the object mapper elsewhere."""

import json
from collections.abc import Sequence
from typing import Final

from django.db import connection, models

#: From so many rows on, COPY costs less than one insert with a parameter per value.
COPY_FROM: Final = 20


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
    meta = model._meta  # noqa: SLF001 (documented by Django)
    table, key = meta.db_table, meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, len(rows)]
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        fields = meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        plain = [(field.attname, isinstance(field, models.JSONField)) for field in fields]
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                row._prepare_related_fields_for_save(operation_name="insert_rows")  # type: ignore[attr-defined]  # noqa: SLF001 (as bulk_create does)
                values = row.__dict__
                copy.write_row([json.dumps(values[name]) if is_json else values[name] for name, is_json in plain])

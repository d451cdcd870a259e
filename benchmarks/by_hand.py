"""The baseline: the same ending, written by hand as set-based SQL, with the same read-back."""

from collections.abc import Sequence

import psycopg

#: Child before parent; every statement takes all mailboxes at once.
DELETES = (
    """DELETE FROM order_items i USING orders o, customers c
       WHERE i.order_id = o.id AND o.customer_id = c.id AND c.email = ANY(%s)""",
    "DELETE FROM orders o USING customers c WHERE o.customer_id = c.id AND c.email = ANY(%s)",
    "DELETE FROM addresses a USING customers c WHERE a.customer_id = c.id AND c.email = ANY(%s)",
    "DELETE FROM applications WHERE email = ANY(%s)",
    "DELETE FROM inquiries WHERE email = ANY(%s)",
    "DELETE FROM customers WHERE email = ANY(%s)",
)
#: What was there is remembered by key, and looked for again afterwards.
KEYS = (
    (
        "order_items",
        """SELECT i.id FROM order_items i JOIN orders o ON i.order_id = o.id
                       JOIN customers c ON o.customer_id = c.id WHERE c.email = ANY(%s)""",
    ),
    ("orders", "SELECT o.id FROM orders o JOIN customers c ON o.customer_id = c.id WHERE c.email = ANY(%s)"),
    ("addresses", "SELECT a.id FROM addresses a JOIN customers c ON a.customer_id = c.id WHERE c.email = ANY(%s)"),
    ("applications", "SELECT id FROM applications WHERE email = ANY(%s)"),
    ("inquiries", "SELECT id FROM inquiries WHERE email = ANY(%s)"),
    ("customers", "SELECT id FROM customers WHERE email = ANY(%s)"),
)


def erase(connection: "psycopg.Connection[tuple[object, ...]]", emails: Sequence[str]) -> int:
    """Delete everything of these mailboxes in one transaction, then read back that every key is gone; rows deleted."""
    wanted = list(emails)
    keys = {table: [row[0] for row in connection.execute(query, [wanted])] for table, query in KEYS}
    deleted = sum(connection.execute(statement, [wanted]).rowcount for statement in DELETES)
    connection.commit()
    for table, gone in keys.items():
        left = connection.execute(f"SELECT count(*) FROM {table} WHERE id = ANY(%s)", [gone]).fetchone()
        if left != (0,):
            raise AssertionError(table)
    connection.commit()
    return deleted

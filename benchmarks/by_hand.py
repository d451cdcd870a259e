"""The baselines: the same ending, written by hand as set-based SQL, with the same read-back.

`erase` deletes and looks again, and keeps no record. `erase_on_record` does in front of it and
behind it what a request desk must keep as well: who asked (sealed), by which keyed digests they
are met again, the claim and its decision, the sealed intent before the change, the outcome after
it. It writes the same rows of the same tables as Daicho, by COPY, as plainly as it can be done.
"""

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Connection = psycopg.Connection[tuple[Any, ...]]

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


def erase(connection: Connection, emails: Sequence[str]) -> int:
    """Delete everything of these mailboxes in one transaction, then read back that every key is gone; rows deleted."""
    wanted = list(emails)
    keys = {table: [row[0] for row in connection.execute(query, [wanted])] for table, query in KEYS}
    deleted = sum(connection.execute(statement, [wanted]).rowcount for statement in DELETES)
    connection.commit()
    _read_back(connection, keys)
    return deleted


def _read_back(connection: Connection, keys: dict[str, list[Any]]) -> None:
    for table, gone in keys.items():
        left = connection.execute(f"SELECT count(*) FROM {table} WHERE id = ANY(%s)", [gone]).fetchone()
        if left != (0,):
            raise AssertionError(table)
    connection.commit()


_SPACES = re.compile(r"\s+")


class OnRecord:
    """Keys, and the two connections: the desk's own database (``app``) and the shop's."""

    def __init__(self, app: Connection, shop: Connection, *, policy_digest: str, organisation: str) -> None:
        self.app, self.shop = app, shop
        self.policy_digest, self.organisation = policy_digest, organisation
        self._seal = AESGCM(AESGCM.generate_key(256))
        self._digest = hmac.new(secrets.token_bytes(32), b"", hashlib.sha256)

    def seal(self, plain: str, bound_to: str) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._seal.encrypt(nonce, plain.encode(), bound_to.encode())

    def digest(self, kind: str, text: str) -> bytes:
        one = self._digest.copy()
        one.update(f"{kind}\0{_SPACES.sub('', unicodedata.normalize('NFKC', text))}".encode())
        return one.digest()[:16]

    def erase(self, customers: Sequence[tuple[Any, ...]], at: datetime) -> int:
        """Register, digest, intend; delete in the shop; read back; confirm. Rows deleted."""
        app, shop, today = self.app, self.shop, at.date()
        emails = [email for _, email, *_ in customers]
        asked = {email: (family, given, born) for _, email, family, given, _, born in customers}
        rows = shop.execute(
            "SELECT email, family_name, given_name, birthday FROM customers WHERE email = ANY(%s)", [emails]
        )
        if any(asked[email] != who for email, *found in rows if (who := tuple(found))):
            raise AssertionError("somebody else has that mailbox: one hit is not proof")
        keys = {table: [row[0] for row in shop.execute(query, [emails])] for table, query in KEYS}
        shop.commit()
        digests = [
            [
                (kind, self.digest(kind, f"{family} {given}\x1f{value}"))
                for kind, value in (
                    ("name+birth_date", str(born)),
                    ("name+email", email),
                    ("name+phone", phone),
                )
            ]
            for _, email, family, given, phone, born in customers
        ]
        known = app.execute(
            "SELECT digest, person_id FROM subjects_personkey WHERE digest = ANY(%s)",
            [[value for mine in digests for _, value in mine]],
        ).fetchall()
        if known:
            raise AssertionError("the baseline expects people never met")
        count = len(customers)
        last = app.execute(
            "UPDATE rights_counter SET last = last + %s WHERE series = 'R' RETURNING last", [count]
        ).fetchone()
        first = (last or (count,))[0] - count + 1
        serials = {
            table: [
                row[0]
                for row in app.execute(
                    """WITH one AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence)
                       SELECT nextval(sequence) FROM one, generate_series(1, %s)""",
                    [table, count],
                )
            ]
            for table in ("subjects_person", "rights_subjectrequest")
        }
        people = [f"P-{secrets.token_hex(8)}" for _ in customers]
        numbers = [f"R-{at.year}-{first + position:04d}" for position in range(count)]
        run = f"X-{secrets.token_hex(8)}"
        searched = json.dumps({"stores": {"shop": dict.fromkeys(keys, 1)}, "at": at.isoformat(), "candidates": 0})
        self.copy(
            "subjects_person (id, ref, organisation, created_at)",
            zip(serials["subjects_person"], people, [self.organisation] * count, [at] * count, strict=True),
        )
        self.copy(
            "subjects_personkey (person_id, organisation, kind, key_id, digest)",
            (
                (person, self.organisation, kind, 1, value)
                for person, mine in zip(serials["subjects_person"], digests, strict=True)
                for kind, value in mine
            ),
        )
        self.copy(
            """rights_subjectrequest (id, number, organisation, addressed, person, state, channel, requester, language,
               method, policy_digest, law_on, arrived_on, complete_on, target_on, gate_on, cure_on, envelope,
               support_measure, facts, searched, candidates, registered_by, registered_at, verified_by, verified_at,
               assigned_to, duplicate_of, amended_by)""",
            (
                (
                    key, number, self.organisation, f'["{self.organisation}"]', person, "verified", "post", "principal",
                    "ja", "written", self.policy_digest, today, today, today, today, None, None, "{}", False,
                    self.seal(
                        json.dumps(
                            {"name": f"{family} {given}", "born": str(born), "emails": [email], "phones": [phone]},
                            ensure_ascii=False,
                        ),
                        f"request:{number}",
                    ),
                    searched, b"", "clerk", at, "clerk", at, "", "", "",
                )
                for key, number, person, (_, email, family, given, phone, born) in zip(
                    serials["rights_subjectrequest"], numbers, people, customers, strict=True
                )
            ),
        )  # fmt: skip
        self.copy(
            "rights_requestkey (request_id, organisation, kind, key_id, digest)",
            (
                (key, self.organisation, kind, 1, self.digest(kind, value))
                for key, (_, email, family, given, phone, _) in zip(
                    serials["rights_subjectrequest"], customers, strict=True
                )
                for kind, value in (("name", f"{family}{given}"), ("email", email), ("phone", phone))
            ),
        )
        self.copy(
            """rights_claim (request_id, organisation, number, kind, basis, state, details, ground, reason, cells,
               decided_by, decided_at, run, covering)""",
            (
                (
                    key, self.organisation, f"{number}-1", "erase", "", "carrying_out",
                    self.seal('{"wish":null,"values":{}}', f"claim:{number}-1"), "", b"", "{}", "boss", at, run, b"",
                )
                for key, number in zip(serials["rights_subjectrequest"], numbers, strict=True)
            ),
        )  # fmt: skip
        row = app.execute(
            """INSERT INTO runs_run (ref, organisation, organisations, purpose, owners, persons, done, holder, fence,
               actor, intended_at) VALUES (%s, %s, %s, 'erase', %s, %s, false, 'me', 1, 'clerk', %s) RETURNING id""",
            [run, self.organisation, json.dumps([self.organisation]), json.dumps(numbers), json.dumps(people), at],
        ).fetchone()
        number = (row or (0,))[0]
        app.execute(
            """INSERT INTO runs_runstore (run_id, organisation, position, store, map_code, map_digest, state, intent,
               outcome, reason) VALUES (%s, %s, 0, 'shop', 'shop', '', 'intended', %s, '[]', '')""",
            [number, self.organisation, self.seal(json.dumps(keys), f"run:{run}/0")],
        )
        app.commit()
        deleted = sum(
            shop.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [gone]).rowcount for table, gone in keys.items()
        )
        if deleted != sum(map(len, keys.values())):
            raise AssertionError("counts differ")
        shop.commit()
        _read_back(shop, keys)
        app.execute(
            "UPDATE runs_runstore SET state = 'confirmed', intent = '', outcome = %s WHERE run_id = %s",
            [json.dumps({table: len(gone) for table, gone in keys.items()}), number],
        )
        app.execute("UPDATE runs_run SET done = true, confirmed_at = %s WHERE id = %s", [at, number])
        app.execute("UPDATE rights_claim SET state = 'reading_back' WHERE run = %s", [run])
        app.commit()
        return deleted

    def copy(self, into: str, rows: Any) -> None:
        with self.app.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

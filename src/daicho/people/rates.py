"""How often somebody comes in within a minute or an hour, counted where every process sees it.

On PostgreSQL, which several processes serve, a count is a row of the cache's table, moved by one statement: two
processes that count at once both see both. On SQLite one process serves, and counts in its memory. Who is
counted stands there as a keyed digest.
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.crypto import salted_hmac

_SALT: Final = "daicho.people.rates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How often in this window, this time included; ``left``: seconds until the next window."""

    times: int
    left: int


def count(what: str, who: str, *, seconds: int, now: float) -> Counted:
    """Count one more of ``what`` by ``who`` in the window of the clock that ``now`` (epoch seconds) is in."""
    window = int(now // seconds)
    key = f"count:{what}:{salted_hmac(_SALT, f'{what} {who}', algorithm='sha256').hexdigest()}"
    left = max(1, int((window + 1) * seconds - now))
    if _shared():
        with connection.cursor() as cursor:
            cursor.execute(_ONE_MORE.format(table=_table()), [key, (window + 1) * seconds])
            return Counted(times=int(cursor.fetchone()[0]), left=left)
    key = f"{key}:{window}"
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return Counted(times=cache.incr(key), left=left)
    except ValueError:  # pushed out between the two: far more is counted than fits
        return Counted(times=1, left=left)


def forget_counts() -> None:
    """Remove the counts of windows that are over."""
    if _shared():
        with connection.cursor() as cursor:
            cursor.execute(_OVER.format(table=_table()))


def _shared() -> bool:
    return connection.vendor == "postgresql"


def _table() -> str:
    return connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))


#: A row that is left from an earlier window begins anew.
_ONE_MORE: Final = """
INSERT INTO {table} AS counted (cache_key, value, expires) VALUES (%s, '1', to_timestamp(%s))
ON CONFLICT (cache_key) DO UPDATE SET
  value = CASE WHEN counted.expires < EXCLUDED.expires THEN '1' ELSE (counted.value::bigint + 1)::text END,
  expires = greatest(counted.expires, EXCLUDED.expires)
RETURNING value
"""
_OVER: Final = "DELETE FROM {table} WHERE cache_key LIKE 'count:%%' AND expires < now()"

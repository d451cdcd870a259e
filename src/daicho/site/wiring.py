"""The only place that opens stores: a row of the register in, an opened store out.

Opened stores are kept for the life of the process, because connecting costs more than asking.
"""

import json
import os
import threading
from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings

from daicho.register.compile import adapter_values
from daicho.register.reading import StoreRef
from daicho.site.store_places import require_not_own, require_place
from daicho.stores import adapters
from daicho.stores.port import Store, StoreSettings
from daicho.stores.settings import Setting

_opened: dict[tuple[int, str, str], Store] = {}
_lock = threading.Lock()


def settings_of(kind: str) -> Sequence[Setting]:
    """The settings a kind of store takes; InputError for an unknown kind."""
    return adapters.settings_of(kind)


@cache
def kinds_of_stores() -> Mapping[str, Sequence[Setting]]:
    """Every kind of store there is, with the settings it takes."""
    return {kind: adapters.settings_of(kind) for kind in adapters.KINDS}


def open_store(ref: StoreRef) -> Store:
    """The opened store of the register's row; the same one again while its settings stay the same.

    Raises:
        InputError: no such kind, or settings the adapter does not take.
        PlaceRefusedError: its settings lead to where no store may be (`daicho.site.store_places`).
        InstallationError: a driver or a secret is missing.
        StoreUnreachableError: it does not answer.
    """
    described = json.dumps([ref.kind, ref.settings, str(settings.WORKSPACE.folder)], sort_keys=True, default=str)
    key = (os.getpid(), ref.code, described)  # a connection does not survive a fork
    with _lock:
        found = _opened.get(key)
        if found is None:
            found = adapters.open_store(_settings(ref))
            require_not_own(found)
            _opened[key] = found
        return found


def close_all() -> None:
    """Give back every connection of this process; the next `open_store` opens anew."""
    with _lock:
        for key in [key for key in _opened if key[0] == os.getpid()]:
            _opened.pop(key).close()


def _settings(ref: StoreRef) -> StoreSettings:
    workspace = settings.WORKSPACE
    known = adapters.settings_of(ref.kind)
    values = adapter_values(ref, known, language=workspace.language)
    require_place(known, values, workspace)
    return StoreSettings(
        code=ref.code,
        kind=ref.kind,
        values=values,
        secret=workspace.secret,
        base_folder=str(workspace.folder),
    )

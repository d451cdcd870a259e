"""The only place that knows an adapter: a store of the register in, an opened store out.

Opened stores are kept for the life of the process, because connecting costs more than asking. An
adapter is the package ``daicho.stores.adapters.<kind>`` with ``open_store(StoreSettings) -> Store``;
it is imported when the first store of its kind is opened, so that a driver nobody uses need not be
installed.
"""

import importlib
import json
import os
import pkgutil
import threading
from collections.abc import Callable
from typing import Final

from django.conf import settings

from daicho.register.reading import StoreRef
from daicho.stores import adapters
from daicho.stores.port import Store, StoreSettings
from daicho.words.errors import InputError, InstallationError
from daicho.words.text import Text

#: Extras that bring the drivers of a kind.
_EXTRAS: Final = {"postgresql": "postgres"}

_opened: dict[tuple[int, str, str], Store] = {}
_lock = threading.Lock()


def store_kinds() -> list[str]:
    """The kinds of store this installation knows."""
    return sorted(module.name for module in pkgutil.iter_modules(adapters.__path__))


def open_store(ref: StoreRef) -> Store:
    """The opened store of the register's row; the same one again while its settings stay the same.

    Raises:
        InputError: no such kind, or settings the adapter does not take.
        InstallationError: a driver or a secret is missing.
        StoreUnreachableError: it does not answer.
    """
    described = json.dumps([ref.kind, ref.settings], sort_keys=True, default=str)
    key = (os.getpid(), ref.code, described)  # a connection does not survive a fork
    with _lock:
        found = _opened.get(key)
        if found is None:
            found = _opened[key] = _opener(ref.kind)(_settings(ref))
        return found


def close_all() -> None:
    """Give back every connection of this process; the next `open_store` opens anew."""
    with _lock:
        for key in [key for key in _opened if key[0] == os.getpid()]:
            _opened.pop(key).close()


def _settings(ref: StoreRef) -> StoreSettings:
    workspace = settings.WORKSPACE
    values = {**ref.settings, **({"department": ref.department.as_dict()} if ref.is_paper else {})}
    return StoreSettings(
        code=ref.code, kind=ref.kind, values=values, secret=workspace.secret, base_folder=str(workspace.folder)
    )


def _opener(kind: str) -> Callable[[StoreSettings], Store]:
    if kind not in store_kinds():
        listed = ", ".join(store_kinds())
        raise InputError(
            Text(f"保管先の種類 {kind} はありません。", f"There is no kind of store {kind}."),
            advice=Text(f"次のどれかにしてください: {listed}", f"Use one of: {listed}"),
        )
    try:
        module = importlib.import_module(f"{adapters.__name__}.{kind}")
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get(kind, kind)
        raise InstallationError(
            Text(f"保管先の種類 {kind} に要る部品がありません。", f"What stores of kind {kind} need is not installed."),
            advice=Text(f"pip install 'daicho[{extra}]' を実行してください。", f"Run pip install 'daicho[{extra}]'."),
        ) from error
    opener: Callable[[StoreSettings], Store] = module.open_store
    return opener

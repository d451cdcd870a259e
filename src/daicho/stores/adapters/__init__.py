"""The kinds of store there are. A kind is a folder: ``open_store``, ``SETTINGS``, ``store.py``.

Only this list names the folders; a kind's driver is loaded when a store of it is opened.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

from daicho.stores.port import Store, StoreSettings
from daicho.stores.settings import Setting
from daicho.words.errors import InputError
from daicho.words.text import Text

KINDS: Final = ("postgresql", "sqlite", "csv", "paper")


def open_store(settings: StoreSettings) -> Store:
    """Open a store of any kind.

    Raises:
        InputError: an unknown kind, or settings that are not of the kind's list.
        InstallationError: the kind's driver is not installed.
    """
    opener: Callable[[StoreSettings], Store] = _folder(settings.kind).open_store
    return opener(settings)


def settings_of(kind: str) -> Sequence[Setting]:
    """The settings a kind takes, for checking a document before anything is opened.

    Raises:
        InputError: an unknown kind.
    """
    known: Sequence[Setting] = _folder(kind).SETTINGS
    return known


def _folder(kind: str) -> Any:
    if kind not in KINDS:
        raise InputError(
            Text(f"保管先の種類 {kind} はありません。", f"There is no kind of store {kind}."),
            advice=Text(f"{', '.join(KINDS)} のどれかを書いてください。", f"Write one of {', '.join(KINDS)}."),
        )
    return import_module(f"daicho.stores.adapters.{kind}")

"""Where a store may be: what its settings name is judged before anything is opened.

Whoever keeps the register of one company writes these settings, and is not who keeps the machine. So a path stays in
the workspace or in a folder that ``daicho.toml`` lists, never at what is Daicho's own; and no secret is one that
Daicho itself lives by. Two companies' stores in one place are refused when they are planned (`daicho.register.planning`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

from daicho.site.workspace import Workspace
from daicho.stores.port import Store
from daicho.stores.refusals import place_refused
from daicho.stores.settings import Setting, SettingType, server_of

_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database


def require_place(known: Sequence[Setting], values: Mapping[str, Any], workspace: Workspace) -> None:
    """Judge the paths and the secrets among checked or unchecked ``values``.

    Raises:
        PlaceRefusedError: naming the setting, never what it says.
    """
    for setting in known:
        value = values.get(setting.name)
        if not isinstance(value, str):
            continue
        outside = setting.type is SettingType.PATH and not _is_open(value, workspace)
        own = setting.type is SettingType.SECRET and value.partition(":")[2] in workspace.own_secrets
        if outside or own:
            raise place_refused(setting.name)


def require_not_own(store: Store) -> None:
    """Refuse a store that turned out to be Daicho's own database, by whatever name it was reached.

    Raises:
        PlaceRefusedError: it is.
    """
    own = django_settings.DATABASES["default"]
    if own["ENGINE"].endswith("postgresql"):
        server = server_of(str(own["HOST"]), str(own["PORT"]))
        if any(one.startswith(f"schema:{server}/{own['NAME']}/") for one in store.places):
            store.close()
            raise place_refused()


def _is_open(value: str, workspace: Workspace) -> bool:
    try:
        path = (workspace.folder / value).resolve()
        roots = [root.resolve() for root in (workspace.folder, *workspace.store_folders)]
        own = [one.resolve() for one in _own(workspace)]
        same = any(one.is_file() and path.is_file() and one.samefile(path) for one in own)  # by another name
    except (OSError, ValueError, RuntimeError):
        return False
    inside = any(path.is_relative_to(root) for root in roots)
    return inside and not same and not any(path.is_relative_to(one) or one.is_relative_to(path) for one in own)


def _own(workspace: Workspace) -> list[Path]:
    files = list(workspace.own_files)
    own = django_settings.DATABASES["default"]
    if own["ENGINE"].endswith("sqlite3"):
        files.append(workspace.folder / str(own["NAME"]))
    return [*files, *(one.with_name(one.name + end) for one in files for end in _BESIDE)]

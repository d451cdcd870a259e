"""SQLite database files."""

from daicho.stores.adapters.sqlite.store import SqliteStore
from daicho.stores.port import Store, StoreSettings
from daicho.stores.settings import Setting, SettingType, path_of, require_settings
from daicho.words.text import Text

SETTINGS = (
    Setting(name="path", words=Text("データベースファイル", "the database file"), type=SettingType.PATH, required=True),
    Setting(
        name="busy_seconds",
        words=Text("ほかのプログラムの書込みを待つ秒数", "seconds to wait for another program's writing"),
        type=SettingType.NUMBER,
    ),
)


def open_store(settings: StoreSettings) -> Store:
    """Open a SQLite file; it is created by nobody and opened at the first call."""
    values = require_settings(SETTINGS, settings)
    return SqliteStore(settings.code, path_of(settings, "path"), busy_seconds=values.get("busy_seconds", 10))

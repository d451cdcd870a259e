"""A folder of CSV files: each file a table, its first row the names of the columns."""

from typing import Any

from daicho.stores.adapters.csv.store import CsvStore
from daicho.stores.port import Store, StoreSettings
from daicho.stores.settings import Setting, SettingType, path_of, require_settings
from daicho.words.errors import InputError
from daicho.words.text import Text

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";"}
SETTINGS = (
    Setting(name="folder", words=Text("フォルダ", "the folder"), type=SettingType.PATH, required=True),
    Setting(
        name="encoding",
        words=Text("文字コード（なければ utf-8）", "the encoding, utf-8 unless said"),
        choices=("utf-8", "utf-8-sig", "cp932"),
    ),
    Setting(
        name="delimiter",
        words=Text("区切り（なければ comma）", "what stands between columns, comma unless said"),
        choices=tuple(DELIMITERS),
    ),
    Setting(
        name="keys",
        words=Text("表ごとの、行を見分ける列", "per table, the column or columns that tell its rows apart"),
        type=SettingType.MAPPING,
    ),
    Setting(
        name="lock_seconds",
        words=Text("ほかの Daicho の書込みを待つ秒数", "seconds to wait for another Daicho's writing"),
        type=SettingType.NUMBER,
    ),
)


def open_store(settings: StoreSettings) -> Store:
    """Open a folder of CSV files; nothing is read before the first call."""
    values = require_settings(SETTINGS, settings)
    return CsvStore(
        settings.code,
        path_of(settings, "folder"),
        encoding="cp932" if values.get("encoding") == "cp932" else "utf-8",
        delimiter=DELIMITERS[values.get("delimiter", "comma")],
        keys={table: _columns(settings.code, table, columns) for table, columns in values.get("keys", {}).items()},
        lock_seconds=values.get("lock_seconds", 10),
    )


def _columns(store: str, table: Any, columns: Any) -> tuple[str, ...]:
    """One column name, or a list of them."""
    found = [columns] if isinstance(columns, str) else columns
    if not isinstance(found, list | tuple) or not found or not all(isinstance(name, str) and name for name in found):
        raise InputError(
            Text(
                f"保管先 {store} の keys の {table} が正しくありません。", f"Store {store}: keys of {table} is wrong."
            ),
            advice=Text("列名か、列名の並びを書いてください。", "Write a column's name, or a list of names."),
        )
    return tuple(found)

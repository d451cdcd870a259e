"""PostgreSQL databases."""

from daicho.stores.port import Store, StoreSettings
from daicho.stores.settings import Setting, SettingType, require_settings
from daicho.words.errors import InstallationError
from daicho.words.text import Text

SETTINGS = (
    Setting(
        name="url",
        words=Text("接続先（読取り用の資格情報）", "the address, with the credentials for reading"),
        type=SettingType.SECRET,
        required=True,
    ),
    Setting(
        name="write_url",
        words=Text("変更に使う資格情報の接続先", "the address with the credentials for changes"),
        type=SettingType.SECRET,
    ),
    Setting(name="schema", words=Text("スキーマ名（なければ public）", "the schema, public unless said")),
    Setting(
        name="lock_seconds",
        words=Text("ほかの処理が持つ行を待つ秒数", "seconds to wait for rows others hold"),
        type=SettingType.NUMBER,
    ),
    Setting(
        name="statement_seconds",
        words=Text("一つの文にかける秒数の上限", "the longest a statement may take, in seconds"),
        type=SettingType.NUMBER,
    ),
)


def open_store(settings: StoreSettings) -> Store:
    """Open a PostgreSQL store; the first connection is made at the first call.

    Raises:
        InstallationError: psycopg is not installed.
    """
    values = require_settings(SETTINGS, settings)
    try:
        from daicho.stores.adapters.postgresql.store import PostgresqlStore  # noqa: PLC0415 (the driver is an extra)
    except ImportError:
        missing = InstallationError(
            Text("PostgreSQL のドライバ psycopg がありません。", "psycopg, the driver for PostgreSQL, is missing."),
            advice=Text(
                "pip install 'daicho[postgres]' で入れてください。", "Install it with pip install 'daicho[postgres]'."
            ),
        )
    else:
        url = settings.secret(values["url"])
        return PostgresqlStore(
            settings.code,
            url=url,
            write_url=settings.secret(values["write_url"]) if "write_url" in values else url,
            schema=values.get("schema", "public"),
            lock_seconds=values.get("lock_seconds", 10),
            statement_seconds=values.get("statement_seconds", 0),
        )
    raise missing

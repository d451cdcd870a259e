"""The errors of a store in words. They name the store, its tables and columns; never a value or a driver's text."""

from daicho.stores.port import (
    ChangeRefusedError,
    CountsDifferError,
    NotAutomaticError,
    PlaceRefusedError,
    ReadRefusedError,
    StoreChangedError,
    StoreUnreachableError,
)
from daicho.words.errors import StoreError
from daicho.words.text import Text

_CHECK_MAP = Text(
    "保管先の変更を担当者に確かめ、対応表を直して適用し直してください。",
    "Ask who runs the store what changed, then mend the map and apply it again.",
)


def _state(reason: str) -> tuple[str, str]:
    return (f"（{reason}）", f" ({reason})") if reason else ("", "")


def unreachable(store: str, reason: str = "") -> StoreUnreachableError:
    """The store does not answer. ``reason``: a stable code such as an SQLSTATE."""
    ja, en = _state(reason)
    return StoreUnreachableError(
        Text(f"保管先 {store} が応答しません{ja}。", f"The store {store} does not answer{en}."),
        advice=Text(
            "保管先が動いていること、設定の場所と資格情報を確かめて、もう一度実行してください。",
            "Check that the store runs, and its address and credentials, then run the same again.",
        ),
    )


def bad_address(store: str) -> StoreError:
    """The address cannot even be read; it is not repeated, since it holds a password."""
    return StoreError(
        Text(
            f"保管先 {store} の接続先の書き方が正しくありません。", f"The address of the store {store} cannot be read."
        ),
        advice=Text(
            "postgresql://利用者:パスワード@ホスト:ポート/データベース の形にしてください。",
            "Write it as postgresql://user:password@host:port/database.",
        ),
    )


def busy(store: str, reason: str = "") -> StoreUnreachableError:
    """Another program holds the rows, or the store took too long."""
    ja, en = _state(reason)
    return StoreUnreachableError(
        Text(
            f"保管先 {store} がほかの処理で使われているか、時間内に応答しませんでした{ja}。何も変更していません。",
            f"The store {store} is in use by another program or did not answer in time{en}. Nothing was changed.",
        ),
        advice=Text("しばらく待って、もう一度実行してください。", "Wait a little and run the same again."),
    )


def table_missing(store: str, table: str) -> StoreChangedError:
    """A table of the plan is not in the store."""
    return StoreChangedError(
        Text(f"保管先 {store} に表 {table} がありません。", f"The store {store} has no table {table}."),
        advice=_CHECK_MAP,
    )


def column_missing(store: str, table: str, column: str) -> StoreChangedError:
    """A column of the plan is not in its table."""
    return StoreChangedError(
        Text(f"保管先 {store} の表 {table} に列 {column} がありません。", f"{store}: {table} has no column {column}."),
        advice=_CHECK_MAP,
    )


def store_changed(store: str, reason: str = "") -> StoreChangedError:
    """The store is not what the plan was made on."""
    ja, en = _state(reason)
    return StoreChangedError(
        Text(
            f"保管先 {store} の表または列が、対応表を確認した時と違います{ja}。",
            f"A table or column of {store} is not what the map was confirmed on{en}.",
        ),
        advice=_CHECK_MAP,
    )


def key_empty(store: str, table: str) -> StoreChangedError:
    """A row found has an empty key, so that nothing can be done to it and it alone."""
    return StoreChangedError(
        Text(
            f"保管先 {store} の表 {table} に、キーの列が空の行があります。",
            f"{store}: a row of {table} that was found has an empty key column.",
        ),
        advice=Text(
            "対応表の key を、空にならず重ならない列に直してください。",
            "Make key in the map columns that are never empty and never repeat.",
        ),
    )


def unreadable(store: str, where: str, why: Text) -> StoreChangedError:
    """A file of the store cannot be read as what it should be; ``where`` is file and line."""
    return StoreChangedError(
        Text(f"保管先 {store} の {where}：{why.ja}", f"{store}, {where}: {why.en}"),
        advice=Text(
            "ファイルをその形式に直すか、設定（文字コード、区切り）を直してください。",
            "Mend the file, or the settings of its encoding and delimiter.",
        ),
    )


def read_refused(store: str, reason: str = "") -> ReadRefusedError:
    """The account may not read."""
    ja, en = _state(reason)
    return ReadRefusedError(
        Text(
            f"保管先 {store} の表を読む権限がありません{ja}。",
            f"The account for {store} may not read one of the tables{en}.",
        ),
        advice=Text("保管先で読取り権限を与えてください。", "Have the store grant it the right to read."),
    )


def counts_differ(store: str, table: str, *, expected: int, found: int) -> CountsDifferError:
    """Other rows than expected; counts are no personal values."""
    return CountsDifferError(
        Text(
            f"保管先 {store} の表 {table} で、変更するはずの {expected} 行に対し {found} 行でした。何も変更していません。",
            f"{store}: {found} rows of {table} instead of the {expected} expected. Nothing was changed.",
        ),
        advice=Text(
            "計画の後に行が変わっています。検索からやり直してください。",
            "Rows changed after the plan was made: search again and plan again.",
        ),
    )


def change_refused(store: str, table: str = "", reason: str = "") -> ChangeRefusedError:
    """A constraint, a permission or the column's type refused the change."""
    ja, en = _state(reason)
    where_ja, where_en = (f" の表 {table}", f" ({table})") if table else ("", "")
    return ChangeRefusedError(
        Text(
            f"保管先 {store}{where_ja} が変更を受け付けませんでした{ja}。何も変更していません。",
            f"The store {store}{where_en} refused the change{en}. Nothing was changed.",
        ),
        advice=Text(
            "制約（参照、必須、長さ）と書込み権限を確かめ、対応表の終わり方を直してください。",
            "Check its constraints (references, required, length) and the right to write; mend how the map ends the row.",
        ),
    )


def place_refused(setting: str = "settings") -> PlaceRefusedError:
    """The same words whatever stands there, so that they tell nothing of it; ``setting`` is its name."""
    return PlaceRefusedError(
        Text(
            f"この保管先では、{setting} が指す場所を使えません。", f"This store cannot be at the place {setting} names."
        ),
        advice=Text(
            "作業フォルダの中か、daicho.toml の store_folders に書いたフォルダの、ほかで使っていない場所を指してください。"
            "秘密は、その保管先のための環境変数を指してください。",
            "Name a place nothing else uses, in the workspace or in a folder that store_folders in daicho.toml lists; "
            "for a secret, an environment variable made for this store.",
        ),
    )


def not_automatic(store: str, department: str) -> NotAutomaticError:
    """Only people can search it."""
    return NotAutomaticError(
        Text(
            f"保管先 {store} は機械では検索できません（担当：{department}）。",
            f"The store {store} is searched by people ({department}).",
        ),
        advice=Text(
            "検索依頼票を印刷して担当部署に渡し、回答を記録してください。",
            "Print the search slip, hand it to the department, and record its answer.",
        ),
    )


def failed(store: str, reason: str = "") -> StoreError:
    """Anything else a driver can say."""
    ja, en = _state(reason)
    return StoreError(
        Text(f"保管先 {store} で処理に失敗しました{ja}。", f"The store {store} failed{en}."),
        advice=Text(
            "保管先の記録を管理者に確かめてもらってください。", "Ask who runs the store to look at its own log."
        ),
    )

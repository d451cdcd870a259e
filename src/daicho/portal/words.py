"""What the mails of the outbox are called on the screen."""

from collections.abc import Mapping
from typing import Final

from daicho.words.text import Text

#: Every template of ``templates/mail``.
KIND_WORDS: Final[Mapping[str, Text]] = {
    "start": Text("請求を始めるリンク", "link to begin a request"),
    "acknowledged": Text("請求の受付", "request received"),
    "status": Text("状況を見るリンク", "link to follow a request"),
    "news": Text("お知らせがあること", "something to read"),
    "code": Text("確認コード", "code"),
    "offered": Text("回答の受取り", "answer to fetch"),
    "withdrawn": Text("取下げの確認", "request withdrawn"),
    "reminder": Text("職員へのお知らせ", "reminder to a colleague"),
}

#: What the files of an answer are, by the ending of their names.
FILE_WORDS: Final[Mapping[str, Text]] = {
    "pdf": Text("回答書（PDF）", "The letter (PDF)"),
    "csv": Text("開示する個人データ（CSV・表計算用）", "The data disclosed (CSV, for spreadsheets)"),
    "json": Text("開示する個人データ（JSON）", "The data disclosed (JSON)"),
}

# ruff: noqa: INP001 (a script beside the pages it writes, not a package)
"""The house as a picture: its rooms, in the order of the import contract that `make check` holds them to."""

import tomllib
from functools import partial
from pathlib import Path
from typing import Final

from daicho.words.text import Language, Text

ROOT: Final = Path(__file__).resolve().parent.parent

#: What each room is for. A room of the contract that is missing here stops `make docs`.
ROOMS: Final = {
    "cli": Text(
        "コマンド。時刻を読み、範囲を定め、下の部屋を呼ぶ",
        "the command line: reads the clock, builds the scope, calls the rooms below",
    ),
    "site": Text("設定と結線。保管先を開く唯一の場所", "settings and wiring; the only place that opens a store"),
    "api": Text(
        "プログラムの窓口。トークン、操作、署名した通知", "the door for programs: tokens, operations, signed webhooks"
    ),
    "portal": Text("本人の窓口。メールの確認から回答の受け取りまで", "the person's own door, from mailbox to download"),
    "post": Text("郵便。封筒の仕分け、写し、黒塗り", "envelopes and their sorting, scans, blacking out"),
    "rights": Text("開示等の請求。封筒から回答まで", "requests of the person, from the envelope to the answer"),
    "consent": Text("同意・停止。止めたこと、訂正したことの記憶", "what each person stopped, and what was corrected"),
    "runs": Text(
        "保管先での実施。意図、記録、読み戻し、保全、検索依頼票",
        "plans carried out on stores: intent, journal, read-back, holds, slips",
    ),
    "register": Text(
        "台帳。何を、どこに、何のために。保管先の対応表", "what is held, where, for what; the maps of stores"
    ),
    "policy": Text(
        "方針。書式、点検、比較、公表ページ、版", "the declared policy: language, check, compare, render, revisions"
    ),
    "subjects": Text("本人。行が誰のものかの判断", "who a person is across stores"),
    "stores": Text("保管先。PostgreSQL・SQLite・CSV・紙", "where data lives: PostgreSQL, SQLite, CSV, paper"),
    "letters": Text("書面。社外に出る文書", "documents that leave the house"),
    "people": Text("社員と役割", "staff, organisations, roles"),
    "trail": Text("証跡。つながった記録と検証", "the chain of every act, and its verification"),
    "work": Text("長い処理。誰が持ち、どこまで進んだか", "long work: who holds it, how far it is"),
    "keys": Text("鍵。封印、ダイジェスト、署名", "keys, sealed files, digests, signatures"),
    "law": Text(
        "法令・規格。日付つきの条番号・種別・理由の表", "dated tables of articles, controls, kinds and grounds"
    ),
    "words": Text(
        "共通の語彙。元号、文書、氏名の表記、誤り", "the closed vocabulary: eras, documents, spellings, errors"
    ),
}


def layers(root: Path = ROOT) -> list[list[str]]:
    """The lines of the contract, top to bottom; rooms of one line do not import each other.

    Raises:
        LookupError: there is no such contract.
    """
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    for one in contracts:
        if one["type"] == "layers" and one.get("containers") == ["daicho"]:
            return [[room.strip() for room in line.split("|")] for line in one["layers"]]
    raise LookupError("pyproject.toml holds no layers contract over the package daicho")


def diagram(language: Language) -> str:
    """One line a layer, with what its rooms are for."""
    lines = layers()
    width = max(len(" · ".join(line)) for line in lines)
    told = []
    for number, line in enumerate(lines):
        arrow = "↓" if number < len(lines) - 1 else " "
        for place, room in enumerate(line):
            names = " · ".join(line) if place == 0 else ""
            label = f"{room}: " if len(line) > 1 else ""
            told.append(f"{arrow if place == 0 else ' '} {names:<{width}}  {label}{ROOMS[room].say(language)}")
    return "```\n" + "\n".join(line.rstrip() for line in told) + "\n```"


PARTS: Final = {
    "house.en": partial(diagram, Language.EN),
    "house.ja": partial(diagram, Language.JA),
}

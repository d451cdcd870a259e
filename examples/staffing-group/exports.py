"""Two folders of CSV exports, as departments keep them: one from Excel (cp932), one from a form service (UTF-8 with BOM)."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import names
import people
from people import Human

LAST_DAY = date(2026, 10, 30)

#: Folder → encoding and, per file, its heading line.
FOLDERS: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "exports": (
        "cp932",
        {
            "mailing_list": (
                "配信番号",
                "氏名",
                "フリガナ",
                "会社名",
                "郵便番号",
                "住所",
                "電話番号",
                "メールアドレス",
                "配信",
                "登録日",
            ),
            "provision_list": ("一覧番号", "会員番号", "氏名", "保有資格", "提供先", "提供日", "提供可否"),
        },
    ),
    "events": (
        "utf-8-sig",
        {
            "event_attendance": (
                "受付番号",
                "氏名",
                "フリガナ",
                "電話番号",
                "メールアドレス",
                "イベント",
                "開催日",
                "連絡可否",
                "アンケート",
            ),
            "entry_roster": ("名簿番号", "氏名", "フリガナ", "生年月日", "電話番号", "所属会社", "作業所", "預り日"),
        },
    ),
}

EVENTS = ("現場監督のための転職セミナー", "施工管理 資格取得説明会", "技術者派遣 活用セミナー", "名古屋支店 会社見学会")


def rows(
    mailed: Sequence[Human],
    provided: Sequence[tuple[str, Human]],
    attended: Sequence[Human],
    rostered: Sequence[Human],
    rng: Random,
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Folder → file → lines, numbers counted from 1. ``provided``: registrant number and person."""
    return {
        "exports": {
            "mailing_list": [_mailed(number, human, rng) for number, human in enumerate(mailed, 1)],
            "provision_list": [
                {"一覧番号": f"P{number:06d}", "会員番号": registrant_no, "氏名": people.hurried_name(human, rng),
                 "保有資格": "、".join(human.licences), "提供先": _firm(rng), "提供日": _slashed(_day(rng)), "提供可否": "可"}
                for number, (registrant_no, human) in enumerate(provided, 1)
            ],
        },
        "events": {
            "event_attendance": [_attended(number, human, rng) for number, human in enumerate(attended, 1)],
            "entry_roster": [
                {"名簿番号": f"R{number:06d}", "氏名": human.name, "フリガナ": human.kana, "生年月日": human.born_on.isoformat(),
                 "電話番号": human.mobile, "所属会社": _firm(rng), "作業所": "架空町中央病院建替工事", "預り日": "2026/08/03"}
                for number, human in enumerate(rostered, 1)
            ],
        },
    }  # fmt: skip


def write(folder: Path, content: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]) -> None:
    """Write every file of every folder; what cp932 cannot write (𠮷) becomes what people type instead (吉)."""
    for name, files in content.items():
        encoding, headings = FOLDERS[name]
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, lines in files.items():
            with (folder / name / f"{file}.csv").open("w", encoding=encoding, newline="") as opened:
                writer = csv.DictWriter(opened, fieldnames=headings[file], lineterminator="\r\n")
                writer.writeheader()
                writer.writerows(_writable(line, encoding) for line in lines)


def _writable(line: Mapping[str, Any], encoding: str) -> dict[str, str]:
    plain = {key: "" if value is None else str(value) for key, value in line.items()}
    return {key: value.replace("𠮷", "吉") for key, value in plain.items()} if encoding == "cp932" else plain


def _mailed(number: int, human: Human, rng: Random) -> dict[str, Any]:
    return {
        "配信番号": f"M{number:06d}",
        "氏名": people.hurried_name(human, rng),
        "フリガナ": people.hurried_kana(human, rng),
        "会社名": _firm(rng),
        "郵便番号": human.home.postal_code,
        "住所": people.short_address(human.home),
        "電話番号": people.hurried_phone(human.mobile, rng),
        "メールアドレス": human.email,
        "配信": rng.choice(("可", "可", "可", "停止")),
        "登録日": _slashed(_day(rng)),
    }


def _attended(number: int, human: Human, rng: Random) -> dict[str, Any]:
    return {
        "受付番号": f"V{number:06d}",
        "氏名": people.hurried_name(human, rng),
        "フリガナ": people.hurried_kana(human, rng),
        "電話番号": people.hurried_phone(human.mobile, rng),
        "メールアドレス": human.email,
        "イベント": rng.choice(EVENTS),
        "開催日": _slashed(_day(rng)),
        "連絡可否": rng.choice(("可", "可", "不可")),
        "アンケート": rng.choice(("", "とても参考になった。", "駐車場が分かりにくい。", "次回は平日夜を希望。")),
    }


def _firm(rng: Random) -> str:
    return f"{rng.choice(names.COMPANY_HEADS)}{rng.choice(names.COMPANY_TAILS)}株式会社"


def _slashed(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def _day(rng: Random) -> date:
    return LAST_DAY - timedelta(days=rng.randrange(4 * 365))

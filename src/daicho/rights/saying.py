"""Words of the desk's pages for codes that other rooms write."""

from collections.abc import Mapping
from typing import Final

from daicho.runs.rules import Fate, StoreState
from daicho.words.identity import STRONG_PREFIX, WeakKind
from daicho.words.text import Text

_KINDS: Final[Mapping[str, Text]] = {
    WeakKind.NAME: Text("氏名", "Name"),
    WeakKind.KANA: Text("フリガナ", "Reading"),
    WeakKind.BIRTH_DATE: Text("生年月日", "Date of birth"),
    WeakKind.EMAIL: Text("メールアドレス", "E-mail"),
    WeakKind.PHONE: Text("電話番号", "Telephone"),
    WeakKind.POSTAL_CODE: Text("郵便番号", "Postal code"),
    WeakKind.ADDRESS: Text("住所", "Address"),
}

FATE_WORDS: Final[Mapping[str, Text]] = {
    Fate.SHOWN: Text("開示", "shown"),
    Fate.DELETED: Text("削除", "deleted"),
    Fate.BLANKED: Text("空欄化", "blanked"),
    Fate.REPLACED: Text("置換え", "replaced"),
    Fate.ANNOTATED: Text("注記", "annotated"),
    Fate.KEPT: Text("保存（根拠あり）", "kept, on a ground"),
    Fate.WAITING: Text("法的保全で保留", "waiting: legal hold"),
    Fate.ENTRUSTED: Text("受託データのため対象外", "entrusted to us: not ours to change"),
    Fate.UNTOUCHED: Text("扱いの定めなし", "no end is defined"),
    "by_hand": Text("手作業で対応済み", "seen to by hand"),
}
#: Tones of fates: what ends, what stays, what is open.
FATE_TONES: Final[Mapping[str, str]] = {
    Fate.SHOWN: "info",
    Fate.DELETED: "bad",
    Fate.BLANKED: "bad",
    Fate.REPLACED: "info",
    Fate.ANNOTATED: "info",
    Fate.KEPT: "good",
    Fate.WAITING: "warn",
    Fate.UNTOUCHED: "warn",
}

STORE_STATES: Final[Mapping[str, Text]] = {
    StoreState.INTENDED: Text("これから・途中", "intended"),
    StoreState.CONFIRMED: Text("読み直して確認済み", "read back and confirmed"),
    StoreState.HUMAN: Text("人の判断待ち", "left to a human"),
}

#: What a store is being asked, and where the whole work is.
STEP_WORDS: Final[Mapping[str, Text]] = {
    "waiting": Text("順番を待っています", "waiting its turn"),
    "answered": Text("応答がありました", "answered"),
    "open": Text("接続しています", "connecting"),
    "inspect": Text("形が変わっていないか確かめています", "checking that it has not changed"),
    "look_up": Text("本人の記録を探しています", "looking for the person"),
    "follow": Text("つながる記録をたどっています", "following links"),
    "read": Text("読み取っています", "reading"),
    "change": Text("変更しています", "changing"),
    "read_back": Text("読み直して確かめています", "reading back"),
    "trouble": Text("ここで止まりました", "stopped here"),
    "search.stores": Text("保管先に問い合わせています", "asking the stores"),
    "run.resolving": Text("本人の記録を探しています", "finding the person's rows"),
    "run.planned": Text("計画しました", "planned"),
    "run.reading": Text("読み取っています", "reading"),
    "run.store": Text("保管先で実施しています", "changing a store"),
    "run.intended": Text("意図を記録しました", "the intent is recorded"),
    "run.before_confirm": Text("結果を記録しています", "writing down the outcome"),
    "run.read_back": Text("読み直して確かめています", "reading back"),
    "run.confirmed": Text("確認しました", "confirmed"),
}

SLIP_ANSWERS: Final[Mapping[str, Text]] = {
    "found": Text("あり", "found"),
    "none": Text("なし", "none"),
    "done": Text("実施済み", "done"),
    "kept": Text("保存（根拠あり）", "kept, on a law"),
}
SLIP_TASKS: Final[Mapping[str, Text]] = {"search": Text("検索", "search"), "act": Text("実施", "act")}


def identity_word(kind: str) -> Text:
    """What a kind of identity is called; a company's own number by its code."""
    found = _KINDS.get(kind)
    if found is not None:
        return found
    name = kind.removeprefix(STRONG_PREFIX)
    return Text(f"番号（{name}）", f"Number ({name})")


def fate_word(fate: str) -> Text:
    """What became of rows."""
    return FATE_WORDS.get(fate, Text(fate, fate))


def say_left(code: str) -> Text:
    """In words what keeps a claim from being answered, as `daicho.rights.standings.still_open` names it."""
    what, _, place = code.partition(":")
    if what == "slip":
        return Text(f"検索依頼票の回答待ち（{place}）", f"A department has not answered its slip ({place})")
    if what == "late":
        return Text(
            f"決定のあとに検索依頼票の回答が記録された（{place}）：決定を取り消し、検索からやり直す",
            f"A slip was answered after the decision ({place}): take the decision back and search again",
        )
    words = FATE_WORDS[Fate(what)]
    return Text(f"{words.ja}（{place}）", f"{words.en} ({place})")

"""What a verification can find, each thing with a name of its own and words in both languages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daicho.words.text import Language, Text


class Harm(StrEnum):
    """What was done to a trail, or what keeps us from knowing."""

    EDITED = "edited-entry"
    REPLACED = "replaced-entry"
    REMOVED = "removed-entry"
    INSERTED = "inserted-entry"
    REORDERED = "reordered-entry"
    CUT_TAIL = "cut-tail"
    EMPTIED = "emptied-log"
    REHASHED = "rehashed-chain"
    FORGED_CHECKPOINT = "forged-checkpoint"
    UNKNOWN_KEY = "unknown-key"
    REMOVED_CHECKPOINT = "removed-checkpoint"
    MISPLACED_CHECKPOINT = "misplaced-checkpoint"
    FORKED = "forked-checkpoint"
    NO_CHECKPOINT = "no-checkpoint"
    UNSIGNED_TAIL = "unsigned-tail"
    TRUNCATED = "truncated-file"
    WRONG_TRAIL = "wrong-trail"
    HEADER = "bad-header"
    UNREADABLE = "unreadable-line"


_WORDS: Final[dict[Harm, Text]] = {
    Harm.EDITED: Text(
        "記録 {first} の内容が、書かれたときから変わっています。",
        "Entry {first} does not say what it said when it was written.",
    ),
    Harm.REPLACED: Text(
        "記録 {first} は、次の記録が続けている記録ではありません(差し替え)。",
        "Entry {first} is not the entry that the next one continues: it was exchanged.",
    ),
    Harm.REMOVED: Text("記録 {first}〜{last} が抜かれています。", "Entries {first} to {last} were taken out."),
    Harm.INSERTED: Text("記録 {first} の位置に、別の記録が差し込まれています。", "An entry was slipped in at {first}."),
    Harm.REORDERED: Text(
        "記録 {first}〜{last} の順番が変えられています。", "Entries {first} to {last} stand in another order."
    ),
    Harm.CUT_TAIL: Text(
        "記録 {first}〜{last} が末尾から切り取られています(署名された時点では存在しました)。",
        "Entries {first} to {last} were cut off the end; they were there when it was last signed.",
    ),
    Harm.EMPTIED: Text(
        "記録がすべて消されています(署名された時点では {last} 件ありました)。",
        "The log was emptied; it had {last} entries when it was last signed.",
    ),
    Harm.REHASHED: Text(
        "記録 {first}〜{last} は、つながってはいますが、署名された内容と違います(書き換えて計算し直した跡)。",
        "Entries {first} to {last} are linked, but are not what was signed: they were rewritten and hashed again.",
    ),
    Harm.FORGED_CHECKPOINT: Text(
        "チェックポイント {first} の署名が正しくありません。", "Checkpoint {first} does not bear its signature."
    ),
    Harm.UNKNOWN_KEY: Text(
        "チェックポイント {first} は、渡された公開鍵にない鍵で署名されています。",
        "Checkpoint {first} is signed by a key that is not among the given ones.",
    ),
    Harm.REMOVED_CHECKPOINT: Text(
        "チェックポイント {first}〜{last} が抜かれています。", "Checkpoints {first} to {last} were taken out."
    ),
    Harm.MISPLACED_CHECKPOINT: Text(
        "チェックポイント {first} が正しい位置にありません。", "Checkpoint {first} does not stand where it belongs."
    ),
    Harm.FORKED: Text(
        "チェックポイント {first} に、署名された版が二つあります(枝分かれ)。",
        "There are two signed versions of checkpoint {first}: the trail was forked.",
    ),
    Harm.NO_CHECKPOINT: Text(
        "有効な署名が一つもなく、記録が本物か確かめられません。",
        "Nothing is validly signed, so nothing can be told about the entries.",
    ),
    Harm.UNSIGNED_TAIL: Text(
        "記録 {first}〜{last} は、最後の署名より後にあり、確かめられません。",
        "Entries {first} to {last} come after the last signature and cannot be vouched for.",
    ),
    Harm.TRUNCATED: Text(
        "ファイルが途中で終わっています(先頭行では {last} 件)。", "The file ends early: its header announces {last}."
    ),
    Harm.WRONG_TRAIL: Text("別の証跡のものが混じっています。", "This belongs to another trail."),
    Harm.HEADER: Text(
        "先頭行が、この証跡の書き出しの形ではありません。", "The first line is not the header of an exported trail."
    ),
    Harm.UNREADABLE: Text("行を読めません。", "The line cannot be read."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFinding:
    """One harm, where it was noticed (``line`` of the export, from 1; 0 = the end), and what it covers.

    ``first`` and ``last`` are sequence numbers of entries, or numbers of checkpoints.
    """

    harm: Harm
    line: int
    first: int = 0
    last: int = 0

    @property
    def message(self) -> Text:
        """What was found."""
        return _WORDS[self.harm].with_values(first=self.first, last=self.last)

    def say(self, language: Language | str) -> str:
        """One line: where, its name, what was found."""
        where = f"{self.line}: " if self.line else ""
        return f"{where}[{self.harm}] {self.message.say(language)}"

"""Progress of long work on the error stream: one line that is rewritten on a terminal, silent elsewhere."""

from daicho.cli.context import Context, Format
from daicho.words.text import Text

_WORDS = {
    "search.stores": Text("保管先を検索しています", "searching the stores"),
    "run.resolving": Text("本人の記録を探しています", "finding the person's rows"),
    "run.planned": Text("計画しました", "planned"),
    "run.reading": Text("読み取っています", "reading"),
    "run.store": Text("保管先で実施しています", "changing a store"),
    "run.intended": Text("意図を記録しました", "the intent is recorded"),
    "run.read_back": Text("読み直して確かめています", "reading back"),
    "run.confirmed": Text("確認しました", "confirmed"),
}


class Line:
    """Writes where the work is; wiped when the command ends."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shown = context.format is Format.TEXT and context.err.isatty()

    def step(self, name: str, *, done: int = 0, total: int = 0) -> None:
        """Rewrite the line."""
        words = _WORDS.get(name)
        if not self._shown or words is None:
            return
        count = f" {done:,}/{total:,}" if total and done else f" {done:,}" if done else ""
        self._context.err.write(f"\r\x1b[K{self._context.say(words)}{count}")
        self._context.err.flush()

    def end(self) -> None:
        """Wipe the line."""
        if self._shown:
            self._context.err.write("\r\x1b[K")

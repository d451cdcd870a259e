"""Errors that say whose fault it is, whether to try again, and what to do.

Every error of the house derives from `DaichoError`. Its text never holds a personal
value: it names places (file, line, column, table, claim number), not contents.

Exit codes of the command line, one per family:

    0  done, nothing found
    1  done, and something was found or is still open (gaps, candidates, unanswered slips)
    2  the input is wrong: an argument, a file, a value (nothing was changed)
    3  not allowed: another account, a second person or an earlier step is needed
    4  a store could not be reached, or is not what its map says
    5  the state is neither before nor after: a human must decide
    6  the installation is not ready: keys, database, settings
    70 a fault in Daicho itself
    130 interrupted; the next call continues
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from daicho.words.text import Language, Text


class Fault(StrEnum):
    """Whose fault an error is."""

    INPUT = "input"  # who gave the argument or wrote the file
    PERMISSION = "permission"  # who acts, or when
    STORE = "store"  # who runs the store
    JUDGEMENT = "judgement"  # nobody's: a human must decide
    INSTALLATION = "installation"  # who installed Daicho
    DAICHO = "daicho"  # ours


EXIT_CODES: dict[Fault, int] = {
    Fault.INPUT: 2,
    Fault.PERMISSION: 3,
    Fault.STORE: 4,
    Fault.JUDGEMENT: 5,
    Fault.INSTALLATION: 6,
    Fault.DAICHO: 70,
}

FAULT_WORDS: dict[Fault, Text] = {
    Fault.INPUT: Text("入力の誤り", "the input"),
    Fault.PERMISSION: Text("権限または手順", "permission or order of steps"),
    Fault.STORE: Text("保管先", "the store"),
    Fault.JUDGEMENT: Text("人の判断が必要", "a human decision is needed"),
    Fault.INSTALLATION: Text("設置環境", "the installation"),
    Fault.DAICHO: Text("Daicho の不具合", "a fault in Daicho"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a document something stands; lines and columns count from 1, 0 = unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in a document, with its place and what to write instead."""

    code: str
    place: Place
    message: Text
    advice: Text

    def say(self, language: Language | str) -> str:
        """One line: place, code, what is wrong, what to do."""
        return f"{self.place}: [{self.code}] {self.message.say(language)} → {self.advice.say(language)}"


class DaichoError(Exception):
    """Something the caller can be told about.

    ``code`` is stable and may be quoted on the telephone; ``retry`` says whether the same
    call can succeed later without a change.
    """

    code: ClassVar[str] = "daicho"
    fault: ClassVar[Fault] = Fault.DAICHO
    retry: ClassVar[bool] = False

    def __init__(self, message: Text, *, advice: Text, place: Place | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.advice = advice
        self.place = place

    @property
    def exit_code(self) -> int:
        """The exit code of the command line for this family."""
        return EXIT_CODES[self.fault]

    def say(self, language: Language | str) -> str:
        """The message, the place if known, whose fault, and what to do."""
        where = f"{self.place}: " if self.place else ""
        fault = FAULT_WORDS[self.fault].say(language)
        return f"{where}[{self.code}] ({fault}) {self.message.say(language)} → {self.advice.say(language)}"


class InputError(DaichoError):
    """An argument or a value given is wrong; nothing was changed."""

    code = "input"
    fault = Fault.INPUT


class DocumentError(InputError):
    """A document is not valid; carries every problem found in it, not only the first."""

    code = "document"

    def __init__(self, problems: list[Problem]) -> None:
        count = len(problems)
        super().__init__(
            Text(f"文書に {count} 件の誤りがあります。", f"{count} error(s) in the document."),
            advice=Text("下の各行を直してください。", "Mend each line listed below."),
            place=problems[0].place if problems else None,
        )
        self.problems = problems


class NotAllowedError(DaichoError):
    """The account, or the order of the steps, does not allow this."""

    code = "not-allowed"
    fault = Fault.PERMISSION


class NotFoundError(InputError):
    """Nothing in the caller's scope has this code or number."""

    code = "not-found"


class StoreError(DaichoError):
    """A store could not do what was asked; no driver's own text is repeated here."""

    code = "store"
    fault = Fault.STORE


class JudgementError(DaichoError):
    """Neither before nor after, or two answers: a human must decide."""

    code = "judgement"
    fault = Fault.JUDGEMENT


class InstallationError(DaichoError):
    """Keys, settings or database are not as they must be; Daicho refuses to start."""

    code = "installation"
    fault = Fault.INSTALLATION


class SettingsError(InstallationError):
    """The settings file says what it must not; carries every problem found in it, not only the first."""

    code = "settings"

    def __init__(self, problems: list[Problem], *, place: Place) -> None:
        count = len(problems)
        super().__init__(
            Text(f"設定ファイルに {count} 件の誤りがあります。", f"{count} error(s) in the settings file."),
            advice=Text("下の各行を直してください。", "Mend each line listed below."),
            place=place,
        )
        self.problems = problems

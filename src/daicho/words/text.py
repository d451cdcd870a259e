"""A sentence in the two languages of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language a person can be answered in."""

    JA = "ja"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence, in Japanese and in English."""

    ja: str
    en: str

    def say(self, language: Language | str) -> str:
        """Return the sentence in ``language``; Japanese unless English is asked for."""
        return self.en if language == Language.EN else self.ja

    def with_values(self, **values: object) -> "Text":
        """Fill ``{name}`` places in both languages."""
        return Text(ja=self.ja.format(**values), en=self.en.format(**values))

    def as_dict(self) -> Mapping[str, str]:
        """Return ``{"ja": …, "en": …}`` for JSON."""
        return {"ja": self.ja, "en": self.en}

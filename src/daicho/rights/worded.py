"""Forms of the screen: labels and help stand beside the fields, in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms

from daicho.words.text import Language, Text

Choices = Iterable[tuple[str, Text]]


class WordedForm(forms.Form):
    """A form whose ``WORDS`` are its labels and ``HELP`` its help texts; ``language`` is the screen's."""

    WORDS: ClassVar[Mapping[str, Text]] = {}
    HELP: ClassVar[Mapping[str, Text]] = {}

    def __init__(self, *args: Any, language: Language, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.language = language
        for name, text in self.WORDS.items():
            if name in self.fields:
                self.fields[name].label = text.say(language)
        for name, text in self.HELP.items():
            if name in self.fields:
                self.fields[name].help_text = text.say(language)

    def offer(self, name: str, choices: Choices, *, none: Text | None = None) -> None:
        """Set what a choice field offers; ``none`` is said for an empty choice."""
        said = [(value, text.say(self.language)) for value, text in choices]
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (a programmer's mistake, not a user's)
        field.choices = [("", none.say(self.language)), *said] if none else said


class Day(forms.DateField):
    """A calendar day, picked or typed."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d", "%Y/%m/%d")

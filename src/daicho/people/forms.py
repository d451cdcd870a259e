"""Forms of accounts: what is asked, in the language of the screen; whether it is allowed, the actions say."""

from collections.abc import Sequence
from typing import Any

from django import forms

from daicho.people.queries import MailSettings
from daicho.people.rules import MAX_DISPLAY_NAME, ROLE_WORDS, Role
from daicho.words.text import Language, Text

_CODE = Text("アカウントコード", "Account code")
_CODE_HELP = Text(
    "英小文字・数字・「.」「_」「-」。証跡に残るので、あとから変えられません。",
    "Small letters, digits and . _ -. It stands in the trail and cannot be changed.",
)
_NAME = Text("氏名（表示名）", "Display name")
_PLACE = Text("組織", "Organisation")
_PLACE_HELP = Text("方針の organisations に書いたコード。", "A code the policy lists under organisations.")
_ROLES = Text("役割", "Roles")
_ROLE = Text("役割", "Role")
_PASSWORD = Text("パスワード", "Password")
_PASSWORD_HELP = Text(
    "12 文字以上。よく使われる言葉や、コード・氏名に似たものは使えません。長い文がおすすめです。",
    "At least 12 characters; no common word, nothing like your code or name. A long phrase is best.",
)
_AGAIN = Text("もう一度", "Once more")
_DIFFER = Text("二つのパスワードが違います。", "The two passwords differ.")


def _mail_field() -> forms.CharField:
    """What an address is, the action says."""
    attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
    return forms.CharField(max_length=254, required=False, widget=forms.TextInput(attrs=attrs))


class _Places(forms.TextInput):
    """A text with suggestions: another organisation of the group may be written as well."""

    template_name = "people/places.html"

    def __init__(self, organisations: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.organisations = organisations

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "list": "organisations", "autocomplete": "off"})
        return {**context, "organisations": self.organisations}


_MAIL = Text("メールアドレス", "Mail address")
_MAIL_HELP = Text(
    "業務用のアドレス。待っている仕事を毎朝お知らせします。個人データは載せません。",
    "A business address: each morning it is told what waits. No personal data stands in the mail.",
)
_WANTED = Text("お知らせメールを受け取る", "Send me reminders by mail")
_MAIL_LANGUAGE = Text("お知らせの言語", "Language of the reminders")
#: The choice that is no language: the workspace's, whichever it is.
_WORKSPACE = "workspace"
_AS_WORKSPACE = Text("既定（{ja}）", "Default ({en})")
_LANGUAGE_WORDS = {Language.JA: Text("日本語", "Japanese"), Language.EN: Text("英語", "English")}


class NewAccountForm(forms.Form):
    """A new account with roles in its home organisation."""

    code = forms.CharField(max_length=60)
    display_name = forms.CharField(max_length=MAX_DISPLAY_NAME)
    organisation = forms.CharField(max_length=60)
    roles = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    mail_address = _mail_field()

    def __init__(
        self, data: Any = None, *, language: Language, organisations: Sequence[tuple[str, str]], home: str
    ) -> None:
        super().__init__(data, initial={"organisation": home})
        _label(self, language, code=_CODE, display_name=_NAME, organisation=_PLACE, roles=_ROLES, mail_address=_MAIL)
        self.fields["mail_address"].help_text = _MAIL_HELP.say(language)
        self.fields["code"].help_text = _CODE_HELP.say(language)
        self.fields["code"].widget.attrs.update(autocomplete="off", autocapitalize="none", spellcheck="false")
        self.fields["organisation"].help_text = _PLACE_HELP.say(language)
        self.fields["organisation"].widget = _Places(organisations)
        _choose_roles(self.fields["roles"], language)


class GrantForm(forms.Form):
    """One more role."""

    organisation = forms.CharField(max_length=60)
    role = forms.ChoiceField()

    def __init__(
        self, data: Any = None, *, language: Language, organisations: Sequence[tuple[str, str]], home: str
    ) -> None:
        super().__init__(data, initial={"organisation": home})
        _label(self, language, organisation=_PLACE, role=_ROLE)
        self.fields["organisation"].widget = _Places(organisations)
        _choose_roles(self.fields["role"], language)


class MailForm(forms.Form):
    """Where the reminders of an account go, set by who keeps it."""

    mail_address = _mail_field()

    def __init__(self, data: Any = None, *, language: Language, address: str) -> None:
        super().__init__(data, initial={"mail_address": address})
        _label(self, language, mail_address=_MAIL)
        self.fields["mail_address"].help_text = _MAIL_HELP.say(language)


class RemindersForm(MailForm):
    """One's own reminders: where to, in which language, and whether at all."""

    mail_language = forms.ChoiceField()
    wanted = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, language: Language, settings: MailSettings, default: Language) -> None:
        super().__init__(data, language=language, address=settings.address)
        self.initial = {**self.initial, "mail_language": settings.language or _WORKSPACE, "wanted": settings.wanted}
        _label(self, language, mail_language=_MAIL_LANGUAGE, wanted=_WANTED)
        said = {one: words.say(language) for one, words in _LANGUAGE_WORDS.items()}
        chosen = self.fields["mail_language"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 (declared above)
        default_words = _AS_WORKSPACE.with_values(ja=said[default], en=said[default]).say(language)
        chosen.choices = [(_WORKSPACE, default_words), *((str(one), words) for one, words in said.items())]


class FirstPasswordForm(forms.Form):
    """The first password of an invited account, twice."""

    password = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    again = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, data: Any = None, *, language: Language) -> None:
        super().__init__(data)
        self.language = language
        _label(self, language, password=_PASSWORD, again=_AGAIN)
        self.fields["password"].help_text = _PASSWORD_HELP.say(language)

    def clean(self) -> dict[str, Any]:
        """Both must be the same; how strong it is, the action says."""
        told = super().clean() or {}
        if told.get("password") != told.get("again") and "again" in told:
            self.add_error("again", _DIFFER.say(self.language))
        return told


def _label(form: forms.Form, language: Language, **labels: Text) -> None:
    for name, text in labels.items():
        form.fields[name].label = text.say(language)


def _choose_roles(field: forms.Field, language: Language) -> None:
    if isinstance(field, forms.ChoiceField):
        several = isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            *([] if several else [("", "–")]),
            *((str(role), ROLE_WORDS[role].say(language)) for role in Role),
        ]

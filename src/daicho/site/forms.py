"""The sign-in form: our codes instead of user names."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import get_language

from daicho.words.text import Text

_CODE = Text("アカウントコード", "Account code")
_PASSWORD = Text("パスワード", "Password")


class SignInForm(LoginForm):  # type: ignore[misc]
    """Account code and password; nothing is remembered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "ja"
        for name, text in (("login", _CODE), ("password", _PASSWORD)):
            field = self.fields[name]
            field.label, field.help_text = text.say(language), ""
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false", autofocus=True)

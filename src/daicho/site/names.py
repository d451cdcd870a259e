"""呼び名: what the codes on a page are called; rows and the trail keep the codes."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Final

from daicho.people.queries import account_names
from daicho.policy.queries import company_names
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

_WEB: Final = ("system:web", Text("ウェブ窓口", "web door"))
_ITSELF: Final = ("system:", Text("自動", "automatic"))


class Names:
    """Names of accounts and companies for one page: each list is one statement, made when the first name is asked for."""

    def __init__(self, *, scope: Scope, language: Language, on: date) -> None:
        self._scope, self._language, self._on = scope, language, on

    def account(self, code: str) -> str:
        """The display name of an account of the scope; of any other the code."""
        if code == _WEB[0]:
            return _WEB[1].say(self._language)
        if code.startswith(_ITSELF[0]):
            return _ITSELF[1].say(self._language)
        return (self._accounts.get(code) or code) if code else ""

    def company(self, code: str) -> str:
        """The name of a company in the policy in force; where none names it, the code."""
        name = self._companies.get(code) if code else None
        return name.say(self._language) if name else code

    @cached_property
    def _accounts(self) -> Mapping[str, str]:
        return account_names(scope=self._scope)

    @cached_property
    def _companies(self) -> Mapping[str, Text]:
        return company_names(on=self._on)

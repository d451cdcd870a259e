from collections.abc import Callable
from pathlib import Path

import pytest

from daicho.api.actions.tokens import create_token
from daicho.api.scopes import TokenScope, offered
from daicho.people.queries import find_signed_in
from daicho.words.scope import Scope
from tests.api.calling import Caller
from tests.rights.conftest import desk, desk_with_cabinet  # noqa: F401 (fixtures)
from tests.rights.desk import AT


@pytest.fixture
def calling(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Caller]:
    """A program of an account, with a token for everything the account's roles give unless scopes are named."""
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())

    def make(scope: Scope, *scopes: TokenScope, days: int = 30) -> Caller:
        signed_in = find_signed_in(scope.actor, at=AT)
        assert signed_in
        made = create_token("test", scopes=scopes or offered(signed_in.roles), days=days, scope=scope, at=AT)
        return Caller(made.text, made.token.ref)

    return make


@pytest.fixture
def folder(workspace: Path) -> Path:
    return workspace

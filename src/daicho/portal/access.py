"""Who may look into the outbox, and for which organisations."""

from typing import Final

from daicho.people.queries import readable, roles_of
from daicho.people.rules import Role, may_act
from daicho.words.errors import NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

POSTMASTERS: Final = (Role.OFFICER, Role.SECRETARIAT)


def outboxes(scope: Scope) -> frozenset[str]:
    """The organisations whose outgoing mail the actor may see.

    Raises:
        NotAllowedError: none.
    """
    return readable(scope, POSTMASTERS)


def tended_outboxes(scope: Scope) -> frozenset[str]:
    """The organisations whose dead mail the actor may send again.

    Raises:
        NotAllowedError: none.
    """
    found = frozenset(one for one in scope.organisations if may_act(roles_of(scope.actor, one), POSTMASTERS))
    if not found:
        raise NotAllowedError(
            Text("メールを送り直す役割がありません。", "No role is held that sends mail again."),
            advice=Text("個人情報保護管理者か事務局に頼んでください。", "Ask an officer or the secretariat."),
        )
    return found

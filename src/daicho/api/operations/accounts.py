"""Accounts and their roles."""

from collections.abc import Sequence

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import AccountSaid, Code, Done, RoleSaid
from daicho.people import actions, queries
from daicho.people.queries import AccountView
from daicho.words.scope import Scope
from daicho.words.text import Text

router = Routes(Text("アカウント", "Accounts"))


@router.get(
    "/accounts",
    needs=TokenScope.ACCOUNTS_READ,
    says=Text("アカウントの一覧", "List accounts"),
    response=list[AccountView],
)
def list_accounts(request: ApiRequest) -> Sequence[AccountView]:
    """Of the organisations one answers for or audits."""
    return queries.list_accounts(scope=request.door.scope)


@router.post(
    "/accounts",
    needs=TokenScope.ACCOUNTS_WRITE,
    says=Text("アカウントを作る", "Make an account"),
    response={201: AccountView},
)
def create_account(request: ApiRequest, body: AccountSaid) -> AccountView:
    """It cannot sign in before it is invited."""
    door = request.door
    actions.create_account(
        body.code,
        display_name=body.display_name,
        organisation=body.organisation,
        roles=body.roles,
        scope=door.scope,
        at=door.at,
    )
    scope = Scope(actor=door.scope.actor, organisations=frozenset({body.organisation}))  # it may be new, too
    return next(one for one in queries.list_accounts(scope=scope) if one.code == body.code)


@router.post(
    "/accounts/{code}/roles",
    needs=TokenScope.ACCOUNTS_WRITE,
    says=Text("役割を与える", "Give a role"),
    response=Done,
)
def grant_role(request: ApiRequest, code: Code, body: RoleSaid) -> Done:
    """``count`` 0: it was held already."""
    door = request.door
    granted = actions.grant_role(code, organisation=body.organisation, role=body.role, scope=door.scope, at=door.at)
    return Done(ref=code, state=str(body.role), count=int(granted))


@router.post(
    "/accounts/{code}/roles/removal",
    needs=TokenScope.ACCOUNTS_WRITE,
    says=Text("役割を外す", "Take a role away"),
    response=Done,
)
def remove_role(request: ApiRequest, code: Code, body: RoleSaid) -> Done:
    """``count`` 0: it was not held."""
    door = request.door
    gone = actions.remove_role(code, organisation=body.organisation, role=body.role, scope=door.scope, at=door.at)
    return Done(ref=code, state=str(body.role), count=int(gone))


@router.post(
    "/accounts/{code}/deactivation",
    needs=TokenScope.ACCOUNTS_WRITE,
    says=Text("アカウントを停止する", "End what an account may do"),
    response=Done,
)
def deactivate_account(request: ApiRequest, code: Code) -> Done:
    """Its tokens end with it."""
    actions.deactivate_account(code, scope=request.door.scope, at=request.door.at)
    return Done(ref=code, state="deactivated")

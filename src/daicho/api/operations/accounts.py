"""Accounts and their roles."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import AccountSaid, Code, Done, MailAddressSaid, RoleSaid, Told
from daicho.people import actions, queries
from daicho.people.invitations import GOOD_FOR
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
        mail_address=body.mail_address,
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
    "/accounts/{code}/mail",
    needs=TokenScope.ACCOUNTS_WRITE,
    says=Text("お知らせを受け取るメールアドレスを決める", "Say where an account's reminders go"),
    response=Done,
)
def set_mail_address(request: ApiRequest, code: Code, body: MailAddressSaid) -> Done:
    """``count`` 0: it was so already. The address itself is answered nowhere but masked."""
    door = request.door
    changed = actions.set_mail_address(code, body.mail_address, scope=door.scope, at=door.at)
    return Done(ref=code, state="set" if body.mail_address.strip() else "removed", count=int(changed))


class LinkTold(Told):
    """A one-time link to sign in with; whoever called hands it over themselves. Told this once: empty when replayed."""

    code: str
    link: str
    good_until: datetime


@router.post(
    "/accounts/{code}/invitation",
    needs=TokenScope.ACCOUNTS_INVITE,
    says=Text("招待のリンクを作る", "Make the link with which somebody sets the first password"),
    response={201: LinkTold},
    once=("link",),
)
def invite_account(request: ApiRequest, code: Code) -> LinkTold:
    """For an account without a password. A link made before is good no longer."""
    return _link(request, code, actions.invite_account(code, scope=request.door.scope, at=request.door.at))


@router.post(
    "/accounts/{code}/sign-in-reset",
    needs=TokenScope.ACCOUNTS_INVITE,
    says=Text("サインインをやり直しにする", "End an account's password, second factors and sessions"),
    response={201: LinkTold},
    once=("link",),
)
def reset_sign_in(request: ApiRequest, code: Code) -> LinkTold:
    """And make a new link. Nobody resets their own."""
    return _link(request, code, actions.reset_sign_in(code, scope=request.door.scope, at=request.door.at))


def _link(request: ApiRequest, code: str, token: str) -> LinkTold:
    address = settings.WORKSPACE.address or request.build_absolute_uri("/")
    link = address.rstrip("/") + reverse("people:invited", args=[token])
    return LinkTold(code=code, link=link, good_until=request.door.at + GOOD_FOR)


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

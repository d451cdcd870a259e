"""Who keeps whose account: what the actions ask before they write. Nobody makes an officer who is none.

A keeper of an organisation is its officer or its secretariat. What concerns an officer's role or sign-in is for an
officer alone; while an organisation has none yet, an officer of any other one sets it up.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from daicho.people.models import Account, AccountOrganisation
from daicho.people.queries import (
    get_account,
    has_keeper,
    is_empty,
    no_account,
    require_role,
    require_role_somewhere,
    roles_of,
)
from daicho.people.rules import INSTALLER, Role, may_act
from daicho.words.errors import InputError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

#: Who may make accounts, give roles and deactivate accounts, in an organisation.
STAFF_KEEPERS: Final = (Role.OFFICER, Role.SECRETARIAT)


def require_first(roles: Sequence[Role]) -> str:
    """Who makes the first account of an installation.

    Raises:
        NotAllowedError: there are accounts, so somebody must be named as acting.
        InputError: the first account would be no officer.
    """
    if not is_empty():
        raise NotAllowedError(
            Text("誰の操作か示されていません。", "Nobody is named as acting."),
            advice=Text(
                "最初の一人の後は、管理者か事務局のアカウントを --as で示してください。",
                "After the first account, name an officer or secretariat account with --as.",
            ),
        )
    if Role.OFFICER not in roles:
        raise InputError(
            Text("最初のアカウントは officer でなければなりません。", "The first account must be an officer."),
            advice=Text("--role officer を指定してください。", "Give --role officer."),
        )
    return INSTALLER


def require_keeper(scope: Scope, organisation: str, roles: Iterable[Role]) -> bool:
    """Refuse whoever may not give these roles in an organisation; True while it is set up from outside.

    Raises:
        NotFoundError: the organisation is foreign to ``scope`` and has keepers of its own.
        NotAllowedError: the actor is no keeper there, or no officer where one is made.
    """
    wanted = (Role.OFFICER,) if Role.OFFICER in set(roles) else STAFF_KEEPERS
    if has_keeper(organisation, STAFF_KEEPERS):
        require_role(scope, organisation, wanted)
        return False
    require_role_somewhere(scope, (Role.OFFICER,))
    return True


def require_not_oneself(code: str, *, scope: Scope) -> None:
    """Refuse to give oneself a role.

    Raises:
        NotAllowedError: it is the actor's own account.
    """
    if code == scope.actor:
        raise NotAllowedError(
            Text("自分に役割を付与することはできません。", "Nobody gives a role to themselves."),
            advice=Text("別の管理者に頼んでください。", "Ask another officer."),
        )


def get_account_to_place(code: str, *, organisation: str, scope: Scope) -> Account:
    """The account that gets or loses a role in an organisation: one the actor keeps, or that works there already.

    An account of another company is answered for as one that does not exist, so that nobody learns codes by trying.

    Raises:
        NotFoundError: there is none, or it is not the actor's to place.
    """
    account = get_account(code)
    if account.home_organisation == organisation or roles_of(code, organisation):
        return account
    home = account.home_organisation
    if not (scope.allows(home) and may_act(roles_of(scope.actor, home), STAFF_KEEPERS)):
        raise no_account()
    return account


def lock_officers() -> Sequence[tuple[int, str]]:
    """(account, organisation) of every active officer, read after all of them are locked in one order.

    Whoever takes an officer away waits here for whoever else does, and then sees what is left.
    """
    officers = AccountOrganisation.objects.filter(role=Role.OFFICER)
    list(Account.objects.select_for_update().filter(pk__in=officers.values("account")).order_by("pk").values_list("pk"))
    return list(
        officers.filter(account__is_active=True)
        .order_by("account", "organisation")
        .values_list("account_id", "organisation")
    )


def require_another_officer(
    account: Account, organisation: str, *, officers: Sequence[tuple[int, str]], scope: Scope
) -> None:
    """Neither one's own last officer role nor an organisation's last officer goes.

    Raises:
        NotAllowedError: it would.
    """
    own = [place for who, place in officers if who == account.pk]
    there = [who for who, place in officers if place == organisation]
    if there == [account.pk] or (account.code == scope.actor and own == [organisation]):
        raise NotAllowedError(
            Text(
                "自分の最後の管理者の役割と、組織の最後の管理者は外せません。",
                "Neither one's own last officer role nor an organisation's last officer can be removed.",
            ),
            advice=Text("先に別の管理者を登録してください。", "Register another officer first."),
        )


def lock_as_keeper(code: str, *, scope: Scope) -> Account:
    """An account that a keeper of its home changes; an officer's is changed by an officer only.

    Raises:
        NotFoundError: no such account, or its home organisation is foreign to ``scope``: one answer for both.
        NotAllowedError: ``scope`` may not, or the account is deactivated.
    """
    account = get_account(code)
    if not scope.allows(account.home_organisation):
        raise no_account()
    is_officer = AccountOrganisation.objects.filter(account=account, role=Role.OFFICER).exists()
    require_role(scope, account.home_organisation, (Role.OFFICER,) if is_officer else STAFF_KEEPERS)
    if not account.is_active:
        raise NotAllowedError(
            Text(f"アカウント {code} は停止されています。", f"The account {code} is deactivated."),
            advice=Text("新しいアカウントを作ってください。", "Make a new account."),
        )
    return Account.objects.select_for_update().get(pk=account.pk)

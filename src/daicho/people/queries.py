"""Who is who, and what they may do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from daicho.people.invitations import make_token
from daicho.people.models import Account, AccountOrganisation, Reminder
from daicho.people.rules import ROLE_WORDS, Role, may_act, may_read
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Language, Text
from daicho.work.rules import masked


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account as a list shows it; ``roles`` by organisation, ``factors`` the kinds of its second factors.

    ``mail`` is its mail address, masked, or empty; ``reminders``: whether it wants any.
    """

    code: str
    display_name: str
    home_organisation: str
    is_active: bool
    roles: Mapping[str, Sequence[Role]]
    factors: Sequence[str] = ()
    has_password: bool = False
    mail: str = ""
    reminders: bool = True
    last_sign_in: datetime | None = None
    created_at: datetime | None = None
    deactivated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """Where somebody is signed in; ``number`` names it in a form."""

    number: int
    since: datetime
    address: str
    browser: str
    is_current: bool


def get_actor(code: str, *, at: datetime) -> Scope:  # noqa: ARG001 (roles do not end by themselves yet)
    """The scope of an account that acts at ``at``: every organisation in which it holds a role.

    Raises:
        NotAllowedError: unknown, deactivated, or without any role.
    """
    account = Account.objects.filter(code=code).first()
    if account is None:
        raise NotAllowedError(
            Text("そのアカウントはありません。", "There is no such account."),
            advice=Text(
                "コードを確かめるか、管理者にアカウントの作成を頼んでください。",
                "Check the code, or ask an officer to make the account.",
            ),
        )
    if not account.is_active:
        raise NotAllowedError(
            Text(f"アカウント {code} は停止されています。", f"The account {code} is deactivated."),
            advice=Text("ご自分の有効なアカウントを使ってください。", "Use an active account of your own."),
        )
    organisations = frozenset(
        AccountOrganisation.objects.filter(account=account).values_list("organisation", flat=True)
    )
    if not organisations:
        raise NotAllowedError(
            Text(f"アカウント {code} には役割がありません。", f"The account {code} has no role."),
            advice=Text("管理者に役割の付与を頼んでください。", "Ask an officer to grant a role."),
        )
    return Scope(actor=code, organisations=organisations)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who came in by the web door; ``second_factor``: whether a passkey or an authenticator app is registered."""

    scope: Scope
    display_name: str
    roles: Mapping[str, frozenset[Role]]
    second_factor: bool


def find_signed_in(code: str, *, at: datetime) -> SignedIn | None:  # noqa: ARG001 (roles do not end by themselves yet)
    """An active account with at least one role, as the web door needs it; None otherwise. Two queries."""
    account = Account.objects.filter(code=code, is_active=True).first()
    if account is None:
        return None
    held: dict[str, set[Role]] = {}
    for organisation, role in AccountOrganisation.objects.filter(account=account).values_list("organisation", "role"):
        held.setdefault(organisation, set()).add(Role(role))
    if not held:
        return None
    return SignedIn(
        scope=Scope(actor=code, organisations=frozenset(held)),
        display_name=account.display_name,
        roles={organisation: frozenset(roles) for organisation, roles in held.items()},
        second_factor=Authenticator.objects.filter(
            user=account, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        ).exists(),
    )


def find_first_link(*, at: datetime) -> str:  # noqa: ARG001 (the token carries its own time)
    """Path of a one-time link for the first officer, while no account can sign in; empty afterwards."""
    if any(account.has_usable_password() for account in Account.objects.filter(is_active=True)):
        return ""
    if SocialAccount.objects.filter(user__is_active=True).exists():  # single sign-on asks for no password
        return ""
    officer = (
        Account.objects.filter(
            is_active=True, pk__in=AccountOrganisation.objects.filter(role=Role.OFFICER).values("account")
        )
        .order_by("pk")
        .first()
    )
    return reverse("people:invited", args=[make_token(officer)]) if officer else ""


def find_account(code: str) -> Account | None:
    """The account row of this code, for signing in."""
    return Account.objects.filter(code=code).first()


def roles_of(code: str, organisation: str) -> frozenset[Role]:
    """The roles an account holds in an organisation; none for an unknown or deactivated account."""
    rows = AccountOrganisation.objects.filter(account__code=code, account__is_active=True, organisation=organisation)
    return frozenset(Role(role) for role in rows.values_list("role", flat=True))


def require_role(scope: Scope, organisation: str, roles: Iterable[Role]) -> None:
    """Refuse a change that the actor's roles in this organisation do not allow; an auditor changes nothing.

    Raises:
        NotFoundError: the organisation is foreign to ``scope``.
        NotAllowedError: none of ``roles`` is held, or the actor audits this organisation.
    """
    scope.require(organisation)
    wanted = tuple(roles)
    if not may_act(roles_of(scope.actor, organisation), wanted):
        raise _refuse(wanted)


def require_role_everywhere(scopes: Sequence[Scope], organisations: Iterable[str], roles: Iterable[Role]) -> None:
    """As `require_role`, for several actors in several organisations with one look.

    Raises:
        NotFoundError, NotAllowedError: as `require_role`, for the first that fails.
    """
    wanted, places = tuple(roles), tuple(organisations)
    rows = AccountOrganisation.objects.filter(
        account__code__in=[scope.actor for scope in scopes], account__is_active=True, organisation__in=places
    ).values_list("account__code", "organisation", "role")
    held: dict[tuple[str, str], set[Role]] = {}
    for code, organisation, role in rows:
        held.setdefault((code, organisation), set()).add(Role(role))
    for scope in scopes:
        for organisation in places:
            scope.require(organisation)
            if not may_act(held.get((scope.actor, organisation), ()), wanted):
                raise _refuse(wanted)


def require_reader(scope: Scope, organisation: str, roles: Iterable[Role]) -> None:
    """Refuse a look that the actor's roles in this organisation do not allow; an auditor may look.

    Raises:
        NotFoundError: the organisation is foreign to ``scope``.
        NotAllowedError: none of ``roles`` is held.
    """
    scope.require(organisation)
    wanted = tuple(roles)
    if not may_read(roles_of(scope.actor, organisation), wanted):
        raise _refuse((*wanted, Role.AUDITOR))


def readable(scope: Scope, roles: Iterable[Role]) -> frozenset[str]:
    """The organisations of the scope in which the actor may look at what is meant for ``roles``; one query.

    Raises:
        NotAllowedError: in none of them.
    """
    wanted = tuple(roles)
    found = places_to_read(scope, wanted)
    if not found:
        raise _refuse((*wanted, Role.AUDITOR))
    return found


def places_to_read(scope: Scope, roles: Iterable[Role]) -> frozenset[str]:
    """As `readable`; nowhere is no error."""
    wanted = tuple(roles)
    return frozenset(place for place, held in _held_by_place(scope).items() if may_read(held, wanted))


def places_to_act(scope: Scope, roles: Iterable[Role]) -> frozenset[str]:
    """The organisations of the scope in which the actor may change what needs one of ``roles``; perhaps none; one query."""
    wanted = tuple(roles)
    return frozenset(place for place, held in _held_by_place(scope).items() if may_act(held, wanted))


def require_role_somewhere(scope: Scope, roles: Iterable[Role]) -> None:
    """As `require_role`, for acts on the whole installation: the role may be held in any organisation.

    Raises:
        NotAllowedError: none of ``roles`` is held where the actor is not an auditor.
    """
    wanted = tuple(roles)
    if not any(may_act(held, wanted) for held in _held(scope)):
        raise _refuse(wanted)


def has_keeper(organisation: str, roles: Iterable[Role]) -> bool:
    """Whether an active account holds one of ``roles`` in the organisation."""
    return AccountOrganisation.objects.filter(
        organisation=organisation, role__in=tuple(roles), account__is_active=True
    ).exists()


def is_empty() -> bool:
    """Whether no account was ever made."""
    return not Account.objects.exists()


def get_account(code: str) -> Account:
    """The account row; for this room's actions.

    Raises:
        NotFoundError: no such account.
    """
    account = Account.objects.filter(code=code).first()
    if account is None:
        raise no_account()
    return account


def no_account() -> NotFoundError:
    """What is said of an account that does not exist, and of one that is another company's to keep."""
    return NotFoundError(
        Text("そのアカウントはありません。", "There is no such account."),
        advice=Text(
            "アカウントの一覧で確かめてください。ほかの会社のアカウントは、その会社の管理者が扱います。",
            "Look it up in the list of accounts. Accounts of another company are kept by its own officer.",
        ),
    )


def list_accounts(*, scope: Scope) -> Sequence[AccountView]:
    """Accounts at home, or with a role, in the scope's organisations; of their roles only those there.

    Of an account that is at home elsewhere the mail address is not told.
    """
    places: dict[int, dict[str, list[Role]]] = {}
    rows = AccountOrganisation.objects.filter(organisation__in=scope.organisations).order_by("organisation", "role")
    for account_id, organisation, role in rows.values_list("account_id", "organisation", "role"):
        places.setdefault(account_id, {}).setdefault(organisation, []).append(Role(role))
    found = Account.objects.filter(pk__in=places) | Account.objects.filter(home_organisation__in=scope.organisations)
    factors: dict[int, list[str]] = {}
    for account_id, kind in (
        Authenticator.objects.filter(user__in=found).order_by("type").values_list("user_id", "type").distinct()
    ):
        factors.setdefault(account_id, []).append(kind)
    return [
        AccountView(
            code=account.code,
            display_name=account.display_name,
            home_organisation=account.home_organisation,
            is_active=account.is_active,
            roles=places.get(account.pk, {}),
            factors=factors.get(account.pk, ()),
            has_password=account.has_usable_password(),
            mail=masked(account.mail_address)
            if account.mail_address and scope.allows(account.home_organisation)
            else "",
            reminders=account.reminders,
            last_sign_in=account.last_login,
            created_at=account.created_at,
            deactivated_at=account.deactivated_at,
        )
        for account in found.order_by("code")
    ]


def account_names(*, scope: Scope) -> Mapping[str, str]:
    """Code → display name of those accounts; one statement."""
    here = AccountOrganisation.objects.filter(organisation__in=scope.organisations).values("account_id")
    found = Account.objects.filter(Q(pk__in=here) | Q(home_organisation__in=scope.organisations))
    return dict(found.values_list("code", "display_name"))


def get_account_view(code: str, *, scope: Scope) -> AccountView:
    """One account of `list_accounts`.

    Raises:
        NotFoundError: no such account, or it has nothing to do with the scope's organisations.
    """
    found = next((one for one in list_accounts(scope=scope) if one.code == code), None)
    if found is None:
        raise NotFoundError(
            Text("そのアカウントはありません。", "There is no such account."),
            advice=Text("アカウントの一覧から選んでください。", "Choose one from the list of accounts."),
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Where the reminders of an account go (empty: nowhere), in which language (None: the workspace's), if wanted."""

    code: str
    address: str = field(repr=False)
    language: Language | None
    wanted: bool
    reminded_on: date | None


def get_mail_settings(code: str) -> MailSettings:
    """Of one account; for its own page, and for the actor who may change it.

    Raises:
        NotFoundError: no such account.
    """
    get_account(code)
    return next(iter(_mail_settings(Account.objects.filter(code=code))))


def list_mail_settings() -> Sequence[MailSettings]:
    """Of every active account of the installation, by code; for the daily round."""
    return _mail_settings(Account.objects.filter(is_active=True).order_by("code"))


def _mail_settings(accounts: QuerySet[Account]) -> Sequence[MailSettings]:
    last = Reminder.objects.filter(account=OuterRef("pk")).order_by("-on").values("on")[:1]
    rows = accounts.annotate(reminded_on=Subquery(last))
    return [
        MailSettings(
            code=row.code,
            address=row.mail_address,
            language=Language(row.mail_language) if row.mail_language else None,
            wanted=row.reminders,
            reminded_on=row.reminded_on,
        )
        for row in rows
    ]


def list_sessions(code: str, *, current: str) -> Sequence[SessionView]:
    """Where an account is signed in, the latest first; ``current`` is the key of the session that asks."""
    rows = UserSession.objects.filter(user=get_account(code)).order_by("-created_at")
    return [
        SessionView(
            number=row.pk,
            since=row.created_at,
            address=row.ip,
            browser=row.user_agent,
            is_current=row.session_key == current,
        )
        for row in rows
        if row.exists()
    ]


def _held(scope: Scope) -> list[frozenset[Role]]:
    return [roles_of(scope.actor, organisation) for organisation in sorted(scope.organisations)]


def _held_by_place(scope: Scope) -> dict[str, set[Role]]:
    held: dict[str, set[Role]] = {}
    rows = AccountOrganisation.objects.filter(
        account__code=scope.actor, account__is_active=True, organisation__in=scope.organisations
    )
    for organisation, role in rows.values_list("organisation", "role"):
        held.setdefault(organisation, set()).add(Role(role))
    return held


def _refuse(roles: Sequence[Role]) -> NotAllowedError:
    return NotAllowedError(
        Text("この操作に要る役割がありません。", "The role this needs is not held."),
        advice=Text(
            "次のいずれかの役割を持つ人が行ってください: " + "、".join(ROLE_WORDS[role].ja for role in roles),
            "Let somebody do it who is one of: " + ", ".join(ROLE_WORDS[role].en for role in roles),
        ),
    )

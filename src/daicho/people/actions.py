"""Accounts are made, given roles, invited, reminded and deactivated. The only writer of accounts.

A mail address is kept as the display name is: for people to read, in no entry of the trail.
What happens at the sign-in itself is written to the trail by `daicho.people.sign_ins`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from daicho.people.invitations import make_token, read_token
from daicho.people.keepers import (
    STAFF_KEEPERS,
    get_account_to_place,
    lock_as_keeper,
    lock_officers,
    require_another_officer,
    require_first,
    require_keeper,
    require_not_oneself,
)
from daicho.people.models import Account, AccountOrganisation, Reminder
from daicho.people.queries import get_account, no_account, require_role, roles_of
from daicho.people.rules import (
    REMINDER,
    Role,
    may_be_granted,
    require_account_code,
    require_display_name,
    require_organisation_code,
)
from daicho.people.sign_ins import sign_in_was_reset
from daicho.trail.actions import record
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Language, Text
from daicho.work.actions import Mail, is_mailbox, queue_mail


def create_account(
    code: str,
    *,
    display_name: str,
    organisation: str,
    roles: Sequence[Role],
    mail_address: str = "",
    scope: Scope | None,
    at: datetime,
) -> None:
    """Make an account with roles in its home organisation. It cannot sign in with a password yet.

    Args:
        code: never reused, never changed; the trail records it.
        display_name: for people to read; stands in no trail entry.
        organisation: the home organisation.
        roles: at least one. The first account of an installation must be an officer.
        mail_address: where its reminders go; empty for none.
        scope: who acts; None for the operator of an installation that has no account yet.
        at: when.

    Raises:
        InputError: a value is wrong, or the code is taken.
        NotAllowedError: ``scope`` may not (an officer is made by an officer only), or there are accounts and nobody is
            named as acting.
    """
    require_account_code(code)
    require_organisation_code(organisation)
    name = require_display_name(display_name)
    address = _read_address(mail_address)
    if not roles:
        raise InputError(
            Text("役割が示されていません。", "No role is given."),
            advice=Text("役割を一つ以上指定してください。", "Give at least one role."),
        )
    with transaction.atomic():
        if scope is None:
            actor = require_first(roles)
        else:
            require_keeper(scope, organisation, roles)
            actor = scope.actor
        try:
            with transaction.atomic():
                account = Account.objects.create(
                    code=code,
                    display_name=name,
                    home_organisation=organisation,
                    mail_address=address,
                    password=make_password(None),
                    created_at=at,
                )
        except IntegrityError:
            raise InputError(
                Text(f"アカウント {code} はもうあります。", f"There is already an account {code}."),
                advice=Text(
                    "別のコードを使ってください。停止したアカウントのコードも使えません。",
                    "Use another code; those of deactivated accounts are not used again.",
                ),
            ) from None
        acts = Acts(actor=actor, at=at)
        acts.add("account.created", organisation=organisation, account=code)
        for role in dict.fromkeys(roles):
            _grant(account, organisation, role, acts=acts)
        if address:
            acts.add("account.mail_set", organisation=organisation, account=code)
        acts.write()


def grant_role(code: str, *, organisation: str, role: Role, scope: Scope, at: datetime) -> bool:
    """Give an account a role in an organisation; False if it had it.

    Raises:
        NotFoundError: no such account, or one of another company whose accounts the actor does not keep, or the
            organisation is foreign to ``scope`` and has keepers of its own.
        NotAllowedError: ``scope`` may not (an officer is made by an officer only), it is the actor's own account, the
            account is deactivated, or an auditor would hold another role.
    """
    require_organisation_code(organisation)
    with transaction.atomic():
        is_first = require_keeper(scope, organisation, [role])
        if not is_first:
            require_not_oneself(code, scope=scope)
        account = get_account_to_place(code, organisation=organisation, scope=scope)
        account = Account.objects.select_for_update().get(pk=account.pk)
        if not account.is_active:
            raise NotAllowedError(
                Text(f"アカウント {code} は停止されています。", f"The account {code} is deactivated."),
                advice=Text("新しいアカウントを作ってください。", "Make a new account."),
            )
        acts = Acts(actor=scope.actor, at=at)
        granted = _grant(account, organisation, role, acts=acts)
        acts.write()
    return granted


def remove_role(code: str, *, organisation: str, role: Role, scope: Scope, at: datetime) -> bool:
    """Take a role from an account in an organisation; False if it had none such.

    Raises:
        NotFoundError: no such account, or the organisation is foreign to ``scope``.
        NotAllowedError: ``scope`` may not (an officer role is taken away by an officer only), or it is one's own last
            officer role, or the organisation's last officer.
    """
    require_organisation_code(organisation)
    with transaction.atomic():
        if role is Role.OFFICER:
            officers = lock_officers()
            require_role(scope, organisation, (Role.OFFICER,))
            account = get_account_to_place(code, organisation=organisation, scope=scope)
            require_another_officer(account, organisation, officers=officers, scope=scope)
        else:
            require_role(scope, organisation, STAFF_KEEPERS)
            account = get_account_to_place(code, organisation=organisation, scope=scope)
        gone, _ = AccountOrganisation.objects.filter(account=account, organisation=organisation, role=role).delete()
        if gone:
            record("account.role_removed", actor=scope.actor, at=at, organisation=organisation, account=code, role=role)
    return bool(gone)


def set_mail_address(code: str, address: str, *, scope: Scope, at: datetime) -> bool:
    """Say where the reminders of an account go, empty for nowhere; False if that is so already. One's own, too.

    Raises:
        InputError: not a mail address.
        NotFoundError: no such account, or its home organisation is foreign to ``scope``.
        NotAllowedError: ``scope`` may not, or the account is deactivated.
    """
    found = _read_address(address)
    with transaction.atomic():
        account = _lock_own(scope) if code == scope.actor else lock_as_keeper(code, scope=scope)
        if account.mail_address == found:
            return False
        account.mail_address = found
        account.save(update_fields=["mail_address"])
        record(
            "account.mail_set" if found else "account.mail_removed",
            actor=scope.actor,
            at=at,
            organisation=account.home_organisation,
            account=code,
        )
    return True


def switch_reminders(*, wanted: bool, language: Language | None, scope: Scope, at: datetime) -> bool:
    """Switch one's own reminders on or off; ``language`` None: the workspace's. False if it is so already."""
    with transaction.atomic():
        account = _lock_own(scope)
        if (account.reminders, account.mail_language) == (wanted, language or ""):
            return False
        account.reminders, account.mail_language = wanted, language or ""
        account.save(update_fields=["reminders", "mail_language"])
        record(
            "account.reminders_switched",
            actor=account.code,
            at=at,
            organisation=account.home_organisation,
            account=account.code,
            on=wanted,
        )
    return True


def queue_reminder(
    code: str,
    values: Mapping[str, str],
    *,
    things: int,
    language: Language,
    on: date,
    expires_at: datetime,
    at: datetime,
) -> bool:
    """Put one reminder into the outbox with the mark that it was; at most one for an account and a day.

    Whoever comes second, also another process, waits for the account's row and then sees the mark.

    Args:
        values: for the templates ``mail/reminder.*.txt``; nothing of a person who asked stands in them.
        things: how many kinds of work it tells of, for the trail.

    Returns:
        False: it was reminded that day already, or it wants none, or has no address, or is deactivated.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(code=code)
        if not (account.is_active and account.reminders and account.mail_address):
            return False
        if Reminder.objects.filter(account=account, on=on).exists():
            return False
        mail = Mail(
            kind="reminder",
            to=Personal(account.mail_address, "mail address"),
            values=values,
            language=language,
            expires_at=expires_at,
        )
        ref = queue_mail(mail, organisation=account.home_organisation, actor=REMINDER, at=at)
        Reminder.objects.create(account=account, on=on, mail=ref, queued_at=at)
        record(
            "reminder.queued",
            actor=REMINDER,
            at=at,
            organisation=account.home_organisation,
            account=code,
            mail=ref,
            things=things,
        )
    return True


def invite_account(code: str, *, scope: Scope, at: datetime) -> str:
    """Make a one-time link's token for an account that has no password; a link made before is good no longer.

    Raises:
        NotFoundError: no such account, or its home organisation is foreign to ``scope``.
        NotAllowedError: ``scope`` may not, or the account is deactivated, or it signs in already.
    """
    with transaction.atomic():
        account = lock_as_keeper(code, scope=scope)
        if account.has_usable_password():
            raise NotAllowedError(
                Text(f"アカウント {code} はもうサインインできます。", f"The account {code} can sign in already."),
                advice=Text(
                    "パスワードを忘れたときは「サインインをやり直す」を使ってください。",
                    "If the password is forgotten, reset the sign-in.",
                ),
            )
        token = _new_token(account)
        record("account.invited", actor=scope.actor, at=at, organisation=account.home_organisation, account=code)
    return token


def reset_sign_in(code: str, *, scope: Scope, at: datetime, own: bool = False) -> str:
    """End an account's password, second factors, single sign-on, sessions and tokens; return a new one-time link's token.

    Args:
        own: whether it may be the actor's: at the machine itself only, where an only officer who lost a key comes back.

    Raises:
        NotFoundError, NotAllowedError: as `invite_account`; and nobody else resets their own.
    """
    with transaction.atomic():
        account = lock_as_keeper(code, scope=scope)
        if code == scope.actor and not own:
            raise NotAllowedError(
                Text("自分のサインインはやり直しにできません。", "One's own sign-in cannot be reset."),
                advice=Text(
                    "パスワードは自分の画面で変えられます。ほかは別の管理者に頼むか、サーバー上で daicho account reset を使ってください。",
                    "Change the password on your own page. For the rest ask another officer, or use `daicho account reset` "
                    "at the server.",
                ),
            )
        token = _new_token(account)
        Authenticator.objects.filter(user=account).delete()
        SocialAccount.objects.filter(user=account).delete()
        _end_sessions(account)
        sign_in_was_reset.send(Account, code=code, actor=scope.actor, at=at)
        record("account.sign_in_reset", actor=scope.actor, at=at, organisation=account.home_organisation, account=code)
    return token


def set_first_password(token: str, password: str, *, at: datetime) -> Account:
    """Set the password an invitation is for; its link is good no longer. Returns the account, to be signed in.

    Raises:
        NotAllowedError: the invitation is no longer good.
        ValidationError: Django's, when the password is too weak; nothing was changed.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=read_token(token).pk)
        read_token(token)  # again, now that nobody else can use it
        validate_password(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])
        record(
            "account.password_set",
            actor=account.code,
            at=at,
            organisation=account.home_organisation,
            account=account.code,
        )
    return account


def take_invitation(token: str) -> Account:
    """Use an invitation up for single sign-on instead of a password: its link is good no longer.

    The caller binds the provider's number for the person in the same transaction; that is what the trail tells of.

    Raises:
        NotAllowedError: the invitation is no longer good, or the account is bound already.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=read_token(token).pk)
        read_token(token)  # again, now that nobody else can use it
        if SocialAccount.objects.filter(user=account).exists():
            raise NotAllowedError(
                Text("このアカウントは別の利用者に結び付いています。", "This account is bound to another user."),
                advice=Text("管理者にサインインのやり直しを頼んでください。", "Ask an officer to reset the sign-in."),
            )
        account.password = make_password(None)  # with a new mark, so that the link dies
        account.save(update_fields=["password"])
    return account


def end_sessions(code: str, *, keep: str, at: datetime, number: int | None = None) -> int:
    """End an account's session ``number``, or all but the one with the key ``keep``; returns how many ended."""
    with transaction.atomic():
        account = get_account(code)
        ended = _end_sessions(account, keep=keep, number=number)
        if ended:
            record(
                "account.sessions_ended",
                actor=code,
                at=at,
                organisation=account.home_organisation,
                account=code,
                sessions=ended,
            )
    return ended


def deactivate_account(code: str, *, scope: Scope, at: datetime) -> None:
    """End what an account may do, and forget its mail address; its code stays in the trail. It stays deactivated.

    Raises:
        NotFoundError: no such account.
        NotAllowedError: ``scope`` may not act for its home organisation (an officer is deactivated by an officer only),
            is the account itself, or it is an organisation's last officer.
    """
    with transaction.atomic():
        officers = lock_officers()
        account = get_account(code)
        if not scope.allows(account.home_organisation):
            raise no_account()
        places = [place for who, place in officers if who == account.pk]
        require_role(scope, account.home_organisation, (Role.OFFICER,) if places else STAFF_KEEPERS)
        lasts = [place for place in places if {who for who, there in officers if there == place} == {account.pk}]
        if code == scope.actor or lasts:
            raise NotAllowedError(
                Text(
                    "自分自身、または組織の最後の管理者は停止できません。",
                    "Neither oneself nor an organisation's last officer can be deactivated.",
                ),
                advice=Text(
                    "別の管理者が行うか、先に別の管理者を登録してください。",
                    "Let another officer do it, or register another officer first.",
                ),
            )
        ended = Account.objects.filter(pk=account.pk, is_active=True)
        if ended.update(is_active=False, deactivated_at=at, mail_address=""):
            _end_sessions(account)
            record(
                "account.deactivated", actor=scope.actor, at=at, organisation=account.home_organisation, account=code
            )


def _read_address(address: str) -> str:
    """The address without outer spaces, or nothing; what is wrong is not repeated."""
    stripped = address.strip()
    if stripped and not is_mailbox(stripped):
        raise InputError(
            Text("メールアドレスの形が正しくありません。", "This is not a mail address."),
            advice=Text(
                "半角英数字で name@example.jp の形に直してください。一つだけ指定できます。",
                "Write a single one, as name@example.jp.",
            ),
        )
    return stripped


def _lock_own(scope: Scope) -> Account:
    return Account.objects.select_for_update().get(pk=get_account(scope.actor).pk)


def _new_token(account: Account) -> str:
    """No password any more, and with its new mark every older link is dead."""
    account.password = make_password(None)
    account.save(update_fields=["password"])
    return make_token(account)


def _end_sessions(account: Account, *, keep: str = "", number: int | None = None) -> int:
    rows = UserSession.objects.filter(user=account).exclude(session_key=keep)
    sessions = list(rows if number is None else rows.filter(pk=number))
    for session in sessions:
        session.end()
    return len(sessions)


def _grant(account: Account, organisation: str, role: Role, *, acts: Acts) -> bool:
    held = roles_of(account.code, organisation)
    if role in held:
        return False
    if not may_be_granted(held, role):
        raise NotAllowedError(
            Text(
                "監査担当者は、同じ組織で他の役割を兼ねられません。",
                "An auditor holds no other role in the same organisation.",
            ),
            advice=Text(
                "監査には別のアカウント(別の人)を使ってください。",
                "Use another account, of another person, for audits.",
            ),
        )
    AccountOrganisation.objects.create(account=account, organisation=organisation, role=role, granted_at=acts.at)
    acts.add("account.role_granted", organisation=organisation, account=account.code, role=role)
    return True

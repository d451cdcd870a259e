"""What a token may be given: a closed table, each scope with the roles it needs.

A token never gives more than its account's roles: the scope is judged by the roles the account holds
at that moment, organisation by organisation, and the action behind it asks once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from daicho.people.keepers import STAFF_KEEPERS
from daicho.people.rules import Role, may_act, may_read
from daicho.policy.actions import DRAFTERS
from daicho.portal.access import POSTMASTERS
from daicho.register.actions import KEEPERS
from daicho.rights.access import DESK
from daicho.rights.access import LOOKERS as REQUEST_LOOKERS
from daicho.runs.access import LOOKERS as RUN_LOOKERS
from daicho.words.text import Text


class TokenScope(StrEnum):
    """What a token is for."""

    REQUESTS_READ = "requests:read"
    REQUESTS_PEOPLE = "requests:people"
    REQUESTS_WRITE = "requests:write"
    REQUESTS_DECIDE = "requests:decide"
    RUNS_READ = "runs:read"
    RUNS_WRITE = "runs:write"
    REGISTER_READ = "register:read"
    REGISTER_WRITE = "register:write"
    POLICY_READ = "policy:read"
    POLICY_WRITE = "policy:write"
    TRAIL_READ = "trail:read"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    ACCOUNTS_INVITE = "accounts:invite"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    MAILS_READ = "mails:read"
    MAILS_WRITE = "mails:write"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeKind:
    """One line of the table; ``reads``: an auditor may hold it."""

    name: Text
    roles: tuple[Role, ...]
    reads: bool

    def admits(self, held: frozenset[Role]) -> bool:
        """Whether somebody with these roles in an organisation has what the scope gives, there."""
        return may_read(held, self.roles) if self.reads else may_act(held, self.roles)


def _reads(ja: str, en: str, *roles: Role) -> ScopeKind:
    return ScopeKind(name=Text(ja, en), roles=roles, reads=True)


def _changes(ja: str, en: str, *roles: Role) -> ScopeKind:
    return ScopeKind(name=Text(ja, en), roles=roles, reads=False)


_ENGINE: Final = (Role.OFFICER, Role.ENGINEER)
_TRAIL: Final = (Role.OFFICER, Role.SECRETARIAT, Role.ENGINEER)

#: Every scope there is; what is not here is refused.
SCOPES: Final[Mapping[TokenScope, ScopeKind]] = MappingProxyType(
    {
        TokenScope.REQUESTS_READ: _reads(
            "請求・検索依頼票・停止の状態を読む（氏名等は含まない）",
            "read requests, slips and stops, without what people wrote",
            *REQUEST_LOOKERS,
        ),
        TokenScope.REQUESTS_PEOPLE: _changes(
            "候補・開示内容・文書・写しの画像・本人の情報・受付簿の氏名を読む",
            "read candidates, cells, letters, scans and data of people",
            *DESK,
        ),
        TokenScope.REQUESTS_WRITE: _changes(
            "請求を受け付け、書類と手数料を記録し、検索する",
            "register requests, record papers and money, search",
            *DESK,
        ),
        TokenScope.REQUESTS_DECIDE: _changes("請求を決定し、実施し、回答する", "decide, carry out and answer", *DESK),
        TokenScope.RUNS_READ: _reads("実行と保全を読む", "read runs and legal holds", *RUN_LOOKERS),
        TokenScope.RUNS_WRITE: _changes(
            "実行を再開し、保全を設定する", "resume runs, set and release holds", *RUN_LOOKERS
        ),
        TokenScope.REGISTER_READ: _reads(
            "台帳と保管先を読む", "read the register and the stores", *KEEPERS, Role.DESK, Role.DEPARTMENT_HEAD
        ),
        TokenScope.REGISTER_WRITE: _changes("台帳・保管先・対応表を変更する", "change the register", *KEEPERS),
        TokenScope.POLICY_READ: _reads("方針を読み、点検する", "read and check the policy", *Role),
        TokenScope.POLICY_WRITE: _changes("方針の下書きと公表", "draft and publish the policy", *DRAFTERS),
        TokenScope.TRAIL_READ: _reads("証跡を読み、署名し、書き出す", "read, sign and export the trail", *_TRAIL),
        TokenScope.ACCOUNTS_READ: _reads("アカウントを読む", "read accounts", *STAFF_KEEPERS),
        TokenScope.ACCOUNTS_WRITE: _changes("アカウントと役割を変更する", "change accounts and roles", *STAFF_KEEPERS),
        TokenScope.ACCOUNTS_INVITE: _changes(
            "サインイン用のリンクを作る（招待・やり直し）", "hand out links to sign in with", *STAFF_KEEPERS
        ),
        TokenScope.KEYS_READ: _reads("鍵束の状態を読む", "read the state of the keysets", *_ENGINE),
        TokenScope.KEYS_WRITE: _changes("鍵を更新する", "rotate keys", *_ENGINE),
        TokenScope.WEBHOOKS_READ: _reads("通知先と送信結果を読む", "read webhooks and deliveries", *_ENGINE),
        TokenScope.WEBHOOKS_WRITE: _changes("通知先を登録・廃止する", "add and revoke webhooks", *_ENGINE),
        TokenScope.MAILS_READ: _reads(
            "発信箱を読む（宛先は伏せる）", "read the outbox, addresses masked", *POSTMASTERS
        ),
        TokenScope.MAILS_WRITE: _changes("届かなかったメールを送り直す", "send dead mail again", *POSTMASTERS),
    }
)


def places_of(scope: TokenScope, held: Mapping[str, frozenset[Role]]) -> frozenset[str]:
    """The organisations in which somebody with these roles (by organisation) has the scope."""
    kind = SCOPES[scope]
    return frozenset(organisation for organisation, roles in held.items() if kind.admits(roles))


def offered(held: Mapping[str, frozenset[Role]]) -> list[TokenScope]:
    """The scopes that somebody with these roles can give a token."""
    return [scope for scope in SCOPES if places_of(scope, held)]

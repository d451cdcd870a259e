"""The closed table of events: what may be written to the trail, with which facts, and how it is said.

To add an event, add one line here: its code, its sentence in Japanese and in English (``{fact}``
stands for a fact), and the kind of every fact. The first fact is what the entry is *about*: it can
be looked up. Anything not in this table is refused when it is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from daicho.trail.chain import Fact
from daicho.trail.errors import TrailRefusedError
from daicho.trail.facts import CODE, CODES, COUNT, DAY, DIGEST, FLAG, REF, FactKind
from daicho.words.text import Language, Text

#: Stands where an organisation would, for acts that concern the whole installation.
EVERYWHERE: Final = "*"

_ACTOR: Final = re.compile(r"(?:system:)?[a-z0-9][a-z0-9._-]{0,59}")
_ORGANISATION: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One line of the table."""

    code: str
    words: Text
    facts: Mapping[str, FactKind]

    @property
    def about(self) -> str:
        """The name of the fact that the entry is looked up by; empty if it has no facts."""
        return next(iter(self.facts), "")

    def read(self, given: Mapping[str, object]) -> dict[str, Fact]:
        """Return the facts as they are written; those given as None are left out.

        Raises:
            TrailRefusedError: a fact is unknown, missing, or not of its kind. Its value is not repeated.
        """
        found: dict[str, Fact] = {}
        for name, value in given.items():
            kind = self.facts.get(name)
            if kind is None:
                raise _refuse(self.code, f"{name}: unknown fact")
            fact = None if value is None else kind.read(value)
            if fact is not None:
                found[name] = fact
            elif value is not None:
                raise _refuse(self.code, f"{name}: not a {kind.name}")
        missing = [name for name, kind in self.facts.items() if kind.required and name not in found]
        if missing:
            raise _refuse(self.code, f"{', '.join(missing)}: missing")
        return found

    def say(self, facts: Mapping[str, object], language: Language | str) -> str:
        """The sentence of an entry; a fact it lacks is said as ``-``."""
        known = {name: facts.get(name, "-") for name in self.facts}
        listed = {name: ", ".join(value) if isinstance(value, list) else value for name, value in known.items()}
        return self.words.with_values(**listed).say(language)


_TABLE: dict[str, EventKind] = {}


def _event(code: str, ja: str, en: str, **facts: FactKind) -> None:
    if code in _TABLE:
        raise ValueError(f"{code} stands twice in the table of events")
    _TABLE[code] = EventKind(code=code, words=Text(ja, en), facts=MappingProxyType(facts))


# fmt: off  (one event a line)
# people
_event("account.created", "アカウント {account} を作成", "account {account} created", account=CODE)
_event(
    "account.role_granted",
    "アカウント {account} に役割 {role} を付与",
    "role {role} granted to {account}",
    account=CODE,
    role=CODE,
)
_event("account.deactivated", "アカウント {account} を停止", "account {account} deactivated", account=CODE)

# keys and the trail itself
_event("keys.created", "鍵束を作成({keysets})", "keysets made ({keysets})", keysets=CODES)
_event("keys.rotated", "鍵を更新({keysets})", "keys rotated ({keysets})", keysets=CODES)
_event("keys.rewrapped", "鍵暗号鍵を交換", "key-encryption key replaced")
_event("trail.exported", "証跡を書き出し", "trail exported")
_event("trail.checkpoint_made", "チェックポイント {number} に署名", "checkpoint {number} signed", number=COUNT)

# policy
_event(
    "policy.drafted",
    "方針の下書き {revision} を保存",
    "policy draft {revision} saved",
    revision=REF.optional,
    digest=DIGEST,
    findings=COUNT.optional,
)
_event(
    "policy.published",
    "方針 第 {revision} 版を確定({effective_from} 施行)",
    "policy revision {revision} published, effective {effective_from}",
    revision=COUNT,
    digest=DIGEST,
    effective_from=DAY,
)

# register
_event(
    "holding.applied",
    "台帳 {holding} を反映({change})",
    "holding {holding} applied ({change})",
    holding=CODE,
    change=CODE,
    digest=DIGEST.optional,
)
_event(
    "store.applied",
    "保管先 {store} を反映({change})",
    "store {store} applied ({change})",
    store=CODE,
    change=CODE,
    digest=DIGEST.optional,
)
_event(
    "map.applied",
    "対応表 {map} を反映({change})",
    "map {map} applied ({change})",
    map=CODE,
    change=CODE,
    digest=DIGEST.optional,
)
_event("map.confirmed", "対応表 {map} を確認", "map {map} confirmed", map=CODE, digest=DIGEST)

# rights
_event(
    "request.opened",
    "請求 {request} を受付({channel}、{claims} 件)",
    "request {request} opened ({channel}, {claims} claim(s))",
    request=REF,
    person=REF,
    channel=CODE,
    requester=CODE,
    claims=COUNT,
)
_event(
    "request.document_recorded",
    "請求 {request} の書類 {document} を記録",
    "document {document} of request {request} recorded",
    request=REF,
    document=REF,
    accepted=FLAG,
)
_event(
    "document.disposed",
    "書類 {document} を処分({how})",
    "document {document} disposed of ({how})",
    document=REF,
    how=CODE,
)
_event(
    "request.fee_recorded",
    "請求 {request} の手数料 {amount} 円を記録",
    "fee of {amount} yen recorded for request {request}",
    request=REF,
    amount=COUNT,
)
_event("fee.cashed", "手数料 {fee} を換金", "fee {fee} cashed", fee=REF, amount=COUNT)
_event("fee.returned", "手数料 {fee} を返却", "fee {fee} returned", fee=REF, amount=COUNT)
_event(
    "request.checked",
    "請求 {request} を点検({state}、不足 {missing} 件)",
    "request {request} checked ({state}, {missing} missing)",
    request=REF,
    state=CODE,
    missing=COUNT,
)
_event("request.returned", "請求 {request} の書類を返戻", "documents of request {request} returned", request=REF)
_event("request.withdrawn", "請求 {request} の取下げ", "request {request} withdrawn", request=REF)
_event("request.closed", "請求 {request} を完了", "request {request} closed", request=REF)
_event(
    "request.searched",
    "請求 {request} を検索({stores} 保管先、{rows} 件、候補 {candidates} 件)",
    "request {request} searched ({stores} store(s), {rows} row(s), {candidates} candidate(s))",
    request=REF,
    stores=COUNT,
    rows=COUNT,
    candidates=COUNT,
    slips=COUNT,
)
_event(
    "requests.submitted",
    "請求 {first} から {last} までの {requests} 件をまとめて受付",
    "{requests} request(s) submitted together, {first} to {last}",
    first=REF,
    last=REF,
    requests=COUNT,
)
_event(
    "claims.decided",
    "まとめて受け付けた請求を決定(応諾 {approved} 件、不存在 {not_held} 件、保留 {waiting} 件)",
    "claims of a batch decided ({approved} approved, {not_held} not held, {waiting} waiting)",
    first=REF,
    last=REF,
    approved=COUNT,
    not_held=COUNT,
    waiting=COUNT,
)
_event(
    "candidate.decided",
    "請求 {request} の候補 {candidate} を判断",
    "candidate {candidate} of request {request} decided",
    request=REF,
    candidate=CODE,
    accepted=FLAG,
)
_event(
    "cell.decided",
    "請求 {claim} の {cells} 項目を確認(不開示の合計 {withheld})",
    "{cells} cell(s) of claim {claim} reviewed ({withheld} withheld in all)",
    claim=REF,
    cells=COUNT,
    withheld=COUNT,
)
_event(
    "claim.decided",
    "請求 {claim} を決定({decision})",
    "claim {claim} decided ({decision})",
    claim=REF,
    decision=CODE,
    ground=CODE.optional,
)
_event(
    "claim.reclassified",
    "請求 {claim} の種別を変更({old} → {kind})",
    "claim {claim} reclassified ({old} to {kind})",
    claim=REF,
    old=CODE,
    kind=CODE,
)
_event(
    "claim.answered",
    "請求 {claim} に回答({outcome})",
    "claim {claim} answered ({outcome})",
    claim=REF,
    outcome=CODE,
)
_event(
    "letter.issued",
    "文書 {letter} を発行({kind})",
    "letter {letter} issued ({kind})",
    letter=REF,
    request=REF,
    kind=CODE,
    pages=COUNT,
)
_event(
    "request.handed_out_again",
    "請求 {request} の文書 {files} 点を再度交付",
    "{files} document(s) of request {request} handed out again",
    request=REF,
    files=COUNT,
)
_event(
    "ledger.exported",
    "開示等請求受付簿 {year} 年分を出力",
    "ledger of requests for {year} exported",
    year=COUNT,
    rows=COUNT.optional,
)

# search slips of paper stores
_event(
    "slip.issued",
    "検索依頼票 {slip} を発行({store})",
    "search slip {slip} issued ({store})",
    slip=REF,
    owner=REF,
    store=CODE,
    task=CODE,
)
_event(
    "slip.answered",
    "検索依頼票 {slip} に回答({answer})",
    "search slip {slip} answered ({answer})",
    slip=REF,
    owner=REF,
    store=CODE,
    answer=CODE,
    count=COUNT.optional,
)

# consent
_event(
    "stop.recorded",
    "停止 {stop} を登録({kind})",
    "stop {stop} recorded ({kind})",
    stop=REF,
    person=REF,
    kind=CODE,
    claim=REF.optional,
)
_event("stop.lifted", "停止 {stop} を解除({kind})", "stop {stop} lifted ({kind})", stop=REF, person=REF, kind=CODE)
_event(
    "correction.remembered",
    "訂正 {correction} を記憶",
    "correction {correction} remembered",
    correction=REF,
    person=REF,
    claim=REF.optional,
    items=COUNT,
)

# runs
_event(
    "run.intended",
    "実行 {run} を開始({stores} 保管先、{rows} 件)",
    "run {run} intended ({stores} store(s), {rows} row(s))",
    run=REF,
    purpose=CODE,
    people=COUNT,
    stores=COUNT,
    rows=COUNT,
    changes=COUNT,
)
_event(
    "run.stored",
    "実行 {run} が {store} に反映",
    "run {run} carried out on {store}",
    run=REF,
    store=CODE,
    changed=COUNT.optional,
)
_event(
    "run.confirmed",
    "実行 {run} を読み戻して確認",
    "run {run} read back and confirmed",
    run=REF,
    purpose=CODE,
    people=COUNT,
)
_event("run.taken_up", "実行 {run} を再開", "run {run} taken up again", run=REF, stores=COUNT)
_event("run.taken_over", "実行 {run} を前の処理から引き継ぎ", "run {run} taken over from its holder", run=REF)
_event(
    "run.left_to_human",
    "実行 {run} は人の判断待ち({store}、{reason})",
    "run {run} left to a human ({store}, {reason})",
    run=REF,
    store=CODE,
    reason=CODE,
)
_event(
    "run.decided_by_hand",
    "実行 {run} を人が判断({store})",
    "run {run} decided by hand ({store})",
    run=REF,
    store=CODE,
    retry=FLAG,
    given_up=FLAG.optional,
)
_event(
    "data.sealed",
    "データファイル {file} を封印({records} 件)",
    "data file {file} sealed ({records} record(s))",
    file=REF,
    claim=REF,
    records=COUNT,
)
_event(
    "data.downloaded", "データファイル {file} を取り出し", "data file {file} taken out", file=REF, claim=REF.optional
)
_event("data.erased", "データファイル {file} を消去", "data file {file} erased", file=REF, claim=REF.optional)
_event(
    "hold.set", "保全 {hold} を設定({ground})", "legal hold {hold} set ({ground})", hold=REF, person=REF, ground=CODE
)
_event("hold.released", "保全 {hold} を解除", "legal hold {hold} released", hold=REF)
# fmt: on

#: Every event by its code.
EVENTS: Final[Mapping[str, EventKind]] = MappingProxyType(_TABLE)


def get_event(code: str) -> EventKind:
    """The event with this code.

    Raises:
        TrailRefusedError: not in the table.
    """
    kind = EVENTS.get(code)
    if kind is None:
        raise _refuse(code if code.replace(".", "").replace("_", "").isalnum() else "?", "unknown event")
    return kind


def require_author(*, actor: str, at: datetime, organisation: str, code: str) -> None:
    """Refuse an entry that does not say who, when and for whom.

    Raises:
        TrailRefusedError: ``actor`` or ``organisation`` is not a code, or ``at`` has no time zone.
    """
    if _ACTOR.fullmatch(actor) is None:
        raise _refuse(code, "actor: not a code")
    if organisation != EVERYWHERE and _ORGANISATION.fullmatch(organisation) is None:
        raise _refuse(code, "organisation: not a code")
    if at.tzinfo is None:
        raise _refuse(code, "at: without a time zone")


def _refuse(code: str, reason: str) -> TrailRefusedError:
    return TrailRefusedError(
        Text(f"証跡に書けない記録です({code}: {reason})。", f"This cannot be written to the trail ({code}: {reason})."),
        advice=Text(
            "trail/events.py の表に事象と項目を足すか、呼び出し側を直してください。",
            "Add the event or fact to the table in trail/events.py, or mend the caller.",
        ),
    )

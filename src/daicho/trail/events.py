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


# One event a line.
# fmt: off
# people
_event("account.created", "アカウント {account} を作成", "account {account} created", account=CODE)
_event("account.role_granted", "アカウント {account} に役割 {role} を付与", "role {role} granted to {account}", account=CODE, role=CODE)
_event("account.role_removed", "アカウント {account} から役割 {role} を外した", "role {role} taken from {account}", account=CODE, role=CODE)
_event("account.deactivated", "アカウント {account} を停止", "account {account} deactivated", account=CODE)
_event("account.invited", "アカウント {account} を招待", "account {account} invited", account=CODE)
_event("account.sign_in_reset", "アカウント {account} のサインインをやり直しにした", "sign-in of {account} reset", account=CODE)
_event("account.password_set", "{account} がパスワードを設定", "{account} set a password", account=CODE)
_event("account.password_changed", "{account} がパスワードを変更", "{account} changed the password", account=CODE)
_event("account.signed_in", "{account} がサインイン({method})", "{account} signed in ({method})", account=CODE, method=CODE, second_factor=FLAG)
_event("account.sign_in_failed", "サインインの失敗({account}、{step})", "sign-in failed ({account}, {step})", account=CODE.optional, step=CODE)
_event("account.signed_out", "{account} がサインアウト", "{account} signed out", account=CODE)
_event("account.sessions_ended", "{account} が他の端末のサインインを終了({sessions} 件)", "{account} ended {sessions} other session(s)", account=CODE, sessions=COUNT)
_event("account.second_factor_added", "{account} が二つ目の認証を登録({kind})", "{account} added a second factor ({kind})", account=CODE, kind=CODE)
_event("account.second_factor_removed", "{account} が二つ目の認証を削除({kind})", "{account} removed a second factor ({kind})", account=CODE, kind=CODE)
_event("account.single_sign_on_bound", "{account} がシングルサインオンを結び付けた", "{account} bound a single sign-on", account=CODE)
_event("account.mail_set", "{account} のメールアドレスを登録", "mail address of {account} set", account=CODE)
_event("account.mail_removed", "{account} のメールアドレスを削除", "mail address of {account} removed", account=CODE)
_event("account.reminders_switched", "{account} がお知らせメールの設定を変更", "{account} changed the reminders by mail", account=CODE, on=FLAG)
_event("reminder.queued", "{account} へお知らせ {mail} を用意({things} 項目)", "reminder {mail} queued for {account} ({things} kind(s) of work)", account=CODE, mail=REF, things=COUNT)

# keys and the trail itself
_event("keys.created", "鍵束を作成({keysets})", "keysets made ({keysets})", keysets=CODES)
_event("keys.rotated", "鍵を更新({keysets})", "keys rotated ({keysets})", keysets=CODES)
_event("keys.rewrapped", "鍵暗号鍵を交換", "key-encryption key replaced")
_event("trail.exported", "証跡を書き出し", "trail exported")
_event("trail.checkpoint_made", "チェックポイント {number} に署名", "checkpoint {number} signed", number=COUNT)

# policy
_event("policy.drafted", "方針の下書きを保存", "policy draft saved", revision=REF.optional, digest=DIGEST, findings=COUNT.optional)
_event("policy.submitted", "方針の下書きの承認を依頼", "policy draft submitted for approval", digest=DIGEST)
_event("policy.approved", "方針の下書きを承認", "policy draft approved", digest=DIGEST)
_event("policy.sent_back", "方針の下書きを差し戻し", "policy draft sent back", digest=DIGEST)
_event("policy.discarded", "方針の下書きを破棄", "policy draft discarded", digest=DIGEST)
_event("policy.published", "方針 第 {revision} 版を確定({effective_from} 施行)", "policy revision {revision} published, effective {effective_from}", revision=COUNT, digest=DIGEST, effective_from=DAY, drafted_by=CODE.optional, approved_by=CODE.optional)

# register
_event("holding.applied", "台帳 {holding} を反映({change})", "holding {holding} applied ({change})", holding=CODE, change=CODE, digest=DIGEST.optional)
_event("store.applied", "保管先 {store} を反映({change})", "store {store} applied ({change})", store=CODE, change=CODE, digest=DIGEST.optional)
_event("map.applied", "対応表 {map} を反映({change})", "map {map} applied ({change})", map=CODE, change=CODE, digest=DIGEST.optional)
_event("map.confirmed", "対応表 {map} を確認", "map {map} confirmed", map=CODE, digest=DIGEST)

# rights
_event("request.opened", "請求 {request} を受付({channel}、{claims} 件)", "request {request} opened ({channel}, {claims} claim(s))", request=REF, person=REF, channel=CODE, requester=CODE, claims=COUNT)
_event("request.document_recorded", "請求 {request} の書類 {document} を記録", "document {document} of request {request} recorded", request=REF, document=REF, accepted=FLAG)
_event("document.looked_at", "書類 {document} の黒塗りを確認({masked})", "document {document} looked at ({masked})", document=REF, masked=CODE)
_event("document.disposed", "書類 {document} を処分({how})", "document {document} disposed of ({how})", document=REF, how=CODE)
_event("request.fee_recorded", "請求 {request} の手数料 {amount} 円を記録", "fee of {amount} yen recorded for request {request}", request=REF, amount=COUNT)
_event("fee.cashed", "手数料 {fee} を換金", "fee {fee} cashed", fee=REF, amount=COUNT)
_event("fee.returned", "手数料 {fee} を返却", "fee {fee} returned", fee=REF, amount=COUNT)
_event("request.checked", "請求 {request} を点検({state}、不足 {missing} 件)", "request {request} checked ({state}, {missing} missing)", request=REF, state=CODE, missing=COUNT, compared=CODES.optional)
_event("request.returned", "請求 {request} の書類を返戻", "documents of request {request} returned", request=REF)
_event("request.withdrawn", "請求 {request} の取下げ", "request {request} withdrawn", request=REF)
_event("request.merged", "請求 {request} を重複として {into} に統合", "request {request} merged into {into} as a duplicate", request=REF, into=REF)
_event("request.assigned", "請求 {request} の担当を {account} に変更", "request {request} assigned to {account}", request=REF, account=CODE)
_event("request.opened_up", "請求 {request} の本人の情報({part})を表示", "facts about the person of request {request} shown ({part})", request=REF, part=CODE)
_event("request.amended", "請求 {request} の内容を訂正({parts})", "request {request} amended ({parts})", request=REF, parts=CODES, verified_again=FLAG)
_event("claim.added", "請求 {claim} を追加({kind})", "claim {claim} added ({kind})", claim=REF, kind=CODE)
_event("document.cancelled", "書類 {document} の記録を取消し({why})", "record of document {document} cancelled ({why})", document=REF, request=REF, why=CODE, verified_again=FLAG)
_event("fee.cancelled", "手数料 {fee} の記録を取消し({why})", "record of fee {fee} cancelled ({why})", fee=REF, request=REF, amount=COUNT, why=CODE)
_event("request.noted", "請求 {request} に対応の記録 {note} を追加({kind})", "note {note} added to request {request} ({kind})", request=REF, note=REF, kind=CODE, characters=COUNT)
_event("address.entered", "請求 {request} の返送後の住所を入力", "address after returned mail entered for request {request}", request=REF, address=REF)
_event("address.verified", "請求 {request} の返送後の住所を確認(再発行 {letters} 通)", "address after returned mail verified for request {request} ({letters} letter(s) issued again)", request=REF, address=REF, letters=COUNT)
_event("letter.replaced", "文書 {letter} を新しい住所の {by} に差し替え", "letter {letter} replaced by {by} for the new address", letter=REF, by=REF, request=REF)
_event("requests.listed", "請求の一覧 {requests} 件を書き出し", "list of {requests} request(s) exported", requests=COUNT)
_event("requests.indexed", "請求 {requests} 件の検索用の鍵を作成", "search keys made for {requests} request(s)", requests=COUNT)
_event("money.listed", "手数料の一覧 {instruments} 件を書き出し", "list of {instruments} fee instrument(s) exported", instruments=COUNT)
_event("letter.looked_at", "文書 {letter} の控えを表示", "copy of letter {letter} looked at", letter=REF, request=REF, kind=CODE)
_event("request.closed", "請求 {request} を完了", "request {request} closed", request=REF)
_event("request.searched", "請求 {request} を検索({stores} 保管先、{rows} 件、候補 {candidates} 件)", "request {request} searched ({stores} store(s), {rows} row(s), {candidates} candidate(s))", request=REF, stores=COUNT, rows=COUNT, candidates=COUNT, slips=COUNT)
_event("requests.submitted", "請求 {first} から {last} までの {requests} 件をまとめて受付", "{requests} request(s) submitted together, {first} to {last}", first=REF, last=REF, requests=COUNT)
_event("claims.decided", "まとめて受け付けた請求を決定(応諾 {approved} 件、不存在 {not_held} 件、保留 {waiting} 件)", "claims of a batch decided ({approved} approved, {not_held} not held, {waiting} waiting)", first=REF, last=REF, approved=COUNT, not_held=COUNT, waiting=COUNT)
_event("candidate.decided", "請求 {request} の候補 {candidate} を判断", "candidate {candidate} of request {request} decided", request=REF, candidate=CODE, accepted=FLAG)
_event("cell.decided", "請求 {claim} の {cells} 項目を確認(不開示の合計 {withheld})", "{cells} cell(s) of claim {claim} reviewed ({withheld} withheld in all)", claim=REF, cells=COUNT, withheld=COUNT)
_event("claim.decided", "請求 {claim} を決定({decision})", "claim {claim} decided ({decision})", claim=REF, decision=CODE, ground=CODE.optional)
_event("claim.reopened", "請求 {claim} の決定({decision})を取り消し、検討に戻した", "decision ({decision}) on claim {claim} taken back, it is assessed again", claim=REF, decision=CODE)
_event("claim.reclassified", "請求 {claim} の種別を変更({old} → {kind})", "claim {claim} reclassified ({old} to {kind})", claim=REF, old=CODE, kind=CODE)
_event("claim.answered", "請求 {claim} に回答({outcome})", "claim {claim} answered ({outcome})", claim=REF, outcome=CODE)
_event("letter.issued", "文書 {letter} を発行({kind})", "letter {letter} issued ({kind})", letter=REF, request=REF, kind=CODE, pages=COUNT)
_event("request.handed_out_again", "請求 {request} の文書 {files} 点を再度交付", "{files} document(s) of request {request} handed out again", request=REF, files=COUNT)
_event("ledger.exported", "開示等請求受付簿 {year} 年分を出力", "ledger of requests for {year} exported", year=COUNT, rows=COUNT.optional)

_event(
    "claim.covering_set",
    "請求 {claim} の回答書に添える文を保存",
    "covering text of claim {claim} saved",
    claim=REF,
    characters=COUNT,
)
_event(
    "dispatch.enclosed",
    "文書 {letter} を封入({method})",
    "letter {letter} put in its envelope ({method})",
    dispatch=REF,
    letter=REF,
    method=CODE,
    previous=REF.optional,
)
_event(
    "dispatch.checked",
    "封入 {dispatch} を照合({agrees})",
    "envelope {dispatch} checked ({agrees})",
    dispatch=REF,
    agrees=FLAG,
    pages=COUNT,
)
_event("dispatch.sent", "封入 {dispatch} を発送", "envelope {dispatch} sent", dispatch=REF, sent_on=DAY)
_event(
    "dispatch.ended",
    "封入 {dispatch} の結果({state})",
    "envelope {dispatch}: {state}",
    dispatch=REF,
    state=CODE,
    why=CODE.optional,
)
_event(
    "ledger.approved",
    "開示等請求受付簿 {year} 年分を承認({rows} 行)",
    "ledger of requests for {year} approved ({rows} row(s))",
    year=COUNT,
    rows=COUNT,
    digest=DIGEST,
)
_event(
    "ledger.imported",
    "過去の受付簿 {rows} 行を移行({brought}、不備 {refused} 行)",
    "{rows} row(s) of an old ledger brought over ({brought}; {refused} refused)",
    brought=REF,
    rows=COUNT,
    refused=COUNT,
)
_event(
    "ledger.import_undone",
    "受付簿の移行 {brought} を取消({rows} 行)",
    "import {brought} undone ({rows} row(s))",
    brought=REF,
    rows=COUNT,
)

# mail
_event("mail.sent", "通知メール {mail} を送信({kind})", "mail {mail} sent ({kind})", mail=REF, kind=CODE, about=REF.optional)
_event("mail.given_up", "通知メール {mail} は送れず({kind}、{reason})", "mail {mail} could not be sent ({kind}, {reason})", mail=REF, kind=CODE, about=REF.optional, reason=CODE)
_event("mail.retried", "通知メール {mail} を再送({kind})", "mail {mail} sent on its way again ({kind})", mail=REF, kind=CODE)

# the person's web door
_event("web.link_mailed", "ウェブ窓口のリンク {link} を送信({kind})", "link {link} of the web door mailed ({kind})", link=REF, kind=CODE, about=REF)
_event("web.code_mailed", "リンク {link} の確認コードを送信({kind})", "code for link {link} mailed ({kind})", link=REF, kind=CODE, about=REF)
_event("web.code_refused", "リンク {link} の確認コードが不一致(残り {left} 回)", "wrong code for link {link} ({left} tries left)", link=REF, about=REF, left=COUNT)
_event("web.entered", "リンク {link} で入室({kind})", "entered by link {link} ({kind})", link=REF, kind=CODE, about=REF)
_event("web.mailbox_proven", "下書き {draft} のメールアドレスを確認", "mailbox of draft {draft} proven", draft=REF)
_event("web.draft_saved", "下書き {draft} を保存", "draft {draft} saved", draft=REF)
_event("web.paper_added", "下書き {draft} に書類を追加({paper})", "paper added to draft {draft} ({paper})", draft=REF, paper=CODE)
_event("web.paper_removed", "下書き {draft} の書類を削除({paper})", "paper removed from draft {draft} ({paper})", draft=REF, paper=CODE)
_event("web.submitted", "下書き {draft} を請求 {request} として受付", "draft {draft} taken as request {request}", draft=REF, request=REF, papers=COUNT)
_event("web.draft_erased", "下書き {draft} を消去({why})", "draft {draft} erased ({why})", draft=REF, why=CODE)
_event("answer.offered", "請求 {request} の回答をダウンロードで提供({files} 点、{until} まで)", "answer to request {request} offered for download ({files} file(s), until {until})", request=REF, link=REF, files=COUNT, until=DAY)
_event("answer.downloaded", "請求 {request} の回答 {file} をダウンロード", "file {file} of the answer to request {request} downloaded", request=REF, link=REF, file=REF, digest=DIGEST)
_event("answer.offer_ended", "請求 {request} の回答の提供を終了({why})", "offer of the answer to request {request} ended ({why})", request=REF, link=REF, files=COUNT, why=CODE)

# post
_event(
    "envelope.registered",
    "封筒 {envelope} を登録({channel}、{items} 点)",
    "envelope {envelope} registered ({channel}, {items} item(s))",
    envelope=REF,
    channel=CODE,
    items=COUNT,
)
_event("envelope.opened", "封筒 {envelope} の開封を記録({items} 点)", "opening of envelope {envelope} recorded ({items} item(s))", envelope=REF, items=COUNT)
_event(
    "envelope.sorted", "封筒 {envelope} を仕分け({kind})", "envelope {envelope} sorted ({kind})", envelope=REF, kind=CODE
)
_event(
    "envelope.unsorted",
    "封筒 {envelope} の仕分け({kind})を取消し",
    "sorting of envelope {envelope} taken back ({kind})",
    envelope=REF,
    kind=CODE,
)
_event(
    "envelope.filed",
    "封筒 {envelope} を請求 {request} に綴じ",
    "envelope {envelope} filed to request {request}",
    envelope=REF,
    request=REF,
)
_event(
    "envelope.unfiled",
    "封筒 {envelope} を請求 {request} から外し",
    "envelope {envelope} taken from request {request}",
    envelope=REF,
    request=REF,
)
_event("envelope.handed_over", "封筒 {envelope} を引渡し({kind})", "envelope {envelope} handed over ({kind})", envelope=REF, kind=CODE)
_event("envelope.reopened", "封筒 {envelope} の対応を再開", "envelope {envelope} reopened", envelope=REF)
_event("envelope.paper_moved", "封筒 {envelope} の紙の保管場所を変更", "paper of envelope {envelope} moved", envelope=REF)
_event(
    "envelope.paper_ended",
    "封筒 {envelope} の紙を処分({how}、{on})",
    "paper of envelope {envelope} ended ({how}, {on})",
    envelope=REF,
    how=CODE,
    on=DAY,
)
_event(
    "scan.stored",
    "写し {scan} を保存({kind}、{pages} ページ)",
    "scan {scan} stored ({kind}, {pages} page(s))",
    scan=REF,
    kind=CODE,
    pages=COUNT,
    envelope=REF.optional,
    request=REF.optional,
)
_event(
    "scan.viewed",
    "写し {scan} の {page} ページ目を閲覧",
    "page {page} of scan {scan} looked at",
    scan=REF,
    page=COUNT,
)
_event(
    "scan.blacked_out",
    "写し {scan} の {page} ページ目を黒塗り({boxes} か所)",
    "{boxes} place(s) on page {page} of scan {scan} blacked out",
    scan=REF,
    page=COUNT,
    boxes=COUNT,
    codes_left=COUNT.optional,
)
_event(
    "scan.checked",
    "写し {scan} の黒塗りを確認({areas} か所)",
    "blacking out of scan {scan} checked ({areas} part(s))",
    scan=REF,
    areas=COUNT,
    paper=FLAG,
)
_event("scan.filed", "写し {scan} を請求 {request} に綴じ", "scan {scan} filed to request {request}", scan=REF, request=REF)
_event("scan.destroyed", "写し {scan} を消去({why})", "scan {scan} destroyed ({why})", scan=REF, why=CODE, pages=COUNT)
_event(
    "scans.compared",
    "請求 {request} の写し {left} と {right} を照合(不一致 {differs} 件)",
    "scans {left} and {right} of request {request} compared ({differs} differ)",
    request=REF,
    left=REF,
    right=REF,
    differs=COUNT,
)

# search slips of paper stores
_event("slip.issued", "検索依頼票 {slip} を発行({store})", "search slip {slip} issued ({store})", slip=REF, owner=REF, store=CODE, task=CODE)
_event("slip.answered", "検索依頼票 {slip} に回答({answer})", "search slip {slip} answered ({answer})", slip=REF, owner=REF, store=CODE, answer=CODE, count=COUNT.optional)

# API
_event("token.created", "API トークン {token} を作成({account}、{expires_on} まで: {scopes})", "API token {token} made for {account}, until {expires_on}: {scopes}", token=REF, account=CODE, scopes=CODES, expires_on=DAY)
_event("token.revoked", "API トークン {token} を失効", "API token {token} revoked", token=REF)
_event("webhook.added", "通知先 {webhook} を登録({events} 種)", "webhook {webhook} added ({events} event(s))", webhook=REF, events=COUNT)
_event("webhook.revoked", "通知先 {webhook} を廃止", "webhook {webhook} revoked", webhook=REF)
_event("webhook.failed", "通知先 {webhook} への通知を断念({attempts} 回、記録 {entry})", "message to webhook {webhook} given up after {attempts} attempt(s) (entry {entry})", webhook=REF, attempts=COUNT, entry=COUNT)

# consent
_event("stop.recorded", "停止 {stop} を登録({kind})", "stop {stop} recorded ({kind})", stop=REF, person=REF, kind=CODE, claim=REF.optional)
_event("stop.lifted", "停止 {stop} を解除({kind})", "stop {stop} lifted ({kind})", stop=REF, person=REF, kind=CODE)
_event("correction.remembered", "訂正 {correction} を記憶", "correction {correction} remembered", correction=REF, person=REF, claim=REF.optional, items=COUNT)

# runs
_event("run.intended", "実行 {run} を開始({stores} 保管先、{rows} 件)", "run {run} intended ({stores} store(s), {rows} row(s))", run=REF, purpose=CODE, people=COUNT, stores=COUNT, rows=COUNT, changes=COUNT)
_event("run.stored", "実行 {run} が {store} に反映", "run {run} carried out on {store}", run=REF, store=CODE, changed=COUNT.optional)
_event("run.confirmed", "実行 {run} を読み戻して確認", "run {run} read back and confirmed", run=REF, purpose=CODE, people=COUNT)
_event("run.taken_up", "実行 {run} を再開", "run {run} taken up again", run=REF, stores=COUNT)
_event("run.taken_over", "実行 {run} を前の処理から引き継ぎ", "run {run} taken over from its holder", run=REF)
_event("run.left_to_human", "実行 {run} は人の判断待ち({store}、{reason})", "run {run} left to a human ({store}, {reason})", run=REF, store=CODE, reason=CODE)
_event("run.decided_by_hand", "実行 {run} を人が判断({store})", "run {run} decided by hand ({store})", run=REF, store=CODE, retry=FLAG, given_up=FLAG.optional)
_event("data.sealed", "データファイル {file} を封印({records} 件)", "data file {file} sealed ({records} record(s))", file=REF, claim=REF, records=COUNT)
_event("data.downloaded", "データファイル {file} を取り出し", "data file {file} taken out", file=REF, claim=REF.optional)
_event("data.erased", "データファイル {file} を消去", "data file {file} erased", file=REF, claim=REF.optional)
_event("hold.set", "保全 {hold} を設定({ground})", "legal hold {hold} set ({ground})", hold=REF, person=REF, ground=CODE)
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

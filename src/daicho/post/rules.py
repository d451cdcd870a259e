"""仕分け  Triage of what arrives: the kinds of envelope, what to do with each, and where it may go next.

* Triage comes first: only a request begins the request's clocks. What only looks like one (a complaint,
  a police inquiry) has its own way, and is never answered by the desk as a disclosure.
* The day of arrival is the day at *any* post room of the company; a FAX is logged like an envelope.
* Paper is tracked like a file: where it lies, and when it was returned, shredded or handed on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daicho.words.errors import NotAllowedError
from daicho.words.text import Text


class Channel(StrEnum):
    """How it came."""

    POST = "post"
    COURIER = "courier"
    COUNTER = "counter"
    FAX = "fax"


CHANNEL_WORDS: Final[Mapping[Channel, Text]] = {
    Channel.POST: Text("郵便", "post"),
    Channel.COURIER: Text("宅配便・信書便", "courier"),
    Channel.COUNTER: Text("窓口に持参", "over the counter"),
    Channel.FAX: Text("FAX", "FAX"),
}


class EnvelopeKind(StrEnum):
    """仕分け: what an envelope turned out to be."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    BAR_INQUIRY = "bar_inquiry"
    POLICE = "police"
    GROUP_COMPANY = "group_company"
    RETURNED_MAIL = "returned_mail"
    OTHER = "other"


class Ending(StrEnum):
    """How an envelope of a kind is dealt with."""

    FILED = "filed"  # filed to one or more requests
    HANDED = "handed"  # given to somebody, who is named


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """One line of the triage table: what to do next, to whom it goes, and how it ends."""

    name: Text
    ending: Ending
    to: Text
    steps: tuple[Text, ...]


KINDS: Final[Mapping[EnvelopeKind, KindRule]] = {
    EnvelopeKind.REQUEST: KindRule(
        name=Text("開示等の請求", "request"),
        ending=Ending.FILED,
        to=Text("請求として受付", "registered as a request"),
        steps=(
            Text("請求書から請求を登録します。到着日は封筒の到着日です。",
                 "Register the request from the form. Its day of arrival is the envelope's."),
            Text("一通に複数の請求があれば、すべてこの封筒に綴じます。",
                 "If there are several requests in one envelope, file each of them to it."),
            Text("公表している書類のほかは求めません。不足は補正のお願いで知らせます。",
                 "Ask for nothing beyond the published list; what is missing is told by a cure notice."),
        ),
    ),
    EnvelopeKind.COMPLAINT: KindRule(
        name=Text("苦情・相談", "complaint"),
        ending=Ending.HANDED,
        to=Text("苦情・相談の窓口", "complaints desk"),
        steps=(
            Text("苦情として記録し、窓口の責任者に渡します。請求の期限は動きません。",
                 "Record it as a complaint and give it to whoever answers complaints. No request clock runs."),
            Text("開示や停止も求めているときは、本人に請求の手続を案内します。",
                 "If it also asks for disclosure or a stop, tell the person how to make a request."),
        ),
    ),
    EnvelopeKind.BAR_INQUIRY: KindRule(
        name=Text("弁護士会照会", "bar-association inquiry"),
        ending=Ending.HANDED,
        to=Text("個人情報保護管理者", "responsible officer"),
        steps=(
            Text("弁護士法第23条の2の照会は、本人の請求ではありません。管理者に渡します。",
                 "An inquiry under Art. 23-2 of the Attorney Act is not a request of the person. It goes to the officer."),
            Text("弁護士「会」からの照会書かを確かめます。弁護士個人の依頼は照会ではありません。",
                 "Check that the bar association itself asks: a letter of a single attorney is no such inquiry."),
            Text("答えるかどうか、範囲、提供の記録は管理者が決めます。本人には窓口から知らせません。",
                 "The officer decides whether and how much to answer, and records the provision. The desk tells nobody."),
        ),
    ),
    EnvelopeKind.POLICE: KindRule(
        name=Text("警察・検察の照会", "police or prosecutor"),
        ending=Ending.HANDED,
        to=Text("個人情報保護管理者", "responsible officer"),
        steps=(
            Text("捜査関係事項照会書は、その日のうちに個人情報保護管理者に渡します。窓口では答えません。",
                 "A written inquiry on an investigation goes to the responsible officer the same day. The desk does not answer it."),
            Text("令状か照会書か、発信者の官職・氏名、折返し先を管理者が確かめます。",
                 "The officer checks whether it is a warrant or an inquiry, who signed it, and calls back a known number."),
            Text("本人にも社内の他部署にも、照会があったことを知らせません。",
                 "Neither the person nor other departments are told that it came."),
        ),
    ),
    EnvelopeKind.GROUP_COMPANY: KindRule(
        name=Text("グループ他社宛", "for another group company"),
        ending=Ending.HANDED,
        to=Text("宛先の会社の窓口", "that company's desk"),
        steps=(
            Text("宛先の会社の窓口に、受け取った日を添えて送ります。",
                 "Send it on to the desk of the company it is addressed to, with the day it was received."),
            Text("開封していたら、写しを残さずに送ります。",
                 "If it was opened, send it on without keeping a copy."),
        ),
    ),
    EnvelopeKind.RETURNED_MAIL: KindRule(
        name=Text("宛所不明で戻った郵便", "returned mail"),
        ending=Ending.FILED,
        to=Text("もとの請求に綴じる", "filed to its request"),
        steps=(
            Text("開封しません。封筒の番号から、もとの請求に綴じます。",
                 "Do not open it. File it to the request whose letter came back."),
            Text("確認済みの住所と宛名を見比べ、本人に確かめてから送り直します。",
                 "Compare the address with the verified one; ask the person before it is sent again."),
        ),
    ),
    EnvelopeKind.OTHER: KindRule(
        name=Text("その他", "other"),
        ending=Ending.HANDED,
        to=Text("担当部署", "the department concerned"),
        steps=(Text("担当部署に渡し、渡した先を記録します。", "Give it to the department concerned, and record to whom."),),
    ),
}  # fmt: skip


class EnvelopeState(StrEnum):
    """Where an envelope stands."""

    WAITING = "waiting"
    SORTED = "sorted"
    DONE = "done"


STATE_WORDS: Final[Mapping[EnvelopeState, Text]] = {
    EnvelopeState.WAITING: Text("仕分け待ち", "to be sorted"),
    EnvelopeState.SORTED: Text("対応中", "to be dealt with"),
    EnvelopeState.DONE: Text("対応済み", "dealt with"),
}


class Move(StrEnum):
    """What may be done with an envelope."""

    CLASSIFY = "classify"
    UNDO = "undo"  # a wrong classification taken back
    FILE = "file"  # filed to a request; again for a second request
    UNFILE = "unfile"
    HAND_OVER = "hand_over"
    REOPEN = "reopen"


MOVES: Final[Mapping[tuple[EnvelopeState, Move], EnvelopeState]] = {
    (EnvelopeState.WAITING, Move.CLASSIFY): EnvelopeState.SORTED,
    (EnvelopeState.SORTED, Move.UNDO): EnvelopeState.WAITING,
    (EnvelopeState.SORTED, Move.FILE): EnvelopeState.DONE,
    (EnvelopeState.SORTED, Move.HAND_OVER): EnvelopeState.DONE,
    (EnvelopeState.DONE, Move.FILE): EnvelopeState.DONE,
    (EnvelopeState.DONE, Move.UNFILE): EnvelopeState.DONE,  # `SORTED` again once nothing is filed
    (EnvelopeState.DONE, Move.REOPEN): EnvelopeState.SORTED,
}

#: Moves that only envelopes ending this way know.
_ONLY: Final[Mapping[Move, Ending]] = {
    Move.FILE: Ending.FILED,
    Move.UNFILE: Ending.FILED,
    Move.HAND_OVER: Ending.HANDED,
    Move.REOPEN: Ending.HANDED,
}


def next_state(state: EnvelopeState, move: Move, kind: EnvelopeKind | None) -> EnvelopeState:
    """Where a move leads.

    Raises:
        NotAllowedError: the table has no such move from here, or not for this kind.
    """
    found = MOVES.get((state, move))
    only = _ONLY.get(move)
    if found is None or (only is not None and (kind is None or KINDS[kind].ending is not only)):
        raise NotAllowedError(
            Text("この封筒には、いまその操作はできません。", "That cannot be done with this envelope now."),
            advice=Text(
                "画面を開き直し、いまの状態と仕分けを確かめてください。",
                "Open the page again and see where it stands and how it was sorted.",
            ),
        )
    return found


def open_moves(state: EnvelopeState, kind: EnvelopeKind | None) -> frozenset[Move]:
    """The moves to offer."""
    return frozenset(
        move
        for (start, move) in MOVES
        if start is state and (move not in _ONLY or (kind is not None and KINDS[kind].ending is _ONLY[move]))
    )


class PaperEnd(StrEnum):
    """What became of the paper."""

    RETURNED = "returned"
    SHREDDED = "shredded"
    HANDED_ON = "handed_on"


PAPER_WORDS: Final[Mapping[PaperEnd, Text]] = {
    PaperEnd.RETURNED: Text("返却", "returned"),
    PaperEnd.SHREDDED: Text("裁断", "shredded"),
    PaperEnd.HANDED_ON: Text("引渡し", "handed on"),
}


class Content(StrEnum):
    """What is counted when an envelope is opened."""

    FORM = "form"
    ID_COPY = "id_copy"
    AUTHORITY = "authority"
    MONEY_ORDER = "money_order"
    OTHER = "other"


CONTENT_WORDS: Final[Mapping[Content, Text]] = {
    Content.FORM: Text("請求書", "forms"),
    Content.ID_COPY: Text("本人確認書類", "identity papers"),
    Content.AUTHORITY: Text("代理権の書類", "proofs of authority"),
    Content.MONEY_ORDER: Text("小為替など", "money orders"),
    Content.OTHER: Text("その他", "others"),
}

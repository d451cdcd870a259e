"""様式  The blank request form 開示等請求書 and the search slip 検索依頼票.

The form is made from the published procedure, so it never asks for more than the policy says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from daicho.law.kinds import KINDS, REQUESTER_NAMES, Requester, RequestKind
from daicho.letters.house import REPLY_METHOD_WORDS, House, ReplyMethod
from daicho.letters.letter import HousePaper, Sheet, contact_data
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

RELATIONS: Final = (
    Text("お取引先", "business partner"),
    Text("採用応募者", "job applicant"),
    Text("求人サイト登録者", "user of the recruiting site"),
    Text("派遣スタッフ（過去を含む）", "temporary staff (present or former)"),
    Text("従業員（退職者を含む）", "employee (present or former)"),
    Text("お問い合わせをした方", "person who made an inquiry"),
    Text("その他", "other"),
)
FORM_TITLE: Final = Text("個人情報開示等請求書", "Personal Information Request Form")
ENVELOPE_WORDS: Final = Text("個人情報開示等請求書在中", "Request for personal information enclosed")
POST: Final = Text(
    "簡易書留など、配達の記録が確認できる方法でお送りください。",
    "Please use a delivery method that keeps a record, such as registered mail or simple registered mail.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormKind:
    """A kind that can be ticked, and its fee in yen; None where no fee is charged."""

    kind: RequestKind
    fee_yen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDocument:
    """同封する書類  A document on the checklist, and what to black out in it."""

    name: Text
    black_out: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFee:
    """手数料の案内  The sentences of the fee section, as the policy publishes them.

    ``rule``: how much, for what, how to pay. ``remarks``: who bears the charges, what happens
    when it is short, whether it is returned.
    """

    rule: Text
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm(HousePaper):
    """開示等請求書  The blank form, two pages.

    ``documents``: one of these from the person. ``agent_documents``: one of these from an
    agent, besides what ``agent_proofs`` names for the authority. ``handling``: what happens to
    what is written and enclosed here. ``headings``: a company's own words for some of the usual
    ones, by the names of the table below.
    """

    house: House
    language: Language
    revised_on: date
    kinds: tuple[FormKind, ...]
    documents: tuple[FormDocument, ...]
    agent_documents: tuple[FormDocument, ...]
    agent_proofs: tuple[FormDocument, ...]
    handling: tuple[Text, ...]
    fee: FormFee | None = None
    methods: tuple[ReplyMethod, ...] = tuple(ReplyMethod)
    organisations: tuple[Text, ...] = ()
    relations: tuple[Text, ...] = RELATIONS
    envelope_words: Text = ENVELOPE_WORDS
    post: Text = POST
    code: Text | None = None
    title: Text = FORM_TITLE
    headings: Mapping[str, Text] = field(default_factory=dict)

    def made_on(self) -> date:
        """The form's revision."""
        return self.revised_on

    def sheets(self) -> list[Sheet]:
        """The form as one document."""
        ja = self.language is Language.JA
        house = self.house
        revised = house.say_day(self.revised_on, self.language)
        return [
            {
                "template": "form",
                "lang": self.language.value,
                "title": self._say(self.title),
                "words": {name: self._say(words) for name, words in {**_FORM_WORDS, **self.headings}.items()},
                "to": f"{house.company.ja}　御中" if ja else f"To: {house.company.en}",
                "code": self._say(self.code) if self.code else "",
                "revised": f"{revised}改定" if ja else f"Revised {revised}",
                "calendar": "年　　　月　　　日" if ja else "Date (day / month / year)",
                "kinds": [self._kind_line(line) for line in self.kinds],
                "organisations": [self._say(name) for name in (self.organisations or (house.company,))],
                "relations": [self._say(name) for name in self.relations],
                "agents": [self._say(name) for who, name in REQUESTER_NAMES.items() if who is not Requester.PRINCIPAL],
                "methods": [self._say(REPLY_METHOD_WORDS[method]) for method in self.methods],
                "documents": [self._document(document) for document in self.documents],
                "agent_documents": [self._document(document) for document in self.agent_documents],
                "agent_proofs": [self._document(document) for document in self.agent_proofs],
                "fee": [self._say(self.fee.rule), *map(self._say, self.fee.remarks)] if self.fee else [],
                "handling": [self._say(text) for text in self.handling],
                "send_to": (
                    [f"〒{house.postal_code}", house.address.ja, house.company.ja, f"{house.department.ja}　宛"]
                    if ja
                    else [house.department.en, house.company.en, f"{house.address.en} {house.postal_code}"]
                ),
                "post": self._say(self.post),
                "envelope": self._say(self.envelope_words),
                "contact": contact_data(house, self.language),
            }
        ]

    def _say(self, text: Text) -> str:
        return text.say(self.language)

    def _kind_line(self, line: FormKind) -> dict[str, str]:
        free = Text("手数料不要", "no fee")
        fee = Text("手数料 {yen}円", "fee: {yen} yen")
        said = self._say(free) if line.fee_yen is None else self._say(fee).format(yen=f"{line.fee_yen:,}")
        return {"name": self._say(KINDS[line.kind].name), "fee": said}

    def _document(self, document: FormDocument) -> dict[str, str]:
        joined = ("、" if self.language is Language.JA else ", ").join(self._say(what) for what in document.black_out)
        words = Text("黒塗り：{what}", "Black out: {what}")
        return {"name": self._say(document.name), "black": self._say(words).format(what=joined) if joined else ""}


_FORM_WORDS: Final = {
    "date": Text("請求日", "Date"),
    "opening": Text(
        "個人情報の保護に関する法律の規定に基づき、次のとおり請求します。",
        "Under the Act on the Protection of Personal Information, I make the following request.",
    ),
    "person": Text("１　ご本人", "1  The person concerned"),
    "kana": Text("フリガナ", "Name in katakana"),
    "name": Text("氏名", "Name"),
    "former_name": Text("旧姓・別の表記", "Former surname, other spellings"),
    "birth": Text("生年月日", "Date of birth"),
    "address": Text("住所（回答の送付先）", "Address (the answer goes here)"),
    "former_address": Text("以前の住所", "Former address"),
    "telephone": Text("電話番号", "Telephone"),
    "email": Text("電子メール", "E-mail"),
    "relation": Text("当社との関係", "Relation to the company"),
    "period": Text("関係のあった時期", "Period of the relation"),
    "organisation": Text("請求先の会社", "Company of the group"),
    "agent": Text("２　代理人（代理人が請求する場合のみ）", "2  Agent (only if an agent makes the request)"),
    "agent_name": Text("氏名（フリガナ）", "Name"),
    "agent_address": Text("住所", "Address"),
    "agent_kind": Text("代理人の種類", "Kind of agent"),
    "kinds": Text("３　請求の種類（あてはまるものすべてに印）", "3  Kind of request (tick all that apply)"),
    "content": Text("４　請求の対象及び内容", "4  What the request is about"),
    "content_hint": Text(
        "対象となる情報（例：応募時の情報、○○年頃の勤怠）。訂正・追加・削除の場合は、誤っている内容と正しい内容。"
        "利用停止・消去・提供停止の場合は、その理由。",
        "Which information (for example: my application of a certain year). For correction, addition or deletion: what is "
        "wrong and what is right. For suspension, erasure or stop of provision: the reason.",
    ),
    "method": Text("５　希望する開示の方法", "5  How you wish to receive the data"),
    "method_hint": Text(
        "ご希望の方法による開示が困難なときは、お知らせのうえ書面でお渡しすることがあります。",
        "If the method you choose is difficult, we tell you and answer on paper.",
    ),
    "documents": Text("６　同封する書類", "6  Documents to enclose"),
    "documents_self": Text("ご本人の確認書類（写し。いずれか１点）", "To verify your identity (copy; one of these)"),
    "documents_agent": Text(
        "代理人の確認書類（写し。いずれか１点）", "To verify the agent's identity (copy; one of these)"
    ),
    "documents_proof": Text("代理権を示す書類", "To show the agent's authority"),
    "documents_hint": Text(
        "「黒塗り」と示した箇所は、見えないように黒く塗りつぶしてお送りください。",
        "Please black out the parts named, so that they cannot be read.",
    ),
    "fee": Text("７　手数料", "7  Fee"),
    "sending": Text("送付先", "Where to send"),
    "envelope": Text("封筒の表に赤字で記入：", "Write on the envelope in red:"),
    "handling": Text("ご記入いただいた個人情報の取扱い", "How we handle what you write here"),
    "office": Text("当社記入欄", "For office use"),
    "office_cells": Text("到達日/受付番号/本人確認/手数料/担当", "Arrived on/Request no./Identity/Fee/By"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSlip(HousePaper):
    """検索依頼票  Asks a named department to search a paper file or a system without an adapter.

    ``look_for`` holds what to search by (氏名, 旧姓, 生年月日…), as few items as suffice.
    """

    house: House
    language: Language
    slip_no: str
    request_no: str
    department: Text
    store: Text
    what: Text
    look_for: tuple[tuple[Text, Personal[str]], ...]
    asked_by: str
    asked_on: date
    answer_by: date
    period: Text | None = None

    def made_on(self) -> date:
        """The day it was asked."""
        return self.asked_on

    def sheets(self) -> list[Sheet]:
        """The slip as one page."""
        say = self.language
        purpose = "the department needs it to search"
        facts = [
            (Text("検索する保管先", "Where to search"), self.store.say(say)),
            (Text("探すもの", "What to look for"), self.what.say(say)),
            *([(Text("対象の期間", "Period"), self.period.say(say))] if self.period else []),
        ]
        return [
            {
                "template": "slip",
                "lang": say.value,
                "title": Text("検索依頼票", "Search slip").say(say),
                "words": {name: words.say(say) for name, words in _SLIP_WORDS.items()},
                "to": f"{self.department.ja}　御中" if say is Language.JA else f"To: {self.department.en}",
                "head": [
                    [Text("票番号", "Slip no.").say(say), self.slip_no],
                    [Text("受付番号", "Request no.").say(say), self.request_no],
                    [Text("依頼日", "Asked on").say(say), self.house.say_day(self.asked_on, say)],
                    [Text("依頼者", "Asked by").say(say), f"{self.house.department.say(say)}　{self.asked_by}"],
                    [Text("回答期限", "Answer by").say(say), self.house.say_day(self.answer_by, say)],
                ],
                "facts": [[name.say(say), value] for name, value in facts],
                "look_for": [[name.say(say), value.reveal(purpose=purpose)] for name, value in self.look_for],
                "calendar": "　　　年　　　月　　　日" if say is Language.JA else "(day / month / year)",
            }
        ]


_SLIP_WORDS: Final = {
    "lead": Text(
        "個人情報保護法に基づく開示等の請求に回答するため、次の方に関する記録の検索をお願いします。"
        "記録の有無を、見つからなかった場合も含めて、回答欄にご記入のうえ、期限までにご返送ください。",
        "To answer a request under the Act on the Protection of Personal Information, please search for records about the "
        "person below. Fill in the answer, also if you find nothing, and send this slip back by the date given.",
    ),
    "person": Text("お探しいただく方", "The person"),
    "answer": Text("回答欄", "Answer"),
    "result": Text("検索の結果", "Result"),
    "found": Text("あり", "found"),
    "none": Text("なし", "none"),
    "count": Text("件数・冊数", "How many"),
    "place": Text("保管場所・綴りの名称", "Where, name of the file"),
    "copy": Text("写しの添付", "Copies attached"),
    "attached": Text("あり（　　　枚）", "yes (        sheets)"),
    "not_attached": Text("なし", "no"),
    "doubt": Text("同姓同名など、本人か判断できない記録", "Records that may belong to somebody else (same name)"),
    "searched": Text("検索した範囲", "What was searched"),
    "who": Text("検索した人（所属・氏名）", "Searched by (department, name)"),
    "when": Text("検索した日", "Searched on"),
    "seal": Text("印", "Seal"),
    "cautions": Text(
        "本票には個人情報が含まれます。複写せず、使用後は依頼者に返送してください。\n"
        "記録を訂正、移動又は廃棄しないでください。\n"
        "検索の理由を、記録の対象となっている方や第三者に知らせないでください。",
        "This slip holds personal information. Do not copy it; send it back after use.\n"
        "Do not change, move or destroy any record.\n"
        "Do not tell the person concerned or anybody else why you search.",
    ),
    "cautions_title": Text("ご注意", "Please note"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSlip(SearchSlip):
    """措置依頼票  Asks the department that found records to correct, stop or destroy them, and to report it."""

    values: tuple[tuple[Text, Personal[str]], ...] = ()

    def sheets(self) -> list[Sheet]:
        """The slip as one page."""
        (sheet,) = SearchSlip.sheets(self)  # a slotted dataclass has no super() of its own
        say = self.language
        facts = [
            [Text("保管先", "Where").say(say), self.store.say(say)],
            [Text("お願いする措置", "What to do").say(say), self.what.say(say)],
        ]
        facts += [
            [Text(f"正しい内容（{name.ja}）", f"Right content ({name.en})").say(say), value.reveal(purpose=_TO_ACT)]
            for name, value in self.values
        ]
        words = {name: text.say(say) for name, text in _ACTION_WORDS.items()}
        title = Text("措置依頼票", "Action slip").say(say)
        return [{**sheet, "title": title, "words": {**sheet["words"], **words}, "facts": facts}]


_TO_ACT: Final = "the department needs it to change the records"
_ACTION_WORDS: Final[Mapping[str, Text]] = {
    "lead": Text(
        "個人情報保護法に基づく請求に応じることを決定しましたので、先に検索していただいた次の方の記録について、下記の措置をお願いします。"
        "措置の結果を、行わなかった場合も含めて、回答欄にご記入のうえ、期限までにご返送ください。",
        "We have decided to comply with a request under the Act on the Protection of Personal Information. Please do what "
        "is asked below with the records you found about this person. Fill in the answer, also if it was not done, and "
        "send this slip back by the date given.",
    ),
    "person": Text("記録のご本人", "The person"),
    "found": Text("実施した（done）", "done"),
    "none": Text("実施せず保存した（kept）", "kept"),
    "result": Text("措置の結果", "Result"),
    "place": Text("措置の方法、又は保存する理由・期限", "How; or why it is kept, until when"),
    "copy": Text("証明書などの添付", "Certificate attached"),
    "doubt": Text("検索の際に作成した写しの廃棄", "Destroying copies made for the search"),
    "searched": Text("対象とした範囲", "Which records"),
    "who": Text("実施した人（所属・氏名）", "Done by (department, name)"),
    "when": Text("実施した日", "Done on"),
    "cautions": Text(
        "本票には個人情報が含まれます。複写せず、使用後は依頼者に返送してください。\n"
        "法令により保存が必要な記録は廃棄せず、その旨を回答欄にご記入ください。\n"
        "請求の内容を、記録の対象となっている方や第三者に知らせないでください。",
        "This slip holds personal information. Do not copy it; send it back after use.\n"
        "Do not destroy what the law obliges us to keep: say so in the answer.\n"
        "Do not tell the person concerned or anybody else about the request.",
    ),
}

"""One paper of every kind, filled in as a desk in Nagoya would, for the tests of this room."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from daicho.law.kinds import Requester, RequestKind
from daicho.letters.answers import (
    Direction,
    MethodChangeLetter,
    NotHeldLetter,
    ProvisionLine,
    ProvisionRecordsLetter,
    PurposeLine,
    PurposeNoticeLetter,
    RefusalLetter,
)
from daicho.letters.corrections import CorrectedItem, CorrectionAction, CorrectionResultLetter, UnchangedItem
from daicho.letters.covers import CoverSheet
from daicho.letters.data import DisclosedField, DisclosedRecord, Scalar
from daicho.letters.disclosures import DataFile, DisclosureLetter, PartialDisclosureLetter, WithheldPart
from daicho.letters.forms import ActionSlip, FormDocument, FormFee, FormKind, RequestForm, SearchSlip
from daicho.letters.house import (
    AccreditedBody,
    Addressee,
    Enclosure,
    FeeNote,
    FeeOutcome,
    Ground,
    House,
    ReplyMethod,
)
from daicho.letters.ledger import LedgerBook, LedgerRow
from daicho.letters.letter import Paper
from daicho.letters.notices import DefectLetter, DelayLetter, MissingThing, ReceiptLetter, ReturnLetter
from daicho.letters.packing import AddressLabel, CasePack, ComposedPages, DispatchChecklist, EnclosureList
from daicho.letters.press import RenderedLetter, render
from daicho.letters.stops import (
    BackupRemainder,
    ContinuedUse,
    KeptPart,
    OwnRecord,
    PaperRemainder,
    Remainder,
    StopAction,
    StopLine,
    StopResultLetter,
    SubstituteMeasureLetter,
)
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

HOUSE = House(
    company=Text("株式会社中京人材ホールディングス", "Chukyo Jinzai Holdings Co., Ltd."),
    postal_code="450-0000",
    address=Text(
        "愛知県名古屋市中村区名駅九丁目28番12号 中京ビルディング27階",
        "Chukyo Building 27F, 9-28-12 Meieki, Nakamura-ku, Nagoya, Aichi",
    ),
    representative=Text("代表取締役社長　中部 太郎", "Taro Chubu, President and CEO"),
    officer=Text(
        "個人情報管理部門長（管理本部長）",
        "General Manager of the Personal Information Management Division (Director of Administration)",
    ),
    department=Text("個人情報お問い合わせ窓口", "Personal Information Inquiry Desk"),
    telephone=Text("052-000-3066", "+81-52-000-3066"),
    hours=Text("平日 9:00～18:00", "weekdays, 9:00 to 18:00"),
    fax=Text("052-000-3067（24時間受付）", "+81-52-000-3067 (24-hour reception)"),
    accredited_body=AccreditedBody(
        name=Text(
            "一般財団法人○○協会 認定個人情報保護団体事務局", "Example Foundation, Accredited Organisation Office"
        ),
        address=Text("〒106-0000 東京都港区六本木九丁目9番9号", "9-9-9 Roppongi, Minato-ku, Tokyo 106-0000"),
        telephone=Text("03-0000-7565", "+81-3-0000-7565"),
        note=Text(
            "※当社の商品・サービスに関するお問い合わせ先ではありません。",
            "This organisation does not address inquiries about our products or services.",
        ),
    ),
)


def personal(value: Any, kind: str = "sample") -> Personal[Any]:
    return Personal(value, kind)


PERSON = Addressee(
    name=personal("髙橋 𠮷乃", "name"),
    postal_code=personal("460-0008", "postal_code"),
    address=personal("愛知県名古屋市中区栄九丁目10番1号\nハイツ栄 203号室", "address"),
)
AGENT = Addressee(
    name=personal("﨑山 一郎", "name"),
    postal_code=personal("460-0001", "postal_code"),
    address=personal("愛知県名古屋市中区三の丸九丁目1番1号\n三の丸法律事務所", "address"),
    on_behalf_of=personal("髙橋 𠮷乃", "name"),
    capacity=Text("代理人弁護士", "Attorney"),
)
HR = Text("人事システム", "HR system")
CRM = Text("顧客管理システム", "Customer system")
CABINET = Text("総務部 書庫（契約書綴り）", "Archive of General Affairs (contract files)")
STAFF = Text("派遣スタッフ台帳", "Temporary staff register")
HARM = Ground(
    article=Text("個人情報保護法第33条第2項第1号", "APPI Art. 33(2)(i)"),
    reason=Text(
        "第三者の氏名及び連絡先を含み、開示することにより当該第三者の権利利益を害するおそれがあるため",
        "it holds a third party's name and contact details, whose rights or interests disclosure may harm",
    ),
)
IMPEDES = Ground(
    article=Text("個人情報保護法第33条第2項第2号", "APPI Art. 33(2)(ii)"),
    reason=Text(
        "開示することにより当社の業務の適正な実施に著しい支障を及ぼすおそれがあるため",
        "disclosure may seriously impede the proper conduct of our business",
    ),
)


def field(ja: str, en: str, value: Scalar) -> DisclosedField:
    return DisclosedField(item=Text(ja, en), value=personal(value))


def basic_record() -> DisclosedRecord:
    return DisclosedRecord(
        store=HR,
        holding=STAFF,
        table=Text("基本情報", "Basic data"),
        fields=(
            field("氏名", "Name", "髙橋 𠮷乃"),
            field("フリガナ", "Kana", "タカハシ ヨシノ"),
            field("生年月日", "Date of birth", date(1988, 4, 1)),
            field("住所", "Address", "愛知県名古屋市中区栄九丁目10番1号 ハイツ栄 203号室"),
            field("電話番号", "Telephone", "090-0000-1234"),
            field("電子メール", "E-mail", "takahashi.yoshino.1988@example.jp"),
            field("時給", "Hourly pay", Decimal("1850.00")),
            field("普通自動車免許", "Driving licence", value=True),
            field("旧姓", "Former surname", None),
            field("志望動機", "Motivation", "現場監督の補助として経験を積みたいと考えております。" * 8),
        ),
    )


def attendance(count: int) -> list[DisclosedRecord]:
    return [
        DisclosedRecord(
            store=HR,
            holding=STAFF,
            table=Text("勤怠", "Attendance"),
            fields=(
                field("勤務日", "Day", date(2026, 1 + index // 28 % 12, 1 + index % 28)),
                field("開始", "From", "08:30"),
                field("終了", "To", "17:30"),
                field("就業先", "Place of work", f"第{index % 7 + 1}現場事務所"),
            ),
        )
        for index in range(count)
    ]


def inquiry(withheld: Ground | None = None) -> DisclosedRecord:
    last = (
        DisclosedField(item=Text("担当者の所見", "Remark"), withheld=withheld)
        if withheld
        else field("担当者の所見", "Remark", "折り返し済み")
    )
    return DisclosedRecord(
        store=CRM,
        holding=Text("お問い合わせ", "Inquiries"),
        table=Text("問い合わせ履歴", "Inquiry log"),
        fields=(
            field("受付日", "Received", date(2025, 6, 3)),
            field("件名", "Subject", "契約更新について"),
            last,
        ),
    )


def letter_facts(language: Language, **more: Any) -> dict[str, Any]:
    return {
        "house": HOUSE,
        "to": PERSON,
        "language": language,
        "letter_no": "2026-0042",
        "dated_on": date(2026, 11, 13),
        "request_no": "R-2026-0012",
        "arrived_on": date(2026, 11, 2),
        **more,
    }


RECEIVED = FeeNote(outcome=FeeOutcome.RECEIVED, amount_yen=500)
NOTICE_33 = Text("個人情報保護法第33条第3項", "APPI Art. 33(3)")


def disclosure(language: Language, **more: Any) -> DisclosureLetter:
    facts: dict[str, Any] = {
        "basis": Text("個人情報保護法第33条第2項", "APPI Art. 33(2)"),
        "records": [basic_record(), *attendance(40), inquiry()],
        "read_on": date(2026, 11, 10),
        "searched": (HR, CRM, CABINET),
        "fee": RECEIVED,
    }
    return DisclosureLetter(**letter_facts(language), **{**facts, **more})


def electronic_disclosure(language: Language) -> DisclosureLetter:
    return disclosure(
        language,
        method=ReplyMethod.ELECTRONIC,
        prints_records=False,
        files=(
            DataFile(name="R-2026-0012.json", form=Text("JSON形式・UTF-8", "JSON, UTF-8")),
            DataFile(name="R-2026-0012.csv", form=Text("CSV形式・UTF-8", "CSV, UTF-8")),
        ),
        handed_over=Text(
            "同封のCD-Rに暗号化して収録しております。パスワードは別便でお送りいたします。",
            "The files are encrypted on the enclosed CD-R; the password follows separately.",
        ),
    )


def partial_disclosure(language: Language) -> PartialDisclosureLetter:
    return PartialDisclosureLetter(
        **letter_facts(language),
        basis=Text("個人情報保護法第33条第2項及び第3項", "APPI Art. 33(2) and (3)"),
        records=[basic_record(), inquiry(HARM), inquiry(IMPEDES)],
        read_on=date(2026, 11, 10),
        searched=(HR, CRM, CABINET),
        withheld=(
            WithheldPart(
                what=Text("問い合わせ履歴のうち担当者の所見（1件目）", "Remark in the inquiry log (record 1)"),
                ground=HARM,
            ),
            WithheldPart(
                what=Text("問い合わせ履歴のうち担当者の所見（2件目）", "Remark in the inquiry log (record 2)"),
                ground=IMPEDES,
            ),
        ),
        fee=RECEIVED,
        enclosures=(Enclosure(name=Text("本書及び別紙", "This letter with annex")),),
    )


def purpose_notice(language: Language) -> PurposeNoticeLetter:
    return PurposeNoticeLetter(
        **letter_facts(language),
        basis=Text("個人情報保護法第32条第2項", "APPI Art. 32(2)"),
        lines=(
            PurposeLine(
                category=Text("派遣スタッフの情報", "Information on temporary staff"),
                items=Text(
                    "氏名、住所、電話番号、電子メール、職歴、資格",
                    "name, address, telephone, e-mail, career, qualifications",
                ),
                purposes=(
                    Text(
                        "人事労務管理を含む雇用管理", "employment management, including personnel and general affairs"
                    ),
                    Text("就業先のご紹介及び調整", "introducing and arranging places of work"),
                ),
            ),
            PurposeLine(
                category=Text("お問い合わせ者の情報", "Information on a person who has made an inquiry"),
                items=Text("氏名、連絡先、お問い合わせの内容", "name, contact details, the inquiry"),
                purposes=(Text("お問い合わせへの対応", "responding to inquiries"),),
            ),
        ),
        fee=RECEIVED,
    )


def provision_records(language: Language) -> ProvisionRecordsLetter:
    return ProvisionRecordsLetter(
        **letter_facts(language),
        basis=Text("個人情報保護法第33条第5項において準用する同条第2項", "APPI Art. 33(5) with 33(2)"),
        lines=(
            ProvisionLine(
                direction=Direction.PROVIDED,
                when="2026-03-04",
                counterpart=Text(
                    "株式会社栄建設（愛知県名古屋市中区、代表者 栄 次郎）",
                    "Sakae Construction Co., Ltd. (Nagoya; J. Sakae)",
                ),
                items=Text("氏名、職歴、資格", "name, career, qualifications"),
                basis=Text("本人の同意（法第27条第1項）", "consent of the person (Art. 27(1))"),
            ),
            ProvisionLine(
                direction=Direction.RECEIVED,
                when="2025-12-01～2025-12-20",
                counterpart=Text("求人サイト運営会社（東京都港区）", "operator of a recruiting site (Tokyo)"),
                items=Text("氏名、連絡先、応募内容", "name, contact details, application"),
                basis=Text("本人の同意", "consent of the person"),
                circumstances=Text("応募フォームへの本人の入力", "entered by the person on the application form"),
            ),
        ),
        fee=RECEIVED,
    )


def no_provision_records(language: Language) -> ProvisionRecordsLetter:
    return ProvisionRecordsLetter(
        **letter_facts(language),
        basis=Text("個人情報保護法第33条第3項及び第5項", "APPI Art. 33(3) and (5)"),
        fee=RECEIVED,
    )


def not_held(language: Language) -> NotHeldLetter:
    return NotHeldLetter(
        **letter_facts(language),
        kind=RequestKind.DISCLOSURE,
        basis=NOTICE_33,
        addressed_to=(HOUSE.company,),
        fee=FeeNote(outcome=FeeOutcome.KEPT, amount_yen=500),
    )


def refusal(language: Language) -> RefusalLetter:
    return RefusalLetter(
        **letter_facts(language, to=AGENT),
        kind=RequestKind.DISCLOSURE,
        basis=NOTICE_33,
        about=Text("就業先企業からの評価に関する記録", "records of assessments by client companies"),
        grounds=(HARM, IMPEDES),
        what_you_can_do=(
            Text("対象を限定して、あらためてご請求いただくことができます。", "You can make a new, narrower request."),
        ),
        fee=FeeNote(outcome=FeeOutcome.RETURNED, amount_yen=500),
        enclosures=(Enclosure(name=Text("定額小為替（500円）", "Postal money order (500 yen)"), unit=Text("枚", "")),),
    )


def method_change(language: Language) -> MethodChangeLetter:
    return MethodChangeLetter(
        **letter_facts(language),
        kind=RequestKind.DISCLOSURE,
        basis=Text("個人情報保護法第33条第2項ただし書及び第3項", "APPI Art. 33(2) proviso and 33(3)"),
        wished=ReplyMethod.ELECTRONIC,
        given=ReplyMethod.PAPER,
        reason=Text(
            "対象の記録が紙の綴りのみで保管されており、電磁的記録の作成に多額の費用を要するため",
            "the records exist on paper only, and making an electronic record would be costly",
        ),
    )


def correction_result(language: Language) -> CorrectionResultLetter:
    return CorrectionResultLetter(
        **letter_facts(language),
        kind=RequestKind.CORRECTION,
        basis=Text("個人情報保護法第34条第3項", "APPI Art. 34(3)"),
        changed=(
            CorrectedItem(
                item=Text("住所", "Address"),
                store=HR,
                action=CorrectionAction.CORRECTED,
                done_on=date(2026, 11, 12),
                before=personal("愛知県名古屋市東区葵九丁目1番1号"),
                after=personal("愛知県名古屋市中区栄九丁目10番1号 ハイツ栄 203号室"),
            ),
            CorrectedItem(
                item=Text("派遣元管理台帳の住所", "Address in the dispatch ledger"),
                store=CABINET,
                action=CorrectionAction.ANNOTATED,
                done_on=date(2026, 11, 12),
                before=personal("愛知県名古屋市東区葵九丁目1番1号"),
            ),
        ),
        unchanged=(
            UnchangedItem(
                item=Text("面談の評価", "Assessment of the interview"),
                ground=Ground(
                    article=Text("個人情報保護法第34条第1項", "APPI Art. 34(1)"),
                    reason=Text("評価に関する内容であり、訂正の対象とならないため", "it is an assessment, not a fact"),
                ),
            ),
        ),
        told_recipients=(Text("株式会社栄建設", "Sakae Construction Co., Ltd."),),
    )


def correction_refused(language: Language) -> CorrectionResultLetter:
    return CorrectionResultLetter(
        **letter_facts(language),
        kind=RequestKind.DELETION,
        basis=Text("個人情報保護法第34条第3項", "APPI Art. 34(3)"),
        unchanged=(
            UnchangedItem(
                item=Text("職歴", "Career"),
                ground=Ground(
                    article=Text("個人情報保護法第34条第2項", "APPI Art. 34(2)"),
                    reason=Text("調査の結果、内容が事実と相違しないため", "our investigation found it to be factual"),
                ),
            ),
        ),
    )


OWN_RECORD = OwnRecord(
    what=Text("本請求の受付及び対応の記録（請求書、ご回答の写し）", "the record of this request and of our answer"),
    until=Text("令和11年11月12日", "12 November 2029"),
)


def erasure_result(language: Language) -> StopResultLetter:
    return StopResultLetter(
        **letter_facts(language),
        kind=RequestKind.ERASE,
        basis=Text("個人情報保護法第35条第7項", "APPI Art. 35(7)"),
        done=(
            StopLine(
                what=Text("顧客情報", "Customer data"),
                store=CRM,
                action=StopAction.ERASED,
                done_on=date(2026, 11, 12),
                count=13,
            ),
            StopLine(
                what=Text("勤怠の氏名", "Name in attendance"),
                store=HR,
                action=StopAction.REPLACED,
                done_on=date(2026, 11, 12),
                count=1240,
            ),
        ),
        remains=Remainder(
            own_record=OWN_RECORD,
            backups=(
                BackupRemainder(
                    what=Text("顧客管理システムの日次バックアップ", "Daily backups of the customer system"),
                    until=date(2026, 12, 17),
                ),
            ),
            kept=(
                KeptPart(
                    what=Text("賃金台帳", "Wage ledger"),
                    ground=Text("労働基準法第109条", "Labour Standards Act Art. 109"),
                    until=Text("最後の記入をした日から5年", "5 years from the last entry"),
                ),
                KeptPart(
                    what=Text("派遣元管理台帳", "Dispatch ledger"),
                    ground=Text("労働者派遣法第37条第2項", "Worker Dispatching Act Art. 37(2)"),
                    until=Text("派遣終了の日から3年", "3 years from the end of the dispatch"),
                ),
            ),
            paper=(
                PaperRemainder(
                    store=CABINET, what_was_done=Text("溶解処理により廃棄", "pulped"), done_on=date(2026, 11, 11)
                ),
            ),
        ),
    )


def stop_provision_result(language: Language) -> StopResultLetter:
    return StopResultLetter(
        **letter_facts(language),
        kind=RequestKind.STOP_PROVISION,
        basis=Text("個人情報保護法第35条第7項", "APPI Art. 35(7)"),
        done=(
            StopLine(
                what=Text("スキルシートの就業先候補への提供", "Providing skill sheets to prospective clients"),
                store=CRM,
                action=StopAction.PROVISION_STOPPED,
                done_on=date(2026, 11, 12),
            ),
        ),
        remains=Remainder(
            own_record=OWN_RECORD,
            backups=(),
            continued=(
                ContinuedUse(
                    what=Text("社会保険の資格に関する届出", "Notifications of social insurance"),
                    ground=Text("健康保険法第48条", "Health Insurance Act Art. 48"),
                ),
            ),
        ),
    )


def substitute_measure(language: Language) -> SubstituteMeasureLetter:
    return SubstituteMeasureLetter(
        **letter_facts(language),
        kind=RequestKind.SUSPEND_USE,
        basis=Text("個人情報保護法第35条第7項", "APPI Art. 35(7)"),
        ground=Ground(
            article=Text("個人情報保護法第35条第2項ただし書", "APPI Art. 35(2) proviso"),
            reason=Text(
                "過去の業務報告書の控えから該当部分のみを取り除くには多額の費用を要するため",
                "taking only the part concerned out of old report copies would be costly",
            ),
        ),
        measures=(
            Text(
                "該当する綴りを施錠保管し、閲覧を個人情報保護管理者の承認制といたします。",
                "The files are locked away; only the responsible officer can allow access.",
            ),
            Text("新たな利用は行いません。", "They are put to no new use."),
        ),
        started_on=date(2026, 11, 12),
    )


BOTH_KINDS = (RequestKind.DISCLOSURE, RequestKind.STOP_PROVISION)


def receipt(language: Language) -> ReceiptLetter:
    return ReceiptLetter(
        **letter_facts(language),
        kinds=BOTH_KINDS,
        received=(
            Enclosure(name=Text("個人情報開示等請求書", "Request form")),
            Enclosure(
                name=Text("運転免許証（写し・両面）", "Driver's licence (copy, both sides)"),
                note=Text("本籍の記載なし", "no permanent domicile shown"),
            ),
            Enclosure(name=Text("定額小為替（500円）", "Postal money order (500 yen)"), unit=Text("枚", "")),
        ),
        fee=RECEIVED,
        aim_on=date(2026, 11, 16),
    )


def defect(language: Language) -> DefectLetter:
    return DefectLetter(
        **letter_facts(language),
        kinds=(RequestKind.DISCLOSURE,),
        missing=(
            MissingThing(
                what=Text("手数料の不足（500円のうち300円を受領）", "The fee is short (300 of 500 yen received)"),
                please=Text(
                    "200円分の定額小為替を1枚お送りください。受取人欄は空欄のままにしてください。",
                    "Please send a postal money order of 200 yen. Leave the payee blank.",
                ),
            ),
            MissingThing(
                what=Text("本人確認書類", "Document that verifies your identity"),
                please=Text(
                    "運転免許証の写し等。本籍及び個人番号は黒く塗りつぶしてください。",
                    "For example a copy of your driver's licence. Black out permanent domicile and Individual Number.",
                ),
            ),
        ),
        cure_by=date(2026, 12, 4),
    )


def delay(language: Language) -> DelayLetter:
    return DelayLetter(
        **letter_facts(language),
        kinds=(RequestKind.DISCLOSURE,),
        reason=Text(
            "紙の綴りで保管している契約書の調査に時間を要しているため",
            "searching the contracts kept on paper takes longer than we expected",
        ),
        so_far=Text("システム内の調査は完了しております。", "The search of our systems is complete."),
        expected_on=date(2026, 11, 27),
    )


def returned_documents(language: Language) -> ReturnLetter:
    return ReturnLetter(
        **letter_facts(language),
        kinds=(RequestKind.DISCLOSURE,),
        reason=Text(
            "補正のお願いに記載した期限（令和8年12月4日）までに手数料の不足額が到着しなかったため",
            "The rest of the fee did not arrive by the date given in our letter (4 December 2026).",
        ),
        returned=(
            Enclosure(name=Text("個人情報開示等請求書（原本）", "Request form (original)")),
            Enclosure(name=Text("運転免許証の写し", "Copy of driver's licence")),
            Enclosure(
                name=Text("定額小為替 300円", "Postal money order, 300 yen"),
                unit=Text("枚", ""),
                note=Text("為替番号 00000-00000000", "no. 00000-00000000"),
            ),
        ),
    )


def composed_pages(language: Language) -> ComposedPages:
    pack = case_pack(language)
    return ComposedPages(language=language, composed_on=pack.made_on(), pages=personal(pack.sheets()))


LETTERS: dict[str, Callable[[Language], Paper]] = {
    "disclosure": disclosure,
    "electronic disclosure": electronic_disclosure,
    "partial disclosure": partial_disclosure,
    "purpose notice": purpose_notice,
    "provision records": provision_records,
    "no provision records": no_provision_records,
    "not held": not_held,
    "refusal": refusal,
    "method change": method_change,
    "correction result": correction_result,
    "correction refused": correction_refused,
    "erasure result": erasure_result,
    "stop of provision": stop_provision_result,
    "substitute measure": substitute_measure,
    "receipt": receipt,
    "defect": defect,
    "delay": delay,
    "return": returned_documents,
}


_DOMICILE = Text("本籍", "permanent domicile")
_NUMBER = Text("個人番号", "Individual Number")
_DOCUMENTS = (
    FormDocument(name=Text("運転免許証（両面）", "driver's licence (both sides)"), black_out=(_DOMICILE,)),
    FormDocument(
        name=Text("資格確認書（両面）", "health insurance eligibility certificate (both sides)"),
        black_out=(
            Text("保険者番号", "insurer number"),
            Text("被保険者等記号・番号・枝番", "insured person's symbol, number and branch"),
            Text("QRコード", "QR code"),
        ),
    ),
    FormDocument(
        name=Text("住民票の写し（3か月以内）", "certified copy of resident register (3 months or newer)"),
        black_out=(_DOMICILE, _NUMBER, Text("住民票コード", "resident-record code")),
    ),
)


def request_form(language: Language, **more: Any) -> RequestForm:
    facts: dict[str, Any] = {
        "house": HOUSE,
        "language": language,
        "revised_on": date(2026, 4, 1),
        "kinds": tuple(
            FormKind(kind=kind, fee_yen=500 if kind in {RequestKind.DISCLOSURE, RequestKind.PURPOSE_NOTICE} else None)
            for kind in RequestKind
        ),
        "documents": _DOCUMENTS,
        "agent_documents": _DOCUMENTS,
        "agent_proofs": (
            FormDocument(
                name=Text(
                    "委任状（実印を押印）及び印鑑登録証明書（任意代理人）",
                    "power of attorney with registered seal, and its certificate (mandated agent)",
                )
            ),
            FormDocument(
                name=Text(
                    "戸籍謄本、登記事項証明書など関係を示す書類（法定代理人）",
                    "family register or other proof of the relation (statutory agent)",
                )
            ),
        ),
        "fee": FormFee(
            rule=Text(
                "開示又は利用目的の通知の請求1件につき500円（税込）。500円分の定額小為替を同封してください。",
                "500 yen (including tax) per request for disclosure or notice of purpose. Please enclose a postal money order of 500 yen.",
            ),
            remarks=(
                Text(
                    "定額小為替の発行手数料及び郵送料は、請求される方のご負担となります。受取人欄は空欄のままにしてください。",
                    "The charge for the money order and the postage are borne by you. Leave the payee blank.",
                ),
                Text(
                    "不足がある場合は、期限を定めて補正をお願いします。",
                    "If it is short, we ask you to send the rest by a date we give.",
                ),
            ),
        ),
        "organisations": (
            HOUSE.company,
            Text("株式会社中京テクノ", "Chukyo Techno Co., Ltd."),
            Text("株式会社中京キャリア", "Chukyo Career Co., Ltd."),
        ),
        "handling": (
            Text(
                "ご記入いただいた個人情報は、この請求への対応にのみ利用します。",
                "What you write here is used only to deal with this request.",
            ),
            Text(
                "確認書類は、回答の日から30日以内に廃棄します。",
                "Copies of documents are destroyed within 30 days from our answer.",
            ),
        ),
        "code": Text("様式第1号", "Form 1"),
    }
    return RequestForm(**{**facts, **more})


def search_slip(language: Language) -> SearchSlip:
    return SearchSlip(
        house=HOUSE,
        language=language,
        slip_no="S-2026-0031",
        request_no="R-2026-0012",
        department=Text("総務部 文書課", "General Affairs, Records Section"),
        store=CABINET,
        what=Text("雇用契約書、派遣元管理台帳、面談記録", "employment contracts, dispatch ledger, interview records"),
        period=Text("2019年4月から現在まで", "from April 2019 until now"),
        look_for=(
            (Text("氏名", "Name"), personal("髙橋 𠮷乃（高橋・吉乃の表記も）")),
            (Text("フリガナ", "Kana"), personal("タカハシ ヨシノ")),
            (Text("旧姓", "Former surname"), personal("葛󠄁城")),
            (Text("生年月日", "Date of birth"), personal("昭和63年4月1日")),
        ),
        asked_by="鈴木",
        asked_on=date(2026, 11, 4),
        answer_by=date(2026, 11, 9),
    )


def action_slip(language: Language) -> ActionSlip:
    asked = search_slip(language)
    return ActionSlip(
        house=HOUSE,
        language=language,
        slip_no="S-2026-0035",
        request_no="R-2026-0012-1",
        department=asked.department,
        store=CABINET,
        what=Text("見つかった記録の訂正", "Correct the records found"),
        look_for=asked.look_for,
        asked_by="鈴木",
        asked_on=date(2026, 11, 10),
        answer_by=date(2026, 11, 15),
        values=((Text("住所", "address"), personal("愛知県名古屋市東区泉九丁目9番9号")),),
    )


ENCLOSURES = (
    Enclosure(name=Text("保有個人データの一部開示について（ご通知）", "Partial disclosure of personal data")),
    Enclosure(
        name=Text("定額小為替 200円", "Postal money order, 200 yen"),
        unit=Text("枚", ""),
        note=Text("過納分の返却", "overpaid, returned"),
    ),
)


def address_label(language: Language, **more: Any) -> AddressLabel:
    return AddressLabel(**{"house": HOUSE, "to": PERSON, "language": language, "dated_on": date(2026, 11, 13), **more})


def enclosure_list(language: Language) -> EnclosureList:
    facts = letter_facts(language)
    del facts["arrived_on"]
    return EnclosureList(**facts, enclosures=ENCLOSURES)


def checklist(language: Language, **more: Any) -> DispatchChecklist:
    facts = letter_facts(language, letter_title=partial_disclosure(language).title(), pages=3)
    del facts["arrived_on"]
    facts |= {"verified_address": PERSON.address, "enclosures": ENCLOSURES, "has_blacked_out": True, **more}
    return DispatchChecklist(**facts)


def alarming_checklist(language: Language) -> DispatchChecklist:
    return checklist(language, support_measure=True, verified_address=personal("愛知県名古屋市東区葵九丁目1番1号"))


def case_pack(language: Language) -> CasePack:
    return CasePack(
        checklist=checklist(language),
        letter=partial_disclosure(language),
        label=address_label(language),
        enclosure_list=enclosure_list(language),
    )


def ledger_row(number: int, **more: Any) -> LedgerRow:
    facts: dict[str, Any] = {
        "request_no": f"R-2026-{number:04d}-1",
        "arrived_on": date(2026, 1 + number % 12, 1 + number % 28),
        "complete_on": date(2026, 1 + number % 12, 1 + number % 28),
        "channel": Text("簡易書留", "post"),
        "requester": personal("髙橋 𠮷乃", "name"),
        "requester_kind": Requester.PRINCIPAL,
        "kind": list(RequestKind)[number % len(RequestKind)],
        "method": ReplyMethod.PAPER,
        "identity": Text("運転免許証（写し）", "driver's licence (copy)"),
        "verified_on": date(2026, 1 + number % 12, 1 + number % 28),
        "fee_yen": 500,
        "stores_searched": 5,
        "stores_found": 2,
        "decision": Text("一部開示", "partly disclosed"),
        "ground": Text("個人情報保護法第33条第2項第1号", "APPI Art. 33(2)(i)"),
        "decided_on": date(2026, 12, 20),
        "decided_by": Text("管理本部長", "Director"),
        "answered_on": date(2026, 12, 24),
        "answered_through": Text("書面・簡易書留", "letter, registered"),
        "id_end": Text("廃棄", "destroyed"),
        "id_ended_on": date(2026, 12, 28),
        "approved_on": date(2026, 12, 24),
    }
    return LedgerRow(**{**facts, **more})


def ledger(language: Language, *, rows: int = 30) -> LedgerBook:
    opened = ledger_row(
        99, requester_kind=Requester.MANDATED_AGENT, decision=None, ground=None, decided_on=None, decided_by=None,
        answered_on=None, answered_through=None, approved_on=None, id_end=None, id_ended_on=None, fee_yen=None,
        complaint=Text("あり", "yes"), remark=Text("紙の書庫を調査中", "searching paper files"),
    )  # fmt: skip
    return LedgerBook(
        house=HOUSE,
        language=language,
        period_from=date(2026, 1, 1),
        period_to=date(2026, 12, 31),
        printed_on=date(2027, 1, 8),
        rows=(*(ledger_row(number) for number in range(1, rows)), opened) if rows else (),
    )


def empty_ledger(language: Language) -> LedgerBook:
    return ledger(language, rows=0)


def cover_sheet(language: Language) -> Paper:
    return CoverSheet(
        language=language, number="E-2026-0001", arrived_on=date(2026, 11, 24), printed_on=date(2026, 11, 24)
    )


PAPERS: dict[str, Callable[[Language], Paper]] = {
    **LETTERS,
    "request form": request_form,
    "search slip": search_slip,
    "action slip": action_slip,
    "composed pages": composed_pages,
    "address label": address_label,
    "enclosure list": enclosure_list,
    "checklist": checklist,
    "alarming checklist": alarming_checklist,
    "case pack": case_pack,
    "cover sheet": cover_sheet,
    "ledger": ledger,
    "empty ledger": empty_ledger,
}


@cache
def printed(name: str, language: Language) -> RenderedLetter:
    """A sample from the press, printed once however many tests read it."""
    return render(PAPERS[name](language))

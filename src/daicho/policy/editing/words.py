"""What the form calls things whose description stands nowhere else: keys, and the values of closed lists."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from daicho.law.kinds import KINDS, REQUESTER_NAMES
from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, MASKED_NAMES
from daicho.words.text import Text


def value_words(one: StrEnum) -> Text:
    """What a value of a closed list is called; its own code where nothing better is known."""
    return _TYPED.get(type(one).__name__, {}).get(one.value) or Text(one.value, one.value.replace("_", " "))


def key_words(key: str) -> Text:
    """What a key is called."""
    return KEYS.get(key) or Text(key, key.replace("_", " "))


KEYS: Final[Mapping[str, Text]] = {
    "accredited_body": Text("認定個人情報保護団体", "Accredited body"),
    "addressee": Text("申出先", "Where requests are addressed"),
    "agents": Text("代理人による請求", "Requests by an agent"),
    "basics": Text("題名とグループ", "Title and group"),
    "called": Text("呼び方", "Collective term"),
    "clauses": Text("条項番号", "Clause numbers"),
    "code": Text("コード", "Code"),
    "covers": Text("対象とする個人情報", "What it covers"),
    "entry": Text("名称と申出先", "Entry"),
    "established": Text("制定日", "Established"),
    "fees": Text("手数料", "Fees"),
    "group": Text("グループ", "Group"),
    "groups": Text("項目のまとまり", "Groups of items"),
    "heading": Text("見出し", "Heading"),
    "id_copies": Text("本人確認書類の写し", "Copies of identity papers"),
    "items": Text("項目", "Items"),
    "kind": Text("種類", "Kind"),
    "measures": Text("措置", "Measures"),
    "note": Text("注記", "Note"),
    "paragraphs": Text("段落", "Paragraphs"),
    "preamble": Text("前文", "Preamble"),
    "privacy_mark": Text("プライバシーマーク", "PrivacyMark"),
    "purposes": Text("利用目的", "Purposes"),
    "rates": Text("手数料の額", "Rates"),
    "replies": Text("回答", "Answers"),
    "responsible": Text("管理責任者", "Who is responsible"),
    "rows": Text("行", "Rows"),
    "rules": Text("規定", "Rules"),
    "sections": Text("条項", "Sections"),
    "standard": Text("規格", "Standard"),
    "submission": Text("提出書類", "What is submitted"),
    "users": Text("共同利用者の範囲", "Joint users"),
}

_KINDS_OF_PEOPLE: Final = {
    "inquirer": Text("問い合わせた人", "people who inquire"),
    "partner": Text("取引先の担当者", "business partners"),
    "applicant": Text("応募者", "applicants"),
    "site_registrant": Text("サイトの登録者", "site registrants"),
    "employee": Text("従業員", "employees"),
    "former_employee": Text("退職者", "former employees"),
    "temporary_staff": Text("派遣スタッフ", "temporary staff"),
    "family": Text("家族", "family members"),
    "visitor": Text("来訪者", "visitors"),
    "shareholder": Text("株主", "shareholders"),
    "other": Text("その他", "others"),
}

_TYPED: Final[Mapping[str, Mapping[str, Text]]] = {
    "RequestKind": {kind.value: rule.name for kind, rule in KINDS.items()},
    "Requester": {one.value: name for one, name in REQUESTER_NAMES.items()},
    "IdDocument": {one.value: rule.name for one, rule in ID_DOCUMENTS.items()},
    "AuthorityDocument": {one.value: name for one, name in AUTHORITY_NAMES.items()},
    "Masked": {one.value: name for one, name in MASKED_NAMES.items()},
    "SubjectKind": _KINDS_OF_PEOPLE,
    "ChangeKind": {
        "related": Text("合理的な関連がある", "reasonably related"),
        "unrelated": Text("関連がない", "unrelated"),
    },
    "Channel": {
        "web": Text("Web", "web"),
        "paper": Text("書面", "paper"),
        "mail": Text("電子メール", "e-mail"),
        "phone": Text("電話", "telephone"),
        "card": Text("名刺", "business card"),
        "camera": Text("カメラ", "camera"),
        "in_person": Text("対面", "in person"),
        "third_party": Text("第三者から", "from a third party"),
        "entrusted": Text("委託元から", "from who entrusts it"),
    },
    "MeasureKind": {
        "basic_policy": Text("基本方針の策定", "basic policy"),
        "rules": Text("規律の整備", "rules"),
        "organisational": Text("組織的", "organisational"),
        "human": Text("人的", "human"),
        "physical": Text("物理的", "physical"),
        "technical": Text("技術的", "technical"),
        "external_environment": Text("外的環境の把握", "external environment"),
    },
    "Days": {"weekdays": Text("平日", "weekdays"), "every_day": Text("毎日", "every day")},
    "Handles": {
        "inquiries": Text("問い合わせ", "inquiries"),
        "complaints": Text("苦情", "complaints"),
        "requests": Text("開示等の請求", "requests"),
    },
    "OfficerRole": {
        "protection_manager": Text("個人情報保護管理者", "protection manager"),
        "audit_manager": Text("個人情報保護監査責任者", "audit manager"),
        "number_office": Text("特定個人情報の事務取扱責任部署", "office for Individual Numbers"),
    },
    "ProvisionBasis": {
        "consent": Text("本人の同意", "consent"),
        "law": Text("法令", "law"),
        "opt_out": Text("オプトアウト", "opt-out"),
    },
    "Abroad": {
        "consent": Text("本人の同意", "consent"),
        "adequate": Text("同等水準の国", "adequate country"),
        "equivalent_system": Text("基準に適合する体制", "equivalent system"),
        "law": Text("法令", "law"),
    },
    "NamedBasis": {
        "violation": Text("違法な取扱い", "violation"),
        "no_longer_needed": Text("利用の必要がなくなった", "no longer needed"),
        "incident": Text("漏えい等が起きた", "an incident"),
        "likely_harm": Text("権利利益が害されるおそれ", "likely harm"),
    },
    "Arrival": {
        "post": Text("郵送", "post"),
        "counter": Text("窓口に持参", "counter"),
        "web": Text("Web", "web"),
        "email": Text("電子メール", "e-mail"),
        "fax": Text("FAX", "fax"),
    },
    "Delivery": {
        "registered": Text("書留", "registered"),
        "simple_registered": Text("簡易書留", "simple registered"),
        "recorded": Text("特定記録", "recorded"),
        "recipient_only": Text("本人限定受取", "recipient only"),
    },
    "FeeUnit": {"form": Text("請求書ごと", "per form"), "kind": Text("種別ごと", "per kind")},
    "Instrument": {
        "postal_money_order": Text("定額小為替", "postal money order"),
        "stamps": Text("切手・印紙", "stamps"),
        "bank_transfer": Text("銀行振込", "bank transfer"),
        "cash": Text("現金", "cash"),
    },
    "OnRefusal": {"keep": Text("返還しない", "kept"), "return": Text("返還する", "returned")},
    "ShortFee": {"refuse": Text("請求がなかったものとする", "refused"), "cure": Text("補正を求める", "time to cure")},
    "ReplyBy": {
        "written": Text("書面", "in writing"),
        "electronic": Text("電磁的記録", "electronic"),
        "inspection": Text("閲覧", "inspection"),
    },
    "Standard": {"jisq15001": Text("JIS Q 15001", "JIS Q 15001")},
    "Promise": {
        "care": Text("重要な情報として保護する", "care"),
        "follow_policy": Text("方針に従って取り扱う", "follow the policy"),
        "lawful_and_fair": Text("適法かつ公正な手段", "lawful and fair means"),
        "within_purpose": Text("利用目的の範囲内で利用", "use within the purpose"),
        "consent_before_provision": Text("第三者提供の前に同意", "consent before provision"),
        "provision_exceptions": Text("第三者提供の例外を示す", "names the exceptions"),
        "no_other_use": Text("目的外利用をしない", "no other use"),
        "consent_for_new_purpose": Text("新たな目的には同意", "consent for a new purpose"),
        "follow_law_changes": Text("法令等の把握", "follow changes of the law"),
        "inform_employees": Text("従業員への周知", "inform employees"),
        "obey_law": Text("法令等の遵守", "obey the law"),
        "security_system": Text("安全管理の体制", "security system"),
        "prevent_leaks": Text("漏えい等の防止", "prevent leaks"),
        "dispose_promptly": Text("速やかな廃棄・削除", "dispose promptly"),
        "inspect": Text("点検の実施", "inspect"),
        "remedy": Text("是正と予防", "remedy"),
        "train_employees": Text("従業員の教育", "train employees"),
        "train_number_handlers": Text("特定個人情報の取扱者の教育", "train number handlers"),
        "inquiry_desk": Text("問合せ窓口", "inquiry desk"),
        "prompt_response": Text("迅速な対応", "prompt response"),
        "good_faith": Text("誠実な対応", "good faith"),
        "monitor": Text("監視", "monitor"),
        "audit": Text("監査", "audit"),
        "find_weaknesses": Text("弱点の発見", "find weaknesses"),
        "management_review": Text("マネジメントレビュー", "management review"),
        "improve": Text("継続的な改善", "improve"),
        "improvement_basis": Text("改善の基礎", "basis of improvement"),
        "obey_number_act": Text("番号法の遵守", "obey the Number Act"),
        "number_office": Text("特定個人情報の担当部署", "office for Individual Numbers"),
        "train_number": Text("特定個人情報の教育", "training on Individual Numbers"),
        "supervise_entrustees": Text("委託先の監督", "supervise entrustees"),
    },
}

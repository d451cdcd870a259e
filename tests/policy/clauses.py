"""The published sentences C01–C78: where each stands in the example, and what it must say there.

``place``: the dotted path of the part that carries the clause. ``en``/``ja``: what its text holds
(pieces between ``.*``, in any order).
``holds``: values the part itself must have, so that a text alone is not enough.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Clause:
    place: str
    en: str = ""
    ja: str = ""
    holds: dict[str, Any] = field(default_factory=dict)


def promise(section: str, paragraph: int, number: int, code: str, en: str, ja: str) -> Clause:
    return Clause(f"statements.{section}.paragraphs.{paragraph}.promises.{number}", en, ja, {"promise": code})


def preamble(paragraph: int, code: str, en: str, ja: str) -> Clause:
    return Clause(f"statements.preamble.{paragraph}.promises.0", en, ja, {"promise": code})


def row(number: int, subject: str, purposes: list[str], en: str, ja: str) -> Clause:
    return Clause(f"purpose_table.rows.{number}", en, ja, {"subject": subject, "purposes": purposes})


def offer(number: int, kinds: list[str], en: str, ja: str) -> Clause:
    return Clause(f"requests.offers.{number}", en, ja, {"kinds": kinds})


_RATE = "requests.fees.rates.0"
_THREE = ["drivers_licence", "health_insurance_card", "resident_record"]
_STAFF = ["employee-data"]

CLAUSES: dict[str, Clause] = {
    "C01": Clause("group", "Group", "当社グループ", {"parent": "copro-holdings"}),
    "C02": Clause("group.covers", "customers.*human resources.*employees", "人材サービス.*お客様.*従業員"),
    "C03": preamble(0, "care", "social responsibility.*stored, and destroyed", "保管し、廃棄することを社会的責務"),
    "C04": preamble(1, "follow_policy", "in accordance with the following policies", "以下の方針に従って"),
    "C05": promise("sections.0", 0, 0, "lawful_and_fair", "legal and fair means", "適法かつ公正"),
    "C06": promise("sections.0", 1, 0, "within_purpose", "extent required", "必要な範囲内"),
    "C07": promise("sections.0", 2, 0, "consent_before_provision", "third party.*prior consent", "第三者.*あらかじめ.*同意"),
    "C08": promise("sections.0", 3, 0, "no_other_use", "shall not use.*other than intended", "利用目的以外の目的で利用しません"),
    "C09": promise("sections.0", 4, 0, "consent_for_new_purpose", "promptly notified.*consent", "速やかに.*通知し.*同意"),
    "C10": promise("sections.1", 0, 0, "follow_law_changes", "keep abreast with Laws", "法令等の把握に努め"),
    "C11": promise("sections.1", 0, 1, "inform_employees", "inform our employees", "従業員.*に周知"),
    "C12": promise("sections.1", 0, 2, "obey_law", "comply with them", "遵守します"),
    "C13": promise("sections.2", 0, 0, "security_system", "unauthorized access.*prompt corrective", "不正アクセス.*速やかに是正措置"),
    "C14": promise("sections.2", 0, 1, "prevent_leaks", "personal data and specified personal", "個人データ及び特定個人情報等の漏えい"),
    "C15": promise("sections.2", 0, 2, "dispose_promptly", "promptly dispose of or delete", "速やかに廃棄又は削除"),
    "C16": promise("sections.2", 1, 0, "inspect", "inspections in a timely manner", "適時に点検"),
    "C17": promise("sections.2", 1, 1, "remedy", "weaknesses.*without delay", "弱点.*遅滞なく"),
    "C18": promise("sections.2", 2, 0, "train_employees", "educate Employees", "従業員に対し.*教育"),
    "C19": promise("sections.2", 2, 1, "train_number_handlers", "those who handle specified personal", "特定個人情報等を取り扱う者"),
    "C20": promise("sections.3", 0, 0, "inquiry_desk", "inquiry desk", "問合せ窓口を設け"),
    "C21": promise("sections.3", 0, 1, "prompt_response", "prompt responses", "迅速に対応"),
    "C22": promise("sections.3", 0, 2, "good_faith", "good faith", "誠実に対応"),
    "C23": promise("sections.4", 0, 0, "monitor", "monitors", "監視"),
    "C24": promise("sections.4", 0, 1, "audit", "audits", "監査"),
    "C25": promise("sections.4", 0, 2, "find_weaknesses", "discover violations, incidents, accidents, and weaknesses", "違反、事件、事故及び弱点の発見"),
    "C26": promise("sections.4", 0, 3, "management_review", "reviews by management", "経営者による見直し"),
    "C27": promise("sections.4", 0, 4, "improve", "continuously improve", "継続的改善"),
    "C28": promise("sections.4", 1, 0, "improvement_basis", "JIS Q 15001", "JIS Q 15001"),
    "C29": promise("sections.5", 0, 0, "obey_number_act", "Numbers to Identify a Specific Individual", "特定の個人を識別するための番号"),
    "C30": promise("sections.5", 1, 0, "number_office", "appointing an office in charge", "責任部署を定め"),
    "C31": promise("sections.5", 1, 1, "train_number", "regularly provide training", "教育を定期的に実施"),
    "C32": Clause("dates.established", holds={"on": "2006-10-02"}),
    "C33": Clause("dates.revised.0", holds={"on": "2021-01-01"}),
    "C34": Clause("organisations.0", "COPRO-HOLDINGS", "コプロ・ホールディングス", {"code": "copro-holdings"}),
    "C35": Clause("organisations.0.representative", "Kosuke Kiyokawa.*CEO", "清川 甲介.*代表取締役社長"),
    "C36": Clause(
        "handling",
        "JISQ15001:2017.*A.3.4.2.4 and A.3.4.4.3",
        "JIS Q 15001:2017.*A.3.4.2.4.*A.3.4.4.3",
        {"cites": [{"standard": "jisq15001", "edition": 2017, "controls": ["A.3.4.2.4", "A.3.4.4.3"]}]},
    ),
    "C37": row(0, "inquirers", ["answering-inquiries"], "inquiry.*Responding to inquiries", "お問い合わせへの対応"),
    "C38": row(
        1,
        "business-partners",
        ["partner-contact", "contract-fulfilment", "contract-demand", "partner-other"],
        "Communication.*fulfillment.*demand for performance.*other such matters",
        "連絡、契約の履行、契約に基づく履行の請求その他",
    ),
    "C39": row(2, "applicants", ["hiring-screening", "hiring-contact"], "prospective employees.*screening and communications", "採用候補者及び応募者.*採用選考及び連絡"),
    "C40": row(3, "form-applicants", ["hiring-screening", "hiring-contact"], "recruitment forms.*screening and communications", "採用フォーム.*採用選考及び連絡"),
    "C41": row(4, "site-registrants", ["deployment-matching"], "recruitment website.*Service Deployment Matching", "求人サイト.*配属先とのマッチング"),
    "C42": row(5, "employees", ["employment-management"], "Employee information.*personnel and general affairs", "従業員.*人事及び総務を含む雇用管理"),
    "C43": row(6, "temporary-staff", ["employment-management"], "temporary staff.*personnel and general affairs", "派遣スタッフ.*人事及び総務を含む雇用管理"),
    "C44": Clause("collection_points.5", "own recruiting website specialized for site supervisors", "施工管理技術者に特化した.*求人サイト", {"code": "gen-kyari"}),
    "C45": Clause("joint_use.0", "uses your personal information for the following purposes", "以下の目的で利用"),
    "C46": Clause("joint_use.0.items", "Types of Data Collected", "情報の項目"),
    "C47": Clause(
        "joint_use.0.items.groups.0",
        "Employee Personal Data.*date of birth.*incomes and work participation of family members",
        "従業員.*生年月日.*家族の収入及び就労状況",
        {
            "items": [
                "name", "affiliation", "address", "telephone", "email", "birth-date", "welfare-data",
                "family-income", "family-work",
            ]
        },
    ),
    "C48": Clause(
        "joint_use.0.items.groups.1",
        "Customer Data.*address, phone number, and email",
        "お客様.*住所・電話番号・電子メールアドレス",
        {"items": ["name", "affiliation", "address", "telephone", "email"]},
    ),
    "C49": Clause("joint_use.0.users", "Access to Shared Data.*and its subsidiaries", "共有する.*及びその子会社"),
    "C50": Clause("joint_use.0.purposes", "Listed.*Purpose of use", "利用目的の公表.*記載のとおり"),
    "C51": Clause("joint_use.0.responsible", "Responsible.*and its subsidiaries", "責任を有する者.*及びその子会社"),
    "C52": Clause("requests", "person in question or their agent.*subject to disclosure", "ご本人又はその代理人"),
    "C53.1": offer(0, ["disclosure"], "request for disclosure", "開示の請求"),
    "C53.2": offer(1, ["purpose_notice"], "notification of the purpose of use", "利用目的の通知"),
    "C53.3": offer(2, ["correction"], "correction", "訂正"),
    "C53.4": offer(3, ["addition"], "addition", "追加"),
    "C53.5": offer(4, ["deletion"], "deletion", "削除"),
    "C53.6": offer(5, ["suspend_use", "stop_provision"], "suspension of use or suspension of provision", "利用の停止又は第三者への提供の停止"),
    "C53.7": Clause("requests.offers.6", "and other requests", "その他の請求", {"open_ended": True}),
    "C54": Clause("requests.called", "collectively.*Our procedures", "総称して.*手続は"),
    "C55": Clause("requests.addressee.channels.0", "sent to us by post", "郵送", {"by": "post"}),
    "C56": Clause("requests.addressee.enclosures", "Form should be accompanied by any required documents", "必要書類を添付"),
    "C57": Clause("requests.addressee.delivery", "record of delivery is recommended", "配達の記録", {"methods": ["registered", "simple_registered"]}),
    "C58": Clause("requests.addressee.envelope", "write in red", "朱書き", {"colour": "red"}),
    "C59": Clause("requests.submission.form", "fill out the Personal Information Disclosure Request Form and send", "ご記入の上、郵送"),
    "C60": Clause("requests.submission.identity", "license; health insurance card; or a certified copy of resident", "運転免許証、健康保険証又は住民票", {"accepted": _THREE}),
    "C61": Clause("requests.submission.identity.black_out_note", "black out.*permanent domicile and their Individual Number", "本籍地及び個人番号.*黒く"),
    "C62": Clause("requests.agents", "delegated to an agent.*following documents", "代理人に委任.*次の書類"),
    "C63": Clause("requests.agents.identity", "license; health insurance card; or a certified copy of resident", "運転免許証、健康保険証又は住民票", {"accepted": _THREE}),
    "C64": Clause("requests.agents.identity.black_out_note", "agent’s permanent domicile and their Individual Number", "代理人の本籍地及び個人番号"),
    "C65": Clause("requests.agents.rules.0.papers.0", "power of attorney with a personal seal", "実印を押印した委任状", {"document": "power_of_attorney", "registered_seal": True}),
    "C66": Clause("requests.agents.rules.0.papers.1", "registration certificate for the personal seal", "印鑑登録証明書", {"document": "seal_certificate"}),
    "C67": Clause("requests.agents.rules.1.papers.0", "legal representative.*alternative document.*relationship", "法定代理人.*関係を示す書類", {"document": "relation_proof"}),
    "C68": Clause(_RATE, "500 yen \\(including tax\\).*per request", "500円（税込）", {"kinds": ["disclosure", "purpose_notice"], "amount": 500}),
    "C69": Clause(f"{_RATE}.payment", "postal money order equivalent to 500 yen", "500円分の定額小為替", {"instrument": "postal_money_order"}),
    "C70": Clause(f"{_RATE}.costs", "customer shall bear the cost of the money order and the postage", "お客様のご負担", {"borne_by_requester": True}),
    "C71": Clause(f"{_RATE}.shortage", "insufficient or the fee is not enclosed.*shall not be made", "不足.*同封されていなかった.*行いません", {"action": "refuse"}),
    "C72": Clause("requests.replies.methods.0", "reply in writing to the address.*stated in the Request Form", "請求書に記載された.*住所.*書面により回答", {"by": "written"}),
    "C73": Clause("accredited_body", "reportable to the authorized.*Complaints.*can also", "対象事業者.*苦情.*申し出る"),
    "C74": Clause("accredited_body.entry", "JIPDEC.*Grievance Counseling Office.*1-9-9 Roppongi", "日本情報経済社会推進協会.*個人情報保護苦情相談室.*六本木", {"telephones": ["+81-3-5860-7565"]}),
    "C75": Clause("accredited_body.note", "does not address inquiries about our products or services", "商品・サービスに関するお問い合わせ先ではありません"),
    "C76": Clause("desks.0", "questions, complaints, or inquiries, please contact us", "ご質問、苦情、お問い合わせ", {"organisation": "copro-holdings"}),
    "C77": Clause(
        "desks.0.lines",
        holds={
            "telephone": {"number": "+81-52-589-3066", "hours": {"days": "weekdays", "opens": "9:00", "closes": "18:00"}},
            "fax": {"number": "+81-52-589-3067", "hours": {"days": "every_day"}},
        },
    ),
    "C78": Clause("officers.0", "General Manager of the Personal Information Management Division \\(Director of Administrative Division\\)", "個人情報管理部門長（管理本部長）", {"role": "protection_manager"}),
}  # fmt: skip

"""A small policy that no rule finds anything in, to be broken one piece at a time."""

from copy import deepcopy
from datetime import date
from typing import Any

import yaml

from daicho.policy.check import PolicyFinding, check
from daicho.policy.language import PolicyFile, read_policy

TODAY = date(2026, 11, 23)
BEFORE = date(2021, 6, 1)


def t(ja: str, en: str = "") -> dict[str, str]:
    return {"ja": ja, "en": en or ja}


SAYS = {"says": t("公表文", "published")}


def paragraph(*promises: str) -> dict[str, Any]:
    return {**SAYS, "promises": [{"promise": promise} for promise in promises]}


def identity() -> dict[str, Any]:
    return {
        **SAYS,
        "label": t("本人確認書類", "papers"),
        "accepted": [{"document": "drivers_licence", "black_out": ["permanent_domicile"]}],
    }


def paper(document: str) -> dict[str, Any]:
    return {**SAYS, "document": document}


SMALL: dict[str, Any] = {
    "format": "daicho-policy/1",
    "title": t("プライバシーポリシー", "Privacy Policy"),
    "group": {"parent": "parent", "called": t("当社", "we"), "covers": {**SAYS, "subjects": ["employees"]}},
    "organisations": [
        {
            "code": "parent",
            "name": t("株式会社見本", "Mihon Co., Ltd."),
            "address": {"postal_code": "100-0001", "text": t("東京都千代田区〇番", "0 Chiyoda, Tokyo")},
            "representative": {"name": t("見本 太郎", "Taro Mihon"), "title": t("代表取締役", "Director")},
        }
    ],
    "dates": {"established": {"on": "2020-04-01"}, "revised": [{"on": "2025-12-10"}]},
    "statements": {
        "heading": t("個人情報保護方針", "Principle"),
        "preamble": [paragraph("care")],
        "sections_heading": t("方針", "Policy"),
        "sections": [
            {
                "code": "all",
                "heading": t("全て", "All"),
                "paragraphs": [
                    paragraph("lawful_and_fair", "within_purpose", "no_other_use", "obey_law"),
                    paragraph("security_system", "inspect", "inquiry_desk", "improve"),
                ],
            }
        ],
    },
    "handling": {**SAYS, "heading": t("取扱い", "Handling"), "cites": [{"standard": "jisq15001", "edition": 2023}]},
    "subjects": [{"code": "employees", "kind": "employee", "name": t("従業員", "employees"), "items": ["name"]}],
    "not_held": [
        {"kind": kind, "confirmed_on": "2026-01-10", "reason": t("扱わない", "not handled")}
        for kind in ("inquirer", "partner", "applicant", "former_employee", "visitor", "shareholder")
    ],
    "items": [{"code": "name", "name": t("氏名", "name")}],
    "purposes": [{"code": "management", "says": t("雇用管理", "management")}],
    "purpose_table": {
        "heading": t("利用目的", "Purposes"),
        "subject_heading": t("種類", "Type"),
        "purpose_heading": t("目的", "Purpose"),
        "rows": [
            {
                **SAYS,
                "code": "employees",
                "subject": "employees",
                "label": t("従業員", "employees"),
                "purposes": ["management"],
                "collected_at": ["papers"],
            }
        ],
    },
    "collection_points": [
        {"code": "papers", "name": t("書類", "papers"), "channel": "paper", "subjects": ["employees"]}
    ],
    "safety": {
        "heading": t("安全管理措置", "Measures"),
        "measures": [
            {**SAYS, "code": kind.replace("_", "-"), "kind": kind, "label": t("措置", "measure")}
            for kind in ("basic_policy", "rules", "organisational", "human", "physical", "technical")
        ],
    },
    "requests": {
        **SAYS,
        "heading": t("手続", "Procedure"),
        "offers": [
            {**SAYS, "kinds": ["disclosure", "purpose_notice", "record_disclosure"]},
            {**SAYS, "kinds": ["correction", "addition", "deletion"]},
            {
                **SAYS,
                "kinds": ["suspend_use", "erase", "stop_provision"],
                "bases": ["violation", "no_longer_needed", "incident", "likely_harm"],
            },
        ],
        "called": SAYS,
        "addressee": {"heading": t("申出先", "Where"), "desk": "desk", "channels": [{**SAYS, "by": "post"}]},
        "submission": {
            "heading": t("書類", "Papers"),
            "form": {**SAYS, "code": "form", "name": t("請求書", "form")},
            "identity": identity(),
        },
        "agents": {
            **SAYS,
            "heading": t("代理人", "Agents"),
            "identity": identity(),
            "rules": [
                {"agents": ["mandated_agent"], "papers": [paper("power_of_attorney")]},
                {"agents": ["minor_agent", "guardian"], "papers": [paper("relation_proof")]},
            ],
        },
        "fees": {
            "heading": t("手数料", "Fees"),
            "rates": [
                {
                    **SAYS,
                    "code": "fee",
                    "kinds": ["disclosure"],
                    "amount": 500,
                    "per": "form",
                    "on_refusal": "return",
                    "payment": {**SAYS, "instrument": "postal_money_order"},
                    "shortage": {**SAYS, "action": "cure", "cure_days": 10},
                }
            ],
        },
        "replies": {
            "heading": t("回答", "Answers"),
            "methods": [{**SAYS, "by": "written"}, {**SAYS, "by": "electronic"}],
        },
        "id_copies": {**SAYS, "destroyed_after_days": 30},
    },
    "desks": [
        {
            **SAYS,
            "code": "desk",
            "name": t("窓口", "desk"),
            "organisation": "parent",
            "handles": ["requests", "complaints"],
            "lines": {"telephone": {"number": "03-0000-0000"}},
        }
    ],
    "officers": [
        {
            "role": "protection_manager",
            "heading": t("個人情報保護管理者", "manager"),
            "organisation": "parent",
            "department": t("管理部", "administration"),
            "title": t("部長", "general manager"),
            "desk": "desk",
        }
    ],
}


def small() -> dict[str, Any]:
    """A copy to change."""
    return deepcopy(SMALL)


def policy_of(plain: dict[str, Any]) -> PolicyFile:
    raw = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False).encode()
    return read_policy(raw, path="small.yaml")


def findings_of(plain: dict[str, Any], on: date = TODAY) -> list[PolicyFinding]:
    return check(policy_of(plain), on=on)


def rules_found(plain: dict[str, Any], on: date = TODAY) -> set[str]:
    return {finding.rule for finding in findings_of(plain, on)}

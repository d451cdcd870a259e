"""Variants of the example's policy, made by changing its text."""

from functools import cache

from daicho.policy.language import Policy, read_policy
from tests.rights.desk import POLICY


@cache
def policy(*changes: tuple[str, str]) -> Policy:
    """The example's policy with each old text replaced by its new one; an old text that is not there is a mistake."""
    text = POLICY.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_policy(text.encode(), path="policy.yaml").policy


PER_KIND = ("        tax_included: yes\n", "        tax_included: yes\n        per: kind\n")
FRESH_SEAL = (
    "          - document: seal_certificate\n",
    "          - document: seal_certificate\n            issued_within_days: 90\n",
)
TWO_PAPERS = ("      needed: 1\n", "      needed: 2\n")
CHARGED_TOO_MUCH = (
    "        kinds: [disclosure, purpose_notice]\n",
    "        kinds: [disclosure, purpose_notice, erase, correction]\n",
)
TARGET = ("  replies:\n", "  replies:\n    target_days: 10\n")
CURE = ("          action: refuse\n", "          action: cure\n          cure_days: 20\n")

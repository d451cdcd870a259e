"""Rows kept for a term: who may end them once it is over, and who must have agreed."""

import pytest

from daicho.register.queries import get_map
from daicho.rights.rules import ClaimState
from daicho.words.errors import NotAllowedError
from tests.rights import desk as one
from tests.runs.register import replaced, rewrite
from tests.runs.steps import approved, carry

GROUND = "ground: {code: tax, text: {ja: 法令により保存, en: kept as the law asks}}"
KEEP = f"{{end: keep, until: 7 years from issued_on, {GROUND}}}"


@pytest.mark.parametrize("kind", ["stop_provision", "suspend_use"])
def test_a_stop_never_deletes_a_kept_row_whose_term_is_over(desk, kind):
    usual = "      erase:\n        end: keep\n"
    rewrite(desk, {"map": replaced(one.MAP, usual, f"      {kind}: {KEEP}\n{usual}")}, confirm="shop")
    before = desk.rows("SELECT * FROM invoices ORDER BY id")
    claim = {"claim": {"basis": "no_longer_needed"}} if kind == "suspend_use" else {}
    (done,) = carry(desk, approved(desk, kind, **claim))
    assert done.state is ClaimState.READING_BACK
    assert {(line["fate"], line["found"]) for line in done.outcome if line["table"] == "invoices"} == {("kept", 2)}
    assert desk.rows("SELECT * FROM invoices ORDER BY id") == before


def test_an_erasure_still_deletes_what_was_kept_long_enough(desk):
    (done,) = carry(desk, approved(desk))
    assert done.state is ClaimState.READING_BACK
    assert desk.rows("SELECT id FROM invoices") == [(21,)]


@pytest.mark.parametrize(("until", "in_force"), [("取引の終わりから7年", True), ("7 years from issued_on", False)])
def test_a_map_that_only_keeps_needs_a_second_account_when_its_terms_can_end(desk, until, in_force):
    """Keeping for a term deletes once the term is over."""
    keep = f"{{end: keep, until: {until}, {GROUND}}}"
    text = one.MAP.replace("      erase: {end: delete}\n", f"      erase: {{end: keep, until: 定めによる, {GROUND}}}\n")
    text = text.replace("      stop_provision: {end: replace, columns: {share_ok: no}}\n", "")
    start = text.index("      erase:\n        end: keep\n")
    end = text.index("  entrusted:", start)
    rewrite(desk, {"map": f"{text[:start]}      erase: {keep}\n{text[end:]}"})
    assert get_map("shop", scope=desk.officer).in_force is in_force
    if not in_force:
        with pytest.raises(NotAllowedError, match="shop"):
            approved(desk)
        assert desk.rows("SELECT count(*) FROM invoices") == [(2,)]

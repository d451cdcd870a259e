"""理由  On what a request may be asked, and on what grounds it may be refused: closed codes.

A ground stored with a decision is one of these codes; its words go into the letter, its
number (of the law of the day) beside them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.law.citations import Citation, DatedNumber, citation_on, renumbered
from daicho.law.editions import APPI_2017, APPI_2022, Family, Provenance
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """請求の理由  On what a kind may be asked (``violation``, ``no_longer_needed``…)."""

    code: str
    words: Text
    numbers: tuple[DatedNumber, ...]

    def find_citation(self, *, on: date) -> Citation | None:
        """Where the basis stands on ``on``; None when the law of that day does not know it."""
        return citation_on(self.numbers, on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalGround:
    """不開示等の理由  A closed reason for not doing, or not wholly doing, what was asked.

    ``partly``: it takes out parts (cells, rows), so the rest is still done.
    ``substitute``: it obliges a substitute measure for the person instead.
    ``says_not_held``: the answer uses exactly the words of *not held* (desk practice 8).
    """

    code: str
    words: Text
    numbers: tuple[DatedNumber, ...]
    partly: bool = False
    substitute: bool = False
    says_not_held: bool = False

    def find_citation(self, *, on: date) -> Citation | None:
        """Where the ground stands on ``on``; None when the law of that day does not know it."""
        return citation_on(self.numbers, on=on)


# ── grounds shared by several kinds ──────────────────────────────────────────────────────

HARMS_RIGHTS: Final = RefusalGround(
    code="harms_rights",
    words=Text(
        "本人又は第三者の生命、身体、財産その他の権利利益を害するおそれがあるため",
        "it may harm the life, body, property or other rights or interests of the person or a third party",
    ),
    numbers=renumbered("28(2)(i)", "33(2)(i)"),
    partly=True,
)
IMPEDES_BUSINESS: Final = RefusalGround(
    code="impedes_business",
    words=Text(
        "当社の業務の適正な実施に著しい支障を及ぼすおそれがあるため",
        "it may seriously impede the proper conduct of our business",
    ),
    numbers=renumbered("28(2)(ii)", "33(2)(ii)"),
    partly=True,
)
BREAKS_LAW: Final = RefusalGround(
    code="breaks_law",
    words=Text("他の法令に違反することとなるため", "it would break another law"),
    numbers=renumbered("28(2)(iii)", "33(2)(iii)"),
    partly=True,
)
OTHER_LAW_PROCEDURE: Final = RefusalGround(
    code="other_law_procedure",
    words=Text(
        "他の法令に特別の開示の手続が定められており、その手続によることとなるため",
        "another law provides its own disclosure procedure, which comes first",
    ),
    numbers=renumbered("28(4)", "33(4)"),
    partly=True,
)
EXCLUDED: Final = RefusalGround(
    code="excluded",
    words=Text(
        "ご請求に係る保有個人データは存在しません",
        "we hold no personal data subject to this request",
    ),
    numbers=(
        DatedNumber(number="4", in_force_on=APPI_2017, until_on=date(2022, 3, 31), family=Family.ORDER),
        DatedNumber(number="5", in_force_on=APPI_2022, family=Family.ORDER),
    ),
    partly=True,
    says_not_held=True,
)
ENTRUSTED: Final = RefusalGround(
    code="entrusted",
    words=Text(
        "他の事業者から取扱いの委託を受けた個人データであり、当社に開示等の権限がないため",
        "the data is entrusted to us by another operator and we have no authority over it",
    ),
    numbers=renumbered("2(7)", "16(4)"),
    partly=True,
)

DISCLOSURE_GROUNDS: Final = (HARMS_RIGHTS, IMPEDES_BUSINESS, BREAKS_LAW)

# ── purpose notice ───────────────────────────────────────────────────────────────────────

PURPOSE_EVIDENT: Final = RefusalGround(
    code="purpose_evident",
    words=Text(
        "公表している事項により、ご本人に係る保有個人データの利用目的が明らかであるため",
        "the purpose for this person's data is already clear from what is published",
    ),
    numbers=renumbered("27(2)(i)", "32(2)(i)"),
)
NOTICE_HARMS_RIGHTS: Final = RefusalGround(
    code="notice_harms_rights",
    words=Text(
        "利用目的を通知することにより本人又は第三者の生命、身体、財産その他の権利利益を害するおそれがあるため",
        "telling the purpose may harm the life, body, property or other rights of the person or a third party",
    ),
    numbers=renumbered("18(4)(i)", "21(4)(i)"),
)
NOTICE_HARMS_US: Final = RefusalGround(
    code="notice_harms_operator",
    words=Text(
        "利用目的を通知することにより当社の権利又は正当な利益を害するおそれがあるため",
        "telling the purpose may harm our rights or legitimate interests",
    ),
    numbers=renumbered("18(4)(ii)", "21(4)(ii)"),
)
NOTICE_IMPEDES_STATE: Final = RefusalGround(
    code="notice_impedes_state",
    words=Text(
        "国の機関又は地方公共団体の法令の定める事務への協力に支障を及ぼすおそれがあるため",
        "telling the purpose may impede our co-operation with the affairs of the state or a local government",
    ),
    numbers=renumbered("18(4)(iii)", "21(4)(iii)"),
)

# ── records of provision ─────────────────────────────────────────────────────────────────

RECORD_EXCLUDED: Final = RefusalGround(
    code="record_excluded",
    words=Text(
        "ご請求に係る第三者提供記録は存在しません",
        "there is no record of provision subject to this request",
    ),
    numbers=(DatedNumber(number="11", in_force_on=APPI_2022, family=Family.ORDER, provenance=Provenance.READ),),
    partly=True,
    says_not_held=True,
)

# ── correction, addition, deletion ───────────────────────────────────────────────────────

FACTS_CORRECT: Final = RefusalGround(
    code="facts_correct",
    words=Text("調査の結果、内容が事実と相違しないため", "our investigation found the content to be factual"),
    numbers=renumbered("29(2)", "34(2)"),
    partly=True,
)
NOT_A_FACT: Final = RefusalGround(
    code="not_a_fact",
    words=Text(
        "評価に関する内容であり、事実に関する内容の訂正等の対象とならないため",
        "it is an evaluation, not a fact that can be corrected",
    ),
    numbers=renumbered("29(1)", "34(1)"),
    partly=True,
)
OTHER_LAW_CORRECTION: Final = RefusalGround(
    code="other_law_correction",
    words=Text(
        "訂正等に関して他の法令に特別の手続が定められているため",
        "another law provides its own procedure for this correction",
    ),
    numbers=renumbered("29(2)", "34(2)"),
    partly=True,
)
BEYOND_PURPOSE: Final = RefusalGround(
    code="beyond_purpose",
    words=Text(
        "利用目的の達成に必要な範囲を超える訂正等であるため",
        "the change goes beyond what the purpose of use needs",
    ),
    numbers=renumbered("29(2)", "34(2)"),
    partly=True,
)
TRUE_WHEN_MADE: Final = RefusalGround(
    code="true_when_made",
    words=Text(
        "作成時の事実を記録したものであるため、書き換えず、訂正の申出があった旨を注記しました",
        "the record was true when it was made; it is annotated, not rewritten",
    ),
    numbers=renumbered("29(2)", "34(2)", provenance=Provenance.INFERRED),
    partly=True,
    substitute=True,
)

# ── suspension, erasure, stop of provision ───────────────────────────────────────────────

NO_VIOLATION: Final = RefusalGround(
    code="no_violation",
    words=Text(
        "調査の結果、法に違反する取得、取扱い又は提供の事実が認められないため",
        "our investigation found no acquisition, handling or provision contrary to the law",
    ),
    numbers=renumbered("30(2)", "35(2)"),
)
NO_VIOLATION_PROVISION: Final = RefusalGround(
    code="no_violation",
    words=NO_VIOLATION.words,
    numbers=renumbered("30(4)", "35(4)"),
)
NO_REASON: Final = RefusalGround(
    code="no_reason",
    words=Text(
        "利用する必要がなくなった場合、漏えい等が生じた場合、権利又は正当な利益が害されるおそれがある場合の"
        "いずれにも該当しないため",
        "none of the cases of Art. 35(5) is met: no longer needed, a reportable incident, or likely harm to "
        "rights or legitimate interests",
    ),
    numbers=renumbered(None, "35(6)"),
)
BEYOND_PREVENTION: Final = RefusalGround(
    code="beyond_prevention",
    words=Text(
        "権利利益の侵害を防止するために必要な限度を超えるため",
        "it goes beyond what is needed to prevent harm to the person's rights or interests",
    ),
    numbers=renumbered(None, "35(6)"),
    partly=True,
)
SUBSTITUTE: Final = RefusalGround(
    code="substitute_measure",
    words=Text(
        "多額の費用を要するなど実施が困難であり、権利利益を保護するため必要なこれに代わるべき措置をとるため",
        "it is too costly or otherwise difficult; a substitute measure protecting the person's rights is taken",
    ),
    numbers=renumbered("30(2)", "35(2)"),
    partly=True,
    substitute=True,
)
SUBSTITUTE_PROVISION: Final = RefusalGround(
    code="substitute_measure",
    words=SUBSTITUTE.words,
    numbers=renumbered("30(4)", "35(4)"),
    partly=True,
    substitute=True,
)
KEPT_BY_LAW: Final = RefusalGround(
    # Not a ground of Art. 35 itself: another law's duty to keep or use (wage ledger, dispatch
    # ledger, social insurance). The letter names that law, which the map's `keep until` gives.
    code="kept_by_law",
    words=Text(
        "法令により保存又は利用が義務付けられているため",
        "another law obliges us to keep or use it",
    ),
    numbers=renumbered("30(2)", "35(2)", provenance=Provenance.INFERRED),
    partly=True,
)

# ── bases ────────────────────────────────────────────────────────────────────────────────

BASIS_USE: Final = Basis(
    code="violation",
    words=Text(
        "利用目的の制限若しくは不適正な利用の禁止に違反して取り扱われ、又は不正に取得されたものである",
        "it is handled beyond its purpose or wrongfully, or was acquired wrongfully",
    ),
    numbers=renumbered("30(1)", "35(1)"),
)
BASIS_PROVISION: Final = Basis(
    code="violation",
    words=Text(
        "同意などの定めに違反して第三者に提供されている",
        "it is provided to a third party contrary to the law",
    ),
    numbers=renumbered("30(3)", "35(3)"),
)
BASES_2022: Final = (
    Basis(
        code="no_longer_needed",
        words=Text("利用する必要がなくなった", "it is no longer needed"),
        numbers=renumbered(None, "35(5)"),
    ),
    Basis(
        code="incident",
        words=Text("報告対象となる漏えい等の事態が生じた", "a reportable incident concerning it has occurred"),
        numbers=renumbered(None, "35(5)"),
    ),
    Basis(
        code="likely_harm",
        words=Text(
            "本人の権利又は正当な利益が害されるおそれがある",
            "the person's rights or legitimate interests may be harmed",
        ),
        numbers=renumbered(None, "35(5)"),
    ),
)
BASIS_UNTRUE: Final = Basis(
    code="not_factual",
    words=Text("内容が事実でない", "the content is not factual"),
    numbers=renumbered("29(1)", "34(1)"),
)

CORRECTION_REFUSALS: Final = (
    FACTS_CORRECT,
    NOT_A_FACT,
    OTHER_LAW_CORRECTION,
    BEYOND_PURPOSE,
    TRUE_WHEN_MADE,
    ENTRUSTED,
    EXCLUDED,
)
MARK_REFUSALS: Final = (*DISCLOSURE_GROUNDS, KEPT_BY_LAW, ENTRUSTED, EXCLUDED)

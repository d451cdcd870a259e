"""What a change of the policy obliges to: a closed table, each duty with its article and its moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from daicho.law.citations import Citation, DatedNumber
from daicho.law.editions import APPI_2017, APPI_2022, Family, Provenance
from daicho.law.publication import law, order
from daicho.words.text import Text


class Moment(StrEnum):
    """When a duty falls due."""

    BEFORE = "before"  # before the change takes effect
    PROMPTLY = "promptly"  # promptly when it takes effect
    AFTER = "after"  # without delay after it
    DECIDE = "decide"  # a human decides first what it is


MOMENT_WORDS: Final = {
    Moment.BEFORE: Text("あらかじめ", "beforehand"),
    Moment.PROMPTLY: Text("速やかに", "promptly"),
    Moment.AFTER: Text("変更後遅滞なく", "without delay afterwards"),
    Moment.DECIDE: Text("まず判断", "decide first"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One row of the table."""

    code: str
    moment: Moment
    words: Text
    numbers: tuple[DatedNumber, ...]

    def citations(self, *, on: date) -> tuple[Citation, ...]:
        """The rows in force on ``on``."""
        return tuple(found for row in self.numbers if (found := row.find_citation(on=on)) is not None)


def _inferred(number: str, old: str) -> tuple[DatedNumber, ...]:
    return (
        DatedNumber(number=old, in_force_on=APPI_2017, until_on=date(2022, 3, 31), provenance=Provenance.INFERRED),
        DatedNumber(number=number, in_force_on=APPI_2022, provenance=Provenance.INFERRED),
    )


def _table(*duties: Duty) -> dict[str, Duty]:
    return {duty.code: duty for duty in duties}


DUTIES: Final = _table(
    Duty(
        code="publish_purpose",
        moment=Moment.BEFORE,
        words=Text(
            "取得する前に利用目的を公表する（直接書面で取得するときは明示する）",
            "publish the purpose before collecting (state it on the form where it is collected in writing)",
        ),
        numbers=(*law("21(1)", old="18(1)"), *law("21(2)", old="18(2)")),
    ),
    Duty(
        code="notify_changed_purpose",
        moment=Moment.PROMPTLY,
        words=Text(
            "関連性のある変更として、変更後の利用目的を本人に通知し、又は公表する",
            "as a related change: notify the persons of the changed purpose, or publish it",
        ),
        numbers=(*law("17(2)", old="15(2)"), *law("21(3)", old="18(3)")),
    ),
    Duty(
        code="consent_to_new_purpose",
        moment=Moment.BEFORE,
        words=Text(
            "関連性のない変更として、すでに保有する情報を使う前に本人の同意を得る",
            "as an unrelated change: obtain the persons’ consent before using data already held",
        ),
        numbers=law("18(1)", old="16(1)"),
    ),
    Duty(
        code="decide_relation",
        moment=Moment.DECIDE,
        words=Text(
            "変更前の利用目的と関連性があるか判断し、changed_from に書く（それまでは関連性のない変更として扱う）",
            "decide whether it is reasonably related to the old purposes and write changed_from (until then: unrelated)",
        ),
        numbers=law("17(2)", old="15(2)"),
    ),
    Duty(
        code="decide_wording",
        moment=Moment.DECIDE,
        words=Text(
            "言い換えだけか、利用目的の変更か判断する。変更なら新しいコードにする",
            "decide whether only the wording changed or the purpose itself; if the purpose, give it a new code",
        ),
        numbers=law("17(2)", old="15(2)"),
    ),
    Duty(
        code="number_purpose",
        moment=Moment.BEFORE,
        words=Text(
            "個人番号の利用目的は同意があっても広げられない。関連性のある範囲で変更し、本人に通知し又は公表する",
            "purposes of Individual Numbers cannot be widened by consent: change them only where related, and notify or publish",
        ),
        numbers=(DatedNumber(number="9", in_force_on=date(2016, 1, 1), family=Family.MNA),),
    ),
    Duty(
        code="erase_unneeded",
        moment=Moment.AFTER,
        words=Text(
            "利用する必要がなくなった個人データを消去する",
            "erase personal data that is no longer needed",
        ),
        numbers=law("22", old="19"),
    ),
    Duty(
        code="apply_period",
        moment=Moment.AFTER,
        words=Text(
            "台帳の保管期間を合わせ、期間を過ぎた個人データを消去する",
            "set the periods of the register by it, and erase personal data past them",
        ),
        numbers=law("22", old="19"),
    ),
    Duty(
        code="republish",
        moment=Moment.PROMPTLY,
        words=Text("公表している事項を改める", "bring the published matters up to date"),
        numbers=law("32(1)", old="27(1)"),
    ),
    Duty(
        code="republish_safety",
        moment=Moment.PROMPTLY,
        words=Text("公表している安全管理措置を改める", "bring the published security measures up to date"),
        numbers=order("10"),
    ),
    Duty(
        code="consent_special_care",
        moment=Moment.BEFORE,
        words=Text(
            "要配慮個人情報の取得について、あらかじめ本人の同意を得る",
            "obtain prior consent to special-care information",
        ),
        numbers=law("20(2)", old="17(2)"),
    ),
    Duty(
        code="consent_to_provision",
        moment=Moment.BEFORE,
        words=Text(
            "この提供先・項目・目的について、あらかじめ本人の同意を得る",
            "obtain prior consent to this recipient, these items, these purposes",
        ),
        numbers=law("27(1)", old="23(1)"),
    ),
    Duty(
        code="file_opt_out",
        moment=Moment.BEFORE,
        words=Text(
            "オプトアウトの事項を本人に通知し又は容易に知り得る状態に置き、個人情報保護委員会に届け出る",
            "notify or make easily known the opt-out items, and file them with the PPC",
        ),
        numbers=law("27(2)", old="23(2)"),
    ),
    Duty(
        code="inform_abroad",
        moment=Moment.BEFORE,
        words=Text(
            "外国の第三者について、根拠に応じた措置（同意の前の情報提供、又は相当措置の確認）をとる",
            "for a party abroad: inform before consent, or check the equivalent measures, as the ground asks",
        ),
        numbers=law("28(1)", old="24"),
    ),
    Duty(
        code="supervise_entrustee",
        moment=Moment.BEFORE,
        words=Text("委託先を選定し、契約を結び、監督する", "select, contract with and supervise the entrustee"),
        numbers=law("25", old="22"),
    ),
    Duty(
        code="supervise_number_entrustee",
        moment=Moment.BEFORE,
        words=Text(
            "個人番号関係事務の委託先を監督し、再委託は最初の委託者の許諾によらせる",
            "supervise the entrustee of number affairs; re-entrustment needs the first entruster’s permission",
        ),
        numbers=(
            DatedNumber(number="10", in_force_on=date(2016, 1, 1), family=Family.MNA),
            DatedNumber(number="11", in_force_on=date(2016, 1, 1), family=Family.MNA),
        ),
    ),
    Duty(
        code="announce_joint_use",
        moment=Moment.BEFORE,
        words=Text(
            "共同利用の事項をあらかじめ本人に通知し、又は容易に知り得る状態に置く",
            "notify the persons of the matters of joint use, or make them easily known, beforehand",
        ),
        numbers=law("27(5)(iii)", old="23(5)(iii)"),
    ),
    Duty(
        code="widened_joint_use",
        moment=Moment.BEFORE,
        words=Text(
            "項目・利用者の範囲は通知だけでは広げられない。すでに保有する情報は本人の同意を得る",
            "items and users cannot be widened by notice alone: obtain consent for data already held",
        ),
        numbers=_inferred("27(1)", "23(1)"),
    ),
    Duty(
        code="announce_joint_change",
        moment=Moment.BEFORE,
        words=Text(
            "利用目的又は管理責任者の変更を、あらかじめ本人に通知し、又は容易に知り得る状態に置く",
            "notify the change of purpose or of the responsible party beforehand, or make it easily known",
        ),
        numbers=law("27(6)", old="23(6)"),
    ),
    Duty(
        code="tell_responsible_details",
        moment=Moment.AFTER,
        words=Text(
            "管理責任者の名称・住所・代表者の変更を本人に通知し、又は容易に知り得る状態に置く",
            "notify the change of the responsible party’s name, address or representative, or make it easily known",
        ),
        numbers=law("27(6)"),
    ),
    Duty(
        code="state_notice",
        moment=Moment.BEFORE,
        words=Text("取得の様式に利用目的などの通知を備える", "put the notice on the form before it collects"),
        numbers=law("21(2)", old="18(2)"),
    ),
    Duty(
        code="fee_from_arrival",
        moment=Moment.BEFORE,
        words=Text(
            "手数料はあらかじめ定めて公表し、施行日以後に届く請求から適用する",
            "fix and publish the fee in advance; it applies to requests that arrive from the effective day on",
        ),
        numbers=(*law("38(2)", old="33(2)"), *law("32(1)(iii)", old="27(1)(iii)")),
    ),
    Duty(
        code="no_burden",
        moment=Moment.DECIDE,
        words=Text(
            "求める書類が本人に過重な負担とならないか判断する",
            "decide that the papers asked for are not too great a burden",
        ),
        numbers=law("37(4)", old="32(4)"),
    ),
    Duty(
        code="still_owed",
        moment=Moment.DECIDE,
        words=Text(
            "公表から外しても、法の請求には応じなければならない。外す理由を確かめる",
            "the law’s request is still owed although the page no longer names it; check why it was left out",
        ),
        numbers=law("32(1)(iii)", old="27(1)(iii)"),
    ),
    Duty(
        code="date_revision",
        moment=Moment.BEFORE,
        words=Text("改定日を加える", "add the date of the revision"),
        numbers=law("32(1)", old="27(1)"),
    ),
    Duty(
        code="withdrawn_promise",
        moment=Moment.DECIDE,
        words=Text(
            "約束を取り下げてよいか判断する。すでに取得した情報には当時の約束が及ぶ",
            "decide whether the promise may be withdrawn; data already obtained came under it",
        ),
        numbers=law("32(1)", old="27(1)"),
    ),
)


def duties(codes: Iterable[str]) -> tuple[Duty, ...]:
    """The rows with these codes, each once."""
    return tuple(DUTIES[code] for code in dict.fromkeys(codes))

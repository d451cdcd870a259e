"""見本  A letter and a page of the ledger about a person nobody can mistake for a real one, to look at a style."""

from datetime import date, timedelta
from typing import Any, Final

from daicho.law.citations import citation_on, renumbered
from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.letters.data import DisclosedField, DisclosedRecord, Scalar
from daicho.letters.disclosures import DisclosureLetter
from daicho.letters.house import Addressee, Enclosure, FeeNote, FeeOutcome, House, ReplyMethod
from daicho.letters.ledger import LedgerBook, LedgerRow
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

_NAME: Final = Text("見本 花子", "Hanako Mihon (sample)")
_CODE: Final = "000-0000"
_ADDRESS: Final = Text(
    "見本県見本市中央区見本町一丁目1番1号\n見本マンション 101号室",
    "Sample Mansion 101\n1-1-1 Mihon-cho, Chuo-ku, Mihon",
)
_STORE: Final = Text("見本システム", "Sample system")
_BASIS: Final = renumbered("28(2)", "33(2)")


def sample_letter(house: House, *, language: Language, on: date) -> DisclosureLetter:
    """A disclosure: one page of letter and one of records."""
    basis = citation_on(_BASIS, on=on)
    return DisclosureLetter(
        house=house,
        to=Addressee(
            name=_personal(_NAME.say(language)),
            postal_code=_personal(_CODE),
            address=_personal(_ADDRESS.say(language)),
        ),
        language=language,
        letter_no=f"L-{on.year}-0000",
        dated_on=on,
        request_no=f"R-{on.year}-0000",
        arrived_on=on - timedelta(days=9),
        enclosures=(Enclosure(name=Text("別紙（開示する保有個人データ）", "Annex (personal data disclosed)")),),
        basis=basis.text if basis else KINDS[RequestKind.DISCLOSURE].name,
        records=[_record(language, on)],
        read_on=on - timedelta(days=2),
        searched=(_STORE,),
        fee=FeeNote(outcome=FeeOutcome.RECEIVED, amount_yen=500),
    )


def sample_ledger(house: House, *, language: Language, on: date) -> LedgerBook:
    """The ledger of the year with one line."""
    return LedgerBook(
        house=house,
        language=language,
        period_from=date(on.year, 1, 1),
        period_to=date(on.year, 12, 31),
        printed_on=on,
        rows=(
            LedgerRow(
                request_no=f"R-{on.year}-0000-1",
                arrived_on=on - timedelta(days=9),
                complete_on=on - timedelta(days=7),
                channel=Text("郵送", "post"),
                requester=_personal(_NAME.say(language)),
                requester_kind=Requester.PRINCIPAL,
                kind=RequestKind.DISCLOSURE,
                method=ReplyMethod.PAPER,
                identity=Text("運転免許証", "driving licence"),
                verified_on=on - timedelta(days=7),
                fee_yen=500,
                stores_searched=1,
                stores_found=1,
                decision=Text("応諾", "granted"),
                decided_on=on - timedelta(days=1),
                answered_on=on,
                answered_through=Text("書面", "on paper"),
                remark=Text("見本", "sample"),
            ),
        ),
    )


def _record(language: Language, on: date) -> DisclosedRecord:
    values: tuple[tuple[Text, Scalar], ...] = (
        (Text("氏名", "Name"), _NAME.say(language)),
        (Text("住所", "Address"), _ADDRESS.say(language)),
        (Text("電話番号", "Telephone"), "00-0000-0000"),
        (Text("登録日", "Registered"), on - timedelta(days=365)),
        (
            Text("備考", "Remark"),
            Text(
                "書式を確かめるための見本です。実在の方の記録ではありません。",
                "A sample to look at the house style. It is nobody's record.",
            ).say(language),
        ),
    )
    return DisclosedRecord(
        store=_STORE,
        holding=Text("見本台帳", "Sample register"),
        table=Text("基本情報", "Basic data"),
        fields=tuple(DisclosedField(item=item, value=_personal(value)) for item, value in values),
    )


def _personal(value: Scalar) -> Personal[Any]:
    return Personal(value, "sample")

"""Papers the desk prints around its work: search slips for departments, and the pack of an answer.

From plain facts to the papers of `daicho.letters`; reads no row and no clock.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from daicho.law.kinds import RequestKind
from daicho.letters.disclosures import PartialDisclosureLetter
from daicho.letters.forms import ActionSlip, SearchSlip
from daicho.letters.house import Enclosure, House
from daicho.letters.letter import Letter
from daicho.letters.packing import SIMPLE_REGISTERED, AddressLabel, CasePack, DispatchChecklist, EnclosureList
from daicho.policy.language import Policy, ReplyBy
from daicho.policy.language.procedure import Delivery
from daicho.register.reading import HoldingRef, StoreRef
from daicho.rights.case import Case, verified_address
from daicho.rights.intake import Person
from daicho.words.personal import Personal
from daicho.words.text import Language, Text

# ── 一式 ─────────────────────────────────────────────────────────────────────────────────────

_DELIVERY: Final[Mapping[Delivery, Text]] = {
    Delivery.REGISTERED: Text("書留", "Registered mail"),
    Delivery.SIMPLE_REGISTERED: SIMPLE_REGISTERED,
    Delivery.RECORDED: Text("特定記録", "Recorded mail"),
    Delivery.RECIPIENT_ONLY: Text("本人限定受取", "Delivery to the addressee only"),
}


def delivery_of(policy: Policy) -> Text:
    """How answers are posted: as the policy says, else by simple registered mail."""
    named = (one.delivery for one in policy.requests.replies.methods if one.by is ReplyBy.WRITTEN)
    found = next((one for one in named if one is not None), None)
    return _DELIVERY[found] if found is not None else SIMPLE_REGISTERED


def case_pack(case: Case, letter: Letter, *, pages: int) -> CasePack:
    """発送の一式: checklist (in Japanese, for the house), letter, label, enclosure list.

    Args:
        pages: of the printed letter, annex included, for the person who counts them.
    """
    delivery = delivery_of(case.policy)
    itself = Enclosure(name=Text(letter.title(), letter.title()))
    frame: dict[str, Any] = {"house": letter.house, "to": letter.to, "dated_on": letter.dated_on}
    numbers: dict[str, Any] = {"letter_no": letter.letter_no, "request_no": letter.request_no}
    return CasePack(
        checklist=DispatchChecklist(
            **frame,
            **numbers,
            language=Language.JA,
            letter_title=letter.title(),
            pages=pages,
            verified_address=verified_address(case),
            delivery=delivery,
            enclosures=letter.enclosures,
            support_measure=case.support_measure,
            has_blacked_out=isinstance(letter, PartialDisclosureLetter) and letter.prints_records,
        ),
        letter=letter,
        label=AddressLabel(**frame, language=letter.language, delivery=delivery),
        enclosure_list=EnclosureList(
            **frame, **numbers, language=letter.language, enclosures=(itself, *letter.enclosures)
        ),
    )


# ── 検索依頼票 ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFacts:
    """One slip with everything printed on it.

    ``kind``: what the department is to do for a claim; None when it is to search. ``values``: for a
    correction, what the records should say, by the item's name.
    """

    ref: str
    request: str
    house: House
    store: StoreRef
    holdings: tuple[HoldingRef, ...]
    companies: tuple[Text, ...]
    person: Personal[Person]
    kind: RequestKind | None
    values: tuple[tuple[Text, Personal[str]], ...]
    support_measure: bool
    asked_by: str
    asked_on: date
    answer_by: date


_PURPOSE: Final = "the department needs it to find and change the records"


def slip_paper(facts: SlipFacts, *, language: Language) -> SearchSlip:
    """The slip to hand to the department."""
    paper = SearchSlip if facts.kind is None else ActionSlip
    more: dict[str, Any] = {} if facts.kind is None else {"values": facts.values}
    period = facts.person.reveal(purpose=_PURPOSE).period
    return paper(
        house=facts.house,
        language=language,
        slip_no=facts.ref,
        request_no=facts.request,
        department=facts.store.department,
        store=_place(facts.store),
        what=_what_to_find(facts) if facts.kind is None else _WHAT_TO_DO[facts.kind],
        look_for=tuple(_look_for(facts)),
        asked_by=facts.asked_by,
        asked_on=facts.asked_on,
        answer_by=facts.answer_by,
        period=Text(period, period) if period else None,
        **more,
    )


def _place(store: StoreRef) -> Text:
    """The store's name, and where it stands when its settings say so."""
    place = store.settings.get("place")
    if isinstance(place, Mapping) and place.get("ja") and place.get("en"):
        return Text(f"{store.name.ja}（{place['ja']}）", f"{store.name.en} ({place['en']})")
    return Text(f"{store.name.ja}（{place}）", f"{store.name.en} ({place})") if isinstance(place, str) else store.name


def _what_to_find(facts: SlipFacts) -> Text:
    """The holdings kept there, and whose they are."""
    names = [one.name for one in facts.holdings] or [Text("下記の方に関する記録", "records about the person below")]
    return Text(
        f"{'、'.join(one.ja for one in names)}（{'、'.join(one.ja for one in facts.companies)}のもの）",
        f"{', '.join(one.en for one in names)} (of {', '.join(one.en for one in facts.companies)})",
    )


def _look_for(facts: SlipFacts) -> Iterator[tuple[Text, Personal[str]]]:
    """Whom to look for, on few lines: the answer has to fit on the same page.

    Under a support measure nothing that tells where the person lives now leaves the desk. Who has
    found the records needs no telephone number to find them again.
    """
    person = facts.person.reveal(purpose=_PURPOSE)
    on = person.birth_date
    yield _line("氏名", "Name", f"{person.name}（{person.kana}）" if person.kana else person.name)
    yield from _lines("旧姓・別の氏名", "Former names", person.former_names)
    yield from _lines(
        "生年月日", "Date of birth", (f"{facts.house.say_day(on, Language.JA)}（{on.isoformat()}）" if on else None,)
    )
    if facts.support_measure:
        yield _line("住所・連絡先", "Address, telephone", "－")
    else:
        code = f"〒{person.postal_code}　" if person.postal_code else ""
        yield _line("住所", "Address", f"{code}{person.address}")
    if facts.kind is not None:
        return
    yield from _lines("以前の住所", "Former addresses", person.former_addresses)
    if not facts.support_measure:
        yield from _lines("電話・メール", "Telephone, e-mail", (*person.phones, *person.emails))
    numbers = (f"{name}: {value}" for name, value in person.numbers.items())
    yield from _lines("番号・当社との関係", "Numbers, relation to us", (*numbers, person.relation))


def _line(ja: str, en: str, value: str) -> tuple[Text, Personal[str]]:
    return Text(ja, en), Personal(value, "slip")


def _lines(ja: str, en: str, values: Iterable[str | None]) -> Iterator[tuple[Text, Personal[str]]]:
    found = [value for value in values if value]
    if found:
        yield _line(ja, en, "、".join(found))


_WHAT_TO_DO: Final[Mapping[RequestKind, Text]] = {
    RequestKind.CORRECTION: Text(
        "見つかった記録の訂正（作成時の事実の記録は書き換えず、訂正の申出があった旨を付記）",
        "Correct the records found (a record that was true when made is not rewritten: note beside it what was asked)",
    ),
    RequestKind.ADDITION: Text("見つかった記録への追加", "Add to the records found"),
    RequestKind.DELETION: Text(
        "見つかった記録のうち、事実でない内容の削除", "Delete what is not factual in the records found"
    ),
    RequestKind.SUSPEND_USE: Text(
        "見つかった記録の利用の停止（綴りから分けて保管し、「利用停止」と表示）",
        "Stop using the records found (keep them apart, marked as stopped)",
    ),
    RequestKind.ERASE: Text(
        "見つかった記録の廃棄（復元できない方法による）", "Destroy the records found, so that they cannot be restored"
    ),
    RequestKind.STOP_PROVISION: Text(
        "見つかった記録の第三者への提供の停止（「提供停止」と表示）",
        "Stop providing the records found to third parties (mark them so)",
    ),
}

"""Rules about the page itself: editions it cites, its dates, its statements, its wording."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from daicho.law import controls
from daicho.law.articles import cite_today
from daicho.law.editions import APPI_2022, Family, find_edition
from daicho.law.publication import HELD_DATA, POLICY_STATEMENT, jis, law
from daicho.policy.language import Promise
from daicho.policy.rules.rule import Case, Hit, Rule, Severity, Steps
from daicho.words.text import Text

_JAPANESE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE: Final = 12  # shorter texts may be a name or a number, the same in both languages


def _cites_an_old_edition(case: Case) -> Iterator[Hit]:
    edition = find_edition(Family.JIS, on=case.on)
    if edition is None:
        return
    year = int(edition.key.removeprefix("jis-"))
    for index, cited in enumerate(case.policy.handling.cites):
        if cited.edition >= year:
            continue
        moved = ", ".join(_moved(number) for number in cited.controls)
        yield Hit(
            steps=("handling", "cites", index, "edition"),
            wrong=Text(
                f"JIS Q 15001:{cited.edition} を引用していますが、審査は {edition.in_force_on} から {year} 年版に基づきます。",
                f"It cites JIS Q 15001:{cited.edition}; assessments follow the {year} edition since {edition.in_force_on}.",
            ),
            write=Text(
                f"{year} 年版の番号に改めてください（{moved}）。",
                f"Cite the {year} edition ({moved}).",
            ),
        )


def _moved(number: str) -> str:
    successors = controls.list_successors(number)
    return f"{number} → {'/'.join(row.number for row in successors)}" if successors else number


def _older_than_the_law(case: Case) -> Iterator[Hit]:
    revised = case.policy.revised_on
    if revised >= APPI_2022:
        return
    last = len(case.policy.dates.revised) - 1
    yield Hit(
        steps=("dates", "revised", last, "on") if last >= 0 else ("dates", "established", "on"),
        wrong=Text(
            f"最終改定日 {revised} が、改正個人情報保護法の施行（{APPI_2022}）より前です。",
            f"It was last revised on {revised}, before the amended Act came into force ({APPI_2022}).",
        ),
        write=Text(
            "2022年4月の改正に沿って見直し、改定日を加えてください。",
            "Review it against the 2022 amendments and add the date of revision.",
        ),
    )


def _dates_out_of_order(case: Case) -> Iterator[Hit]:
    dates = case.policy.dates
    before: date = dates.established.on
    for index, revised in enumerate(dates.revised):
        if revised.on < before:
            yield Hit(
                steps=("dates", "revised", index, "on"),
                wrong=Text(
                    f"改定日 {revised.on} が、その前の日付 {before} より前です。",
                    f"The revision of {revised.on} stands after {before}.",
                ),
                write=Text("日付を古い順に並べてください。", "Put the dates in order, oldest first."),
            )
        before = revised.on


#: What a policy must say (A.3.2.1 a–e) → the promises that say it; one of each tuple is enough.
_SAID_BY: Final[dict[str, tuple[tuple[Promise, ...], ...]]] = {
    "a": ((Promise.LAWFUL_AND_FAIR,), (Promise.WITHIN_PURPOSE,), (Promise.NO_OTHER_USE,)),
    "b": ((Promise.OBEY_LAW,),),
    "c": ((Promise.SECURITY_SYSTEM, Promise.PREVENT_LEAKS), (Promise.INSPECT, Promise.REMEDY)),
    "d": ((Promise.INQUIRY_DESK, Promise.PROMPT_RESPONSE, Promise.GOOD_FAITH),),
    "e": ((Promise.IMPROVE,),),
}


def _statement_missing(case: Case) -> Iterator[Hit]:
    made = case.policy.promises
    for code, needs in _SAID_BY.items():
        if all(any(promise in made for promise in need) for need in needs):
            continue
        item = POLICY_STATEMENT[code]
        yield Hit(
            steps=("statements", "sections"),
            wrong=Text(
                f"方針に「{item.words.ja}」が書かれていません。",
                f"The policy does not speak of {item.words.en}.",
            ),
            write=Text("その約束を一文で加えてください。", "Add a sentence that promises it."),
            sources=item.numbers,
        )


def _consent_without_exceptions(case: Case) -> Iterator[Hit]:
    made = case.policy.promises
    if Promise.CONSENT_BEFORE_PROVISION not in made or Promise.PROVISION_EXCEPTIONS in made:
        return
    cited = cite_today("27(1)", on=case.on)
    article = Text("法", "the Act") if cited is None else cited.text
    yield Hit(
        steps=case.steps_of(Promise.CONSENT_BEFORE_PROVISION),
        wrong=Text(
            "第三者提供には常に事前の同意を得ると述べ、法令に基づく場合などの例外に触れていません。",
            "It promises prior consent for every provision and names none of the cases the law excepts.",
        ),
        write=Text(
            f"「法令に基づく場合その他{article.ja}各号に掲げる場合を除き」と加えてください。",
            f"Add “except as required by law and in the other cases of {article.en}”.",
        ),
    )


def _numbering(case: Case) -> Iterator[Hit]:
    entries = [(index, entry) for index, entry in enumerate(case.policy.requests.offers) if not entry.open_ended]
    if not any(entry.label for _, entry in entries):
        return
    for number, (index, entry) in enumerate(entries, start=1):
        expected = f"({number})"
        if entry.label != expected:
            shown_ja, shown_en = (
                ("番号がありません", "has no number")
                if entry.label is None
                else (f"番号が {entry.label} です", f"is numbered {entry.label}")
            )
            yield Hit(
                steps=("requests", "offers", index),
                wrong=Text(
                    f"請求の一覧の {number} 番目に{shown_ja}。",
                    f"Entry {number} of the list of requests {shown_en}.",
                ),
                write=Text(f"番号を {expected} にしてください。", f"Number it {expected}."),
            )


def _untranslated(case: Case) -> Iterator[Hit]:
    for steps, text in _texts(case.policy, ()):
        if len(text.ja) > _SENTENCE and not _JAPANESE.search(text.ja):
            yield Hit(
                steps=(*steps, "ja"),
                wrong=Text("日本語の欄に日本語がありません。", "The Japanese text holds no Japanese."),
                write=Text("日本語で書いてください。", "Write it in Japanese."),
            )
        elif len(text.en) > _SENTENCE and len(_JAPANESE.findall(text.en)) * 2 > len(text.en):
            yield Hit(
                steps=(*steps, "en"),
                wrong=Text("英語の欄が日本語です。", "The English text is Japanese."),
                write=Text("英語で書いてください。", "Write it in English."),
            )


def _texts(part: Any, steps: Steps) -> Iterator[tuple[Steps, Text]]:
    if isinstance(part, Text):
        yield steps, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _texts(getattr(part, name), (*steps, name))
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _texts(item, (*steps, index))


RULES: Final = (
    Rule(
        id="F-01",
        name=Text("引用する規格の版", "edition of the standard cited"),
        severity=Severity.GAP,
        sources=HELD_DATA["manager"].numbers,
        find=_cites_an_old_edition,
    ),
    Rule(
        id="F-02",
        name=Text("改定日と法改正", "last revision and the law"),
        severity=Severity.GAP,
        sources=law("32(1)"),
        find=_older_than_the_law,
    ),
    Rule(
        id="F-07",
        name=Text("請求の一覧の番号", "numbering of the list of requests"),
        severity=Severity.ADVICE,
        sources=law("32(1)(iii)", old="27(1)(iii)"),
        find=_numbering,
    ),
    Rule(
        id="F-11",
        name=Text("同意によらない第三者提供", "provision without consent"),
        severity=Severity.ADVICE,
        sources=law("27(1)", old="23(1)"),
        find=_consent_without_exceptions,
    ),
    Rule(
        id="F-22",
        name=Text("方針に書く事項", "what a policy must say"),
        severity=Severity.GAP,
        sources=jis("A.3.2.1", "5.2.2", seen=True),
        find=_statement_missing,
    ),
    Rule(
        id="F-36",
        name=Text("日付の順序", "order of the dates"),
        severity=Severity.ERROR,
        sources=(*law("32(1)", old="27(1)"), *POLICY_STATEMENT["dates"].numbers),
        find=_dates_out_of_order,
    ),
    Rule(
        id="F-37",
        name=Text("二つの言語", "the two languages"),
        severity=Severity.ADVICE,
        sources=law("32(1)", old="27(1)"),
        find=_untranslated,
    ),
)

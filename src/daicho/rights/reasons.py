"""Why something was not shown, not changed or not erased, in the words of a letter (Art. 36)."""

from collections.abc import Mapping
from typing import Any, Final

from daicho.law.kinds import KINDS, RequestKind
from daicho.letters.house import Ground
from daicho.rights.case import Answer, Case, article
from daicho.words.text import Text

#: Words of the law's table that tell of something done, where nothing was done.
_NOTHING_DONE: Final[Mapping[str, Text]] = {
    "true_when_made": Text(
        "作成時の事実を記録したものであるため、書き換えません。お申出の内容は、このご請求の記録に残します",
        "the record was true when it was made and is not rewritten; what you told us stays in the record of this request",
    ),
}


def refusal_ground(case: Case, answer: Answer) -> Ground:
    """The ground of a whole refusal: the law's words, then the company's own explanation."""
    rule = KINDS[answer.kind].find_refusal(answer.ground)
    if rule is None:
        return Ground(article=article(case, answer.kind), reason=Text(answer.reason, answer.reason))
    citation = rule.find_citation(on=case.law_on)
    words = _NOTHING_DONE.get(rule.code, rule.words)
    reason = Text(f"{words.ja}\n{answer.reason}", f"{words.en}\n{answer.reason}") if answer.reason else words
    return Ground(article=citation.text if citation else article(case, answer.kind), reason=reason)


def entrusted_ground(case: Case, holding: str) -> Ground:
    """受託  Somebody else's data: the person is told whom to ask."""
    rule = KINDS[RequestKind.DISCLOSURE].find_refusal("entrusted")
    citation = rule.find_citation(on=case.law_on) if rule else None
    words = rule.words if rule else Text("取扱いの委託を受けた個人データであるため", "the data is entrusted to us")
    named = case.holdings[holding].entruster if holding in case.holdings else None
    if named is not None:
        words = Text(
            f"{words.ja}。ご請求は、委託元の{named.ja}にお申し出ください",
            f"{words.en}. Please turn to the entruster: {named.en}",
        )
    return Ground(
        article=citation.text if citation else Text("個人情報保護法第16条第4項", "APPI Art. 16(4)"), reason=words
    )


def kept_ground(case: Case, kind: RequestKind, entry: Mapping[str, Any]) -> Ground:
    """The ground on which rows stay, as the map in force at the run named it."""
    ground = entry.get("ground")
    if not ground:
        return Ground(article=article(case, kind), reason=Text("保存する必要があるため", "it has to be kept"))
    reason = Text(**ground["text"])
    return Ground(article=Text(**ground["law"]) if ground.get("law") else reason, reason=reason)


def kept_until(case: Case, entry: Mapping[str, Any]) -> Text:
    """Until when kept rows stay: ``発行日から7年``; the register's period where the map names none."""
    words = str(entry.get("until") or "").strip()
    years, _, rest = words.partition(" years from ")
    if years.isdigit() and rest:
        rules = case.table_of(entry["store"], entry["table"])
        column = rules.columns.get(rest.strip()) if rules else None
        start = column.label if column else Text("起算日", "its beginning")
        return Text(f"{start.ja}から{years}年", f"{years} years from “{start.en}”")
    if words:
        return Text(words, words)
    holding = case.holdings.get(entry["holding"])
    if holding is not None and holding.retention_period:
        return Text(holding.retention_period, holding.retention_period)
    return Text("その定めによる期間", "the period it sets")

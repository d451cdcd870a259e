"""写し  Scanned papers: what must be unreadable on each, how long it is kept, what is compared.

The policy in force names what to black out on the papers it accepts; the law's own list
(`daicho.law.papers`) is the floor. Facts in, decision out: no clock, row, file or socket.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from daicho.law.papers import AUTHORITY_NAMES, ID_DOCUMENTS, MASKED_NAMES, AuthorityDocument, IdDocument, Masked
from daicho.policy.language import Policy
from daicho.rights.rules import DocumentKind, Of
from daicho.words.errors import InputError
from daicho.words.text import Text

#: Where the policy is silent about identity papers; as the papers themselves (`rights`).
DEFAULT_ID_COPY_DAYS: Final = 30
#: Scans of forms and other papers: the paper is the record, the scan a convenience.
OTHER_SCAN_DAYS: Final = 365

KIND_WORDS: Final[Mapping[DocumentKind, Text]] = {
    DocumentKind.FORM: Text("請求書", "request form"),
    DocumentKind.ID_COPY: Text("本人確認書類の写し", "identity paper"),
    DocumentKind.AUTHORITY: Text("代理権を示す書類", "proof of authority"),
    DocumentKind.EVIDENCE: Text("訂正などの資料", "evidence"),
    DocumentKind.OTHER: Text("その他（封筒など）", "other (the envelope …)"),
}
OF_WORDS: Final[Mapping[Of, Text]] = {Of.PERSON: Text("本人", "the person"), Of.AGENT: Text("代理人", "the agent")}


class Reason(StrEnum):
    """Why a place was painted over."""

    PERMANENT_DOMICILE = "permanent_domicile"
    INDIVIDUAL_NUMBER = "individual_number"
    INSURANCE_NUMBERS = "insurance_numbers"
    QR_CODE = "qr_code"
    OTHER = "other"


REASON_WORDS: Final[Mapping[Reason, Text]] = {
    Reason.PERMANENT_DOMICILE: Text("本籍", "permanent domicile"),
    Reason.INDIVIDUAL_NUMBER: Text("個人番号", "Individual Number"),
    Reason.INSURANCE_NUMBERS: Text("保険者番号・記号番号", "insurer and insured numbers"),
    Reason.QR_CODE: Text("QRコード", "QR code"),
    Reason.OTHER: Text("その他", "other"),
}


_REASON_FOR: Final[Mapping[str, Reason]] = {
    Masked.PERMANENT_DOMICILE: Reason.PERMANENT_DOMICILE,
    Masked.INDIVIDUAL_NUMBER: Reason.INDIVIDUAL_NUMBER,
    Masked.INSURER_NUMBER: Reason.INSURANCE_NUMBERS,
    Masked.INSURED_NUMBER: Reason.INSURANCE_NUMBERS,
    Masked.QR_CODE: Reason.QR_CODE,
}


def first_reason(areas: Sequence[str]) -> Reason:
    """The reason to offer first for a paper of which these parts must be unreadable."""
    return next((_REASON_FOR[area] for area in areas if area in _REASON_FOR), Reason.OTHER)


class Area(StrEnum):
    """What was done about a part that must be unreadable."""

    COVERED = "covered"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels of the stored page, and why it is black."""

    x: int
    y: int
    width: int
    height: int
    reason: Reason


MAX_BOXES: Final = 60
_LEAST_SIDE: Final = 4


def read_boxes(given: object, *, width: int, height: int) -> tuple[Box, ...]:
    """Rectangles as the page sends them, cut to the page.

    Raises:
        InputError: none, too many, not rectangles, or outside the page.
    """
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_BOXES:
        raise _no_boxes()
    return tuple(_box(one, width, height) for one in given)


def _box(one: object, width: int, height: int) -> Box:
    if not isinstance(one, dict) or one.get("reason") not in set(Reason):
        raise _no_boxes()
    sides = [one.get(name) for name in ("x", "y", "width", "height")]
    if any(isinstance(side, bool) or not isinstance(side, int | float) or abs(side) > 10**6 for side in sides):
        raise _no_boxes()
    x, y, wide, high = (round(float(side)) for side in sides)  # type: ignore[arg-type]
    left, top, right, bottom = max(0, x), max(0, y), min(width, x + wide), min(height, y + high)
    if right - left < _LEAST_SIDE or bottom - top < _LEAST_SIDE:
        raise _no_boxes()
    return Box(x=left, y=top, width=right - left, height=bottom - top, reason=Reason(one["reason"]))


def _no_boxes() -> InputError:
    return InputError(
        Text("黒塗りの範囲を読み取れません。", "The places to black out cannot be read."),
        advice=Text(
            f"ページの内側に、{MAX_BOXES} か所までの長方形を描いてください。",
            f"Draw rectangles inside the page, {MAX_BOXES} at most.",
        ),
    )


def require_paper(kind: DocumentKind, paper: str) -> None:
    """Refuse a sort of paper that does not belong to the kind.

    Raises:
        InputError: an identity paper or proof of authority without its sort, or an unknown one.
    """
    sorts = sorts_of(kind)
    if (sorts and paper not in sorts) or (not sorts and paper):
        raise InputError(
            Text("書類の種類を選んでください。", "Choose the sort of paper."),
            advice=Text(
                "運転免許証、委任状などの種類を選んでください。", "Choose licence, power of attorney and so on."
            ),
        )


def sorts_of(kind: DocumentKind) -> Mapping[str, Text]:
    """The sorts a kind of paper has; none for forms and others."""
    if kind is DocumentKind.ID_COPY:
        return {str(one): rule.name for one, rule in ID_DOCUMENTS.items()}
    if kind is DocumentKind.AUTHORITY:
        return {str(one): name for one, name in AUTHORITY_NAMES.items()}
    return {}


def name_of(kind: DocumentKind, paper: str) -> Text:
    """What to call a scan."""
    return sorts_of(kind).get(paper, KIND_WORDS[kind])


def areas_of(
    kind: DocumentKind, paper: str, of: Of, policy: Policy | None, *, on: date, coded: bool = False
) -> tuple[Masked, ...]:
    """The parts of this paper that must be unreadable: what the policy says, and what the law asks at least.

    ``coded``: a code was read on this copy. On an identity paper it may hold a number whatever the paper is
    called, so it must go as well.
    """
    found: dict[Masked, None] = {}
    if kind is DocumentKind.ID_COPY and policy is not None:
        accepted = policy.id_documents if of is Of.PERSON else policy.agent_id_documents
        for one in accepted:
            if one.document == paper:
                found.update(dict.fromkeys(one.black_out))
    document: IdDocument | None = None
    if kind is DocumentKind.ID_COPY and paper in set(IdDocument):
        document = IdDocument(paper)
    elif paper == AuthorityDocument.RESIDENT_RECORD_WITH_RELATION:
        document = IdDocument.RESIDENT_RECORD  # the same certificate, shown for the relation
    if document is not None:
        found.update(dict.fromkeys(rule.part for rule in ID_DOCUMENTS[document].masks_on(on)))
    if coded and kind is DocumentKind.ID_COPY:
        found[Masked.QR_CODE] = None
    return tuple(found)


def area_name(area: str) -> Text:
    """A part's name."""
    return MASKED_NAMES[Masked(area)]


def has_back(kind: DocumentKind, paper: str) -> bool:
    """Whether both sides belong to the copy (a change of address is written on the back)."""
    return kind is DocumentKind.ID_COPY and paper in set(IdDocument) and ID_DOCUMENTS[IdDocument(paper)].both_sides


def expires_on(kind: DocumentKind, policy: Policy | None, *, on: date) -> date:
    """本人確認書類の写しの廃棄: the policy's days; the same for proofs of authority, which identify people as well."""
    if kind in {DocumentKind.ID_COPY, DocumentKind.AUTHORITY}:
        days = policy.id_copies_kept_days if policy else None
        return on + timedelta(days=DEFAULT_ID_COPY_DAYS if days is None else days)
    return on + timedelta(days=OTHER_SCAN_DAYS)


def require_areas(asked: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """The checklist, ticked to the end.

    Raises:
        InputError: a part is neither covered nor absent.
    """
    if set(given) != set(asked) or any(value not in set(Area) for value in given.values()):
        raise InputError(
            Text("確認していない箇所があります。", "A part is not checked yet."),
            advice=Text(
                "すべての箇所について「黒塗りした」か「この写しにはない」を選んでください。",
                "For every part choose “blacked out” or “not on this copy”.",
            ),
        )
    return dict(given)


def require_no_codes(found: Mapping[int, int]) -> None:
    """Refuse the check of a paper while codes can be read on it: they are neither black nor absent.

    Args:
        found: page → how many codes that are not ours can be read on it now.

    Raises:
        InputError: on at least one page; the pages are named.
    """
    pages = [page for page, codes in sorted(found.items()) if codes]
    if pages:
        named = ", ".join(str(page) for page in pages)
        raise InputError(
            Text(
                f"{named} ページ目に、読み取れる QR コードかバーコードが残っています。",
                f"A QR or bar code can still be read on page {named}.",
            ),
            advice=Text(
                "「黒塗りする」で塗りつぶしてから、もう一度確認を記録してください。",
                "Black it out, then record the check again.",
            ),
        )


# ── two papers side by side ──────────────────────────────────────────────────────────────────


class Check(StrEnum):
    """What is compared (desk practice 12)."""

    SEAL = "seal"
    NAME = "name"
    ADDRESS = "address"
    SCOPE = "scope"
    RECEIVE = "receive"


CHECK_WORDS: Final[Mapping[Check, Text]] = {
    Check.SEAL: Text("印影が一致する", "the seal impressions agree"),
    Check.NAME: Text("氏名が一致する", "the names agree"),
    Check.ADDRESS: Text("住所が一致する", "the addresses agree"),
    Check.SCOPE: Text("委任の範囲にこの請求が入っている", "the mandate covers this request"),
    Check.RECEIVE: Text("回答を受け取る権限が書かれている", "the authority to receive the answer is written"),
}


class Finding(StrEnum):
    """What a human saw."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNCLEAR = "unclear"


FINDING_WORDS: Final[Mapping[Finding, Text]] = {
    Finding.AGREES: Text("はい", "yes"),
    Finding.DIFFERS: Text("いいえ", "no"),
    Finding.UNCLEAR: Text("読み取れない", "cannot be read"),
}


def checks_for(left: str, right: str) -> tuple[Check, ...]:
    """A power of attorney is compared for the seal, its scope and the authority to receive; other papers for name and address."""
    pair = {left, right}
    checks = [Check.NAME, Check.ADDRESS]
    if AuthorityDocument.POWER_OF_ATTORNEY in pair:
        checks += [Check.SCOPE, Check.RECEIVE]
    if AuthorityDocument.SEAL_CERTIFICATE in pair:
        checks.insert(0, Check.SEAL)
    return tuple(checks)


def require_findings(asked: Sequence[Check], given: Mapping[str, str]) -> dict[str, str]:
    """A finding for every check.

    Raises:
        InputError: one is missing or unknown.
    """
    if set(given) != set(asked) or any(value not in set(Finding) for value in given.values()):
        raise InputError(
            Text("確かめていない項目があります。", "Something is not compared yet."),
            advice=Text("すべての項目に答えてください。", "Answer every line."),
        )
    return dict(given)

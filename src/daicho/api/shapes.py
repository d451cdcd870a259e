"""What calls say and are answered, where no room has a shape for it."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from daicho.law.kinds import RequestKind
from daicho.people.rules import Role
from daicho.policy.language import Instrument
from daicho.rights.intake import Intake
from daicho.rights.rules import ClaimState, DocumentKind, MaskedBy, Of
from daicho.runs.grounds import HoldGround
from daicho.words.text import Language, Text

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$")]
Ref = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{1,59}$")]
Mark = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,200}$")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]
Year = Annotated[int, Field(ge=2000, le=2999)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Line = Annotated[str, Field(max_length=400)]
Prose = Annotated[str, Field(max_length=8000)]
Written = Annotated[str, Field(min_length=1, max_length=1_900_000)]


class Said(BaseModel):
    """What a call says: nothing but what is written here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Words(Told):
    """A sentence in both languages."""

    ja: str
    en: str


def words(text: Text) -> Words:
    """The sentence as it is answered."""
    return Words(ja=text.ja, en=text.en)


class Done(Told):
    """It is done; ``ref`` is what it was done to, or what came of it."""

    ref: str
    state: str = ""
    count: int = 0


class File(Told):
    """A file, its content in base64."""

    name: str
    media_type: str
    sha256: str
    content: str


class Files(Told):
    """Files, and what to look at."""

    files: Sequence[File]
    warnings: Sequence[Words] = ()


_MEDIA = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "html": "text/html",
    "yaml": "application/yaml",
    "jpg": "image/jpeg",
}


def file(name: str, content: bytes) -> File:
    """A file as it is answered."""
    return File(
        name=name,
        media_type=_MEDIA.get(name.rpartition(".")[2].casefold(), "application/octet-stream"),
        sha256=hashlib.sha256(content).hexdigest(),
        content=base64.b64encode(content).decode("ascii"),
    )


def files(found: Mapping[str, bytes], warnings: Iterable[Text] = ()) -> Files:
    """Files as they are answered."""
    return Files(
        files=[file(name, content) for name, content in found.items()],
        warnings=[words(one) for one in dict.fromkeys(warnings)],
    )


# ── requests ─────────────────────────────────────────────────────────────────────────────────


class Paper(Said):
    """A paper that came with a request."""

    kind: DocumentKind
    of: Of = Of.PERSON
    paper: Annotated[str, Field(max_length=60)] = ""
    accepted: bool = True
    masked: MaskedBy = MaskedBy.NOT_NEEDED
    issued_on: Day | None = None
    place: Annotated[str, Field(max_length=120)] = ""


class PaperEnd(Said):
    """What became of a paper."""

    how: Annotated[str, Field(pattern=r"^(returned|shredded|deleted)$")]
    on: Day | None = None


class FeeSaid(Said):
    """An instrument that pays a fee."""

    face_value: Annotated[int, Field(ge=1, le=10_000_000)]
    instrument: Instrument = Instrument.POSTAL_MONEY_ORDER
    number: Annotated[str, Field(max_length=40)] = ""
    issued_on: Day | None = None


class FeeEnd(Said):
    """What became of an instrument; one of the two days."""

    cashed_on: Day | None = None
    returned_on: Day | None = None


class IdentitySaid(Said):
    """Whether a human compared the papers with the form and vouches for who asks."""

    identity_verified: bool = False


class SearchSaid(Said):
    """How to search."""

    by_name: bool = False


class CandidateSaid(Said):
    """Whether a row that was found is the person's."""

    same: bool


class CellsSaid(Said):
    """Cell → ``show``, or a ground of Art. 33(2)."""

    cells: Annotated[dict[Mark, Annotated[str, Field(max_length=60)]], Field(min_length=1, max_length=5000)]


class DecisionSaid(Said):
    """A decision on a claim."""

    decision: ClaimState
    ground: Annotated[str, Field(max_length=60)] = ""
    reason: Prose = ""


class KindSaid(Said):
    """What a claim is."""

    kind: RequestKind


class CarrySaid(Said):
    """Claims of one kind to carry out together."""

    claims: Annotated[list[Ref], Field(min_length=1, max_length=200)]
    dry_run: bool = False


class AnswerSaid(Said):
    """``pack``: also one PDF per answer for its envelope."""

    pack: bool = False


class NoticeSaid(Said):
    """A letter on the way."""

    notice: Annotated[str, Field(pattern=r"^(receipt|missing|delay|return)$")]
    reason: Prose = ""
    expected_on: Day | None = None


class BatchSaid(Said):
    """Verified requests, and a token of the account that decides them: another account than who calls."""

    decider_token: Annotated[str, Field(min_length=1, max_length=200)]
    requests: Annotated[list[Intake], Field(min_length=1, max_length=5000)]


class LedgerSaid(Said):
    """The yearly ledger."""

    year: Year
    organisation: Code | None = None
    names: bool = True
    language: Language = Language.JA


class SlipSaid(Said):
    """What a department answered."""

    answer: Annotated[str, Field(pattern=r"^(found|none|done|kept)$")]
    count: Count = 0
    searcher: Annotated[str, Field(max_length=100)] = ""
    law: Line = ""
    until: Day | None = None
    correct: bool = False


class AssignSaid(Said):
    """Whose request it is from now on; empty: nobody's."""

    account: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9._-]{0,59})?$")] = ""


class MergeSaid(Said):
    """The request that stays."""

    into: Ref


class Checked(Told):
    """What is missing by the policy of the day."""

    number: str
    state: str
    missing: Mapping[str, Words]
    fee_due: int
    fee_paid: int
    cure_on: date | None


class Submitted(Told):
    """Claim → where it stands; and the runs that were made."""

    claims: Mapping[str, str]
    runs: Sequence[str]


class Answered(Told):
    """Letters that were issued or handed out again, with their files. ``waiting``: claim → why not yet."""

    number: str
    state: str
    letters: Sequence[str]
    files: Sequence[File]
    warnings: Sequence[Words]
    waiting: Mapping[str, Sequence[str]]


class Candidate(Told):
    """A row that was found and not proven."""

    mark: str
    store: str
    table: str
    doubt: str
    shown: Mapping[str, Any]
    agreeing: Sequence[str]
    disagreeing: Sequence[str]


class Cell(Told):
    """A cell that a reviewer decides on."""

    cell: str
    store: str
    table: Words
    label: Words
    value: str
    decision: str


# ── runs ─────────────────────────────────────────────────────────────────────────────────────


class ResumeSaid(Said):
    """``take_over``: from a holder that is gone for certain."""

    take_over: bool = False


class LeftSaid(Said):
    """What a human found at a store that a run left to them."""

    decision: Annotated[str, Field(pattern=r"^(retry|by_hand|give_up)$")]


class HoldSaid(Said):
    """A legal hold on the person of a request."""

    request: Ref
    ground: HoldGround


# ── policy and register ──────────────────────────────────────────────────────────────────────


class PolicySaid(Said):
    """A policy as YAML."""

    document: Written
    on: Day | None = None


class DraftSaid(Said):
    """A policy as YAML, and the revision it was written from. ``seen``: SHA-256 of the text that was opened."""

    document: Written
    base: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    seen: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class TwoSaid(Said):
    """Two policies as YAML."""

    old: Written
    new: Written
    on: Day | None = None


Named = Annotated[str, Field(pattern=r"^(store|holding|map)/[^/]{1,60}/[^/]{1,60}$")]


class DocumentsSaid(Said):
    """Documents of the register as YAML, by name. ``bases``: the digest each was opened at; ``removed``: what goes."""

    documents: Annotated[
        dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,100}$")], Written], Field(max_length=500)
    ] = Field(default_factory=dict)
    bases: Mapping[Named, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = Field(default_factory=dict)
    removed: Sequence[Named] = ()


class TableSaid(Said):
    """An existing ledger: a file's name and its content in base64."""

    name: Annotated[str, Field(pattern=r"^[^/\\]{1,100}\.(xlsx|csv)$")]
    content: Annotated[str, Field(max_length=1_900_000)]
    organisation: Code | None = None


# ── accounts, trail, keys, webhooks ──────────────────────────────────────────────────────────


MailAddress = Annotated[str, Field(max_length=254)]


class AccountSaid(Said):
    """An account to make."""

    code: Code
    display_name: Annotated[str, Field(max_length=100)]
    organisation: Code
    roles: Annotated[list[Role], Field(min_length=1, max_length=8)]
    mail_address: MailAddress = ""


class MailAddressSaid(Said):
    """Where the reminders of an account go; empty for nowhere."""

    mail_address: MailAddress


class RoleSaid(Said):
    """A role in an organisation."""

    organisation: Code
    role: Role


class VerifySaid(Said):
    """An exported trail, and the public keys to judge it by (JSON or PEM)."""

    trail: Written
    keys: Written
    anchors: Annotated[str, Field(max_length=1_000_000)] = ""


class RotateSaid(Said):
    """``signing``: the trail's signing key instead of the ring's."""

    signing: bool = False


class WebhookSaid(Said):
    """A webhook to add."""

    name: Annotated[str, Field(max_length=80)]
    url: Annotated[str, Field(max_length=500)]
    organisation: Code
    events: Annotated[list[Annotated[str, Field(max_length=60)]], Field(min_length=1, max_length=200)]


class WebhookMade(Told):
    """A webhook just added; the secret is told this once."""

    ref: str
    secret: str

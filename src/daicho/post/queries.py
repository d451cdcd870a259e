"""Lists of envelopes and scans for people; the only reader other rooms may call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from daicho.keys.queries import ring
from daicho.people.queries import readable, require_reader, require_role, roles_of
from daicho.people.rules import may_act
from daicho.policy.language import Policy
from daicho.post.access import asked_of, no_envelope, no_scan, policy_on
from daicho.post.darkroom import Looked, recognise
from daicho.post.keeping import open_page
from daicho.post.models import Comparison, Envelope, FiledRequest, Scan
from daicho.post.papers import (
    CHECK_WORDS,
    FINDING_WORDS,
    KIND_WORDS,
    OF_WORDS,
    REASON_WORDS,
    Check,
    Finding,
    Reason,
    area_name,
    has_back,
    name_of,
)
from daicho.post.rules import CONTENT_WORDS, KINDS, Channel, Content, EnvelopeKind, EnvelopeState, Move, open_moves
from daicho.rights.access import DESK
from daicho.rights.actions.from_web import PERSON_AT_THE_DOOR
from daicho.rights.rules import DocumentKind, Of
from daicho.rights.scanned import ScannedPaper
from daicho.words.personal import Personal
from daicho.words.scope import Scope
from daicho.words.text import Text

SORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "new": ("-arrived_on", "-pk"),
    "old": ("arrived_on", "pk"),
    "kind": ("kind", "-arrived_on", "-pk"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeView:
    """One envelope; ``note`` only for whoever works at the desk."""

    number: str
    organisation: str
    channel: Channel
    post_room: str
    arrived_on: date
    delivery_number: str
    opened_by: str
    counts: Mapping[Content, int]
    place: str
    state: EnvelopeState
    kind: EnvelopeKind | None
    handed_to: str
    registered_by: str
    registered_at: datetime
    sorted_by: str
    sorted_at: datetime | None
    done_at: datetime | None
    paper_end: str
    paper_end_on: date | None
    requests: Sequence[str]
    note: Personal[str] | None = None

    @property
    def counted(self) -> Sequence[tuple[Text, int]]:
        """What lay in it, by name; empty while it was not opened."""
        return [(CONTENT_WORDS[what], count) for what, count in self.counts.items()]

    @property
    def moves(self) -> frozenset[Move]:
        """What may be done with it now."""
        return open_moves(self.state, self.kind)

    @property
    def kind_name(self) -> Text | None:
        """What it was sorted as."""
        return KINDS[self.kind].name if self.kind else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeFilter:
    """What a list shows; empty means everything."""

    state: str = ""
    kind: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "new"


class EnvelopeList:
    """Envelopes of the scope as a paginator wants them: counted, and cut into pages by the database."""

    def __init__(self, found: EnvelopeFilter, *, scope: Scope) -> None:
        rows = Envelope.objects.filter(organisation__in=readable(scope, DESK)).prefetch_related("filed")
        if found.state:
            rows = rows.filter(state=found.state)
        if found.kind:
            rows = rows.filter(kind=found.kind)
        if found.since:
            rows = rows.filter(arrived_on__gte=found.since)
        if found.until:
            rows = rows.filter(arrived_on__lte=found.until)
        if found.text:
            rows = rows.filter(_holds(found.text))
        self._rows: QuerySet[Envelope] = rows.order_by(*SORTS.get(found.sort, SORTS["new"]))

    def count(self) -> int:
        """How many there are."""
        return self._rows.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[EnvelopeView]:
        return [_envelope(row) for row in self._rows[part]]


def _holds(text: str) -> Q:
    text = text.strip()
    return (
        Q(number__icontains=text)
        | Q(delivery_number__icontains=text.replace(" ", ""))
        | Q(place__icontains=text)
        | Q(post_room__icontains=text)
        | Q(opened_by__icontains=text)
        | Q(handed_to__icontains=text)
        | Q(pk__in=FiledRequest.objects.filter(request__icontains=text).values("envelope"))
    )


def count_states(*, scope: Scope) -> Mapping[str, int]:
    """How many envelopes stand where."""
    rows = Envelope.objects.filter(organisation__in=readable(scope, DESK))
    return dict(rows.values_list("state").annotate(Count("pk")).order_by())


def get_envelope(number: str, *, scope: Scope) -> EnvelopeView:
    """One envelope.

    Raises:
        NotFoundError: not within the scope.
    """
    row = Envelope.objects.filter(number=number, organisation__in=scope.organisations).first()
    if row is None:
        raise no_envelope()
    require_reader(scope, row.organisation, DESK)
    return _envelope(row, note=may_act(roles_of(scope.actor, row.organisation), DESK))


def find_envelopes(part: str, *, scope: Scope, limit: int = 8) -> Sequence[EnvelopeView]:
    """Envelopes whose number ends with, or whose delivery number holds, what somebody typed of it; the newest first."""
    rows = Envelope.objects.filter(
        Q(number__iendswith=part) | Q(delivery_number__icontains=part), organisation__in=readable(scope, DESK)
    )
    return [_envelope(row) for row in rows.order_by("-pk")[:limit]]


def list_envelopes_of(request: str, *, scope: Scope) -> Sequence[EnvelopeView]:
    """The envelopes filed to a request, oldest first."""
    rows = Envelope.objects.filter(filed__request=request, organisation__in=readable(scope, DESK))
    return [_envelope(row) for row in rows.order_by("arrived_on", "pk")]


def _envelope(row: Envelope, *, note: bool = False) -> EnvelopeView:
    sealed = bytes(row.note)
    opened = ring().unseal(sealed, bound_to=f"envelope:{row.number}").decode() if note and sealed else ""
    return EnvelopeView(
        number=row.number,
        organisation=row.organisation,
        channel=Channel(row.channel),
        post_room=row.post_room,
        arrived_on=row.arrived_on,
        delivery_number=row.delivery_number,
        opened_by=row.opened_by,
        counts={what: row.counted[what] for what in Content if row.counted.get(what)},
        place=row.place,
        state=EnvelopeState(row.state),
        kind=EnvelopeKind(row.kind) if row.kind else None,
        handed_to=row.handed_to,
        registered_by=row.registered_by,
        registered_at=row.registered_at,
        sorted_by=row.sorted_by,
        sorted_at=row.sorted_at,
        done_at=row.done_at,
        paper_end=row.paper_end,
        paper_end_on=row.paper_end_on,
        requests=sorted(one.request for one in row.filed.all()),
        note=Personal(opened, "note") if opened else None,
    )


# ── scans ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One page of a scan; ``boxes``: how many places on it are black, by reason; ``codes``: that can be read on it."""

    position: int
    version: int
    width: int
    height: int
    boxes: Sequence[tuple[Text, int]]
    codes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanView:
    """One scan. ``asked``: parts that must be unreadable, with what was answered (empty: not yet)."""

    ref: str
    organisation: str
    name: Text
    kind: DocumentKind
    paper: str
    of: Text
    envelope: str
    request: str
    proposed: str
    both_sides: bool
    asked: Sequence[tuple[str, Text, str]]
    paper_blacked: bool
    checked_by: str
    checked_at: datetime | None
    uploaded_by: str
    uploaded_at: datetime
    expires_on: date
    document: str
    destroyed_at: datetime | None
    destroyed_by: str
    pages: Sequence[PageView]

    @property
    def by_web(self) -> bool:
        """Whether the person uploaded it: there is no paper of it here."""
        return self.uploaded_by == PERSON_AT_THE_DOOR

    @property
    def can_be_recorded(self) -> bool:
        """Whether the paper may be recorded as one of its request's now."""
        return bool(self.request) and not self.document and not self.waits_for_check and self.destroyed_at is None

    @property
    def waits_for_check(self) -> bool:
        """Whether parts must still be blacked out, or looked for."""
        return bool(self.asked) and self.checked_at is None and self.destroyed_at is None


def get_scan(ref: str, *, scope: Scope) -> ScanView:
    """One scan, without its images.

    Raises:
        NotFoundError: not within the scope.
    """
    row = Scan.objects.filter(ref=ref, organisation__in=scope.organisations).prefetch_related("pages").first()
    if row is None:
        raise no_scan()
    require_reader(scope, row.organisation, DESK)
    return _scans([row])[0]


def list_scans(*, scope: Scope, envelope: str = "", request: str = "") -> Sequence[ScanView]:
    """The scans of an envelope or of a request, those destroyed as well."""
    rows = Scan.objects.filter(organisation__in=readable(scope, DESK)).prefetch_related("pages")
    rows = rows.filter(envelope=envelope) if envelope else rows.filter(request=request)
    return _scans(rows.order_by("pk"))


def count_due_scans(*, scope: Scope, on: date) -> int:
    """How many scans are past their days."""
    rows = Scan.objects.filter(organisation__in=readable(scope, DESK), destroyed_at=None, expires_on__lte=on)
    return rows.count()


def list_due_scans(*, scope: Scope, on: date) -> Sequence[ScanView]:
    """The scans whose days are over, the oldest first."""
    rows = Scan.objects.filter(organisation__in=readable(scope, DESK), destroyed_at=None, expires_on__lte=on)
    return _scans(rows.prefetch_related("pages").order_by("expires_on", "pk"))


def list_unchecked_scans(*, scope: Scope, limit: int = 50) -> Sequence[ScanView]:
    """Identity papers and proofs whose blacking out nobody has checked yet."""
    rows = Scan.objects.filter(
        organisation__in=readable(scope, DESK),
        destroyed_at=None,
        checked_at=None,
        kind__in=[DocumentKind.ID_COPY, DocumentKind.AUTHORITY],
    ).exclude(envelope="", request="")  # of a draft at the web door: not the desk's yet
    found = _scans(rows.prefetch_related("pages").order_by("pk")[: limit * 2])
    return [scan for scan in found if scan.waits_for_check][:limit]


def scanned_papers(request: str) -> Sequence[ScannedPaper]:
    """How the scans of a request stand, for `daicho.rights.scanned`."""
    rows = Scan.objects.filter(request=request, destroyed_at=None).prefetch_related("pages").order_by("pk")
    return [
        ScannedPaper(ref=one.ref, name=one.name, of=one.of, waits=one.waits_for_check, document=one.document)
        for one in _scans(rows)
    ]


def _scans(rows: Iterable[Scan]) -> list[ScanView]:
    """Each with what the policy of its day asks to black out; one look at the policies for a day."""
    policies: dict[tuple[str, date], Policy | None] = {}
    found = []
    for row in rows:
        key = (row.organisation, row.uploaded_at.date())
        if key not in policies:
            policies[key] = policy_on(*key)
        found.append(_scan(row, policies[key]))
    return found


def _scan(row: Scan, policy: Policy | None) -> ScanView:
    kind, of = DocumentKind(row.kind), Of(row.of)
    asked = asked_of(row, policy)
    return ScanView(
        ref=row.ref,
        organisation=row.organisation,
        name=name_of(kind, row.paper),
        kind=kind,
        paper=row.paper,
        of=OF_WORDS[of],
        envelope=row.envelope,
        request=row.request,
        proposed=row.proposed,
        both_sides=has_back(kind, row.paper),
        asked=[(str(area), area_name(area), row.areas.get(area, "")) for area in asked],
        paper_blacked=row.paper_blacked,
        checked_by=row.checked_by,
        checked_at=row.checked_at,
        uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
        expires_on=row.expires_on,
        document=row.document,
        destroyed_at=row.destroyed_at,
        destroyed_by=row.destroyed_by,
        pages=[
            PageView(
                position=page.position,
                version=page.version,
                width=page.width,
                height=page.height,
                boxes=_by_reason(page.boxes),
                codes=page.codes,
            )
            for page in sorted(row.pages.all(), key=lambda page: page.position)
        ],
    )


def _by_reason(boxes: Sequence[Mapping[str, Any]]) -> list[tuple[Text, int]]:
    counts: dict[str, int] = {}
    for box in boxes:
        counts[box["reason"]] = counts.get(box["reason"], 0) + 1
    return [(REASON_WORDS[Reason(reason)], count) for reason, count in counts.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """What somebody found when two scans lay side by side."""

    left: Text
    right: Text
    findings: Sequence[tuple[Text, Text, bool]]
    compared_by: str
    compared_at: datetime


def list_comparisons(request: str, *, scope: Scope) -> Sequence[ComparisonView]:
    """The comparisons of a request, newest first."""
    rows = list(Comparison.objects.filter(organisation__in=readable(scope, DESK), request=request).order_by("-pk"))
    refs = {ref for row in rows for ref in (row.left, row.right)}
    names = {scan.ref: name_of(DocumentKind(scan.kind), scan.paper) for scan in Scan.objects.filter(ref__in=refs)}
    unknown = KIND_WORDS[DocumentKind.OTHER]
    return [
        ComparisonView(
            left=names.get(row.left, unknown),
            right=names.get(row.right, unknown),
            findings=[
                (CHECK_WORDS[Check(check)], FINDING_WORDS[Finding(found)], found == Finding.AGREES)
                for check, found in row.checks.items()
            ],
            compared_by=row.compared_by,
            compared_at=row.compared_at,
        )
        for row in rows
    ]


def recognise_page(ref: str, position: int, *, scope: Scope, folder: Path) -> Looked:
    """Where a page shows what may have to be blacked out: looked at by the program, seen by nobody.

    Raises:
        NotFoundError: no such page within the scope.
        NotAllowedError: the caller does not work at the desk.
    """
    row = Scan.objects.filter(ref=ref, organisation__in=scope.organisations).first()
    page = row.pages.filter(position=position).first() if row else None
    if row is None or page is None:
        raise no_scan()
    require_role(scope, row.organisation, DESK)
    return recognise(open_page(page, scan=ref, folder=folder))

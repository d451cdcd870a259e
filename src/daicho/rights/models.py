"""Requests, their claims, papers, money and letters. What people wrote stands here only sealed."""

from typing import Final

from django.db import models


class Counter(models.Model):
    """The last number given in a year; locked while a number is taken, so that there is no gap."""

    organisation = models.CharField(max_length=64)
    series = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "series", "year"], name="one_counter_a_year")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}"


#: As `daicho.rights.rules.REQUEST_ENDS` has it; a literal, because an index keeps it for good.
OPEN_ROWS: Final = models.Q(state__in=["received", "checking", "awaiting_documents", "awaiting_fee", "verified"])


#: As `daicho.rights.rules.CLAIM_ENDS` leaves it.
OPEN_CLAIMS: Final = models.Q(
    state__in=[
        "noted",
        "searching",
        "assessing",
        "approved",
        "partly",
        "refused",
        "not_held",
        "carrying_out",
        "reading_back",
    ]
)


class SubjectRequest(models.Model):
    """開示等の請求: one form, one envelope. ``facts`` is sealed JSON (see `daicho.rights.intake.Intake`).

    ``addressed`` lists the legal entities; ``policy_digest`` and ``law_on`` are frozen at arrival.
    ``promised_on``: the day named in the newest delay notice.
    ``searched`` holds counts; ``candidates`` is sealed. ``amended_by``: who last put the facts right; somebody else decides.
    """

    number = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    addressed = models.JSONField()
    person = models.CharField(max_length=24)
    state = models.CharField(max_length=24)
    channel = models.CharField(max_length=16)
    requester = models.CharField(max_length=24)
    language = models.CharField(max_length=2)
    method = models.CharField(max_length=16)
    policy_digest = models.CharField(max_length=64)
    law_on = models.DateField()
    arrived_on = models.DateField()
    complete_on = models.DateField(null=True)
    target_on = models.DateField()
    gate_on = models.DateField(null=True)
    cure_on = models.DateField(null=True)
    promised_on = models.DateField(null=True)
    envelope = models.JSONField(default=dict)
    support_measure = models.BooleanField(default=False)
    facts = models.BinaryField()
    searched = models.JSONField(default=dict)
    candidates = models.BinaryField(default=b"")
    registered_by = models.CharField(max_length=80)
    registered_at = models.DateTimeField()
    amended_by = models.CharField(max_length=80, default="")
    assigned_to = models.CharField(max_length=80, default="")
    duplicate_of = models.CharField(max_length=24, default="")
    verified_by = models.CharField(max_length=80, default="")
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "arrived_on", "number"]),  # the order of the ledger
            models.Index(fields=["person"]),
            models.Index(fields=["organisation", "state"]),
            # The lists of the screen, in their order; what is still open is few among many.
            models.Index(fields=["target_on", "id"]),
            models.Index(fields=["arrived_on", "id"]),
            models.Index(fields=["target_on", "id"], name="open_requests_by_target", condition=OPEN_ROWS),
            models.Index(fields=["assigned_to", "target_on"]),
        ]

    def __str__(self) -> str:
        return self.number


class Claim(models.Model):
    """One thing asked for. ``details`` is sealed JSON (wish in words, new values).

    ``covering``: sealed words of the desk that its letter says besides, until it is issued.
    ``run`` names the run that carried it out; its counts stand there. ``cells``: reviewer's decisions, cell mark → ground code, or ``show``.
    """

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="claims")
    organisation = models.CharField(max_length=64)
    number = models.CharField(max_length=28, unique=True)
    kind = models.CharField(max_length=24)
    basis = models.CharField(max_length=40, default="")
    state = models.CharField(max_length=16)
    details = models.BinaryField()
    ground = models.CharField(max_length=40, default="")
    reason = models.BinaryField(default=b"")
    covering = models.BinaryField(default=b"")
    cells = models.JSONField(default=dict)
    decided_by = models.CharField(max_length=80, default="")
    decided_at = models.DateTimeField(null=True)
    run = models.CharField(max_length=24, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["request", "state"]),
            models.Index(fields=["run"]),
            models.Index(fields=["kind", "request"]),
            models.Index(fields=["request"], name="open_claims", condition=OPEN_CLAIMS),
        ]

    def __str__(self) -> str:
        return self.number


class RequestKey(models.Model):
    """検索用: one keyed digest of a folded name, reading, telephone or e-mail by which the desk finds a request.

    Whole values only: digests of surnames would tell, by how often each occurs, which surname they are.
    """

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="keys")
    organisation = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    key_id = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["digest"])]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.kind}"


class SubmittedBatch(models.Model):
    """まとめて受け付けた一回分: its keyed digest and the numbers it got, so that the same file is never taken twice."""

    organisation = models.CharField(max_length=64)
    digest = models.CharField(max_length=32, unique=True)
    numbers = models.JSONField()
    submitted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class RequestDocument(models.Model):
    """A paper: what it is, whose, where it lies, and what became of it. Its contents are never kept here.

    ``cancelled_why``: it was recorded by mistake, and counts for nothing (`daicho.rights.amendments.CancelWhy`).
    """

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="documents")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16)
    of = models.CharField(max_length=8)
    paper = models.CharField(max_length=40, default="")
    accepted = models.BooleanField(default=True)
    masked = models.CharField(max_length=16)
    issued_on = models.DateField(null=True)
    place = models.CharField(max_length=120, default="")
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    dispose_on = models.DateField(null=True)
    disposed_on = models.DateField(null=True)
    disposed_how = models.CharField(max_length=16, default="")
    cancelled_why = models.CharField(max_length=24, default="")

    class Meta:
        indexes = [
            models.Index(fields=["request"]),
            models.Index(
                fields=["dispose_on"],
                name="papers_to_destroy",
                condition=models.Q(disposed_on=None, dispose_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class FeeInstrument(models.Model):
    """手数料: one postal money order (or another instrument), from arrival to cashed or returned. Yen.

    ``cancelled_why``: recorded by mistake; ``returned_on`` is then the day it was cancelled, and no sum counts it.
    """

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="fees")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    instrument = models.CharField(max_length=24)
    face_value = models.PositiveIntegerField()
    number = models.CharField(max_length=40, default="")
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    cashed_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    cancelled_why = models.CharField(max_length=24, default="")

    class Meta:
        indexes = [
            models.Index(fields=["request"]),
            models.Index(
                fields=["expires_on"], name="money_in_hand", condition=models.Q(cashed_on=None, returned_on=None)
            ),
            # All that the sums ask for: they are made of the index alone.
            models.Index(
                fields=["organisation", "recorded_at", "cashed_on", "returned_on", "face_value", "cancelled_why"],
                name="money_sums",
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class CandidateDecision(models.Model):
    """What a human said of a row that was found and not proven. ``mark`` tells nothing about the row."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="decisions")
    organisation = models.CharField(max_length=64)
    mark = models.CharField(max_length=16)
    accepted = models.BooleanField()
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "mark"], name="one_decision_a_row")]

    def __str__(self) -> str:
        return self.mark


class IssuedLetter(models.Model):
    """A letter that left the house: a sealed copy, its digest, its number.

    ``enclosed``: an envelope was made for it, and not rejected. ``replaces``: the number of the letter that came back
    and says the same.
    """

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="letters")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=40)
    claim = models.CharField(max_length=28, default="")
    kind = models.CharField(max_length=32)
    pages = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    wrapped_key = models.BinaryField()
    size = models.BigIntegerField()
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    enclosed = models.BooleanField(default=False)
    replaces = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [
            models.Index(fields=["request"]),
            models.Index(
                fields=["id"], name="letters_to_enclose", condition=models.Q(enclosed=False) & ~models.Q(kind="pack")
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class CaseNote(models.Model):
    """対応の記録: what was said on the telephone, at the counter, or is to be kept in mind. ``text`` is sealed; never changed."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="notes")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16)
    text = models.BinaryField()
    written_by = models.CharField(max_length=80)
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["request"])]

    def __str__(self) -> str:
        return self.ref


class NewAddress(models.Model):
    """返送後の住所: where a letter that came back should go, from being typed to being verified by somebody else.

    ``address`` is sealed JSON: ``postal_code``, ``address``. ``of``: person or agent.
    """

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="new_addresses")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    of = models.CharField(max_length=8)
    address = models.BinaryField()
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    verified_by = models.CharField(max_length=80, default="")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["request"])]

    def __str__(self) -> str:
        return self.ref


# ── what the screen is told, what leaves the house, and the ledger ───────────────────────────


class Work(models.Model):
    """Long work on a request, as far as the screen is told of it: codes and counts.

    The request and its runs are the truth; a lost row or thread loses nothing. ``told``: store code →
    ``{"step": …, "rows": …}``; ``trouble``: an error's message and advice, ``{"ja": …, "en": …}`` each.
    """

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="works")
    organisation = models.CharField(max_length=64)
    task = models.CharField(max_length=8)
    state = models.CharField(max_length=8)
    step = models.CharField(max_length=40, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict)
    trouble = models.JSONField(default=dict)
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "task"], name="one_work_a_task")]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"


class Dispatch(models.Model):
    """発送: one envelope of one letter, from closing it to delivered or returned. ``letter``: the letter's number.

    ``pages``: as the checker counted them. ``previous``: the dispatch that came back before this one.
    """

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="dispatches")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    letter = models.CharField(max_length=40)
    state = models.CharField(max_length=16)
    method = models.CharField(max_length=24)
    enclosed_by = models.CharField(max_length=80)
    enclosed_at = models.DateTimeField()
    checked_by = models.CharField(max_length=80, default="")
    checked_at = models.DateTimeField(null=True)
    pages = models.PositiveSmallIntegerField(null=True)
    sent_on = models.DateField(null=True)
    sent_by = models.CharField(max_length=80, default="")
    tracking = models.CharField(max_length=40, default="")
    ended_on = models.DateField(null=True)
    returned_why = models.CharField(max_length=24, default="")
    previous = models.CharField(max_length=24, default="")

    class Meta:
        indexes = [models.Index(fields=["request"]), models.Index(fields=["organisation", "state", "id"])]

    def __str__(self) -> str:
        return self.ref


class LedgerApproval(models.Model):
    """受付簿の承認: a year's ledger as the officer saw it. ``rows``: row → digest of its cells, without names."""

    organisation = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    rows = models.JSONField(default=dict)
    approved_by = models.CharField(max_length=80)
    approved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "year"])]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"


class LedgerImport(models.Model):
    """移行: one Excel file whose good rows were taken over; undone as a whole."""

    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    file_digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    imported_by = models.CharField(max_length=80)
    imported_at = models.DateTimeField()
    undone_by = models.CharField(max_length=80, default="")
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.ref


class PastRequest(models.Model):
    """移行した請求: one row of the old ledger. ``facts`` is sealed JSON (see `daicho.rights.past.PastRow`)."""

    brought = models.ForeignKey(LedgerImport, on_delete=models.CASCADE, related_name="entries")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    arrived_on = models.DateField()
    facts = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "arrived_on"])]

    def __str__(self) -> str:
        return self.ref

"""Requests, their claims, papers, money and letters. What people wrote stands here only sealed."""

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


class SubjectRequest(models.Model):
    """開示等の請求: one form, one envelope. ``facts`` is sealed JSON (see `daicho.rights.intake.Intake`).

    ``addressed`` lists the legal entities; ``policy_digest`` and ``law_on`` are frozen at arrival.
    ``searched`` holds counts; ``candidates`` is sealed.
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
    envelope = models.JSONField(default=dict)
    support_measure = models.BooleanField(default=False)
    facts = models.BinaryField()
    searched = models.JSONField(default=dict)
    candidates = models.BinaryField(default=b"")
    registered_by = models.CharField(max_length=80)
    registered_at = models.DateTimeField()
    verified_by = models.CharField(max_length=80, default="")
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "arrived_on"]),
            models.Index(fields=["person"]),
            models.Index(fields=["state"]),
        ]

    def __str__(self) -> str:
        return self.number


class Claim(models.Model):
    """One thing asked for. ``details`` is sealed JSON (wish in words, new values).

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
    cells = models.JSONField(default=dict)
    decided_by = models.CharField(max_length=80, default="")
    decided_at = models.DateTimeField(null=True)
    run = models.CharField(max_length=24, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["request", "state"]), models.Index(fields=["run"])]

    def __str__(self) -> str:
        return self.number


class SubmittedBatch(models.Model):
    """まとめて受け付けた一回分: its keyed digest and the numbers it got, so that the same file is never taken twice."""

    organisation = models.CharField(max_length=64)
    digest = models.CharField(max_length=32, unique=True)
    numbers = models.JSONField()
    submitted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class RequestDocument(models.Model):
    """A paper: what it is, whose, where it lies, and what became of it. Its contents are never kept here."""

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

    class Meta:
        indexes = [models.Index(fields=["request"])]

    def __str__(self) -> str:
        return self.ref


class FeeInstrument(models.Model):
    """手数料: one postal money order (or another instrument), from arrival to cashed or returned. Yen."""

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

    class Meta:
        indexes = [models.Index(fields=["request"])]

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
    """A letter that left the house: a sealed copy, its digest, its number."""

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

    class Meta:
        indexes = [models.Index(fields=["request"])]

    def __str__(self) -> str:
        return self.ref

"""Envelopes, and scans of what lay in them. Page images stand here only as names of sealed files and their keys."""

from django.db import models


class Envelope(models.Model):
    """One envelope (or FAX) as it arrived. ``note`` is sealed: who sent it, what to remember.

    ``counted``: how many of each `rules.Content`. ``place`` is where the paper lies.
    """

    number = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    channel = models.CharField(max_length=16)
    post_room = models.CharField(max_length=80)
    arrived_on = models.DateField()
    delivery_number = models.CharField(max_length=40, blank=True, default="")
    opened_by = models.CharField(max_length=80)
    counted = models.JSONField(default=dict)
    note = models.BinaryField(default=b"")
    place = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=16)
    kind = models.CharField(max_length=24, blank=True, default="")
    handed_to = models.CharField(max_length=120, blank=True, default="")
    registered_by = models.CharField(max_length=80)
    registered_at = models.DateTimeField()
    sorted_by = models.CharField(max_length=80, blank=True, default="")
    sorted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    paper_end = models.CharField(max_length=16, blank=True, default="")
    paper_end_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "arrived_on"]),
            models.Index(fields=["organisation", "state"]),
        ]

    def __str__(self) -> str:
        return self.number


class FiledRequest(models.Model):
    """An envelope filed to a request; one envelope may hold several."""

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="filed")
    organisation = models.CharField(max_length=64)
    request = models.CharField(max_length=24)
    filed_by = models.CharField(max_length=80)
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["envelope", "request"], name="post_filed_once")]
        indexes = [models.Index(fields=["request"])]

    def __str__(self) -> str:
        return f"{self.envelope_id}/{self.request}"


class Scan(models.Model):
    """One paper as page images. ``areas``: what had to be unreadable → covered, or not on this paper.

    ``proposed``: the number that a code of ours on it names, until somebody says yes or no.
    ``document``: the paper of the request that was recorded from it.

    Once destroyed, the row stays as the fact that there was one; its pages have no key any more.
    """

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    envelope = models.CharField(max_length=24, blank=True, default="")
    request = models.CharField(max_length=24, blank=True, default="")
    kind = models.CharField(max_length=16)
    of = models.CharField(max_length=8)
    paper = models.CharField(max_length=40, blank=True, default="")
    areas = models.JSONField(default=dict)
    proposed = models.CharField(max_length=24, blank=True, default="")
    paper_blacked = models.BooleanField(default=False)
    checked_by = models.CharField(max_length=80, blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    uploaded_by = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField()
    expires_on = models.DateField()
    document = models.CharField(max_length=24, blank=True, default="")
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "expires_on"]),
            models.Index(fields=["request"]),
            models.Index(fields=["envelope"]),
        ]

    def __str__(self) -> str:
        return self.ref


class ScanPage(models.Model):
    """One page image: the sealed file of its newest version, and its key. ``boxes``: what was painted over.

    ``codes``: how many QR and bar codes that are not ours could be read on it when it was stored or last painted.
    """

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="pages")
    organisation = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=120)
    wrapped_key = models.BinaryField()
    size = models.BigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    boxes = models.JSONField(default=list)
    codes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scan", "position"], name="post_one_page_a_position")]

    def __str__(self) -> str:
        return f"{self.scan_id}/{self.position}"


class Comparison(models.Model):
    """Two scans looked at side by side, and what a human found; ``checks``: check → agrees, differs, unclear."""

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    request = models.CharField(max_length=24)
    left = models.CharField(max_length=24)
    right = models.CharField(max_length=24)
    checks = models.JSONField()
    compared_by = models.CharField(max_length=80)
    compared_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["request"])]

    def __str__(self) -> str:
        return self.ref

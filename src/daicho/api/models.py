"""Tokens, kept answers, webhooks. Rows change only in ``actions``.

No secret is kept as it is: of a token only a keyed digest, of a webhook's secret only sealed bytes.
"""

from django.db import models


class ApiToken(models.Model):
    """A key to the API for a program of one account; revoked, never deleted.

    ``ref`` is what the trail and people name it by and stands in the token's text; ``organisation``
    is the account's home.
    """

    ref = models.CharField(max_length=20, unique=True)
    organisation = models.CharField(max_length=60)
    account = models.CharField(max_length=60, db_index=True)
    name = models.CharField(max_length=80)
    scopes = models.JSONField()
    key_id = models.BigIntegerField()
    digest = models.CharField(max_length=32)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=60, default="")

    def __str__(self) -> str:
        return self.ref


class KeptAnswer(models.Model):
    """What a call with an ``Idempotency-Key`` answered, to answer the same again.

    ``slot``: keyed digest of token and key. ``said``: keyed digest of method, path and body. ``status`` 0:
    the call is under way, by ``holder`` (`daicho.work.holder`). ``sealed`` empty in a finished one: the
    answer was too large to keep, and the call, which is repeatable, is carried out again.
    """

    organisation = models.CharField(max_length=60)
    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE)
    slot = models.CharField(max_length=32, unique=True)
    said = models.CharField(max_length=32)
    holder = models.CharField(max_length=160)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=120, default="")
    sealed = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"{self.slot}:{self.status}"


class Webhook(models.Model):
    """An address that is told of events of one organisation. ``after``: the last trail entry that was looked at."""

    ref = models.CharField(max_length=20, unique=True)
    organisation = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    events = models.JSONField()
    secret = models.BinaryField()
    after = models.BigIntegerField()
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, default="")

    def __str__(self) -> str:
        return self.ref


class Delivery(models.Model):
    """One message to one webhook. ``seq``: the trail entry it tells of; 0 for a test."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    organisation = models.CharField(max_length=60)
    message = models.CharField(max_length=60, unique=True)
    seq = models.BigIntegerField()
    event = models.CharField(max_length=60)
    state = models.CharField(max_length=12, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(default=0)
    last_reason = models.CharField(max_length=40, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="api_delivery_due")]

    def __str__(self) -> str:
        return self.message

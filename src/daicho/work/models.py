"""発信箱: mail that is to leave the house. Who gets it and what it says stand here only sealed."""

from django.db import models


class OutgoingMail(models.Model):
    """One mail. ``sealed`` is JSON, recipient and values of its template; it is emptied once the mail is sent.

    ``about`` is an opaque number (a request's), ``trouble`` a code of `daicho.work.rules.Trouble`.
    """

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    about = models.CharField(max_length=40, default="")
    sealed = models.BinaryField(default=b"")
    state = models.CharField(max_length=8)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    holder = models.CharField(max_length=160, default="")
    held_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=16, default="")
    queued_by = models.CharField(max_length=80)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try_at"]), models.Index(fields=["organisation", "-id"])]

    def __str__(self) -> str:
        return self.ref

"""Wrapped keysets: useless without the key-encryption key, which is never in the database."""

from django.db import models


class WrappedKeyset(models.Model):
    """One keyset, encrypted by the key-encryption key.

    A rotation writes a new row and retires the old one, whose ``blob`` is emptied: key material
    that is dropped from the newest row is gone. ``public_key`` (PEM) stays for signing keys.
    """

    name = models.CharField(max_length=30)
    key_ids = models.CharField(max_length=2000)
    blob = models.BinaryField()
    public_key = models.TextField(default="")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(retired_at__isnull=True), name="keys_one_live_keyset"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.key_ids})"

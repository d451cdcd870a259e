"""Opaque people and the keyed digests by which they are met again. No value of a person stands here."""

from django.db import models


class Person(models.Model):
    """本人: an opaque id. ``organisation`` is the legal entity that knows this person."""

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation"])]

    def __str__(self) -> str:
        return self.ref


class PersonKey(models.Model):
    """One keyed digest: of a strong number, or of a name together with one other identity.

    Homonyms born on one day carry the same digest; the kind and the key are part of it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")
    organisation = models.CharField(max_length=64)
    kind = models.CharField(max_length=80)
    key_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "person"], name="a_digest_once_a_person"),
        ]
        indexes = [models.Index(fields=["person"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"

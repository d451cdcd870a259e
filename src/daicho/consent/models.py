"""What people stopped and what was corrected, for every later use to ask."""

from django.db import models


class Stop(models.Model):
    """停止: a person's stop in force from a moment, until lifted. ``scope`` empty = everything of this organisation."""

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=24)
    kind = models.CharField(max_length=24)
    scope = models.JSONField(default=list)
    claim = models.CharField(max_length=40)
    from_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"])]
        constraints = [models.UniqueConstraint(fields=["claim", "kind"], name="one_stop_a_claim")]

    def __str__(self) -> str:
        return self.ref


class Correction(models.Model):
    """訂正の記憶: what must not come back from an older copy. ``values`` is sealed JSON: item or column → new value."""

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=24)
    claim = models.CharField(max_length=40, unique=True)
    values = models.BinaryField()
    corrected_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person"])]

    def __str__(self) -> str:
        return self.ref

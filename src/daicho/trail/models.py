"""The chain's rows. Nobody writes them but ``actions.py``; nothing ever updates or deletes an entry."""

from django.db import models

#: The head is one row, and this is its key.
HEAD = 1


class TrailHead(models.Model):
    """Where the chain ends; locked last in every transaction, so that writers queue and never deadlock.

    ``frontier`` holds the roots of the perfect subtrees of the Merkle tree (32 bytes each, largest first).
    """

    id = models.SmallIntegerField(primary_key=True, default=HEAD)
    trail = models.CharField(max_length=32)
    size = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64)
    frontier = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=HEAD), name="trail_one_head")]

    def __str__(self) -> str:
        return f"{self.trail}:{self.size}"


class TrailEntry(models.Model):
    """One act. No foreign keys: the entry outlives what it speaks of.

    ``facts`` is canonical JSON as it was hashed; ``about`` repeats one fact of it for look-up and is not hashed.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    organisation = models.CharField(max_length=60)
    about = models.CharField(max_length=100, db_index=True)
    facts = models.TextField()
    prev = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"


class Checkpoint(models.Model):
    """A signed statement of how long the chain was and what it said; also appended to the anchors file."""

    number = models.BigIntegerField(primary_key=True)
    trail = models.CharField(max_length=32)
    size = models.BigIntegerField()
    head = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    frontier = models.BinaryField()
    at = models.DateTimeField()
    key_id = models.CharField(max_length=32)
    prev = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"#{self.number} at {self.size}"

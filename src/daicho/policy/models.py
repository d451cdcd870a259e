"""Drafts and frozen revisions of a policy. Rows change only in ``actions.py``."""

from django.db import models

from daicho.policy.rules.approval import DraftState


class PolicyDraft(models.Model):
    """The one draft of an organisation's policy; publishing freezes it and removes this row."""

    organisation = models.CharField(max_length=60, unique=True)
    base = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    source = models.TextField()  # the YAML as it was applied, with its comments
    content = models.TextField()  # canonical JSON; `digest` is taken of it
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    authors = models.JSONField(default=list)  # codes of everybody who saved a text since the base
    state = models.CharField(max_length=20, default=DraftState.WRITTEN)
    submitted_by = models.CharField(max_length=80, default="")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=80, default="")
    approved_at = models.DateTimeField(null=True)
    remark = models.TextField(default="")  # why it was sent back

    def __str__(self) -> str:
        return f"{self.organisation} draft"


class PolicyRevision(models.Model):
    """方針の版  A published policy, never changed: ``organisation`` is the group's parent."""

    organisation = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    source = models.TextField()
    content = models.TextField()
    effective_from = models.DateField()
    published_by = models.CharField(max_length=80)
    published_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=80, default="")
    approved_by = models.CharField(max_length=80, default="")  # empty: a first revision, published by its author

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="policy_number_once"),
            models.UniqueConstraint(fields=["organisation", "effective_from"], name="policy_one_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} #{self.number}"


class PolicyMember(models.Model):
    """One organisation a revision speaks for: a subsidiary finds its group's policy by it."""

    revision = models.ForeignKey(PolicyRevision, on_delete=models.PROTECT, related_name="members")
    organisation = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "organisation"], name="policy_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.revision_id}"

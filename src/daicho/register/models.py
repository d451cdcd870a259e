"""Rows of the register: documents, their revisions, and what checking a map on its store found.

A revision is written once and never changed; a document only points at its current one.
"""

from django.db import models

from daicho.register.language import DocumentKind

_KINDS = [(kind.value, kind.value) for kind in DocumentKind]


class RegisterVersion(models.Model):
    """One row whose token changes with every act; readers keep what they parsed until it does."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.token


class RegisterDocument(models.Model):
    """文書  A store, one holding, or a map; ``digest`` is that of its current revision.

    The codes of stores and maps in force are unique in the installation, register numbers within an organisation.
    """

    organisation = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=_KINDS)
    code = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "code"], name="register_one_document_a_code"),
            models.UniqueConstraint(
                fields=["kind", "code"],
                condition=models.Q(kind__in=["store", "map"], removed_at=None),
                name="register_store_and_map_codes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.organisation}/{self.code}"


class RegisterRevision(models.Model):
    """改版  ``body`` is the document's canonical YAML; empty when this revision removed the document."""

    document = models.ForeignKey(RegisterDocument, on_delete=models.PROTECT, related_name="revisions")
    organisation = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    body = models.TextField()
    applied_by = models.CharField(max_length=80)
    applied_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="register_revision_once")]

    def __str__(self) -> str:
        return f"{self.document_id} #{self.number}"


class MapCheck(models.Model):
    """対応表の確認  A map as it was checked on its live store.

    ``digest`` freezes what runs rely on (`daicho.register.compile.frozen_digest`); the confirmation
    of a second account is of this digest. At most one check of a map is ``in_force``.
    """

    document = models.ForeignKey(RegisterDocument, on_delete=models.PROTECT, related_name="checks")
    organisation = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    shape = models.JSONField()
    notes = models.JSONField()
    in_force = models.BooleanField(default=True)
    checked_by = models.CharField(max_length=80)
    checked_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, default="")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(in_force=True), name="register_one_check_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by="") | ~models.Q(confirmed_by=models.F("checked_by")),
                name="register_two_accounts_confirm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.digest[:12]}"

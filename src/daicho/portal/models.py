"""Drafts, links and offered answers of the web door. What people wrote stands here only sealed."""

from django.db import models


class Draft(models.Model):
    """書きかけの請求: from the first mailed link until it is submitted or expires.

    ``sealed`` is JSON, the form as it was last saved; ``mailbox`` is the requester's, sealed.
    """

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    requester = models.CharField(max_length=24)
    kinds = models.JSONField()
    mailbox = models.BinaryField()
    sealed = models.BinaryField(default=b"")
    complete = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    request = models.CharField(max_length=24, default="")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "expires_at"])]

    def __str__(self) -> str:
        return self.ref


class DraftPaper(models.Model):
    """A paper shown with a draft: its scan lies with the post room's, sealed."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="papers")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16)
    of = models.CharField(max_length=8)
    paper = models.CharField(max_length=40)
    issued_on = models.DateField(null=True)
    scan = models.CharField(max_length=24)
    pages = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ref


class Pass(models.Model):
    """リンク: what a mail's link opens. Only keyed digests of its token, its code and its mailbox are kept.

    ``about`` is a draft's ref or a request's number. A start link is used once; the others ask for a code
    at every visit. ``wrong`` counts wrong codes over its whole life, ``tries`` those left for the present code.
    ``told_at``: until when its holder was told by mail of what the desk noticed.
    """

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    about = models.CharField(max_length=24)
    language = models.CharField(max_length=2)
    token = models.CharField(max_length=32, unique=True)
    mailbox = models.BinaryField()
    mailbox_digest = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=32, default="")
    code_until = models.DateTimeField(null=True)
    code_made_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["about", "kind"]), models.Index(fields=["mailbox_digest", "made_at"])]

    def __str__(self) -> str:
        return self.ref


class OfferedFile(models.Model):
    """電磁的記録の提供: one file of an answer, a sealed copy that ends with its link."""

    link = models.ForeignKey(Pass, on_delete=models.CASCADE, related_name="files")
    organisation = models.CharField(max_length=64)
    ref = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    wrapped_key = models.BinaryField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    downloads = models.PositiveIntegerField(default=0)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.ref

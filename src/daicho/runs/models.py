"""The journal of runs, holds that stop them, and slips for stores that people search."""

from django.db import models


class Run(models.Model):
    """One plan carried out on stores, for one person or many.

    ``purpose`` is a request kind; ``owners`` lists what each person number stands for (claim
    numbers), ``persons`` their opaque references. ``organisations`` are all those whose rows the plan
    touches, ``organisation`` the one that keeps the record. ``fence`` grows with every taking-up;
    ``held_at`` is when the holder last showed that it lives, by the database's clock.
    """

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    organisations = models.JSONField(default=list)
    purpose = models.CharField(max_length=24)
    owners = models.JSONField()
    persons = models.JSONField()
    done = models.BooleanField(default=False)
    holder = models.CharField(max_length=200, default="")
    held_at = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    actor = models.CharField(max_length=80)
    intended_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["done"], condition=models.Q(done=False), name="runs_open")]

    def __str__(self) -> str:
        return self.ref


class RunStore(models.Model):
    """One store of a run. ``intent`` is sealed and emptied once confirmed; ``outcome`` holds counts only."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="stores")
    organisation = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField()
    store = models.CharField(max_length=64)
    map_code = models.CharField(max_length=64)
    map_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12)
    intent = models.BinaryField()
    outcome = models.JSONField(default=list)
    reason = models.CharField(max_length=40, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="one_store_a_position")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.store}"


class DataFile(models.Model):
    """A sealed file of what was read for one owner: its name, wrapped key, size and expiry. Never its contents."""

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    owner = models.CharField(max_length=40)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    wrapped_key = models.BinaryField()
    size = models.BigIntegerField()
    records = models.BigIntegerField()
    expires_on = models.DateField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner"])]

    def __str__(self) -> str:
        return self.ref


class LegalHold(models.Model):
    """A reason why a person's rows must not end now. Never told to the person as such."""

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=24)
    ground = models.CharField(max_length=64)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()
    released_by = models.CharField(max_length=80, default="")
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"])]

    def __str__(self) -> str:
        return self.ref


class SearchSlip(models.Model):
    """検索依頼票: what a department is asked to find, or to do, in a store that people search.

    What is kept is kept on a ``law`` and ``until`` a day: the answer to the person names both.
    """

    ref = models.CharField(max_length=24, unique=True)
    organisation = models.CharField(max_length=64)
    owner = models.CharField(max_length=40)
    store = models.CharField(max_length=64)
    task = models.CharField(max_length=24)
    issued_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField()
    due_on = models.DateField()
    answer = models.CharField(max_length=12, default="")
    count = models.PositiveIntegerField(default=0)
    law = models.CharField(max_length=120, default="")
    until = models.DateField(null=True)
    answered_by = models.CharField(max_length=80, default="")
    answered_at = models.DateTimeField(null=True)
    searcher = models.BinaryField(default=b"")

    class Meta:
        indexes = [
            models.Index(fields=["owner"]),
            models.Index(fields=["organisation", "store"]),
            # The lists of the screen in their order; what nobody answered yet is little among much.
            models.Index(fields=["due_on", "id"], name="slips_unanswered", condition=models.Q(answer="")),
            models.Index(
                models.Case(models.When(answer="", then=0), default=1), "due_on", "id", name="slips_in_their_order"
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["owner", "store", "task"], name="one_slip_a_task")]

    def __str__(self) -> str:
        return self.ref

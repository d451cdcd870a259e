"""Accounts of the people who work here. Rows change only in ``actions.py``."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from daicho.people.rules import Role


class Account(AbstractBaseUser):
    """One member of staff, auditor or automatic caller; deactivated, never deleted.

    ``code`` is what the trail records, so it is never reused and never changed. ``mail_address`` is where
    reminders of this account go (empty: nowhere), ``mail_language`` is theirs (empty: the workspace's).
    """

    code = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=100)
    home_organisation = models.CharField(max_length=60)
    mail_address = models.CharField(max_length=254, default="")
    mail_language = models.CharField(max_length=2, default="")
    reminders = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "code"
    REQUIRED_FIELDS = ["display_name", "home_organisation"]

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    def __str__(self) -> str:
        return self.code


class AccountOrganisation(models.Model):
    """One role of one account in one organisation; without any, the account may not act for it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="places")
    organisation = models.CharField(max_length=60)
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "organisation", "role"], name="people_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}/{self.role}"


class Reminder(models.Model):
    """お知らせ  The mark that an account was reminded on a day, written with the mail ``mail`` of the outbox; once a day."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    mail = models.CharField(max_length=24)
    queued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "on"], name="people_reminded_once_a_day")]

    def __str__(self) -> str:
        return self.mail

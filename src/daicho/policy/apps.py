"""The policy room as a Django app; its language, check, comparison and pages need none."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "daicho.policy"
    label = "policy"
    verbose_name = "Policy"
    default_auto_field = "django.db.models.BigAutoField"

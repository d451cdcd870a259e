"""The trail room as a Django app."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "daicho.trail"
    label = "trail"
    verbose_name = "Trail"
    default_auto_field = "django.db.models.BigAutoField"

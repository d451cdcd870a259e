"""The keys room as a Django app."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "daicho.keys"
    label = "keys"
    verbose_name = "Keys"
    default_auto_field = "django.db.models.BigAutoField"

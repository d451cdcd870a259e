"""The consent room as a Django app."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Label ``consent``."""

    name = "daicho.consent"
    label = "consent"

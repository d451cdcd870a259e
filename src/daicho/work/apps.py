"""The work room as a Django app."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Label ``work``."""

    name = "daicho.work"
    label = "work"

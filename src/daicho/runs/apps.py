"""The runs room as a Django app."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Label ``runs``."""

    name = "daicho.runs"
    label = "runs"

"""The rights room as a Django app."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Label ``rights``."""

    name = "daicho.rights"
    label = "rights"

"""The register room as a Django app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Label ``register``."""

    name = "daicho.register"
    label = "register"

"""The Django app of this room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, kept answers, webhooks."""

    name = "daicho.api"
    label = "api"

    def ready(self) -> None:
        """Listen to sign-ins that are reset."""
        from daicho.api import sign_ins  # noqa: F401, PLC0415 (as Django asks: not before the apps are there)

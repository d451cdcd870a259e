"""The Django app of this room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, kept answers, webhooks."""

    name = "daicho.api"
    label = "api"

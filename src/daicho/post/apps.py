"""The post room as a Django app."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """Label ``post``."""

    name = "daicho.post"
    label = "post"

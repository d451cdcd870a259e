"""The portal room as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Label ``portal``."""

    name = "daicho.portal"
    label = "portal"

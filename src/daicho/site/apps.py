"""The site as a Django app: the shell's templates, styles and scripts."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "daicho.site"
    label = "site"
    verbose_name = "Site"

    def ready(self) -> None:
        """Listen to the libraries' sign-ins, and to errors nobody foresaw."""
        from daicho.site import faults, sign_in  # noqa: F401, PLC0415 (it needs the models)

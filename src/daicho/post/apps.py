"""The post room as a Django app."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """Label ``post``."""

    name = "daicho.post"
    label = "post"

    def ready(self) -> None:
        """Tell the room of the requests how their scans stand."""
        from daicho.post.queries import scanned_papers  # noqa: PLC0415 (it needs the models)
        from daicho.rights.scanned import read_scans_with  # noqa: PLC0415

        read_scans_with(scanned_papers)

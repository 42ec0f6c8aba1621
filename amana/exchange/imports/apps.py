from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "amana.exchange.imports"
    label = "imports"
    verbose_name = _("Imports of services")

    def ready(self) -> None:
        from amana.exchange.imports import reactions  # noqa: F401

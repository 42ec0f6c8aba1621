from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactsConfig(AppConfig):
    name = "amana.insight.facts"
    label = "facts"
    verbose_name = _("Facts")

    def ready(self) -> None:
        from amana.insight.facts import reactions  # noqa: F401

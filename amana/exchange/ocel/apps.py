from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OcelConfig(AppConfig):
    name = "amana.exchange.ocel"
    label = "ocel"
    verbose_name = _("Event logs")

    def ready(self) -> None:
        from amana.exchange.ocel import views

        views.register_kinds()

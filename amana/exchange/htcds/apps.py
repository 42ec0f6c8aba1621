from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HtcdsConfig(AppConfig):
    name = "amana.exchange.htcds"
    label = "htcds"
    verbose_name = _("Shared information as files")

    def ready(self) -> None:
        from amana.exchange.htcds import views

        views.register_kinds()

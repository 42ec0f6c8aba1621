from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def has_store(request: HttpRequest) -> bool:
    return bool(settings.LRS_URL)


class XapiConfig(AppConfig):
    name = "amana.exchange.learning.xapi"
    label = "xapi"
    verbose_name = _("Learning records shared elsewhere")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_personal(
            _("My shared learning"),
            "xapi:mine",
            place=45,
            when=has_store,
        )

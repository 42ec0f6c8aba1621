from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AlarmsConfig(AppConfig):
    name = "amana.trust.alarms"
    label = "alarms"
    verbose_name = _("Alarms")

    def ready(self) -> None:
        from amana.trust import OVERSEEN
        from amana.ui import navigation

        navigation.add(_("Alarms"), "alarms:list", place=82, when=reads, group=OVERSEEN)


def reads(request: HttpRequest) -> bool:
    """For what is shown, never a rule."""
    from amana.trust.alarms.rules import READERS

    return bool(getattr(request.user, "roles", frozenset()) & READERS)

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

        navigation.add_entry(
            _("Alarms"), "alarms:list", place=82, when=can_read_alarms, group=OVERSEEN
        )


def can_read_alarms(request: HttpRequest) -> bool:
    """Return whether the person has the page in the navigation: for what is shown,
    never as a rule.
    """
    from amana.trust.alarms.rules import READERS

    return bool(getattr(request.user, "roles", frozenset()) & READERS)

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class EmergencyAccessConfig(AppConfig):
    name = "amana.care.emergency_access"
    label = "emergency_access"
    verbose_name = _("Emergency access")

    def ready(self) -> None:
        from amana.trust import OVERSEEN
        from amana.ui import navigation

        navigation.add_entry(
            _("Emergency access"),
            "emergency_access:list",
            place=84,
            when=answers,
            group=OVERSEEN,
        )


def answers(request: HttpRequest) -> bool:
    """Decide whether the navigation shows the page; access itself is a rule."""
    from amana.care.emergency_access.rules import ANSWERING

    return bool(getattr(request.user, "roles", frozenset()) & set(ANSWERING))

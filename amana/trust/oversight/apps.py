from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    name = "amana.trust.oversight"
    label = "oversight"
    verbose_name = _("Oversight")

    def ready(self) -> None:
        from amana.trust import OVERSEEN
        from amana.trust.oversight import views
        from amana.ui import navigation

        views.register_kinds()
        navigation.add_entry(
            _("Log"), "audit:log", place=80, when=oversees, group=OVERSEEN
        )
        navigation.add_entry(
            _("Data breaches"),
            "audit:breaches",
            place=81,
            when=oversees,
            group=OVERSEEN,
        )


def oversees(request: HttpRequest) -> bool:
    from amana.trust.oversight.rules import OVERSEERS

    return bool(getattr(request.user, "roles", frozenset()) & OVERSEERS)

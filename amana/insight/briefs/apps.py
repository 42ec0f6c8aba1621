from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class BriefsConfig(AppConfig):
    name = "amana.insight.briefs"
    label = "briefs"
    verbose_name = _("Briefs")

    def ready(self) -> None:
        from amana.insight import LEARNED
        from amana.ui import navigation

        navigation.add(
            _("Briefs"), "briefs:briefs", place=68, when=sees_briefs, group=LEARNED
        )


def sees_briefs(request: HttpRequest) -> bool:
    from amana.insight.briefs.rules import READERS

    return not getattr(request.user, "roles", frozenset()).isdisjoint(READERS)

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.insight import LEARNED, is_one_of


class BriefsConfig(AppConfig):
    name = "amana.insight.briefs"
    label = "briefs"
    verbose_name = _("Briefs")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_entry(
            _("Briefs"), "briefs:briefs", place=68, when=sees_briefs, group=LEARNED
        )


def sees_briefs(request: HttpRequest) -> bool:
    from amana.insight.briefs.rules import READERS

    return is_one_of(request, READERS)

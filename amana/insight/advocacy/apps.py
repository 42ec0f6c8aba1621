from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.insight import LEARNED, is_one_of


class AdvocacyConfig(AppConfig):
    name = "amana.insight.advocacy"
    label = "advocacy"
    verbose_name = _("Advocacy")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_entry(
            _("Advocacy"),
            "advocacy:plans",
            place=67,
            when=may_read_advocacy,
            group=LEARNED,
        )
        navigation.add_entry(
            _("Recommendations"),
            "advocacy:recommendations",
            place=67,
            when=is_recommended_to,
            group=LEARNED,
        )


def may_read_advocacy(request: HttpRequest) -> bool:
    from amana.insight.advocacy.rules import READERS

    return is_one_of(request, READERS)


def is_recommended_to(request: HttpRequest) -> bool:
    """Check for authorities, who enter here; for others the page is within the room."""
    from amana.insight.advocacy.rules import FOLLOWERS

    return is_one_of(request, FOLLOWERS) and not may_read_advocacy(request)

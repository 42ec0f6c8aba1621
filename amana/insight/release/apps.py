from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.insight import LEARNED, is_one_of


class ReleaseConfig(AppConfig):
    name = "amana.insight.release"
    label = "release"
    verbose_name = _("Releases")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_entry(
            _("Releases"), "release:list", place=63, when=reads_releases, group=LEARNED
        )


def reads_releases(request: HttpRequest) -> bool:
    from amana.insight.release.rules import READERS

    return is_one_of(request, READERS)

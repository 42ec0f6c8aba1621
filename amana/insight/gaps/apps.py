from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.insight import LEARNED, is_one_of


class GapsConfig(AppConfig):
    name = "amana.insight.gaps"
    label = "gaps"
    verbose_name = _("Gaps")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_entry(
            _("Gaps"), "gaps:list", place=64, when=is_reader, group=LEARNED
        )


def is_reader(request: HttpRequest) -> bool:
    from amana.insight.gaps.rules import READERS

    return is_one_of(request, READERS)

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.insight import LEARNED, is_one_of


class MeasureConfig(AppConfig):
    name = "amana.insight.measure"
    label = "measure"
    verbose_name = _("Figures")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add(
            _("Figures"), "measure:home", place=62, when=reads_figures, group=LEARNED
        )
        navigation.add(
            _("Our figures"), "measure:ours", place=63, when=works, group=LEARNED
        )


def reads_figures(request: HttpRequest) -> bool:
    from amana.insight.measure.rules import READERS

    return is_one_of(request, READERS)


def works(request: HttpRequest) -> bool:
    from amana.insight.measure.rules import WORKERS

    return is_one_of(request, WORKERS)

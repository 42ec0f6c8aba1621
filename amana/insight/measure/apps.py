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

        navigation.add_entry(
            _("Figures"), "measure:home", place=62, when=is_reader, group=LEARNED
        )
        navigation.add_entry(
            _("Our figures"), "measure:ours", place=63, when=is_worker, group=LEARNED
        )


def is_reader(request: HttpRequest) -> bool:
    from amana.insight.measure.rules import READERS

    return is_one_of(request, READERS)


def is_worker(request: HttpRequest) -> bool:
    from amana.insight.measure.rules import WORKERS

    return is_one_of(request, WORKERS)

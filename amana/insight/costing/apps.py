from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.insight import LEARNED, is_one_of


class CostingConfig(AppConfig):
    name = "amana.insight.costing"
    label = "costing"
    verbose_name = _("Costs")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_entry(
            _("Costs"), "costing:costings", place=66, when=reads_costs, group=LEARNED
        )


def reads_costs(request: HttpRequest) -> bool:
    from amana.insight.costing.rules import READERS

    return is_one_of(request, READERS)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CostingConfig(AppConfig):
    name = "amana.insight.costing"
    label = "costing"
    verbose_name = _("Costs")

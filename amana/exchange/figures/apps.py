from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    name = "amana.exchange.figures"
    label = "figures"
    verbose_name = _("Files of releases")

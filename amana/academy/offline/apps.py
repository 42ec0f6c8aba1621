from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfflineConfig(AppConfig):
    name = "amana.academy.offline"
    label = "offline"
    verbose_name = _("Offline learning")

    def ready(self) -> None:
        from amana.academy.courses.bundles import WRITERS
        from amana.academy.courses.panels import OFFERS
        from amana.academy.offline.offers import offers
        from amana.academy.offline.stick import write

        WRITERS.append(write)
        OFFERS.append(offers)

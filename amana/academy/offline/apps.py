from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfflineConfig(AppConfig):
    name = "amana.academy.offline"
    label = "offline"
    verbose_name = _("Offline learning")

    def ready(self) -> None:
        from amana.academy.courses.course_bundles import WRITERS
        from amana.academy.courses.sections import OFFERS
        from amana.academy.offline.links import iterate_links
        from amana.academy.offline.stick import write_folder

        WRITERS.append(write_folder)
        OFFERS.append(iterate_links)

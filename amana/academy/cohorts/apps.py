from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    name = "amana.academy.cohorts"
    label = "cohorts"
    verbose_name = _("Cohorts")

    def ready(self) -> None:
        from amana.academy.cohorts import reactions  # noqa: F401

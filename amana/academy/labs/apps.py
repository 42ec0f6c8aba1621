from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabsConfig(AppConfig):
    name = "amana.academy.labs"
    label = "labs"
    verbose_name = _("Clinics and negotiations")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_personal(_("Clinics and negotiations"), "labs:home", place=43)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstallationsConfig(AppConfig):
    name = "amana.academy.installations"
    label = "installations"
    verbose_name = _("Practice installations")

    def ready(self) -> None:
        from amana.academy.installations import sections

        sections.register_sections()

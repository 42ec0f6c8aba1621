from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutcomesConfig(AppConfig):
    name = "amana.care.outcomes"
    label = "outcomes"
    verbose_name = _("Outcome")

    def ready(self) -> None:
        from amana.care.outcomes import sections

        sections.register()

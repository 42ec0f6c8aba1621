from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "amana.academy.assessment"
    label = "assessment"
    verbose_name = _("Assessment")

    def ready(self) -> None:
        from amana.academy.assessment import panels, reactions  # noqa: F401

        panels.register_sections()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "amana.academy.assessment"
    label = "assessment"
    verbose_name = _("Assessment")

    def ready(self) -> None:
        from amana.academy.assessment import reactions, sections  # noqa: F401

        sections.register_sections()

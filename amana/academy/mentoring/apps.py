from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    name = "amana.academy.mentoring"
    label = "mentoring"
    verbose_name = _("Mentorship")

    def ready(self) -> None:
        from amana.academy.assessment.rules import CLOSE
        from amana.academy.mentoring import reactions  # noqa: F401
        from amana.academy.mentoring.rules import paired_with
        from amana.ui import navigation

        CLOSE.append(paired_with)
        navigation.add_personal(_("Mentorship"), "mentoring:mine", place=42)

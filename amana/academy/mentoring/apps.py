from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    name = "amana.academy.mentoring"
    label = "mentoring"
    verbose_name = _("Mentorship")

    def ready(self) -> None:
        from amana.academy.assessment.rules import CLOSE
        from amana.academy.courses import panels
        from amana.academy.mentoring import reactions  # noqa: F401
        from amana.academy.mentoring.offers import offers
        from amana.academy.mentoring.rules import paired_with

        CLOSE.append(paired_with)
        panels.OFFERS.append(offers)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    name = "amana.academy.mentoring"
    label = "mentoring"
    verbose_name = _("Mentorship")

    def ready(self) -> None:
        from amana.academy.assessment.rules import CLOSE
        from amana.academy.courses import sections
        from amana.academy.mentoring import reactions  # noqa: F401
        from amana.academy.mentoring.links import list_links
        from amana.academy.mentoring.rules import find_partners

        CLOSE.append(find_partners)
        sections.OFFERS.append(list_links)

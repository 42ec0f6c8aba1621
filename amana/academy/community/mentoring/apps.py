from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    name = "amana.academy.community.mentoring"
    label = "mentoring"
    verbose_name = _("Mentorship")

    def ready(self) -> None:
        from amana.academy.assessment.rules import CLOSE
        from amana.academy.community.mentoring import reactions  # noqa: F401
        from amana.academy.community.mentoring.links import list_links
        from amana.academy.community.mentoring.rules import find_partners
        from amana.academy.courses import sections

        CLOSE.append(find_partners)
        sections.OFFERS.append(list_links)

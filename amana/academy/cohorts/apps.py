from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    name = "amana.academy.cohorts"
    label = "cohorts"
    verbose_name = _("Cohorts")

    def ready(self) -> None:
        from amana.academy.cohorts import reactions  # noqa: F401
        from amana.academy.cohorts.links import list_links
        from amana.academy.cohorts.rules import answers
        from amana.academy.courses.sections import OFFERS
        from amana.ui import navigation

        OFFERS.append(list_links)

        navigation.add_personal(_("My course dates"), "cohorts:mine", place=39)
        navigation.add_personal(
            _("The academy’s desk"), "cohorts:desk", place=42, when=answers
        )

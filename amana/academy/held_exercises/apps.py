from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HeldExercisesConfig(AppConfig):
    name = "amana.academy.held_exercises"
    label = "held_exercises"
    verbose_name = _("Exercises held")

    def ready(self) -> None:
        from amana.academy.courses import sections
        from amana.academy.held_exercises.links import list_links

        sections.OFFERS.append(list_links)

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from amana.insight import LEARNED, is_one_of


class ExercisesConfig(AppConfig):
    name = "amana.insight.exercises"
    label = "exercises"
    verbose_name = _("Exercises")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_entry(
            _("Exercises"),
            "exercises:exercises",
            place=68,
            when=may_read_exercises,
            group=LEARNED,
        )


def may_read_exercises(request: HttpRequest) -> bool:
    from amana.insight.exercises.rules import READERS

    return is_one_of(request, READERS)

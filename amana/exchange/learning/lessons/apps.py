from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LessonsConfig(AppConfig):
    name = "amana.exchange.learning.lessons"
    label = "lessons"
    verbose_name = _("Lesson packages")

    def ready(self) -> None:
        from amana.academy.courses.along import ALONG, CourseLink
        from amana.exchange.learning.lessons.rules import may_take_along

        ALONG.append(
            CourseLink(
                _("Lesson packages for other systems"), "lessons:course", may_take_along
            )
        )

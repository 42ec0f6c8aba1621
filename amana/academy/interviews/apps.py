from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterviewsConfig(AppConfig):
    name = "amana.academy.interviews"
    label = "interviews"
    verbose_name = _("Interviews")

    def ready(self) -> None:
        from amana.academy.courses.panels import LESSON, MODULE, Panel
        from amana.academy.interviews.panels import of_lesson, of_module

        MODULE.append(Panel("interviews/panel.html", of_module))
        LESSON.append(Panel("interviews/panel.html", of_lesson))

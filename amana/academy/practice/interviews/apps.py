from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterviewsConfig(AppConfig):
    name = "amana.academy.practice.interviews"
    label = "interviews"
    verbose_name = _("Interviews")

    def ready(self) -> None:
        from amana.academy.courses.sections import LESSON, MODULE, EnrolmentSection
        from amana.academy.practice.interviews.sections import (
            load_for_lesson,
            load_for_module,
        )

        MODULE.append(EnrolmentSection("interviews/panel.html", load_for_module))
        LESSON.append(EnrolmentSection("interviews/panel.html", load_for_lesson))

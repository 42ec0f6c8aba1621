from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScormConfig(AppConfig):
    name = "amana.exchange.learning.scorm"
    label = "scorm"
    verbose_name = _("SCORM packages")

    def ready(self) -> None:
        from amana.exchange.learning.lessons.lesson_formats import FORMATS, LessonFormat

        FORMATS.append(LessonFormat("SCORM 2004", "scorm:module", "scorm:lesson", 10))

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScormConfig(AppConfig):
    name = "amana.exchange.learning.scorm"
    label = "scorm"
    verbose_name = _("SCORM packages")

    def ready(self) -> None:
        from amana.exchange.learning.lessons.lesson_formats import FORMATS, LessonFormat

        for place, edition in enumerate(("1.2", "2004"), 10):
            pages = (f"scorm:module-{edition}", f"scorm:lesson-{edition}")
            FORMATS.append(LessonFormat(f"SCORM {edition}", *pages, place))

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QtiConfig(AppConfig):
    name = "amana.exchange.learning.qti"
    label = "qti"
    verbose_name = _("QTI questions")

    def ready(self) -> None:
        from amana.academy.courses.along import ALONG, CourseLink
        from amana.exchange.learning.lessons.lesson_formats import FORMATS, LessonFormat
        from amana.exchange.learning.lessons.rules import may_take_along

        FORMATS.append(LessonFormat("QTI 3", "qti:module", "", 30))
        ALONG.append(CourseLink(_("Import questions"), "qti:bring", may_take_along))

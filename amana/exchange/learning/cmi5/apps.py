from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Cmi5Config(AppConfig):
    name = "amana.exchange.learning.cmi5"
    label = "cmi5"
    verbose_name = _("cmi5 packages")

    def ready(self) -> None:
        from amana.exchange.learning.lessons.lesson_formats import FORMATS, LessonFormat

        FORMATS.append(LessonFormat("cmi5", "cmi5:module", "cmi5:lesson", 20))

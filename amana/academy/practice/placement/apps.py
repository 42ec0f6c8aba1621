from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacementConfig(AppConfig):
    name = "amana.academy.practice.placement"
    label = "placement"
    verbose_name = _("Where to begin")

    def ready(self) -> None:
        from amana.academy.courses.sections import COURSE, MODULE
        from amana.academy.practice.placement.sections import on_course, on_module

        COURSE.append(on_course)
        MODULE.append(on_module)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "amana.academy.courses"
    label = "courses"
    verbose_name = _("Courses")

    def ready(self) -> None:
        from amana.academy.courses import along, item_pages, retention
        from amana.ui import navigation

        title = _("How test questions are answered")
        link = along.CourseLink(title, "courses:answers", item_pages.may_read)
        along.ALONG.append(link)

        navigation.add_entry(_("Academy"), "courses:home", place=60, icon="academy")

        retention.register_sweep()

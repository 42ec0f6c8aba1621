from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlumniConfig(AppConfig):
    name = "amana.academy.community.alumni"
    label = "alumni"
    verbose_name = _("Alumni circle")

    def ready(self) -> None:
        from amana.academy.community.alumni import reactions  # noqa: F401
        from amana.academy.community.alumni.links import list_links
        from amana.academy.courses import sections

        sections.OFFERS.append(list_links)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuthoringConfig(AppConfig):
    name = "amana.academy.authoring"
    label = "authoring"
    verbose_name = _("Writing courses")

    def ready(self) -> None:
        from amana.academy.authoring.links import list_links
        from amana.academy.courses import sections

        sections.OFFERS.append(list_links)

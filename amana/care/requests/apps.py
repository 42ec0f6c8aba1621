from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "amana.care.requests"
    label = "requests"
    verbose_name = _("Requests for help")

    def ready(self) -> None:
        from amana.care.requests import reactions, sections, undoing  # noqa: F401

        sections.register()
        undoing.register()

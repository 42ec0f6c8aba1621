from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DirectoryApiConfig(AppConfig):
    name = "amana.exchange.directory_api"
    label = "directory_api"
    verbose_name = _("Directory for other programs")

    def ready(self) -> None:
        from amana.design import SERVICES
        from amana.exchange.directory_api import reactions  # noqa: F401 — it listens
        from amana.ui import navigation

        navigation.add_entry(
            _("API keys"),
            "directory_api:keys",
            place=48,
            when=keeps_keys,
            group=SERVICES,
        )


def keeps_keys(request: HttpRequest) -> bool:
    """Check it for what is shown, never as a rule."""
    from amana.trust.access.models import ADMINISTRATORS

    return bool(getattr(request.user, "roles", frozenset()) & ADMINISTRATORS)

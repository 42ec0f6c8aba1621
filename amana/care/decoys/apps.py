from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DecoysConfig(AppConfig):
    name = "amana.care.decoys"
    label = "decoys"
    verbose_name = _("Decoy cases")

    def ready(self) -> None:
        from amana.care.decoys import reactions  # noqa: F401
        from amana.trust import OVERSEEN
        from amana.ui import navigation

        navigation.add_entry(
            _("Decoy cases"), "decoys:list", place=83, when=asks, group=OVERSEEN
        )


def asks(request: HttpRequest) -> bool:
    """Decide whether the navigation shows the page; access itself is a rule."""
    from amana.care.decoys.rules import OFFICERS

    return bool(getattr(request.user, "roles", frozenset()) & OFFICERS)

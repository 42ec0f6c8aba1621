from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    name = "amana.trust.exports"
    label = "exports"
    verbose_name = _("Exports")

    def ready(self) -> None:
        from amana.trust import OVERSEEN
        from amana.ui import navigation

        navigation.add_entry(
            _("Exports"), "exports:list", place=83, when=may_decide, group=OVERSEEN
        )


def may_decide(request: HttpRequest) -> bool:
    """Check whether to show the link; never a rule."""
    from amana.trust.exports.rules import READERS

    return bool(getattr(request.user, "roles", frozenset()) & READERS)

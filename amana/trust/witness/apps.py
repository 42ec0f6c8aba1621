from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class WitnessConfig(AppConfig):
    name = "amana.trust.witness"
    label = "witness"
    verbose_name = _("Witnesses of the log")

    def ready(self) -> None:
        from amana.trust import OVERSEEN
        from amana.trust.witness import findings  # noqa: F401 — it listens
        from amana.ui import navigation

        navigation.add_entry(
            _("Witnesses"),
            "witness:witnesses",
            place=84,
            when=may_read_witnesses,
            group=OVERSEEN,
        )


def may_read_witnesses(request: HttpRequest) -> bool:
    """Check it for what is shown, never as a rule."""
    from amana.trust.witness.rules import READERS

    return bool(getattr(request.user, "roles", frozenset()) & READERS)

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class RecoveryConfig(AppConfig):
    name = "amana.trust.recovery"
    label = "recovery"
    verbose_name = _("Recovery of teams’ keys")

    def ready(self) -> None:
        from amana.trust import OVERSEEN
        from amana.ui import navigation

        navigation.add_entry(
            _("Recovery keys"),
            "recovery:overview",
            place=85,
            when=is_administrator,
            group=OVERSEEN,
        )
        navigation.add_personal(
            _("Recovery shares"), "recovery:shares", place=12, when=may_keep_shares
        )


def is_administrator(request: HttpRequest) -> bool:
    """Check it for what is shown, never as a rule."""
    from amana.trust.access.models import ADMINISTRATORS

    return bool(getattr(request.user, "roles", frozenset()) & ADMINISTRATORS)


def may_keep_shares(request: HttpRequest) -> bool:
    """Check it for what is shown, never as a rule."""
    from amana.trust.recovery.rules import KEEPING

    return bool(getattr(request.user, "roles", frozenset()) & set(KEEPING))

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PendingConfig(AppConfig):
    name = "amana.care.pending"
    label = "pending"
    verbose_name = _("Pending decisions")

    def ready(self) -> None:
        from amana.ui import navigation

        navigation.add_personal(
            _("Decisions you can undo"), "pending:list", place=40, when=decides
        )


def decides(request: HttpRequest) -> bool:
    from amana.trust.access.models import ANSWERING, KEYHOLDERS

    roles: frozenset[str] = getattr(request.user, "roles", frozenset())
    return bool(roles & {*KEYHOLDERS, *ANSWERING})

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReferralsConfig(AppConfig):
    name = "amana.care.referrals"
    label = "referrals"
    verbose_name = _("Referrals")

    def ready(self) -> None:
        from amana.care.referrals import panels, reactions  # noqa: F401
        from amana.ui import navigation

        panels.register()
        navigation.add(_("Inbox"), "referrals:inbox", place=30, when=answers)
        sent = pgettext_lazy("referrals that we sent", "Sent")
        navigation.add(sent, "referrals:sent", place=31, when=answers)
        navigation.add(_("Late"), "referrals:late", place=32, when=coordinates)


def answers(request: HttpRequest) -> bool:
    from amana.trust.access.models import ANSWERING

    return bool(roles(request) & set(ANSWERING))


def coordinates(request: HttpRequest) -> bool:
    from amana.trust.access.models import Role

    return Role.COORDINATOR in roles(request)


def roles(request: HttpRequest) -> set[str]:
    return set(getattr(request.user, "roles", ()))

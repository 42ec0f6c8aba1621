from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "amana.insight.feedback"
    label = "feedback"
    verbose_name = _("What people say")

    def ready(self) -> None:
        from amana.care.cases import sections
        from amana.insight.feedback import due, retention, sealing
        from amana.trust.vault import epochs
        from amana.ui import navigation, outages

        for sealed in sealing.SEALED:
            epochs.SEALED.append(sealed)
        sections.PANELS.append(
            sections.CaseSection(40, "feedback/slip_due.html", due.build_section)
        )
        navigation.add_personal(
            _("What people say"), "feedback:desk", place=44, when=listens
        )

        outages.UNATTENDED.append(is_of_a_kiosk)
        retention.register_sweep()


def is_of_a_kiosk(request: HttpRequest) -> bool:
    """Check by the address, while no database can list the devices."""
    try:
        page = resolve(request.path_info).view_name
    except Resolver404:
        return False
    of_thanks = page == "feedback:thanks" and "at" in request.GET
    return page == "feedback:kiosk" or of_thanks


def listens(request: HttpRequest) -> bool:
    """Check for what is shown, never as a rule: nearly everyone has something to do
    there."""
    from amana.insight.feedback.rules import ROLES

    return bool(getattr(request.user, "roles", frozenset()) & ROLES)

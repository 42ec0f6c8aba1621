from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReferralsConfig(AppConfig):
    name = "amana.care.referrals"
    label = "referrals"
    verbose_name = _("Referrals")

    def ready(self) -> None:
        from amana.care import INBOX
        from amana.care.referrals import (  # noqa: F401
            exporting,
            reactions,
            sections,
            undoing,
            waiting,
        )
        from amana.ui import badges, navigation

        sections.register()
        undoing.register()
        exporting.register_kinds()
        badges.BADGES["inbox"] = waiting.iterate_to_answer
        sent = pgettext_lazy("referrals that we sent", "Sent")
        for label, to, place, when, badge in (
            (_("Inbox"), "referrals:inbox", 8, answers, "inbox"),
            (sent, "referrals:sent", 9, sends, ""),
            (_("Appointments"), "referrals:calendar", 11, sends, ""),
            (_("Late referrals"), "referrals:late", 10, coordinates, ""),
        ):
            navigation.add_entry(
                label, to, place=place, when=when, group=INBOX, badge=badge
            )


def answers(request: HttpRequest) -> bool:
    from amana.trust.access.models import ANSWERING

    return bool(roles(request) & set(ANSWERING))


def sends(request: HttpRequest) -> bool:
    """Check whether the user may work on a case; a screener sends, and answers
    nothing."""
    from amana.trust.access.models import KEYHOLDERS

    return bool(roles(request) & KEYHOLDERS)


def coordinates(request: HttpRequest) -> bool:
    from amana.trust.access.models import Role

    return Role.COORDINATOR in roles(request)


def roles(request: HttpRequest) -> set[str]:
    return set(getattr(request.user, "roles", ()))

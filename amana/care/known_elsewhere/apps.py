from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class KnownElsewhereConfig(AppConfig):
    name = "amana.care.known_elsewhere"
    label = "known_elsewhere"
    verbose_name = _("Known elsewhere?")

    def ready(self) -> None:
        from amana.care.cases import sections
        from amana.care.cases.tabs import CaseTab
        from amana.care.known_elsewhere import reactions, retention
        from amana.ui import navigation

        navigation.add_personal(
            _("Known elsewhere?"),
            "known_elsewhere:list",
            place=32,
            when=answers_for_team,
        )
        sections.PANELS.append(
            sections.CaseSection(
                35,
                "known_elsewhere/panel.html",
                reactions.build_section,
                CaseTab.CONSENT,
            )
        )
        retention.register_sweep()


def answers_for_team(request: HttpRequest) -> bool:
    from amana.trust.access.models import ANSWERING

    return bool(getattr(request.user, "roles", frozenset()) & set(ANSWERING))

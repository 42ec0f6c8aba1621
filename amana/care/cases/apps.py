from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "amana.care.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from amana.care.cases import access_list, reactions  # noqa: F401
        from amana.trust.oversight import subjects
        from amana.ui import navigation

        subjects.FINDERS.append(access_list.find)

        navigation.add(_("Meet"), "cases:meet", place=10, when=holds_keys)
        navigation.add(_("Cases"), "cases:mine", place=20, when=holds_keys)
        navigation.add(_("Team"), "cases:team", place=22, when=supervises)
        navigation.add(_("Clocks"), "cases:watch", place=24, when=coordinates)
        navigation.add(_("Emergency lines"), "cases:contacts", place=80, when=keeps)


def holds_keys(request: HttpRequest) -> bool:
    from amana.trust.access.models import KEYHOLDERS

    return bool(roles(request) & KEYHOLDERS)


def supervises(request: HttpRequest) -> bool:
    from amana.trust.access.models import Role

    return Role.SUPERVISOR in roles(request)


def coordinates(request: HttpRequest) -> bool:
    from amana.trust.access.models import Role

    return Role.COORDINATOR in roles(request)


def keeps(request: HttpRequest) -> bool:
    from amana.care.cases.rules import KEEPERS

    return bool(roles(request) & KEEPERS)


def roles(request: HttpRequest) -> frozenset[str]:
    return getattr(request.user, "roles", frozenset())

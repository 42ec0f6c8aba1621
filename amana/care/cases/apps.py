from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "amana.care.cases"
    label = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from amana.care import CASES, MEET
        from amana.care.cases import (  # noqa: F401
            access_list,
            exporting,
            reactions,
            retention,
            undoing,
        )
        from amana.design import SERVICES
        from amana.trust.oversight import subjects
        from amana.ui import navigation

        undoing.register()
        exporting.register_kinds()
        retention.register()
        subjects.FINDERS.append(access_list.find)

        for label, to, place, when, group in (
            (_("Meet someone"), "cases:meet", 12, holds_keys, MEET),
            (_("Cases"), "cases:mine", 20, holds_keys, CASES),
            (_("Team cases"), "cases:team", 22, supervises, CASES),
            (_("Deadlines"), "cases:watch", 24, coordinates, CASES),
            (_("Emergency lines"), "cases:contacts", 44, keeps, SERVICES),
        ):
            navigation.add_entry(label, to, place=place, when=when, group=group)


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

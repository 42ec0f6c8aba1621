from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "amana.design.directory"
    label = "directory"
    verbose_name = _("Directory of services")

    def ready(self) -> None:
        from amana.design import SERVICES
        from amana.design.directory import addresses
        from amana.trust.vault import epochs
        from amana.ui import navigation

        # A colleague who leaves may have kept the team's key, so addresses are sealed
        # again (ADR 7).
        epochs.SEALED.append(
            epochs.ResealableKind(
                addresses.find_held_addresses, addresses.seal_addresses_again
            )
        )

        navigation.add_entry(
            _("Services"), "directory:services", place=40, group=SERVICES
        )
        navigation.add_entry(
            _("Beds and places"),
            "directory:places",
            place=42,
            when=works_in_a_team,
            group=SERVICES,
        )
        navigation.add_entry(
            _("Verification"),
            "directory:verification",
            place=44,
            when=keeps_services,
            group=SERVICES,
        )


def works_in_a_team(request: HttpRequest) -> bool:
    from amana.trust.access.models import KEYHOLDERS

    return bool(getattr(request.user, "roles", frozenset()) & KEYHOLDERS)


def keeps_services(request: HttpRequest) -> bool:
    from amana.design.directory.rules import KEEPERS
    from amana.trust.access.models import Role

    roles: frozenset[Role] = getattr(request.user, "roles", frozenset())
    return not roles.isdisjoint({*KEEPERS, Role.COORDINATOR})

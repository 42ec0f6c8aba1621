"""Rules: who may import files into the directory."""

from django.db.models import Q

from amana.exchange.imports.models import Import
from amana.trust.access.models import Role, User
from amana.trust.access.rules import holds, rule

IMPORTERS = (Role.COORDINATOR, Role.ADMINISTRATOR)


@rule
def bring_services(user: User) -> Q:
    """Match imports for those who maintain the whole directory: coordinators and
    administrators."""
    return Q() if holds(user, IMPORTERS) else Q(pk__in=[])


@rule
def see_import_row(user: User) -> Q:
    return Q(brought__in=bring_services.among(Import.objects.all(), user))

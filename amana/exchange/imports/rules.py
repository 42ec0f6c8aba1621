"""Rules: who may import files into the directory."""

from django.db.models import Q

from amana.exchange.imports.models import Import
from amana.trust.access.models import Role, User
from amana.trust.access.rules import define_rule, has_role

IMPORTERS = (Role.COORDINATOR, Role.ADMINISTRATOR)


@define_rule
def bring_services(user: User) -> Q:
    """Match imports for those who maintain the whole directory: coordinators and
    administrators."""
    return Q() if has_role(user, IMPORTERS) else Q(pk__in=[])


@define_rule
def see_import_row(user: User) -> Q:
    return Q(brought__in=bring_services.among(Import.objects.all(), user))


@define_rule
def bring_source(user: User) -> Q:
    """Match files whose columns this person is explaining: they sent them."""
    return Q(brought_by=user) if has_role(user, IMPORTERS) else Q(pk__in=[])

"""Rules: who may load files of areas."""

from django.db.models import Q

from amana.design.directory.actions.loaded_areas import AREA_KEEPERS
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule, has_role


@define_rule
def bring_area_file(user: User) -> Q:
    """Match files that this person has sent, for those who keep the directory."""
    return Q(brought_by=user) if has_role(user, AREA_KEEPERS) else Q(pk__in=[])

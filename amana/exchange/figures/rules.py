"""Rules: the classification that a country reports in is loaded by those who propose
releases."""

from django.db.models import Q

from amana.insight.release.rules import PROPOSERS as KEEPERS
from amana.trust.access.models import User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

__all__ = ["KEEPERS", "keep_classification"]


@define_rule
def keep_classification(user: User) -> Q:
    return EVERYTHING if has_role(user, KEEPERS) else NOTHING

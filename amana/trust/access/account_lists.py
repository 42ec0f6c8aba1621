"""The lists of an administrator, and the parts of them that a number leads to."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amana.trust.access.models import Membership, Organisation
from amana.ui.lists import ListSort, NumberedPart, build_parts_list

BY_NAME = ListSort("name", _("Name"), ("name", "pk"))


def filter_waiting_people() -> Q:
    """Filter people for a place of whom a second person has not vouched yet."""
    return Q(pk__in=Membership.objects.waiting().values("user"))


def filter_people_at_work() -> Q:
    """Filter who works here, or is proposed for it; who only learns is no colleague."""
    proposed = Membership.objects.filter(ended_at=None)
    return Q(learner_since=None) | Q(pk__in=proposed.values("user"))


def filter_people_with_account() -> Q:
    return Q(is_active=True)


def filter_waiting_organisations() -> Q:
    return Q(pk__in=Organisation.objects.waiting().values("pk"))


def filter_teams_without_number() -> Q:
    return Q(phone="")


PEOPLE = build_parts_list(
    BY_NAME,
    NumberedPart("waiting", _("Waiting to be confirmed"), filter_waiting_people),
    NumberedPart("active", _("With an account"), filter_people_with_account),
)
ORGANISATIONS = build_parts_list(
    BY_NAME,
    NumberedPart("waiting", _("Waiting for signatures"), filter_waiting_organisations),
)
TEAMS = build_parts_list(
    BY_NAME,
    NumberedPart(
        "silent", _("Without a telephone number"), filter_teams_without_number
    ),
)

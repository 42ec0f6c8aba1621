"""The lists of an administrator, and the parts of them that a number leads to."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amana.trust.access.models import Membership, Organisation
from amana.ui.lists import Part, Sort, in_parts

BY_NAME = Sort("name", _("Name"), ("name", "pk"))


def people_waiting() -> Q:
    """Filter people for a place of whom a second person has not vouched yet."""
    return Q(pk__in=Membership.objects.waiting().values("user"))


def people_with_an_account() -> Q:
    return Q(is_active=True)


def organisations_waiting() -> Q:
    return Q(pk__in=Organisation.objects.waiting().values("pk"))


def teams_without_a_number() -> Q:
    return Q(phone="")


PEOPLE = in_parts(
    BY_NAME,
    Part("waiting", _("Waiting to be confirmed"), people_waiting),
    Part("active", _("With an account"), people_with_an_account),
)
ORGANISATIONS = in_parts(
    BY_NAME, Part("waiting", _("Waiting for signatures"), organisations_waiting)
)
TEAMS = in_parts(
    BY_NAME, Part("silent", _("Without a telephone number"), teams_without_a_number)
)

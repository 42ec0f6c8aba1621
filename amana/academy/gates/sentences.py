"""What is said to who is turned away at a gate, and of who lacks what."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.academy.gates.standing import (
    Kind,
    Standing,
    lacking_to_act,
    lacking_to_hold,
)
from amana.design.mechanism.panels import certificate_name
from amana.trust.access.models import Role, Team, User

KINDS: dict[Kind, tuple[str | Promise, str]] = {
    Kind.HELD: (lazy("In force"), "good"),
    Kind.ENDING: (lazy("Expires soon"), "due"),
    Kind.ALLOWED: (lazy("Allowed without certificate"), "due"),
    Kind.GRACE: (lazy("Continues until it is decided"), "due"),
    Kind.LACKS: (lazy("No certificate"), "late"),
    Kind.STOPPED: (lazy("No longer acts"), "plain"),
}


def state(one: Standing) -> tuple[str | Promise, str]:
    """Format the state in words, and how urgent that is."""
    if not one.in_role and one.kind in (Kind.GRACE, Kind.LACKS):
        return lazy("No certificate; another person has the role"), "plain"
    return KINDS[one.kind]


def lacks_certificate(user: User, team: Team, role: Role) -> str:
    """Describe why a person can't be given a role."""
    code = lacking_to_hold(user, team, role)
    if not code:
        return ""
    return _(
        "This role requires the certificate “%(certificate)s”, and this person "
        "does not hold a valid one. A coordinator can allow it until a set date."
    ) % {"certificate": certificate_name(code)}


def may_not_act(user: User, team: Team, part: str) -> str:
    """Describe why a colleague does this step."""
    code = lacking_to_act(user, team, part)
    if not code:
        return ""
    return _(
        "This requires the certificate “%(certificate)s”, and you do not hold a "
        "valid one. A colleague in the team who holds it can do this now, or a "
        "coordinator can allow you to do it until a set date."
    ) % {"certificate": certificate_name(code)}

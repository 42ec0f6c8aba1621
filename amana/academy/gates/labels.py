"""What is said to who is turned away at a gate, and of who lacks what."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.academy.gates.requirement_status import (
    RequirementState,
    RequirementStatus,
    find_missing_to_act,
    find_missing_to_hold,
)
from amana.design.mechanism.sections import find_certificate_name
from amana.trust.access.models import Role, Team, User

KINDS: dict[RequirementState, tuple[str | Promise, str]] = {
    RequirementState.HELD: (lazy("In force"), "good"),
    RequirementState.ENDING: (lazy("Expires soon"), "due"),
    RequirementState.ALLOWED: (lazy("Allowed without certificate"), "due"),
    RequirementState.GRACE: (lazy("Continues until it is decided"), "due"),
    RequirementState.LACKS: (lazy("No certificate"), "late"),
    RequirementState.STOPPED: (lazy("No longer acts"), "plain"),
}


def format_state(one: RequirementStatus) -> tuple[str | Promise, str]:
    """Format the state in words, and how urgent that is."""
    if not one.in_role and one.kind in (RequirementState.GRACE, RequirementState.LACKS):
        return lazy("No certificate; another person has the role"), "plain"
    return KINDS[one.kind]


def describe_missing_to_hold(user: User, team: Team, role: Role) -> str:
    """Describe why a person can't be given a role."""
    code = find_missing_to_hold(user, team, role)
    if not code:
        return ""
    return _(
        "This role requires the certificate “%(certificate)s”, and this person "
        "does not hold a valid one. A coordinator can allow it until a set date."
    ) % {"certificate": find_certificate_name(code)}


def describe_missing_to_act(user: User, team: Team, part: str) -> str:
    """Describe why a colleague does this step."""
    code = find_missing_to_act(user, team, part)
    if not code:
        return ""
    return _(
        "This requires the certificate “%(certificate)s”, and you do not hold a "
        "valid one. A colleague in the team who holds it can do this now, or a "
        "coordinator can allow you to do it until a set date."
    ) % {"certificate": find_certificate_name(code)}

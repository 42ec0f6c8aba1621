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
    Kind.ENDING: (lazy("Ends soon"), "due"),
    Kind.ALLOWED: (lazy("Allowed without"), "due"),
    Kind.GRACE: (lazy("Goes on until it is decided"), "due"),
    Kind.LACKS: (lazy("Lacks it"), "late"),
    Kind.STOPPED: (lazy("Acts no longer"), "plain"),
}


def state(one: Standing) -> tuple[str | Promise, str]:
    """In words, and how urgent that is."""
    if not one.in_role and one.kind in (Kind.GRACE, Kind.LACKS):
        return lazy("Without it; the role is another’s"), "plain"
    return KINDS[one.kind]


def lacks_certificate(user: User, team: Team, role: Role) -> str:
    """Why somebody can't be given a role."""
    code = lacking_to_hold(user, team, role)
    if not code:
        return ""
    return _(
        "This role asks for the certificate “%(certificate)s”, and they hold none that "
        "is in force. Whoever coordinates can allow it until a day."
    ) % {"certificate": certificate_name(code)}


def may_not_act(user: User, team: Team, part: str) -> str:
    """Why a colleague does this step."""
    code = lacking_to_act(user, team, part)
    if not code:
        return ""
    return _(
        "This asks for the certificate “%(certificate)s”, and yours is not in force. A "
        "colleague in the team who holds it can do this now; whoever coordinates can "
        "allow it to you until a day."
    ) % {"certificate": certificate_name(code)}

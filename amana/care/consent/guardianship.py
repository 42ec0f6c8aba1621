"""For whom a guardian has to agree, and which guardian can't.

A person who may be a child is one until shown otherwise. A child is asked too, whatever
a guardian answers; a guardian under suspicion agrees to nothing."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from amana.care.cases.fields import Assent, GuardianState, YesNo, may_be_child
from amana.care.consent.models import Consent
from amana.errors import Refused

By = Consent.GivenBy
YES = (YesNo.YES, YesNo.UNSURE)
"""In doubt the child gets the better protection."""


def list_givers(identity: Mapping[str, object]) -> list[By]:
    """List who may answer for this person."""
    if not may_be_child(identity):
        return [By.PERSON]
    return [By.GUARDIAN, By.CHILD] if has_guardian(identity) else [By.CHILD]


def has_guardian(identity: Mapping[str, object]) -> bool:
    """Check whether someone is known who may agree for the child."""
    known = identity.get("guardian") or identity.get("guardian_state")
    # An authority has yet to appoint one: a name that is noted is no guardian.
    needed = identity.get("guardian_state") == GuardianState.NEEDED
    return bool(known) and not needed and not is_suspected(identity)


def is_suspected(identity: Mapping[str, object]) -> bool:
    return identity.get("guardian_suspect") in YES


def describe_obstacle(identity: Mapping[str, object], given_by: By) -> str | None:
    """Describe why an answer by this person does not count, as far as is known now."""
    child = may_be_child(identity)
    if given_by is By.PERSON and child:
        return _(
            "This person may be a child. A guardian must agree as well as the child, "
            "or the law must allow the child to decide alone."
        )
    if given_by is not By.PERSON and not child:
        return _("Adults decide for themselves. Record the person’s own answer.")
    if given_by is By.GUARDIAN and is_suspected(identity):
        return _(
            "This guardian may be involved in the harm and cannot agree for the child."
        )
    if given_by is By.GUARDIAN and not has_guardian(identity):
        return _("First record who the guardian is.")
    if given_by is not By.PERSON and identity.get("assent") == Assent.DISAGREES:
        return _("The child does not agree, so nothing is shared.")
    return None


def require(identity: Mapping[str, object], given_by: By, *, why_alone: str) -> None:
    """Refuse an answer by someone who can't give it."""
    if why := describe_obstacle(identity, given_by):
        raise Refused(why)
    if given_by is By.CHILD and not why_alone.strip():
        raise Refused(_("Record which law allows the child to decide alone."))

"""What we do when something happens in other rooms."""

from collections.abc import Mapping

from django.dispatch import receiver

from amana.care.cases.events import record_changing, record_written
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.trust.access.events import sphere_changed
from amana.trust.access.models import Organisation, User
from amana.trust.vault.compartments import Compartment


@receiver(record_changing)
def lock_before_identity_changes(
    case: Case, compartment: Compartment, **kwargs: object
) -> None:
    """Lock the live consents of a case before who the person is changes."""
    # Before their case, as where they are used: no deadlock.
    if compartment is Compartment.IDENTITY:
        actions.lock_live_consents(case)


@receiver(record_written)
def discount_changed_givers(
    case: Case,
    compartment: Compartment,
    content: Mapping[str, object],
    by: User,
    **kwargs: object,
) -> None:
    """Discount consents whose giver can no longer agree: a guardian has come under
    suspicion, or an adult may be a child."""
    if compartment is Compartment.IDENTITY:
        actions.discount_given_by_others(case, content, by=by)


@receiver(sphere_changed)
def end_consents_of_old_sphere(organisation: Organisation, **kwargs: object) -> None:
    """End the consents to share with an organisation whose sphere has changed: the
    person heard to what kind of organisation it goes."""
    actions.end_resting_on_sphere(organisation)

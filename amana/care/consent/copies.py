"""The duty of a recipient to destroy its copies, where something shared has ended."""

from functools import partial

from django.db import transaction

from amana.care.consent import tasks
from amana.care.consent.events import destruction_asked
from amana.care.consent.models import Consent, Destruction, VitalInterest
from amana.trust.access.models import User


def ask_to_destroy(basis: Consent | VitalInterest, *, by: User | None) -> Destruction:
    """Ask the recipient to destroy its copies; part of the action that ends what was
    shared."""
    consent = basis if isinstance(basis, Consent) else None
    interest = basis if isinstance(basis, VitalInterest) else None
    made = Destruction.objects.create(consent=consent, vital_interest=interest)
    destruction_asked.send(Destruction, destruction=made, by=by)
    transaction.on_commit(partial(tasks.notify_to_destroy.enqueue, made.pk))
    return made

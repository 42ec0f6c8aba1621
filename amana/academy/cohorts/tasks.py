"""Messages that say only that there is something to read after signing in."""

from uuid import UUID

from django.tasks import task

from amana.academy.cohorts.models import Application, CohortMessage
from amana.trust.access.models import User
from amana.trust.access.tasks import notify_address, notify_each


@task
def notify_applicant(application_id: str) -> None:
    """Notify a person with an account. Visitors are answered by a person."""
    found = Application.objects.filter(pk=UUID(application_id))
    person = next(
        (application.person for application in found.select_related("person")), None
    )
    if person is not None:
        notify_address(person.email, person.language, urgent=True)


@task
def notify_readers(message_id: int) -> None:
    """Notify those to whom a message of the cohort is addressed."""
    message = CohortMessage.objects.filter(pk=message_id).first()
    if message is None:
        return
    readers = list_readers(message)
    notify_each([(each.email, each.language) for each in readers], urgent=False)


def list_readers(message: CohortMessage) -> list[User]:
    """List who reads it: one learner, or everyone who takes part."""
    seats = Application.objects.taking_part().filter(cohort=message.cohort_id)
    if message.to_id:
        seats = seats.filter(pk=message.to_id)
    readers = User.objects.filter(pk__in=seats.values("person"), is_active=True)
    return list(readers.order_by("pk"))

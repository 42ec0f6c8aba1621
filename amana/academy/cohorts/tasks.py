"""Messages that say only that there is something to read after signing in."""

from uuid import UUID

from django.tasks import task

from amana.academy.cohorts.models import Application
from amana.trust.access.tasks import notify_address


@task
def notify_applicant(application_id: str) -> None:
    """Notify a person with an account. Visitors are answered by a person."""
    found = Application.objects.filter(pk=UUID(application_id))
    person = next(
        (application.person for application in found.select_related("person")), None
    )
    if person is not None:
        notify_address(person.email, person.language, urgent=True)

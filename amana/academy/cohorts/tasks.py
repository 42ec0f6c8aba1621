"""Messages that say only that something waits; what it is, is read after signing in."""

from uuid import UUID

from django.core.mail import send_mail
from django.tasks import task
from django.utils import translation
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Application


@task
def tell(application_id: str) -> None:
    """Ask somebody with an account to look. Visitors are answered by a person."""
    found = Application.objects.filter(pk=UUID(application_id))
    person = next((one.person for one in found.select_related("person")), None)
    if person is None:
        return
    with translation.override(person.language):
        send_mail(
            subject=_("Something waits for you in Amana"),
            message=_(
                "Please sign in to Amana: something waits for you or for your team."
                "\n\nThis message is the same for everyone and says nothing about "
                "anyone."
            ),
            from_email=None,
            recipient_list=[person.email],
        )

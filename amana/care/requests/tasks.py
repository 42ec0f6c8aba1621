"""Notifications that something waits, and nothing more. They hold ids; no task reads a
case."""

from django.conf import settings
from django.tasks import task

from amana.care.cases.rules import URGENT
from amana.care.referrals import calendars, rota
from amana.care.requests.models import Enquiry, HelpRequest
from amana.trust.access.models import User
from amana.trust.access.tasks import notify_each


@task
def notify_recipients(enquiry_ids: list[str]) -> None:
    """Notify those who answer in each of these teams today."""
    rows = Enquiry.objects.select_related("request", "recipient")
    for enquiry in rows.filter(pk__in=enquiry_ids).order_by("rank"):
        found = rota.list_people_answering(enquiry.recipient_id, calendars.get_today())
        people = [(user.email, user.language) for user in found]
        if people and enquiry.recipient.email:
            people.append((enquiry.recipient.email, settings.LANGUAGE_CODE))
        notify_each(people, urgent=enquiry.request.urgency in URGENT)


@task
def notify_supervisors(enquiry_id: str) -> None:
    """Notify the supervisors of a team that did not answer a question in time."""
    enquiry = Enquiry.objects.select_related("request").get(pk=enquiry_id)
    found = rota.list_supervisors(enquiry.recipient_id, calendars.get_today())
    people = [(user.email, user.language) for user in found]
    notify_each(people, urgent=enquiry.request.urgency in URGENT)


@task
def notify_sender(request_id: str) -> None:
    """Notify who sent a request: it was answered, or they have to call."""
    request = HelpRequest.objects.select_related("asked_by").get(pk=request_id)
    people = [(user.email, user.language) for user in list_people_of_sender(request)]
    notify_each(people, urgent=request.urgency in URGENT)


def list_people_of_sender(request: HelpRequest) -> list[User]:
    """List who asked, or who covers for them; else the supervisors of the team."""
    day, team = calendars.get_today(), request.sender_id
    mine = [request.asked_by] if request.asked_by.is_active else []
    return rota.choose_first_present(team, [mine], day) or rota.list_supervisors(
        team, day
    )

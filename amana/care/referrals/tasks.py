"""Notifications that something waits, and nothing more. They hold ids; no task reads a
case."""

from django.conf import settings
from django.tasks import task
from django.urls import reverse

from amana.care.cases.rules import URGENT
from amana.care.referrals import calendars, rota
from amana.care.referrals.models import Referral
from amana.trust.access.models import User
from amana.trust.access.rules import can_answer_in_amana
from amana.trust.access.tasks import notify_each, notify_outside
from amana.trust.vault.models import ReturnSlip, SealedPage

RECIPIENT, SENDER = "recipient", "sender"
SUPERVISOR, COORDINATOR = "supervisor", "coordinator"
MAILBOX, NOBODY = "mailbox", "nobody"


@task
def notify_people(referral_id: str, whom: str) -> None:
    """Notify those who have to know."""
    beside = ("recipient", "sender", "case")
    referral = Referral.objects.select_related(*beside).get(pk=referral_id)
    # Who that is, is looked up now: between queueing and sending, duty and covers
    # change.
    people = [(user.email, user.language) for user in list_notified(referral, whom)]
    urgent = referral.urgency in URGENT
    if whom == RECIPIENT and people and referral.recipient.email:
        people.append((referral.recipient.email, settings.LANGUAGE_CODE))
    # Where no one has an account, a message to sign in would only puzzle.
    if whom in (RECIPIENT, MAILBOX) and has_mailbox(referral):
        notify_outside(
            referral.recipient.email,
            settings.LANGUAGE_CODE,
            where=reverse("referrals:slip"),
            urgent=urgent,
        )
    notify_each(people, urgent=urgent)


def has_mailbox(referral: Referral) -> bool:
    """Check whether a mail reaches a team without accounts, which has a code to use."""
    shared = referral.disclosure
    return (
        bool(referral.recipient.email)
        and not can_answer_in_amana(referral.recipient_id)
        and (
            ReturnSlip.objects.good().filter(disclosure=shared).exists()
            or SealedPage.objects.open().filter(disclosure=shared).exists()
        )
    )


def list_notified(referral: Referral, whom: str) -> list[User]:
    return choose_notified(referral, whom)[1]


def choose_notified(referral: Referral, whom: str) -> tuple[str, list[User]]:
    """Choose who is really notified where `whom` should be, and as what; NOBODY if
    none is."""
    day = calendars.get_today()
    if whom == MAILBOX:
        return MAILBOX, []
    if whom == RECIPIENT:
        return RECIPIENT, rota.list_people_answering(referral.recipient_id, day)
    if whom == SUPERVISOR and (
        found := rota.list_supervisors(referral.team_to_act, day)
    ):
        return SUPERVISOR, found
    if whom != COORDINATOR and (found := rota.list_people_of_sender(referral, day)):
        return SENDER, found
    found = rota.list_coordinators()
    return (COORDINATOR if found else NOBODY), found

"""Messages that say only that something waits. They hold ids; no task reads a case."""

from django.conf import settings
from django.tasks import task

from amana.care.referrals import calendars, rota
from amana.care.referrals.models import Referral
from amana.trust.access.models import User
from amana.trust.access.tasks import ask_to_look

RECIPIENT, SENDER = "recipient", "sender"
SUPERVISOR, COORDINATOR = "supervisor", "coordinator"

URGENT = ("U0", "U1")


@task
def tell(referral_id: str, whom: str) -> None:
    """Ask those who have to know to look; who that is, is seen when it is sent."""
    beside = ("recipient", "sender", "case")
    referral = Referral.objects.select_related(*beside).get(pk=referral_id)
    people, urgent = who(referral, whom), referral.urgency in URGENT
    for user in people:
        ask_to_look(user.email, user.language, urgent=urgent)
    # Where nobody has an account, a message to sign in would only puzzle.
    if whom == RECIPIENT and people and referral.recipient.email:
        ask_to_look(referral.recipient.email, settings.LANGUAGE_CODE, urgent=urgent)


def who(referral: Referral, whom: str) -> list[User]:
    day = calendars.today()
    if whom == RECIPIENT:
        return rota.who_answers(referral.recipient_id, day)
    if whom == SENDER:
        return rota.who_sent(referral, day)
    if whom == COORDINATOR:
        return rota.coordinators()
    leading = rota.supervisors(referral.team_to_act, day)
    return leading or rota.who_sent(referral, day) or rota.coordinators()

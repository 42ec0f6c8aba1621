"""Messages that say only that something waits. They hold ids; no task reads a case."""

from django.conf import settings
from django.tasks import task

from amana.care.cases.rules import URGENT
from amana.care.referrals import calendars, rota
from amana.care.referrals.models import Referral
from amana.trust.access.models import User
from amana.trust.access.tasks import ask_each

RECIPIENT, SENDER = "recipient", "sender"
SUPERVISOR, COORDINATOR = "supervisor", "coordinator"


@task
def tell(referral_id: str, whom: str) -> None:
    """Ask those who have to know to look; who that is, is seen when it is sent."""
    beside = ("recipient", "sender", "case")
    referral = Referral.objects.select_related(*beside).get(pk=referral_id)
    people = [(user.email, user.language) for user in who(referral, whom)]
    # Where nobody has an account, a message to sign in would only puzzle.
    if whom == RECIPIENT and people and referral.recipient.email:
        people.append((referral.recipient.email, settings.LANGUAGE_CODE))
    ask_each(people, urgent=referral.urgency in URGENT)


def who(referral: Referral, whom: str) -> list[User]:
    day = calendars.today()
    if whom == RECIPIENT:
        return rota.who_answers(referral.recipient_id, day)
    found: list[User] = []
    if whom == SUPERVISOR:
        found = rota.supervisors(referral.team_to_act, day)
    if whom != COORDINATOR:
        found = found or rota.who_sent(referral, day)
    return found or rota.coordinators()

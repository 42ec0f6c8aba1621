"""What waits for an answer, as the badge of the inbox counts it."""

from collections.abc import Iterator

from django.db.models import QuerySet

from amana.care.referrals.models import Referral
from amana.care.referrals.rules import ANSWERING, answer_referral
from amana.trust.access.kept import Worded, kept
from amana.trust.access.models import User
from amana.ui import badges


@kept(User, int)
def asked_of_team(user: User, team: int) -> QuerySet[Referral]:
    """By team and stage, as the index has them."""
    return answer_referral.among(
        Referral.objects.filter(recipient=team).to_answer(), user
    )


def to_answer(user: User) -> Iterator[Worded]:
    """What asks how many referrals the person's teams have to answer."""
    for team in sorted({t for t, role in user.places if role in ANSWERING})[:50]:
        yield asked_of_team.of(user, team).some(badges.AT_MOST)

"""What waits for an answer, as the badge of the inbox counts it."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from amana.care.referrals.models import Referral
from amana.care.referrals.rules import answer_referral
from amana.registry import Registry
from amana.trust.access.models import ANSWERING, User
from amana.trust.access.prepared import Worded, prepare_query
from amana.ui import badges


@prepare_query(User, int)
def find_waiting_for_team(user: User, team: int) -> QuerySet[Referral]:
    """Find what one team has to answer, by team and stage, as the index has them."""
    return answer_referral.among(
        Referral.objects.filter(recipient=team).to_answer(), user
    )


type Waiting = Callable[[User], Iterator[Worded]]

ALSO_TO_ANSWER: Registry[Waiting] = Registry()
"""What rooms above ask of the same teams, in the same inbox."""


def iterate_to_answer(user: User) -> Iterator[Worded]:
    """Yield queries that count the referrals, and the requests of rooms above, that a
    user's teams have to answer."""
    for also in ALSO_TO_ANSWER:
        yield from also(user)
    for team in sorted({t for t, role in user.places if role in ANSWERING})[:50]:
        yield find_waiting_for_team.of(user, team).some(badges.AT_MOST)

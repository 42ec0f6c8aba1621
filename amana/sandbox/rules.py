"""Who leads an exercise, and who plays where: by the account, which the server beside
it has chosen."""

from django.db.models import Q

from amana.academy.exercises.accounts import CONTROL, OBSERVER_SEAT, parse_seat
from amana.academy.exercises.engine.scenario import Seat
from amana.sandbox import country, playing
from amana.trust.access.models import User
from amana.trust.access.rules import NOTHING, define_rule


@define_rule
def lead_exercise(user: User) -> Q:
    """Match one's own account, where it is that of those who lead; and that of one who
    plays alone."""
    own = Q(pk=user.pk)
    return own if playing.is_alone() else own & Q(email=country.get_address(CONTROL))


@define_rule
def observe_exercise(user: User) -> Q:
    """Match one's own account, where it is that of an observer."""
    watches = parse_seat(get_account(user)) == OBSERVER_SEAT
    return Q(pk=user.pk) if watches else NOTHING


def get_account(user: User) -> str:
    return user.email.partition("@")[0]


def find_seat(user: User) -> Seat | None:
    """Find the seat that an account plays; None for those who lead."""
    return playing.load_scenario().seats.get(parse_seat(get_account(user)))

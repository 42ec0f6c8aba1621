"""What the two of a pair write to each other, by name."""

from collections.abc import Mapping

from amana.academy import circle
from amana.academy.circle import Written
from amana.academy.community.mentoring.models import CheckIn, Commitment, Pair
from amana.trust.access.models import User


def begin_circle(pair: Pair, *, by: User) -> None:
    circle.begin(pair.pk, [pair.mentor, pair.mentee], by=by)


def write_text(
    pair: Pair, name: str, content: Mapping[str, object], *, by: User
) -> None:
    circle.write(pair.pk, name, content, by=by)


def open_texts(pair: Pair, *, by: User) -> Written:
    return circle.open_messages(pair.pk, by=by, purpose="mentoring")


def destroy_texts(pair: Pair) -> None:
    circle.destroy(pair.pk)


def build_name(thing: CheckIn | Commitment) -> str:
    kind = "check-in" if isinstance(thing, CheckIn) else "commitment"
    return f"{kind} {thing.pk}"

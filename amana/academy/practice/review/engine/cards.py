"""Questions that a learner missed come back when about to be forgotten (FSRS).

A card begins with a miss, and its state is a fold over what happened: nothing of it is
stored. Days and not minutes lie between two questions on the same thing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fsrs import Card, Rating, Scheduler

DAILY = 5
"""How many are asked in a day: little, and often."""

LONGEST = 180

SCHEDULER = Scheduler(
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST,
    enable_fuzzing=False,
)


@dataclass(frozen=True)
class CardAnswer:
    """An answer to a question: missed somewhere, or reviewed with a rating."""

    question: str
    rating: Rating
    at: datetime
    reviewed: bool = False


type Cards = Mapping[str, Card]


def build_cards(happened: Iterable[CardAnswer]) -> Cards:
    """Build the card of each question that was missed. Answers come in the order in
    which they were given.
    """
    found: dict[str, Card] = {}
    for answer in happened:
        card = found.get(answer.question)
        if card is None:
            # What was never missed is never asked: review is for mistakes, not for all
            # questions.
            if answer.rating != Rating.Again:
                continue
            # The number is required, and else random: the fold must always give the
            # same card.
            card = Card(card_id=1)
        found[answer.question] = rate_card(card, answer.rating, answer.at)
    return found


def rate_card(card: Card, rating: Rating, at: datetime) -> Card:
    after, _log = SCHEDULER.review_card(card, rating, at)
    return after


def list_due(found: Cards, now: datetime) -> list[str]:
    """List what is due on this day, the longest due first."""
    waiting = [(card.due, name) for name, card in found.items() if is_due(card, now)]
    return [name for _due, name in sorted(waiting)]


def is_due(card: Card, now: datetime) -> bool:
    """Return whether it is due on the day, whatever the minute."""
    return card.due.date() <= now.date()


def choose_for_today(
    found: Cards, happened: Iterable[CardAnswer], now: datetime
) -> tuple[list[str], int]:
    """Choose what is still asked today, and count how much was."""
    asked = sum(
        answer.reviewed and answer.at.date() == now.date() for answer in happened
    )
    return list_due(found, now)[: max(0, DAILY - asked)], asked


def count_days_until(card: Card, rating: Rating, now: datetime) -> int:
    """Count in how many days it would come back."""
    # The hour keeps a card that is due a moment before the full day from losing one.
    return max(1, (rate_card(card, rating, now).due - now + timedelta(hours=1)).days)

"""The order of tasks, compared with the written one in words of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from amana.care.lists.ranking import compute_rank

NOW = datetime(2026, 11, 28, 22, 0, tzinfo=UTC)
WEEK, NOTHING = timedelta(days=7), timedelta(0)


@dataclass(frozen=True)
class Example:
    urgency: str
    due_at: datetime | None

    @property
    def late(self) -> timedelta:
        return NOW - self.due_at if self.due_at else NOTHING


def an_example(chance: Random) -> Example:
    minutes = chance.choice([chance.randint(-90 * 24 * 60, 3 * 24 * 60), 0, -7 * 1440])
    due_at = None if chance.random() < 0.1 else NOW + timedelta(minutes=minutes)
    return Example(chance.choice(["U0", "U1", "U2", "U3", ""]), due_at)


def place_of(task: Example) -> int:
    """Where the written order (docs/manual/tasks.md) puts it, the first being 0."""
    if task.urgency == "U0":
        return 0
    if task.urgency == "U1":
        return 1 if task.late > NOTHING else 2
    if task.urgency == "U3":
        if task.late > WEEK:
            return 3
        return 5 if task.late > NOTHING else 6
    if task.late > WEEK:
        return 1
    return 3 if task.late > NOTHING else 4


def test_5000_random_sets_of_tasks_stand_in_the_written_order() -> None:
    """Emergencies; high and late; high; medium and late; medium; routine and late;
    routine; where medium and routine work a week late counts one urgency higher."""
    chance = Random(5000)
    for _ in range(5000):
        found = [an_example(chance) for _ in range(chance.randint(0, 25))]

        ranked = sorted(found, key=lambda task: compute_rank(task, NOW))

        for before, after in pairwise(ranked):
            assert place_of(before) <= place_of(after)
            if place_of(before) == place_of(after) and after.due_at:
                assert before.due_at
                assert before.due_at <= after.due_at


def test_an_unanswered_emergency_is_above_any_old_bed_count() -> None:
    emergency = Example("U0", NOW + timedelta(minutes=38))
    bed_counts = [Example("", NOW - timedelta(days=53)) for _ in range(7)]

    assert (
        min([*bed_counts, emergency], key=lambda task: compute_rank(task, NOW))
        is emergency
    )

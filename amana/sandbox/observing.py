"""What observers look for, what they marked, and how far two of them agree. No one
reads a mark before the exercise has ended and all who watch have finished, or it was
closed: who has read another's marks no longer sees for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from amana.academy.exercises.engine.agreement import Agreement, compute_agreement
from amana.academy.exercises.standard_observations import (
    LEVELS,
    NO_OCCASION,
    OBSERVED,
)
from amana.sandbox import playing
from amana.sandbox.country import get_address
from amana.sandbox.here import FOLDER
from amana.sandbox.rules import get_account
from amana.sandbox.stage import Stage
from amana.trust.access.models import User
from amana.ui.labels import format_list

NONE = "none"
"""There was no occasion."""


@dataclass(frozen=True)
class SheetItem:
    """What is looked for, in the reader's language; levels from the lowest, called
    1, 2 and so on."""

    code: str
    title: str
    seen_by: str
    why: str
    levels: tuple[str, ...]

    def list_choices(self) -> list[tuple[str, str]]:
        numbered = enumerate(self.levels, start=1)
        return [*((str(n), level) for n, level in numbered), (NONE, str(NO_OCCASION))]

    def get_tone(self, level: str) -> str:
        highest = str(len(self.levels))
        return {NONE: "plain", "1": "late", highest: "good"}.get(level, "due")


@dataclass(frozen=True)
class ShownMark:
    """A mark as it is read: by which observer, of which seat."""

    observer: str
    seat: str
    level: str
    tone: str
    text: str


@dataclass(frozen=True)
class ShownAgreement:
    observers: str
    agreement: Agreement

    @property
    def percent(self) -> int | None:
        """Of a hundred marks that both made, so many are alike."""
        alike = self.agreement.alike
        return None if alike is None else round(100 * alike)


@dataclass(frozen=True)
class ShownObserved:
    """What observers marked, and how far each two agree."""

    still_marking: int = 0
    """So many have not finished; until then nothing is shown."""
    items: tuple[tuple[SheetItem, tuple[ShownMark, ...]], ...] = ()
    agreements: tuple[ShownAgreement, ...] = ()


def list_sheet() -> list[SheetItem]:
    """List what is looked for: first what the scenario adds."""
    # Their codes can’t be those of the standard: no code has a full stop.
    own = [
        SheetItem(
            f"own.{code}",
            playing.say(observed.title),
            "",
            playing.say(playing.load_scenario().objectives[observed.objective]),
            tuple(map(playing.say, observed.levels)),
        )
        for code, observed in playing.load_scenario().observed.items()
    ]
    standard = [
        SheetItem(
            code, str(s.title), str(s.seen_by), str(s.why), tuple(map(str, LEVELS))
        )
        for code, s in OBSERVED.items()
    ]
    return own + standard


def show_observed(stage: Stage) -> ShownObserved:
    """Show what was marked, once it has ended and all who watch have finished."""
    if stage.ended_at is None:
        return ShownObserved()
    if marking := list_marking(stage):
        return ShownObserved(len(marking))
    observers = list_observers(stage)
    # By number, not by name: what was seen counts, and not who saw it.
    names = dict(User.objects.values_list("email", "name"))
    called = {account: names[get_address(account)] for account in observers}
    return ShownObserved(
        0,
        tuple(iterate_marked(stage, called)),
        tuple(
            ShownAgreement(
                format_list([called[first], called[second]]),
                compare_marks(stage, first, second),
            )
            for first, second in combinations(observers, 2)
        ),
    )


def list_marking(stage: Stage) -> set[str]:
    """List the accounts of those who watch and have not finished; none of them once
    the exercise was closed, as an observer may never come back."""
    if FOLDER.is_closed:
        return set()
    return {*FOLDER.read_observers(), *list_observers(stage)} - stage.finished


def list_observers(stage: Stage) -> list[str]:
    """List the accounts of those who marked anything, by their numbers."""
    return sorted({account for account, _seat, _observed in stage.marks})


def iterate_marked(
    stage: Stage, called: dict[str, str]
) -> Iterator[tuple[SheetItem, tuple[ShownMark, ...]]]:
    seats = playing.load_scenario().seats
    marked = sorted(stage.marks.items(), key=lambda kept: kept[0])
    for item in list_sheet():
        levels = dict(item.list_choices())
        marks = tuple(
            ShownMark(
                called[account],
                playing.say(seats[seat].title),
                levels[mark.level],
                item.get_tone(mark.level),
                mark.text,
            )
            for (account, seat, observed), mark in marked
            if observed == item.code
        )
        if marks:
            yield item, marks


def compare_marks(stage: Stage, first: str, second: str) -> Agreement:
    """Compare what two observers marked of the same seats. Where one of them saw no
    occasion, there is nothing to compare; nor between levels of different number, of
    which a scenario may have more or fewer."""
    usual = {item.code for item in list_sheet() if len(item.levels) == len(LEVELS)}
    pairs = [
        (mark.level, other.level)
        for (account, seat, observed), mark in stage.marks.items()
        if account == first
        and observed in usual
        and (other := stage.marks.get((second, seat, observed)))
        and NONE not in (mark.level, other.level)
    ]
    return compute_agreement(
        [mark for mark, _other in pairs],
        [other for _mark, other in pairs],
        levels=[str(number) for number in range(1, len(LEVELS) + 1)],
    )


def has_finished(stage: Stage, user: User) -> bool:
    """Check whether an observer's marks stay as they are: they have finished, or the
    exercise was closed."""
    return FOLDER.is_closed or get_account(user) in stage.finished

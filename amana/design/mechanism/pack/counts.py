"""The differences in the counts of two versions: who comes, who is there to help."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_differences import (
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
    ReplacementTexts,
    describe_replaced,
    describe_swap,
    match_by_key,
)
from amana.design.pathway.pathway_model import EMPTY
from amana.faults import gettext_noop

type Counts = Mapping[str, Any]

THERE = gettext_noop("It now states who comes and who is there to help.")
GONE = gettext_noop("It no longer states who comes and who is there to help.")
ARRIVALS = gettext_noop(
    "People arriving per working day: now %(now)s (previously %(before)s)."
)
HOURS = ReplacementTexts(
    gettext_noop(
        "Working hours per day of one post: now %(now)s (previously %(before)s)."
    ),
    gettext_noop("Working hours per day of one post: now %(now)s."),
    gettext_noop(
        "Working hours per day of one post: no longer stated (previously %(before)s)."
    ),
)
POSTS = ReplacementTexts(
    gettext_noop("%(name)s, full-time posts: now %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s, full-time posts: now %(now)s."),
    gettext_noop("%(name)s, full-time posts: now none (previously %(before)s)."),
)
WORK = ReplacementTexts(
    gettext_noop("%(name)s, hours of work: now %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s, hours of work: now %(now)s."),
    gettext_noop("%(name)s, hours of work: no longer stated (previously %(before)s)."),
)
PLACES = ReplacementTexts(
    gettext_noop("%(name)s, places: now %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s, places: now %(now)s."),
    gettext_noop("%(name)s, places: now none (previously %(before)s)."),
)
STAY = gettext_noop(
    "%(name)s: a place is now taken for %(now)s days (previously %(before)s)."
)
CHANCE = gettext_noop("%(name)s: how often this happens has changed.")


def compare_capacity(
    old: Pack, new: Pack, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    was, now = rename_capacity_steps(old.capacity, renamed), new.capacity
    for sentence, values in compare_counts(was, now, new):
        yield Difference(DifferenceTopic.CAPACITY, sentence, values)


def compare_counts(was: Counts, now: Counts, new: Pack) -> Iterator[Change]:
    # With one of them empty every count would be a difference, which no one would read.
    if bool(was) != bool(now):
        yield (THERE if now else GONE), {}
        return
    yield from compare_numbers(was, now)
    yield from compare_part("staff", "role", POSTS, was, now, new)
    yield from compare_part("work_hours", "step", WORK, was, now, new)
    yield from compare_places(was, now, new)
    for part, kind in CHANCES.items():
        for name, *chances in match_by_key(get_part(was, part), get_part(now, part)):
            # Without the numbers: chances are whole tables of shares, which no sentence
            # makes clear.
            if chances[0] != chances[1]:
                yield CHANCE, {"name": name_subject(new, kind, name)}


CHANCES = {
    "starts_with": "asked",
    "chance": "asked",
    "items": "asked",
    "answers": "step",
    "interrupts": "interrupt",
}
"""The parts of the file with the chances of events, and what each is about."""


def get_part(counts: Counts, part: str) -> Counts:
    return counts.get(part) or {}


def compare_numbers(was: Counts, now: Counts) -> Iterator[Change]:
    arrivals = [format_number(all.get("arrivals_per_day")) for all in (was, now)]
    yield from describe_replaced(ARRIVALS, *arrivals)
    hours = [format_number(all.get("hours_a_day")) for all in (was, now)]
    yield from describe_swap(HOURS, *hours)


def format_number(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def compare_part(
    part: str, kind: str, ways: ReplacementTexts, was: Counts, now: Counts, new: Pack
) -> Iterator[Change]:
    for id, *both in match_by_key(get_part(was, part), get_part(now, part)):
        name = name_subject(new, kind, id)
        yield from describe_swap(ways, *map(format_number, both), name=name)


def compare_places(was: Counts, now: Counts, new: Pack) -> Iterator[Change]:
    for step, *both in match_by_key(get_part(was, "places"), get_part(now, "places")):
        name = name_subject(new, "step", step)
        places, days = (
            [format_number((side or {}).get(key)) for side in both]
            for key in ("places", "days")
        )
        yield from describe_swap(PLACES, *places, name=name)
        # Where a place is new or gone, the sentence about its number is enough.
        if all(days):
            yield from describe_replaced(STAY, *days, name=name)


def name_subject(pack: Pack, kind: str, id: str) -> NamedElement:
    if kind == "step":
        return NamedElement(kind, id, getattr(pack.pathway.steps.get(id), "do", EMPTY))
    if kind == "interrupt" and (found := pack.pathway.interrupts.get(id)):
        return NamedElement("message", found.on)
    return NamedElement(kind, id)


def rename_capacity_steps(
    capacity: Mapping[str, Any], renamed: Mapping[str, str]
) -> dict[str, Any]:
    return {
        part: {renamed.get(name, name): said for name, said in found.items()}
        if part in ("work_hours", "answers", "places")
        else found
        for part, found in capacity.items()
    }

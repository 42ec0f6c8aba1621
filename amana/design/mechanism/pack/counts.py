"""The differences in the counts of two versions: who comes, who is there to help."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.design.mechanism.engine.differences import (
    About,
    Difference,
    Named,
    Ways,
    swapped,
)
from amana.design.mechanism.engine.faults import gettext_noop
from amana.design.mechanism.engine.pathway import EMPTY
from amana.design.mechanism.pack.model import Pack

type Counts = Mapping[str, Any]

THERE = gettext_noop("It now states who comes and who is there to help.")
GONE = gettext_noop("It no longer states who comes and who is there to help.")
ARRIVALS = gettext_noop(
    "People arriving per working day: now %(now)s (previously %(before)s)."
)
HOURS = Ways(
    gettext_noop(
        "Working hours per day of one post: now %(now)s (previously %(before)s)."
    ),
    gettext_noop("Working hours per day of one post: now %(now)s."),
    gettext_noop(
        "Working hours per day of one post: no longer stated (previously %(before)s)."
    ),
)
POSTS = Ways(
    gettext_noop("%(name)s, full-time posts: now %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s, full-time posts: now %(now)s."),
    gettext_noop("%(name)s, full-time posts: now none (previously %(before)s)."),
)
WORK = Ways(
    gettext_noop("%(name)s, hours of work: now %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s, hours of work: now %(now)s."),
    gettext_noop("%(name)s, hours of work: no longer stated (previously %(before)s)."),
)
PLACES = Ways(
    gettext_noop("%(name)s, places: now %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s, places: now %(now)s."),
    gettext_noop("%(name)s, places: now none (previously %(before)s)."),
)
STAY = gettext_noop(
    "%(name)s: a place is now taken for %(now)s days (previously %(before)s)."
)
CHANCE = gettext_noop("%(name)s: how often this happens has changed.")


def of_capacity(
    old: Pack, new: Pack, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    was, now = with_steps_as_now(old.capacity, renamed), new.capacity
    # With one of them empty every count would be a difference, which no one would read.
    if bool(was) != bool(now):
        yield Difference(About.CAPACITY, THERE if now else GONE)
        return
    yield from numbers(was, now)
    yield from of_each("staff", "role", POSTS, was, now, new)
    yield from of_each("work_hours", "step", WORK, was, now, new)
    yield from of_places(was, now, new)
    for part, kind in CHANCES.items():
        before, after = part_of(was, part), part_of(now, part)
        for name in {**after, **before}:
            if before.get(name) != after.get(name):
                # Without the numbers: chances are whole tables of shares, which no
                # sentence makes clear.
                yield told(CHANCE, name=called(new, kind, name))


CHANCES = {
    "starts_with": "asked",
    "chance": "asked",
    "items": "asked",
    "answers": "step",
    "interrupts": "interrupt",
}
"""The parts of the file with the chances of events, and what each is about."""


def told(sentence: str, **values: Any) -> Difference:
    return Difference(About.CAPACITY, sentence, values)


def part_of(counts: Counts, part: str) -> Counts:
    return counts.get(part) or {}


def numbers(was: Counts, now: Counts) -> Iterator[Difference]:
    arrivals = said(was.get("arrivals_per_day")), said(now.get("arrivals_per_day"))
    if arrivals[0] != arrivals[1]:
        yield told(ARRIVALS, now=arrivals[1], before=arrivals[0])
    hours = said(was.get("hours_a_day")), said(now.get("hours_a_day"))
    for sentence, values in swapped(*hours, HOURS):
        yield told(sentence, **values)


def said(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def of_each(
    part: str, kind: str, ways: Ways, was: Counts, now: Counts, new: Pack
) -> Iterator[Difference]:
    before, after = part_of(was, part), part_of(now, part)
    for name in {**after, **before}:
        both = said(before.get(name)), said(after.get(name))
        for sentence, values in swapped(*both, ways):
            yield told(sentence, name=called(new, kind, name), **values)


def of_places(was: Counts, now: Counts, new: Pack) -> Iterator[Difference]:
    before, after = part_of(was, "places"), part_of(now, "places")
    for step in {**after, **before}:
        one, other = before.get(step) or {}, after.get(step) or {}
        both = said(one.get("places")), said(other.get("places"))
        for sentence, values in swapped(*both, PLACES):
            yield told(sentence, name=called(new, "step", step), **values)
        days = said(one.get("days")), said(other.get("days"))
        # Where a place is new or gone, the sentence about its number is enough.
        if all(days) and days[0] != days[1]:
            name = called(new, "step", step)
            yield told(STAY, name=name, now=days[1], before=days[0])


def called(pack: Pack, kind: str, id: str) -> Named:
    if kind == "step":
        return Named(kind, id, getattr(pack.pathway.steps.get(id), "do", EMPTY))
    if kind == "interrupt" and (found := pack.pathway.interrupts.get(id)):
        return Named("message", found.on)
    return Named(kind, id)


def with_steps_as_now(
    capacity: Mapping[str, Any], renamed: Mapping[str, str]
) -> dict[str, Any]:
    return {
        part: {renamed.get(name, name): said for name, said in found.items()}
        if part in ("work_hours", "answers", "places")
        else found
        for part, found in capacity.items()
    }

"""The differences in the counts of two versions: who comes, who is there to help."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.design.mechanism.engine.pathway import EMPTY
from amana.design.mechanism.engine.pathway_differences import (
    Difference,
    DifferenceTopic,
    NamedElement,
    ReplacementTexts,
    describe_swap,
)
from amana.design.mechanism.pack.pack_model import Pack
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
    # With one of them empty every count would be a difference, which no one would read.
    if bool(was) != bool(now):
        yield Difference(DifferenceTopic.CAPACITY, THERE if now else GONE)
        return
    yield from compare_numbers(was, now)
    yield from compare_each("staff", "role", POSTS, was, now, new)
    yield from compare_each("work_hours", "step", WORK, was, now, new)
    yield from compare_places(was, now, new)
    for part, kind in CHANCES.items():
        before, after = get_part(was, part), get_part(now, part)
        for name in {**after, **before}:
            if before.get(name) != after.get(name):
                # Without the numbers: chances are whole tables of shares, which no
                # sentence makes clear.
                yield build_difference(CHANCE, name=name_subject(new, kind, name))


CHANCES = {
    "starts_with": "asked",
    "chance": "asked",
    "items": "asked",
    "answers": "step",
    "interrupts": "interrupt",
}
"""The parts of the file with the chances of events, and what each is about."""


def build_difference(sentence: str, **values: Any) -> Difference:
    return Difference(DifferenceTopic.CAPACITY, sentence, values)


def get_part(counts: Counts, part: str) -> Counts:
    return counts.get(part) or {}


def compare_numbers(was: Counts, now: Counts) -> Iterator[Difference]:
    arrivals = (
        format_number(was.get("arrivals_per_day")),
        format_number(now.get("arrivals_per_day")),
    )
    if arrivals[0] != arrivals[1]:
        yield build_difference(ARRIVALS, now=arrivals[1], before=arrivals[0])
    hours = format_number(was.get("hours_a_day")), format_number(now.get("hours_a_day"))
    for sentence, values in describe_swap(*hours, HOURS):
        yield build_difference(sentence, **values)


def format_number(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def compare_each(
    part: str, kind: str, ways: ReplacementTexts, was: Counts, now: Counts, new: Pack
) -> Iterator[Difference]:
    before, after = get_part(was, part), get_part(now, part)
    for name in {**after, **before}:
        both = format_number(before.get(name)), format_number(after.get(name))
        for sentence, values in describe_swap(*both, ways):
            yield build_difference(
                sentence, name=name_subject(new, kind, name), **values
            )


def compare_places(was: Counts, now: Counts, new: Pack) -> Iterator[Difference]:
    before, after = get_part(was, "places"), get_part(now, "places")
    for step in {**after, **before}:
        one, other = before.get(step) or {}, after.get(step) or {}
        both = format_number(one.get("places")), format_number(other.get("places"))
        for sentence, values in describe_swap(*both, PLACES):
            yield build_difference(
                sentence, name=name_subject(new, "step", step), **values
            )
        days = format_number(one.get("days")), format_number(other.get("days"))
        # Where a place is new or gone, the sentence about its number is enough.
        if all(days) and days[0] != days[1]:
            name = name_subject(new, "step", step)
            yield build_difference(STAY, name=name, now=days[1], before=days[0])


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

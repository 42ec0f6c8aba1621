"""What is different in the mechanism as a whole and in its files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from amana.design.mechanism.pack.counts import compare_capacity
from amana.design.mechanism.pack.differences import pack_difference_texts as texts
from amana.design.mechanism.pack.differences.named_comparison import (
    compare_contents,
    compare_each,
    name_all,
)
from amana.design.mechanism.pack.pack_model import Pack, Provision
from amana.design.pathway.pathway_differences import (
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
    Value,
    describe_members,
    describe_replaced,
    describe_swap,
    match_by_key,
    name_code,
)
from amana.design.pathway.pathway_model import EMPTY


def compare_mechanism(old: Pack, new: Pack) -> Iterator[Difference]:
    for sentence, values in compare_whole(old, new):
        yield Difference(DifferenceTopic.WHOLE, sentence, values)


def compare_whole(old: Pack, new: Pack) -> Iterator[Change]:
    titles = [NamedElement("title", "", pack.title) for pack in (old, new)]
    yield from describe_replaced(texts.TITLE, *titles)
    if old.notice != new.notice:
        yield texts.NOTICE, {}
    places = [NamedElement("jurisdiction", "", p.jurisdiction) for p in (old, new)]
    yield from describe_replaced(texts.JURISDICTION, *places)
    spoken = [name_all("language", pack.languages) for pack in (old, new)]
    yield from describe_replaced(texts.LANGUAGES, *spoken)
    yield from describe_swap(texts.REVIEW, old.review_on, new.review_on)
    yield from describe_swap(texts.KEYS, old.keys_taken_after, new.keys_taken_after)
    was, now = old.calendar, new.calendar
    weekends = name_weekdays(was.weekend), name_weekdays(now.weekend)
    yield from describe_replaced(texts.WEEKEND, *weekends)
    if (was.opens, was.closes) != (now.opens, now.closes):
        until_now = {"before_opens": was.opens, "before_closes": was.closes}
        yield texts.OPEN, {"opens": now.opens, "closes": now.closes, **until_now}
    yield from describe_replaced(texts.ZONE, str(was.zone), str(now.zone))
    holidays = list_holidays(old), list_holidays(new)
    both = (texts.HOLIDAYS, texts.HOLIDAYS_NOT)
    yield from describe_members(both, *holidays, "days", convert_holiday)


def list_holidays(pack: Pack) -> list[str]:
    """List holidays as they are written: days, and the codes of countries."""
    # From the file, since the calendar that was read holds every single day of a
    # country.
    said = get_calendar(pack).get("holidays") or []
    return [
        holiday["country"] if isinstance(holiday, Mapping) else str(holiday)
        for holiday in said
    ]


def get_calendar(pack: Pack) -> Mapping[str, Any]:
    return pack.plain["mechanism.yaml"].get("calendar") or EMPTY


def convert_holiday(said: str) -> NamedElement | date:
    """Convert what the file has to a day, or to the holidays of a country."""
    return date.fromisoformat(said) if "-" in said else NamedElement("country", said)


def name_weekdays(days: Iterable[int]) -> tuple[NamedElement, ...]:
    return name_all("weekday", map(str, sorted(days)))


def compare_clocks(old: Pack, new: Pack) -> Iterator[Difference]:
    for urgency, clocks in new.clocks.items():
        for clock, *spans in match_by_key(old.clocks.get(urgency, EMPTY), clocks):
            place = {
                "clock": NamedElement("clock", clock),
                "urgency": name_code(urgency),
            }
            for sentence, values in describe_swap(texts.CLOCK, *spans, **place):
                yield Difference(DifferenceTopic.CLOCKS, sentence, values)


def compare_sharing(old: Pack, new: Pack) -> Iterator[Difference]:
    for sphere, now in new.sharing.items():
        for sentence, values in describe_members(
            (texts.LEARNS, texts.LEARNS_NOT),
            sorted(old.sharing.get(sphere, ())),
            sorted(now),
            "compartments",
            partial(NamedElement, "compartment"),
            sphere=NamedElement("sphere", sphere),
        ):
            yield Difference(DifferenceTopic.SHARING, sentence, values)


def compare_law(
    old: Pack, new: Pack, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    yield from compare_each(
        DifferenceTopic.LAW,
        "provision",
        old.law,
        new.law,
        partial(compare_provision, new, renamed),
        lambda law: law.provision,
    )


def compare_provision(
    new: Pack, renamed: Mapping[str, str], _id: str, was: Provision, now: Provision
) -> Iterator[Change]:
    # With the new names of steps, or renaming a step would seem to change every law
    # that it honours.
    was = replace(was, honoured_by=rename_steps(was.honoured_by, renamed))
    steps = [tuple(name_step(new, s) for s in law.honoured_by) for law in (was, now)]
    yield from describe_swap(texts.HONOURED, *steps)
    if was != replace(now, honoured_by=was.honoured_by):
        yield texts.CHANGED, {}


def rename_steps(steps: Iterable[str], renamed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(renamed.get(step, step) for step in steps)


def name_step(pack: Pack, id: str) -> NamedElement:
    return NamedElement("step", id, getattr(pack.pathway.steps.get(id), "do", EMPTY))


def compare_files(
    old: Pack, new: Pack, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    """Compare forms, instruments and lists of services: whether their files are the
    same."""
    for about, begin, end in (
        (DifferenceTopic.FORMS, "forms/", ".xlsx"),
        (DifferenceTopic.SCREENING, "screening/", ".yaml"),
        (DifferenceTopic.SERVICES, "services/", ""),
    ):
        was, now = (
            {
                path.removeprefix(begin).removesuffix(end): content
                for path, content in pack.files.items()
                if path.startswith(begin)
            }
            for pack in (old, new)
        )
        yield from compare_each(about, "file", was, now, compare_contents)
    # Compared by its numbers and not as a file: they are few, and people can read them.
    yield from compare_capacity(old, new, renamed)


def compare_texts(old: Pack, new: Pack) -> Iterator[Difference]:
    for language, *consents in match_by_key(old.consent, new.consent):
        for sentence, _ in describe_swap(texts.CONSENT, *consents):
            values = {"language": NamedElement("language", language)}
            yield Difference(DifferenceTopic.TEXTS, sentence, values)
    for language in {**new.sop, **old.sop}:
        # Chapters are compared by name, so that a new one in the middle does not change
        # the number of all that follow.
        was, now = (
            {chapter.name: chapter for chapter in pack.sop.get(language, ())}
            for pack in (old, new)
        )
        for _name, before, here in match_by_key(was, now):
            read = [c.title + c.words if c else None for c in (before, here)]
            for sentence, _ in describe_swap(texts.CHAPTER, *read):
                chapter: dict[str, Value] = {
                    "language": NamedElement("language", language),
                    "title": next(c.title for c in (here, before) if c),
                }
                yield Difference(DifferenceTopic.TEXTS, sentence, chapter)


def compare_terms(
    old: Pack, new: Pack, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    was = {
        code: replace(indicator, steps=rename_steps(indicator.steps, renamed))
        for code, indicator in old.indicators.items()
    }
    yield from compare_each(
        DifferenceTopic.INDICATORS,
        "indicator",
        was,
        new.indicators,
        compare_contents,
        lambda indicator: indicator.title,
    )
    yield from compare_each(
        DifferenceTopic.GLOSSARY,
        "term",
        old.glossary,
        new.glossary,
        compare_contents,
        lambda term: term.term,
    )

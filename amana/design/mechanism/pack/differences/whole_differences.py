"""What is different in the mechanism as a whole and in its files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from amana.design.mechanism.engine.pathway import EMPTY
from amana.design.mechanism.engine.pathway_differences.difference_texts import (
    Difference,
    DifferenceTopic,
    NamedElement,
    Value,
    describe_swap,
)
from amana.design.mechanism.engine.pathway_differences.named_elements import name_code
from amana.design.mechanism.pack.counts import compare_capacity
from amana.design.mechanism.pack.differences.pack_difference_texts import (
    CHANGED,
    CHAPTER,
    CLOCK,
    CONSENT,
    HOLIDAYS,
    HOLIDAYS_NOT,
    HONOURED,
    JURISDICTION,
    KEYS,
    LANGUAGES,
    LEARNS,
    LEARNS_NOT,
    NOTICE,
    OPEN,
    REVIEW,
    TITLE,
    WEEKEND,
    ZONE,
    compare_names,
    compare_things,
    convert_holiday,
    list_common_ids,
    map_titles,
    name_all,
    name_thing,
    name_weekdays,
)
from amana.design.mechanism.pack.pack_model import Pack


def compare_mechanism(old: Pack, new: Pack) -> Iterator[Difference]:
    def whole(sentence: str, **values: Value) -> Difference:
        return Difference(DifferenceTopic.WHOLE, sentence, values)

    if old.title != new.title:
        titles = name_thing("title", "", new.title), name_thing("title", "", old.title)
        yield whole(TITLE, now=titles[0], before=titles[1])
    if old.notice != new.notice:
        yield whole(NOTICE)
    if old.jurisdiction != new.jurisdiction:
        places = (
            name_thing("jurisdiction", "", new.jurisdiction),
            name_thing("jurisdiction", "", old.jurisdiction),
        )
        yield whole(JURISDICTION, now=places[0], before=places[1])
    if old.languages != new.languages:
        spoken = (
            name_all("language", new.languages),
            name_all("language", old.languages),
        )
        yield whole(LANGUAGES, now=spoken[0], before=spoken[1])
    for sentence, values in describe_swap(old.review_on, new.review_on, REVIEW):
        yield whole(sentence, **values)
    for sentence, values in describe_swap(
        old.keys_taken_after, new.keys_taken_after, KEYS
    ):
        yield whole(sentence, **values)
    was, is_ = old.calendar, new.calendar
    if was.weekend != is_.weekend:
        yield whole(
            WEEKEND, now=name_weekdays(is_.weekend), before=name_weekdays(was.weekend)
        )
    if (was.opens, was.closes) != (is_.opens, is_.closes):
        until_now = {"before_opens": was.opens, "before_closes": was.closes}
        yield whole(OPEN, opens=is_.opens, closes=is_.closes, **until_now)
    if str(was.zone) != str(is_.zone):
        yield whole(ZONE, now=str(is_.zone), before=str(was.zone))
    before, now = list_holidays(old), list_holidays(new)
    if more := [holiday for holiday in now if holiday not in before]:
        yield whole(HOLIDAYS, days=tuple(map(convert_holiday, more)))
    if fewer := [holiday for holiday in before if holiday not in now]:
        yield whole(HOLIDAYS_NOT, days=tuple(map(convert_holiday, fewer)))


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


def compare_clocks(old: Pack, new: Pack) -> Iterator[Difference]:
    for urgency, clocks in new.clocks.items():
        was = old.clocks.get(urgency, EMPTY)
        for clock in {**clocks, **was}:
            place = {
                "clock": NamedElement("clock", clock),
                "urgency": name_code(urgency),
            }
            for sentence, values in describe_swap(
                was.get(clock), clocks.get(clock), CLOCK
            ):
                yield Difference(DifferenceTopic.CLOCKS, sentence, {**place, **values})


def compare_sharing(old: Pack, new: Pack) -> Iterator[Difference]:
    for sphere, now in new.sharing.items():
        was = old.sharing.get(sphere, frozenset())
        for sentence, found in ((LEARNS, now - was), (LEARNS_NOT, was - now)):
            if found:
                values: dict[str, Value] = {
                    "sphere": NamedElement("sphere", sphere),
                    "compartments": name_all("compartment", sorted(found)),
                }
                yield Difference(DifferenceTopic.SHARING, sentence, values)


def compare_law(
    old: Pack, new: Pack, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    names = [{id: law.provision for id, law in p.law.items()} for p in (old, new)]
    yield from compare_names(DifferenceTopic.LAW, "provision", *names)
    for id in list_common_ids(old.law, new.law):
        was, now = old.law[id], new.law[id]
        name: Mapping[str, Value] = {"name": name_thing("provision", id, now.provision)}
        # With the new names of steps, or renaming a step would seem to change every law
        # that it honours.
        was = replace(was, honoured_by=rename_steps(was.honoured_by, renamed))
        steps = [
            tuple(name_step(new, s) for s in law.honoured_by) for law in (was, now)
        ]
        for sentence, values in describe_swap(steps[0], steps[1], HONOURED):
            yield Difference(DifferenceTopic.LAW, sentence, {**name, **values})
        if was != replace(now, honoured_by=was.honoured_by):
            yield Difference(DifferenceTopic.LAW, CHANGED, name)


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
        yield from compare_things(
            about, "file", was, now, dict.fromkeys({**was, **now}, EMPTY)
        )
    # Compared by its numbers and not as a file: they are few, and people can read them.
    yield from compare_capacity(old, new, renamed)


def compare_texts(old: Pack, new: Pack) -> Iterator[Difference]:
    for language in {**new.consent, **old.consent}:
        texts = old.consent.get(language), new.consent.get(language)
        for sentence, _ in describe_swap(*texts, CONSENT):
            values = {"language": NamedElement("language", language)}
            yield Difference(DifferenceTopic.TEXTS, sentence, values)
    for language in {**new.sop, **old.sop}:
        was, now = (
            {chapter.name: chapter for chapter in pack.sop.get(language, ())}
            for pack in (old, new)
        )
        for name in {**now, **was}:
            one, other = was.get(name), now.get(name)
            # Chapters are compared by name, so that a new one in the middle does not
            # change the number of all that follow.
            read = [c.title + c.words if c else None for c in (one, other)]
            for sentence, _ in describe_swap(read[0], read[1], CHAPTER):
                title = (other or one).title  # type: ignore[union-attr]
                chapter = {
                    "language": NamedElement("language", language),
                    "title": title,
                }
                yield Difference(DifferenceTopic.TEXTS, sentence, chapter)


def compare_terms(
    old: Pack, new: Pack, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    was = {
        code: replace(indicator, steps=rename_steps(indicator.steps, renamed))
        for code, indicator in old.indicators.items()
    }
    words = {**map_titles(was), **map_titles(new.indicators)}
    yield from compare_things(
        DifferenceTopic.INDICATORS, "indicator", was, new.indicators, words
    )
    terms = {id: term.term for p in (old, new) for id, term in p.glossary.items()}
    yield from compare_things(
        DifferenceTopic.GLOSSARY, "term", old.glossary, new.glossary, terms
    )

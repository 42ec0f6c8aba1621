"""The differences between two versions of a mechanism, in plain words.

Pure. `engine.differences` compares the pathway; this module everything else, and puts
both in the order in which people read a mechanism. Of texts, forms and tables of words
it names only that they differ: their content is for people to read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from amana.design.mechanism.engine.faults import gettext_noop
from amana.design.mechanism.engine.pathway import EMPTY, Text
from amana.design.mechanism.engine.pathway_differences import (
    Change,
    Difference,
    DifferenceTopic,
    NamedElement,
    ReplacementTexts,
    Value,
    describe_swap,
    iterate_pathway_differences,
    list_changed_languages,
    name_code,
    name_role,
)
from amana.design.mechanism.pack.counts import compare_capacity
from amana.design.mechanism.pack.pack_model import Organisation, Pack, Role

NEW = gettext_noop("%(name)s is new.")
GONE = gettext_noop("%(name)s no longer exists.")
CHANGED = gettext_noop("%(name)s has changed.")
TITLE = gettext_noop("The mechanism is now called %(now)s (previously %(before)s).")
NOTICE = gettext_noop("The notice on printed pages has changed.")
JURISDICTION = gettext_noop("It now applies in %(now)s (previously %(before)s).")
LANGUAGES = gettext_noop("Its languages are now %(now)s (previously %(before)s).")
REVIEW = ReplacementTexts(
    gettext_noop(
        "The mechanism as a whole will be reviewed on %(now)s (previously %(before)s)."
    ),
    gettext_noop("The mechanism as a whole will be reviewed on %(now)s."),
    gettext_noop("There is no longer a date to review the mechanism as a whole."),
)
KEYS = ReplacementTexts(
    gettext_noop(
        "A colleague’s keys are now removed %(now)s after the second person "
        "confirms (previously %(before)s)."
    ),
    gettext_noop(
        "A colleague’s keys are now removed %(now)s after the second person confirms."
    ),
    gettext_noop(
        "A colleague’s keys are removed one day after the second person confirms "
        "(previously %(before)s)."
    ),
)
WEEKEND = gettext_noop("Offices are now closed on %(now)s (previously %(before)s).")
OPEN = gettext_noop(
    "Offices are now open from %(opens)s to %(closes)s (previously "
    "%(before_opens)s to %(before_closes)s)."
)
ZONE = gettext_noop("The time zone is now %(now)s (previously %(before)s).")
HOLIDAYS = gettext_noop("New public holidays: %(days)s.")
HOLIDAYS_NOT = gettext_noop("No longer public holidays: %(days)s.")
CALLED = gettext_noop("%(before)s is now called %(name)s.")
WORDS = gettext_noop("%(name)s: the wording has changed in %(languages)s.")
PLAYS = gettext_noop("%(name)s may now also be played by %(organisations)s.")
PLAYS_NOT = gettext_noop("%(name)s may no longer be played by %(organisations)s.")
ACCESS = gettext_noop(
    "%(name)s may now do in Amana what a %(now)s does (previously %(before)s)."
)
SPHERE = gettext_noop(
    "%(name)s now belongs to the sphere %(now)s (previously %(before)s)."
)
REFERS = gettext_noop("%(name)s may now send referrals.")
REFERS_NOT = gettext_noop("%(name)s may no longer send referrals.")
CERTIFICATES = gettext_noop("%(name)s now needs these certificates too: %(codes)s.")
CERTIFICATES_NOT = gettext_noop(
    "%(name)s no longer needs these certificates: %(codes)s."
)
SORT = gettext_noop("%(name)s is now of the kind %(now)s (previously %(before)s).")
SIGNS = gettext_noop("%(name)s now signs.")
SIGNS_NOT = gettext_noop("%(name)s no longer signs.")
ANSWERS = gettext_noop("%(name)s: %(now)s now answers for it (previously %(before)s).")
DOES = ReplacementTexts(
    gettext_noop("%(name)s: now done by %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s: now done by %(now)s."),
    gettext_noop("%(name)s: no longer done by %(before)s."),
)
ASKED = ReplacementTexts(
    gettext_noop(
        "%(name)s: now consulted beforehand: %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(name)s: now consulted beforehand: %(now)s."),
    gettext_noop(
        "%(name)s: no one is consulted beforehand any more (previously %(before)s)."
    ),
)
TOLD = ReplacementTexts(
    gettext_noop("%(name)s: now informed afterwards: %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s: now informed afterwards: %(now)s."),
    gettext_noop(
        "%(name)s: no one is informed afterwards any more (previously %(before)s)."
    ),
)
CLOCK = ReplacementTexts(
    gettext_noop(
        "%(clock)s, urgency %(urgency)s: now within %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(clock)s, urgency %(urgency)s: now within %(now)s."),
    gettext_noop(
        "%(clock)s, urgency %(urgency)s: there is no longer a clock (previously "
        "%(before)s)."
    ),
)
LEARNS = gettext_noop("The sphere %(sphere)s may now also receive: %(compartments)s.")
LEARNS_NOT = gettext_noop(
    "The sphere %(sphere)s may no longer receive: %(compartments)s."
)
HONOURED = ReplacementTexts(
    gettext_noop("%(name)s is now honoured by %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s is now honoured by %(now)s."),
    gettext_noop("%(name)s is no longer honoured by any step (previously %(before)s)."),
)
CONSENT = ReplacementTexts(
    gettext_noop("The consent text has changed in %(language)s."),
    gettext_noop("There is now a consent text in %(language)s."),
    gettext_noop("There is no longer a consent text in %(language)s."),
)
CHAPTER = ReplacementTexts(
    gettext_noop("Procedures, %(language)s: “%(title)s” has changed."),
    gettext_noop("Procedures, %(language)s: “%(title)s” is new."),
    gettext_noop("Procedures, %(language)s: “%(title)s” no longer exists."),
)


def list_differences(
    old: Pack, new: Pack, renamed: Mapping[str, str] = EMPTY
) -> list[Difference]:
    """List every difference between two packs. `renamed` maps each step of the old
    version that has another name to the new one; others with a new name are gone, and
    new."""
    return [
        *compare_mechanism(old, new),
        *iterate_pathway_differences(old.pathway, new.pathway, renamed),
        *compare_clocks(old, new),
        *compare_roles(old, new),
        *compare_organisations(old, new),
        *compare_duties(old, new),
        *compare_sharing(old, new),
        *compare_law(old, new, renamed),
        *compare_files(old, new, renamed),
        *compare_texts(old, new),
        *compare_terms(old, new, renamed),
    ]


# -- the mechanism as a whole ----------------------------------------------------------


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


def convert_holiday(said: str) -> NamedElement | date:
    """Convert what the file has to a day, or to the holidays of a country."""
    return date.fromisoformat(said) if "-" in said else NamedElement("country", said)


def get_calendar(pack: Pack) -> Mapping[str, Any]:
    return pack.plain["mechanism.yaml"].get("calendar") or EMPTY


def name_weekdays(days: Iterable[int]) -> tuple[NamedElement, ...]:
    return name_all("weekday", map(str, sorted(days)))


def name_all(kind: str, ids: Iterable[str]) -> tuple[NamedElement, ...]:
    return tuple(NamedElement(kind, id) for id in ids)


def name_thing(
    kind: str, id: str, words: Text = EMPTY, *, before: bool = False
) -> NamedElement:
    return NamedElement(kind, id, words, before)


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


# -- who takes part --------------------------------------------------------------------


def compare_roles(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from compare_names(
        DifferenceTopic.ROLES, "role", map_titles(old.roles), map_titles(new.roles)
    )
    for id in list_common_ids(old.roles, new.roles):
        name = name_thing("role", id, new.roles[id].title)
        for sentence, values in compare_role(old, new, old.roles[id], new.roles[id]):
            yield Difference(DifferenceTopic.ROLES, sentence, {"name": name, **values})
    partners = old.partners, new.partners
    yield from compare_names(DifferenceTopic.ROLES, "role", *partners)
    for id in list_common_ids(*partners):
        if old.partners[id] != new.partners[id]:
            before = name_thing("role", id, old.partners[id], before=True)
            values = {
                "before": before,
                "name": name_thing("role", id, new.partners[id]),
            }
            yield Difference(DifferenceTopic.ROLES, CALLED, values)


def compare_role(old: Pack, new: Pack, was: Role, now: Role) -> Iterator[Change]:
    if was.title != now.title:
        yield CALLED, {"before": name_thing("role", was.id, was.title, before=True)}
    if languages := list_changed_languages(
        was.does, now.does
    ) or list_changed_languages(was.calls, now.calls):
        # Only named: a change of wording can change the meaning, and only a person can
        # judge that.
        yield WORDS, {"languages": languages}
    for sentence, ids, pack in (
        (PLAYS, set(now.who) - set(was.who), new),
        (PLAYS_NOT, set(was.who) - set(now.who), old),
    ):
        if ids:
            yield sentence, {"organisations": name_organisations(pack, ids)}
    if was.access_role != now.access_role:
        kinds = [NamedElement("access_role", role.access_role) for role in (now, was)]
        yield ACCESS, {"now": kinds[0], "before": kinds[1]}
    yield from compare_sphere(was, now)
    if was.may_refer != now.may_refer:
        yield (REFERS if now.may_refer else REFERS_NOT), {}
    held = set(was.certificates), set(now.certificates)
    if more := held[1] - held[0]:
        yield CERTIFICATES, {"codes": name_all("file", sorted(more))}
    if fewer := held[0] - held[1]:
        yield CERTIFICATES_NOT, {"codes": name_all("file", sorted(fewer))}


def compare_sphere(
    was: Role | Organisation, now: Role | Organisation
) -> Iterator[Change]:
    if was.sphere != now.sphere:
        spheres = NamedElement("sphere", now.sphere), NamedElement("sphere", was.sphere)
        yield SPHERE, {"now": spheres[0], "before": spheres[1]}


def name_organisations(pack: Pack, ids: Iterable[str]) -> tuple[NamedElement, ...]:
    return tuple(name_organisation(pack, id) for id in sorted(ids))


def name_organisation(pack: Pack, id: str) -> NamedElement:
    found = pack.organisations.get(id)
    return name_thing("organisation", id, {"": found.name} if found else EMPTY)


def compare_organisations(old: Pack, new: Pack) -> Iterator[Difference]:
    names = [
        {id: {"": o.name} for id, o in p.organisations.items()} for p in (old, new)
    ]
    yield from compare_names(DifferenceTopic.ORGANISATIONS, "organisation", *names)
    for id in list_common_ids(old.organisations, new.organisations):
        name = name_organisation(new, id)
        was, now = old.organisations[id], new.organisations[id]
        for sentence, values in compare_organisation(old, was, now):
            yield Difference(
                DifferenceTopic.ORGANISATIONS, sentence, {"name": name, **values}
            )
    before, here = find_signatories(old), find_signatories(new)
    for sentence, ids, pack in (
        (SIGNS, here - before, new),
        (SIGNS_NOT, before - here, old),
    ):
        for id in sorted(ids):
            values = {"name": name_organisation(pack, id)}
            yield Difference(DifferenceTopic.ORGANISATIONS, sentence, values)


def compare_organisation(
    old: Pack, was: Organisation, now: Organisation
) -> Iterator[Change]:
    if was.name != now.name:
        yield CALLED, {"before": name_organisation(old, was.id)}
    yield from compare_sphere(was, now)
    if was.kind != now.kind:
        yield (
            SORT,
            {
                "now": NamedElement("kind", now.kind),
                "before": NamedElement("kind", was.kind),
            },
        )


def find_signatories(pack: Pack) -> set[str]:
    """Find those named in `signed_by`; where there are none, all organisations sign."""
    return set(pack.plain["mechanism.yaml"].get("signed_by") or pack.organisations)


def compare_duties(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from compare_names(
        DifferenceTopic.DUTIES, "duty", map_titles(old.duties), map_titles(new.duties)
    )
    for id in list_common_ids(old.duties, new.duties):
        was, now = old.duties[id], new.duties[id]
        name: Mapping[str, Value] = {"name": name_thing("duty", id, now.title)}
        if was.title != now.title:
            before = name_thing("duty", id, was.title, before=True)
            yield Difference(DifferenceTopic.DUTIES, CALLED, {**name, "before": before})
        if was.answers_for != now.answers_for:
            roles = {
                "now": name_role(now.answers_for),
                "before": name_role(was.answers_for),
            }
            yield Difference(DifferenceTopic.DUTIES, ANSWERS, {**name, **roles})
        for roles_were, roles_are, ways in (
            (was.does, now.does, DOES),
            (was.is_asked, now.is_asked, ASKED),
            (was.is_told, now.is_told, TOLD),
        ):
            roles_of = (
                tuple(map(name_role, roles_were)),
                tuple(map(name_role, roles_are)),
            )
            for sentence, values in describe_swap(*roles_of, ways):
                yield Difference(DifferenceTopic.DUTIES, sentence, {**name, **values})


# -- what else is in the files ---------------------------------------------------------


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


# -- things by their names -------------------------------------------------------------


def map_titles(things: Mapping[str, Any]) -> dict[str, Text]:
    return {id: thing.title for id, thing in things.items()}


def list_common_ids(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [id for id in new if id in old]


def compare_names(
    about: DifferenceTopic, kind: str, old: Mapping[str, Text], new: Mapping[str, Text]
) -> Iterator[Difference]:
    for id in new:
        if id not in old:
            yield Difference(about, NEW, {"name": name_thing(kind, id, new[id])})
    for id in old:
        if id not in new:
            name = name_thing(kind, id, old[id], before=True)
            yield Difference(about, GONE, {"name": name})


def compare_things(
    about: DifferenceTopic,
    kind: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    words: Mapping[str, Text],
) -> Iterator[Difference]:
    """Compare things that are only named: which are new, gone or changed."""
    was, now = ({id: words[id] for id in found} for found in (old, new))
    yield from compare_names(about, kind, was, now)
    for id in list_common_ids(old, new):
        if old[id] != new[id]:
            yield Difference(about, CHANGED, {"name": name_thing(kind, id, words[id])})

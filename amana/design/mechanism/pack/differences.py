"""The differences between two versions of a mechanism, in plain words.

Pure. `engine.differences` compares the pathway; this module everything else, and puts
both in the order in which people read a mechanism. Of texts, forms and tables of words
it names only that they differ: their content is for people to read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from amana.design.mechanism.engine.differences import (
    About,
    Change,
    Difference,
    Named,
    Value,
    Ways,
    changed,
    code,
    pathway_differences,
    role,
    swapped,
)
from amana.design.mechanism.engine.faults import gettext_noop
from amana.design.mechanism.engine.pathway import EMPTY, Text
from amana.design.mechanism.pack.counts import of_capacity
from amana.design.mechanism.pack.model import Organisation, Pack, Role

NEW = gettext_noop("%(name)s is new.")
GONE = gettext_noop("%(name)s no longer exists.")
CHANGED = gettext_noop("%(name)s has changed.")
TITLE = gettext_noop("The mechanism is now called %(now)s (previously %(before)s).")
NOTICE = gettext_noop("The notice on printed pages has changed.")
JURISDICTION = gettext_noop("It now applies in %(now)s (previously %(before)s).")
LANGUAGES = gettext_noop("Its languages are now %(now)s (previously %(before)s).")
REVIEW = Ways(
    gettext_noop(
        "The mechanism as a whole will be reviewed on %(now)s (previously %(before)s)."
    ),
    gettext_noop("The mechanism as a whole will be reviewed on %(now)s."),
    gettext_noop("There is no longer a date to review the mechanism as a whole."),
)
KEYS = Ways(
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
DOES = Ways(
    gettext_noop("%(name)s: now done by %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s: now done by %(now)s."),
    gettext_noop("%(name)s: no longer done by %(before)s."),
)
ASKED = Ways(
    gettext_noop(
        "%(name)s: now consulted beforehand: %(now)s (previously %(before)s)."
    ),
    gettext_noop("%(name)s: now consulted beforehand: %(now)s."),
    gettext_noop(
        "%(name)s: no one is consulted beforehand any more (previously %(before)s)."
    ),
)
TOLD = Ways(
    gettext_noop("%(name)s: now informed afterwards: %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s: now informed afterwards: %(now)s."),
    gettext_noop(
        "%(name)s: no one is informed afterwards any more (previously %(before)s)."
    ),
)
CLOCK = Ways(
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
HONOURED = Ways(
    gettext_noop("%(name)s is now honoured by %(now)s (previously %(before)s)."),
    gettext_noop("%(name)s is now honoured by %(now)s."),
    gettext_noop("%(name)s is no longer honoured by any step (previously %(before)s)."),
)
CONSENT = Ways(
    gettext_noop("The consent text has changed in %(language)s."),
    gettext_noop("There is now a consent text in %(language)s."),
    gettext_noop("There is no longer a consent text in %(language)s."),
)
CHAPTER = Ways(
    gettext_noop("Procedures, %(language)s: “%(title)s” has changed."),
    gettext_noop("Procedures, %(language)s: “%(title)s” is new."),
    gettext_noop("Procedures, %(language)s: “%(title)s” no longer exists."),
)


def differences(
    old: Pack, new: Pack, renamed: Mapping[str, str] = EMPTY
) -> list[Difference]:
    """List every difference between two packs. `renamed` maps each step of the old
    version that has another name to the new one; others with a new name are gone, and
    new."""
    return [
        *of_the_whole(old, new),
        *pathway_differences(old.pathway, new.pathway, renamed),
        *of_clocks(old, new),
        *of_roles(old, new),
        *of_organisations(old, new),
        *of_duties(old, new),
        *of_sharing(old, new),
        *of_law(old, new, renamed),
        *of_files(old, new, renamed),
        *of_texts(old, new),
        *of_words(old, new, renamed),
    ]


# -- the mechanism as a whole ----------------------------------------------------------


def of_the_whole(old: Pack, new: Pack) -> Iterator[Difference]:
    def whole(sentence: str, **values: Value) -> Difference:
        return Difference(About.WHOLE, sentence, values)

    if old.title != new.title:
        titles = named("title", "", new.title), named("title", "", old.title)
        yield whole(TITLE, now=titles[0], before=titles[1])
    if old.notice != new.notice:
        yield whole(NOTICE)
    if old.jurisdiction != new.jurisdiction:
        places = (
            named("jurisdiction", "", new.jurisdiction),
            named("jurisdiction", "", old.jurisdiction),
        )
        yield whole(JURISDICTION, now=places[0], before=places[1])
    if old.languages != new.languages:
        spoken = listed("language", new.languages), listed("language", old.languages)
        yield whole(LANGUAGES, now=spoken[0], before=spoken[1])
    for sentence, values in swapped(old.review_on, new.review_on, REVIEW):
        yield whole(sentence, **values)
    for sentence, values in swapped(old.keys_taken_after, new.keys_taken_after, KEYS):
        yield whole(sentence, **values)
    was, is_ = old.calendar, new.calendar
    if was.weekend != is_.weekend:
        yield whole(WEEKEND, now=weekdays(is_.weekend), before=weekdays(was.weekend))
    if (was.opens, was.closes) != (is_.opens, is_.closes):
        until_now = {"before_opens": was.opens, "before_closes": was.closes}
        yield whole(OPEN, opens=is_.opens, closes=is_.closes, **until_now)
    if str(was.zone) != str(is_.zone):
        yield whole(ZONE, now=str(is_.zone), before=str(was.zone))
    before, now = holidays_of(old), holidays_of(new)
    if more := [holiday for holiday in now if holiday not in before]:
        yield whole(HOLIDAYS, days=tuple(map(closed, more)))
    if fewer := [holiday for holiday in before if holiday not in now]:
        yield whole(HOLIDAYS_NOT, days=tuple(map(closed, fewer)))


def holidays_of(pack: Pack) -> list[str]:
    """List holidays as they are written: days, and the codes of countries."""
    # From the file, since the calendar that was read holds every single day of a
    # country.
    said = calendar_of(pack).get("holidays") or []
    return [
        holiday["country"] if isinstance(holiday, Mapping) else str(holiday)
        for holiday in said
    ]


def closed(said: str) -> Named | date:
    """Convert what the file has to a day, or to the holidays of a country."""
    return date.fromisoformat(said) if "-" in said else Named("country", said)


def calendar_of(pack: Pack) -> Mapping[str, Any]:
    return pack.plain["mechanism.yaml"].get("calendar") or EMPTY


def weekdays(days: Iterable[int]) -> tuple[Named, ...]:
    return listed("weekday", map(str, sorted(days)))


def listed(kind: str, ids: Iterable[str]) -> tuple[Named, ...]:
    return tuple(Named(kind, id) for id in ids)


def named(kind: str, id: str, words: Text = EMPTY, *, before: bool = False) -> Named:
    return Named(kind, id, words, before)


def of_clocks(old: Pack, new: Pack) -> Iterator[Difference]:
    for urgency, clocks in new.clocks.items():
        was = old.clocks.get(urgency, EMPTY)
        for clock in {**clocks, **was}:
            place = {"clock": Named("clock", clock), "urgency": code(urgency)}
            for sentence, values in swapped(was.get(clock), clocks.get(clock), CLOCK):
                yield Difference(About.CLOCKS, sentence, {**place, **values})


def of_sharing(old: Pack, new: Pack) -> Iterator[Difference]:
    for sphere, now in new.sharing.items():
        was = old.sharing.get(sphere, frozenset())
        for sentence, found in ((LEARNS, now - was), (LEARNS_NOT, was - now)):
            if found:
                values: dict[str, Value] = {
                    "sphere": Named("sphere", sphere),
                    "compartments": listed("compartment", sorted(found)),
                }
                yield Difference(About.SHARING, sentence, values)


# -- who takes part --------------------------------------------------------------------


def of_roles(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from come_and_gone(About.ROLES, "role", titles(old.roles), titles(new.roles))
    for id in both(old.roles, new.roles):
        name = named("role", id, new.roles[id].title)
        for sentence, values in in_role(old, new, old.roles[id], new.roles[id]):
            yield Difference(About.ROLES, sentence, {"name": name, **values})
    partners = old.partners, new.partners
    yield from come_and_gone(About.ROLES, "role", *partners)
    for id in both(*partners):
        if old.partners[id] != new.partners[id]:
            before = named("role", id, old.partners[id], before=True)
            values = {"before": before, "name": named("role", id, new.partners[id])}
            yield Difference(About.ROLES, CALLED, values)


def in_role(old: Pack, new: Pack, was: Role, now: Role) -> Iterator[Change]:
    if was.title != now.title:
        yield CALLED, {"before": named("role", was.id, was.title, before=True)}
    if languages := changed(was.does, now.does) or changed(was.calls, now.calls):
        # Only named: a change of wording can change the meaning, and only a person can
        # judge that.
        yield WORDS, {"languages": languages}
    for sentence, ids, pack in (
        (PLAYS, set(now.who) - set(was.who), new),
        (PLAYS_NOT, set(was.who) - set(now.who), old),
    ):
        if ids:
            yield sentence, {"organisations": organisations(pack, ids)}
    if was.access_role != now.access_role:
        kinds = [Named("access_role", role.access_role) for role in (now, was)]
        yield ACCESS, {"now": kinds[0], "before": kinds[1]}
    yield from in_sphere(was, now)
    if was.may_refer != now.may_refer:
        yield (REFERS if now.may_refer else REFERS_NOT), {}
    held = set(was.certificates), set(now.certificates)
    if more := held[1] - held[0]:
        yield CERTIFICATES, {"codes": listed("file", sorted(more))}
    if fewer := held[0] - held[1]:
        yield CERTIFICATES_NOT, {"codes": listed("file", sorted(fewer))}


def in_sphere(was: Role | Organisation, now: Role | Organisation) -> Iterator[Change]:
    if was.sphere != now.sphere:
        spheres = Named("sphere", now.sphere), Named("sphere", was.sphere)
        yield SPHERE, {"now": spheres[0], "before": spheres[1]}


def organisations(pack: Pack, ids: Iterable[str]) -> tuple[Named, ...]:
    return tuple(organisation(pack, id) for id in sorted(ids))


def organisation(pack: Pack, id: str) -> Named:
    found = pack.organisations.get(id)
    return named("organisation", id, {"": found.name} if found else EMPTY)


def of_organisations(old: Pack, new: Pack) -> Iterator[Difference]:
    names = [
        {id: {"": o.name} for id, o in p.organisations.items()} for p in (old, new)
    ]
    yield from come_and_gone(About.ORGANISATIONS, "organisation", *names)
    for id in both(old.organisations, new.organisations):
        name = organisation(new, id)
        was, now = old.organisations[id], new.organisations[id]
        for sentence, values in in_organisation(old, was, now):
            yield Difference(About.ORGANISATIONS, sentence, {"name": name, **values})
    before, here = signatories(old), signatories(new)
    for sentence, ids, pack in (
        (SIGNS, here - before, new),
        (SIGNS_NOT, before - here, old),
    ):
        for id in sorted(ids):
            values = {"name": organisation(pack, id)}
            yield Difference(About.ORGANISATIONS, sentence, values)


def in_organisation(
    old: Pack, was: Organisation, now: Organisation
) -> Iterator[Change]:
    if was.name != now.name:
        yield CALLED, {"before": organisation(old, was.id)}
    yield from in_sphere(was, now)
    if was.kind != now.kind:
        yield SORT, {"now": Named("kind", now.kind), "before": Named("kind", was.kind)}


def signatories(pack: Pack) -> set[str]:
    """Find those named in `signed_by`; where there are none, all organisations sign."""
    return set(pack.plain["mechanism.yaml"].get("signed_by") or pack.organisations)


def of_duties(old: Pack, new: Pack) -> Iterator[Difference]:
    yield from come_and_gone(
        About.DUTIES, "duty", titles(old.duties), titles(new.duties)
    )
    for id in both(old.duties, new.duties):
        was, now = old.duties[id], new.duties[id]
        name: Mapping[str, Value] = {"name": named("duty", id, now.title)}
        if was.title != now.title:
            before = named("duty", id, was.title, before=True)
            yield Difference(About.DUTIES, CALLED, {**name, "before": before})
        if was.answers_for != now.answers_for:
            roles = {"now": role(now.answers_for), "before": role(was.answers_for)}
            yield Difference(About.DUTIES, ANSWERS, {**name, **roles})
        for roles_were, roles_are, ways in (
            (was.does, now.does, DOES),
            (was.is_asked, now.is_asked, ASKED),
            (was.is_told, now.is_told, TOLD),
        ):
            roles_of = tuple(map(role, roles_were)), tuple(map(role, roles_are))
            for sentence, values in swapped(*roles_of, ways):
                yield Difference(About.DUTIES, sentence, {**name, **values})


# -- what else is in the files ---------------------------------------------------------


def of_law(old: Pack, new: Pack, renamed: Mapping[str, str]) -> Iterator[Difference]:
    names = [{id: law.provision for id, law in p.law.items()} for p in (old, new)]
    yield from come_and_gone(About.LAW, "provision", *names)
    for id in both(old.law, new.law):
        was, now = old.law[id], new.law[id]
        name: Mapping[str, Value] = {"name": named("provision", id, now.provision)}
        # With the new names of steps, or renaming a step would seem to change every law
        # that it honours.
        was = replace(was, honoured_by=as_now(was.honoured_by, renamed))
        steps = [tuple(step(new, s) for s in law.honoured_by) for law in (was, now)]
        for sentence, values in swapped(steps[0], steps[1], HONOURED):
            yield Difference(About.LAW, sentence, {**name, **values})
        if was != replace(now, honoured_by=was.honoured_by):
            yield Difference(About.LAW, CHANGED, name)


def as_now(steps: Iterable[str], renamed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(renamed.get(step, step) for step in steps)


def step(pack: Pack, id: str) -> Named:
    return Named("step", id, getattr(pack.pathway.steps.get(id), "do", EMPTY))


def of_files(old: Pack, new: Pack, renamed: Mapping[str, str]) -> Iterator[Difference]:
    """Compare forms, instruments and lists of services: whether their files are the
    same."""
    for about, begin, end in (
        (About.FORMS, "forms/", ".xlsx"),
        (About.SCREENING, "screening/", ".yaml"),
        (About.SERVICES, "services/", ""),
    ):
        was, now = (
            {
                path.removeprefix(begin).removesuffix(end): content
                for path, content in pack.files.items()
                if path.startswith(begin)
            }
            for pack in (old, new)
        )
        yield from things(about, "file", was, now, dict.fromkeys({**was, **now}, EMPTY))
    # Compared by its numbers and not as a file: they are few, and people can read them.
    yield from of_capacity(old, new, renamed)


def of_texts(old: Pack, new: Pack) -> Iterator[Difference]:
    for language in {**new.consent, **old.consent}:
        texts = old.consent.get(language), new.consent.get(language)
        for sentence, _ in swapped(*texts, CONSENT):
            values = {"language": Named("language", language)}
            yield Difference(About.TEXTS, sentence, values)
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
            for sentence, _ in swapped(read[0], read[1], CHAPTER):
                title = (other or one).title  # type: ignore[union-attr]
                chapter = {"language": Named("language", language), "title": title}
                yield Difference(About.TEXTS, sentence, chapter)


def of_words(old: Pack, new: Pack, renamed: Mapping[str, str]) -> Iterator[Difference]:
    was = {
        code: replace(indicator, steps=as_now(indicator.steps, renamed))
        for code, indicator in old.indicators.items()
    }
    words = {**titles(was), **titles(new.indicators)}
    yield from things(About.INDICATORS, "indicator", was, new.indicators, words)
    terms = {id: term.term for p in (old, new) for id, term in p.glossary.items()}
    yield from things(About.GLOSSARY, "term", old.glossary, new.glossary, terms)


# -- things by their names -------------------------------------------------------------


def titles(things: Mapping[str, Any]) -> dict[str, Text]:
    return {id: thing.title for id, thing in things.items()}


def both(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [id for id in new if id in old]


def come_and_gone(
    about: About, kind: str, old: Mapping[str, Text], new: Mapping[str, Text]
) -> Iterator[Difference]:
    for id in new:
        if id not in old:
            yield Difference(about, NEW, {"name": named(kind, id, new[id])})
    for id in old:
        if id not in new:
            name = named(kind, id, old[id], before=True)
            yield Difference(about, GONE, {"name": name})


def things(
    about: About,
    kind: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    words: Mapping[str, Text],
) -> Iterator[Difference]:
    """Compare things that are only named: which are new, gone or changed."""
    was, now = ({id: words[id] for id in found} for found in (old, new))
    yield from come_and_gone(about, kind, was, now)
    for id in both(old, new):
        if old[id] != new[id]:
            yield Difference(about, CHANGED, {"name": named(kind, id, words[id])})

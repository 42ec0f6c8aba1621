"""What the parts of a scenario say of one another, and of its mechanism."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from amana.academy.exercises.engine.exercise_log import ACTS
from amana.design.mechanism.pack.pack_model import Pack
from amana.faults import Fault, FaultCollector, check_known, gettext_noop
from amana.working_time import InvalidTimeSpan, parse_span
from amana.yaml_files.yamls import YAMLSource

type Plain = Mapping[str, Any]

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

OTHER_MECHANISM = gettext_noop(
    "This scenario is played on “%(name)s”, and these files are “%(id)s”."
)
NO_ZONE = gettext_noop("There is no time zone “%(name)s”.")
NO_AGENCY = gettext_noop("There is no agency “%(name)s” in this scenario.")
NO_ORGANISATION = gettext_noop("There is no organisation “%(name)s” in the mechanism.")
NO_ROLE = gettext_noop("There is no role “%(name)s” in the mechanism.")
NOT_OF_ROLE = gettext_noop("“%(agency)s” doesn’t play the role “%(role)s”.")
NO_PERSON = gettext_noop("There is no person “%(name)s” in this scenario.")
NO_SEAT = gettext_noop("There is no seat “%(name)s” in this scenario.")
NO_SCRIPT = gettext_noop("There is no script “%(name)s” in this scenario.")
NO_INJECT = gettext_noop("There is no inject “%(name)s” in this scenario.")
NO_OBJECTIVE = gettext_noop("There is no objective “%(name)s” in this scenario.")
NO_ACT = gettext_noop("There is no act “%(name)s”.")
NO_CRITERION = gettext_noop("There is no criterion of conduct “%(name)s”.")
NO_PLACES = gettext_noop("“%(name)s” has no places that could change.")
NEVER_USED = gettext_noop("No seat uses the script “%(name)s”.")
EMPTY_SEAT = gettext_noop(
    "No one has to play “%(name)s”, and it has no script: name one."
)
FEWER = gettext_noop("At most %(most)s are fewer than at least %(fewest)s.")
TOO_MANY = gettext_noop("In “%(name)s” there are more of them than people.")
NO_CAUSE = gettext_noop("Write when it comes: at, or after with wait.")
TWO_CAUSES = gettext_noop("Write either at or after, not both.")
NOTHING_HAPPENS = gettext_noop("It has no effect: write text, do or places.")
NO_RECEIVER = gettext_noop("It has a text, but no reader: write to and by.")
IN_CIRCLES = gettext_noop("“%(name)s” waits for itself: it would never come.")
NO_MOMENT = gettext_noop("There is no such moment: “%(name)s”.")
TOO_FAR = gettext_noop("This is longer than ten years.")
NOT_PLAYED = gettext_noop("No seat is at “%(name)s”: it would never answer.")
NEVER_OPEN = gettext_noop("It closes when it opens. Write always if it never closes.")
TO_NO_AGENCY = gettext_noop("“%(name)s” is not addressed to an agency.")
WAITS_FOR_NOTHING = gettext_noop("Write after what it waits, or at in its place.")
NOT_IN = gettext_noop("This is not written in %(language)s.")
HIMSELF = gettext_noop("“%(name)s” can’t come along with themselves.")


def find_link_faults(
    source: YAMLSource, pack: Pack, criteria: frozenset[str]
) -> list[Fault]:
    """Find what a scenario of the right shape says that can't be."""
    # All at once, since an author corrects the whole file; each cause is named once.
    found = FaultCollector()
    for check in (check_mechanism, check_seats):
        found.add(check(source, pack))
    for only in (check_people, check_scripts, check_injects, check_texts):
        found.add(only(source))
    found.add(check_criteria(source, criteria))
    return found.faults


def check_mechanism(source: YAMLSource, pack: Pack) -> Iterator[Fault]:
    plain = source.plain
    if plain["mechanism"] != pack.id:
        there = ("mechanism",)
        yield source.fault(there, OTHER_MECHANISM, name=plain["mechanism"], id=pack.id)
    try:
        datetime.fromisoformat(plain["clock"]["start"])
    except ValueError:
        start = plain["clock"]["start"]
        yield source.fault(("clock", "start"), NO_MOMENT, name=start)
    for place, span in iterate_spans(plain):
        if not is_span(span):
            yield source.fault(place, TOO_FAR)
    zone = plain["clock"]["zone"]
    yield from check_known(source, ("clock", "zone"), NO_ZONE, zone, ZONES)
    answered = {seat["at"] for seat in plain["seats"].values()}
    for code, agency in plain["agencies"].items():
        place = "agencies", code
        yield from check_known(source, place, NO_ORGANISATION, code, pack.organisations)
        if code not in answered:
            yield source.fault(place, NOT_PLAYED, name=code)
        hours = agency["open"] if isinstance(agency["open"], list) else []
        for number, entry in enumerate(hours):
            if entry["from"] == entry["to"]:
                yield source.fault((*place, "open", number, "to"), NEVER_OPEN)


SPANS = frozenset({"length", "after", "wait", "at"})


def iterate_spans(
    value: object, place: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find what is written as a length of time, with its place."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, part in pairs:
        if key in SPANS and isinstance(part, str) and part.startswith("P"):
            yield (*place, key), part
        else:
            yield from iterate_spans(part, (*place, key))


def is_span(text: str) -> bool:
    try:
        parse_span(text)
    except InvalidTimeSpan:
        return False
    return True


ZONES = frozenset(available_timezones())


def check_seats(source: YAMLSource, pack: Pack) -> Iterator[Fault]:
    plain = source.plain
    for code, seat in plain["seats"].items():
        place = "seats", code
        role, agency = seat["role"], seat["at"]
        yield from check_known(source, (*place, "role"), NO_ROLE, role, pack.roles)
        known = plain["agencies"]
        yield from check_known(source, (*place, "at"), NO_AGENCY, agency, known)
        if role in pack.roles and agency not in pack.roles[role].who:
            there = (*place, "at")
            yield source.fault(there, NOT_OF_ROLE, agency=agency, role=role)
        fewest, most = seat["people"]
        if most < fewest:
            there = (*place, "people")
            yield source.fault(there, FEWER, most=most, fewest=fewest)
        if "script" in seat:
            scripts = plain.get("scripts", ())
            there = (*place, "script")
            yield from check_known(source, there, NO_SCRIPT, seat["script"], scripts)
        elif fewest == 0:
            yield source.fault(place, EMPTY_SEAT, name=code)


def check_people(source: YAMLSource) -> Iterator[Fault]:
    people = source.plain["people"]
    for code, person in people.items():
        place = "people", code, "with"
        for number, companion in enumerate(person.get("with", ())):
            there = (*place, number)
            yield from check_known(source, there, NO_PERSON, companion, people)
            if companion == code:
                yield source.fault(there, HIMSELF, name=code)
    for code, group in source.plain.get("groups", {}).items():
        for name in ("children", "injured", "pregnant"):
            if group.get(name, 0) > group["count"]:
                yield source.fault(("groups", code, name), TOO_MANY, name=code)


def check_scripts(source: YAMLSource) -> Iterator[Fault]:
    plain = source.plain
    used = {seat.get("script") for seat in plain["seats"].values()}
    for code, reactions in plain.get("scripts", {}).items():
        if code not in used:
            yield source.fault(("scripts", code), NEVER_USED, name=code)
        for number, reaction in enumerate(reactions):
            place = "scripts", code, number
            for name in ("upon", "do"):
                there = (*place, name)
                yield from check_known(source, there, NO_ACT, reaction[name], ACTS)
            if "recipient" not in ACTS.get(reaction["upon"], {"recipient"}):
                there = (*place, "upon")
                yield source.fault(there, TO_NO_AGENCY, name=reaction["upon"])
            yield from check_places(source, code, reaction, place)


def check_places(
    source: YAMLSource, code: str, reaction: Plain, place: tuple[str | int, ...]
) -> Iterator[Fault]:
    """Check that what depends on places is said for agencies that have some."""
    agencies = source.plain["agencies"]
    for seat in source.plain["seats"].values():
        agency = agencies.get(seat["at"], {"places": 0})
        is_said = seat.get("script") == code and reaction.get("if_places")
        if is_said and "places" not in agency:
            yield source.fault((*place, "if_places"), NO_PLACES, name=seat["at"])


def check_injects(source: YAMLSource) -> Iterator[Fault]:
    injects = source.plain["injects"]
    for code, inject in injects.items():
        yield from check_cause(source, code, inject)
        yield from check_effect(source, code, inject)
    for code in injects:
        if code in list_causes(injects, code):
            yield source.fault(("injects", code, "after"), IN_CIRCLES, name=code)


def check_cause(source: YAMLSource, code: str, inject: Plain) -> Iterator[Fault]:
    place = "injects", code
    after = inject.get("after")
    if after is None and "at" not in inject:
        yield source.fault(place, NO_CAUSE)
    if after is not None and "at" in inject:
        yield source.fault((*place, "at"), TWO_CAUSES)
    if after is None and "wait" in inject:
        yield source.fault((*place, "wait"), WAITS_FOR_NOTHING)
    if isinstance(after, str):
        known = source.plain["injects"]
        yield from check_known(source, (*place, "after"), NO_INJECT, after, known)
    for name in ("after", "unless", "do"):
        if isinstance(said := inject.get(name), dict):
            yield from check_act(source, (*place, name), said)


def check_act(
    source: YAMLSource, place: tuple[str | int, ...], said: Plain
) -> Iterator[Fault]:
    yield from check_known(source, (*place, "act"), NO_ACT, said["act"], ACTS)
    if "person" in said:
        people, there = source.plain["people"], (*place, "person")
        yield from check_known(source, there, NO_PERSON, said["person"], people)
    if "recipient" in said:
        agencies, there = source.plain["agencies"], (*place, "recipient")
        yield from check_known(source, there, NO_AGENCY, said["recipient"], agencies)


def check_effect(source: YAMLSource, code: str, inject: Plain) -> Iterator[Fault]:
    place, plain = ("injects", code), source.plain
    if not {"text", "do", "places"} & inject.keys():
        yield source.fault(place, NOTHING_HAPPENS)
    if "text" in inject and not {"to", "by"} <= inject.keys():
        yield source.fault((*place, "text"), NO_RECEIVER)
    for number, seat in enumerate(inject.get("to", ())):
        there = (*place, "to", number)
        yield from check_known(source, there, NO_SEAT, seat, plain["seats"])
    for agency in inject.get("places", ()):
        there = (*place, "places", agency)
        known = plain["agencies"]
        yield from check_known(source, there, NO_AGENCY, agency, known)
        if agency in known and "places" not in known[agency]:
            yield source.fault(there, NO_PLACES, name=agency)


def list_causes(injects: Plain, code: str) -> list[str]:
    """List the injects for which one waits, directly or through others."""
    # Ends also in a circle, which is what is looked for.
    causes: dict[str, None] = {}
    after = injects[code].get("after")
    while isinstance(after, str) and after in injects and after not in causes:
        causes[after] = None
        after = injects[after].get("after")
    return [*causes]


def check_texts(source: YAMLSource) -> Iterator[Fault]:
    """Check that each text is written in every language of the scenario."""
    languages = source.plain["languages"]
    for place, text in iterate_texts(source.plain):
        for language in languages:
            if language not in text:
                yield source.fault(place, NOT_IN, language=language)


TABLES = frozenset(
    (name,) for name in ("people", "groups", "seats", "scripts", "injects", "observed")
)
"""Their keys are codes, also where they are called as a text is."""
TEXTS = frozenset(
    {
        *("title", "about", "notice", "note", "stop_word", "brief"),
        *("looks", "says", "tells", "text", "from", "ask"),
    }
)


def iterate_texts(
    value: object, place: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Plain]]:
    """Find the texts by the names under which they are, with their places."""
    if isinstance(value, dict):
        for key, part in value.items():
            there = (*place, key)
            is_text = place == ("objectives",) or (key in TEXTS and place not in TABLES)
            if is_text and isinstance(part, dict):
                yield there, part
            elif place and place[0] == "observed" and key == "levels":
                yield from (((*there, n), level) for n, level in enumerate(part))
            else:
                yield from iterate_texts(part, there)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from iterate_texts(part, (*place, number))


def check_criteria(source: YAMLSource, criteria: Iterable[str]) -> Iterator[Fault]:
    plain = source.plain
    known = frozenset(criteria)
    for code, objective in plain["criteria"].items():
        place = "criteria", code
        yield from check_known(source, place, NO_CRITERION, code, known)
        yield from check_objective(source, place, objective)
    for code, observed in plain.get("observed", {}).items():
        there = ("observed", code, "objective")
        yield from check_objective(source, there, observed["objective"])
    for number, question in enumerate(plain["debrief"]):
        if "at" in question:
            place_at = ("debrief", number, "at")
            at, injects = question["at"], plain["injects"]
            yield from check_known(source, place_at, NO_INJECT, at, injects)


def check_objective(
    source: YAMLSource, place: tuple[str | int, ...], objective: object
) -> Iterator[Fault]:
    known = source.plain["objectives"]
    yield from check_known(source, place, NO_OBJECTIVE, objective, known)

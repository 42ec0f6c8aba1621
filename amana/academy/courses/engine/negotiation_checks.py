"""Check whether a negotiation's parties can agree at all, and that what they agree on
exists."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.references import check_unique_codes
from amana.faults import Fault, check_known, gettext_noop
from amana.yaml_files.yamls import Place, YAMLSource

type Plain = Mapping[str, Any]

MEDIATOR = "mediator"
EVERYONE = "all"
"""Not the codes of parties: the seat of the mediator, and the channel of all."""

NO_PARTY = gettext_noop("No party has the code “%(name)s”.")
NO_CLAUSE = gettext_noop("No clause has the code “%(name)s”.")
NO_OPTION = gettext_noop("This clause has no option “%(name)s”.")
NO_ZONE = gettext_noop(
    "“%(name)s” has no zone here. List what this party could accept."
)
NO_AGREEMENT = gettext_noop(
    "No option lies in the zone of every party, so the parties could never "
    "agree on this clause."
)
NO_VALUE = gettext_noop("“value” is missing here: what is written into the file?")
NO_PLACE = gettext_noop(
    "This clause has no file and place, so a value would be written nowhere."
)
TAKEN = gettext_noop("“%(name)s” can’t be a party’s code: choose another one.")
NOT_IN = gettext_noop("This is not written in %(language)s.")
NOT_FIRST = gettext_noop("The course’s first language is missing here: %(language)s.")
NEVER_OFFERED = gettext_noop(
    "In no round anything can be proposed: one of them has to be of the kind offer."
)


def check_negotiations(gathered: CourseSources) -> list[Fault]:
    return [
        fault
        for name in gathered.labs
        for fault in check_negotiation(gathered.sources[name], gathered.first)
    ]


def check_negotiation(source: YAMLSource, first: str) -> Iterator[Fault]:
    plain = source.plain
    if first not in plain["languages"]:
        yield source.fault(("languages",), NOT_FIRST, language=first)
    for key in ("parties", "clauses"):
        yield from check_unique_codes(source, plain[key], (key,))
    if not any(round_["kind"] == "offer" for round_ in plain["rounds"]):
        yield source.fault(("rounds",), NEVER_OFFERED)
    yield from check_parties(source)
    yield from check_news(source)
    parties = [party["code"] for party in plain["parties"]]
    for at, clause in enumerate(plain["clauses"]):
        yield from check_clause(source, at, clause, parties)
    yield from check_languages(source, plain["languages"])


def check_parties(source: YAMLSource) -> Iterator[Fault]:
    clauses = [clause["code"] for clause in source.plain["clauses"]]
    for at, party in enumerate(source.plain["parties"]):
        if party["code"] in (MEDIATOR, EVERYONE):
            place: Place = ("parties", at, "code")
            yield source.fault(place, TAKEN, name=party["code"])
        for code in party.get("positions", ()):
            place = ("parties", at, "positions", code)
            yield from check_known(source, place, NO_CLAUSE, code, clauses)


def check_news(source: YAMLSource) -> Iterator[Fault]:
    plain = source.plain
    readers = [party["code"] for party in plain["parties"]]
    if "mediator" in plain:
        readers.append(MEDIATOR)
    told: list[tuple[Place, Plain]] = [
        (("rounds", at), round_) for at, round_ in enumerate(plain["rounds"])
    ]
    told.append((("renegotiation",), plain.get("renegotiation", {})))
    for place, round_ in told:
        for number, news in enumerate(round_.get("news", ())):
            there = (*place, "news", number, "to")
            for code in news.get("to", ()):
                yield from check_known(source, there, NO_PARTY, code, readers)


def check_clause(
    source: YAMLSource, at: int, clause: Plain, parties: list[str]
) -> Iterator[Fault]:
    needed = clause.get("needs", parties)
    for code in needed:
        place: Place = ("clauses", at, "needs")
        yield from check_known(source, place, NO_PARTY, code, parties)
    for number, option in enumerate(clause.get("options", ())):
        place = ("clauses", at, "options", number)
        if "file" in clause and "value" not in option:
            yield source.fault(place, NO_VALUE)
        if "file" not in clause and "value" in option:
            yield source.fault((*place, "value"), NO_PLACE)
    if "options" in clause:
        yield from check_zones(source, at, clause, parties, needed)


def check_zones(
    source: YAMLSource, at: int, clause: Plain, parties: list[str], needed: list[str]
) -> Iterator[Fault]:
    options = [option["code"] for option in clause["options"]]
    zones = clause["zones"]
    for party, zone in zones.items():
        place = ("clauses", at, "zones", party)
        yield from check_known(source, place, NO_PARTY, party, parties)
        for option in zone:
            yield from check_known(source, place, NO_OPTION, option, options)
    for party in needed:
        if party in parties and party not in zones:
            yield source.fault(("clauses", at, "zones"), NO_ZONE, name=party)
    # Of those only whose acceptance counts: another party's wish ends no negotiation.
    wanted = [set(zones[party]) for party in needed if party in zones]
    if not set(options).intersection(*wanted):
        yield source.fault(("clauses", at, "zones"), NO_AGREEMENT)


TEXTS = frozenset(
    {
        *("title", "notice", "about", "care", "task", "text", "brief", "alternative"),
        *("line", "draft", "agreed", "broken"),
    }
)


def check_languages(source: YAMLSource, languages: list[str]) -> Iterator[Fault]:
    """Check that each text is written in each language: half a table reads French."""
    for place, text in iterate_texts(source.plain):
        for language in languages:
            if language not in text:
                yield source.fault(place, NOT_IN, language=language)


def iterate_texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, Plain]]:
    """Find the texts of a file, with their places."""
    if isinstance(value, list):
        for number, part in enumerate(value):
            within = place and place[-1] in ("interests", "questions")
            if within and isinstance(part, Mapping):
                yield (*place, number), part
            else:
                yield from iterate_texts(part, (*place, number))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            there = (*place, key)
            in_positions = bool(place) and place[-1] == "positions"
            if (key in TEXTS or in_positions) and isinstance(part, Mapping):
                yield there, part
            elif key != "value":
                yield from iterate_texts(part, there)

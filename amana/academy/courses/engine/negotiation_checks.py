"""Check whether a negotiation's parties can agree at all, and that what they agree on
exists."""

from collections.abc import Iterator

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.references import check_unique_codes
from amana.faults import Fault, check_known, gettext_noop
from amana.yaml_files.yamls import YAMLSource

NO_PARTY = gettext_noop("No party has the code “%(name)s”.")
NO_OPTION = gettext_noop("This clause has no option “%(name)s”.")
NO_ZONE = gettext_noop(
    "“%(name)s” has no zone here. List what this party could accept."
)
NO_AGREEMENT = gettext_noop(
    "No option lies in the zone of every party, so the parties could never "
    "agree on this clause."
)


def check_negotiations(gathered: CourseSources) -> list[Fault]:
    return [
        fault
        for name in gathered.labs
        for fault in check_negotiation(gathered.sources[name])
    ]


def check_negotiation(source: YAMLSource) -> Iterator[Fault]:
    plain = source.plain
    parties = [party["code"] for party in plain["parties"]]
    for key in ("parties", "clauses"):
        yield from check_unique_codes(source, plain[key], (key,))
    for at, clause in enumerate(plain["clauses"]):
        options = [option["code"] for option in clause["options"]]
        zones = clause["zones"]
        for party, zone in zones.items():
            place = ("clauses", at, "zones", party)
            yield from check_known(source, place, NO_PARTY, party, parties)
            for option in zone:
                yield from check_known(source, place, NO_OPTION, option, options)
        for party in parties:
            if party not in zones:
                yield source.fault(("clauses", at, "zones"), NO_ZONE, name=party)
        if not set(options).intersection(*map(set, zones.values())):
            yield source.fault(("clauses", at, "zones"), NO_AGREEMENT)

"""From a scenario's file to a `Scenario`, or to every mistake in it, by line."""

from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from amana.academy.exercises.engine.scenario import (
    ActPattern,
    Agency,
    DebriefQuestion,
    Inject,
    InventedGroup,
    InventedPerson,
    Knowledge,
    ObservedCriterion,
    OpeningHours,
    Scenario,
    ScriptedReaction,
    Seat,
)
from amana.academy.exercises.engine.scenario_checks import DAYS, find_link_faults
from amana.academy.exercises.engine.silent_scripts import find_silent_scripts
from amana.design.mechanism.pack.pack_model import Pack
from amana.faults import NOTHING, Fault
from amana.working_time import parse_span
from amana.yaml_files import schema, yamls

type Plain = Mapping[str, Any]

SCHEMAS = Path(__file__).parent / "schemas"


def read_scenario(
    name: str, content: bytes, *, pack: Pack, criteria: frozenset[str]
) -> tuple[Scenario | None, list[Fault]]:
    """Read a scenario that is played on a mechanism; return it, unless it has faults,
    and its faults in the order of the file.

    `criteria`: the codes of the criteria of conduct that there are."""
    try:
        source = yamls.read_yaml(name, content)
    except yamls.UnreadableYAML as error:
        return None, [error.fault]
    faults = schema.find_faults(source, schema.load_validator("scenario", SCHEMAS))
    faults = faults or find_link_faults(source, pack, criteria)
    scenario = None if faults else build_scenario(source.plain)
    if scenario is not None:
        faults = list(find_silent_scripts(source, scenario, pack.calendar))
    if faults:
        return None, sorted(faults, key=lambda fault: fault.line or 0)
    return scenario, []


def build_scenario(plain: Plain) -> Scenario:
    clock = plain["clock"]
    start = datetime.fromisoformat(clock["start"])
    return Scenario(
        code=plain["id"],
        title=plain["title"],
        about=plain["about"],
        notice=plain.get("notice", NOTHING),
        care=plain["care"]["note"],
        stop_word=plain["care"]["stop_word"],
        mechanism=plain["mechanism"],
        languages=tuple(plain["languages"]),
        start=start.replace(tzinfo=ZoneInfo(clock["zone"])),
        speed=float(clock["speed"]),
        length=parse_span(clock["length"]),
        seed=plain["seed"],
        objectives=plain["objectives"],
        agencies=build_all(build_agency, plain["agencies"]),
        people=build_all(build_person, plain["people"]),
        groups=build_all(build_group, plain.get("groups", NOTHING)),
        seats=build_all(build_seat, plain["seats"]),
        scripts={
            code: tuple(map(build_reaction, reactions))
            for code, reactions in plain.get("scripts", NOTHING).items()
        },
        injects=build_all(build_inject, plain["injects"]),
        criteria=plain["criteria"],
        observed=build_all(build_observed, plain.get("observed", NOTHING)),
        debrief=tuple(
            DebriefQuestion(entry["ask"], entry.get("at", ""))
            for entry in plain["debrief"]
        ),
    )


def build_all(build: Any, entries: Plain) -> dict[str, Any]:
    return {code: build(code, entry) for code, entry in entries.items()}


def build_agency(code: str, entry: Plain) -> Agency:
    hours = () if entry["open"] == "always" else map(build_hours, entry["open"])
    return Agency(code, tuple(hours), entry.get("places"))


def build_hours(entry: Plain) -> OpeningHours:
    days = frozenset(DAYS.index(day) for day in entry["days"])
    opens, closes = map(time.fromisoformat, (entry["from"], entry["to"]))
    return OpeningHours(days, opens, closes)


def build_person(code: str, entry: Plain) -> InventedPerson:
    return InventedPerson(
        code=code,
        name=entry["name"],
        age=entry["age"],
        speaks=tuple(entry["speaks"]),
        looks=entry["looks"],
        says=entry["says"],
        says_age=entry.get("says_age"),
        knows=tuple(
            Knowledge(frozenset(known["when"]), known["tells"])
            for known in entry.get("knows", ())
        ),
        companions=tuple(entry.get("with", ())),
    )


def build_group(code: str, entry: Plain) -> InventedGroup:
    numbers = {name: entry.get(name, 0) for name in ("children", "injured", "pregnant")}
    return InventedGroup(code, entry["count"], entry["looks"], **numbers)


def build_seat(code: str, entry: Plain) -> Seat:
    fewest, most = entry["people"]
    return Seat(
        code=code,
        title=entry["title"],
        role=entry["role"],
        agency=entry["at"],
        fewest=fewest,
        most=most,
        brief=entry["brief"],
        script=entry.get("script", ""),
    )


def build_reaction(entry: Plain) -> ScriptedReaction:
    return ScriptedReaction(
        upon=entry["upon"],
        do=entry["do"],
        after=parse_span(entry["after"]),
        if_places=entry.get("if_places", False),
        reason=entry.get("reason", ""),
    )


def build_inject(code: str, entry: Plain) -> Inject:
    span = entry.get("wait") or entry.get("at", "start")
    after = entry.get("after")
    return Inject(
        code=code,
        at=None if span == "start" else parse_span(span),
        after_inject=after if isinstance(after, str) else "",
        after_act=build_act(after) if isinstance(after, dict) else None,
        unless=build_act(entry["unless"]) if "unless" in entry else None,
        seats=tuple(entry.get("to", ())),
        by=entry.get("by", ""),
        sender=entry.get("from", NOTHING),
        text=entry.get("text", NOTHING),
        do=build_act(entry["do"]) if "do" in entry else None,
        places=entry.get("places", NOTHING),
    )


def build_act(entry: Plain) -> ActPattern:
    return ActPattern(entry["act"], entry.get("person", ""), entry.get("recipient", ""))


def build_observed(code: str, entry: Plain) -> ObservedCriterion:
    return ObservedCriterion(
        code, entry["objective"], entry["title"], tuple(entry["levels"])
    )

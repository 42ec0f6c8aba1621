"""The criteria of conduct that scenarios choose from: `criteria.yaml` has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amana.academy.exercises.engine import criteria
from amana.academy.exercises.engine.criteria import (
    Condition,
    ConductCriterion,
    Operator,
)
from amana.academy.exercises.engine.exercise_log import ACTS
from amana.faults import Fault
from amana.reviewed_files import Text, read_reviewed
from amana.working_time import InvalidTimeSpan, parse_span
from amana.yaml_files.yamls import YAMLSource

FILE = Path(__file__).with_name("criteria.yaml")
KEYS = frozenset(key for keys in ACTS.values() for key in keys)
OPERATORS = ("precedence", "response", "absence", "not_after", "exclusion")

TOO_LONG = "This is longer than ten years."
ONE_OPERATOR = "Exactly one of these belongs here: %(known)s."
NOT_OF_ACT = "“%(key)s” says nothing of “%(act)s”: it has %(known)s."


@dataclass(frozen=True)
class StandardCriterion:
    """A criterion, and how it is called."""

    criterion: ConductCriterion
    title: Text
    why: Text


def read_criteria(file: Path) -> dict[str, StandardCriterion]:
    """Read the criteria by their codes. Raises FaultyFile."""
    entries = read_reviewed(file, {"act": ACTS, "key": KEYS}, check=check_criteria)
    return {
        code: StandardCriterion(
            ConductCriterion(code, build_operator(entry), entry.get("critical", False)),
            entry["title"],
            entry["why"],
        )
        for code, entry in entries["criteria"].items()
    }


def check_criteria(source: YAMLSource) -> Iterator[Fault]:
    """Check that each criterion has one operator, over acts with its keys."""
    for code, entry in source.plain["criteria"].items():
        place = "criteria", code
        named = [name for name in OPERATORS if name in entry]
        if len(named) != 1:
            yield source.fault(place, ONE_OPERATOR, known=", ".join(OPERATORS))
            continue
        (name,) = named
        if "within" in entry[name] and not is_span(entry[name]["within"]):
            yield source.fault((*place, name, "within"), TOO_LONG)
        for act, key in list_keys(name, entry[name]):
            if key not in ACTS[act]:
                known = ", ".join(sorted(ACTS[act]))
                there = (*place, name)
                yield source.fault(there, NOT_OF_ACT, key=key, act=act, known=known)


def is_span(text: str) -> bool:
    try:
        parse_span(text)
    except InvalidTimeSpan:
        return False
    return True


def list_keys(name: str, said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """List the acts that an operator compares, each with a key that it needs."""
    if name == "exclusion":
        yield said["one"], said["key"]
        yield said["other"], said["other_key"]
    elif name != "absence":
        for act in (*said["first"], *said["then"], *said.get("again", ())):
            for key in said.get("same", ("person",)):
                yield act, key


def build_operator(entry: Mapping[str, Any]) -> Operator:
    (name,) = (name for name in OPERATORS if name in entry)
    return BUILDERS[name](entry[name])


def build_condition(said: Mapping[str, Any]) -> Condition:
    where, unless = said.get("where", {}), said.get("unless", {})
    return Condition(
        {key: frozenset(values) for key, values in where.items()},
        {key: frozenset(values) for key, values in unless.items()},
    )


def build_precedence(said: Mapping[str, Any]) -> Operator:
    return criteria.Precedence(
        first=tuple(said["first"]),
        then=tuple(said["then"]),
        same=tuple(said.get("same", ("person",))),
        when=build_condition(said),
        ended_by=tuple(said.get("ended_by", ())),
        covers=said.get("covers", ""),
    )


def build_response(said: Mapping[str, Any]) -> Operator:
    return criteria.Response(
        first=tuple(said["first"]),
        then=tuple(said["then"]),
        same=tuple(said.get("same", ("person",))),
        other=tuple(said.get("other", ())),
        when=build_condition(said),
        already=said.get("already", False),
        by_another=said.get("by_another", False),
        within=parse_span(said["within"]) if "within" in said else None,
        due=said.get("due", ""),
    )


def build_absence(said: Mapping[str, Any]) -> Operator:
    return criteria.Absence(
        acts=tuple(said["acts"]),
        tested_by=tuple(said["tested_by"]),
        when=build_condition(said),
    )


def build_not_after(said: Mapping[str, Any]) -> Operator:
    return criteria.NotAfter(
        first=tuple(said["first"]),
        then=tuple(said["then"]),
        again=tuple(said.get("again", ())),
        same=tuple(said.get("same", ("person",))),
        when=build_condition(said),
    )


def build_exclusion(said: Mapping[str, Any]) -> Operator:
    return criteria.Exclusion(
        said["one"], said["other"], said["key"], said["other_key"]
    )


BUILDERS = {
    "precedence": build_precedence,
    "response": build_response,
    "absence": build_absence,
    "not_after": build_not_after,
    "exclusion": build_exclusion,
}
STANDARD = read_criteria(FILE)

"""A negotiation as its file describes it, in one language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

type Say = Callable[[Any], str]
"""A text of the file, in the reader's language."""


@dataclass(frozen=True)
class Round:
    title: str
    minutes: int
    caucus: bool
    """Each party by itself: no one proposes or accepts."""
    task: str


@dataclass(frozen=True)
class Party:
    code: str
    title: str
    brief: str


@dataclass(frozen=True)
class Option:
    code: str
    text: str
    value: Any
    """The value in the mechanism's file, when this is agreed."""


@dataclass(frozen=True)
class Clause:
    code: str
    title: str
    about: str
    file: str
    place: tuple[str | int, ...]
    options: Mapping[str, Option]
    zones: Mapping[str, frozenset[str]]
    """By party: the options that it could accept."""


@dataclass(frozen=True)
class Lab:
    title: str
    about: str
    pack: str
    """The mechanism whose text the parties negotiate, by its folder."""
    rounds: tuple[Round, ...]
    parties: Mapping[str, Party]
    clauses: Mapping[str, Clause]
    debrief: str


def of(plain: Mapping[str, Any], say: Say) -> Lab:
    return Lab(
        title=say(plain["title"]),
        about=say(plain["about"]),
        pack=plain["pack"],
        rounds=tuple(
            Round(
                say(round_["title"]),
                round_["minutes"],
                round_["kind"] == "caucus",
                say(round_["task"]),
            )
            for round_ in plain["rounds"]
        ),
        parties={
            party["code"]: Party(
                party["code"], say(party["title"]), say(party["brief"])
            )
            for party in plain["parties"]
        },
        clauses={clause["code"]: clause_of(clause, say) for clause in plain["clauses"]},
        debrief=say(plain["debrief"]),
    )


def clause_of(plain: Mapping[str, Any], say: Say) -> Clause:
    return Clause(
        code=plain["code"],
        title=say(plain["title"]),
        about=say(plain["about"]),
        file=plain["file"],
        place=tuple(plain["place"]),
        options={
            option["code"]: Option(option["code"], say(option["text"]), option["value"])
            for option in plain["options"]
        },
        zones={party: frozenset(zone) for party, zone in plain["zones"].items()},
    )

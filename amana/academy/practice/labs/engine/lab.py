"""A negotiation as its file describes it, in one language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

type Say = Callable[[object], str]
"""A text of the file, in the reader's language."""


@dataclass(frozen=True)
class LabRound:
    title: str
    minutes: int
    caucus: bool
    """Each party by itself: no one proposes or accepts."""
    task: str


@dataclass(frozen=True)
class LabParty:
    code: str
    title: str
    brief: str


@dataclass(frozen=True)
class ClauseOption:
    code: str
    text: str
    value: object
    """The value in the mechanism's file, when this is agreed."""


@dataclass(frozen=True)
class LabClause:
    code: str
    title: str
    about: str
    file: str
    place: tuple[str | int, ...]
    options: Mapping[str, ClauseOption]
    zones: Mapping[str, frozenset[str]]
    """By party: the options that it could accept."""


@dataclass(frozen=True)
class LabScript:
    title: str
    about: str
    pack: str
    """The mechanism whose text the parties negotiate, by its folder."""
    rounds: tuple[LabRound, ...]
    parties: Mapping[str, LabParty]
    clauses: Mapping[str, LabClause]
    debrief: str


def read_lab(plain: Mapping[str, Any], say: Say) -> LabScript:
    return LabScript(
        title=say(plain["title"]),
        about=say(plain["about"]),
        pack=plain["pack"],
        rounds=tuple(
            LabRound(
                say(round_["title"]),
                round_["minutes"],
                round_["kind"] == "caucus",
                say(round_["task"]),
            )
            for round_ in plain["rounds"]
        ),
        parties={
            party["code"]: LabParty(
                party["code"], say(party["title"]), say(party["brief"])
            )
            for party in plain["parties"]
        },
        clauses={
            clause["code"]: read_clause(clause, say) for clause in plain["clauses"]
        },
        debrief=say(plain["debrief"]),
    )


def read_clause(plain: Mapping[str, Any], say: Say) -> LabClause:
    return LabClause(
        code=plain["code"],
        title=say(plain["title"]),
        about=say(plain["about"]),
        file=plain["file"],
        place=tuple(plain["place"]),
        options={
            option["code"]: ClauseOption(
                option["code"], say(option["text"]), option["value"]
            )
            for option in plain["options"]
        },
        zones={party: frozenset(zone) for party, zone in plain["zones"].items()},
    )

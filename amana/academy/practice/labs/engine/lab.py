"""A negotiation as its file describes it, in one language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

type Say = Callable[[object], str]
"""A text of the file, in the reader's language."""

MEDIATOR = "mediator"
"""The seat that plays no party and reads no brief."""


class RoundKind(StrEnum):
    ALONE = "alone"
    """Each party by itself: it writes notes."""
    ASK = "ask"
    """All channels are open, and nothing is proposed."""
    CAUCUS = "caucus"
    """Two talk alone; the channel of all is closed."""
    OFFER = "offer"
    """All channels are open; words are proposed, accepted and refused."""


FORMER_KINDS = {"open": RoundKind.OFFER}
"""In versions of courses that were published before rounds had four kinds."""


@dataclass(frozen=True)
class LabNews:
    to: frozenset[str]
    """The seats that learn it; empty: everyone."""
    text: str

    def is_read_by(self, seat: str) -> bool:
        return not self.to or seat in self.to


@dataclass(frozen=True)
class LabRound:
    title: str
    minutes: int
    kind: RoundKind
    task: str
    news: tuple[LabNews, ...] = ()


@dataclass(frozen=True)
class LabParty:
    code: str
    title: str
    brief: str
    interests: tuple[str, ...] = ()
    alternative: str = ""
    """The best that it has without an agreement."""
    line: str = ""
    """Below this it walks away."""
    positions: Mapping[str, str] | None = None
    """By clause: what it could live with."""


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
    draft: str
    """Words with which a first proposal begins."""
    needs: frozenset[str]
    """The parties whose acceptance is needed."""
    file: str
    """Where in the mechanism the chosen value is written; empty: nowhere."""
    place: tuple[str | int, ...]
    options: Mapping[str, ClauseOption]
    zones: Mapping[str, frozenset[str]]
    """By party: the options that its brief allows."""

    def format_option(self, code: str) -> str:
        return self.options[code].text if code in self.options else ""


@dataclass(frozen=True)
class LabScript:
    code: str
    title: str
    notice: str
    about: str
    care: str
    pack: str
    """The mechanism whose text the parties negotiate, by its folder."""
    mediator: str
    """The task of the mediator; empty: there is no such seat."""
    rounds: tuple[LabRound, ...]
    renegotiation: LabRound | None
    parties: Mapping[str, LabParty]
    walk_away_ends: bool
    """A party that walks away ends the negotiation; else it suspends it."""
    clauses: Mapping[str, LabClause]
    agreed: str
    broken: str
    """What happens then: if they agree, and if they don't."""
    briefs_are_shown: bool
    """In the debrief, to everyone."""
    questions: tuple[str, ...]

    @property
    def seats(self) -> tuple[str, ...]:
        """Return the codes of all seats that can be taken."""
        return (*self.parties, *([MEDIATOR] if self.mediator else []))


def read_lab(code: str, plain: Mapping[str, Any], say: Say) -> LabScript:
    """Read what a course keeps of a negotiation. A version that was published in the
    former format is read too: what it doesn't have stays empty."""
    parties = {party["code"]: read_party(party, say) for party in plain["parties"]}
    ends = plain.get("ends", {})
    return LabScript(
        code=code,
        title=say(plain["title"]),
        notice=say(plain.get("notice", "")),
        about=say(plain["about"]),
        care=say(plain.get("care", "")),
        pack=plain["pack"],
        mediator=say(plain["mediator"]["task"]) if "mediator" in plain else "",
        rounds=tuple(read_round(round_, say) for round_ in plain["rounds"]),
        renegotiation=read_renegotiation(plain, say),
        parties=parties,
        walk_away_ends=plain.get("walk_away") == "ends",
        clauses={
            clause["code"]: read_clause(clause, frozenset(parties), say)
            for clause in plain["clauses"]
        },
        agreed=say(ends.get("agreed", "")),
        broken=say(ends.get("broken", "")),
        **read_debrief(plain["debrief"], say),
    )


def read_debrief(plain: Any, say: Say) -> dict[str, Any]:
    if isinstance(plain, Mapping) and "questions" in plain:
        questions = tuple(map(say, plain["questions"]))
        shown = plain["briefs"] == "shown"
        return {"briefs_are_shown": shown, "questions": questions}
    # The former format: one text, and briefs that were always shown.
    return {"briefs_are_shown": True, "questions": (say(plain),)}


def read_round(plain: Mapping[str, Any], say: Say) -> LabRound:
    return LabRound(
        say(plain["title"]),
        plain["minutes"],
        FORMER_KINDS.get(plain["kind"]) or RoundKind(plain["kind"]),
        say(plain["task"]),
        read_news(plain, say),
    )


def read_renegotiation(plain: Mapping[str, Any], say: Say) -> LabRound | None:
    found = plain.get("renegotiation")
    if not found:
        return None
    kind, news = RoundKind.OFFER, read_news(found, say)
    return LabRound("", found["minutes"], kind, say(found["task"]), news)


def read_news(plain: Mapping[str, Any], say: Say) -> tuple[LabNews, ...]:
    return tuple(
        LabNews(frozenset(news.get("to", ())), say(news["text"]))
        for news in plain.get("news", ())
    )


def read_party(plain: Mapping[str, Any], say: Say) -> LabParty:
    positions = plain.get("positions", {})
    return LabParty(
        code=plain["code"],
        title=say(plain["title"]),
        brief=say(plain["brief"]),
        interests=tuple(map(say, plain.get("interests", ()))),
        alternative=say(plain.get("alternative", "")),
        line=say(plain.get("line", "")),
        positions={clause: say(text) for clause, text in positions.items()},
    )


def read_clause(
    plain: Mapping[str, Any], parties: frozenset[str], say: Say
) -> LabClause:
    return LabClause(
        code=plain["code"],
        title=say(plain["title"]),
        about=say(plain["about"]),
        draft=say(plain.get("draft", "")),
        needs=frozenset(plain.get("needs", parties)),
        file=plain.get("file", ""),
        place=tuple(plain.get("place", ())),
        options={
            option["code"]: ClauseOption(
                option["code"], say(option["text"]), option.get("value")
            )
            for option in plain.get("options", ())
        },
        zones={
            party: frozenset(zone) for party, zone in plain.get("zones", {}).items()
        },
    )

"""The plan of a live session, as a module of a course brings it along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

type Words = Mapping[str, str]
"""A text by language; plain text stands under the course's first language."""

LARGEST_MESH = 5
OWN_POLL = 3
"""Minutes of a poll that was added."""
GROUP_OF = 4
"""How many people talk in a group where the plan does not say it."""


@dataclass(frozen=True)
class PlannedPoll:
    key: str
    text: Words
    options: tuple[Words, ...]


@dataclass(frozen=True)
class PlanStep:
    place: int
    minutes: int
    title: Words
    kind: str
    task: Words
    low_bandwidth: Words
    group_size: int
    poll: str
    """The key of the poll that belongs to it; empty without one."""


@dataclass(frozen=True)
class SessionPlan:
    title: Words
    about: Words
    facilitator: Words
    minutes: int
    materials: tuple[str, ...]
    steps: tuple[PlanStep, ...]
    polls: tuple[PlannedPoll, ...]

    @cached_property
    def poll_by_key(self) -> Mapping[str, PlannedPoll]:
        return {poll.key: poll for poll in self.polls}


def parse_plan(live: Mapping[str, Any], first: str) -> SessionPlan:
    """Parse a plan. Polls are asked in the order of the steps that ask one: poll, then
    exit.
    """
    polls = tuple(
        PlannedPoll(
            f"poll-{number}",
            parse_texts(question["text"], first),
            tuple(parse_texts(option, first) for option in question["options"]),
        )
        for number, question in enumerate(
            (q for q in live.get("questions", ()) if isinstance(q, Mapping)), 1
        )
    )
    waiting = [poll.key for poll in polls]
    steps = []
    for place, step in enumerate(live.get("steps", ())):
        asks = step["kind"] in ("poll", "exit") and waiting
        steps.append(
            PlanStep(
                place,
                step["minutes"],
                parse_texts(step["title"], first),
                step["kind"],
                parse_texts(step["task"], first),
                parse_texts(step["low_bandwidth"], first),
                parse_group_size(step.get("group_size")),
                waiting.pop(0) if asks else "",
            )
        )
    return SessionPlan(
        title=parse_texts(live.get("title", ""), first),
        about=parse_texts(live.get("about", ""), first),
        facilitator=parse_texts(live.get("facilitator", ""), first),
        minutes=live.get("minutes", 0),
        materials=tuple(live.get("materials", ())),
        steps=tuple(steps),
        polls=polls,
    )


def build_own_plan(
    title: str, task: str, minutes: int, languages: Iterable[str]
) -> SessionPlan:
    """Build the plan of a meeting that no module has: everyone talks of one thing."""
    spoken = tuple(languages)
    said = repeat_text(task, spoken)
    step = PlanStep(
        0, minutes, repeat_text(title, spoken), "discussion", said, said, GROUP_OF, ""
    )
    return SessionPlan(repeat_text(title, spoken), {}, {}, minutes, (), (step,), ())


def add_polls(
    plan: SessionPlan, polls: Iterable[Mapping[str, Any]], languages: Iterable[str]
) -> SessionPlan:
    """Add polls that those who lead have written, each as a step at the end: they are
    asked whenever it suits."""
    spoken, steps, added = tuple(languages), list(plan.steps), list(plan.polls)
    for poll in polls:
        text = repeat_text(poll["text"], spoken)
        options = tuple(repeat_text(option, spoken) for option in poll["options"])
        added.append(PlannedPoll(poll["key"], text, options))
        steps.append(
            PlanStep(
                len(steps), OWN_POLL, text, "poll", text, text, GROUP_OF, poll["key"]
            )
        )
    return replace(plan, steps=tuple(steps), polls=tuple(added))


def repeat_text(text: str, languages: Iterable[str]) -> Words:
    """Repeat under each language what was written in one, that of the cohort: a page
    shows a plan in one language, in which all of its texts have to be."""
    return dict.fromkeys(languages, text)


def parse_texts(said: object, first: str) -> Words:
    if isinstance(said, Mapping):
        return {str(language): str(text) for language, text in said.items()}
    return {first: str(said)} if said != "" else {}


def parse_group_size(said: object) -> int:
    """Parse `4`, `"4"`, or words such as `3-5`, of which the first number counts."""
    digits = "".join(c if c.isdecimal() else " " for c in str(said or "")).split()
    return max(2, int(digits[0][:3])) if digits else GROUP_OF

"""Pathways and cases for tests: one that uses every word, and random ones."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amana.design.pathway.case import (
    EventNotApplicable,
    RunState,
    apply_fact,
    split_key,
)
from amana.design.pathway.pathway_model import LIST, Do, Pathway, Wait
from amana.design.pathway.pathway_reading import read_pathway
from amana.design.pathway.run_events import EventKind, RunEvent
from amana.working_time import Calendar

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)

WHOLE: dict[str, Any] = {
    "starts_with": {
        "age_group": ["adult", "child", "unsure"],
        "urgency": ["U0", "U1", "U2", "U3"],
    },
    "start": "screen",
    "steps": {
        "screen": {
            "do": {"en": "Look for signs", "ar": "البحث عن علامات"},
            "role": "responder",
            "gives": {"presumed": ["yes", "no", "unsure"]},
            "due": {"U0": "PT1H", "U1": "PT24H", "U2": "P3B", "U3": "P5B"},
            "remind": "PT30M",
            "late": ["coordinator"],
            "next": "triage",
        },
        "triage": {"decide": "triage", "gives": "route", "next": "which_route"},
        "which_route": {
            "choose": [
                {"if": 'route == "child"', "next": "count"},
                {"else": True, "next": "support"},
            ]
        },
        "count": {
            "do": "See which children there are",
            "role": "manager",
            "gives": {"children": "list"},
            "next": "each_child",
        },
        "each_child": {
            "together": ["interests"],
            "each": "children",
            "next": "support",
        },
        "interests": {
            "do": "Assess what is best for the child",
            "role": "child",
            "gives": {"guardian": ["yes", "no"]},
            "due": "P7D",
            "next": "has_guardian",
        },
        "has_guardian": {
            "choose": [
                {"if": 'guardian == "no"', "next": "appoint"},
                {"else": True},
            ]
        },
        "appoint": {"do": "Appoint a guardian", "role": "child", "due": "PT48H"},
        "support": {"together": ["health", "ask_for_bed", "counsel"], "next": "decide"},
        "health": {"do": "Offer a health check", "role": "health", "due": "P2D"},
        "ask_for_bed": {"tell": "shelter", "message": "bed_needed", "next": "bed"},
        "bed": {
            "wait": [
                {"message": "bed_given", "from": "shelter"},
                {"after": "P14D", "next": "other_bed"},
            ]
        },
        "other_bed": {"do": "Find another bed", "role": "manager", "due": "P2B"},
        "counsel": {
            "do": "Give legal advice",
            "role": "legal",
            "due": "P5B",
            "next": "claim",
        },
        "claim": {"do": "Claim what is owed", "role": "legal"},
        "decide": {
            "do": "Decide on identification",
            "role": "authority",
            "gives": {"identified": ["yes", "no", "more"]},
            "due": "P45D",
            "remind": "P5D",
            "late": ["authority", "coordinator"],
            "next": "identified",
        },
        "identified": {
            "choose": [
                {"if": 'identified == "more"', "next": "screen"},
                {"if": 'identified in ["yes"] and not children', "next": "going_home"},
                {"else": True, "next": "close"},
            ]
        },
        "going_home": {"part": "home", "next": "close"},
        "close": {"do": "Close together", "role": "manager", "end": "closed"},
        "ask": {
            "do": "Ask what the person wants now",
            "role": "manager",
            "gives": {"goes_on": ["yes", "no"]},
            "next": "goes_on",
        },
        "goes_on": {
            "choose": [
                {"if": 'goes_on == "yes"', "next": "support"},
                {"else": True, "next": "farewell"},
            ]
        },
        "farewell": {"do": "Say goodbye", "role": "manager", "end": "withdrawn"},
    },
    "parts": {
        "home": {
            "start": "risk",
            "steps": {
                "risk": {
                    "do": "Look at the risks",
                    "role": "manager",
                    "due": "P14D",
                    "next": "travel",
                },
                "travel": {"do": "Prepare the journey", "role": "coordinator"},
            },
        }
    },
    "interrupts": {
        "withdrawal": {"on": "consent_withdrawn", "next": "ask", "keeps": ["health"]}
    },
}
TRIAGE: dict[str, Any] = {
    "inputs": ["age_group"],
    "gives": "route",
    "rows": [
        {"when": {"age_group": ["child", "unsure"]}, "then": "child"},
        {"else": True, "then": "standard"},
    ],
}
TABLES = {"triage": TRIAGE}
SOME_ROLES = ("responder", "manager", "child", "health")
ROLES = frozenset({*SOME_ROLES, "shelter", "legal", "authority", "coordinator"})


def whole(calendar: Calendar | None = None) -> Pathway:
    return read_pathway(WHOLE, decisions=TABLES, roles=ROLES, calendar=calendar)


def fact(kind: str, hours: float = 0, step: str = "", **more: Any) -> RunEvent:
    return RunEvent(EventKind(kind), MONDAY + timedelta(hours=hours), step, **more)


def began(age_group: str = "adult", urgency: str = "U2") -> RunEvent:
    return fact("start", data={"age_group": age_group, "urgency": urgency})


# -- random pathways -------------------------------------------------------------------


@dataclass
class Maker:
    """Writes a random pathway, sound by the way it is put together: from its end
    backwards, each piece knowing what comes after it."""

    rng: random.Random
    steps: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    decisions: dict[str, Any] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    number: int = 0

    def name(self, word: str) -> str:
        self.number += 1
        return f"{word}{self.number}"

    def whole(self) -> dict[str, Any]:
        self.steps["the_end"] = {**self.do(), "end": "closed"}
        start = self.pieces("the_end", 0)
        interrupts = {}
        if self.rng.random() < 0.5:
            farewell = self.name("do")
            self.steps[farewell] = {**self.do(), "end": "withdrawn"}
            after = self.pieces(farewell, 2) if self.rng.random() < 0.5 else farewell
            dos = [id for id, step in self.steps.items() if "do" in step]
            keeps = self.rng.sample(dos, min(2, len(dos)))
            interrupts = {
                "stop": {"on": "withdrawn", "next": after, "keeps": sorted(keeps)}
            }
        return {
            "starts_with": {"urgency": ["U0", "U1"], "age": ["child", "adult"]},
            "start": start,
            "steps": self.steps,
            "parts": self.parts,
            "interrupts": interrupts,
        }

    def pieces(self, next: str | None, depth: int) -> str:
        """Some pieces one after the other; the name of the first."""
        for _ in range(self.rng.randint(1, 3)):
            kinds = [self.a_do, self.a_loop, self.a_tell, self.a_wait]
            if depth < 3:
                kinds += [self.a_choice, self.a_decision]
            if depth < 2:
                kinds += [self.a_together, self.an_each, self.a_part] * 2
            next = self.rng.choice(kinds)(next, depth)
        assert next is not None
        return next

    def do(self) -> dict[str, Any]:
        step: dict[str, Any] = {
            "do": "Do it",
            "role": self.rng.choice(["manager", "health"]),
        }
        due = self.rng.choice([None, "PT4H", "P2D", "P3B", {"U0": "PT1H", "U1": "P5B"}])
        if due:
            step["due"] = due
        return step

    def add(self, word: str, step: dict[str, Any], next: str | None) -> str:
        id = self.name(word)
        self.steps[id] = step | ({"next": next} if next else {})
        return id

    def a_do(self, next: str | None, depth: int) -> str:
        return self.add("do", self.do(), next)

    def a_tell(self, next: str | None, depth: int) -> str:
        return self.add("tell", {"tell": "manager", "message": "news"}, next)

    def a_choice(self, next: str | None, depth: int) -> str:
        name = self.name("answer")
        first = self.pieces(next, depth + 1)
        ways: list[dict[str, Any]] = [
            {"if": f'{name} == "yes"', "next": first},
            {"else": True} | ({"next": next} if next else {}),
        ]
        if self.rng.random() < 0.5:
            other = self.pieces(next, depth + 1)
            ways.insert(1, {"if": f'{name} in ["no"]', "next": other})
        choice = self.add("choose", {"choose": ways}, None)
        return self.add(
            "do", {**self.do(), "gives": {name: ["yes", "no", "x"]}}, choice
        )

    def a_loop(self, next: str | None, depth: int) -> str:
        name = self.name("again")
        choice = self.name("choose")
        first = self.add("do", {**self.do(), "gives": {name: ["yes", "no"]}}, choice)
        otherwise = {"next": next} if next else {}
        self.steps[choice] = {
            "choose": [
                {"if": f'not {name} == "no"', "next": first},
                {"else": True, **otherwise},
            ]
        }
        return first

    def a_decision(self, next: str | None, depth: int) -> str:
        table, name = self.name("table"), self.name("route")
        self.decisions[table] = {
            "inputs": ["urgency", "age"],
            "gives": name,
            "rows": [
                {"when": {"urgency": "U0", "age": ["child"]}, "then": "quick"},
                {"when": {"age": "child"}, "then": "child"},
                {"else": True, "then": "usual"},
            ],
        }
        first = self.pieces(next, depth + 1)
        otherwise: dict[str, Any] = {"else": True} | ({"next": next} if next else {})
        choice = self.add(
            "choose",
            {"choose": [{"if": f'{name} != "usual"', "next": first}, otherwise]},
            None,
        )
        return self.add("decide", {"decide": table, "gives": name}, choice)

    def a_wait(self, next: str | None, depth: int) -> str:
        message = self.name("message")
        self.messages.append(message)
        late = self.add("do", self.do(), next)
        heard: dict[str, Any] = {"message": message} | ({"next": next} if next else {})
        ways = [heard, {"after": "P3D", "next": late}]
        return self.add("wait", {"wait": ways}, None)

    def a_together(self, next: str | None, depth: int) -> str:
        branches = [self.pieces(None, depth + 1) for _ in range(self.rng.randint(1, 3))]
        return self.add("together", {"together": branches}, next)

    def an_each(self, next: str | None, depth: int) -> str:
        items = self.name("items")
        branches = [self.pieces(None, depth + 1) for _ in range(self.rng.randint(1, 2))]
        each = self.add("each", {"together": branches, "each": items}, next)
        return self.add("do", {**self.do(), "gives": {items: "list"}}, each)

    def a_part(self, next: str | None, depth: int) -> str:
        name = self.name("part")
        outer, self.steps = self.steps, {}
        start = self.pieces(None, depth + 1)
        self.parts[name] = {"start": start, "steps": self.steps}
        self.steps = outer
        return self.add("sub", {"part": name}, next)


def a_random(rng: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """A pathway and its tables, as plain contents."""
    maker = Maker(rng)
    return maker.whole(), maker.decisions


# -- random cases ----------------------------------------------------------------------


def answers(step: Do, rng: random.Random) -> dict[str, Any]:
    return {
        name: rng.randint(0, 3) if codes == (LIST,) else rng.choice(codes)
        for name, codes in step.gives.items()
    }


NOTICED = timedelta(minutes=5)
"""Nobody looks at the second in which a time has passed."""


def next_fact(
    pathway: Pathway, state: RunState, at: datetime, rng: random.Random
) -> RunEvent:
    """What may happen next, when people do as the pathway says."""
    keys = [*state.open, *state.waiting]
    key = rng.choice(keys)
    step = pathway.steps[split_key(key)[0]]
    if key in state.open:
        assert isinstance(step, Do)
        role = state.open[key].role
        return RunEvent(EventKind.DONE, at, key, answers(step, rng), role)
    assert isinstance(step, Wait)
    messages = [way.message for way in step.wait if way.message]
    if messages and rng.random() < 0.6:
        return RunEvent(EventKind.HEARD, at, key, message=rng.choice(messages))
    until = state.waiting[key].until
    assert until is not None
    return RunEvent(EventKind.EXPIRED, max(at, until + NOTICED), key)


def in_time(
    pathway: Pathway, state: RunState, at: datetime, rng: random.Random
) -> RunEvent:
    """What happens next when nobody is ever late."""
    if not state.open:
        return next_fact(pathway, state, at, rng)

    def due(key: str) -> datetime:
        return state.open[key].due_at or at + timedelta(days=999)

    soonest = min(state.open, key=due)
    key = rng.choice([soonest, *[k for k in state.open if due(k) > at + MONTH]])
    only = replace(state, open={key: state.open[key]}, waiting={})
    return next_fact(pathway, only, at, rng)


MONTH = timedelta(days=31)


def a_good_case(
    pathway: Pathway, rng: random.Random, at: datetime = MONDAY
) -> list[RunEvent]:
    """A case that goes as agreed, in time, to its end."""
    facts = [a_start(pathway, at, rng)]
    now = apply_fact(RunState(), pathway, facts[0])
    while now.ended is None:
        at += timedelta(seconds=rng.randint(1, 60))
        facts.append(in_time(pathway, now, at, rng))
        at = max(at, facts[-1].at)
        now = apply_fact(now, pathway, facts[-1])
    return facts


def a_start(pathway: Pathway, at: datetime, rng: random.Random) -> RunEvent:
    data = {name: rng.choice(codes) for name, codes in pathway.starts_with.items()}
    return RunEvent(EventKind.START, at, data=data)


def walk(
    pathway: Pathway,
    rng: random.Random,
    *,
    most: int = 400,
    at: datetime = MONDAY,
    meddling: float = 0.0,
) -> Iterator[tuple[RunEvent, RunState]]:
    """A random case: each fact and the state after it. `meddling`: how often somebody
    skips, reopens, reassigns, cancels, overrides or withdraws."""
    state = RunState()
    this = a_start(pathway, at, rng)
    for _ in range(most):
        state = apply_fact(state, pathway, this)
        yield this, state
        if state.ended is not None:
            return
        at = max(at, this.at) + timedelta(minutes=rng.randint(1, 600))
        this = next_fact(pathway, state, at, rng)
        if rng.random() < meddling:
            this = meddle(pathway, state, at, rng) or this


def meddle(
    pathway: Pathway, state: RunState, at: datetime, rng: random.Random
) -> RunEvent | None:
    """Something that people do besides, if it can be done now."""
    keys = [*state.open, *state.waiting]
    done = sorted(state.done)
    messages = sorted({i.on for i in pathway.interrupts.values()})
    ids = sorted(pathway.steps)
    items = sorted({split_key(key)[1] for key in [*keys, *done]})
    item = rng.choice(items) if items else ""
    target = rng.choice(ids) + (f"@{item}" if item else "")
    fact = rng.choice(
        [
            RunEvent(EventKind.SKIPPED, at, rng.choice(keys), reason="not_needed"),
            RunEvent(
                EventKind.REASSIGNED, at, rng.choice(keys), reason="away", to="manager"
            ),
            RunEvent(EventKind.CANCELLED, at, rng.choice(keys), reason="not_needed"),
            RunEvent(
                EventKind.OVERRIDDEN, at, rng.choice(keys), reason="danger", to=target
            ),
            RunEvent(
                EventKind.REOPENED,
                at,
                rng.choice(done or [""]),
                reason="new",
                onward=rng.random() < 0.5,
            ),
            RunEvent(EventKind.HEARD, at, message=rng.choice(messages or ["nothing"])),
        ]
    )
    try:
        apply_fact(state, pathway, fact)
    except EventNotApplicable:
        return None
    return fact


def finish(
    pathway: Pathway,
    state: RunState,
    at: datetime,
    rng: random.Random,
    most: int = 2000,
) -> RunState:
    """Go on with a case until it ends."""
    for _ in range(most):
        if state.ended is not None:
            return state
        at += timedelta(hours=1)
        this = next_fact(pathway, state, at, rng)
        at = max(at, this.at)
        state = apply_fact(state, pathway, this)
    raise AssertionError(f"no end after {most} facts: {state}")


def plain_steps(plain: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in (plain, *plain.get("parts", {}).values()):
        yield from part["steps"].items()

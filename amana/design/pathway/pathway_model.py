"""A pathway: the order of work that agencies have agreed, as data.

Six words say what a step is: do, choose, together (for each item of a list, too),
decide, tell, wait; and `part` is a step that is a pathway itself. Steps have one name
each in the whole file, so that a name says which step is meant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from amana.design.pathway.conditions import Condition
from amana.design.pathway.decisions import DecisionTable
from amana.working_time import Calendar, TimeSpan

type Text = Mapping[str, str]
"""Words by language; `""` is the language of a text written without one."""
type Codes = tuple[str, ...]
type Value = str | tuple[str, ...]
"""A code; or the items of a list."""
type Data = Mapping[str, Value]

EMPTY: Mapping[str, Any] = MappingProxyType({})
LIST = "list"
"""Instead of codes: the step gives a list, of which the case has as many items as
there are children or needs."""
MAIN = ""
"""The name of the part that a case begins in."""


def read_text(plain: object) -> Text:
    """Read words, or words by language."""
    if isinstance(plain, Mapping):
        return {str(language): str(words) for language, words in plain.items()}
    return {} if plain is None else {"": str(plain)}


def choose_words(words: Text, language: str, otherwise: str = "") -> str:
    """Choose the text in a language, else in the mechanism's first, else in any."""
    for found in (language, otherwise, ""):
        if found in words:
            return words[found]
    return next(iter(words.values()), "")


@dataclass(frozen=True, slots=True)
class Clock:
    """How long something may take: one length for all, or one by urgency."""

    spans: Mapping[str, TimeSpan]

    def span(self, urgency: object) -> TimeSpan | None:
        return self.spans.get(urgency if isinstance(urgency, str) else "") or (
            self.spans.get("")
        )

    @property
    def same_for_all(self) -> TimeSpan | None:
        return self.spans.get("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of the work. `part` is the sub-pathway that it stands in ("" is the
    pathway itself); without `next` a branch ends, and with `end` the case."""

    id: str
    part: str = MAIN
    next: str | None = None
    end: str | None = None

    @property
    def word(self) -> str:
        return type(self).__name__.lower()

    @property
    def follows(self) -> tuple[str, ...]:
        """The steps that may come right after it."""
        return (self.next,) if self.next else ()

    @property
    def begins(self) -> tuple[str, ...]:
        """The first steps of the branches inside it."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Do(Step):
    """A step that a person does."""

    do: Text
    role: str
    how: Text = field(default=EMPTY)
    """How it is done well, for the paper."""
    form: str = ""
    screening: str = ""
    gives: Mapping[str, Codes] = field(default=EMPTY)
    """The names of what it leaves, each with its codes (`LIST` alone: a list)."""
    due: Clock | None = None
    remind: Clock | None = None
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """One way on; without a condition, the way otherwise."""

    when: Condition | None
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Step):
    """The first way whose condition holds."""

    choose: tuple[Branch, ...]

    @property
    def follows(self) -> tuple[str, ...]:
        return list_once(branch.next for branch in self.choose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(Step):
    """Several branches at once; goes on when all of them have ended. With `each`, all
    of them for every item of that list."""

    together: tuple[str, ...]
    each: str = ""

    @property
    def begins(self) -> tuple[str, ...]:
        return self.together


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Step):
    """A table decides."""

    decide: str
    gives: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Step):
    """A role or a partner is told something."""

    tell: str
    message: str


@dataclass(frozen=True, slots=True)
class WaitExit:
    """What ends a wait: a message, or that a time has passed."""

    message: str = ""
    sender: str = ""
    after: Clock | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Step):
    """Until a message comes, or a time has passed."""

    wait: tuple[WaitExit, ...]

    @property
    def follows(self) -> tuple[str, ...]:
        return list_once(way.next for way in self.wait)

    @property
    def after(self) -> WaitExit | None:
        return next((way for way in self.wait if way.after), None)

    def hears(self, message: str) -> WaitExit | None:
        return next((w for w in self.wait if w.message and w.message == message), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Step):
    """A sub-pathway; goes on when it has ended."""

    of: str
    """The name of the part."""
    start: str

    @property
    def begins(self) -> tuple[str, ...]:
        return (self.start,)


def list_once(steps: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step for step in steps if step))


@dataclass(frozen=True, slots=True)
class Interrupt:
    """What may come at any time, such as that consent is withdrawn: closes what is
    open, keeps the steps that it names, and goes on elsewhere."""

    id: str
    on: str
    next: str
    keeps: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pathway:
    start: str
    steps: Mapping[str, Step]
    starts_with: Mapping[str, Codes] = field(default=EMPTY)
    decisions: Mapping[str, DecisionTable] = field(default=EMPTY)
    interrupts: Mapping[str, Interrupt] = field(default=EMPTY)
    parts: Mapping[str, str] = field(default=EMPTY)
    """The name of each sub-pathway, and the step that it starts with."""
    calendar: Calendar = field(default_factory=Calendar)
    roles: frozenset[str] = frozenset()
    """The roles that the mechanism knows; those of its steps, unless told."""

    # Once for all cases of a version: a pathway is kept in memory by the hash of its
    # files (ADR 10).
    @cached_property
    def around(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """The block right around each step that is in one, and the first step of
        its branch there. A part may be used, and so be, at several places."""
        found: dict[str, list[tuple[str, str]]] = {}
        for block in self.steps.values():
            for first in block.begins:
                for id in self.along(first):
                    found.setdefault(id, []).append((block.id, first))
        return {id: tuple(blocks) for id, blocks in found.items()}

    def list_branches_around(self, id: str) -> list[tuple[str, str]]:
        """List the branches that a step is in, by all ways that lead into its part,
        from the inside outwards: block, and first step of the branch."""
        found: dict[tuple[str, str], None] = {}
        todo, seen = [id], {id}
        for inner in todo:
            for block, first in self.around.get(inner, ()):
                found[block, first] = None
                if block not in seen:
                    seen.add(block)
                    todo.append(block)
        return list(found)

    def along(self, first: str) -> set[str]:
        """Find the steps of a branch, without those inside its blocks."""
        found: set[str] = set()
        todo = [first]
        while todo:
            id = todo.pop()
            if id in self.steps and id not in found:
                found.add(id)
                todo += self.steps[id].follows
        return found

    @cached_property
    def gives(self) -> Mapping[str, Codes]:
        """Every name that a case may know, with the codes that it can have."""
        found: dict[str, dict[str, None]] = {
            name: dict.fromkeys(codes) for name, codes in self.starts_with.items()
        }
        for step in self.steps.values():
            if isinstance(step, Do):
                for name, codes in step.gives.items():
                    found.setdefault(name, {}).update(dict.fromkeys(codes))
            elif isinstance(step, Decide) and step.decide in self.decisions:
                outcomes = self.decisions[step.decide].outcomes
                found.setdefault(step.gives, {}).update(dict.fromkeys(outcomes))
        return {name: tuple(codes) for name, codes in found.items()}

    @cached_property
    def messages(self) -> frozenset[str]:
        """What a case may hear: what a wait or an interrupt listens for."""
        waits = (step for step in self.steps.values() if isinstance(step, Wait))
        heard = {way.message for wait in waits for way in wait.wait if way.message}
        return frozenset(heard | {i.on for i in self.interrupts.values()})


# -- from the plain contents of the files ----------------------------------------------

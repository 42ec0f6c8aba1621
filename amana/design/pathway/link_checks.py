"""What a pathway's schema can't tell: whether its names are those of something, and its
conditions and lengths of time can be read.

The file and its tables have passed their schemas. What is clean here too can be read;
whether it is sound is `soundness`."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amana.design.pathway.conditions.condition import NotACondition
from amana.design.pathway.conditions.condition_parser import read_condition
from amana.design.pathway.pathway_model import LIST, MAIN
from amana.faults import (
    Fault,
    FaultCollector,
    PlainSource,
    Where,
    check_keys,
    check_known,
    check_unique,
    gettext_noop,
    shorten_quote,
)
from amana.working_time import InvalidTimeSpan, parse_span

ALLOWED: Mapping[str, Collection[str]] = {
    "do": (
        *("role", "how", "form", "screening", "gives", "due", "remind", "late"),
        *("next", "end"),
    ),
    "choose": (),
    "together": ("each", "next"),
    "decide": ("gives", "next"),
    "tell": ("message", "next"),
    "wait": (),
    "part": ("next",),
}
"""The six words and `part`, and what else each may have. The schema allows `next` and
`gives` with every word."""

MOST_STEPS = 500

NOT_A_MAPPING = gettext_noop("Names are expected here, each with its own entries.")
NOT_TEXT = gettext_noop("A text is expected here, or one for each language.")
NOT_AN_ID = gettext_noop(
    "“%(name)s” can’t be a name: use lower-case letters a to z, digits and "
    "_, beginning with a letter."
)
TAKEN = gettext_noop("“%(name)s” is the name of another step.")
UNKNOWN_KEY = gettext_noop("“%(name)s” means nothing here.")
NEXT_AND_END = gettext_noop(
    "“%(step)s” can’t both continue (next) and end the case (end)."
)
NO_STEP = gettext_noop("There is no step “%(name)s”.")
NO_ROLE = gettext_noop("There is no role “%(name)s”.")
NO_ROLE_OR_PARTNER = gettext_noop("There is no role or partner “%(name)s”.")
NO_FORM = gettext_noop("There is no form “%(name)s”.")
NO_SCREENING = gettext_noop("There is no screening “%(name)s”.")
NO_TABLE = gettext_noop("There is no decision table “%(name)s”.")
NO_PART = gettext_noop("There is no part “%(name)s”.")
OTHER_PART = gettext_noop(
    "“%(name)s” is in another part. To go there, use a step with part."
)
NOT_A_SPAN = gettext_noop(
    "“%(found)s” is not a length of time: write PT30M (minutes), PT24H (hours), "
    "P5D (days) or P5B (working days)."
)
LIST_AT_START = gettext_noop("A case can’t begin with a list.")
NO_ELSE = gettext_noop(
    "In “%(step)s”, add what happens otherwise: a last path with else: true."
)
ELSE_NOT_LAST = gettext_noop("After the path with else: true, no other is ever taken.")
TWO_AFTERS = gettext_noop("“%(step)s” can time out only once: use one path with after.")
NO_AFTER = gettext_noop(
    "“%(step)s” could wait forever: add what happens after some time (after)."
)
SAME_MESSAGE = gettext_noop("“%(step)s” waits for “%(name)s” twice.")
TOO_MANY_STEPS = gettext_noop("A pathway has at most %(most)s steps.")
INTERRUPT_MESSAGE = gettext_noop(
    "“%(name)s” interrupts the case, so “%(step)s” can’t wait for it too."
)
KEEPS_NOBODY = gettext_noop(
    "“%(name)s” is not a step that a person does, so it can’t be kept open."
)
NOT_AN_INPUT = gettext_noop("“%(name)s” is not among the inputs of the table.")
TABLE_NO_ELSE = gettext_noop("The last row must cover everything else (else: true).")
ROW_AFTER_ELSE = gettext_noop("After the row with else: true, no other ever applies.")

type Plain = Mapping[str, Any]


@dataclass(frozen=True)
class PathwayContext:
    """What a pathway may refer to. What is None is not looked at."""

    roles: Collection[str] | None = None
    partners: Collection[str] = ()
    forms: Collection[str] | None = None
    screenings: Collection[str] | None = None
    tables: Collection[str] = ()


class PathwayChecks(FaultCollector):
    """Looks through a file and collects what is wrong."""

    def __init__(self, plain: Plain, world: PathwayContext, file: str) -> None:
        super().__init__()
        self.plain, self.world = plain, world
        self.source = PlainSource(file)
        self.broken = False
        """A link or a step is wrong: what follows from it is no use to report."""
        self.parts: dict[str, tuple[Where, Plain]] = {MAIN: ((), plain)}
        for name, part in (plain.get("parts") or {}).items():
            self.parts[name] = (("parts", name), part)
        self.part_of: dict[str, str] = {}
        self.interrupts: Plain = plain.get("interrupts") or {}

    def report(self, where: Where, sentence: str, **values: object) -> None:
        self.add([self.source.fault(where, sentence, **values)])

    def report_broken(self, where: Where, sentence: str, **values: object) -> None:
        self.broken = True
        self.report(where, sentence, **values)

    def run(self) -> list[Fault]:
        for name, codes in (self.plain.get("starts_with") or {}).items():
            if codes == LIST:
                self.report_broken(("starts_with", name), LIST_AT_START)
        for name, (where, part) in self.parts.items():
            for id in part["steps"]:
                if id in self.part_of:
                    self.report_broken((*where, "steps", id), TAKEN, name=id)
                self.part_of.setdefault(id, name)
        # Before any step is read: files come from others, and what the checks after
        # this cost grows faster than the number of steps.
        if len(self.part_of) > MOST_STEPS:
            self.report_broken(("steps",), TOO_MANY_STEPS, most=MOST_STEPS)
            return self.faults
        for name, (where, part) in self.parts.items():
            self.check_step_name((*where, "start"), part["start"], name)
            for id, step in part["steps"].items():
                self.check_step(id, (*where, "steps", id), step, name)
        for id, interrupt in self.interrupts.items():
            self.check_interrupt(id, interrupt)
        return self.faults

    def check_interrupt(self, id: str, interrupt: Plain) -> None:
        where: Where = ("interrupts", id)
        if id in self.part_of:
            self.report_broken(where, TAKEN, name=id)
        self.check_step_name((*where, "next"), interrupt["next"], MAIN)
        for at, kept in enumerate(interrupt.get("keeps") or ()):
            place = (*where, "keeps", at)
            if self.check_step_name(place, kept):
                step = self.parts[self.part_of[kept]][1]["steps"][kept]
                if "do" not in step and "wait" not in step:
                    self.report(place, KEEPS_NOBODY, name=kept)

    # -- steps

    def check_step(self, id: str, where: Where, step: Plain, part: str) -> None:
        word = next(word for word in ALLOWED if word in step)
        allowed = {word, *ALLOWED[word]}
        self.add(check_keys(self.source, where, step, allowed, UNKNOWN_KEY))
        if "next" in step and "end" in step:
            self.report_broken((*where, "end"), NEXT_AND_END, step=id)
        for place, following in find_next_steps(step, word):
            self.check_step_name((*where, *place), following, part)
        match word:
            case "do":
                self.check_work(where, step)
            case "choose":
                self.check_choice(id, (*where, "choose"), step["choose"])
            case "wait":
                self.check_wait(id, (*where, "wait"), step["wait"])
            case "decide":
                tables = self.world.tables
                self.check_link((*where, "decide"), NO_TABLE, step["decide"], tables)
                if not isinstance(step["gives"], str):
                    name = shorten_quote(step["gives"])
                    self.report_broken((*where, "gives"), NOT_AN_ID, name=name)
            case "tell":
                self.check_role_or_partner((*where, "tell"), step["tell"])
            case "part":
                parts = self.parts.keys() - {MAIN}
                self.check_link((*where, "part"), NO_PART, step["part"], parts)

    def check_work(self, where: Where, step: Plain) -> None:
        for key in ("do", "how"):
            words = step.get(key, "-")
            several = words.values() if isinstance(words, Mapping) else [words]
            if not all(text.strip() for text in several):
                self.report((*where, key), NOT_TEXT)
        for key, sentence, known in (
            ("role", NO_ROLE, self.world.roles),
            ("form", NO_FORM, self.world.forms),
            ("screening", NO_SCREENING, self.world.screenings),
        ):
            if key in step:
                self.check_name((*where, key), sentence, step[key], known)
        if not isinstance(step.get("gives", {}), Mapping):
            self.report_broken((*where, "gives"), NOT_A_MAPPING)
        for key in ("due", "remind"):
            if key in step:
                self.check_clock((*where, key), step[key])
        for at, role in enumerate(step.get("late") or ()):
            self.check_name((*where, "late", at), NO_ROLE, role, self.world.roles)

    def check_choice(self, id: str, where: Where, ways: list[Plain]) -> None:
        covered = False
        for at, way in enumerate(ways):
            if covered:
                self.report((*where, at), ELSE_NOT_LAST)
            if "if" in way:
                self.check_condition((*where, at, "if"), way["if"])
            covered |= "else" in way
        if not covered:
            self.report(where, NO_ELSE, step=id)

    def check_wait(self, id: str, where: Where, ways: list[Plain]) -> None:
        afters = [at for at, way in enumerate(ways) if "after" in way]
        for at in afters:
            self.check_clock((*where, at, "after"), ways[at]["after"])
            if at > afters[0]:
                self.report((*where, at), TWO_AFTERS, step=id)
        if not afters:
            self.report(where, NO_AFTER, step=id)
        interrupting = [interrupt["on"] for interrupt in self.interrupts.values()]
        heard: list[tuple[Where, object]] = []
        for at, way in enumerate(ways):
            if "from" in way:
                self.check_role_or_partner((*where, at, "from"), way["from"])
            if (message := way.get("message")) in interrupting:
                place = (*where, at)
                self.report(place, INTERRUPT_MESSAGE, step=id, name=message)
            if message:
                heard.append(((*where, at), message))
        self.add(check_unique(self.source, heard, SAME_MESSAGE, step=id))

    # -- what is at a place

    def check_condition(self, where: Where, words: object) -> None:
        try:
            read_condition(words)
        except NotACondition as no:
            self.report_broken(where, no.sentence, **no.values)

    def check_clock(self, where: Where, plain: object) -> None:
        """Check the lengths of time: the schema knows how they are written, and not how
        long they may be."""
        spans = plain if isinstance(plain, Mapping) else {"": plain}
        for urgency, words in spans.items():
            try:
                parse_span(words)
            except InvalidTimeSpan:
                place = (*where, urgency) if urgency else where
                self.report_broken(place, NOT_A_SPAN, found=shorten_quote(words))

    def check_step_name(self, where: Where, id: str, part: str | None = None) -> bool:
        """Check that there is such a step, and in this part if one is given."""
        known = self.check_link(where, NO_STEP, id, self.part_of)
        if known and part is not None and self.part_of[id] != part:
            self.report_broken(where, OTHER_PART, name=id)
        return known

    def check_role_or_partner(self, where: Where, name: str) -> None:
        roles = self.world.roles
        known = None if roles is None else {*roles, *self.world.partners}
        self.check_name(where, NO_ROLE_OR_PARTNER, name, known)

    def check_link(
        self, where: Where, sentence: str, name: str, known: Collection[str]
    ) -> bool:
        """Check a name without which the pathway can't be read."""
        found = self.check_name(where, sentence, name, known)
        self.broken |= not found
        return found

    def check_name(
        self, where: Where, sentence: str, name: str, known: Collection[str] | None
    ) -> bool:
        return known is None or not self.add(
            check_known(self.source, where, sentence, name, known)
        )


def find_next_steps(step: Plain, word: str) -> Iterator[tuple[Where, str]]:
    """Find each step that follows, with the place where it is named."""
    if "next" in step:
        yield ("next",), step["next"]
    if word in ("choose", "wait"):
        for at, way in enumerate(step[word]):
            if "next" in way:
                yield (word, at, "next"), way["next"]
    elif word == "together":
        for at, first in enumerate(step["together"]):
            yield ("together", at), first


def check_table(plain: Plain, file: str) -> Iterator[Fault]:
    """Check a decision table."""
    source = PlainSource(file)
    *above, last = plain["rows"]
    for at, row in enumerate(plain["rows"]):
        place: Where = ("rows", at, "when")
        when, inputs = row.get("when") or {}, plain["inputs"]
        yield from check_keys(source, place, when, inputs, NOT_AN_INPUT)
    otherwise = [at for at, row in enumerate(above) if "else" in row]
    if otherwise:
        yield source.fault(("rows", otherwise[0] + 1), ROW_AFTER_ELSE)
    elif "else" not in last:
        yield source.fault(("rows",), TABLE_NO_ELSE)

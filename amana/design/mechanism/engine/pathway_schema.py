"""Whether a pathway's file has the shape of one: words, references, lengths of time,
conditions. What comes out clean can be read; whether it is sound is `soundness`."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from amana.design.mechanism.engine.calendar import InvalidTimeSpan, parse_span
from amana.design.mechanism.engine.conditions import NotACondition, read_condition
from amana.design.mechanism.engine.faults import Fault, Where, gettext_noop
from amana.design.mechanism.engine.pathway import LIST, MAIN

WORDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    word: (frozenset(needed), frozenset(allowed))
    for word, needed, allowed in (
        (
            "do",
            ("role",),
            (
                "how",
                "form",
                "screening",
                "gives",
                "due",
                "remind",
                "late",
                "next",
                "end",
            ),
        ),
        ("choose", (), ()),
        ("together", (), ("each", "next")),
        ("decide", ("gives",), ("next",)),
        ("tell", ("message",), ("next",)),
        ("wait", (), ()),
        ("part", (), ("next",)),
    )
}
"""The six words and `part`: what each needs, and what else it may have."""
# Neither "@" nor ".": they separate the step and the items in a case's keys.
ID = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
MOST_STEPS = 500

NOT_A_MAPPING = gettext_noop("Names are expected here, each with its own entries.")
NOT_TEXT = gettext_noop("A text is expected here, or one for each language.")
NOT_A_LIST = gettext_noop("A list is expected here, with at least one item.")
NOT_AN_ID = gettext_noop(
    "“%(name)s” can’t be a name: use lower-case letters a to z, digits and "
    "_, beginning with a letter."
)
TAKEN = gettext_noop("“%(name)s” is the name of another step.")
NO_WORD = gettext_noop(
    "State what happens in “%(step)s”: do, choose, together, decide, tell, "
    "wait or part."
)
TWO_WORDS = gettext_noop("“%(step)s” can be only one of “%(first)s” and “%(second)s”.")
MISSING = gettext_noop("“%(step)s” needs its “%(name)s”.")
FILE_MISSING = gettext_noop("The file needs its “%(name)s”.")
UNKNOWN_KEY = gettext_noop("“%(name)s” means nothing here.")
UNKNOWN_KEY_NEAR = gettext_noop(
    "“%(name)s” means nothing here. Did you mean “%(near)s”?"
)
NEXT_AND_END = gettext_noop(
    "“%(step)s” can’t both continue (next) and end the case (end)."
)
NO_STEP = gettext_noop("There is no step “%(name)s”.")
NO_STEP_NEAR = gettext_noop("There is no step “%(name)s”. Did you mean “%(near)s”?")
NO_ROLE = gettext_noop("There is no role “%(name)s”.")
NO_ROLE_NEAR = gettext_noop("There is no role “%(name)s”. Did you mean “%(near)s”?")
NOBODY = gettext_noop("There is no role or partner “%(name)s”.")
NOBODY_NEAR = gettext_noop(
    "There is no role or partner “%(name)s”. Did you mean “%(near)s”?"
)
NO_FORM = gettext_noop("There is no form “%(name)s”.")
NO_FORM_NEAR = gettext_noop("There is no form “%(name)s”. Did you mean “%(near)s”?")
NO_SCREENING = gettext_noop("There is no screening “%(name)s”.")
NO_SCREENING_NEAR = gettext_noop(
    "There is no screening “%(name)s”. Did you mean “%(near)s”?"
)
NO_TABLE = gettext_noop("There is no decision table “%(name)s”.")
NO_TABLE_NEAR = gettext_noop(
    "There is no decision table “%(name)s”. Did you mean “%(near)s”?"
)
NO_PART = gettext_noop("There is no part “%(name)s”.")
NO_PART_NEAR = gettext_noop("There is no part “%(name)s”. Did you mean “%(near)s”?")
OTHER_PART = gettext_noop(
    "“%(name)s” is in another part. To go there, use a step with part."
)
NOT_A_SPAN = gettext_noop(
    "“%(found)s” is not a length of time: write PT30M (minutes), PT24H (hours), "
    "P5D (days) or P5B (working days)."
)
NO_CODES = gettext_noop("“%(name)s” needs its codes, such as [yes, no], or “list”.")
LIST_AT_START = gettext_noop("A case can’t begin with a list.")
TWICE = gettext_noop("“%(name)s” is listed here twice.")
NO_CONDITION = gettext_noop("A path needs a condition (if), or else: true.")
ELSE_AND_IF = gettext_noop("A path has either a condition (if) or else: true.")
NO_ELSE = gettext_noop(
    "In “%(step)s”, add what happens otherwise: a last path with else: true."
)
ELSE_NOT_LAST = gettext_noop("After the path with else: true, no other is ever taken.")
MESSAGE_OR_AFTER = gettext_noop("A wait ends either with a message or with after.")
TWO_AFTERS = gettext_noop("“%(step)s” can time out only once: use one path with after.")
NO_AFTER = gettext_noop(
    "“%(step)s” could wait forever: add what happens after some time (after)."
)
SAME_MESSAGE = gettext_noop("“%(step)s” waits for “%(name)s” twice.")
TOO_MANY_STEPS = gettext_noop("A pathway has at most %(most)s steps.")
NO_STEPS = gettext_noop("There are no steps.")
INTERRUPT_MESSAGE = gettext_noop(
    "“%(name)s” interrupts the case, so “%(step)s” can’t wait for it too."
)
KEEPS_NOBODY = gettext_noop(
    "“%(name)s” is not a step that a person does, so it can’t be kept open."
)


@dataclass
class PathwayContext:
    """What a pathway may refer to. What is None is not looked at."""

    roles: Collection[str] | None = None
    partners: Collection[str] = ()
    forms: Collection[str] | None = None
    screenings: Collection[str] | None = None
    tables: Collection[str] = ()


@dataclass
class PathwayValidator:
    """Looks through a file and collects what is wrong."""

    plain: Mapping[str, Any]
    world: PathwayContext
    file: str
    faults: list[Fault] = field(default_factory=list)
    broken: bool = False
    """A link or a step is wrong: what follows from it is no use to say."""

    def say(self, where: Where, sentence: str, **values: Any) -> None:
        self.faults.append(Fault(self.file, None, sentence, values, where))

    def breaks(self, where: Where, sentence: str, **values: Any) -> None:
        self.broken = True
        self.say(where, sentence, **values)

    def look(self) -> list[Fault]:
        plain = self.plain
        if not isinstance(plain, Mapping):
            self.breaks((), NOT_A_MAPPING)
            return self.faults
        allowed = {"starts_with", "start", "steps", "interrupts", "parts"} | TITLES
        self.keys((), plain, allowed)
        self.codes(("starts_with",), plain.get("starts_with"), at_start=True)
        self.members = self.part_of_each_step()
        if not self.members:
            self.breaks(("steps",), NO_STEPS)
        # Before any step is read: files come from others, and what the checks after
        # this cost grows faster than the number of steps.
        if len(self.members) > MOST_STEPS:
            self.breaks(("steps",), TOO_MANY_STEPS, most=MOST_STEPS)
            return self.faults
        for name, (where, part) in self.parts().items():
            self.part(name, where, part)
        self.interrupts(plain.get("interrupts"))
        return self.faults

    # -- parts

    def parts(self) -> dict[str, tuple[Where, Any]]:
        parts = self.plain.get("parts")
        found: dict[str, tuple[Where, Any]] = {MAIN: ((), self.plain)}
        if isinstance(parts, Mapping):
            for name, part in parts.items():
                found[str(name)] = (("parts", str(name)), part)
        return found

    def part_of_each_step(self) -> dict[str, str]:
        parts = self.plain.get("parts")
        if parts is not None and not isinstance(parts, Mapping):
            self.breaks(("parts",), NOT_A_MAPPING)
        members: dict[str, str] = {}
        for name, (where, part) in self.parts().items():
            steps = part.get("steps") if isinstance(part, Mapping) else None
            for id in steps if isinstance(steps, Mapping) else ():
                if str(id) in members:
                    self.breaks((*where, "steps", id), TAKEN, name=id)
                members.setdefault(str(id), name)
        return members

    def part(self, name: str, where: Where, part: Any) -> None:
        if not isinstance(part, Mapping):
            self.breaks(where, NOT_A_MAPPING)
            return
        if name != MAIN:
            self.id(where, name)
            self.keys(where, part, {"start", "steps"} | TITLES)
        if "start" not in part:
            self.breaks(where, FILE_MISSING, name="start")
        else:
            self.step_named((*where, "start"), part["start"], name)
        steps = part.get("steps")
        if not isinstance(steps, Mapping):
            self.breaks((*where, "steps"), NO_STEPS if not steps else NOT_A_MAPPING)
            return
        for id, step in steps.items():
            self.step(str(id), (*where, "steps", id), step, name)

    def interrupts(self, plain: Any) -> None:
        if plain is None:
            return
        if not isinstance(plain, Mapping):
            self.breaks(("interrupts",), NOT_A_MAPPING)
            return
        for id, interrupt in plain.items():
            where: Where = ("interrupts", id)
            self.id(where, id)
            if id in self.members:
                self.breaks(where, TAKEN, name=id)
            if not isinstance(interrupt, Mapping):
                self.breaks(where, NOT_A_MAPPING)
                continue
            self.keys(where, interrupt, {"on", "next", "keeps"})
            if self.needs(where, interrupt, id, {"on", "next"}):
                self.id((*where, "on"), interrupt["on"])
                self.step_named((*where, "next"), interrupt["next"], MAIN)
            for n, kept in enumerate(self.listed(where, interrupt, "keeps")):
                self.kept((*where, "keeps", n), kept)

    def kept(self, where: Where, id: Any) -> None:
        self.step_named(where, id, None)
        part = self.members.get(str(id))
        if part is None:
            return
        step = self.parts()[part][1]["steps"].get(id)
        if isinstance(step, Mapping) and "do" not in step and "wait" not in step:
            self.say(where, KEEPS_NOBODY, name=id)

    # -- steps

    def step(self, id: str, where: Where, step: Any, part: str) -> None:
        self.id(where, id)
        if not isinstance(step, Mapping):
            self.breaks(where, NO_WORD, step=id)
            return
        words = [word for word in WORDS if word in step]
        if not words:
            self.breaks(where, NO_WORD, step=id)
            return
        if len(words) > 1:
            first, second = words[:2]
            self.breaks(
                (*where, second), TWO_WORDS, step=id, first=first, second=second
            )
            return
        word = words[0]
        needed, allowed = WORDS[word]
        self.keys(where, step, {word} | needed | allowed)
        self.needs(where, step, id, needed)
        if "next" in step and "end" in step:
            self.breaks((*where, "end"), NEXT_AND_END, step=id)
        if "next" in step:
            self.step_named((*where, "next"), step["next"], part)
        if "end" in step:
            self.id((*where, "end"), step["end"])
        LOOK[word](self, id, where, step, part)

    def do(self, id: str, where: Where, step: Mapping[str, Any], part: str) -> None:
        self.text((*where, "do"), step["do"])
        if "how" in step:
            self.text((*where, "how"), step["how"])
        self.role((*where, "role"), step.get("role"))
        self.named((*where, "form"), step.get("form"), self.world.forms, FORM)
        screenings = self.world.screenings
        self.named((*where, "screening"), step.get("screening"), screenings, SCREENING)
        self.codes((*where, "gives"), step.get("gives"))
        for name in ("due", "remind"):
            self.clock((*where, name), step.get(name))
        if "remind" in step and "due" not in step:
            self.say((*where, "remind"), MISSING, step=id, name="due")
        for n, role in enumerate(self.listed(where, step, "late")):
            self.role((*where, "late", n), role)

    def choose(self, id: str, where: Where, step: Mapping[str, Any], part: str) -> None:
        ways = step["choose"]
        if not isinstance(ways, list | tuple) or not ways:
            self.breaks((*where, "choose"), NOT_A_LIST)
            return
        otherwise = None
        for n, way in enumerate(ways):
            at: Where = (*where, "choose", n)
            if not isinstance(way, Mapping):
                self.breaks(at, NO_CONDITION)
                continue
            self.keys(at, way, {"if", "else", "next"})
            if otherwise is not None:
                self.say(at, ELSE_NOT_LAST)
                otherwise = -1
            if "if" in way and "else" in way:
                self.say(at, ELSE_AND_IF)
            elif "if" in way:
                self.condition((*at, "if"), way["if"])
            elif way.get("else") is not True:
                self.breaks(at, NO_CONDITION)
            if "else" in way:
                otherwise = n
            if "next" in way:
                self.step_named((*at, "next"), way["next"], part)
        if otherwise is None:
            self.say((*where, "choose"), NO_ELSE, step=id)

    def together(
        self, id: str, where: Where, step: Mapping[str, Any], part: str
    ) -> None:
        branches = step["together"]
        if not isinstance(branches, list | tuple) or not branches:
            self.breaks((*where, "together"), NOT_A_LIST)
            return
        seen = set()
        for n, first in enumerate(branches):
            at: Where = (*where, "together", n)
            self.step_named(at, first, part)
            if str(first) in seen:
                self.breaks(at, TWICE, name=first)
            seen.add(str(first))
        if "each" in step:
            self.id((*where, "each"), step["each"])

    def decide(self, id: str, where: Where, step: Mapping[str, Any], part: str) -> None:
        if not self.named((*where, "decide"), step["decide"], self.world.tables, TABLE):
            self.broken = True
        if "gives" in step:
            self.id((*where, "gives"), step["gives"])

    def tell(self, id: str, where: Where, step: Mapping[str, Any], part: str) -> None:
        self.somebody((*where, "tell"), step["tell"])
        if "message" in step:
            self.id((*where, "message"), step["message"])

    def wait(self, id: str, where: Where, step: Mapping[str, Any], part: str) -> None:
        ways = step["wait"]
        if not isinstance(ways, list | tuple) or not ways:
            self.breaks((*where, "wait"), NOT_A_LIST)
            return
        messages: set[str] = set()
        afters = 0
        for n, way in enumerate(ways):
            at: Where = (*where, "wait", n)
            if not isinstance(way, Mapping) or ("message" in way) == ("after" in way):
                self.breaks(at, MESSAGE_OR_AFTER)
                continue
            self.keys(at, way, {"message", "from", "after", "next"})
            if "next" in way:
                self.step_named((*at, "next"), way["next"], part)
            if "after" in way:
                afters += 1
                self.clock((*at, "after"), way["after"])
                if afters > 1:
                    self.say(at, TWO_AFTERS, step=id)
                continue
            self.message(id, at, way, messages)
        if not afters:
            self.say((*where, "wait"), NO_AFTER, step=id)

    def message(
        self, id: str, at: Where, way: Mapping[str, Any], messages: set[str]
    ) -> None:
        message = way["message"]
        self.id((*at, "message"), message)
        if "from" in way:
            self.somebody((*at, "from"), way["from"])
        if str(message) in messages:
            self.say(at, SAME_MESSAGE, step=id, name=message)
        messages.add(str(message))
        if message in self.interrupting():
            self.say(at, INTERRUPT_MESSAGE, step=id, name=message)

    def interrupting(self) -> list[Any]:
        interrupts = self.plain.get("interrupts")
        if not isinstance(interrupts, Mapping):
            return []
        every = interrupts.values()
        return [i.get("on") for i in every if isinstance(i, Mapping)]

    def sub(self, id: str, where: Where, step: Mapping[str, Any], part: str) -> None:
        names = [name for name in self.parts() if name != MAIN]
        if not self.named((*where, "part"), step["part"], names, PART):
            self.broken = True

    # -- what is at a place

    def keys(self, where: Where, plain: Mapping[Any, Any], allowed: set[str]) -> None:
        for name in plain:
            if name in allowed:
                continue
            near = find_near_name(name, allowed)
            said = UNKNOWN_KEY_NEAR if near else UNKNOWN_KEY
            self.say((*where, name), said, name=name, near=near)

    def needs(
        self, where: Where, plain: Mapping[str, Any], id: str, needed: Collection[str]
    ) -> bool:
        missing = [name for name in sorted(needed) if plain.get(name) is None]
        for name in missing:
            self.breaks(where, MISSING, step=id, name=name)
        return not missing

    def id(self, where: Where, name: Any) -> None:
        if not isinstance(name, str) or not ID.fullmatch(name):
            self.breaks(where, NOT_AN_ID, name=shorten_text(name))

    def text(self, where: Where, words: Any) -> None:
        if isinstance(words, str) and words.strip():
            return
        said = list(words.values()) if isinstance(words, Mapping) else []
        if not said or not all(isinstance(w, str) and w.strip() for w in said):
            self.say(where, NOT_TEXT)

    def listed(self, where: Where, plain: Mapping[str, Any], name: str) -> list[Any]:
        found = plain.get(name)
        if found is None:
            return []
        if isinstance(found, str):
            return [found]
        if isinstance(found, list | tuple):
            return list(found)
        self.say((*where, name), NOT_A_LIST)
        return []

    def codes(self, where: Where, plain: Any, *, at_start: bool = False) -> None:
        if plain is None:
            return
        if not isinstance(plain, Mapping):
            self.breaks(where, NOT_A_MAPPING)
            return
        for name, codes in plain.items():
            at: Where = (*where, name)
            self.id(at, name)
            if codes == LIST:
                if at_start:
                    self.breaks(at, LIST_AT_START)
                continue
            if not isinstance(codes, list | tuple) or not codes:
                self.breaks(at, NO_CODES, name=name)
                continue
            for n, code in enumerate(codes):
                self.code((*at, n), code)
                if code in list(codes)[:n]:
                    self.say((*at, n), TWICE, name=code)

    def code(self, where: Where, code: Any) -> None:
        """Check a code. Codes are as names, but may be written in capitals: U0."""
        if not isinstance(code, str) or not ID.fullmatch(code.lower()):
            self.breaks(where, NOT_AN_ID, name=shorten_text(code))

    def condition(self, where: Where, words: Any) -> None:
        try:
            read_condition(words)
        except NotACondition as no:
            self.breaks(where, no.sentence, **no.values)

    def clock(self, where: Where, plain: Any) -> None:
        if plain is None:
            return
        if isinstance(plain, Mapping):
            if not plain:
                self.breaks(where, NOT_A_SPAN, found="")
            for urgency, words in plain.items():
                self.span((*where, urgency), words)
        else:
            self.span(where, plain)

    def span(self, where: Where, words: Any) -> None:
        try:
            parse_span(words)
        except InvalidTimeSpan:
            self.breaks(where, NOT_A_SPAN, found=shorten_text(words))

    # -- references

    def step_named(self, where: Where, id: Any, part: str | None) -> None:
        if not isinstance(id, str) or id not in self.members:
            near = find_near_name(id, self.members)
            said = NO_STEP_NEAR if near else NO_STEP
            self.breaks(where, said, name=shorten_text(id), near=near)
        elif part is not None and self.members[id] != part:
            self.breaks(where, OTHER_PART, name=id)

    def role(self, where: Where, name: Any) -> None:
        if name is not None:
            self.named(where, name, self.world.roles, ROLE)

    def somebody(self, where: Where, name: Any) -> None:
        roles = self.world.roles
        known = None if roles is None else {*roles, *self.world.partners}
        self.named(where, name, known, SOMEBODY)

    def named(
        self,
        where: Where,
        name: Any,
        known: Collection[str] | None,
        sentences: tuple[str, str],
    ) -> bool:
        """Check whether there is such a thing, and record a fault if not."""
        if name is None or (isinstance(name, str) and (known is None or name in known)):
            return True
        near = find_near_name(name, known or ())
        self.say(where, sentences[bool(near)], name=shorten_text(name), near=near)
        return False


FORM = (NO_FORM, NO_FORM_NEAR)
SCREENING = (NO_SCREENING, NO_SCREENING_NEAR)
TABLE = (NO_TABLE, NO_TABLE_NEAR)
PART = (NO_PART, NO_PART_NEAR)
ROLE = (NO_ROLE, NO_ROLE_NEAR)
SOMEBODY = (NOBODY, NOBODY_NEAR)
TITLES = frozenset({"title"})

type Look = Callable[[PathwayValidator, str, Where, Mapping[str, Any], str], None]
LOOK: Mapping[str, Look] = {
    "do": PathwayValidator.do,
    "choose": PathwayValidator.choose,
    "together": PathwayValidator.together,
    "decide": PathwayValidator.decide,
    "tell": PathwayValidator.tell,
    "wait": PathwayValidator.wait,
    "part": PathwayValidator.sub,
}


def find_near_name(name: Any, known: Collection[str]) -> str:
    """Find what the author may have meant."""
    # Cut first: the comparison takes quadratic time, and a name may be as long as a
    # file.
    return next(iter(get_close_matches(str(name)[:60], list(known), 1, 0.7)), "")


def shorten_text(found: Any) -> str:
    """Shorten what the author wrote, so that it can be shown."""
    words = str(found) if not isinstance(found, str) else found
    return words if len(words) <= 60 else words[:59] + "…"


# -- decision tables -------------------------------------------------------------------

NO_ROWS = gettext_noop("The table has no rows.")
NO_INPUTS = gettext_noop("The table must name what it uses (inputs).")
NOT_AN_INPUT = gettext_noop("“%(name)s” is not among the inputs of the table.")
ROW_NEEDS = gettext_noop("A row needs a condition (when, or else: true) and a “then”.")
TABLE_NO_ELSE = gettext_noop("The last row must cover everything else (else: true).")
ROW_AFTER_ELSE = gettext_noop("After the row with else: true, no other ever applies.")


def iterate_table_faults(plain: Any, file: str) -> Iterator[Fault]:
    shapes = PathwayValidator({}, PathwayContext(), file)
    check_table(shapes, plain)
    yield from shapes.faults


def check_table(shapes: PathwayValidator, plain: Any) -> None:
    if not isinstance(plain, Mapping):
        shapes.breaks((), NOT_A_MAPPING)
        return
    shapes.keys((), plain, {"inputs", "gives", "rows"} | TITLES)
    inputs = plain.get("inputs")
    if not isinstance(inputs, list | tuple) or not inputs:
        shapes.breaks(("inputs",), NO_INPUTS)
        inputs = None
    if "gives" not in plain:
        shapes.breaks((), FILE_MISSING, name="gives")
    else:
        shapes.id(("gives",), plain["gives"])
    rows = plain.get("rows")
    if not isinstance(rows, list | tuple) or not rows:
        shapes.breaks(("rows",), NO_ROWS)
        return
    otherwise = False
    for n, row in enumerate(rows):
        where: Where = ("rows", n)
        if otherwise:
            shapes.say(where, ROW_AFTER_ELSE)
            return
        if not isinstance(row, Mapping) or "then" not in row:
            shapes.breaks(where, ROW_NEEDS)
            continue
        shapes.keys(where, row, {"when", "else", "then", "because"})
        shapes.code((*where, "then"), row["then"])
        otherwise = row.get("else") is True
        if otherwise == ("when" in row):
            shapes.breaks(where, ROW_NEEDS)
        elif not otherwise:
            check_row(shapes, (*where, "when"), row["when"], inputs)
    if not otherwise:
        shapes.say(("rows",), TABLE_NO_ELSE)


def check_row(shapes: PathwayValidator, where: Where, when: Any, inputs: Any) -> None:
    if not isinstance(when, Mapping) or not when:
        shapes.breaks(where, NOT_A_MAPPING)
        return
    for name, codes in when.items():
        at: Where = (*where, name)
        if inputs is not None and name not in inputs:
            shapes.say(at, NOT_AN_INPUT, name=shorten_text(name))
        for code in codes if isinstance(codes, list | tuple) else [codes]:
            shapes.code(at, code)

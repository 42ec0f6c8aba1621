"""Whether a pathway's file has the shape of one."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from amana.design.mechanism.engine.calendar import InvalidTimeSpan, parse_span
from amana.design.mechanism.engine.conditions.condition import NotACondition
from amana.design.mechanism.engine.conditions.condition_parser import read_condition
from amana.design.mechanism.engine.pathway import LIST, MAIN
from amana.design.mechanism.engine.pathway_schema.schema_faults import (
    ELSE_AND_IF,
    ELSE_NOT_LAST,
    FILE_MISSING,
    FORM,
    ID,
    INTERRUPT_MESSAGE,
    KEEPS_NOBODY,
    LIST_AT_START,
    MESSAGE_OR_AFTER,
    MISSING,
    MOST_STEPS,
    NEXT_AND_END,
    NO_AFTER,
    NO_CODES,
    NO_CONDITION,
    NO_ELSE,
    NO_STEP,
    NO_STEP_NEAR,
    NO_STEPS,
    NO_WORD,
    NOT_A_LIST,
    NOT_A_MAPPING,
    NOT_A_SPAN,
    NOT_AN_ID,
    NOT_TEXT,
    OTHER_PART,
    PART,
    ROLE,
    SAME_MESSAGE,
    SCREENING,
    SOMEBODY,
    TABLE,
    TAKEN,
    TITLES,
    TOO_MANY_STEPS,
    TWICE,
    TWO_AFTERS,
    TWO_WORDS,
    UNKNOWN_KEY,
    UNKNOWN_KEY_NEAR,
    WORDS,
)
from amana.faults import Fault, Where


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

    def breaks(self, where: Where, sentence: str, **values: object) -> None:
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

    def do(self, id: str, where: Where, step: Mapping[str, object], part: str) -> None:
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

    def choose(
        self, id: str, where: Where, step: Mapping[str, object], part: str
    ) -> None:
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
        self, id: str, where: Where, step: Mapping[str, object], part: str
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

    def interrupting(self) -> list[object]:
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

    def clock(self, where: Where, plain: object) -> None:
        if plain is None:
            return
        if isinstance(plain, Mapping):
            if not plain:
                self.breaks(where, NOT_A_SPAN, found="")
            for urgency, words in plain.items():
                self.span((*where, urgency), words)
        else:
            self.span(where, plain)

    def span(self, where: Where, words: object) -> None:
        try:
            parse_span(words)
        except InvalidTimeSpan:
            self.breaks(where, NOT_A_SPAN, found=shorten_text(words))

    # -- references

    def step_named(self, where: Where, id: object, part: str | None) -> None:
        if not isinstance(id, str) or id not in self.members:
            near = find_near_name(id, self.members)
            said = NO_STEP_NEAR if near else NO_STEP
            self.breaks(where, said, name=shorten_text(id), near=near)
        elif part is not None and self.members[id] != part:
            self.breaks(where, OTHER_PART, name=id)

    def role(self, where: Where, name: Any) -> None:
        if name is not None:
            self.named(where, name, self.world.roles, ROLE)

    def somebody(self, where: Where, name: object) -> None:
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


def find_near_name(name: object, known: Collection[str]) -> str:
    """Find what the author may have meant."""
    # Cut first: the comparison takes quadratic time, and a name may be as long as a
    # file.
    return next(iter(get_close_matches(str(name)[:60], list(known), 1, 0.7)), "")


def shorten_text(found: object) -> str:
    """Shorten what the author wrote, so that it can be shown."""
    words = str(found) if not isinstance(found, str) else found
    return words if len(words) <= 60 else words[:59] + "…"

"""A mechanism in the reader's language: its clocks, conditions, steps in words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.directory.codes import country_name
from amana.design.mechanism import coded
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.engine.faults import Fault
from amana.design.mechanism.outline import Lead, Outline, Step, Text
from amana.ui.sentences import listed

type Words = str | Promise

URGENCY: dict[str, Words] = {
    "U0": lazy("Emergency"),
    "U1": lazy("High"),
    "U2": lazy("Medium"),
    "U3": lazy("Routine"),
}

KIND: dict[str, Words] = {
    "do": lazy("Task"),
    "choose": lazy("Branch"),
    "together": lazy("Parallel steps"),
    "decide": lazy("Decision table"),
    "tell": lazy("Notification"),
    "wait": lazy("Wait"),
    "part": lazy("Separate part"),
}

CLOCK: dict[str, Words] = {
    "receipt": lazy("Receipt acknowledged"),
    "answer": lazy("Answer given"),
    "contact": lazy("First contact with the person"),
    "follow_up": lazy("First update"),
    "next_follow_up": lazy("Each further update"),
    "escalation": lazy("Next person notified of delay"),
}

WEEKDAYS: dict[str, Words] = {
    "monday": lazy("Monday"),
    "tuesday": lazy("Tuesday"),
    "wednesday": lazy("Wednesday"),
    "thursday": lazy("Thursday"),
    "friday": lazy("Friday"),
    "saturday": lazy("Saturday"),
    "sunday": lazy("Sunday"),
}

KINDS_OF_ORGANISATION: dict[str, Words] = {
    "ngo": lazy("Non-governmental organisation"),
    "public": lazy("Public service"),
    "international": lazy("International organisation"),
    "community": lazy("Community or faith group"),
}

UNITS: dict[str, Words] = {
    "minutes": pgettext_lazy("unit of a clock", "minutes"),
    "hours": pgettext_lazy("unit of a clock", "hours"),
    "days": pgettext_lazy("unit of a clock", "days"),
    "working_days": pgettext_lazy("unit of a clock", "working days"),
}


def language() -> str:
    return (get_language() or "en").split("-")[0]


def words(said: Text) -> str:
    return outlines.said_in(language(), said)


def readable(code: str) -> str:
    """Format a code that has no words of its own: `transfer_accepted` as people read
    it.
    """
    return code.replace("_", " ").replace("-", " ")


def code_in_words(code: str) -> str:
    return str(coded.CODES.get(code) or URGENCY.get(code) or readable(code))


def name_in_words(name: str) -> str:
    """Format what a condition or a table asks for."""
    return str(coded.NAMES.get(name) or readable(name))


def message_in_words(message: str) -> str:
    return str(coded.MESSAGES.get(message) or readable(message))


def ending_in_words(end: str) -> str:
    return str(coded.ENDS.get(end) or readable(end))


def item_in_words(listed_as: str) -> str:
    """Format an item of a list: `children` as “child”."""
    return str(coded.LISTS.get(listed_as) or readable(listed_as))


# --- clocks


def in_words(written: str) -> str:
    """Format PT24H as “24 hours”; what is no clock stays as it is."""
    span = outlines.span(written)
    if span is None:
        return written
    unit, amount = span.words
    if unit == "minutes":
        said = ngettext("%(n)s minute", "%(n)s minutes", amount)
    elif unit == "hours":
        said = ngettext("%(n)s hour", "%(n)s hours", amount)
    elif unit == "days":
        said = ngettext("%(n)s day", "%(n)s days", amount)
    else:
        said = ngettext("%(n)s working day", "%(n)s working days", amount)
    return said % {"n": amount}


@dataclass(frozen=True)
class ShownClock:
    urgency: Words
    """Empty: the same for all."""
    words: str


def shown_clocks(due: Mapping[str, str]) -> list[ShownClock]:
    # From the most urgent; urgencies that a faulty draft invents come last, and are
    # shown.
    order = [*outlines.URGENCIES, *sorted(due.keys() - set(outlines.URGENCIES))]
    return [
        ShownClock(URGENCY.get(urgency, urgency), in_words(due[urgency]))
        for urgency in order
        if urgency in due
    ]


def clocks_in_words(due: Mapping[str, str]) -> str:
    """Format “24 hours”, or one after the other by urgency."""
    return listed(
        _("%(urgency)s: %(time)s")
        % {"urgency": shown_clock.urgency, "time": shown_clock.words}
        if shown_clock.urgency
        else shown_clock.words
        for shown_clock in shown_clocks(due)
    )


def holiday(said: object) -> str:
    """Format a day, or the holidays of a country."""
    if isinstance(said, Mapping):
        country = country_name(str(said.get("country", "")))
        return _("Public holidays of %(country)s") % {"country": country}
    try:
        return date_format(date.fromisoformat(str(said)), _("j F Y"))
    except ValueError:
        return str(said)


# --- conditions

SIMPLE = re.compile(r'^([a-z][a-z0-9_]*) (==|!=) "([a-z0-9_U]+)"$')
AMONG = re.compile(r"^([a-z][a-z0-9_]*) (in|not in) \[(.*)\]$")


def condition_in_words(written: str) -> str:
    """Format `presumed == "no" and urgency in ["U0"]` as a sentence; codes as words."""
    # Only where "or" and "and" are not mixed: a sentence has no brackets, so a mixed
    # condition would be read another way. Such a one is shown as written.
    if " or " in written and "(" not in written and " and " not in written:
        parts = [condition_in_words(part) for part in written.split(" or ")]
        return _(" or ").join(parts)
    if " and " in written and "(" not in written and " or " not in written:
        parts = [condition_in_words(part) for part in written.split(" and ")]
        return _(" and ").join(parts)
    if found := SIMPLE.match(written.strip()):
        name, sign, code = found.groups()
        said = (
            _("“%(name)s” is “%(code)s”")
            if sign == "=="
            else _("“%(name)s” is not “%(code)s”")
        )
        return said % {"name": name_in_words(name), "code": code_in_words(code)}
    if found := AMONG.match(written.strip()):
        name, sign, codes = found.groups()
        codes_ = [code_in_words(code) for code in re.findall(r'"([^"]*)"', codes)]
        said = (
            _("“%(name)s” is one of: %(codes)s")
            if sign == "in"
            else _("“%(name)s” is none of: %(codes)s")
        )
        return said % {"name": name_in_words(name), "codes": listed(codes_)}
    return written


def answers_in_words(written: str) -> str:
    """Format a condition by its codes alone, next to the question: `presumed == "no"`
    as “No”. One that depends on more than the answers becomes a sentence.
    """
    found: list[str] = []
    for part in written.split(" or "):
        if (simple := SIMPLE.match(part.strip())) and simple[2] == "==":
            found.append(code_in_words(simple[3]))
        elif (among := AMONG.match(part.strip())) and among[2] == "in":
            found += map(code_in_words, re.findall(r'"([^"]*)"', among[3]))
        else:
            return _("If %(condition)s") % {"condition": condition_in_words(written)}
    return _(" or ").join(found)


# --- steps


@dataclass(frozen=True)
class Way:
    words: str
    """When this way is taken; empty: always."""
    to: str
    title: str


@dataclass(frozen=True)
class ShownStep:
    step: Step
    title: str
    how: str
    kind: Words
    role: str
    due: list[ShownClock]
    remind: list[ShownClock]
    late: str
    ways: list[Way]
    beside: list[Way]
    gives: list[tuple[str, str]]
    part: str
    message: str
    tells: str

    @property
    def id(self) -> str:
        return self.step.id


def shown(seen: Outline, step: Step) -> ShownStep:
    return ShownStep(
        step=step,
        title=title_of(seen, step.id),
        how=words(step.how),
        kind=KIND.get(step.kind, step.kind),
        role=role_title(seen, step.role),
        due=shown_clocks(step.due),
        remind=shown_clocks(step.remind),
        late=listed(role_title(seen, role) for role in step.late),
        ways=[shown_way(seen, lead) for lead in step.leads],
        beside=[Way("", branch, title_of(seen, branch)) for branch in step.beside],
        gives=list(shown_gives(step)),
        part=part_title(seen, step.part),
        message=message_in_words(step.message),
        tells=role_title(seen, step.tells),
    )


def shown_gives(step: Step) -> Iterator[tuple[str, str]]:
    for name, codes in step.gives.items():
        if outlines.is_codes(codes):
            yield (
                name_in_words(name),
                listed(code_in_words(str(code)) for code in codes),
            )
        else:
            yield name_in_words(name), _("a list")


def shown_way(seen: Outline, lead: Lead) -> Way:
    if lead.when:
        when = _("If %(condition)s") % {"condition": condition_in_words(lead.when)}
    elif lead.message:
        when = _("When this happens: %(message)s") % {
            "message": message_in_words(lead.message)
        }
    elif lead.after:
        when = _("After %(time)s") % {"time": clocks_in_words(lead.after)}
    else:
        when = _("Otherwise") if lead.otherwise else ""
    return Way(when, lead.to, title_of(seen, lead.to))


def title_of(seen: Outline, key: str) -> str:
    """Format a step's title: its own words, or what happens there."""
    step = seen.steps.get(key)
    if step is None:
        return readable(key)
    if said := words(step.title):
        return said
    if step.kind == "choose" and step.leads and (names := asked_names(seen, step)):
        return _("Depends on: %(names)s") % {"names": names}
    if step.kind == "together" and step.each:
        return _("For each: %(list)s") % {"list": item_in_words(step.each)}
    if step.kind == "together":
        return _("At the same time: %(steps)s") % {
            "steps": listed(
                # A draft may list a block among its own branches; without this check
                # its title would be made of itself without end.
                branch_title(seen, branch) for branch in step.beside if branch != key
            )
        }
    if step.kind == "tell":
        return _("Notify %(who)s: %(what)s") % {
            "who": role_title(seen, step.tells),
            "what": message_in_words(step.message),
        }
    if step.kind == "part":
        return _("Part: %(name)s") % {"name": part_title(seen, step.runs)}
    if step.kind == "decide":
        return _("By the table: %(name)s") % {
            "name": table_title(seen, step.decides_by)
        }
    if step.kind == "wait":
        return _("Wait: %(name)s") % {"name": awaited(step)}
    return readable(key)


def branch_title(seen: Outline, key: str) -> str:
    """Format what a branch begins with: a branching by its question."""
    step = seen.steps.get(key)
    if step and step.kind == "choose" and not words(step.title):
        return asked_names(seen, step) or title_of(seen, key)
    return title_of(seen, key)


def table_title(seen: Outline, name: str) -> str:
    """Format a decision table's own title."""
    said = outlines.a_map(seen.plain.get(f"decisions/{name}.yaml")).get("title")
    return words(outlines.text(said)) or readable(name)


def awaited(step: Step) -> str:
    """Format what a step waits for, in the words of its messages."""
    heard = [message_in_words(lead.message) for lead in step.leads if lead.message]
    return " / ".join(heard) or readable(step.id)


NAMES = re.compile(r"\b([a-z][a-z0-9_]*)\s*(?:==|!=|<|>|in\b|not in\b)")


def asked_names(seen: Outline, step: Step) -> str:
    """Format what a branching asks for: in words, else the step from which it is known.
    """
    asked = [name for lead in step.leads for name in NAMES.findall(lead.when)]
    return listed(dict.fromkeys(asked_in_words(seen, name) for name in asked))


def asked_in_words(seen: Outline, name: str) -> str:
    if name not in coded.NAMES:
        for step in seen.steps.values():
            if name in step.gives or step.plain.get("gives") == name:
                return title_of(seen, step.id)
    return name_in_words(name)


def part_title(seen: Outline, part: str) -> str:
    return words(seen.parts.get(part, {})) or readable(part).capitalize()


def role_title(seen: Outline, role: str) -> str:
    if role in seen.roles:
        return words(outlines.text(seen.roles[role].get("title"))) or readable(role)
    if role in seen.partners:
        return words(seen.partners[role]) or readable(role)
    return readable(role)


# --- faults


@dataclass(frozen=True)
class ShownFault:
    file: str
    line: int | None
    words: str


def shown_faults(faults: list[Fault]) -> list[ShownFault]:
    return [
        ShownFault(fault.file, fault.line, fault_in_words(fault)) for fault in faults
    ]


def fault_in_words(fault: Fault) -> str:
    return str(_(fault.sentence) % fault.values)

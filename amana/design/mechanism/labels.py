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

from amana.design.directory.codes import format_country
from amana.design.mechanism import coded
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.engine.faults import Fault
from amana.design.mechanism.outline import Outline, OutlineBranch, OutlineStep, Text
from amana.ui.labels import format_list

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


def get_short_language() -> str:
    return (get_language() or "en").split("-")[0]


def choose_words(said: Text) -> str:
    return outlines.choose_words(get_short_language(), said)


def format_code_without_words(code: str) -> str:
    """Format a code that has no words of its own: `transfer_accepted` as people read
    it.
    """
    return code.replace("_", " ").replace("-", " ")


def format_code(code: str) -> str:
    return str(
        coded.CODES.get(code) or URGENCY.get(code) or format_code_without_words(code)
    )


def format_name(name: str) -> str:
    """Format what a condition or a table asks for."""
    return str(coded.NAMES.get(name) or format_code_without_words(name))


def format_message(message: str) -> str:
    return str(coded.MESSAGES.get(message) or format_code_without_words(message))


def format_ending(end: str) -> str:
    return str(coded.ENDS.get(end) or format_code_without_words(end))


def format_item(listed_as: str) -> str:
    """Format an item of a list: `children` as “child”."""
    return str(coded.LISTS.get(listed_as) or format_code_without_words(listed_as))


# --- clocks


def format_span(written: str) -> str:
    """Format PT24H as “24 hours”; what is no clock stays as it is."""
    span = outlines.read_span(written)
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
class ClockText:
    urgency: Words
    """Empty: the same for all."""
    words: str


def list_clocks(due: Mapping[str, str]) -> list[ClockText]:
    # From the most urgent; urgencies that a faulty draft invents come last, and are
    # shown.
    order = [*outlines.URGENCIES, *sorted(due.keys() - set(outlines.URGENCIES))]
    return [
        ClockText(URGENCY.get(urgency, urgency), format_span(due[urgency]))
        for urgency in order
        if urgency in due
    ]


def format_clocks(due: Mapping[str, str]) -> str:
    """Format “24 hours”, or one after the other by urgency."""
    return format_list(
        _("%(urgency)s: %(time)s")
        % {"urgency": shown_clock.urgency, "time": shown_clock.words}
        if shown_clock.urgency
        else shown_clock.words
        for shown_clock in list_clocks(due)
    )


def format_holiday(said: object) -> str:
    """Format a day, or the holidays of a country."""
    if isinstance(said, Mapping):
        country = format_country(str(said.get("country", "")))
        return _("Public holidays of %(country)s") % {"country": country}
    try:
        return date_format(date.fromisoformat(str(said)), _("j F Y"))
    except ValueError:
        return str(said)


# --- conditions

SIMPLE = re.compile(r'^([a-z][a-z0-9_]*) (==|!=) "([a-z0-9_U]+)"$')
AMONG = re.compile(r"^([a-z][a-z0-9_]*) (in|not in) \[(.*)\]$")


def format_condition(written: str) -> str:
    """Format `presumed == "no" and urgency in ["U0"]` as a sentence; codes as words."""
    # Only where "or" and "and" are not mixed: a sentence has no brackets, so a mixed
    # condition would be read another way. Such a one is shown as written.
    if " or " in written and "(" not in written and " and " not in written:
        parts = [format_condition(part) for part in written.split(" or ")]
        return _(" or ").join(parts)
    if " and " in written and "(" not in written and " or " not in written:
        parts = [format_condition(part) for part in written.split(" and ")]
        return _(" and ").join(parts)
    if found := SIMPLE.match(written.strip()):
        name, sign, code = found.groups()
        said = (
            _("“%(name)s” is “%(code)s”")
            if sign == "=="
            else _("“%(name)s” is not “%(code)s”")
        )
        return said % {"name": format_name(name), "code": format_code(code)}
    if found := AMONG.match(written.strip()):
        name, sign, codes = found.groups()
        codes_ = [format_code(code) for code in re.findall(r'"([^"]*)"', codes)]
        said = (
            _("“%(name)s” is one of: %(codes)s")
            if sign == "in"
            else _("“%(name)s” is none of: %(codes)s")
        )
        return said % {"name": format_name(name), "codes": format_list(codes_)}
    return written


def format_answers(written: str) -> str:
    """Format a condition by its codes alone, next to the question: `presumed == "no"`
    as “No”. One that depends on more than the answers becomes a sentence.
    """
    found: list[str] = []
    for part in written.split(" or "):
        if (simple := SIMPLE.match(part.strip())) and simple[2] == "==":
            found.append(format_code(simple[3]))
        elif (among := AMONG.match(part.strip())) and among[2] == "in":
            found += map(format_code, re.findall(r'"([^"]*)"', among[3]))
        else:
            return _("If %(condition)s") % {"condition": format_condition(written)}
    return _(" or ").join(found)


# --- steps


@dataclass(frozen=True)
class BranchText:
    words: str
    """When this way is taken; empty: always."""
    to: str
    title: str


@dataclass(frozen=True)
class StepText:
    step: OutlineStep
    title: str
    how: str
    kind: Words
    role: str
    due: list[ClockText]
    remind: list[ClockText]
    late: str
    ways: list[BranchText]
    beside: list[BranchText]
    gives: list[tuple[str, str]]
    part: str
    message: str
    tells: str

    @property
    def id(self) -> str:
        return self.step.id


def build_shown_step(seen: Outline, step: OutlineStep) -> StepText:
    return StepText(
        step=step,
        title=format_step_title(seen, step.id),
        how=choose_words(step.how),
        kind=KIND.get(step.kind, step.kind),
        role=format_role_title(seen, step.role),
        due=list_clocks(step.due),
        remind=list_clocks(step.remind),
        late=format_list(format_role_title(seen, role) for role in step.late),
        ways=[build_way(seen, lead) for lead in step.leads],
        beside=[
            BranchText("", branch, format_step_title(seen, branch))
            for branch in step.beside
        ],
        gives=list(iterate_gives(step)),
        part=format_part_title(seen, step.part),
        message=format_message(step.message),
        tells=format_role_title(seen, step.tells),
    )


def iterate_gives(step: OutlineStep) -> Iterator[tuple[str, str]]:
    for name, codes in step.gives.items():
        if outlines.is_codes(codes):
            yield (
                format_name(name),
                format_list(format_code(str(code)) for code in codes),
            )
        else:
            yield format_name(name), _("a list")


def build_way(seen: Outline, lead: OutlineBranch) -> BranchText:
    if lead.when:
        when = _("If %(condition)s") % {"condition": format_condition(lead.when)}
    elif lead.message:
        when = _("When this happens: %(message)s") % {
            "message": format_message(lead.message)
        }
    elif lead.after:
        when = _("After %(time)s") % {"time": format_clocks(lead.after)}
    else:
        when = _("Otherwise") if lead.otherwise else ""
    return BranchText(when, lead.to, format_step_title(seen, lead.to))


def format_step_title(seen: Outline, key: str) -> str:
    """Format a step's title: its own words, or what happens there."""
    step = seen.steps.get(key)
    if step is None:
        return format_code_without_words(key)
    if said := choose_words(step.title):
        return said
    if (
        step.kind == "choose"
        and step.leads
        and (names := format_asked_names(seen, step))
    ):
        return _("Depends on: %(names)s") % {"names": names}
    if step.kind == "together" and step.each:
        return _("For each: %(list)s") % {"list": format_item(step.each)}
    if step.kind == "together":
        return _("At the same time: %(steps)s") % {
            "steps": format_list(
                # A draft may list a block among its own branches; without this check
                # its title would be made of itself without end.
                format_branch_title(seen, branch)
                for branch in step.beside
                if branch != key
            )
        }
    if step.kind == "tell":
        return _("Notify %(who)s: %(what)s") % {
            "who": format_role_title(seen, step.tells),
            "what": format_message(step.message),
        }
    if step.kind == "part":
        return _("Part: %(name)s") % {"name": format_part_title(seen, step.runs)}
    if step.kind == "decide":
        return _("By the table: %(name)s") % {
            "name": format_table_title(seen, step.decides_by)
        }
    if step.kind == "wait":
        return _("Wait: %(name)s") % {"name": format_awaited(step)}
    return format_code_without_words(key)


def format_branch_title(seen: Outline, key: str) -> str:
    """Format what a branch begins with: a branching by its question."""
    step = seen.steps.get(key)
    if step and step.kind == "choose" and not choose_words(step.title):
        return format_asked_names(seen, step) or format_step_title(seen, key)
    return format_step_title(seen, key)


def format_table_title(seen: Outline, name: str) -> str:
    """Format a decision table's own title."""
    said = outlines.read_map(seen.plain.get(f"decisions/{name}.yaml")).get("title")
    return choose_words(outlines.read_text(said)) or format_code_without_words(name)


def format_awaited(step: OutlineStep) -> str:
    """Format what a step waits for, in the words of its messages."""
    heard = [format_message(lead.message) for lead in step.leads if lead.message]
    return " / ".join(heard) or format_code_without_words(step.id)


NAMES = re.compile(r"\b([a-z][a-z0-9_]*)\s*(?:==|!=|<|>|in\b|not in\b)")


def format_asked_names(seen: Outline, step: OutlineStep) -> str:
    """Format what a branching asks for: in words, else the step from which it is
    known."""
    asked = [name for lead in step.leads for name in NAMES.findall(lead.when)]
    return format_list(dict.fromkeys(format_asked_name(seen, name) for name in asked))


def format_asked_name(seen: Outline, name: str) -> str:
    if name not in coded.NAMES:
        for step in seen.steps.values():
            if name in step.gives or step.plain.get("gives") == name:
                return format_step_title(seen, step.id)
    return format_name(name)


def format_part_title(seen: Outline, part: str) -> str:
    return (
        choose_words(seen.parts.get(part, {}))
        or format_code_without_words(part).capitalize()
    )


def format_role_title(seen: Outline, role: str) -> str:
    if role in seen.roles:
        return choose_words(
            outlines.read_text(seen.roles[role].get("title"))
        ) or format_code_without_words(role)
    if role in seen.partners:
        return choose_words(seen.partners[role]) or format_code_without_words(role)
    return format_code_without_words(role)


# --- faults


@dataclass(frozen=True)
class FaultText:
    file: str
    line: int | None
    words: str


def list_shown_faults(faults: list[Fault]) -> list[FaultText]:
    return [FaultText(fault.file, fault.line, format_fault(fault)) for fault in faults]


def format_fault(fault: Fault) -> str:
    return str(_(fault.sentence) % fault.values)

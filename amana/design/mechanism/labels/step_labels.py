"""Steps and faults in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amana.design.mechanism import coded
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.labels.clock_labels import (
    KIND,
    ClockText,
    Words,
    choose_words,
    format_clocks,
    format_code,
    format_code_without_words,
    format_item,
    format_message,
    format_name,
    list_clocks,
)
from amana.design.mechanism.labels.condition_labels import format_condition
from amana.design.mechanism.outline import Outline, OutlineBranch, OutlineStep
from amana.faults import Fault
from amana.ui.labels import format_list


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


@dataclass(frozen=True)
class FaultText:
    file: str
    line: int | None
    words: str


def list_shown_faults(faults: list[Fault]) -> list[FaultText]:
    return [FaultText(fault.file, fault.line, format_fault(fault)) for fault in faults]


def format_fault(fault: Fault) -> str:
    return fault.format(_)

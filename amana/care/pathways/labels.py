"""A pathway in the reader's language: its steps, roles and codes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Urgency
from amana.care.pathways.models import (
    CASE_CLOSED,
    DecisionBasis,
    DeviationReason,
    OpenTask,
    PathwayEvent,
    PathwayRun,
)
from amana.design.mechanism import coded
from amana.design.mechanism.coded import ENDS, MESSAGES, NAMES
from amana.design.pathway.pathway_model import Do, Step, Tell, Text, Wait, choose_words
from amana.design.pathway.run_events import EventKind
from amana.design.pathway.run_state import split_key

if TYPE_CHECKING:
    from amana.design.mechanism.pack.pack_model import Pack

type Words = str | Promise

CODES: Mapping[str, Words] = {
    **coded.CODES,
    **{urgency.value: urgency.label for urgency in Urgency},
}


DID: Mapping[EventKind, Words] = {
    EventKind.START: _("The pathway began"),
    EventKind.CANCELLED: _("The pathway ended with the case"),
    EventKind.MOVED: _("Continues under a new version of the mechanism"),
}
"""What happened to the whole case, and to no one step."""

MISSED: Mapping[str, Words] = {
    "begin_with_case": _("The case was opened"),
    "follow_mechanism": _("The case follows another mechanism"),
    "react_to_withdrawal": _("The person withdrew consent"),
    "react_to_consent": _("The person gave consent"),
    "close_pathway": _("The case was closed"),
    "follow_to_whose_it_is": _("The case was transferred or restricted"),
    "react_to_screening": _("A screening was finished"),
    "react_to_referral": _("A referral was sent"),
    "react_to_meeting": _("The service met the person"),
    "react_to_answer": _("A referral was answered"),
    "react_to_gate": _("Safety questions were asked"),
}
"""What a pathway should have followed, by the reaction that failed."""

DEPARTURES: Mapping[str, Words] = {
    "unknown_step": _("A step that is not in the pathway"),
    "not_due": _("A step that was not due"),
    "order": _("Steps in another order"),
    "left_out": _("A step skipped without a reason"),
    "again": _("A step done again without being reopened"),
    "wrong_role": _("A step done by another role"),
    "late": _("A step done late"),
    "overdue": _("A step that is overdue now"),
    "no_reason": _("No reason given"),
    "codes": _("An answer that the step does not allow"),
    "not_awaited": _("An unexpected message"),
    "too_early": _("A wait that was too short"),
    "after_end": _("An event after the end"),
    "before_start": _("An event before the beginning"),
    "started_twice": _("A case that began twice"),
    "backwards": _("Times in the wrong order"),
}


def format_text(text: Text, pack: "Pack") -> str:
    return choose_words(text, get_language() or "", pack.language)


def format_bare_code(code: str) -> str:
    """Format a code as words, where no catalogue has better ones."""
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def format_code(value: object) -> str:
    if isinstance(value, list | tuple):
        return str(len(value))
    return str(CODES.get(str(value)) or format_bare_code(str(value)))


def format_name(of: str) -> str:
    return str(NAMES.get(of) or format_bare_code(of))


def format_message(of: str) -> str:
    return str(MESSAGES.get(of) or format_bare_code(of))


def format_ending(of: str) -> str:
    return str(ENDS.get(of) or format_bare_code(of))


def format_role(of: str, pack: "Pack") -> str:
    """Format a role, or a partner abroad, who may only be told."""
    if of in pack.roles:
        return format_text(pack.roles[of].title, pack)
    return (
        format_text(pack.partners[of], pack)
        if of in pack.partners
        else format_bare_code(of)
    )


def format_title(key: str, pack: "Pack") -> str:
    """Format what is to be done, in a word of the pack; of an item, its number."""
    id, item = split_key(key)
    step = pack.pathway.steps.get(id)
    words = format_step(step, pack) if step else format_bare_code(id)
    return f"{words} ({format_item(item)})" if item else words


def format_step(step: Step, pack: "Pack") -> str:
    if isinstance(step, Do):
        return format_text(step.do, pack)
    if isinstance(step, Wait):
        return format_wait(step)
    if isinstance(step, Tell):
        told = {
            "role": format_role(step.tell, pack),
            "message": format_message(step.message),
        }
        return say("Message to %(role)s: %(message)s") % told
    return format_bare_code(step.id)


def format_wait(step: Wait) -> str:
    """Format what a case waits for, in the words of its messages."""
    messages = [format_message(way.message) for way in step.wait if way.message]
    return " / ".join(messages) or format_bare_code(step.id)


def format_item(item: str) -> str:
    """Format an item's code: c1 is the first child; another code keeps its words."""
    last = item.rpartition(".")[2]
    number = last.removeprefix("c")
    if number.isdecimal():
        return say("no. %(number)s") % {"number": number}
    return format_bare_code(last)


REASONS: Mapping[str, Words] = {
    CASE_CLOSED: _("The case is closed"),
    **{ground.value: ground.label for ground in DecisionBasis},
    **{reason.value: reason.label for reason in DeviationReason},
}


def format_reason(fact: PathwayEvent) -> str:
    return (
        str(REASONS.get(fact.reason) or format_bare_code(fact.reason))
        if fact.reason
        else ""
    )


def list_missed(course: PathwayRun) -> list[str]:
    return [
        str(MISSED.get(what) or format_bare_code(what)) for what in course.missed or ()
    ]


def format_step_of_course(course: PathwayRun, key: str) -> str:
    return format_title(key, course.version.pack)


def format_role_of_due(due: OpenTask) -> str:
    return format_role(due.role, due.course.version.pack)

"""A pathway in the reader's language: its steps, roles and codes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Urgency
from amana.care.pathways.models import CASE_CLOSED, Course, Due, Fact, Ground, Reason
from amana.design.mechanism import coded
from amana.design.mechanism.coded import ENDS, MESSAGES, NAMES
from amana.design.mechanism.engine.facts import Kind
from amana.design.mechanism.engine.pathway import Do, Step, Tell, Text, Wait, said
from amana.design.mechanism.engine.standing import parted

if TYPE_CHECKING:
    from amana.design.mechanism.pack.model import Pack

type Words = str | Promise

CODES: Mapping[str, Words] = {
    **coded.CODES,
    **{urgency.value: urgency.label for urgency in Urgency},
}


DID: Mapping[Kind, Words] = {
    Kind.START: _("The pathway began"),
    Kind.CANCELLED: _("The pathway ended with the case"),
    Kind.MOVED: _("Continues under a new version of the mechanism"),
}
"""What happened to the whole case, and to no one step."""

MISSED: Mapping[str, Words] = {
    "taken_back": _("The person withdrew consent"),
    "agreed": _("The person gave consent"),
    "end": _("The case was closed"),
    "follow_to_whose_it_is": _("The case was transferred or restricted"),
    "found": _("A screening was finished"),
    "asked_a_team": _("A referral was sent"),
    "began": _("The service met the person"),
    "said_of_referral": _("A referral was answered"),
    "asked_again": _("Safety questions were asked"),
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


def here(text: Text, pack: "Pack") -> str:
    return said(text, get_language() or "", pack.language)


def bare(code: str) -> str:
    """Format a code as words, where no catalogue has better ones."""
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def code(value: Any) -> str:
    if isinstance(value, list | tuple):
        return str(len(value))
    return str(CODES.get(value) or bare(str(value)))


def name(of: str) -> str:
    return str(NAMES.get(of) or bare(of))


def message(of: str) -> str:
    return str(MESSAGES.get(of) or bare(of))


def ending(of: str) -> str:
    return str(ENDS.get(of) or bare(of))


def role(of: str, pack: "Pack") -> str:
    """Format a role, or a partner abroad, who may only be told."""
    if of in pack.roles:
        return here(pack.roles[of].title, pack)
    return here(pack.partners[of], pack) if of in pack.partners else bare(of)


def title(key: str, pack: "Pack") -> str:
    """Format what is to be done, in a word of the pack; of an item, its number."""
    id, item = parted(key)
    step = pack.pathway.steps.get(id)
    words = title_of(step, pack) if step else bare(id)
    return f"{words} ({numbered(item)})" if item else words


def title_of(step: Step, pack: "Pack") -> str:
    if isinstance(step, Do):
        return here(step.do, pack)
    if isinstance(step, Wait):
        return waited(step)
    if isinstance(step, Tell):
        told = {"role": role(step.tell, pack), "message": message(step.message)}
        return say("Message to %(role)s: %(message)s") % told
    return bare(step.id)


def waited(step: Wait) -> str:
    """Format what a case waits for, in the words of its messages."""
    messages = [message(way.message) for way in step.wait if way.message]
    return " / ".join(messages) or bare(step.id)


def numbered(item: str) -> str:
    """Format an item's code: c1 is the first child; another code keeps its words."""
    last = item.rpartition(".")[2]
    number = last.removeprefix("c")
    if number.isdecimal():
        return say("no. %(number)s") % {"number": number}
    return bare(last)


REASONS: Mapping[str, Words] = {
    CASE_CLOSED: _("The case is closed"),
    **{ground.value: ground.label for ground in Ground},
    **{reason.value: reason.label for reason in Reason},
}


def reason_of(fact: Fact) -> str:
    return str(REASONS.get(fact.reason) or bare(fact.reason)) if fact.reason else ""


def missed_of(course: Course) -> list[str]:
    return [str(MISSED.get(what) or bare(what)) for what in course.missed or ()]


def step_of(course: Course, key: str) -> str:
    return title(key, course.version.pack)


def role_of(due: Due) -> str:
    return role(due.role, due.course.version.pack)

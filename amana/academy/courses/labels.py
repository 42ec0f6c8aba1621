"""Format what is shown of an answer, of a module, of a step, in the reader's
language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from amana.academy.courses.engine import marking
from amana.academy.courses.engine.course_content import (
    LearningTime,
    Question,
    QuestionText,
)
from amana.academy.courses.engine.marking import Given, MarkedTest
from amana.academy.courses.engine.progress import ModuleProgress

KINDS: dict[str, str | Promise] = {
    "lesson": lazy("Lesson"),
    "case": pgettext_lazy("a kind of lesson", "Case"),
    "activity": lazy("Activity"),
    "reflection": lazy("Reflection"),
}

PRODUCES: dict[str, str | Promise] = {
    "sop": lazy("Standard operating procedures"),
    "service_map": lazy("A map of services"),
    "brief": lazy("A policy brief"),
    "forms": lazy("Forms"),
    "plan": lazy("A plan"),
}

type Verdict = Literal["yes", "no", "ask"]


@dataclass(frozen=True)
class AnswerRemark:
    text: str
    feedback: str
    verdict: Verdict


@dataclass(frozen=True)
class AnswerFeedback:
    right: bool
    title: str
    remarks: list[AnswerRemark]
    """On single options."""
    words: str
    """On the whole."""


def build_feedback(
    question: Question, asked: QuestionText, given: Given
) -> AnswerFeedback:
    right = marking.is_right(question, given)
    return AnswerFeedback(
        right=right,
        title=format_title(question, right),
        remarks=list_remarks(question, asked, given),
        words=asked.feedback,
    )


def format_title(question: Question, right: bool) -> str:
    if question.kind == "decide":
        return _("What this choice leads to")
    return _("Right") if right else _("Not quite")


def list_remarks(
    question: Question, asked: QuestionText, given: Given
) -> list[AnswerRemark]:
    """List remarks on what was chosen; where several are right, on those that are
    missing too."""
    if question.kind not in ("one", "many", "decide") or isinstance(given, str):
        return []
    shown = set(given) | (question.right if question.kind == "many" else frozenset())
    return [
        AnswerRemark(
            asked.options[at].text,
            asked.options[at].feedback,
            judge_option(question, at, given),
        )
        for at in sorted(shown)
    ]


def judge_option(question: Question, at: int, given: list[int]) -> Verdict:
    # A decision without a right option is there to be discussed: neither right nor
    # wrong.
    if question.kind == "decide" and not question.right:
        return "ask"
    if at in question.right:
        return "yes" if at in given else "ask"
    return "no"


# --- how far a learner is


def list_missing(one: ModuleProgress) -> list[str]:
    """List what is missing of a module, and why; nothing where it is done."""
    found = []
    if unread := len(one.unread):
        found.append(
            ngettext("%(n)s lesson to read", "%(n)s lessons to read", unread)
            % {"n": unread}
        )
    if not one.passed:
        found.append(describe_test(one.last))
    return found


def describe_test(last: MarkedTest | None) -> str:
    if last is None:
        return _("Test not taken yet")
    # Only if this is the only reason: the score was enough, and a critical mistake
    # fails a test whatever the score (ADR 12).
    if last.critical and len(last.right) >= last.needed:
        return ngettext(
            "Test not passed: you got a question wrong that you have to get right",
            "Test not passed: you got %(n)s questions wrong that you have to get right",
            len(last.critical),
        ) % {"n": len(last.critical)}
    return _("Test not passed: %(right)s of %(asked)s right, %(needed)s needed") % {
        "right": len(last.right),
        "asked": last.asked,
        "needed": last.needed,
    }


def format_status(one: ModuleProgress) -> str:
    if one.done:
        return _("Done")
    return _("Started") if one.steps_done or one.results else _("Not started yet")


def get_tone(one: ModuleProgress) -> str:
    if one.done:
        return "good"
    return "due" if one.steps_done or one.results else "plain"


def format_duration(minutes: int) -> str:
    """Format how long something takes, to ten minutes and no less than that."""
    hours, rest = divmod(10 * max(1, (minutes + 5) // 10), 60)
    if hours and rest:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest}


def list_times(modules: Iterable[LearningTime]) -> list[tuple[str, str]]:
    """List what the hours of a course are spent on, and how long."""
    every = list(modules)
    parts = [
        (_("Lessons and practice"), sum(time.lessons for time in every)),
        (_("Tests"), sum(time.test for time in every)),
        (_("Practice conversations"), sum(time.conversations for time in every)),
        (_("Live sessions"), sum(time.session for time in every)),
        (_("Work (estimated by the authors)"), sum(time.work for time in every)),
    ]
    return [(what, format_duration(minutes)) for what, minutes in parts if minutes]

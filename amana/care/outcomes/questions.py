"""The questions, and the codes of their answers: public constants.

A case is asked those that its mechanism names (`asks` in `indicators.yaml`), and none
has to be answered. A code that is not among a question's own `answers` shows why there
is none, and is counted nowhere."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.care.cases import need_kinds, sections
from amana.care.cases.models import Case, Closure, Need
from amana.care.pathways.sections import get_course
from amana.trust.access.models import User
from amana.trust.vault.compartments import Compartment as C

type Words = str | Promise
type Answers = tuple[tuple[str, Words], ...]

YES, NO = ("yes", _("Yes")), ("no", _("No"))
MONTH = timedelta(days=30)
MOST = 100
"""Of a score: per cent of what the survey can give."""


class NoAnswerReason(models.TextChoices):
    """Why there is none. It is kept in the case, and counted nowhere."""

    NOT_SO = "not_so", _("Does not apply to the person")
    NOT_KNOWN = "not_known", _("Not known")
    NOT_ASKED = "not_asked", _("Not asked")


class OutcomeGroup(models.TextChoices):
    """What is together on the page, in this order."""

    GOALS = "goals", _("Agreed goals")
    CARE = "care", _("Rest and care")
    RIGHTS = "rights", _("Rights")
    AFTER = "after", _("After our help has ended")


class SurveyMoment(models.TextChoices):
    """When the survey was filled in, from the return on."""

    M6 = "m6", _("6 months after the return")
    M12 = "m12", _("12 months after the return")


MONTHS_AFTER: Mapping[SurveyMoment, int] = {SurveyMoment.M6: 6, SurveyMoment.M12: 12}


class ReintegrationScore(models.TextChoices):
    """The three scores of the survey (IOM, reintegration)."""

    ECONOMIC = "economic", _("Economic reintegration")
    SOCIAL = "social", _("Social reintegration")
    PSYCHOSOCIAL = "psychosocial", _("Psychosocial reintegration")


@dataclass(frozen=True)
class OutcomeQuestion:
    """What is asked, and which part of the case holds its answer."""

    code: str
    part: C
    group: OutcomeGroup
    text: Words
    answers: Answers = ()
    """In the codes of facts; none: a score from 0 to 100."""
    hint: Words = ""
    months_after_end: int = 0
    """Not before so many months after the work had ended, or the person is back."""


QUESTIONS: Mapping[str, OutcomeQuestion] = {
    question.code: question
    for question in (
        OutcomeQuestion(
            "goal",
            C.NEEDS,
            OutcomeGroup.GOALS,
            _("%(need)s: was the agreed goal reached?"),
            (
                ("met", pgettext_lazy("a goal", "Reached")),
                ("not_met", _("Not reached, or given up")),
            ),
        ),
        OutcomeQuestion(
            "reflection_condition",
            C.LEGAL,
            OutcomeGroup.CARE,
            _("If they were given a recovery period: what did it depend on?"),
            (
                ("free", _("Nothing: it was unconditional")),
                ("for_cooperation", _("Cooperation with the authorities")),
            ),
        ),
        OutcomeQuestion(
            "rape_care",
            C.HEALTH,
            OutcomeGroup.CARE,
            _("If they disclosed rape in time and wanted care: when did care begin?"),
            (
                ("in_time", _("Within 72 hours of what happened")),
                ("late", _("Later")),
                ("not", _("Not at all")),
            ),
            _("Ask for no details: only whether care came in time."),
        ),
        OutcomeQuestion(
            "child_care",
            C.NEEDS,
            OutcomeGroup.CARE,
            _(
                "If they are a child: is the place where they live suitable for a "
                "child?"
            ),
            (("suitable", _("Yes")), ("unsuitable", _("No, or they are detained"))),
            _("With family, in foster care or in a children’s home, and checked."),
        ),
        OutcomeQuestion(
            "detention",
            C.LEGAL,
            OutcomeGroup.RIGHTS,
            _("Were they detained although they were thought to be a victim?"),
            (("detained", _("Yes")), ("not_detained", _("No"))),
            _("By the police, in prison, or because of their papers."),
        ),
        OutcomeQuestion(
            "non_punishment",
            C.LEGAL,
            OutcomeGroup.RIGHTS,
            _(
                "If they were charged for what they were forced to do: what was the "
                "outcome?"
            ),
            (
                ("applied", _("Charges dropped or lifted")),
                ("not_applied", _("Charges not dropped")),
            ),
        ),
        OutcomeQuestion(
            "residence",
            C.MIGRATION,
            OutcomeGroup.RIGHTS,
            _("If they applied for residence or asylum: what was the outcome?"),
            (
                ("granted", _("Granted")),
                ("refused", pgettext_lazy("an application", "Refused")),
                ("pending", _("Not decided yet")),
            ),
        ),
        OutcomeQuestion(
            "compensation_claimed",
            C.LEGAL,
            OutcomeGroup.RIGHTS,
            _("Compensation: did they claim it?"),
            (YES, NO),
            _(
                "If they have no right to compensation, choose “Does not apply to the "
                "person”."
            ),
        ),
        OutcomeQuestion(
            "compensation_awarded",
            C.LEGAL,
            OutcomeGroup.RIGHTS,
            _("Compensation: was it awarded?"),
            (YES, NO),
        ),
        OutcomeQuestion(
            "compensation_paid",
            C.LEGAL,
            OutcomeGroup.RIGHTS,
            _("Compensation: did the money reach them?"),
            (YES, NO),
        ),
        OutcomeQuestion(
            "return_to_harm",
            C.NARRATIVE,
            OutcomeGroup.AFTER,
            _("Have they been exploited again since our help ended?"),
            (YES, NO),
            _("Asked one year after our help ended."),
            months_after_end=12,
        ),
        OutcomeQuestion(
            "reintegration",
            C.NEEDS,
            OutcomeGroup.AFTER,
            _("%(moment)s: %(side)s"),
            hint=_("The score of the survey, from 0 to 100."),
            months_after_end=6,
        ),
    )
}


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it is asked in one case: once, for each need, or for each score."""

    key: str
    question: OutcomeQuestion
    text: str
    topic: str = ""
    moment: str = ""

    def takes(self, answer: str) -> bool:
        """Check whether it is an answer to this question. "" takes an answer back."""
        if not answer or answer in NoAnswerReason.values:
            return True
        if not self.question.answers:
            # `isdecimal` alone accepts the digits of every script.
            return answer.isascii() and answer.isdecimal() and int(answer) <= MOST
        return answer in dict(self.question.answers)


def list_codes_of_mechanism(case: Case) -> list[str]:
    """List the codes that the mechanism which the case follows wants asked."""
    course = get_course(case)
    version = course.version if course else sections.find_version_in_force(case)
    if version is None:
        return []
    named = {
        code
        for indicator in version.pack.indicators.values()
        for code in indicator.asks
    }
    return [code for code in QUESTIONS if code in named]


def map_asked(case: Case, *, by: User) -> dict[str, AskedQuestion]:
    """Map what is asked in a case now, by key. Goals are asked by the kind of each
    need, which is opened for it."""
    codes = [code for code in list_codes_of_mechanism(case) if is_time_for(code, case)]
    return {
        item.key: item
        for code in codes
        for item in iterate_asked(QUESTIONS[code], case, by)
    }


def is_time_for(code: str, case: Case) -> bool:
    months = QUESTIONS[code].months_after_end
    return not months or has_ended(case, months)


def is_moment(case: Case, moment: SurveyMoment) -> bool:
    """Ask whether the survey of this moment can have been filled in."""
    return has_ended(case, MONTHS_AFTER[moment])


def has_ended(case: Case, months: int) -> bool:
    """Ask whether the work ended so many months ago, or the person is back."""
    ended_at = case.closed_at or find_earlier_end(case)
    if ended_at is None:
        return False
    return case.is_open or ended_at + months * MONTH <= timezone.now()


def find_earlier_end(case: Case) -> datetime | None:
    """Find when the work of a reopened case had ended."""
    ended = Closure.objects.filter(case=case, agreed=True).order_by("-reviewed_at")
    return ended.values_list("reviewed_at", flat=True).first()


def iterate_asked(
    question: OutcomeQuestion, case: Case, by: User
) -> Iterator[AskedQuestion]:
    if question.code == "goal":
        needs = list(Need.objects.filter(case=case).order_by("raised_at", "pk"))
        # A goal is asked by the exact kind of its need, which is sealed: a person whose
        # keys are locked is asked to unlock them before the page is shown.
        need_kinds.show(needs, by=by, purpose="what came of it", unlocked=True)
        for need in needs:
            text = str(question.text) % {"need": need.needed}
            topic = need.type.value if need.is_known else ""
            yield AskedQuestion(f"goal-{need.pk.hex}", question, text, topic=topic)
    elif question.code == "reintegration":
        for moment in filter(partial(is_moment, case), SurveyMoment):
            for side in ReintegrationScore:
                text = str(question.text) % {"moment": moment.label, "side": side.label}
                key = f"reintegration-{moment}-{side}"
                yield AskedQuestion(
                    key, question, text, topic=side.value, moment=moment.value
                )
    else:
        yield AskedQuestion(question.code, question, str(question.text))


def list_parts(asked: Collection[AskedQuestion]) -> set[C]:
    return {item.question.part for item in asked}

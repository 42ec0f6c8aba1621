"""Load how far a learner is, from what happened."""

from amana.academy.courses.content import load_content
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.engine.progress import (
    CourseProgress,
    SubmittedTest,
    compute_progress,
)
from amana.academy.courses.models import Enrolment, LearningVerb


def load_progress(enrolment: Enrolment) -> CourseProgress:
    counted = [LearningVerb.READ, LearningVerb.SUBMITTED]
    told = enrolment.events.in_order().filter(verb__in=counted)
    rows = list(told.values_list("verb", "object", "result", "attempt__seed"))
    read = {thing for verb, thing, _result, _seed in rows if verb == LearningVerb.READ}
    handed = [
        SubmittedTest(thing, str(seed), result["answers"])
        for verb, thing, result, seed in rows
        if verb == LearningVerb.SUBMITTED
    ]
    return compute_progress(load_content(enrolment.version), read, handed)


def map_latest_answers(enrolment: Enrolment, questions: list[str]) -> dict[str, Given]:
    """Map each of these questions that was answered to its latest answer."""
    # In order: of several answers to a question, the last one stays in the dictionary.
    told = enrolment.events.in_order().filter(
        verb=LearningVerb.ANSWERED, object__in=questions
    )
    return {
        thing: result["given"] for thing, result in told.values_list("object", "result")
    }

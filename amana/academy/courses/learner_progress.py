"""Load how far a learner is, from what happened."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from amana.academy.courses.content import load_content
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.engine.progress import (
    CourseProgress,
    SubmittedTest,
    compute_progress,
)
from amana.academy.courses.models import Enrolment, Event, LearningVerb

COUNTED = (LearningVerb.READ, LearningVerb.SUBMITTED)


def load_progress(enrolment: Enrolment) -> CourseProgress:
    return load_progress_of_many([enrolment])[enrolment.pk]


def load_progress_of_many(
    enrolments: Collection[Enrolment],
) -> dict[int, CourseProgress]:
    """Load how far each of these learners is, by enrolment: one query for all."""
    told = Event.objects.in_order().filter(
        enrolment__in=[enrolment.pk for enrolment in enrolments], verb__in=COUNTED
    )
    read: dict[int, set[str]] = defaultdict(set)
    handed: dict[int, list[SubmittedTest]] = defaultdict(list)
    # In the order of events: the first pass counts, and how many tries went before.
    columns = ("enrolment", "verb", "object", "result", "attempt__seed")
    for whose, verb, thing, result, seed in told.values_list(*columns):
        if verb == LearningVerb.READ:
            read[whose].add(thing)
        else:
            handed[whose].append(SubmittedTest(thing, str(seed), result["answers"]))
    return {
        enrolment.pk: compute_progress(
            load_content(enrolment.version),
            read[enrolment.pk],
            handed[enrolment.pk],
            enrolment.track,
        )
        for enrolment in enrolments
    }


def map_last_days(enrolments: Collection[Enrolment]) -> dict[int, datetime]:
    """Map each enrolment to when its learner last did something in the course."""
    told = Event.objects.filter(enrolment__in=[each.pk for each in enrolments])
    found = told.order_by().values("enrolment").annotate(last=Max("received_at"))
    return dict(found.values_list("enrolment", "last"))


def map_latest_answers(enrolment: Enrolment, questions: list[str]) -> dict[str, Given]:
    """Map each of these questions that was answered to its latest answer."""
    # In order: of several answers to a question, the last one stays in the dictionary.
    told = enrolment.events.in_order().filter(
        verb=LearningVerb.ANSWERED, object__in=questions
    )
    return {
        thing: result["given"] for thing, result in told.values_list("object", "result")
    }

"""Load how far a learner is, from what happened."""

from amana.academy.courses.content import content_of
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.engine.progress import Handed, Progress, progress
from amana.academy.courses.models import Enrolment, Verb


def progress_of(enrolment: Enrolment) -> Progress:
    counted = [Verb.READ, Verb.SUBMITTED]
    told = enrolment.events.in_order().filter(verb__in=counted)
    rows = list(told.values_list("verb", "object", "result", "attempt__seed"))
    read = {thing for verb, thing, _result, _seed in rows if verb == Verb.READ}
    handed = [
        Handed(thing, str(seed), result["answers"])
        for verb, thing, result, seed in rows
        if verb == Verb.SUBMITTED
    ]
    return progress(content_of(enrolment.version), read, handed)


def practised(enrolment: Enrolment, questions: list[str]) -> dict[str, Given]:
    """Map each of these questions that was answered to its latest answer."""
    # In order: of several answers to a question, the last one stays in the dictionary.
    told = enrolment.events.in_order().filter(verb=Verb.ANSWERED, object__in=questions)
    return {
        thing: result["given"] for thing, result in told.values_list("object", "result")
    }

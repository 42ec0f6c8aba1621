"""What a device or a file reports of learning without a network, taken one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from amana.academy.courses import actions
from amana.academy.courses.engine.marking import is_answer
from amana.academy.courses.forms import convert_places
from amana.academy.courses.models import Attempt, Enrolment, Event
from amana.academy.courses.rules import learn, take_test
from amana.errors import Refused
from amana.trust.access.models import User

MOST = 500
"""Things that may come at once."""

type State = Literal["taken", "known", "refused"]


@dataclass(frozen=True)
class ImportedProgress:
    """What became of one thing: known is what was there before."""

    id: str
    state: State
    why: str = ""


def record_all(
    version: str, told: Sequence[object], *, by: User
) -> list[ImportedProgress]:
    """Record what a device or a file reports; return what became of each thing.

    `version` is the SHA-256 of the wording by which the person learned."""
    enrolments = learn.among(Enrolment.objects.for_page(), by)
    # Learners stay with the version with which they began (ADR 12), also on a stick
    # that comes back after years.
    enrolment = enrolments.filter(version__sha256=version).first()
    ids = [id for event in told if (id := parse_id(event))]
    known = set(Event.objects.filter(pk__in=ids).values_list("pk", flat=True))
    results = []
    # Each for itself, in no common transaction: if the connection breaks, what came
    # before is kept (ADR 14).
    for event in told:
        result = record_one(enrolment, event, known, by=by)
        results.append(result)
    return results


def record_one(
    enrolment: Enrolment | None, one: Any, known: set[UUID], *, by: User
) -> ImportedProgress:
    id = parse_id(one)
    name = str(one.get("id", "")) if isinstance(one, Mapping) else ""
    try:
        if id is None:
            raise Refused(_("This can’t be read."))
        if enrolment is None:
            raise Refused(_("You have not begun this version of the course here."))
        record_event(enrolment, one, id, by=by)
    except Refused as refused:
        return ImportedProgress(name[:60], "refused", str(refused))
    return ImportedProgress(name, "known" if id in known else "taken")


def record_event(
    enrolment: Enrolment, one: Mapping[str, Any], id: UUID, *, by: User
) -> None:
    match one:
        case {"verb": "read", "object": str(path)}:
            actions.record_read_lesson(enrolment, path, by=by, id=id)
        case {"verb": "answered", "object": str(question), "given": given}:
            actions.record_answer(enrolment, question, given, by=by, id=id)
        case {"verb": "submitted", "attempt": int(pk), "places": dict(places)}:
            attempts = Attempt.objects.select_related("enrolment__version")
            mine = take_test.among(attempts.filter(enrolment=enrolment), by)
            attempt = mine.filter(pk=pk).first()
            if attempt is None:
                raise Refused(_("This test does not exist."))
            actions.submit_test(attempt, map_answers(attempt, places), by=by, id=id)
        case _:
            raise Refused(_("This can’t be read."))


def map_answers(attempt: Attempt, places: Mapping[str, Any]) -> dict[str, Any]:
    """Map the places on the kept page of a test to those in the file; what can be no
    answer stays as it is, and is refused."""
    asked = {question.id: question for question in actions.list_questions(attempt)}
    return {
        name: convert_places(asked[name], str(attempt.seed), shown)
        if name in asked and is_answer(asked[name], shown) and isinstance(shown, list)
        else shown
        for name, shown in places.items()
    }


def parse_id(one: Any) -> UUID | None:
    try:
        return UUID(one["id"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None

"""What was answered last, and what follows from it."""

from dataclasses import dataclass

from amana.academy.courses.content import content_of
from amana.academy.courses.engine import placement as placements
from amana.academy.courses.engine.course import Course
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.engine.placement import Placement, Proposal, Sector
from amana.academy.courses.models import Enrolment, Verb


@dataclass(frozen=True)
class Placed:
    course: Course
    placement: Placement
    sector: Sector
    answers: dict[str, Given]

    @property
    def proposal(self) -> Proposal:
        return placements.proposal(
            self.course, self.placement, self.sector, self.answers
        )


def placed(enrolment: Enrolment) -> Placed | None:
    """Find the latest answers, of whichever sector."""
    course = content_of(enrolment.version)
    placement = placements.of(course)
    told = enrolment.events.in_order().filter(verb=Verb.PLACED)
    last = told.values_list("object", "result").last() if placement else None
    if placement is None or last is None:
        return None
    sector = placement.sector(last[0])
    if sector is None:
        return None
    return Placed(course, placement, sector, last[1]["answers"])

"""What was answered last, and what follows from it."""

from dataclasses import dataclass

from amana.academy.courses.content import load_content
from amana.academy.courses.engine import lesson_order as placements
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.engine.lesson_order import (
    LessonProposal,
    Placement,
    PlacementSector,
)
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.models import Enrolment, LearningVerb


@dataclass(frozen=True)
class PlacementStatus:
    course: CourseContent
    placement: Placement
    sector: PlacementSector
    answers: dict[str, Given]

    @property
    def proposal(self) -> LessonProposal:
        return placements.propose_order(
            self.course, self.placement, self.sector, self.answers
        )


def find_placed(enrolment: Enrolment) -> PlacementStatus | None:
    """Find the latest answers, of whichever sector."""
    course = load_content(enrolment.version)
    placement = placements.build_placement(course)
    told = enrolment.events.in_order().filter(verb=LearningVerb.PLACED)
    last = told.values_list("object", "result").last() if placement else None
    if placement is None or last is None:
        return None
    sector = placement.sector(last[0])
    if sector is None:
        return None
    return PlacementStatus(course, placement, sector, last[1]["answers"])

"""The cast of the courses, for peers that hear of what was learned."""

from amana.academy.courses.tests.conftest import (
    coordinator,
    enrolment,
    learner,
    version,
)

"""The cast of the courses: who publishes, who learns, and somebody else who learns."""

from amana.academy.courses.tests.conftest import (
    attempt,
    coordinator,
    enrolment,
    learner,
    outsider,
    stranger,
    version,
)

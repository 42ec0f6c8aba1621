"""The cast of the courses."""

from amana.academy.courses.tests.conftest import coordinator, learner, version

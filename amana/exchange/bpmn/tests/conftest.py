"""A mechanism that somebody wrote, and who may see it."""

from amana.design.mechanism.tests.conftest import (
    adopted,
    coordinator,
    discussed,
    draft,
    house,
    in_force,
    office,
    stranger,
    supervisor,
    worker,
)

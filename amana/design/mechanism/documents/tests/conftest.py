"""The same people and versions as in the mechanism's own tests."""

from amana.design.mechanism.tests.conftest import (
    adopted,
    cast,
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

__all__ = [
    "adopted",
    "cast",
    "coordinator",
    "discussed",
    "draft",
    "house",
    "in_force",
    "office",
    "stranger",
    "supervisor",
    "worker",
]

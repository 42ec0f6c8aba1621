"""A country with a large region and small ones, and a coordinator who publishes."""

from amana import given
from amana.trust.access.models import Role
from tests.worlds import kept

from .country import make_areas, make_teams


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR, name="Coordinator")


@kept
def teams(db):
    return make_teams()


@kept
def areas(db):
    return make_areas()


@kept
def clinic(teams, areas, coordinator):
    """A doctor who chose to be public."""
    return given.make_service(
        of=teams[0],
        by=coordinator,
        name="Harbour clinic",
        name_ar="عيادة الميناء",
        types=["HE2"],
        visibility="public",
        counts_places=False,
        area=areas["QA1N"],
        address="12 Quay Street",
        phone="+999 20 555 0123",
        languages=["ar", "fr"],
        sexes=["female"],
        modalities=["walk_in"],
        hours=[[510, 990]],
        description="General practice.",
    )

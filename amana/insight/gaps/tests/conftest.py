"""A country of three regions, some services, and who looks at what is missing."""

from amana import given
from amana.design.directory.models import Area
from amana.insight.costing.tests.conftest import analyst, coordinator, stranger
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def regions(db: None) -> list[Area]:
    country = given.make_area(code="C", name_en="Country", lat=8.0, lon=-25.0)
    places = {"R1": ("Coast", 8.0), "R2": ("Hills", 8.5), "R3": ("Desert", 12.0)}
    return [
        given.make_area(above=country, code=code, name_en=name, lat=lat, lon=-25.0)
        for code, (name, lat) in places.items()
    ]


@kept
def district(regions: list[Area]) -> Area:
    return given.make_area(
        above=regions[0], code="R1D", name_en="Harbour Ward", lat=8.1, lon=-25.1
    )

"""In which order a device offers services, and as of when."""

import pytest
from django.utils import timezone

from amana import given
from amana.care.meetings.houses import find_meeting_area, list_houses
from amana.design.directory import catalogue
from amana.design.directory.matching import Person, Point
from amana.design.directory.models import Area, Service
from amana.trust.access.models import Role, Team, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Area:
    return given.make_area(above=given.make_area(), name_en="Tamra", lat=9.0, lon=-25.0)


def house_at(lat: float, **fields: object) -> Service:
    team = given.make_team()
    keeper = given.make_worker(of=team, role=Role.FOCAL_POINT)
    return given.make_service(of=team, by=keeper, lat=lat, lon=-25.0, **fields)


@pytest.fixture
def far_then_near() -> list[Service]:
    """In the directory's own order."""
    return [house_at(9.8), house_at(9.3), house_at(9.1)]


def own_service(team: Team, here: Area) -> None:
    keeper = given.make_worker(of=team, role=Role.FOCAL_POINT)
    given.make_service(of=team, by=keeper, area=here)


def test_those_near_the_worker_stand_first(
    officer: User, team: Team, here: Area, far_then_near: list[Service]
) -> None:
    own_service(team, here)

    area = find_meeting_area([team])
    found = list_houses([team], user=officer, near=area)

    assert area == here
    assert [house.service for house in found] == far_then_near[::-1]


def test_the_order_is_that_of_matching(
    officer: User, team: Team, here: Area, far_then_near: list[Service]
) -> None:
    fresh_and_near = house_at(9.05, types=["SH2", "BA1"])
    own_service(team, here)
    met_here = Person(
        needs=(frozenset({"SH2"}),),
        at=timezone.now(),
        place=Point(here.lat, here.lon),
    )

    found = list_houses([team], user=officer, near=here)

    answer = catalogue.match_for_person(met_here, user=officer)
    online = [suggestion.service for suggestion in (*answer.eligible, *answer.unsure)]
    offered = [house.service for house in found]
    assert fresh_and_near in offered
    assert offered == [service for service in online if service.team_id != team.pk]


def test_the_page_says_as_of_when_and_near_where(
    officer: User, team: Team, here: Area, far_then_near: list[Service]
) -> None:
    client = given.sign_in(officer)
    before = client.get("/cases/meet/kit/").content.decode()
    own_service(team, here)

    page = client.get("/cases/meet/kit/").content.decode()

    assert "Services as saved on this device on" in page
    assert "Those near Tamra come first" in page
    assert "come first" not in before

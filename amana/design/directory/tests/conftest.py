"""A team that keeps services, its people, and those who look from outside."""

import pytest
from django.core.management import call_command

from amana import given
from amana.design.directory import actions
from amana.design.directory.models import Area
from amana.design.directory.tests.test_area_files import COUNTRY
from amana.trust.access.models import Role
from tests.worlds import kept

from .service_pages import MAILBOX, PHONE, STREET, find_asked, find_path


@kept
def team(db):
    return given.make_team(of=given.make_organisation(name="Dar Amal"))


@kept
def worker(team):
    return given.make_worker(of=team, name="Worker of the house")


@kept
def focal_point(team):
    return given.make_worker(of=team, role=Role.FOCAL_POINT, name="Focal point")


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR, name="Coordinator")


@kept
def outsider(db):
    """Works in the mechanism, in another organisation."""
    return given.make_worker(name="Works elsewhere")


@kept
def stranger(db):
    """Has an account and no place in any team."""
    return given.make_user(name="Stranger")


@kept
def cast(worker, focal_point, coordinator, outsider, stranger):
    return [worker, focal_point, coordinator, outsider, stranger]


@kept
def service(team):
    return given.make_service(
        of=team, name="Recovery house", places_total=10, places_free=4
    )


@kept
def safe_house(team):
    call_command("load_areas", COUNTRY, verbosity=0)
    area = Area.objects.get(code="XM0101")
    return given.make_service(
        of=team,
        name="Safe house",
        types=["SH1"],
        area=area,
        hidden=True,
        address=STREET,
        lat=8.7123,
        lon=-26.1234,
    )


@kept
def asked(team, focal_point):
    return given.make_service(
        of=team,
        name="Recovery house",
        email=MAILBOX,
        phone="+1 555 0100",
        hours=[[510, 990]],
        languages=["ar", "fr"],
    )


@pytest.fixture
def send(django_capture_on_commit_callbacks, mailoutbox):
    """Ask a service, and return the path of the link that it gets."""

    def send(service, by):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            actions.ask_service(service, by=by)
        [mail] = mailoutbox
        return find_path(mail)

    return send


@pytest.fixture
def proposal(asked, focal_point, send):
    token = send(asked, focal_point).rpartition("/")[2]
    request = find_asked(token)
    values = {"phone": PHONE, "hours": [[0, 60]], "status": "paused"}
    return actions.propose_changes(request, values=values, words="Ask for Rim")

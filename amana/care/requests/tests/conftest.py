"""The usual cast: a worker with a case, three houses, a stranger."""

from collections.abc import Sequence
from typing import Any

import pytest

from amana import given
from amana.care.cases.models import Case, Need
from amana.care.requests import actions
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.access.models import Role, Team, User
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure
from tests.worlds import kept


@pytest.fixture(autouse=True)
def _nobody_founded_before() -> None:
    given.people._founders.clear()


@kept
def worker(db: None) -> User:
    team = given.make_team(name="Border desk", phone="+999 20 100")
    return given.make_worker(of=team, name="Mariam Toure")


@kept
def team(worker: User) -> Team:
    return worker.memberships.get().team


@kept
def case(worker: User) -> Case:
    return given.make_case(
        worked_on_by=worker, identity_name="Zubaida Canary", needs_area="Gate 3"
    )


@kept
def need(case: Case) -> Need:
    return case.needs.select_related("case__team").get()


def a_house(name: str, **fields: Any) -> tuple[Service, User]:
    team = given.make_team(name=name, email=f"{name.split()[0].lower()}@example.org")
    focal = given.make_worker(of=team, role=Role.FOCAL_POINT, name=f"{name} worker")
    usual = {"places_total": 3, "places_free": 3, "name": f"{name} beds"}
    return given.make_service(of=team, by=focal, **usual | fields), focal


@kept
def first(db: None) -> tuple[Service, User]:
    return a_house("Lake House")


@kept
def second(db: None) -> tuple[Service, User]:
    return a_house("Hill House")


@kept
def third(db: None) -> tuple[Service, User]:
    return a_house("Sea House")


@kept
def stranger(db: None) -> User:
    return given.make_worker(role=Role.SUPERVISOR)


type House = tuple[Service, User]


def asked(
    need: Need,
    houses: Sequence[House],
    *,
    by: User,
    order: AskingOrder = AskingOrder.IN_TURN,
) -> HelpRequest:
    """A request to these houses, in the order in which the person agreed to them."""
    services = [service for service, _focal in houses]
    agreed = [given.make_consent(need.case, to=s.team, by=by) for s in services]
    return actions.ask(need, services=services, agreed=agreed, order=order, by=by)


@kept
def request_in_turn(
    need: Need, worker: User, first: House, second: House, third: House
) -> HelpRequest:
    return asked(need, [first, second, third], by=worker)


@kept
def request_at_once(
    need: Need, worker: User, first: House, second: House, third: House
) -> HelpRequest:
    return asked(need, [first, second, third], by=worker, order=AskingOrder.AT_ONCE)


@kept
def without_name(
    worker: User, team: Team, first: House, second: House, third: House
) -> HelpRequest:
    return actions.ask_without_name(
        team,
        type="SH2",
        services=[service for service, _focal in (first, second, third)],
        where="Gate 3, blue bench",
        by=worker,
    )


def of(request: HelpRequest, house: House) -> Enquiry:
    rows = Enquiry.objects.for_page()
    return rows.get(request=request, service=house[0])


def now(request: HelpRequest) -> HelpRequest:
    return HelpRequest.objects.get(pk=request.pk)


def answers(request: HelpRequest) -> list[str]:
    rows = Enquiry.objects.filter(request=request).order_by("rank")
    return list(rows.values_list("status", flat=True))


def opens(reader, disclosure):
    """Whether a colleague reads what was shared, by its key."""
    found = Disclosure.objects.filter(pk=disclosure).first()
    try:
        return found and disclosures.open_disclosure(found, by=reader, purpose="test")
    except Refused:
        return None


def free(house):
    return Service.objects.get(pk=house[0].pk).places_free


@kept
def ours(worker):
    return given.sign_in(worker)


@kept
def strange(stranger):
    return given.sign_in(stranger)

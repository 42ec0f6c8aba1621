"""A number leads to a list with exactly that many rows.

Each test of a role reads all numbers of its first page and follows them; the journey
through every page does so in the demo's world."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Case
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.home import boards
from amana.insight.briefs.models import Brief
from amana.trust.access.models import Membership, Role, User
from amana.trust.audit.models import AuditEvent
from amana.trust.oversight import actions as oversight
from amana.trust.oversight.actions import BreachAssessment
from amana.trust.oversight.models import Breach
from tests.numbers import numbers_of, rows_behind, wrong_numbers

pytestmark = pytest.mark.django_db


def a_world() -> tuple[User, User]:
    """A supervisor and a coordinator, over cases of all urgencies; one is kept to
    named people, and who works on some of them has left."""
    supervisor = given.make_worker(role=Role.SUPERVISOR)
    team = supervisor.memberships.get().team
    workers = [given.make_worker(of=team) for _n in range(3)]
    now = timezone.now()
    for n in range(34):
        case = given.make_case(worked_on_by=workers[n % 3])
        Case.objects.filter(pk=case.pk).update(
            urgency=f"U{n % 4}", due_at=now + timedelta(hours=n - 12)
        )
    service = given.make_service()
    for n, case in enumerate(Case.objects.order_by("pk")[:28]):
        worker = case.assignments.get().worker
        given.make_referral(
            need=case.needs.get(), to=service, by=given.unlock_user(worker)
        )
        due_at = now + timedelta(hours=n - 9)
        Referral.objects.filter(case=case).update(due_at=due_at)
    kept = Case.objects.order_by("pk").first()
    assert kept is not None
    actions.restrict(kept, people=[workers[0]], by=given.unlock_user(workers[0]))
    Membership.objects.filter(user=workers[2]).update(ended_at=now)
    return supervisor, given.make_worker(role=Role.COORDINATOR)


def test_each_number_of_the_workload_leads_to_as_many_cases() -> None:
    supervisor, _coordinator = a_world()
    client = given.sign_in(supervisor)
    page = client.get("/cases/team/workload/").content.decode()
    links = re.findall(
        r'<a href="(/cases/team/\?team=\d+&worker=[^"]+)">(?:<[^>]+>)?(\d+)', page
    )
    assert len(links) >= 15
    for url, number in links:
        assert rows_behind(client, url) == int(number), url


def test_each_number_of_a_coordinator_leads_to_as_many_rows() -> None:
    _supervisor, coordinator = a_world()
    client = given.sign_in(coordinator)
    page = client.get("/today/").content.decode()
    found = {}
    for url in ("/referrals/late/", "/referrals/watch/?stage=answer", "/cases/watch/"):
        tile = re.search(
            rf'href="{re.escape(url)}"><span class="board-value[^>]*>(\d+)<', page
        )
        assert tile, url
        found[url] = int(tile[1])
        assert rows_behind(client, url) == found[url], url
    assert found["/cases/watch/"] == 33
    assert min(found.values()) > 0


def an_office() -> dict[Role, User]:
    """One of each role whose work is figures; and some of all that they count, beside
    what they do not count."""
    people = {
        role: given.make_worker(role=role)
        for role in (
            Role.ADMINISTRATOR,
            Role.ANALYST,
            Role.AUDITOR,
            Role.DATA_PROTECTION_OFFICER,
            Role.TRAINER,
        )
    }
    given.make_team(phone="5550100")
    given.make_organisation(admitted_at=None)
    newcomer = given.make_user(name="Omar Haddad")
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    for role in (Role.ANALYST, Role.COORDINATOR):
        Membership.objects.create(user=newcomer, team=given.make_team(), role=role)
    another = given.make_worker(role=Role.ANALYST)
    for n in range(5):
        writer = another if n else people[Role.ANALYST]
        asked_at = timezone.now() if n < 3 else None
        Brief.objects.create(about="I26", year=2026, begun_by=writer, asked_at=asked_at)
    officer = people[Role.DATA_PROTECTION_OFFICER]
    assessed = BreachAssessment(Breach.Kind.LOOK, Breach.Risk.NONE, Breach.People.FEW)
    for _n in range(3):
        report = oversight.record_breach(
            "A letter.", assessed, found_at=timezone.now(), by=officer
        )
    oversight.strike_breach(report, why="It was none.", by=officer)
    return people


def test_each_number_of_every_office_leads_to_as_many_rows() -> None:
    people = an_office()
    counted: dict[str, int] = {}
    for role, user in people.items():
        client = given.sign_in(user)
        assert wrong_numbers(client) == {}, role
        counted |= numbers_of(client)
    assert counted["/people/?only=waiting"] == 1
    assert counted["/briefs/?only=to-review"] == 3
    assert counted["/log/incidents/?only=open"] == 2


def test_each_number_of_housekeeping_leads_to_as_many_rows() -> None:
    worker = given.make_worker(role=Role.SUPERVISOR)
    team = worker.memberships.get().team
    for n in range(35):
        case = given.make_case(worked_on_by=worker)
        opened_at = timezone.now() - timedelta(days=100 if n else 10)
        Case.objects.filter(pk=case.pk).update(opened_at=opened_at)
    for n in range(3):
        service = given.make_service(of=team, places_total=4, places_free=2)
        counted_at = timezone.now() - timedelta(days=9 if n else 1)
        Service.objects.filter(pk=service.pk).update(
            counts_places=True, places_said_at=counted_at
        )
    client = given.sign_in(worker)
    assert sorted(numbers_of(client).values()) == [2, 34]
    assert wrong_numbers(client) == {}


def test_a_part_that_is_not_offered_is_not_asked_for() -> None:
    client = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR))
    for only in ("nobody", "waiting'--", ""):
        page = client.get(f"/people/?only={only}")
        assert page.status_code == 200


def test_lists_of_an_office_are_for_those_who_hold_it() -> None:
    for role in (Role.CASE_WORKER, Role.SUPERVISOR, Role.ANALYST):
        client = given.sign_in(given.make_worker(role=role))
        for url in ("/people/", "/teams/", "/consent/destroy/owed/"):
            assert client.get(url).status_code == 404, (role, url)


def test_the_log_of_a_busy_day_is_counted_to_a_limit(monkeypatch) -> None:
    for _n in range(2):
        given.make_case()
    now = timezone.now()

    assert boards.count_events_since(now - timedelta(hours=1)) == (
        AuditEvent.objects.count()
    )
    assert boards.count_events_since(now + timedelta(hours=1)) == 0
    monkeypatch.setattr(boards, "COUNTED", 1)
    assert boards.count_events_since(now - timedelta(hours=1)) == "more than 1"

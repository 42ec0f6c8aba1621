"""A number leads to a list with exactly that many rows."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Case
from amana.care.referrals.models import Referral
from amana.trust.access.models import Membership, Role, User

pytestmark = pytest.mark.django_db
ROW = re.compile(r'<tr role="row"[^>]* data-tone=')


def rows_behind(client: Client, url: str) -> int:
    """How many rows a list has, on all of its pages."""
    count, there = 0, url.replace("&amp;", "&")
    while True:
        page = client.get(there).content.decode()
        count += len(ROW.findall(page))
        following = re.findall(r'rel="next" href="([^"]+)"', page)
        if not following:
            return count
        there = url.partition("?")[0] + following[0].replace("&amp;", "&")


def a_world() -> tuple[User, User]:
    """A supervisor and a coordinator, over cases of all urgencies; one is kept to
    named people, and who works on some of them has left."""
    supervisor = given.a_worker(role=Role.SUPERVISOR)
    team = supervisor.memberships.get().team
    workers = [given.a_worker(of=team) for _n in range(3)]
    now = timezone.now()
    for n in range(34):
        case = given.a_case(worked_on_by=workers[n % 3])
        Case.objects.filter(pk=case.pk).update(
            urgency=f"U{n % 4}", due_at=now + timedelta(hours=n - 12)
        )
    service = given.a_service()
    for n, case in enumerate(Case.objects.order_by("pk")[:28]):
        worker = case.assignments.get().worker
        given.a_referral(need=case.needs.get(), to=service, by=given.unlocked(worker))
        due_at = now + timedelta(hours=n - 9)
        Referral.objects.filter(case=case).update(due_at=due_at)
    kept = Case.objects.order_by("pk").first()
    assert kept is not None
    actions.restrict(kept, people=[workers[0]], by=given.unlocked(workers[0]))
    Membership.objects.filter(user=workers[2]).update(ended_at=now)
    return supervisor, given.a_worker(role=Role.COORDINATOR)


def test_each_number_of_the_workload_leads_to_as_many_cases() -> None:
    supervisor, _coordinator = a_world()
    client = given.signed_in(supervisor)
    page = client.get("/cases/team/workload/").content.decode()
    links = re.findall(
        r'<a href="(/cases/team/\?team=\d+&worker=[^"]+)">(?:<[^>]+>)?(\d+)', page
    )
    assert len(links) >= 15
    for url, number in links:
        assert rows_behind(client, url) == int(number), url


def test_each_number_of_a_coordinator_leads_to_as_many_rows() -> None:
    _supervisor, coordinator = a_world()
    client = given.signed_in(coordinator)
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

"""Saved views: named, shared, begun with; each shows its reader what they may see."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as case_actions
from amana.care.cases.models import Case
from amana.care.cases.tests.pages import text_of
from amana.care.lists import actions, names, saved
from amana.care.lists.models import MOST_VIEWS, DefaultView, SavedView
from amana.errors import Refused
from amana.trust.access.models import Membership, Role, Team, User
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.vault import epochs, leaving
from amana.ui.once import make_form_key
from tests.worlds import kept

pytestmark = pytest.mark.django_db
NAME = "Zubaida and her sisters"


@kept
def team(db: None) -> Team:
    return given.make_team()


@kept
def worker(team: Team) -> User:
    return given.make_worker(of=team)


@kept
def colleague(worker: User, team: Team) -> User:
    return given.make_worker(of=team)


@kept
def supervisor(worker: User, team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def stranger(db: None) -> User:
    return given.make_worker(role=Role.SUPERVISOR)


def desk(user: User) -> Client:
    return given.sign_in(user)


def a_view(
    by: User, *, query: str = "urgency=U0", team: Team | None = None, code: str = "mine"
) -> SavedView:
    return actions.save_view(code, kind="", query=query, name=NAME, by=by, team=team)


def as_read(view: SavedView, user: User) -> SavedView:
    return SavedView.objects.with_default(user).get(pk=view.pk)


def shown(user: User, name: str = "cases:mine") -> str:
    return text_of(desk(user).get(reverse(name)))


def test_a_view_is_saved_by_its_form_and_opens_the_list_so(worker: User) -> None:
    client = desk(worker)
    said = {
        "list": "mine",
        "query": "urgency=U0&urgency=U1&sort=deadline",
        "name": NAME,
    }
    answer = client.post(reverse("lists:save"), said | make_form_key())
    assert answer["Location"] == "/cases/?urgency=U0&urgency=U1&sort=deadline"
    page = client.get(answer["Location"])
    assert NAME in text_of(page)
    assert re.search(r'aria-current="page"><bdi>Zubaida', page.content.decode())


def test_what_a_list_does_not_offer_is_not_stored(worker: User) -> None:
    view = a_view(worker, query="urgency=U0&need=Zubaida&name=Zubaida&sort=name&q=x")
    assert view.query == "urgency=U0"
    with pytest.raises(Refused, match="no longer available to you"):
        a_view(worker, code="team")
    with pytest.raises(Refused, match="no longer available to you"):
        a_view(worker, code="everything")


def test_the_name_is_sealed_and_in_no_address_and_no_log(worker: User) -> None:
    view = a_view(worker)
    assert b"Zubaida" not in bytes(view.sealed)
    assert "Zubaida" not in saved.build_address(view)
    events = list(AuditEvent.objects.values_list("thing", "did", "purpose"))
    details = list(AuditDetail.objects.values_list("details"))
    assert "Zubaida" not in str(events) + str(details)
    assert AuditEvent.objects.filter(did="saved view").count() == 1


def test_ones_own_view_is_ones_own(
    worker: User, colleague: User, supervisor: User, stranger: User
) -> None:
    view = a_view(worker)
    assert NAME in shown(worker)
    for other in (colleague, supervisor, stranger):
        assert NAME not in shown(other)
        for name in ("rename", "delete", "begin", "begin_without"):
            there = reverse(f"lists:{name}", args=[view.pk])
            assert desk(other).post(there, {"name": "x"}).status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_teams_view_is_read_in_the_team_and_changed_by_owner_and_supervisor(
    worker: User, colleague: User, supervisor: User, stranger: User, team: Team
) -> None:
    view = a_view(worker, team=team)
    for member in (worker, colleague, supervisor):
        assert NAME in shown(member)
    assert NAME not in shown(stranger)
    there = reverse("lists:rename", args=[view.pk])
    assert desk(colleague).get(there).status_code == 404
    assert desk(stranger).get(there).status_code == 404
    desk(supervisor).post(there, {"name": "Emergencies"})
    assert "Emergencies" in shown(worker)
    desk(worker).post(reverse("lists:delete", args=[view.pk]))
    assert "Emergencies" not in shown(colleague)


def test_a_view_can_be_shared_with_ones_own_team_alone(
    worker: User, stranger: User, team: Team
) -> None:
    from amana.trust.access.rules import Denied

    with pytest.raises(Denied):
        a_view(stranger, team=team)
    assert not SavedView.objects.exists()


def test_a_shared_view_shows_each_what_they_may_see(
    worker: User, colleague: User, team: Team
) -> None:
    given.make_case(worked_on_by=worker, identity_name="Seen by one")
    Case.objects.update(urgency="U0")
    view = a_view(worker, team=team)
    there = saved.build_address(view)
    assert "Seen by one" in text_of(desk(worker).get(there))
    assert "Seen by one" not in text_of(desk(colleague).get(there))


def test_a_shared_view_tells_a_supervisor_nothing_of_a_restricted_case(
    worker: User, supervisor: User, team: Team
) -> None:
    case = given.make_case(worked_on_by=worker, identity_name="Kept to one")
    case_actions.restrict(case, people=[worker], by=worker)
    view = a_view(supervisor, code="team", query="urgency=U2", team=team)
    page = text_of(desk(supervisor).get(saved.build_address(view)))
    assert "Kept to one" not in page
    assert str(case.reference) not in page


def test_whoever_leaves_the_team_reads_its_views_no_more(
    worker: User, colleague: User, team: Team
) -> None:
    a_view(worker, team=team)
    assert NAME in shown(colleague)
    Membership.objects.filter(user=colleague).update(ended_at=timezone.now())
    assert NAME not in shown(colleague)


def test_the_names_follow_when_a_team_gets_a_new_key(
    worker: User, colleague: User, team: Team
) -> None:
    view = a_view(worker, team=team)
    before = view.team_key_id
    key = epochs.begin_epoch(team, by=worker)
    while not leaving.rewrap_some(key, by=worker).is_complete:
        pass
    view.refresh_from_db()
    assert view.team_key_id == key.pk != before
    again = given.unlock_user(colleague)
    assert names.open_name(view, again.keyring) == NAME  # type: ignore[arg-type]


def test_a_list_begins_with_the_view_that_one_chose(
    worker: User, colleague: User, team: Team
) -> None:
    view, client = a_view(worker, team=team), desk(worker)
    assert client.get("/cases/").status_code == 200
    client.post(reverse("lists:begin", args=[view.pk]))
    assert client.get("/cases/")["Location"] == "/cases/?urgency=U0"
    assert client.get("/cases/?view=all").status_code == 200
    assert desk(colleague).get("/cases/").status_code == 200
    client.post(reverse("lists:begin_without", args=[view.pk]))
    assert client.get("/cases/").status_code == 200
    assert not DefaultView.objects.exists()


def test_one_list_begins_with_one_view(worker: User) -> None:
    first, second = a_view(worker), a_view(worker, query="due=late")
    actions.begin_with_view(first, by=worker)
    actions.begin_with_view(second, by=worker)
    assert desk(worker).get("/cases/")["Location"] == "/cases/?due=late"
    actions.begin_without_view(second, by=worker)
    assert desk(worker).get("/cases/").status_code == 200
    actions.begin_with_view(second, by=worker)
    actions.delete_view(second, by=worker)
    assert desk(worker).get("/cases/").status_code == 200
    renamed = actions.rename_view(first, name="Mine", by=worker)
    [view] = saved.open_views([as_read(renamed, worker)], worker)
    assert view.name == "Mine"


def test_a_view_whose_value_is_gone_says_so_and_opens(
    worker: User, supervisor: User, colleague: User
) -> None:
    query = f"worker={colleague.pk}&urgency=U2"
    view = a_view(supervisor, code="team", query=query)
    given.make_case(worked_on_by=worker, identity_name="Still there")
    Membership.objects.filter(user=colleague).update(ended_at=timezone.now())
    page = desk(supervisor).get(saved.build_address(view))
    assert "not applied: <bdi>Worker</bdi>" in page.content.decode()
    assert "Still there" in text_of(page)


def test_there_are_at_most_twenty(worker: User, team: Team) -> None:
    for _n in range(MOST_VIEWS):
        a_view(worker)
    with pytest.raises(Refused, match="20 saved views"):
        a_view(worker)
    a_view(worker, team=team)
    assert SavedView.objects.count() == MOST_VIEWS + 1


def test_a_name_is_asked_for_and_nothing_is_lost(worker: User) -> None:
    said = {"list": "mine", "query": "urgency=U0", "name": "", "begin": "on"}
    answer = desk(worker).post(reverse("lists:save"), said | make_form_key())
    assert answer.status_code == 422
    assert 'name="query" value="urgency=U0"' in answer.content.decode()


def test_the_page_of_views_names_each_and_what_can_be_done(
    worker: User, colleague: User, team: Team
) -> None:
    assert "You have no saved views" in shown(worker, "lists:views")
    a_view(worker)
    assert NAME in shown(worker, "lists:views")
    a_view(worker, team=team)
    page = desk(colleague).get(reverse("lists:views")).content.decode()
    assert page.count("<bdi>Zubaida") == 1
    assert "/name/" not in page

"""Lists of cases: filtered, sorted, turned page by page, never wider than a rule."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Case, Urgency
from amana.care.cases.tests.pages import text_of
from amana.design.directory.taxonomy import ServiceType
from amana.trust.access.models import Membership
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

pytestmark = pytest.mark.django_db
SH, LG = ServiceType.SH2, ServiceType.LG1


def to(name, query=""):
    return reverse(f"cases:{name}") + query


def names(client, url):
    """The names in a list, in their order."""
    page = client.get(url).content.decode()
    return re.findall(r'<a href="/cases/[0-9a-f-]{36}/"><bdi>([^<]+)</bdi>', page)


def a_case(worker, name, *, urgency="U2", hours=24, need=SH, days=0):
    """A case whose next step is due in so many hours; opened so many days ago."""
    case = given.make_case(
        worked_on_by=worker,
        identity_name=name,
        needs=[StatedNeed(need, Urgency.U2, "")],
    )
    now = timezone.now()
    Case.objects.filter(pk=case.pk).update(
        urgency=urgency,
        due_at=now + timedelta(hours=hours),
        opened_at=now - timedelta(days=days),
    )
    return case


@pytest.fixture
def desk(worker):
    return given.sign_in(worker)


@pytest.fixture
def four(worker):
    return [
        a_case(worker, "Routine", urgency="U3", hours=-30, days=40),
        a_case(worker, "Medium", hours=200, need=LG, days=10),
        a_case(worker, "High", urgency="U1", hours=-2, days=2),
        a_case(worker, "Emergency", urgency="U0", hours=12),
    ]


# --- order


def test_urgency_and_lateness_together_are_the_usual_order(desk, four):
    usual = ["Emergency", "High", "Medium", "Routine"]
    assert names(desk, to("mine")) == usual
    assert names(desk, to("mine", "?sort=-rank")) == usual[::-1]


def test_a_list_is_sorted_by_deadline_and_by_age(desk, four):
    by_deadline = ["Routine", "High", "Emergency", "Medium"]
    assert names(desk, to("mine", "?sort=deadline")) == by_deadline
    assert names(desk, to("mine", "?sort=-deadline")) == by_deadline[::-1]
    by_age = ["Emergency", "High", "Medium", "Routine"]
    assert names(desk, to("mine", "?sort=opened")) == by_age
    assert names(desk, to("mine", "?sort=-opened")) == by_age[::-1]


def test_a_heading_says_how_the_list_is_sorted_and_turns_it(desk, four):
    page = desk.get(to("mine", "?sort=deadline&urgency=U1")).content.decode()
    assert page.count("aria-sort") == 1
    assert (
        'aria-sort="ascending"><a href="/cases/?urgency=U1&amp;sort=-deadline"' in page
    )
    page = desk.get(to("mine", "?sort=opened")).content.decode()
    assert 'aria-sort="descending"' in page
    page = desk.get(to("mine", "?sort=-opened")).content.decode()
    assert '<option value="-opened" selected>' in page  # a filter chosen next keeps it


def test_nothing_sealed_can_be_sorted_by(desk, four):
    usual = names(desk, to("mine"))
    for column in ("name", "identity.name", "card", "reference", "pk"):
        assert names(desk, to("mine", f"?sort={column}")) == usual


# --- filters


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("urgency=U0&urgency=U1", ["Emergency", "High"]),
        ("due=late", ["High", "Routine"]),
        ("due=day", ["Emergency"]),
        ("due=week", ["Emergency"]),
        ("need=LG", ["Medium"]),
        ("need=SH", ["Emergency", "High", "Routine"]),
        ("need=SH&urgency=U3", ["Routine"]),
        ("opened=day", ["Emergency"]),
        ("opened=week", ["Emergency", "High"]),
        ("opened=month", ["Emergency", "High", "Medium"]),
        ("opened=older", ["Routine"]),
        ("next=review", []),
        ("due=late&due=day", ["High", "Routine"]),
    ],
)
def test_filters_find_what_fits_all_of_them(desk, four, query, found):
    assert names(desk, to("mine", f"?{query}")) == found


def test_what_is_filtered_is_said_and_each_filter_can_be_removed(desk, four):
    response = desk.get(to("mine", "?urgency=U0&urgency=U1&due=late&sort=deadline"))
    assert "Filtered by" in text_of(response)
    chips = re.findall(r'class="chip" href="([^"]+)"', response.content.decode())
    assert chips == [
        "/cases/?urgency=U1&amp;due=late&amp;sort=deadline",
        "/cases/?urgency=U0&amp;due=late&amp;sort=deadline",
        "/cases/?urgency=U0&amp;urgency=U1&amp;sort=deadline",
    ]
    assert "Filtered by" not in text_of(desk.get(to("mine")))


def test_a_list_that_nothing_fits_says_so_and_how_to_clear_it(desk, four):
    response = desk.get(to("mine", "?need=ED"))
    assert "No cases match these filters" in text_of(response)
    assert 'href="/cases/?view=all"' in response.content.decode()


def test_htmx_gets_the_list_alone_and_the_same_rows(desk, four):
    response = desk.get(to("mine", "?due=late"), headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith('<div id="list"')
    assert "High" in text_of(response)
    assert "Emergency" not in text_of(response)


def test_pages_keep_what_the_list_is_filtered_and_sorted_by(desk, worker):
    for n in range(27):
        a_case(worker, f"Person {n:02}", urgency="U1", hours=n + 1)
    a_case(worker, "Another", urgency="U3")
    first = desk.get(to("mine", "?urgency=U1&sort=-deadline")).content.decode()
    [following] = re.findall(r'rel="next" href="([^"]+)"', first)
    assert "urgency=U1&amp;sort=-deadline&amp;after=" in following
    rest = names(desk, to("mine", following.replace("&amp;", "&")))
    assert rest == ["Person 01", "Person 00"]


def test_what_is_not_offered_is_not_used_and_never_repeated(desk, four):
    everybody = names(desk, to("mine"))
    for said in ("Zubaida", "U9", "'; DROP TABLE", "1"):
        response = desk.get(to("mine"), {"urgency": said, "need": said, "worker": said})
        body = response.content.decode()
        form = body[body.index('<form class="facets') : body.index("</form>", 5_000)]
        assert said not in form or said == "1"
        assert "not applied: <bdi>Urgency</bdi>, <bdi>Need</bdi>." in body
        assert names(desk, to("mine", f"?urgency={said}")) == everybody


def test_the_closed_list_has_its_own_filters(desk, worker, supervisor):
    case = a_case(worker, "Done", need=LG)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    a_case(worker, "Still open")
    assert names(desk, to("mine", "?closed=1")) == ["Done"]
    assert names(desk, to("mine", "?closed=1&ended=day")) == ["Done"]
    assert names(desk, to("mine", "?closed=1&urgency=U0")) == []
    page = desk.get(to("mine", "?closed=1&urgency=U0")).content.decode()
    assert 'href="/cases/?closed=1&amp;view=all"' in page


# --- what a list may tell


def test_a_filter_never_shows_what_the_rule_does_not(worker, colleague, stranger, four):
    queries = ("", "?urgency=U0", "?due=late", "?need=SH", "?sort=-deadline")
    for query in queries:  # each has been kept for who sees something by it
        assert names(given.sign_in(worker), to("mine", query))
        assert names(given.sign_in(colleague), to("mine", query)) == []
        assert names(given.sign_in(stranger), to("mine", query)) == []
        assert given.sign_in(stranger).get(to("team", query)).status_code == 404


def test_whoever_left_the_team_sees_no_case_whatever_they_filter(worker, four):
    Membership.objects.filter(user=worker).update(ended_at=timezone.now())
    for query in ("", "?urgency=U0", "?due=late", "?sort=-opened"):
        assert names(given.sign_in(worker), to("mine", query)) == []


def test_a_restricted_case_is_in_no_filtered_list_of_its_supervisor(
    worker, colleague, supervisor, four
):
    kept = four[3]
    actions.restrict(Case.objects.get(pk=kept.pk), people=[worker], by=worker)
    desk = given.sign_in(supervisor)
    worked = f"&worker={worker.pk}"
    for query in (
        "?",
        "?urgency=U0",
        "?due=day",
        "?need=SH",
        f"?{worked}",
        "?sort=rank",
    ):
        assert "Emergency" not in names(desk, to("team", query))
    assert "Emergency" in names(given.sign_in(worker), to("mine", "?urgency=U0"))


def test_a_supervisor_filters_by_worker_and_is_offered_the_own_team_alone(
    worker, colleague, supervisor, stranger, four
):
    a_case(colleague, "Of a colleague")
    desk = given.sign_in(supervisor)
    assert names(desk, to("team", f"?worker={colleague.pk}")) == ["Of a colleague"]
    assert len(names(desk, to("team", f"?worker={worker.pk}"))) == 4
    response = desk.get(to("team", f"?worker={stranger.pk}"))
    assert "not applied: Worker" in text_of(response)
    [choice] = re.findall(
        r'<select id="filter-worker".*?</select>', response.content.decode()
    )
    options = re.findall(r'<option value="(\d+)"', choice)
    assert set(options) == {str(u.pk) for u in (worker, colleague, supervisor)}


def test_who_has_left_is_offered_while_a_case_is_assigned_to_them(
    worker, colleague, supervisor, four
):
    Membership.objects.filter(user=worker).update(ended_at=timezone.now())
    desk = given.sign_in(supervisor)
    response = desk.get(to("team", f"?worker={worker.pk}"))
    assert f"{worker.name} (has left)" in text_of(response)
    assert len(names(desk, to("team", f"?worker={worker.pk}"))) == 4
    Membership.objects.filter(user=colleague).update(ended_at=timezone.now())
    response = desk.get(to("team", f"?worker={colleague.pk}"))
    assert "not applied: Worker" in text_of(response)


@pytest.mark.parametrize("name", ["mine", "team"])
def test_a_filtered_list_costs_the_same_for_one_case_and_for_thirty(
    worker, supervisor, name
):
    desk = given.sign_in(supervisor if name == "team" else worker)
    url = to(name, "?urgency=U1&due=week&need=SH&sort=deadline")
    a_case(worker, "One", urgency="U1", hours=2)
    assert desk.get(url).status_code == 200
    with CaptureQueriesContext(connection) as one:
        desk.get(url)
    for n in range(29):
        a_case(worker, f"Person {n}", urgency="U1", hours=3)
    with CaptureQueriesContext(connection) as thirty:
        desk.get(url)
    assert len(thirty) == len(one)


# --- several at once


def chosen(*cases, **more):
    return {
        "list": "mine",
        "pick": [case.pk.hex for case in cases],
        "do": "assign",
    } | more


def test_ticked_cases_are_assigned_each_with_its_event(desk, worker, colleague, four):
    page = text_of(desk.post(to("together"), chosen(*four[:2])))
    assert "Assign 2 cases" in page
    said = chosen(*four[:2], worker=colleague.pk, part="support") | make_form_key()
    answer = desk.post(to("assign_together"), said, follow=True)
    assert "2 cases assigned." in text_of(answer)
    assert names(given.sign_in(colleague), to("mine")) == ["Medium", "Routine"]
    assert AuditEvent.objects.filter(did="assigned").count() == 2


def test_what_is_refused_is_named_with_its_reason_and_the_rest_is_done(
    desk, worker, colleague, supervisor, four
):
    other = a_case(colleague, "Led by another")
    actions.assign(Case.objects.get(pk=other.pk), worker, by=colleague)
    said = (
        chosen(four[0], other, worker=supervisor.pk, part="support") | make_form_key()
    )
    page = text_of(desk.post(to("assign_together"), said, follow=True))
    assert "1 case assigned." in page
    assert f"Not assigned: {other.reference}. You don’t lead this case" in page
    [again] = actions.assign_together([other], supervisor, by=worker)
    assert (again.case, again.reason[:14]) == (other, "You don’t lead")
    assert four[0].assignments.filter(worker=supervisor).exists()
    assert not other.assignments.filter(worker=supervisor).exists()


def test_all_on_the_page_and_all_in_the_list_need_no_ticks(desk, worker, four):
    for n in range(24):
        a_case(worker, f"Person {n}", hours=n + 300)
    rows = [case.pk.hex for case in four]
    page = text_of(desk.post(to("together"), chosen(which="page", row=rows)))
    assert "Assign 4 cases" in page
    page = text_of(desk.post(to("together"), chosen(which="all", query="")))
    assert "Assign 28 cases" in page
    said = chosen(which="all", query="urgency=U0&urgency=U1")
    assert "Assign 2 cases" in text_of(desk.post(to("together"), said))


def test_more_sheets_than_25_wait_for_a_second_person(desk, worker, four):
    asked = desk.post(to("together"), chosen(*four, do="print"))
    page = given.confirm_export(desk, asked).content.decode()
    assert page.count("case-sheet") == 4
    assert AuditEvent.objects.filter(did="opened", purpose="print").count() == 4
    for n in range(24):
        a_case(worker, f"Person {n}")
    said = chosen(which="all", do="print")
    asked = desk.post(to("together"), said)
    assert "data of 28 people" in text_of(asked)
    assert "second person" in text_of(given.confirm_export(desk, asked))
    assert AuditEvent.objects.filter(did="opened", purpose="print").count() == 4


def test_nothing_chosen_says_so_and_strangers_choose_nothing(desk, stranger, four):
    assert desk.post(to("together"), chosen()).status_code == 422
    answer = given.sign_in(stranger).post(to("together"), chosen(*four))
    assert answer.status_code == 422
    assert "Nothing is selected" in text_of(answer)
    said = chosen(*four, which="all", list="team")
    assert given.sign_in(stranger).post(to("together"), said).status_code == 422


def test_of_a_restricted_case_a_supervisor_chooses_nothing(worker, supervisor, four):
    kept = Case.objects.get(pk=four[3].pk)
    actions.restrict(kept, people=[worker], by=worker)
    desk = given.sign_in(supervisor)
    assert desk.post(to("together"), chosen(kept)).status_code == 422
    page = text_of(desk.post(to("together"), chosen(which="all", list="team")))
    assert "Assign 3 cases" in page
    assert kept.reference not in page

"""Where a case stands, drawn: done, now and next, in words as well, at little cost."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.pathways import actions, drawn, run_history
from amana.care.pathways.models import PathwayRun
from amana.design.mechanism import line, version_contents

MOST = 12_000


def stops(found):
    return {station.stop.id: station.stop for station in found.stations}


def again(course):
    return PathwayRun.objects.for_page().get(pk=course.pk)


def test_what_is_due_is_now_with_its_clock_and_who_does_it(course):
    found = stops(drawn.draw_nearby(again(course)))
    assert found["meet"].state == "now"
    assert found["meet"].status.startswith("due in")
    assert found["meet"].who
    assert found["meet"].url == reverse("pathways:step", args=[course.pk, "meet"])
    assert "next" in {stop.state for stop in found.values()}


def test_what_was_done_is_behind_and_leads_to_what_is_due(course, worker):
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    found = stops(drawn.draw_nearby(again(course)))
    assert found["meet"].state == "done"
    assert found["meet"].status.startswith("Done ")
    now = {id for id, stop in found.items() if stop.state == "now"}
    assert now == set(again(course).dues.values_list("key", flat=True))


def test_what_is_late_says_so(course):
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        (now,) = (
            stop
            for stop in stops(drawn.draw_nearby(again(course))).values()
            if stop.late
        )
    assert "late" in now.status


def test_the_whole_pathway_has_each_step_once_with_the_same_states(course, worker):
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    this = again(course)
    near = {i: s.state for i, s in stops(drawn.draw_nearby(this)).items() if s.state}
    found = drawn.draw_whole(this)
    states = {
        station.stop.id: station.stop.state
        for drawing in found
        for station in drawing.stations
    }
    assert near.items() <= states.items()
    within = {
        id
        for part in ("", *this.version.pack.pathway.parts)
        for id in line.build_graph(
            version_contents.read_outline(this.version), {}, part
        ).within
    }
    assert within == set(this.version.pack.pathway.steps)


def test_the_case_page_draws_it_in_one_light_stretch(course, case, worker):
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    found = drawn.draw_nearby(again(course))
    assert len(found.stretches) == 1
    html = render_to_string("mechanism/line.html", {"line": found, "of_case": True})
    assert len(html.encode()) < MOST
    page = given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    shown = page.content.decode()
    assert 'aria-current="step"' in shown
    assert "mechanism/line" in shown


def test_it_costs_one_query_more(course):
    this = again(course)
    drawn.draw_nearby(this)
    this = again(course)
    run_history.get_told(this)
    with CaptureQueriesContext(connection) as queries:
        drawn.draw_nearby(this)
    assert len(queries) <= 1


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_full_pathway_is_read_in_each_language(course, worker, language):
    url = reverse("pathways:course", args=[course.pk])
    page = given.sign_in(worker).get(url, headers={"accept-language": language})
    assert page.status_code == 200
    assert 'class="line"' in page.content.decode()

"""What the database itself sees to, and what is brought at once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from amana import given
from amana.care.pathways import bringing
from amana.care.pathways.models import OpenTask, PathwayEvent, PathwayRun
from amana.design.pathway.run_events import EventKind
from amana.design.pathway.run_events import RunEvent as Told
from amana.errors import Refused
from amana.trust.access.rules import Denied


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_a_fact_stays_as_it_was_written(course):
    facts = PathwayEvent.objects.filter(course=course)
    refused(lambda: facts.update(reason="mistake"))
    refused(lambda: facts.delete())
    assert facts.get().reason == ""


def test_facts_go_only_with_a_closed_case(course, case):
    case.closed_at = timezone.now()
    case.save()
    course.facts.all().delete()
    assert not PathwayEvent.objects.exists()


def test_two_facts_never_have_one_number(course):
    with pytest.raises(IntegrityError), transaction.atomic():
        PathwayEvent.objects.create(
            course=course, number=0, kind="done", at=timezone.now()
        )


def test_ways_are_brought_whole_or_not_at_all(worker, stranger, request):
    cases = [given.make_case(worked_on_by=worker) for _ in range(2)]
    version = request.getfixturevalue("mechanism")
    began = timezone.now() - timedelta(days=2)
    start = Told(EventKind.START, began, data={"age_group": "adult", "urgency": "U2"})
    met = Told(
        EventKind.DONE,
        began + timedelta(hours=1),
        "meet",
        data={"agrees": "yes"},
        role="responder",
    )
    told = [(cases[0], [start]), (cases[1], [start, met])]
    with pytest.raises(Denied):
        bringing.bring_histories(told, version=version, by=stranger)
    with pytest.raises(Refused, match=r"no\. 2"):
        bringing.bring_histories(
            [told[0], (cases[1], [met])], version=version, by=worker
        )
    assert not PathwayRun.objects.exists()

    assert bringing.bring_histories(told, version=version, by=worker) == 3

    assert sorted(OpenTask.objects.values_list("key", flat=True)) == [
        "meet",
        "register",
    ]
    due = OpenTask.objects.get(key="meet")
    assert due.since == began

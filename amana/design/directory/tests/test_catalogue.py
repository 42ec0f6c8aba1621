"""What is kept in memory is what the database has, and matching shows it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from amana import given
from amana.design.directory import actions, catalogue
from amana.design.directory.matching import MatchRule, Person, Point, build_need
from amana.design.directory.models import Change, Service
from amana.design.directory.models.changes import record_change


def someone(**known) -> Person:
    made: dict[str, Any] = {"needs": (build_need("SH2"),), "at": timezone.now()}
    return Person(**made | known)


def found(user, **known) -> list[int]:
    answer = catalogue.match_for_person(someone(**known), user=user)
    return [suggestion.service.pk for suggestion in answer.eligible]


def test_a_change_is_seen_by_the_next_question(team, focal_point):
    service = given.make_service(of=team)
    assert found(focal_point) == [service.pk]

    actions.report_places(service, 0, by=focal_point)
    assert found(focal_point) == []

    actions.report_places(service, 2, by=focal_point)
    other = given.make_service(of=team)
    assert set(found(focal_point)) == {service.pk, other.pk}


def test_what_was_rolled_back_is_forgotten(team, focal_point):
    service = given.make_service(of=team)
    with transaction.atomic():
        actions.report_places(service, 0, by=focal_point)
        assert found(focal_point) == []
        transaction.set_rollback(True)
    service.refresh_from_db()
    actions.verify_service(service, by=focal_point)
    assert found(focal_point) == [service.pk]


def test_a_change_that_could_not_be_read_is_read_by_the_next_question(
    team, focal_point, monkeypatch
):
    """A worker whose query failed once must not keep a place that is secret now."""
    service = given.make_service(of=team)
    assert found(focal_point) == [service.pk]
    actions.report_places(service, 0, by=focal_point)

    def fail(service):
        raise OperationalError

    with monkeypatch.context() as lost:
        lost.setattr(catalogue, "build_offer", fail)
        with pytest.raises(OperationalError):
            found(focal_point)
    assert found(focal_point) == []


def test_a_change_of_everything_reads_everything(team, focal_point):
    service = given.make_service(of=team)
    assert found(focal_point) == [service.pk]
    Service.objects.update(status=Service.Status.ENDED)
    assert found(focal_point) == [service.pk]
    record_change()
    assert found(focal_point) == []


def test_changes_that_are_forgotten_are_read_anew(team, focal_point):
    service = given.make_service(of=team)
    assert found(focal_point) == [service.pk]
    actions.pause_service(service, by=focal_point)
    Change.objects.exclude(number=Change.objects.latest("number").number).delete()
    assert found(focal_point) == []


def test_matching_asks_the_database_as_often_for_one_as_for_thirty(
    team, focal_point, django_assert_num_queries
):
    given.make_service(of=team)
    found(focal_point)
    with django_assert_num_queries(3):
        assert len(found(focal_point)) == 1
    for _ in range(29):
        given.make_service(of=team)
    found(focal_point)
    with django_assert_num_queries(3):
        answer = catalogue.match_for_person(someone(), user=focal_point, shown=30)
        names = [s.service.organisation.name for s in answer.eligible]
    assert len(names) == 30


def test_a_restricted_service_is_no_answer_for_others(team, outsider, worker):
    hidden = given.make_service(of=team, visibility=Service.Visibility.RESTRICTED)
    assert found(worker) == [hidden.pk]
    answer = catalogue.match_for_person(someone(), user=outsider)
    assert answer.answer.candidates == 0


def test_the_distance_to_a_hidden_place_is_that_to_its_area(team, worker):
    country = given.make_area()
    region = given.make_area(above=country, lat=9.0, lon=-25.0)
    given.make_service(
        of=team, hidden=True, area=region, address="17 Almond Street", lat=9.4, lon=-25
    )
    near = someone(place=Point(9.4, -25.0), within_km=100)
    answer = catalogue.match_for_person(near, user=worker)
    assert answer.eligible[0].match.km == pytest.approx(44.5, abs=0.1)


def test_where_only_the_country_is_known_distance_is_a_question(team, worker):
    given.make_service(of=team, area=given.make_area())
    answer = catalogue.match_for_person(
        someone(place=Point(9, -25), within_km=10), user=worker
    )
    assert [q.reason for q in answer.eligible[0].match.ask] == [MatchRule.TOO_FAR]


def test_a_service_of_a_region_serves_its_districts(team, worker):
    country = given.make_area()
    region = given.make_area(above=country)
    district = given.make_area(above=region)
    elsewhere = given.make_area(above=country)
    service = given.make_service(of=team, coverage=[region.code])
    assert found(worker, area=district.code) == [service.pk]
    assert found(worker, area=elsewhere.code) == []


def test_funding_that_ended_excludes(team, worker):
    yesterday = timezone.localdate() - timedelta(days=2)
    given.make_service(of=team, funded_until=yesterday)
    answer = catalogue.match_for_person(someone(), user=worker)
    assert answer.near_misses[0].match.against == (MatchRule.FUNDING,)

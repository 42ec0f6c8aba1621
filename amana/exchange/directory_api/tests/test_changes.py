"""What changed since, and what is given no more; what has not changed is not sent."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from amana import given
from amana.design.directory import actions as directory_actions
from amana.design.directory.models import Area, Change, Service
from amana.design.directory.models.changes import record_change
from amana.exchange.directory_api import publication
from amana.exchange.directory_api.models import (
    Audience,
    PublicationState,
    PublishedPlace,
    PublishedService,
)
from amana.exchange.directory_api.tests.conftest import list_names, read_lines
from amana.exchange.hsds.writing import build_id
from amana.trust.access.models import Role

BEFORE, AFTER = "2026-11-30T12:00:00Z", "2026-12-01T12:00:00Z"


@pytest.fixture(autouse=True)
def clock():
    """Everything before was given out on the last day of November."""
    with time_machine.travel(datetime(2026, 11, 30, 8, tzinfo=UTC)) as traveller:
        yield traveller


@pytest.fixture
def pulled(ask, directory, clock, secret):
    """All was pulled, by everyone; now it is a day later."""
    assert len(list_names(ask("services"))) == 1
    assert len(list_names(ask("services", key=secret))) == 3
    clock.move_to(datetime(2026, 12, 1, 8, tzinfo=UTC))
    return directory


def changed(ask, key: str = "") -> list[tuple[str, str]]:
    answer = ask("services", modified_after=BEFORE, key=key)
    return [(r["name"], r["status"]) for r in answer.json()["contents"]]


def test_nothing_changed_is_an_empty_answer(ask, pulled):
    assert changed(ask) == []


def test_a_change_is_told_and_a_later_question_has_it_no_more(ask, pulled, keeper):
    directory_actions.change_service(pulled[0], name="Clinic", by=keeper)

    assert changed(ask) == [("Clinic", "active")]
    assert list_names(ask("services", modified_after=AFTER)) == []


@pytest.mark.parametrize("act", ["pause_service", "move", "verify_service", "rename"])
def test_whatever_changes_what_is_given_is_a_change(ask, pulled, keeper, secret, act):
    """A pause, a check and the name of an area have no time of change of their own."""
    clinic = pulled[0]
    if act == "move":
        other = given.make_team(of=clinic.organisation, name="Night team")
        given.join_team(keeper, other, role=Role.FOCAL_POINT)
        directory_actions.move_service(clinic, to=other, by=keeper)
        assert changed(ask, secret) == []  # which team answers is not given
        return
    if act == "rename":
        Area.objects.filter(pk=clinic.area_id).update(names={"en": "Harbour District"})
        record_change()
    else:
        getattr(directory_actions, act)(clinic, by=keeper)
    assert [name for name, _status in changed(ask, secret)] == [clinic.name]
    shown = "No longer listed" if act == "pause_service" else clinic.name
    assert [name for name, _status in changed(ask)] == [shown]


def test_what_ended_is_defunct_and_leaves_no_words(ask, pulled, keeper, secret):
    clinic = pulled[0]
    directory_actions.end_service(clinic, by=keeper)

    gone = [("No longer listed", "defunct")]
    assert changed(ask) == changed(ask, secret) == gone
    one = ask(f"services/{build_id('service', clinic.pk)}").json()
    assert set(one) == {"id", "name", "status", "last_modified"}
    assert list_names(ask("services")) == []


def test_what_became_internal_is_withdrawn_from_those_who_had_it(
    ask, pulled, keeper, secret
):
    clinic = pulled[0]
    directory_actions.change_service(clinic, visibility="network", by=keeper)

    assert changed(ask) == [("No longer listed", "defunct")]
    assert changed(ask, secret) == []
    directory_actions.change_service(clinic, visibility="restricted", by=keeper)
    assert changed(ask, secret) == [("No longer listed", "defunct")]


def test_what_was_never_given_out_ends_unseen(ask, pulled, secret):
    _clinic, _house, shared, inner = pulled
    for service in (shared, inner):
        by = given.make_worker(of=service.team, role=Role.FOCAL_POINT)
        directory_actions.end_service(service, by=by)

    assert changed(ask) == []
    assert changed(ask, secret) == [("No longer listed", "defunct")]
    for key in ("", secret):
        address = f"services/{build_id('service', inner.pk)}"
        assert ask(address, key=key).status_code == 404
    assert not PublishedService.objects.filter(service=inner.pk).exists()


def test_what_is_deleted_is_withdrawn(ask, pulled, coordinator):
    clinic = pulled[0]
    was = build_id("service", clinic.pk)
    directory_actions.remove_imported_services([clinic.pk], by=coordinator)
    assert not Service.objects.filter(pk=clinic.pk).exists()

    [record] = ask("services", modified_after=BEFORE).json()["contents"]
    assert (record["id"], record["status"]) == (was, "defunct")


def test_what_is_listed_again_is_active_again(ask, pulled, keeper):
    clinic = pulled[0]
    directory_actions.end_service(clinic, by=keeper)
    assert changed(ask)[0][1] == "defunct"
    directory_actions.resume_service(clinic, by=keeper)
    assert changed(ask) == [(clinic.name, "active")]


def test_a_filter_keeps_no_withdrawal_from_a_program(ask, pulled, keeper):
    directory_actions.end_service(pulled[0], by=keeper)
    said = {"modified_after": BEFORE, "search": "doctors"}

    assert list_names(ask("services", **said)) == ["No longer listed"]
    lines = read_lines(ask("services", format="ndjson", minimal="true", **said))
    assert [line["status"] for line in lines] == ["defunct"]


def test_a_count_of_beds_changes_nothing_for_those_who_do_not_get_it(
    ask, pulled, keeper, secret
):
    """When a bed was taken is when someone came."""
    clinic, house, _shared, _inner = pulled
    for service in (clinic, house):
        directory_actions.report_places(service, 1, by=keeper)

    assert changed(ask) == []
    assert changed(ask, secret) == [(clinic.name, "active")]
    one = f"services/{build_id('service', clinic.pk)}"
    assert "capacities" not in ask(one).json()
    assert ask(one, key=secret).json()["capacities"][0]["available"] == 1
    hidden = f"services/{build_id('service', house.pk)}"
    assert "capacities" not in ask(hidden, key=secret).json()


def test_of_a_secret_address_the_hour_of_a_change_is_not_told(
    ask, pulled, keeper, secret
):
    directory_actions.change_service(pulled[1], description="Warm.", by=keeper)
    answer = ask("services", modified_after=BEFORE, key=secret)
    [record] = answer.json()["contents"]
    assert record["last_modified"] == "2026-12-01T00:00:00Z"


def test_a_place_that_becomes_secret_is_gone_in_the_same_moment(
    ask, pulled, keeper, secret
):
    clinic = pulled[0]
    assert PublishedPlace.objects.filter(service=clinic.pk).count() == 2

    directory_actions.change_service(clinic, hidden=True, by=keeper)
    # Before any program has asked.
    assert not PublishedPlace.objects.filter(service=clinic.pk).exists()
    assert ask("service_at_locations").json()["empty"]
    said = {"modified_after": BEFORE, "full": "true"}
    [record] = ask("services", key=secret, **said).json()["contents"]
    assert record["name"] == clinic.name
    assert "service_at_locations" not in record
    assert changed(ask) == [("No longer listed", "defunct")]


# --- the register


def test_times_never_go_back_with_the_clock(ask, pulled, keeper, clock):
    clock.move_to(datetime(2026, 11, 1, tzinfo=UTC))
    directory_actions.change_service(pulled[0], name="Clinic", by=keeper)
    [record] = ask("services", search="Clinic").json()["contents"]
    last = "2026-11-30T08:00:00"
    assert record["last_modified"] > last


def test_a_history_that_was_forgotten_is_read_anew(ask, pulled, keeper, secret):
    directory_actions.change_service(pulled[0], name="Clinic", by=keeper)
    directory_actions.end_service(pulled[1], by=keeper)
    Change.objects.filter(number__lt=Change.objects.latest("number").number).delete()

    both = [("Clinic", "active"), ("No longer listed", "defunct")]
    assert changed(ask, secret) == changed(ask, secret) == both


def test_another_program_reads_all_anew_and_same_text_is_no_change(
    ask, pulled, monkeypatch
):
    monkeypatch.setattr(publication, "get_program", lambda: "a newer one")
    assert changed(ask) == []
    assert PublicationState.objects.get().written_by == "a newer one"


def test_work_of_many_requests_goes_on_where_one_stopped(
    ask, pulled, keeper, monkeypatch
):
    monkeypatch.setattr(publication, "BATCH", 1)
    monkeypatch.setattr(publication, "PATIENCE", -1.0)
    monkeypatch.setattr(publication, "get_program", lambda: "a newer one")
    directory_actions.change_service(pulled[0], name="Clinic", by=keeper)
    answers = [ask("services", modified_after=BEFORE) for _try in range(7)]

    first, last = answers[0], answers[-1]
    assert first.status_code == 503
    assert first.headers["Retry-After"] == "5"
    assert "ask" not in first.json()["detail"] or first.json()["detail"]
    assert list_names(last) == ["Clinic"]


def test_rows_are_equal_to_what_everything_read_anew_would_be(ask, pulled, keeper):
    clinic, house, _shared, inner = pulled
    directory_actions.change_service(clinic, name="Clinic", by=keeper)
    directory_actions.end_service(house, by=keeper)
    inner_keeper = given.make_worker(of=inner.team, role=Role.FOCAL_POINT)
    directory_actions.change_service(inner, visibility="public", by=inner_keeper)
    ask("services")
    followed = rows()

    PublicationState.objects.update(number=0, stamp=1, read_to=0)
    ask("services")
    assert rows() == followed
    assert len(followed) == 6


def rows():
    fields = "audience", "service", "digest", "modified_at", "withdrawn_at"
    return list(PublishedService.objects.order_by("pk").values_list(*fields)[:20])


def test_a_question_when_nothing_changed_writes_nothing(ask, pulled):
    ask("services")
    with CaughtWrites() as writes:
        publication.bring_up_to_date()
    assert writes.found == []


class CaughtWrites:
    def __enter__(self):
        self.found: list[str] = []
        self.wrapper = connection.execute_wrapper(self.note)
        self.wrapper.__enter__()
        return self

    def note(self, execute, sql, params, many, context):
        if not sql.startswith("SELECT"):
            self.found.append(sql)
        return execute(sql, params, many, context)

    def __exit__(self, *error):
        self.wrapper.__exit__(*error)


# --- what has not changed is not sent


@pytest.mark.parametrize(
    "path",
    ["", "openapi.json", "services", "organizations", "taxonomy_terms", "one"],
)
def test_what_a_program_has_is_not_sent_again(ask, pulled, path):
    if path == "one":
        path = f"services/{build_id('service', pulled[0].pk)}"
    first = ask(path)
    same = ask(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200
    assert same.status_code == 304
    assert same.content == b""
    assert same.headers["ETag"] == first.headers["ETag"]
    assert ask(path, headers={"If-None-Match": '"another"'}).status_code == 200


def test_by_its_time_too(ask, pulled, keeper, clock):
    first = ask("services")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert ask("services", headers=since).status_code == 304

    directory_actions.change_service(pulled[0], name="Clinic", by=keeper)
    assert ask("services", headers=since).status_code == 200
    # In the second of a change it tells no time: another change may follow in it.
    assert "Last-Modified" not in ask("services").headers
    clock.shift(timedelta(seconds=3))
    assert "Last-Modified" in ask("services").headers


def test_an_etag_is_of_one_audience_one_address_and_one_state(
    ask, pulled, keeper, secret
):
    tags = [
        ask("services").headers["ETag"],
        ask("services", key=secret).headers["ETag"],
        ask("services", page="2").headers["ETag"],
        ask("organizations").headers["ETag"],
    ]
    directory_actions.change_service(pulled[0], name="Clinic", by=keeper)
    tags.append(ask("services").headers["ETag"])
    assert len(set(tags)) == 5


def test_one_service_keeps_its_etag_when_another_changes(ask, pulled, keeper, secret):
    clinic, house, _shared, _inner = pulled
    address = f"services/{build_id('service', house.pk)}"
    before = ask(address, key=secret).headers["ETag"]
    directory_actions.change_service(clinic, name="Clinic", by=keeper)
    assert ask(address, key=secret).headers["ETag"] == before


def test_head_answers_like_get_without_a_body(client, pulled):
    whole = client.get("/api/hsds/v3/services")
    head = client.head("/api/hsds/v3/services")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_a_key_is_asked_for_another_audience(pulled):
    last = publication.get_last_modified(Audience.NETWORK)
    assert last is not None
    assert last < timezone.now()

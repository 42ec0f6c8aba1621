"""Duplicates are found, merged and undone; a service is taken out, with an answer."""

import random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.design.directory import actions, duplicates
from amana.design.directory.duplicates import ComparedService, compare_services
from amana.design.directory.models import Delisting, DuplicateDecision, Service
from amana.errors import Changed, Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from tests.worlds import kept

from .importing import import_one
from .service_pages import html_of, page, send_form

HOUSE: dict[str, Any] = {
    "name": "Maison de l'Espoir",
    "types": ["SH2"],
    "phone": "+962 6 555 0101",
}


def take_in(team, by, origin, **fields):
    return import_one(team, origin=origin, origin_id="1", by=by, **HOUSE | fields)


AS_ANOTHER_HAS_IT = {"name": "Maison de l’espoir", "phone": "06 555 0101"}


@kept
def pair(team, coordinator):
    second = given.make_team(of=given.make_organisation(name="Espoir"))
    return [
        take_in(team, coordinator, "map"),
        take_in(
            second, coordinator, "sheet", name="Maison de l’espoir", phone="06 555 0101"
        ),
    ]


def find_pairs():
    return [(found.first, found.second) for found in duplicates.find_candidates()]


def test_two_sources_of_one_service_are_found(pair, coordinator, team):
    first, second = pair
    take_in(team, coordinator, "third", name="Another clinic", phone="")
    assert find_pairs() == [(first.pk, second.pk)]
    [found] = duplicates.find_candidates()
    assert {"name", "phone"} <= set(found.shared)


def test_two_of_one_source_are_two(pair, coordinator):
    first, _second = pair
    import_one(first.team, origin="map", origin_id="2", by=coordinator, **HOUSE)
    assert all(pair != (first.pk, first.pk + 2) for pair in find_pairs())
    origins = dict(Service.objects.values_list("pk", "origin"))
    assert all(origins[a] != origins[b] for a, b in find_pairs())


@pytest.mark.parametrize("seed", range(10))
def test_blocks_find_what_comparing_every_pair_finds(seed):
    rng = random.Random(seed)
    words = ["hope", "house", "legal", "clinic", "north"]
    services = [
        ComparedService(
            pk=pk,
            name=" ".join(rng.sample(words, rng.randint(1, 3))),
            organisation=rng.choice(words),
            phone=rng.choice(["", "55501010", "55501011"]),
            place=rng.choice([None, (31.951, 35.923), (31.952, 35.923)]),
            area=None,
            origin=rng.choice(["", "map", "sheet"]),
        )
        for pk in range(30)
    ]
    found = {(c.first, c.second) for c in compare_services(services)}
    every = {
        (a.pk, b.pk)
        for a in services
        for b in services
        if a.pk < b.pk and duplicates.compare_pair(a, b)
    }
    assert found == every


def test_merging_ends_one_and_leads_to_the_other(pair, coordinator, worker):
    first, second = pair
    actions.merge_services(second, into=first, by=coordinator)
    second.refresh_from_db()
    assert (second.status, second.merged_into) == ("ended", first)
    answer = page(worker, "service", second.pk)
    assert answer["Location"] == reverse("directory:service", args=[first.pk])
    kept_page = page(worker, "service", second.pk, query="?stay=1")
    assert "under another entry" in html_of(kept_page)
    assert find_pairs() == []


def test_a_merge_is_undone_as_it_was(pair, coordinator, focal_point):
    first, second = pair
    actions.pause_service(second, by=coordinator)
    decision = actions.merge_services(second, into=first, by=coordinator)
    with pytest.raises(Refused):
        actions.resume_service(second, by=coordinator)
    text = html_of(page(coordinator, "service", first.pk))
    assert reverse("directory:unmerge", args=[decision.pk]) in text
    assert "Merged into" not in html_of(page(focal_point, "service", first.pk))
    given.sign_in(coordinator).post(reverse("directory:unmerge", args=[decision.pk]))
    second.refresh_from_db()
    assert (second.status, second.merged_into) == ("paused", None)
    with pytest.raises(Changed):
        actions.undo_merge(decision, by=coordinator)
    actions.merge_services(second, into=first, by=coordinator)


def test_an_import_does_not_bring_a_merged_service_back(pair, coordinator):
    first, second = pair
    actions.merge_services(second, into=first, by=coordinator)
    import_one(
        second.team,
        origin="sheet",
        origin_id="1",
        by=coordinator,
        **HOUSE | {"status": "active", "phone": "7"},
    )
    second.refresh_from_db()
    assert (second.status, second.phone) == ("ended", "7")


def test_a_chain_of_merges_leads_to_its_end(pair, coordinator, team):
    first, second = pair
    third = take_in(team, coordinator, "third")
    actions.merge_services(second, into=first, by=coordinator)
    actions.merge_services(first, into=third, by=coordinator)
    answer = page(coordinator, "service", second.pk)
    assert answer["Location"] == reverse("directory:service", args=[third.pk])
    with pytest.raises(Refused):
        actions.merge_services(third, into=second, by=coordinator)
    with pytest.raises(Refused):
        actions.merge_services(third, into=third, by=coordinator)


def test_what_is_not_the_same_is_not_shown_again(pair, coordinator):
    browser = given.sign_in(coordinator)
    address = reverse("directory:duplicates")
    assert "Both have:" in html_of(browser.get(address))
    first, second = pair
    send_form(coordinator, "apart", second.pk, first.pk)
    assert not DuplicateDecision.objects.get().is_same
    assert "No services were found that look the same" in html_of(browser.get(address))
    with pytest.raises(Changed):
        actions.keep_apart(first, second, by=coordinator)


def test_only_coordinators_compare_and_merge(pair, focal_point, outsider):
    first, second = pair
    for user in (focal_point, outsider):
        with pytest.raises(Denied):
            actions.merge_services(second, into=first, by=user)
        with pytest.raises(Denied):
            actions.keep_apart(first, second, by=user)
        browser = given.sign_in(user)
        assert browser.get(reverse("directory:duplicates")).status_code == 404
        answer = send_form(user, "merge", second.pk, first.pk)
        assert answer.status_code == 404


def test_the_page_of_duplicates_merges(pair, coordinator):
    first, second = pair
    send_form(coordinator, "merge", first.pk, second.pk)
    first.refresh_from_db()
    assert first.merged_into == second


# --- taken out of the directory


@pytest.fixture
def delisting(service, coordinator):
    return actions.take_out_service(service, reason="Doors closed", by=coordinator)


def test_the_team_is_told_and_reads_the_reason(
    service, coordinator, focal_point, django_capture_on_commit_callbacks, mailoutbox
):
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.take_out_service(service, reason="Doors closed", by=coordinator)
    assert [focal_point.email] in [mail.to for mail in mailoutbox]
    assert all(service.name not in mail.body for mail in mailoutbox)
    service.refresh_from_db()
    assert service.status == "ended"
    assert "Doors closed" in html_of(page(focal_point, "service", service.pk))
    listed = html_of(page(focal_point, "verification", query="?only=taken-out"))
    assert service.name in listed


def test_others_do_not_read_the_reason(service, delisting, worker, outsider):
    for user in (worker, outsider):
        assert "Doors closed" not in html_of(page(user, "service", service.pk))
        answer = page(user, "answer_delisting", service.pk)
        assert answer.status_code == 404


def test_the_team_answers_and_the_coordinator_lists_it_again(
    service, delisting, coordinator, focal_point
):
    with pytest.raises(Refused):
        actions.resume_service(service, by=focal_point)
    with pytest.raises(Refused):
        actions.list_service_again(delisting, by=focal_point)
    send_form(focal_point, "answer_delisting", service.pk, answer="We moved")
    assert "We moved" in html_of(page(coordinator, "service", service.pk))
    given.sign_in(coordinator).post(reverse("directory:relist", args=[service.pk]))
    service.refresh_from_db()
    assert service.status == "active"
    with pytest.raises(Changed):
        actions.list_service_again(delisting, by=coordinator)
    with pytest.raises(Changed):
        actions.answer_delisting(delisting, answer="Late", by=focal_point)


def test_what_a_team_took_out_it_lists_again(service, focal_point):
    assert "reads the reason" in html_of(page(focal_point, "delist", service.pk))
    send_form(focal_point, "delist", service.pk, reason="Repairs")
    assert not Delisting.objects.get().by_coordinator
    send_form(focal_point, "relist", service.pk)
    service.refresh_from_db()
    assert service.status == "active"


def test_an_import_does_not_list_it_again(team, coordinator):
    service = take_in(team, coordinator, "map")
    actions.take_out_service(service, reason="Closed", by=coordinator)
    take_in(team, coordinator, "map", status="active")
    service.refresh_from_db()
    assert service.status == "ended"


def test_only_those_who_maintain_a_service_take_it_out(service, worker, outsider):
    for user in (worker, outsider):
        with pytest.raises(Denied):
            actions.take_out_service(service, reason="x", by=user)
        assert page(user, "delist", service.pk).status_code == 404
    assert (
        Client().get(reverse("directory:delist", args=[service.pk])).status_code == 302
    )


def test_a_second_delisting_waits_for_the_first(service, delisting, coordinator):
    assert given.make_worker(role=Role.COORDINATOR)
    with pytest.raises(Refused):
        actions.take_out_service(service, reason="Again", by=coordinator)

"""Each rule says the same for the list as for the one."""

import pytest

from amana import given
from amana.design.directory.catalogue import open_catalogue
from amana.design.directory.models import Service
from amana.design.directory.rules import (
    edit_service,
    keep_directory,
    oversee_directory,
    see_changes,
    see_hidden_address,
    see_places_taken,
    see_service,
    take_places,
    update_places,
)
from tests.worlds import kept

V = Service.Visibility


@kept
def services(team):
    return [
        given.make_service(of=of, visibility=visibility)
        for of in (team, given.make_team())
        for visibility in V
    ]


@pytest.mark.parametrize(
    "rule",
    [
        see_service,
        edit_service,
        update_places,
        take_places,
        see_hidden_address,
        see_places_taken,
        keep_directory,
        oversee_directory,
        see_changes,
    ],
)
def test_a_rule_permits_what_it_lists(rule, cast, services):
    for user in cast:
        among = set(rule.among(Service.objects.all(), user))
        assert among == {s for s in services if rule.permits(user, s)}


def test_who_sees_what(services, worker, coordinator, outsider, stranger):
    def seen_by(user):
        seen = see_service.among(Service.objects.all(), user)
        return [s in seen for s in services]

    public_and_network, restricted = [True, True], [True]
    own = public_and_network + restricted
    others = [*public_and_network, False]
    assert seen_by(worker) == own + others
    assert seen_by(coordinator) == own + own
    assert seen_by(outsider) == others + others
    assert seen_by(stranger) == [True, False, False] * 2


def test_the_catalogue_masks_what_the_rule_hides(cast, services):
    for user in cast:
        with open_catalogue() as catalogue:
            mask = catalogue.visible(user)
            shown = set(catalogue.directory["id"][mask].tolist())
        seen = see_service.among(Service.objects.all(), user)
        assert shown == set(seen.values_list("pk", flat=True))


def test_a_coordinator_never_sees_where_a_safe_house_is(team, coordinator, worker):
    house = given.make_service(of=team, hidden=True, address="17 Almond Street")
    assert see_service.permits(coordinator, house)
    assert edit_service.permits(coordinator, house)
    assert not see_hidden_address.permits(coordinator, house)
    assert see_hidden_address.permits(worker, house)


def test_when_a_place_was_taken_in_a_safe_house_its_team_alone_sees(
    team, coordinator, worker, outsider
):
    house = given.make_service(of=team, hidden=True)
    open_house = given.make_service(of=team)
    seen = {u: see_places_taken.permits(u, house) for u in (worker, coordinator)}
    assert seen == {worker: True, coordinator: False}
    assert not see_places_taken.permits(outsider, house)
    assert see_places_taken.permits(outsider, open_house)

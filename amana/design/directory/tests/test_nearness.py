"""What is near is known or asked, never assumed.

Planted fault, seen caught here: `rules.find_coming`, so that who visits without stating
where is near to everyone.
"""

import random

import pytest

from amana.design.directory.matching import (
    MatchBenefit,
    MatchRule,
    Point,
    Respondent,
    build_need,
    match_services,
)
from amana.design.directory.tests import directories, oracle
from amana.design.directory.tests.offers import an_offer, answer_to, someone


def test_who_comes_to_people_is_found_from_afar():
    person = someone(place=Point(32, 36), within_km=10, area="R1D1")
    areas = {"R1": "", "R1D1": "R1", "R2": ""}
    visits = an_offer(at=Point(33, 36), comes_to_you=True, coverage=build_need("R1"))
    stays = an_offer(id=2, at=Point(33, 36), coverage=build_need("R1"))
    elsewhere = an_offer(
        id=3, at=Point(33, 36), comes_to_you=True, coverage=build_need("R2")
    )
    answer = answer_to(person, visits, stays, elsewhere, areas=areas)
    assert answer.candidates == 1
    assert MatchBenefit.COMES_TO_YOU in answer.eligible[0].why


@pytest.mark.parametrize("seed", range(20))
def test_with_a_limit_nothing_farther_is_shown_but_what_surely_comes(seed):
    """Told by the rule alone, over what is shown of it: not by the oracle."""
    rng = random.Random(1000 + seed)
    tree, corner = directories.areas(rng), rng.choice(directories.CORNERS)
    services = [directories.a_service(rng, n, tree, corner) for n in range(1, 120)]
    by_id = {service["id"]: service for service in services}
    directory = directories.directory_of(services, tree)
    for _ in range(20):
        person = directories.a_person(rng, tree, corner) | {"within_km": 15.0}
        if person["place"] is None:
            continue
        answer = match_services(directory, directories.person_of(person), shown=200)
        for match in (*answer.eligible, *answer.unconfirmed, *answer.near_misses):
            said = by_id[match.service]
            if said["at"] is None or said["remote"]:
                continue
            if oracle.kilometres(person["place"], said["at"]) > 15:
                inside = oracle.path_up(person["area"] or "", tree)
                assert said["comes"]
                assert set(said["coverage"]) & set(inside)
                assert not said["coverage_unsure"]


def test_who_comes_to_people_without_a_word_where_is_asked_and_is_not_near():
    here = someone(place=Point(32, 36), within_km=15, area="R1")
    visits = an_offer(comes_to_you=True, visits_only=True, at=Point(33, 36))
    assert answer_to(here, visits).candidates == 0

    found = answer_to(someone(place=Point(32, 36), area="R1"), visits).eligible[0]
    assert [(q.reason, q.whom) for q in found.ask] == [
        (MatchRule.OUT_OF_AREA, Respondent.SERVICE)
    ]


def test_what_helps_from_afar_lies_nowhere():
    here = someone(place=Point(32, 36), within_km=15, area="R1")
    helpline = an_offer(comes_to_you=True, remote=True)
    assert answer_to(here, helpline).eligible[0].ask == ()
    elsewhere = an_offer(comes_to_you=True, remote=True, coverage=build_need("R2"))
    areas = {"R1": "", "R2": ""}
    answer = answer_to(here, elsewhere, areas=areas)
    assert answer.funnel == {MatchRule.OUT_OF_AREA: 1}
    far = an_offer(comes_to_you=True, remote=True, at=Point(33, 36))
    assert answer_to(here, far).fitting == 1


def test_coverage_known_in_part_asks_the_service_inside_and_excludes_outside():
    part = an_offer(coverage=build_need("R1"), coverage_unsure=True)
    areas = {"R1": "", "R2": ""}
    asked = answer_to(someone(area="R1"), part, areas=areas).eligible[0].ask
    assert [(q.reason, q.whom) for q in asked] == [
        (MatchRule.OUT_OF_AREA, Respondent.SERVICE)
    ]
    assert answer_to(someone(area="R2"), part, areas=areas).funnel == {
        MatchRule.OUT_OF_AREA: 1
    }

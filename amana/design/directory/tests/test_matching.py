"""Matching agrees with the oracle, and says what people need to read.

Planted faults, each seen caught by `test_the_oracle_agrees…` (rerun: change the line,
run this file, change it back):

1. rules.age: `oldest <= to` → `oldest < to`
2. rules.excluded_area: leave out the question for an area around an excluded one
3. rules.full: treat a stale count as a fact (`& now` dropped)
4. match.almost: leave out `bits_of(NEVER)`
5. columns.kilometres: distance on a flat map, without cos(lat)
6. columns.Codes.within: look at the first word only
7. person.treated_as: no presumption of minority
8. rank.best: the higher id first where scores are equal
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from amana.design.directory.matching import (
    Ages,
    MatchBenefit,
    MatchDrawback,
    MatchRule,
    Person,
    Point,
    Respondent,
    build_need,
    match_services,
)
from amana.design.directory.tests import directories, oracle
from amana.design.directory.tests.directories import NOW
from amana.design.directory.tests.offers import BEDS, an_offer, answer_to, someone


def short(matches) -> list[Any]:
    return [
        (
            m.service,
            [str(reason) for reason in m.against],
            [str(question.reason) for question in m.ask],
            m.score,
        )
        for m in matches
    ]


def expected(ones) -> list[Any]:
    return [(o["id"], o["against"], o["ask"], pytest.approx(o["score"])) for o in ones]


@pytest.mark.parametrize("seed", range(60))
def test_the_oracle_agrees_on_random_directories_and_people(seed):
    rng = random.Random(seed)
    tree, corner = directories.areas(rng), rng.choice(directories.CORNERS)
    size = rng.choice([0, 1, 40, 40, 200])
    services = [directories.a_service(rng, n, tree, corner) for n in range(size)]
    services += [twin | {"id": twin["id"] + size} for twin in services[:size:4]]
    rng.shuffle(services)
    services.sort(key=lambda service: service["id"] != 0)
    directory = directories.directory_of(services, tree)

    for _ in range(10):
        person, shown = directories.a_person(rng, tree, corner), rng.choice([2, 20])
        ours = match_services(directory, directories.person_of(person), shown=shown)
        theirs = oracle.answer(services, tree, person)

        assert ours.candidates == theirs["candidates"]
        assert ours.fitting == len(theirs["fits"])
        assert ours.to_confirm == len(theirs["unconfirmed"])
        assert short(ours.eligible) == expected(theirs["fits"][:shown])
        assert short(ours.unconfirmed) == expected(theirs["unconfirmed"][:shown])
        assert short(ours.full) == expected(theirs["full"][:shown])
        assert short(ours.near_misses) == expected(theirs["near"][:shown])
        assert ours.funnel == theirs["funnel"]
        assert ours.questions == theirs["questions"]
        assert {id: list(why) for id, why in ours.excluded} == theirs["excluded"]


def test_random_directories_bring_every_rule_into_play():
    """Without this, an oracle that agrees about nothing would look like one that
    agrees."""
    no, ask = set(), set()
    rng = random.Random(5)
    for _ in range(90):
        tree = directories.areas(rng)
        corner = directories.CORNERS[0]
        services = [directories.a_service(rng, n, tree, corner) for n in range(80)]
        answer = oracle.answer(services, tree, directories.a_person(rng, tree, corner))
        no |= answer["funnel"].keys()
        ask |= answer["questions"].keys()
    never_asked = {"no_referrals", "paused", "funding", "outdated", "wish"}
    never_asked |= {"excluded_organisation", "excluded_service"}
    assert no == {str(reason) for reason in MatchRule} - {"too_far"}
    assert ask == {str(reason) for reason in MatchRule} - never_asked


@pytest.mark.parametrize("seed", range(20))
def test_changed_rows_answer_like_a_directory_built_anew(seed):
    rng = random.Random(seed)
    tree, corner = directories.areas(rng), directories.CORNERS[0]
    services = [directories.a_service(rng, n, tree, corner) for n in range(30)]
    changed = directories.directory_of(services[:20], tree)
    services = [
        directories.a_service(rng, n, tree, corner) if n % 3 == 0 else service
        for n, service in enumerate(services)
    ]
    for service in services:
        changed.put(directories.offer_of(service))
    anew = directories.directory_of(services, tree)

    for _ in range(5):
        person = directories.person_of(directories.a_person(rng, tree, corner))
        one, other = match_services(changed, person), match_services(anew, person)
        assert short(one.eligible) == short(other.eligible)
        assert short(one.near_misses) == short(other.near_misses)
        assert one.funnel == other.funnel


def test_what_may_not_be_seen_is_in_no_list_and_no_count():
    rng = random.Random(3)
    tree, corner = directories.areas(rng), directories.CORNERS[0]
    services = [directories.a_service(rng, n, tree, corner) for n in range(60)]
    seen = [service for service in services if service["id"] % 2]
    person = directories.a_person(rng, tree, corner)

    directory = directories.directory_of(services, tree)
    among = directory["id"] % 2 == 1
    ours = match_services(directory, directories.person_of(person), among=among)

    theirs = oracle.answer(seen, tree, person)
    assert short(ours.eligible) == expected(theirs["fits"][:20])
    assert ours.funnel == theirs["funnel"]
    assert ours.candidates == theirs["candidates"]


def test_unknown_is_a_question_and_not_a_no():
    women = an_offer(sexes=build_need("F"))
    asked = answer_to(someone(), women).eligible[0]
    assert [(q.reason, q.whom) for q in asked.ask] == [
        (MatchRule.SEX, Respondent.PERSON)
    ]
    assert answer_to(someone(sex="F"), women).eligible[0].ask == ()
    assert answer_to(someone(sex="M"), women).funnel == {MatchRule.SEX: 1}


def test_what_the_service_has_not_said_is_asked_of_the_service():
    wheelchair = someone(access_needs=build_need("step_free"))
    asked = answer_to(wheelchair, an_offer(accessibility=None)).eligible[0].ask
    assert [(q.reason, q.whom) for q in asked] == [
        (MatchRule.ACCESS, Respondent.SERVICE)
    ]


def test_in_doubt_a_person_is_treated_as_a_child():
    adults, children = an_offer(id=1, age_min=18), an_offer(id=2, age_max=17)
    answer = answer_to(someone(ages=Ages(16, 19)), adults, children)
    assert [m.service for m in answer.eligible] == [2]
    answer = answer_to(someone(ages=Ages(20, 20), perhaps_child=True), adults, children)
    assert [m.service for m in answer.eligible] == [2]


def test_safety_and_a_refusal_are_never_near_misses():
    person = someone(
        not_organisations=frozenset({7}),
        not_services=frozenset({2}),
        not_areas=build_need("R1"),
        refuses=build_need("closed"),
    )
    answer = answer_to(
        person,
        an_offer(id=1, organisation=7, area="R2"),
        an_offer(id=2, area="R2"),
        an_offer(id=3, area="R1D1"),
        an_offer(id=4, area="R2", traits=build_need("closed")),
        an_offer(id=5, area="R2", paused=True),
        areas={"R1": "", "R1D1": "R1", "R2": ""},
    )
    assert [m.service for m in answer.near_misses] == [5]
    assert answer.excluded.why_not(3) == (MatchRule.EXCLUDED_AREA,)
    assert answer.excluded.why_not(99) == ()


def test_a_full_service_with_a_waiting_list_says_so():
    full = an_offer(counts_places=True, free=0, said_at=NOW, waiting_list=True)
    answer = answer_to(someone(), full)
    assert answer.full[0].against == (MatchRule.FULL,)
    assert MatchDrawback.WAITING_LIST in answer.full[0].but
    assert answer.eligible == answer.unconfirmed == answer.near_misses == ()


def test_children_need_places_only_where_they_take_them():
    beds = an_offer(id=1, counts_places=True, free=2, said_at=NOW)
    whole_family = an_offer(
        id=2, counts_places=True, free=2, said_at=NOW, children_take_places=True
    )
    answer = answer_to(someone(children=2), beds, whole_family)
    assert [m.service for m in answer.eligible] == [1]


OLD = NOW - timedelta(days=8)


def test_an_old_count_of_places_is_asked_again_and_never_among_what_fits():
    answer = answer_to(someone(), an_offer(counts_places=True, free=3, said_at=OLD))
    asked = answer.unconfirmed[0]
    assert [(q.reason, q.whom) for q in asked.ask] == [
        (MatchRule.FULL, Respondent.SERVICE)
    ]
    assert MatchBenefit.FREE_PLACES not in asked.why
    assert (answer.eligible, answer.fitting, answer.to_confirm) == ((), 0, 1)


def test_places_that_were_never_counted_are_asked():
    answer = answer_to(someone(), an_offer(counts_places=True))
    assert answer.unconfirmed[0].ask[0].reason is MatchRule.FULL


def test_an_old_zero_is_full_for_accepting_would_be_refused():
    answer = answer_to(someone(), an_offer(counts_places=True, free=0, said_at=OLD))
    assert [m.service for m in answer.full] == [1]
    assert answer.eligible == answer.unconfirmed == ()


@pytest.mark.parametrize(
    ("hours_ahead", "found"),
    [(0, False), (1, False), (11, True), (24, True)],
    ids=["now", "within the hour", "just by opening", "within a day"],
)
def test_closed_means_closed_until_it_has_to_be_answered(hours_ahead, found):
    """On Saturday at 21:30, a house that opens on Sunday at 8:30."""
    saturday = NOW.replace(day=28, hour=21, minute=30)
    sunday = 6 * 24 * 60
    house = an_offer(hours=frozenset({(sunday + 510, sunday + 990)}))
    person = someone(at=saturday, open_by=saturday + timedelta(hours=hours_ahead))
    assert bool(answer_to(person, house).eligible) is found


def test_what_is_open_day_and_night_is_open_in_every_minute():
    always = an_offer(hours=frozenset({(0, 7 * 24 * 60)}))
    for minute in range(0, 7 * 24 * 60, 37):
        now = NOW + timedelta(minutes=minute)
        assert answer_to(someone(at=now, open_by=now), always).fitting == 1


def test_the_hour_that_spring_leaves_out_is_open_nowhere():
    """In St. John's the clock goes from 1:59 to 3:00 on Sunday, 14 March 2027."""
    two, three = 6 * 24 * 60 + 120, 6 * 24 * 60 + 180
    gap = an_offer(hours=frozenset({(two, three)}), zone="America/St_Johns")
    after = an_offer(id=2, hours=frozenset({(three, three + 5)}), zone=gap.zone)
    now = datetime(2027, 3, 14, 5, 0, tzinfo=UTC)  # 1:30
    person = someone(at=now, open_by=now + timedelta(minutes=90))
    assert [m.service for m in answer_to(person, gap, after).eligible] == [2]


def test_a_stretch_from_sunday_into_monday_finds_what_opens_on_monday():
    monday = an_offer(hours=frozenset({(30, 60)}))
    sunday = NOW.replace(day=29, hour=23, minute=0)
    for ahead, found in ((1, 0), (2, 1)):
        person = someone(at=sunday, open_by=sunday + timedelta(hours=ahead))
        assert answer_to(person, monday).fitting == found


def test_what_is_open_by_then_cannot_be_before_now():
    with pytest.raises(ValueError, match="earlier than now"):
        someone(open_by=NOW - timedelta(minutes=1))


def test_distance_knows_no_edge_of_the_map():
    fiji = someone(place=Point(-17.8, 179.95), within_km=50)
    across = an_offer(at=Point(-17.8, -179.95))
    assert answer_to(fiji, across).eligible[0].km == pytest.approx(10.6, abs=0.1)


def test_hours_are_those_of_the_clock_on_the_wall():
    wednesday = 2 * 24 * 60
    morning = frozenset({(wednesday + 11 * 60, wednesday + 13 * 60)})
    urgent = someone(open_by=NOW)
    in_amman = an_offer(hours=morning, zone="Asia/Amman")
    in_london = an_offer(id=2, hours=morning, zone="UTC")
    answer = answer_to(urgent, in_amman, in_london)
    assert [m.service for m in answer.eligible] == [1]
    assert answer.near_misses[0].against == (MatchRule.CLOSED,)


def test_sunday_night_reaches_into_monday():
    sunday = 6 * 24 * 60
    night = frozenset({(sunday + 20 * 60, sunday + 32 * 60)})
    monday_at_5 = NOW.replace(day=23, hour=5, minute=0)
    answer = answer_to(
        someone(at=monday_at_5, open_by=monday_at_5), an_offer(hours=night)
    )
    assert answer.fitting == 1


def test_reasons_for_and_costs_stand_side_by_side():
    person = someone(
        needs=(BEDS, build_need("HE1")),
        place=Point(32, 36),
        within_km=100,
        languages=build_need("ti"),
        prefers=build_need("women_staff"),
    )
    service = an_offer(
        at=Point(32.8, 36),
        languages=build_need("ar"),
        traits=build_need("women_staff"),
        lateness=0.5,
        wait_days=0,
        funded_until=NOW.date() + timedelta(days=10),
        verify_by=NOW.date() - timedelta(days=1),
    )
    found = answer_to(person, service).eligible[0]
    assert set(found.why) == {
        MatchBenefit.NO_PLACES_COUNTED,
        MatchBenefit.ANSWERS_IN_TIME,
        MatchBenefit.NO_WAIT,
        MatchBenefit.AS_WISHED,
    }
    assert set(found.but) == {
        MatchDrawback.MEETS_SOME,
        MatchDrawback.FAR,
        MatchDrawback.INTERPRETER,
        MatchDrawback.ENDS_SOON,
        MatchDrawback.NOT_VERIFIED,
    }


def test_matching_starts_from_a_need():
    with pytest.raises(ValueError, match="starts from a need"):
        Person(needs=(), at=NOW)

"""What is found of supply and demand: each kind of gap by its own mark."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.design.directory.coverage import (
    CoverageAssumptions,
    CoverageStage,
    PopulationGroup,
)
from amana.design.directory.models import Service
from amana.design.directory.models.changes import record_change
from amana.insight.facts.models import Observation
from amana.insight.gaps import gap_view, listing, ranking
from amana.insight.gaps.demand import (
    Demand,
    DemandShare,
    ShownNumber,
    compute_byar_limit,
)
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE, Gap, GapKind
from amana.insight.gaps.ranking import RankWeights
from amana.insight.measure import actions as measure
from amana.insight.measure.engine.counting import COUNTED, OTHERS
from amana.insight.measure.engine.visible_figures import TablePage, YearTables
from amana.insight.measure.figure_years import FigureYear

ALWAYS = [[0, 7 * 1440]]
LAST_YEAR = timezone.localdate().year - 1


def facts(kind, number, *, area="R1", topic="SH2", **said):
    month = date(LAST_YEAR, 3, 1)
    Observation.objects.bulk_create(
        Observation(kind=kind, month=month, area=area, topic=topic, **said)
        for _n in range(number)
    )


def a_house(regions, **said):
    """A shelter on the coast for everybody that is verified, free and open."""
    service = given.make_service(
        **{
            "types": ["SH2"],
            "area": regions[0],
            "accessibility": ["step_free"],
            "places_total": 20,
            "places_free": 5,
            "hours": ALWAYS,
            **said,
        }
    )
    until = timezone.localdate() + timedelta(days=80)
    Service.objects.filter(pk=service.pk).update(verify_by=until)
    record_change()
    return service


def kinds(need="SH2", area="R1", **assumed) -> dict[str, GapKind]:
    found = gap_view.build_look(assumed=replace(CoverageAssumptions(), **assumed)).gaps
    at = [g for g in found if g.need.code == need and g.area in (area, EVERYWHERE)]
    return {gap.group: gap.kind for gap in at}


def test_what_nobody_offers_is_absent_in_the_whole_country(regions):
    gap = gap_view.build_look().by_key["SH2", EVERYWHERE, EVERYBODY]
    assert gap.kind == GapKind.ABSENT


def test_where_a_service_is_there_for_all_there_is_no_gap(regions):
    a_house(regions)
    assert kinds() == {}


@pytest.mark.parametrize(
    ("said", "group", "barrier"),
    [
        ({"sexes": ["female"]}, PopulationGroup.MEN, CoverageStage.TAKES_GROUP),
        ({"needs_police": True}, EVERYBODY, CoverageStage.NO_CONDITIONS),
        ({"documents": ["passport"]}, EVERYBODY, CoverageStage.NO_CONDITIONS),
        ({"costs": True}, EVERYBODY, CoverageStage.FREE_OF_CHARGE),
        ({"hours": [[480, 540]]}, EVERYBODY, CoverageStage.OPEN),
    ],
)
def test_what_keeps_people_out_is_named(regions, said, group, barrier):
    a_house(regions, **said)
    found = gap_view.build_look().gaps
    gap = next(g for g in found if g.need.code == "SH2" and g.group == group)
    assert (gap.kind, gap.barrier) == (GapKind.INACCESSIBLE, barrier)


def test_what_is_too_far_is_out_of_reach_there_alone(regions):
    a_house(regions)
    assert kinds(area="R3") == {EVERYBODY: GapKind.INACCESSIBLE}
    assert kinds(area="R2") == {}


def test_a_language_keeps_out_those_who_speak_no_other(regions):
    a_house(regions, languages=["fr"])
    assert kinds(language="fr") == {}
    assert kinds(language="ti") == {EVERYBODY: GapKind.INACCESSIBLE}


def test_places_that_are_too_few_for_the_people_in_need_are_too_little(regions):
    a_house(regions, places_total=1, places_free=1)
    facts("need", 400, result="met", sex="female", age_band="25-59")
    measure.prepare_protected_tables()
    assert kinds()[PopulationGroup.WOMEN] == GapKind.INSUFFICIENT


def test_many_needs_for_which_nothing_was_found_are_too_little(regions):
    a_house(regions)
    facts("need", 60, result="met")
    facts("need", 40, result="unmet")
    measure.prepare_protected_tables()
    assert kinds() == {EVERYBODY: GapKind.INSUFFICIENT}


def test_a_house_that_lets_nobody_out_is_unsafe(regions):
    a_house(regions, traits=["closed"])
    assert kinds() == {EVERYBODY: GapKind.UNSAFE}


def test_a_service_that_says_no_to_most_is_poor(regions):
    a_house(regions)
    facts("acceptance", 60, result="accepted")
    facts("acceptance", 140, result="declined", reason="no_capacity")
    measure.prepare_protected_tables()
    assert kinds() == {EVERYBODY: GapKind.POOR}


def test_funding_that_ends_soon_is_told_before_it_ends(regions):
    today = timezone.localdate()
    a_house(regions, funded_until=today + timedelta(days=100))
    assert kinds() == {EVERYBODY: GapKind.UNFUNDED}
    assert kinds(ends_within=90) == {}


def test_a_group_too_small_to_be_shown_has_no_number(regions):
    facts("need", 10, result="unmet")
    facts("need", 60, result="met", topic="HE2")
    measure.prepare_protected_tables()
    assert gap_view.build_look().by_key[
        "SH2", EVERYWHERE, EVERYBODY
    ].people == ShownNumber(None)


def test_an_estimate_says_that_it_is_one(regions):
    facts("need", 60, result="met", area="R1")
    facts("need", 60, result="unmet", area="R2")
    measure.prepare_protected_tables()
    demand = gap_view.build_look().demand
    assert demand.people("SH2") == ShownNumber(120)
    assert demand.people("SH2", "R1") == ShownNumber(60, estimated=True)


def test_a_sum_of_which_a_part_is_hidden_is_not_everybody():
    """Or it would seem that nothing was found for any of them."""
    page = TablePage(
        {"I26.all": [COUNTED, OTHERS], "topic": ["SH2"]},
        {"I26.all/topic": [60, None]},
        {},
        exact=False,
    )
    year = FigureYear(2025, date(2026, 1, 1), 11, YearTables({"need": page}))
    demand = Demand(year, ("R1",))
    assert demand.people("SH2") == ShownNumber(None)
    assert demand.people("SH2", unmet=True) == ShownNumber(60)


def test_an_estimate_of_few_people_is_no_more_shown_than_a_count(regions):
    facts("need", 60, result="met", area="R1")
    facts("need", 12, result="met", area="R2", topic="HE2")
    measure.prepare_protected_tables()
    assert gap_view.build_look().demand.people("SH2", "R2") == ShownNumber(
        None, estimated=True
    )


def test_the_limits_of_a_count_are_byars():
    """As tables of Poisson limits have them: 20 lies between 12.2 and 30.9."""
    assert compute_byar_limit(20, low=True) == pytest.approx(12.2, abs=0.05)
    assert compute_byar_limit(20) == pytest.approx(30.9, abs=0.05)


# --- the order


def test_what_does_not_count_changes_nothing(regions):
    look = gap_view.build_look()
    arrival = next(g for g in look.gaps if g.need.code == "SH1")
    later = next(g for g in look.gaps if g.need.code == "SH4")
    assert ranking.compute_rank(arrival).severity > ranking.compute_rank(later).severity
    only_people = RankWeights(severity=0, feasibility=0)
    assert (
        len(
            {
                r.score(only_people)
                for _g, r in ranking.sort_gaps(look.gaps, only_people)
            }
        )
        == 1
    )
    first = ranking.sort_gaps([later, arrival], RankWeights())
    assert [gap for gap, _rank in first] == [arrival, later]


def test_groups_and_areas_of_which_the_same_is_wrong_stand_in_one_row(regions):
    a_house(regions, area=regions[2], lat=12.0, lon=-25.0, sexes=["female"])
    look = gap_view.build_look()
    far = [
        g for g in look.gaps if g.need.code == "SH2" and g.barrier == CoverageStage.NEAR
    ]
    together = listing.build_rows(look, far, RankWeights(), {})
    assert [set(row.areas) for row in together] == [{"R1", "R2"}]
    apart = listing.build_rows(look, far, RankWeights(), {}, apart=True)
    assert [set(row.areas) for row in apart] == [{"R1"}, {"R2"}]
    assert isinstance(together[0].gap, Gap)


def test_a_need_that_is_counted_in_each_area_is_not_estimated():
    page = TablePage(
        {"I26.all": [COUNTED, OTHERS], "topic": ["SH2"], "area": ["R1", "R2"]},
        {"I26.all/topic/area": [15, None, 40, 20], "I26.all/topic": [20, 60]},
        {},
        exact=False,
    )
    year = FigureYear(2025, date(2026, 1, 1), 11, YearTables({"need": page}))
    demand = Demand(year, ("R1", "R2"))
    assert demand.people("SH2", "R1") == ShownNumber(55)
    assert demand.people("SH2", "R1", unmet=True) == ShownNumber(15)
    assert demand.people("SH2", "R2", unmet=True) == ShownNumber(None, estimated=True)
    assert demand.unmet_share("SH2", "R1") == DemandShare(15 / 55, here=True)
    assert demand.unmet_share("SH2", "R2") == DemandShare(20 / 80, here=False)


def test_what_an_area_hides_is_no_more_than_the_others_leave_over():
    """A quarter of 400 would be 100; but the others, which are shown, are 340."""
    page = TablePage(
        {
            **{"I26.all": [COUNTED, OTHERS], "topic": ["SH2"]},
            "area": ["R1", "R2", "R3"],
        },
        {
            "I26.all/topic": [160, 240],
            "I26.all/area": [200, 100, 100, 200, 100, 100],
            "topic/area": [300, 40, None],
            "I26.all/topic/area": [120, None, None, 180, None, None],
        },
        {},
        exact=False,
    )
    year = FigureYear(2025, date(2026, 1, 1), 11, YearTables({"need": page}))
    demand = Demand(year, ("R1", "R2", "R3"))
    assert demand.people("SH2", "R1") == ShownNumber(300)
    assert demand.people("SH2", "R2") == ShownNumber(40)
    assert demand.people("SH2", "R3") == ShownNumber(60, estimated=True)
    # of its 40, as many as in the whole country: 160 of 400
    assert demand.people("SH2", "R2", unmet=True) == ShownNumber(15, estimated=True)
    assert demand.at_least("SH2", "R2", "") == ShownNumber(40)


def test_unmet_needs_are_never_estimated_to_be_more_than_all_needs():
    """Half of 160 would be 80; but of all 400 the others leave 60 over."""
    page = TablePage(
        {
            **{"I26.all": [COUNTED, OTHERS], "topic": ["SH2"]},
            "area": ["R1", "R2"],
        },
        {
            "I26.all/topic": [160, 240],
            "I26.all/area": [100, 100, 100, 100],
            "topic/area": [340, None],
        },
        {},
        exact=False,
    )
    year = FigureYear(2025, date(2026, 1, 1), 11, YearTables({"need": page}))
    demand = Demand(year, ("R1", "R2"))
    assert demand.people("SH2", "R2") == ShownNumber(60, estimated=True)
    assert demand.people("SH2", "R2", unmet=True) == ShownNumber(60, estimated=True)

"""Where services of a file are, and coordinates that are right only when turned.

Planted faults, each seen caught here: turned coordinates that are used before a person
has decided; the first turn that fits of several; an area that is not known and no
remark; coverage in an unknown area that becomes none.
"""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.design.directory import actions as directory
from amana.design.directory import catalogue
from amana.design.directory.actions import load_areas
from amana.design.directory.area_files import plan_areas
from amana.design.directory.area_records import AreaRecord
from amana.design.directory.matching import MatchRule, Person, Point, build_need
from amana.design.directory.models import Service
from amana.design.directory.placing import Turn
from amana.errors import Refused
from amana.exchange.imports import actions
from amana.exchange.imports.actions import ReadFile, TurnDecision
from amana.exchange.imports.models import Import, ImportRow
from amana.exchange.rows import ServiceRow
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.worlds import kept


def a_square(west: float, south: float, size: float) -> dict[str, object]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@kept
def country(db: None) -> None:
    """Joria lies at 31 to 33 north and 36 to 38 east; West and East are its regions,
    and each has an Oldtown."""
    areas = [
        ("JO", "", "Joria", a_square(36, 31, 2)),
        ("JO1", "JO", "West", a_square(36, 31, 1)),
        ("JO2", "JO", "East", a_square(37, 31, 1)),
        ("JO11", "JO1", "Oldtown", a_square(36, 31, 0.5)),
        ("JO21", "JO2", "Oldtown", a_square(37, 31, 0.5)),
        ("JO12", "JO1", "Newtown", None),
    ]
    records = [
        AreaRecord(code, code, above, {"en": name}, 31.5, 36.5, shape)
        for code, above, name, shape in areas
    ]
    load_areas(plan_areas(records), by=None)


def brought(by: User, *rows: ServiceRow) -> Import:
    made = actions.record_file(ReadFile("city", rows), by=by)
    plan(made, by=by)
    return made


def plan(made: Import, *, by: User) -> None:
    while actions.plan_next_rows(made, by=by):
        pass


def a_row(number: int = 1, *, at: tuple[float, float] | None = None, **fields):
    values = {"name": f"Clinic {number}", "types": ["HE2"], **fields.pop("values", {})}
    if at:
        values |= {"lat": at[0], "lon": at[1]}
    made = {"where": f"row {number}", "origin_id": str(number), "organisation": "Port"}
    return ServiceRow(**made | {"values": values} | fields)


def taken_in(by: User, row: ServiceRow) -> tuple[Service, list[str]]:
    made = brought(by, row)
    actions.apply_import(made, by=by)
    return Service.objects.get(), made.rows.get().remarks


INSIDE = (31.2, 36.2)


def test_a_point_gives_the_smallest_area(coordinator, country):
    service, remarks = taken_in(coordinator, a_row(at=INSIDE))
    assert service.area is not None
    assert service.area.code == "JO11"
    assert remarks == []


def test_a_name_that_is_known_counts_more_than_a_point_in_it(coordinator, country):
    service, remarks = taken_in(coordinator, a_row(at=INSIDE, area="west"))
    assert service.area is not None
    assert (service.area.code, remarks) == ("JO1", [])


def test_of_two_areas_of_one_name_the_point_tells_which(coordinator, country):
    service, _ = taken_in(coordinator, a_row(at=(31.2, 37.2), area="Oldtown"))
    assert service.area is not None
    assert service.area.code == "JO21"


@pytest.mark.parametrize(
    ("row", "area", "remark"),
    [
        (a_row(area="Farland"), "", "“Farland” is not a known area."),
        (a_row(area="Oldtown"), "", "Several areas are called “Oldtown”."),
        (a_row(), "", "neither an area nor coordinates"),
        (a_row(at=INSIDE, area="Quay"), "JO11", "By its coordinates it is in Oldtown"),
        (a_row(at=(31.2, 37.2), area="West"), "JO1", "lie in Oldtown and not in West"),
        (a_row(at=(50, 50)), "", "lie in no known area"),
    ],
)
def test_what_is_not_known_or_contradicts_itself_is_remarked(
    coordinator, country, row, area, remark
):
    made = brought(coordinator, row)
    [stored] = made.rows.all()
    assert stored.placed["area"] == area
    assert any(remark in said for said in stored.remarks), stored.remarks
    assert actions.count_unplaced_rows(made) == (not area)


@pytest.mark.parametrize(
    ("at", "turn"),
    [
        ((36.2, 31.2), Turn.SWAPPED),
        ((-31.2, 36.2), Turn.LATITUDE_SIGN),
        ((31.2, -36.2), Turn.LONGITUDE_SIGN),
        ((-31.2, -36.2), Turn.BOTH_SIGNS),
        ((-36.2, 31.2), Turn.SWAPPED_SIGN),
    ],
)
def test_coordinates_that_seem_turned_wait_until_a_person_decides(
    coordinator, country, at, turn
):
    made = brought(coordinator, a_row(at=at), a_row(2, at=INSIDE))
    row = made.rows.get(number=1)
    assert row.placed["turn"] == turn
    assert "lat" not in row.values
    assert any("until you decide" in said for said in row.remarks)
    [found] = actions.list_turned_rows(made)
    assert (found.turn, found.count, found.decided) == (turn, 1, "")

    assert actions.decide_turns(made, turn, TurnDecision.TURN, by=coordinator) == 1
    plan(made, by=coordinator)
    actions.apply_import(made, by=coordinator)
    service = Service.objects.get(name="Clinic 1")
    assert (service.lat, service.lon) == INSIDE
    assert service.area is not None
    assert service.area.code == "JO11"
    [remark] = made.rows.get(number=1).remarks
    assert "as you decided" in remark


def test_a_decision_can_be_taken_back_until_it_is_imported(coordinator, country):
    made = brought(coordinator, a_row(at=(36.2, 31.2)))
    for decision, lat in (
        (TurnDecision.TURN, 31.2),
        (TurnDecision.KEEP, 36.2),
        (TurnDecision.LEAVE_OUT, None),
    ):
        actions.decide_turns(made, Turn.SWAPPED, decision, by=coordinator)
        plan(made, by=coordinator)
        assert made.rows.get().values.get("lat") == lat
        said = made.rows.get().remarks
        assert len(said) == len(set(said))
        assert any("as you decided" in remark for remark in said)
    actions.apply_import(made, by=coordinator)
    with pytest.raises(Refused, match="already been imported"):
        actions.decide_turns(made, Turn.SWAPPED, TurnDecision.TURN, by=coordinator)
    acts = AuditEvent.objects.filter(did="decided coordinates")
    assert acts.count() == 3


def test_only_importers_decide(coordinator, country):
    made = brought(coordinator, a_row(at=(36.2, 31.2)))
    with pytest.raises(PermissionDenied):
        actions.decide_turns(
            made, Turn.SWAPPED, TurnDecision.TURN, by=given.make_worker()
        )


def test_two_ways_that_are_as_simple_are_no_proposal(coordinator, country):
    mirrors = [
        AreaRecord(
            code, code, "", {"en": code}, lat + 1, lon + 1, a_square(lon, lat, 2)
        )
        for code, lat, lon in (("XS", -33, 36), ("XW", 31, -38))
    ]
    load_areas(plan_areas(mirrors), by=None)
    made = brought(coordinator, a_row(at=(-31.2, -36.2)))
    assert made.rows.get().placed["turn"] == ""
    assert "Its coordinates lie in no known area." in made.rows.get().remarks


def test_a_decision_holds_for_the_next_file_of_the_source(coordinator, country):
    made = brought(coordinator, a_row(at=(36.2, 31.2)))
    actions.decide_turns(made, Turn.SWAPPED, TurnDecision.TURN, by=coordinator)
    plan(made, by=coordinator)
    later = brought(coordinator, a_row(2, at=(36.2, 31.2)))
    assert later.rows.get().values["lat"] == 31.2


def test_what_is_off_the_globe_is_proposed_when_swapped(coordinator, db):
    made = brought(coordinator, a_row(values={"written": [135.5, 12.1]}))
    assert made.rows.get().placed["turn"] == Turn.SWAPPED
    actions.decide_turns(made, Turn.SWAPPED, TurnDecision.KEEP, by=coordinator)
    plan(made, by=coordinator)
    assert "lat" not in made.rows.get().values, "no one can keep what is nowhere"


def test_decisions_are_made_on_the_page_of_the_import(coordinator, country):
    made = brought(coordinator, *[a_row(n, at=(36.2, 31.2)) for n in range(12)])
    browser = given.sign_in(coordinator)
    page = reverse("imports:brought", args=[made.pk])
    text = browser.get(page).content.decode()
    assert "Turn these 12" in text
    assert "12 services. Their coordinates seem right only when turned." in text

    turn = reverse("imports:coordinates", args=[made.pk, "swapped", "turn"])
    assert browser.post(turn, make_form_key()).headers["Location"] == page
    plan(made, by=coordinator)
    assert "They are turned." in browser.get(page).content.decode()
    unknown = reverse("imports:coordinates", args=[made.pk, "swapped", "burn"])
    assert browser.post(unknown, make_form_key()).status_code == 400


def test_the_file_again_changes_nothing_after_a_decision(coordinator, country):
    rows = [a_row(at=(36.2, 31.2)), a_row(2, at=INSIDE, area="Quay", within="area")]
    for _ in range(2):
        made = brought(coordinator, *rows)
        actions.decide_turns(made, Turn.SWAPPED, TurnDecision.TURN, by=coordinator)
        plan(made, by=coordinator)
        actions.apply_import(made, by=coordinator)
    assert actions.count_outcomes(made)["same"] == 2


def test_written_coordinates_of_a_hidden_place_are_nowhere(coordinator, country):
    made = brought(coordinator, a_row(at=(36.234567, 31.234567)))
    actions.decide_turns(made, Turn.SWAPPED, TurnDecision.TURN, by=coordinator)
    plan(made, by=coordinator)
    actions.apply_import(made, by=coordinator)
    house = Service.objects.get()
    given.make_worker(of=house.team)
    directory.change_service(house, hidden=True, by=coordinator)
    stored = json.dumps(list(ImportRow.objects.values("values", "before", "remarks")))
    assert "1.234567" not in stored
    assert "6.234567" not in stored


# -- coverage --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "codes", "note"),
    [
        (a_row(area="West", within="area"), ["JO1"], ""),
        (a_row(area="JO11", within="region"), ["JO1"], ""),
        (a_row(at=INSIDE, area="Quay", within="area"), ["JO11"], "Quay"),
        (a_row(area="Farland", within="area"), [], "Farland"),
        (a_row(served=("West", "JO21")), ["JO1", "JO21"], ""),
        (a_row(served=("West", "Farland")), [], "West, Farland"),
        (a_row(area="West"), [], ""),
        (a_row(shape=json.dumps(a_square(36, 31, 0.5))), ["JO11"], ""),
        (
            a_row(shape=json.dumps(a_square(36, 31, 0.2))),
            ["JO11"],
            "a shape on the map",
        ),
    ],
)
def test_coverage_comes_in_as_codes_or_as_a_question(
    coordinator, country, row, codes, note
):
    service, _remarks = taken_in(coordinator, row)
    assert (service.coverage, service.coverage_note) == (codes, note)


def test_coverage_that_is_not_known_is_asked_and_not_everywhere(coordinator, country):
    taken_in(coordinator, a_row(area="Farland", within="area"))
    person = Person(needs=(build_need("HE2"),), at=timezone.now(), area="JO1")
    found = catalogue.match_for_person(person, user=coordinator)
    [match] = found.eligible
    assert MatchRule.OUT_OF_AREA in {question.reason for question in match.match.ask}
    assert any("Farland" in question for question in match.to_ask)


def test_a_visiting_service_is_near_only_within_its_coverage(coordinator, country):
    visits = {"modalities": ["outreach"]}
    taken_in(coordinator, a_row(at=INSIDE, area="West", within="area", values=visits))
    for area, place, found in (
        ("JO1", Point(31.9, 36.9), 1),
        ("JO2", Point(31.9, 37.1), 0),
        (None, Point(31.9, 37.1), 0),
    ):
        person = Person(
            needs=(build_need("HE2"),),
            at=timezone.now(),
            area=area,
            place=place,
            within_km=15,
        )
        answer = catalogue.match_for_person(person, user=coordinator).answer
        assert answer.candidates == found, area

"""What a device looks up without a network is what the server says of the same answers:
sheets drawn by chance, judged by both."""

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Page

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.gate import QUESTIONS, GateAnswer, SafetyGate
from amana.care.cases.models import Need
from amana.care.consent import consent_questions, consent_text, guardianship
from amana.care.consent.payload import list_letters
from amana.care.meetings.kit import PURPOSE, MeetingKit
from amana.care.meetings.sheet import MeetingAnswers
from amana.care.referrals import choosing
from amana.care.referrals.choosing import ServiceSearch
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, Team, User

from .conftest import SignsIn

pytestmark = pytest.mark.django_db(transaction=True)

SHEETS = 60
GATES = 400
Fields = list[tuple[str, str]]

PLACES = [
    {"counts_places": True, "places_total": 5, "places_free": free}
    for free in (0, 1, 2, 5)
]
AGES = [
    {"age_min": youngest, "age_max": oldest}
    for youngest, oldest in ((0, 120), (0, 120), (18, 120), (0, 17), (12, 60))
]
LOOK_UP = """async ([tables, sheets]) => {
  const { Tables, plain } = await import('/static/meetings/tables.js');
  const look = new Tables(tables);
  return sheets.map(sheet => {
    const { fields, gate, team, pks } = sheet;
    const of = one => fields.filter(([name]) => name === one);
    const said = name => of(name).map(([, value]) => value);
    const first = name => said(name)[0] ?? '';
    const need = { type: first('need-0-type'), urgency: first('need-0-urgency') };
    const found = look.housesFor({ ...need, team, ...look.sheetOf(said) }, sheet.now);
    const houses = pks.map(pk => look.houses.find(house => house.pk === pk));
    const present = look.present(said, 0);
    const child = look.childOf(said);
    const offered = look.offered(houses, present, team);
    const shared = offered.filter(key => sheet.share.includes(key));
    const about = { ...sheet, houses, child, fields: shared };
    return {
      child, offered,
      result: look.result(gate),
      houses: found.map(({ pk }) => pk),
      answers: look.mayAnswer(said),
      enough: look.enough(houses, present),
      text: plain(look.wording(sheet.language, about)),
    };
  });
}"""


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20261129)


@pytest.fixture
def team(transactional_db: None) -> Team:
    border = given.make_organisation(name="Border Guard", sphere=Sphere.BORDER)
    return given.make_team(of=border, name="Post at the bridge", phone="+999 20 555")


@pytest.fixture
def officer(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SCREENER)


def some(chance: random.Random, of: Any, most: int = 2) -> list[Any]:
    things = list(of)
    return chance.sample(things, chance.randint(0, min(most, len(things))))


@pytest.fixture
def houses(chance: random.Random, team: Team) -> None:
    """Forty services with conditions of every kind."""
    country = given.make_area()
    tamra = given.make_area(above=country, name_en="Tamra")
    other = given.make_area(above=country, name_en="Sorrel")
    spheres = [Sphere.HUMANITARIAN, Sphere.HEALTH, Sphere.LAW_ENFORCEMENT]
    for number in range(40):
        sphere = chance.choice(spheres)
        of = given.make_organisation(name=f"Org {number}", sphere=sphere)
        house = given.make_team(of=of, name=f"Team {number}", phone="+999")
        keeper = given.make_worker(of=house, role=Role.FOCAL_POINT)
        if number % 7 == 0:
            keeper = given.make_worker(role=Role.COORDINATOR)
        conditions: dict[str, Any] = {
            "types": ["SH2", "BA1", *some(chance, ["SH1", "LG1"])],
            "sexes": some(chance, ["female", "male"], 1),
            **chance.choice(AGES),
            "nationalities": some(chance, ["ER", "SY", "NG"]) * chance.choice([0, 1]),
            "not_nationalities": some(chance, ["SY", "NG"]) * chance.choice([0, 1]),
            "groups": some(chance, ["trafficked", "family", "disability"]),
            "not_groups": some(chance, ["gbv_survivor", "single_parent"], 1),
            "children_max": chance.choice([99, 0, 1, 2]),
            "accessibility": chance.choice([None, [], ["step_free"]]),
            "statuses": some(chance, ["undocumented", "refugee"], 1),
            "coverage": some(chance, [tamra.code, other.code], 1),
            **chance.choice([{"counts_places": False}, *PLACES]),
            "children_take_places": chance.choice([True, False]),
            "hours": chance.choice([None, [[540, 1020], [1980, 2460]], [[0, 10080]]]),
        }
        given.make_service(of=house, by=keeper, name=f"House {number}", **conditions)


def a_sheet(chance: random.Random) -> Fields:
    """Answers of an intake, most of them missing."""

    def maybe(name: str, *values: str) -> Iterator[tuple[str, str]]:
        yield name, chance.choice([*values, ""])

    fields: Fields = [
        ("need-0-type", chance.choice(["SH2", "BA1", "SH1"])),
        *maybe("need-0-urgency", "U0", "U1", "U2", "U3"),
        *maybe("need-0-words", "A door that locks"),
        *maybe("identity_name", "Hope", "  "),
        *maybe("identity_age", "3", "16", "17", "18", "19", "40", "70"),
        *maybe("identity_child", "yes", "no", "unsure"),
        *maybe("identity_sex", "female", "male", "other"),
        *maybe("identity_guardian", "An aunt"),
        *maybe("identity_guardian_state", "here", "elsewhere", "needed", "appointed"),
        *maybe("identity_guardian_suspect", "yes", "no", "unsure"),
        *maybe("needs_area", "Tamra", "nowhere"),
        *maybe("needs_wishes", "Not near the port"),
        *maybe("contact_number", "+999 1"),
        *maybe("contact_never", "Never my brother"),
        *maybe("migration_status", "undocumented", "refugee"),
        *maybe("narrative_risks", "They call"),
        *(("identity_languages", code) for code in some(chance, ["ti", "ar"])),
        *(("identity_nationality", code) for code in some(chance, ["ER", "SY", "NG"])),
        *(("needs_disability", code) for code in some(chance, ["step_free", "quiet"])),
        *(
            ("narrative_flags", flag)
            for flag in some(chance, ["trafficking", "gbv", "child", "health"])
        ),
    ]
    for _companion in range(chance.choice([0, 0, 1, 3])):
        fields.append(("needs_companions_age", chance.choice(["", "4", "17", "33"])))
        fields.append(("needs_companions_sex", chance.choice(["", "female"])))
        relation = chance.choice(["", "child", "partner"])
        fields.append(("needs_companions_relation", relation))
    if chance.random() < 0.3:
        fields.append(("needs_companions_alone", "1"))
    return fields


def a_gate(chance: random.Random) -> dict[str, str]:
    """Mostly answered well, so that every result comes up."""
    usual = dict(given.SAFE_ANSWERS)
    for code in chance.sample(list(QUESTIONS), chance.choice([0, 0, 1, 2, 14])):
        usual[code] = chance.choice(["", *GateAnswer.values])
    return {code: answer for code, answer in usual.items() if answer}


def test_a_device_finds_what_the_server_finds(
    chance: random.Random,
    team: Team,
    officer: User,
    houses: None,
    sign_in: SignsIn,
    live_server: Any,
) -> None:
    page = sign_in(officer)
    page.goto("/cases/meet/ready/")
    tables = MeetingKit(officer, [team], "en", "x").tables()
    pks = [house["pk"] for house in tables["houses"]]
    assert len(pks) > 30
    sheets = []
    for _number in range(SHEETS):
        share = chance.sample(tables["keys"], 40)
        fields = a_sheet(chance)
        kind = dict(fields)["need-0-type"]
        may = [house["pk"] for house in tables["houses"] if kind in house["types"]]
        sheets.append(
            {
                "fields": fields,
                "gate": a_gate(chance),
                "team": team.pk,
                "pks": chance.sample(may, chance.choice([1, 2, 3])),
                "language": chance.choice(["en", "ar", "fr", "ti"]),
                "until": "2027-02-09",
                "letters": chance.sample(["conditions", "note", "handover"], 2),
                "share": share,
                "now": tables["matching"]["at"],
            }
        )
    looked_up = page.evaluate(LOOK_UP, [tables, sheets])
    results = set()
    for sheet, found in zip(sheets, looked_up, strict=True):
        gate = SafetyGate.read(sheet["gate"])
        assert found["result"] == gate.result
        results.add(found["result"])
        compare_case(sheet, found, team, officer)
    assert len(results) == 3
    shown = [len(found["houses"]) for found in looked_up]
    assert min(shown) < max(shown)


def compare_case(
    sheet: dict[str, Any], found: dict[str, Any], team: Team, officer: User
) -> None:
    read = MeetingAnswers.read({"fields": list(map(list, sheet["fields"]))}, team=team)
    assert read.left == []
    case = cases.open_case(
        team=team, gate={}, records=read.records, needs=read.needs, by=officer
    )
    need = Need.objects.select_related("case__team__organisation").get(case=case)
    choice = choosing.build_choice(need, ServiceSearch(shown=200), by=officer)
    online = [option.service.pk for option in choice.to_ask]
    assert sorted(found["houses"]) == sorted(online), sheet["fields"]
    services = [pk for pk in sheet["pks"] if pk]
    teams = Team.objects.in_bulk([_team_of(pk) for pk in services])
    recipients = [teams[_team_of(pk)] for pk in services]
    asked = consent_questions.open_question(
        case, recipients=recipients, purpose=PURPOSE, need=need, by=officer
    )
    assert found["child"] == asked.child
    assert found["answers"] == [
        str(by) for by in guardianship.list_givers(asked.identity)
    ]
    assert set(found["offered"]) == set(asked.offered)
    assert set(found["enough"]) == set(asked.enough)
    fields = [key for key in asked.offered if key in sheet["share"]]
    letters = list_letters(
        conditions="x" if "conditions" in sheet["letters"] else "",
        along=[letter for letter in sheet["letters"] if letter != "conditions"],
    )
    until = timezone.make_aware(datetime(2027, 2, 9, 23, 59))  # noqa: DTZ001

    payload = asked.payload(fields, expires_at=until, letters=letters)
    with translation.override("en"):
        said = consent_text.build_wording(sheet["language"], payload, child=asked.child)
    assert found["text"] == said.plain()


def _team_of(service: int) -> int:
    pk = Service.objects.get(pk=service).team_id
    assert pk
    return pk


def test_every_gate_has_the_same_result(
    chance: random.Random, team: Team, officer: User, sign_in: SignsIn
) -> None:
    page: Page = sign_in(officer)
    page.goto("/cases/meet/ready/")
    tables = MeetingKit(officer, [team], "en", "x").tables()
    gates = [a_gate(chance) for _number in range(GATES)]
    found = page.evaluate(
        """async ([tables, gates]) => {
          const { Tables } = await import('/static/meetings/tables.js');
          const look = new Tables(tables);
          return gates.map(gate => [look.result(gate), look.effects(gate)]);
        }""",
        [tables, gates],
    )
    for given_, (result, effects) in zip(gates, found, strict=True):
        gate = SafetyGate.read(given_)
        assert result == gate.result, given_
        for name in ("red", "against", "care", "unanswered"):
            assert effects.get(name, []) == [q.code for q in getattr(gate, name)]
        assert ("declined" in effects) == gate.declined

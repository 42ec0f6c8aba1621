"""The invented country: its areas, organisations, people and services, from files."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.design.directory import actions as directory
from amana.design.directory.models import Area, Service
from amana.trust.access.models import KEYHOLDERS, Organisation, Role, Team, User

FILES = Path(__file__).resolve().parents[2] / "mechanisms" / "example"


@dataclass
class DemoCountry:
    """Everyone who acts in the demo, by e-mail, with their keys at hand."""

    people: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    """The first of each organisation, by its name."""
    members: dict[int, list[tuple[Role, User]]] = field(default_factory=dict)

    def who(self, team: Team, *roles: Role) -> User:
        """Find a member of the team in the first of these roles that one of them
        holds."""
        for role in roles or tuple(KEYHOLDERS):
            for held, user in self.members[team.pk]:
                if held == role:
                    return user
        return self.members[team.pk][0][1]

    @property
    def academy(self) -> Team:
        return Team.objects.get(name="Academy")

    @property
    def coordinator(self) -> User:
        return self.who(self.teams["National Coordination Office"], Role.COORDINATOR)


type DemoFile = dict[str, Any]
"""What a TOML file of the demo holds, or one of its tables."""


def read_file(name: str) -> DemoFile:
    return tomllib.loads((FILES / name).read_text(encoding="utf-8"))


def load_areas() -> None:
    call_command("load_areas", FILES / "areas.geojson", verbosity=0)


def count_people() -> int:
    return len(
        {
            person["email"]
            for organisation in read_file("organisations.toml")["organisation"]
            for team in organisation["team"]
            for person in team["people"]
        }
    )


def create_organisations(country: DemoCountry) -> Iterator[int]:
    """Create the organisations and their people; yield how many people there are."""
    passphrase = make_password(given.PASSPHRASE)
    for said in read_file("organisations.toml")["organisation"]:
        organisation = Organisation.objects.create(
            name=said["name"],
            kind=said["kind"],
            sphere=said["sphere"],
            admitted_at=timezone.now(),
        )
        # By two invented registrars, as whom no one signs in: letting in each of some
        # hundred people by two others takes minutes.
        given.vouch_for_organisation(organisation)
        for entry in said["team"]:
            team = Team.objects.create(
                organisation=organisation,
                name=entry["name"],
                email=entry["email"],
                phone=entry["phone"],
            )
            country.teams.setdefault(organisation.name, team)
            country.members[team.pk] = []
            for person in sorted(entry["people"], key=is_not_keyholder):
                known = country.people.get(person["email"])
                user = known or create_person(person, passphrase)
                given.join_team(user, team, role=Role(person["role"]))
                country.people[user.email] = user
                country.members[team.pk].append((Role(person["role"]), user))
                yield len(country.people)


def is_not_keyholder(person: dict[str, str]) -> bool:
    return Role(person["role"]) not in KEYHOLDERS


def create_person(said: dict[str, str], passphrase: str) -> User:
    user = User.objects.create(
        email=said["email"],
        name=said["name"],
        language=said["language"],
        password=passphrase,
    )
    given.give_keys(user)
    return user


def add_emergency_contacts(country: DemoCountry) -> None:
    for place, said in enumerate(read_file("emergency.toml")["line"]):
        cases.add_emergency_contact(**said, place=place, by=country.coordinator)


def publish_services(country: DemoCountry) -> None:
    places = read_file("places.toml")["place"]
    for said in read_file("services.toml")["service"]:
        publish_service(dict(said), places, country)


def publish_service(said: DemoFile, places: DemoFile, country: DemoCountry) -> Service:
    team = country.teams[said.pop("organisation")]
    place = places[said.pop("place")]
    funded_for = said.pop("funded_for_days", 400)
    # For `fresh.count_places`; a service has no such field.
    said.pop("recounted", None)
    paused = said.pop("paused", False)
    if said.pop("always_open", False):
        said["hours"] = [[0, 7 * 24 * 60]]
    else:
        said["hours"] = [[day * 1440 + 510, day * 1440 + 990] for day in range(5)]
    service = directory.publish_service(
        team,
        by=country.coordinator,
        area=Area.objects.get(code=place["area"]),
        address=place["address"],
        lat=place["lat"],
        lon=place["lon"],
        funded_until=timezone.localdate() + timedelta(days=funded_for),
        answers_within_hours=24,
        referral_method="system",
        **said,
    )
    directory.verify_service(service, by=country.coordinator)
    if paused:
        directory.pause_service(service, by=country.coordinator)
    return service

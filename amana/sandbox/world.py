"""The organisations, people and services of an exercise, made by the actions by which
every installation gets its own."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.management import call_command
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amana import given
from amana.academy.exercises.accounts import CONTROL, build_player_account
from amana.academy.exercises.engine.scenario import Agency, Scenario, Seat
from amana.academy.exercises.sandbox_folder import SandboxFolder
from amana.care.cases import actions as cases
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.pack.pack_model import Organisation as PackOrganisation
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import choose_words
from amana.exchange.imports import actions as imports
from amana.trust.access.models import Organisation, Role, Team, User

type Progress = tuple[str, int, int]


def get_address(account: str) -> str:
    """Get the address by which an account signs in; it leads nowhere (RFC 2606)."""
    return f"{account}@exercise.invalid"


def get_stand_in_account(agency: str, role: Role) -> str:
    """Get the account that acts for an agency where a script does."""
    return f"{agency}.{role}"


@dataclass
class SandboxWorld:
    """Fills an empty installation."""

    scenario: Scenario
    pack: Pack
    folder: SandboxFolder
    language: str
    teams: dict[str, Team] = field(default_factory=dict)
    """By the organisation's code in the mechanism."""

    def build(self) -> Iterator[Progress]:
        """Build it, and yield how far that is."""
        with translation.override(self.language):
            # The first of all: services and the mechanism are brought by someone.
            control = self.create_control()
            total = len(self.pack.organisations)
            for done, (code, said) in enumerate(self.pack.organisations.items()):
                yield _("Organisations and people"), done, total
                self.create_organisation(code, said)
            for number, line in enumerate(self.read_emergency_lines()):
                cases.add_emergency_contact(**line, place=number, by=control)
            yield _("Mechanism"), 0, 1
            self.adopt_mechanism(control)
            yield _("Services"), 0, 1
            self.bring_services(control)
            for agency in self.scenario.agencies.values():
                self.open_agency(agency, control)

    # -- who is there

    def create_control(self) -> User:
        name = _("Those who lead the exercise")
        team = self.create_team(name, kind="public", sphere="humanitarian")
        return self.create_person(CONTROL, name, team, Role.COORDINATOR)

    def create_organisation(self, code: str, said: PackOrganisation) -> None:
        """Create an organisation of the mechanism: those who stand in for it, and
        everyone who plays there."""
        team = self.create_team(said.name, kind=said.kind, sphere=said.sphere)
        self.teams[code] = team
        for role in self.list_offices(code):
            account = get_stand_in_account(code, role)
            self.create_person(account, said.name, team, role)
        for seat in self.scenario.seats.values():
            if seat.agency == code:
                self.create_players(seat, team)

    def list_offices(self, code: str) -> list[Role]:
        """List what an organisation needs people for: one who answers, first, as they
        hold the team's key; and each office of its roles."""
        roles = (role for role in self.pack.roles.values() if code in role.who)
        offices = [Role.FOCAL_POINT, *(Role(role.access_role) for role in roles)]
        return list(dict.fromkeys(offices))

    def create_players(self, seat: Seat, team: Team) -> None:
        role = Role(self.pack.roles[seat.role].access_role)
        for number in range(1, seat.most + 1):
            name = f"{self.say(seat.title)} {number}"
            account = build_player_account(seat.code, number)
            player = self.create_person(account, name, team, role)
            # Who only screens may not answer what is sent to the team, and at their
            # agency there may be no one else who plays.
            if role is Role.SCREENER:
                given.join_team(player, team, role=Role.FOCAL_POINT)

    def create_team(self, name: str, *, kind: str, sphere: str) -> Team:
        organisation = Organisation.objects.create(
            name=name, kind=kind, sphere=sphere, admitted_at=timezone.now()
        )
        given.vouch_for_organisation(organisation)
        return given.make_team(of=organisation, name=_("Referrals"))

    def create_person(self, account: str, name: str, team: Team, role: Role) -> User:
        return given.make_worker(
            of=team,
            role=role,
            name=name,
            email=get_address(account),
            language=self.language,
        )

    def say(self, text: object) -> str:
        assert isinstance(text, dict)
        return choose_words(text, self.language, self.scenario.languages[0])

    # -- by what they work

    def read_emergency_lines(self) -> list[dict[str, str]]:
        file = self.folder.mechanism / "emergency.toml"
        lines: list[dict[str, str]] = []
        if file.exists():
            lines = tomllib.loads(file.read_text(encoding="utf-8"))["line"]
        return lines

    def adopt_mechanism(self, control: User) -> None:
        version = mechanisms.adopt_shipped(self.folder.mechanism, by=control)
        for role in self.pack.roles.values():
            for code in role.who:
                if code in self.teams:
                    team = self.teams[code]
                    mechanisms.give_part(version.mechanism, role.id, team, by=control)

    def bring_services(self, control: User) -> None:
        """Bring the services of the mechanism, as from any file."""
        if self.folder.areas.exists():
            call_command("load_areas", self.folder.areas, verbosity=0)
        for content in self.pack.services.values():
            found = imports.read_hsds(content, origin="exercise", by=control)
            brought = imports.record_file(found, by=control)
            while imports.plan_next_rows(brought, by=control):
                pass
            imports.apply_import(brought, by=control)

    def open_agency(self, agency: Agency, control: User) -> None:
        """Confirm what an agency offers, and say how many places are free."""
        for service in Service.objects.filter(team=self.teams[agency.code]):
            directory.verify_service(service, by=control)
            if agency.places is not None:
                set_places(service, agency.places, by=control)


def set_places(service: Service, free: int, *, by: User) -> None:
    """Say how many places a service has, all of them free."""
    directory.change_service(
        service, by=by, counts_places=True, places_total=free, places_free=free
    )

"""The organisations, people and services of an exercise: those of the country, and the
seats and agencies of its scenario."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from amana import given
from amana.academy.exercises.accounts import (
    CONTROL,
    MOST_OBSERVERS,
    OBSERVER_SEAT,
    build_player_account,
)
from amana.academy.exercises.engine.scenario import Agency, Scenario, Seat
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.design.mechanism.pack.pack_model import Organisation as PackOrganisation
from amana.design.pathway.pathway_model import choose_words
from amana.sandbox.country import SandboxCountry
from amana.trust.access.models import Role, Team, User

type Progress = tuple[str, int, int]


@dataclass
class SandboxWorld(SandboxCountry):
    """Fills an empty installation."""

    scenario: Scenario

    def build(self) -> Iterator[Progress]:
        """Build it, and yield how far that is."""
        with translation.override(self.language):
            # The first of all: services and the mechanism are brought by someone.
            control = self.create_control()
            self.create_observers(control.memberships.get().team)
            total = len(self.pack.organisations)
            for done, (code, said) in enumerate(self.pack.organisations.items()):
                yield _("Organisations and people"), done, total
                self.create_organisation(code, said)
            self.add_emergency_contacts(control)
            yield _("Mechanism"), 0, 1
            self.adopt_mechanism(control)
            yield _("Services"), 0, 1
            self.load_areas()
            self.bring_services(control)
            for agency in self.scenario.agencies.values():
                self.open_agency(agency, control)

    # -- who is there

    def create_control(self) -> User:
        name = _("Those who lead the exercise")
        team = self.create_team(name, kind="public", sphere="humanitarian")
        return self.create_person(CONTROL, name, team, Role.COORDINATOR)

    def create_observers(self, team: Team) -> None:
        # A role that sees figures alone, and no case.
        for number in range(1, MOST_OBSERVERS + 1):
            account = build_player_account(OBSERVER_SEAT, number)
            name = _("Observer %(number)s") % {"number": number}
            self.create_person(account, name, team, Role.ANALYST)

    def create_organisation(self, code: str, said: PackOrganisation) -> None:
        """Create an organisation of the mechanism: those who stand in for it, and
        everyone who plays there."""
        super().create_organisation(code, said)
        for seat in self.scenario.seats.values():
            if seat.agency == code:
                self.create_players(seat, self.teams[code])

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

    def say(self, text: object) -> str:
        assert isinstance(text, dict)
        return choose_words(text, self.language, self.scenario.languages[0])

    # -- by what they work

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

"""The country of a practice installation: that of the mechanism, with people who stand
in for each agency, accounts for the learners, and a year of invented figures."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from amana import given
from amana.academy.installations.learner_accounts import (
    MOST_LEARNERS,
    build_learner_account,
)
from amana.demo import counting
from amana.design.mechanism.pack.pack_model import Organisation as PackOrganisation
from amana.sandbox.country import SandboxCountry, get_address, get_stand_in_account
from amana.trust.access.models import Role, Team, User

type Progress = tuple[str, int, int]

FOUNDER = "founder"
"""The account that brought the mechanism and its services; no one signs in by it."""
IN_OFFICE = (Role.COORDINATOR, Role.ANALYST)
"""What a learner is where the mechanism is coordinated: its designer, the keeper of its
directory, who writes its briefs."""


@dataclass
class PracticeCountry(SandboxCountry):
    """Fills an empty practice installation."""

    def build(self) -> Iterator[Progress]:
        """Build it, and yield how far that is."""
        with translation.override(self.language):
            founder = self.create_founder()
            total = len(self.pack.organisations)
            for done, (code, said) in enumerate(self.pack.organisations.items()):
                yield _("Organisations and people"), done, total
                self.create_organisation(code, said)
            self.create_learners()
            yield _("Mechanism"), 0, 1
            self.adopt_mechanism(founder)
            yield _("Services"), 0, 1
            self.load_areas()
            self.bring_services(founder)
            yield _("Figures"), 0, 1
            counting.fill_observations()

    def create_founder(self) -> User:
        name = _("Founder of this installation")
        team = self.create_team(name, kind="public", sphere="humanitarian")
        return self.create_person(FOUNDER, name, team, Role.COORDINATOR)

    def create_organisation(self, code: str, said: PackOrganisation) -> None:
        """Create an organisation, whose supervisor signs for it and reviews."""
        super().create_organisation(code, said)
        team = self.teams[code]
        account = get_stand_in_account(code, Role.SUPERVISOR)
        self.create_person(account, said.name, team, Role.SUPERVISOR)

    def create_learners(self) -> None:
        office = self.get_team(Role.COORDINATOR)
        agency = self.get_team(Role.CASE_WORKER)
        # Who publishes a brief is never the one who wrote it.
        code = next(code for code, team in self.teams.items() if team == office)
        for role in (Role.ANALYST, Role.DATA_PROTECTION_OFFICER):
            account = get_stand_in_account(code, role)
            name = self.pack.organisations[code].name
            self.create_person(account, name, office, role)
        for number in range(1, MOST_LEARNERS + 1):
            self.create_learner(number, office, agency)

    def create_learner(self, number: int, office: Team, agency: Team) -> None:
        account = build_learner_account(number)
        name = _("Learner %(number)s") % {"number": number}
        learner = self.create_person(account, name, office, Role.COORDINATOR)
        for role in IN_OFFICE[1:]:
            given.join_team(learner, office, role=role)
        # With a team that meets people, so that one account can run a case.
        given.join_team(learner, agency, role=Role.CASE_WORKER)

    def get_team(self, office: Role) -> Team:
        """Get the first team of the mechanism that has an office."""
        codes = (
            role.who[0]
            for role in self.pack.roles.values()
            if role.access_role == office and role.who
        )
        return self.teams[next(codes)]


def get_founder() -> User:
    return User.objects.get(email=get_address(FOUNDER))

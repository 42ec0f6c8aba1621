"""The invented country of an exercise or a practice installation: its organisations,
people, mechanism and services, made by the actions by which every installation gets its
own."""

import tomllib
from dataclasses import dataclass, field

from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from amana import given
from amana.academy.sandboxes.sandbox_folder import SandboxFolder
from amana.care.cases import actions as cases
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.pack.pack_model import Organisation as PackOrganisation
from amana.design.mechanism.pack.pack_model import Pack
from amana.exchange.imports import actions as imports
from amana.trust.access.models import Organisation, Role, Team, User


def get_address(account: str) -> str:
    """Get the address by which an account signs in; it leads nowhere (RFC 2606)."""
    return f"{account}@exercise.invalid"


def get_stand_in_account(agency: str, role: Role) -> str:
    """Get the account that acts for an agency that no one plays."""
    return f"{agency}.{role}"


@dataclass
class SandboxCountry:
    """Fills an empty installation with a country."""

    pack: Pack
    folder: SandboxFolder
    language: str
    teams: dict[str, Team] = field(default_factory=dict, init=False)
    """By the organisation's code in the mechanism."""

    # -- who is there

    def create_organisation(self, code: str, said: PackOrganisation) -> None:
        """Create an organisation of the mechanism, and those who stand in for it."""
        team = self.create_team(said.name, kind=said.kind, sphere=said.sphere)
        self.teams[code] = team
        for role in self.list_offices(code):
            account = get_stand_in_account(code, role)
            self.create_person(account, said.name, team, role)

    def list_offices(self, code: str) -> list[Role]:
        """List what an organisation needs people for: one who answers, first, as they
        hold the team's key; and each office of its roles."""
        roles = (role for role in self.pack.roles.values() if code in role.who)
        offices = [Role.FOCAL_POINT, *(Role(role.access_role) for role in roles)]
        return list(dict.fromkeys(offices))

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

    # -- by what they work

    def add_emergency_contacts(self, by: User) -> None:
        for number, line in enumerate(self.read_emergency_lines()):
            cases.add_emergency_contact(**line, place=number, by=by)

    def read_emergency_lines(self) -> list[dict[str, str]]:
        file = self.folder.mechanism / "emergency.toml"
        lines: list[dict[str, str]] = []
        if file.exists():
            lines = tomllib.loads(file.read_text(encoding="utf-8"))["line"]
        return lines

    def adopt_mechanism(self, by: User) -> None:
        version = mechanisms.adopt_shipped(self.folder.mechanism, by=by)
        for role in self.pack.roles.values():
            for code in role.who:
                if code in self.teams:
                    team = self.teams[code]
                    mechanisms.give_part(version.mechanism, role.id, team, by=by)

    def load_areas(self) -> None:
        if self.folder.areas.exists():
            call_command("load_areas", self.folder.areas, verbosity=0)

    def bring_services(self, by: User) -> None:
        """Bring the services of the mechanism, as from any file."""
        for content in self.pack.services.values():
            found = imports.read_hsds(content, origin="exercise", by=by)
            brought = imports.record_file(found, by=by)
            while imports.plan_next_rows(brought, by=by):
                pass
            imports.apply_import(brought, by=by)

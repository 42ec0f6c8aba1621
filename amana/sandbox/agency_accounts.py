"""Who acts for an agency where no player does."""

from collections.abc import Iterable

from amana import given
from amana.design.mechanism.models import RoleHolder
from amana.sandbox import country
from amana.trust.access.models import Role, Team, User


def get_user(account: str) -> User:
    """Get an account with its keys at hand."""
    user = User.objects.get(email=country.get_address(account))
    return given.unlock_user(user)


def get_agency(team: Team) -> str:
    """Get the code of the agency that a team is of; empty for all others."""
    codes = RoleHolder.objects.filter(organisation=team.organisation_id)
    return codes.values_list("code", flat=True).first() or ""


def get_stand_in(team: Team) -> User:
    account = country.get_stand_in_account(get_agency(team), Role.FOCAL_POINT)
    return get_user(account)


def list_organisations(agency: str) -> Iterable[int]:
    holders = RoleHolder.objects.filter(code=agency)
    return list(holders.values_list("organisation", flat=True))

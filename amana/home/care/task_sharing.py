"""What tasks of care share: whose teams, which sphere."""

from datetime import timedelta

from amana import names
from amana.design.directory.taxonomy.service_types import ServiceGroup
from amana.trust.access.models.organisations import KEYHOLDERS, Role, User

SERVICE_NAMES = tuple(f"service__{column}" for column in names.COLUMNS)


SOON = timedelta(hours=24)
"""What is due later than this isn't a task of today."""


ADMITTING = frozenset({*KEYHOLDERS, Role.ADMINISTRATOR, Role.COORDINATOR})


PLACES = (Role.FOCAL_POINT, Role.SUPERVISOR)


def list_team_ids(user: User, *roles: Role) -> list[int]:
    """List the teams in which to search for what is asked of a team; the rule decides
    what is found.
    """
    # Each team adds a question to the page's one statement (ADR 47), so their number
    # has a limit.
    return sorted({t for t, role in user.places if role in roles or not roles})[:50]


def get_icon(group: str) -> str:
    """Name the drawing of a group of kinds of help."""
    return ServiceGroup(group).icon

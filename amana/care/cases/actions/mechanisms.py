"""Which mechanism a case follows."""

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.cases import signed_case
from amana.care.cases.events import mechanism_changed
from amana.care.cases.models import Case
from amana.care.cases.rules import change_or_choose, manage_case
from amana.design.mechanism.choosing import find_version_of, list_versions_for_team
from amana.design.mechanism.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def change_mechanism(case: Case, version: Version, *, by: User) -> None:
    """Have a case follow another mechanism in which its team takes part; who works on
    one that follows none in force may choose it. Raises `Refused` where it can't,
    `Changed` where it does already."""
    is_first = find_version_of(case.mechanism_id) is None
    (change_or_choose if is_first else manage_case).require(by, case)
    if not case.still_open():
        raise Refused(_("This case is closed. Reopen it first."))
    if version.pk not in {found.pk for found in list_versions_for_team(case.team)}:
        raise Refused(_("Your team takes no part in this mechanism."))
    if case.mechanism_id == version.mechanism_id:
        raise Changed(_("This case already follows this mechanism."))
    follow_mechanism(case, version, by=by)


def follow_mechanism(case: Case, version: Version, *, by: User) -> None:
    """Change the shell, and say so to those who know the way."""
    was = case.mechanism_id
    signed_case.change_shell(case, mechanism=version.mechanism, by=by)
    log.record(
        "changed mechanism of case",
        case,
        by=by,
        case=case.pk,
        mechanism=version.mechanism_id,
        was=was,
    )
    mechanism_changed.send(Case, case=case, version=version, by=by)

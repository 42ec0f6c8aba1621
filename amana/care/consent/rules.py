"""Who may ask for a consent, end it, read what was shared, and confirm its end."""

from django.db.models import OuterRef, Q
from django.utils import timezone

from amana.care.cases.models import Case
from amana.care.cases.rules import filter_by_seen_case, see_case
from amana.care.consent.models import Consent, VitalInterest
from amana.design.mechanism.models import Version
from amana.trust.access.everyones import RowwiseExists
from amana.trust.access.models import ANSWERING, KEYHOLDERS, Role, Sphere, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    define_rule,
    find_team_ids,
    has_role,
)
from amana.trust.vault.compartments import CEILING
from amana.trust.vault.models import TeamKey

RECORDINGS = "consent/audio"
"""The folder of a pack with phrases of the text as sound."""

REACHABLE = [sphere for sphere in Sphere if CEILING[sphere]]


@define_rule
def ask_about_team(user: User) -> Q:
    """Permit, for teams, admitted ones of a sphere to which something may be sent at
    all; no one asks a person about another one."""
    return Q(
        organisation__admitted_at__isnull=False, organisation__sphere__in=REACHABLE
    )


@define_rule
def see_consent(user: User) -> Q:
    return filter_by_seen_case(user)


WITHDRAWERS = tuple(role for role in Role if role in KEYHOLDERS)
"""Who in the case's team ends a consent when the person asks for it. The text that is
read aloud names these."""


@define_rule
def withdraw_consent(user: User) -> Q:
    """Permit anyone in the case's team who helps people, assigned to the case or not,
    also in a restricted case: a withdrawal waits for no colleague."""
    return Q(case__team__in=find_team_ids(user, *WITHDRAWERS))


@define_rule
def find_consents(user: User) -> Q:
    """Permit, for cases, those who may end their consents. It opens nothing of the
    case."""
    return Q(team__in=find_team_ids(user, *WITHDRAWERS))


@define_rule
def hear_recording(user: User) -> Q:
    """Permit, for files of mechanisms, a recorded phrase of one that is in force."""
    in_force = Version.objects.in_force().values("pk")
    return Q(version__in=in_force, path__startswith=f"{RECORDINGS}/")


@define_rule
def see_vital_interest(user: User) -> Q:
    return filter_by_seen_case(user)


@define_rule
def confirm_vital_interest(user: User) -> Q:
    """Permit anyone who sees the case and holds its team's key, but never who recorded
    it: no one does this alone (ADR 41)."""
    # From the few that wait to their cases: a supervisor sees thousands of these.
    case = Case.objects.filter(
        pk=OuterRef("case"), team__in=find_team_ids(user, *KEYHOLDERS)
    )
    return Q(RowwiseExists(see_case.among(case, user))) & ~Q(recorded_by=user)


@define_rule
def may_object_to_vital_interest(user: User) -> Q:
    """Permit anyone in the team to whom the person objects, as for the withdrawal of a
    consent."""
    return Q(case__team__in=find_team_ids(user, *WITHDRAWERS))


@define_rule
def read_disclosure(user: User) -> Q:
    """Permit those who answer for a team to read what was disclosed to it under a
    consent, as long as that lasts; not what is held back until it accepts. What no
    consent permits, as the place of a request for help, has a page and a rule of its
    own."""
    # Colleagues who only screen hold the team's key too, but were sent nothing: as for
    # a referral.
    ours = find_team_ids(user, *ANSWERING)
    agreed = Q(purpose__in=Consent.Purpose.values)
    return agreed & Q(
        recipient__in=ours, expires_at__gt=timezone.now(), held_back=False
    )


@define_rule
def destroy_copies(user: User) -> Q:
    """Permit those who could read them, in the team that was asked to destroy its
    copies."""
    # From the few that wait to their consents: a team has had thousands of these.
    ours = find_team_ids(user, *ANSWERING)
    consent = Consent.objects.filter(pk=OuterRef("consent"), recipient__in=ours)
    vital = VitalInterest.objects.filter(pk=OuterRef("vital_interest"))
    return Q(RowwiseExists(consent)) | Q(
        RowwiseExists(vital.filter(recipient__in=ours))
    )


@define_rule
def write_for_outsiders(user: User) -> Q:
    """Permit everyone who sees the case to note what a recipient without Amana answers
    by telephone or letter."""
    inside = TeamKey.objects.filter(retired_at=None).values("team")
    # From the few that wait to their cases: a supervisor sees thousands of these.
    case = see_case.among(Case.objects.filter(pk=OuterRef("case")), user)
    consent = Consent.objects.filter(RowwiseExists(case), pk=OuterRef("consent"))
    vital = VitalInterest.objects.filter(
        RowwiseExists(case), pk=OuterRef("vital_interest")
    )
    return Q(RowwiseExists(consent.exclude(recipient__in=inside))) | Q(
        RowwiseExists(vital.exclude(recipient__in=inside))
    )


@define_rule
def watch_destructions(user: User) -> Q:
    """Permit data-protection officers to see which recipients are silent, and no
    case."""
    return EVERYTHING if has_role(user, [Role.DATA_PROTECTION_OFFICER]) else NOTHING


confirm_destroyed = destroy_copies | write_for_outsiders

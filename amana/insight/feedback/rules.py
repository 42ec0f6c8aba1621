"""Who hands out slips and who reads what people write: no one reads or records what
people say of the organisation for which they themselves work."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from amana.care.cases.rules import work_on_case
from amana.care.referrals.rules import answer_referral, follow_referral
from amana.insight.feedback.models import Desk, DeskDuty, Review
from amana.trust.access.models import KEYHOLDERS, Role, Team, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    define_rule,
    find_memberships,
    find_team_ids,
    has_role,
)

SEES_THEMES = frozenset(
    {Role.COORDINATOR, Role.AUTHORITY, Role.ANALYST, Role.DATA_PROTECTION_OFFICER}
)
ROLES = KEYHOLDERS | SEES_THEMES
SPEAKS = (Role.AUTHORITY, Role.COORDINATOR, Role.SUPERVISOR, Role.FOCAL_POINT)
"""Who answers the council for their organisation."""


def find_homes(user: User) -> QuerySet[Team]:
    return Team.objects.filter(pk__in=find_team_ids(user))


def exclude_own(user: User) -> Q:
    return ~Q(about__in=find_homes(user).values("organisation"))


def find_desks(user: User, duty: DeskDuty) -> QuerySet[Desk]:
    return Desk.objects.standing(duty).filter(team__in=find_team_ids(user, *KEYHOLDERS))


# --- doors


@define_rule
def appoint_desk(user: User) -> Q:
    """Allow teams, and desks, to who coordinates."""
    return EVERYTHING if has_role(user, [Role.COORDINATOR]) else NOTHING


@define_rule
def distribute_slips(user: User) -> Q:
    """Allow one's own organisation; a coordinator's slips may be about any."""
    admitted = Q(admitted_at__isnull=False)
    if has_role(user, [Role.COORDINATOR]):
        return admitted
    own = Team.objects.filter(pk__in=find_team_ids(user, *KEYHOLDERS))
    return admitted & Q(pk__in=own.values("organisation"))


@define_rule
def arrange_kiosk(user: User) -> Q:
    """Allow the kiosks of one's own organisation; to a coordinator, all."""
    if has_role(user, [Role.COORDINATOR]):
        return EVERYTHING
    own = Team.objects.filter(pk__in=find_team_ids(user, *KEYHOLDERS))
    return Q(about__in=own.values("organisation"))


@define_rule
def write_for_person(user: User) -> Q:
    """Allow slips to those who work with people, but to none of the organisation that
    the slip asks about. It is unknown whose case it is, so none of them may."""
    if not has_role(user, KEYHOLDERS):
        return NOTHING
    return exclude_own(user)


@define_rule
def offer_slip(user: User) -> Q:
    """Allow the cases on which one works, as long as the work continues."""
    return Q(closed_at=None) & work_on_case.where(user)


# --- what was said


@define_rule
def read_voice(user: User) -> Q:
    """Allow voices to the desk to which they are sealed."""
    teams = find_desks(user, DeskDuty.FEEDBACK).values("team")
    return Q(team_key__team__in=teams) & exclude_own(user)


@define_rule
def see_themes(user: User) -> Q:
    """Allow who may see what enough people said, and what was done about it."""
    return EVERYTHING if has_role(user, SEES_THEMES) else NOTHING


@define_rule
def publish_change(user: User) -> Q:
    return EVERYTHING if has_role(user, [Role.COORDINATOR]) else NOTHING


# --- complaints


@define_rule
def answer_complaint(user: User) -> Q:
    """Allow complaints to the body to which they are sealed; also once it answers no
    more, while others wait for what only it can hand over."""
    teams = find_desks(user, DeskDuty.COMPLAINTS).values("team")
    wait = Review.objects.open().filter(complaint=OuterRef("pk"), handed_on=None)
    owed = Q(Exists(wait)) & Q(body__in=find_team_ids(user, *KEYHOLDERS))
    return (Q(body__in=teams) | owed) & exclude_own(user)


def find_reviewing_desks(user: User) -> QuerySet[Desk]:
    """Find one's teams that review complaints; each that answers some may have to."""
    both = (DeskDuty.REVIEWS, DeskDuty.COMPLAINTS)
    mine = Desk.objects.filter(team__in=find_team_ids(user, *KEYHOLDERS))
    return mine.filter(duty__in=both, ended_at=None)


@define_rule
def review_complaint(user: User) -> Q:
    """Allow reviews to the team that was asked; to none who work for the agency
    complained about or for those who answered first, and never to who gave that
    answer."""
    own = find_homes(user).values("organisation")
    ours = Q(body__in=find_reviewing_desks(user).values("team"))
    # By where they work now: a colleague who has changed houses meanwhile must not
    # judge the new one.
    meant = Q(complaint__about__in=own) | Q(complaint__body__organisation__in=own)
    return ours & ~meant & ~Q(complaint__closed_by=user)


@define_rule
def watch_review(user: User) -> Q:
    """Allow to see that reviews wait, and since when; not a word of any."""
    own = find_homes(user).values("organisation")
    coordinates = Q(Exists(find_memberships(user, Role.COORDINATOR)))
    return coordinates & ~Q(complaint__about__in=own)


@define_rule
def watch_complaint(user: User) -> Q:
    """Allow to see that complaints wait, and since when; not a word of any."""
    return Q(Exists(find_memberships(user, Role.COORDINATOR))) & exclude_own(user)


# --- partners, and the council


@define_rule
def rate_handling(user: User) -> Q:
    """Allow referrals that ended to who works on the case: how it was handled."""
    return Q(ended_at__isnull=False) & follow_referral.where(user)


@define_rule
def rate_writing(user: User) -> Q:
    """Allow referrals that ended to who was asked: how it was written."""
    return Q(ended_at__isnull=False) & answer_referral.where(user)


@define_rule
def keep_advice(user: User) -> Q:
    """Allow advice to the office that works for the council."""
    return EVERYTHING if has_role(user, [Role.COORDINATOR]) else NOTHING


@define_rule
def answer_advice(user: User) -> Q:
    """Allow advice to those who lead the organisation to which it is given."""
    led = Team.objects.filter(pk__in=find_team_ids(user, *SPEAKS))
    return Q(to__in=led.values("organisation"))

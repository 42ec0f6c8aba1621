"""Organisations, teams, roles and memberships."""

from collections.abc import Iterable
from functools import cache, cached_property
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain
from amana.trust.access.everyones import ScopedSubquery


class Sphere(models.TextChoices):
    """A sphere of work; what may ever flow to it has a ceiling in `vault.ceiling`."""

    HUMANITARIAN = "humanitarian", _("Humanitarian and social")
    HEALTH = "health", _("Health")
    LEGAL = "legal", _("Legal")
    LAW_ENFORCEMENT = "law_enforcement", _("Law enforcement and justice")
    BORDER = "border", _("Border and immigration")


class Role(models.TextChoices):
    SCREENER = "screener", _("Screener")
    CASE_WORKER = "case_worker", _("Case worker")
    SUPERVISOR = "supervisor", _("Supervisor")
    FOCAL_POINT = "focal_point", _("Focal point")
    COORDINATOR = "coordinator", _("Coordinator")
    AUTHORITY = "authority", _("Authority")
    ANALYST = "analyst", _("Analyst")
    DATA_PROTECTION_OFFICER = "dpo", _("Data-protection officer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    TRAINER = "trainer", _("Trainer")


KEYHOLDERS = frozenset(
    {Role.SCREENER, Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT}
)
"""Roles whose members hold their team's key; the others read no sealed word."""


ANSWERING = (Role.FOCAL_POINT, Role.CASE_WORKER, Role.SUPERVISOR)
"""Roles that answer for a team what is sent to it."""


ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
"""Roles that admit organisations, teams and people everywhere."""


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def admitted(self) -> Self:
        return self.filter(admitted_at__isnull=False)

    def waiting(self) -> Self:
        """Filter those for which people of other organisations have to sign."""
        return self.filter(Q(admitted_at=None) | ~Q(proposed_sphere=""))


class Organisation(models.Model):
    """An agency that takes part in the mechanism."""

    class Kind(models.TextChoices):
        NGO = "ngo", _("Non-governmental organisation")
        PUBLIC = "public", _("Public service")
        INTERNATIONAL = "international", _("International organisation")
        COMMUNITY = "community", _("Community or faith group")

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.NGO)
    sphere = models.CharField(max_length=20, choices=Sphere)
    admitted_at = models.DateTimeField(null=True, blank=True)
    """When two people had checked that it is what it says; nothing is sent before."""
    proposed_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_sphere = models.CharField(max_length=20, choices=Sphere, blank=True)
    """To which one it is to be moved; nothing changes before others have signed."""
    sphere_proposed_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_confirmed_by_another",
                condition=Q(confirmed_by=None)
                | Q(proposed_by=None)
                | ~Q(confirmed_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="organisation_confirmed_only_when_admitted",
                condition=Q(confirmed_by=None) | Q(admitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="organisation_sphere_proposed_by_someone",
                condition=Q(proposed_sphere="", sphere_proposed_by=None)
                | ~Q(proposed_sphere="") & Q(sphere_proposed_by__isnull=False),
            ),
        ]

    class Privacy:
        kept = "As long as the mechanism."
        name = kind = sphere = proposed_sphere = admitted_at = plain
        proposed_by = confirmed_by = sphere_proposed_by = personal

    def __str__(self) -> str:
        return self.name

    @property
    def waits_for_signatures(self) -> bool:
        return self.admitted_at is None or bool(self.proposed_sphere)


class Team(models.Model):
    """People of one organisation who share work and a key; referrals go to a team."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    """Where content-free messages go."""
    phone = models.CharField(max_length=60, blank=True)
    """The number that other teams call, as it is dialled here, or empty."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="team_name_in_organisation", fields=["organisation", "name"]
            )
        ]

    class Privacy:
        kept = "As long as the mechanism."
        organisation = name = plain
        email = phone = personal

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, **fields: object) -> "User":
        """Create someone who can't sign in before they have a key (`trust.vault`)."""
        user = self.model(email=email.lower(), **fields)
        user.end_sessions()
        user.save()
        return user


class User(AbstractBaseUser):
    """Someone who works in the mechanism. No user passes every rule.

    A passphrase is proved by opening the person's key with it. So no hash of it is
    stored, and `password` only holds a random mark to which sessions are bound.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    learner_since = models.DateTimeField(null=True, blank=True)
    """When they opened this account themselves, to learn; None for those who work here.
    It comes with no key and no team, and opens pages of courses alone (ADR 90)."""
    slowed_until = models.DateTimeField(null=True, blank=True)
    """Until then they go on at the pace of someone who reads, because much more was
    done than is usual (`trust.alarms`)."""

    keyring: object = None
    """The keys at hand in this request, given by `trust.vault`; never stored."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Privacy:
        kept = "As long as the log names them; the account is closed on leaving."
        email = name = language = is_active = joined_at = last_login = personal
        learner_since = slowed_until = personal
        password = plain

    def __str__(self) -> str:
        return self.name

    def end_sessions(self) -> None:
        """Unbind every session from the account, once this is saved."""
        # Sessions are bound to `password`, which is a random mark: a new one ends them.
        self.set_unusable_password()

    @property
    def only_learns(self) -> bool:
        return self.learner_since is not None

    @property
    def is_slowed(self) -> bool:
        return self.slowed_until is not None and self.slowed_until > timezone.now()

    @cached_property
    def places(self) -> frozenset[tuple[int, Role]]:
        """The teams in which they are now, and as what; for what is shown, never for
        a rule."""
        return frozenset((team, Role(role)) for team, role in _held().rows_of(self.pk))

    def keep_places(self, places: Iterable[tuple[int, str]]) -> None:
        """Keep the places that a page has just read, so that they aren't read twice."""
        self.__dict__["places"] = frozenset((team, Role(role)) for team, role in places)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held now, in any team; as `places`."""
        return frozenset(role for _team, role in self.places)

    @property
    def actor_id(self) -> str:
        return f"user:{self.pk}"

    @property
    def role_names(self) -> str:
        return " ".join(sorted(self.roles))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(confirmed_at__isnull=False, ended_at=None)

    def holding(self, roles: Iterable[Role]) -> Self:
        return self.active().filter(role__in=list(roles))

    def waiting(self) -> Self:
        return self.filter(confirmed_at=None, ended_at=None)

    def for_list(self) -> Self:
        return self.select_related("user", "team__organisation", "proposed_by")


class Membership(models.Model):
    """A person's place in a team: proposed by one colleague, confirmed by another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="membership_one_of_a_kind_at_a_time",
                fields=["user", "team", "role"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                # A place may come with keys, so it takes two: the database refuses one
                # alone (ADR 53).
                name="membership_confirmed_by_another",
                condition=Q(confirmed_by=None)
                | Q(proposed_by=None)
                | ~Q(confirmed_by=models.F("proposed_by")),
            ),
        ]

    class Privacy:
        kept = "As long as the log names them."
        user = team = role = proposed_by = confirmed_by = personal
        proposed_at = confirmed_at = ended_at = personal

    def __str__(self) -> str:
        return f"membership {self.pk}"

    @property
    def holds_key(self) -> bool:
        """Whether the role comes with the team's key."""
        return self.role in KEYHOLDERS


@cache
def _held() -> ScopedSubquery:
    return ScopedSubquery(Membership.objects.active(), "team", "role", whose="user")

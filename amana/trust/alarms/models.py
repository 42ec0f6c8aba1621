"""How much each person did on each day, by kind; and the alarms that too much raised.

Numbers alone: what was opened, or searched for, stands in the log and nowhere here."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain, sealed
from amana.trust.access.models import User
from amana.trust.vault.altered import Alteration


class ActivityKind(models.TextChoices):
    """What is counted for a person and a day."""

    DENIED = "denied", _("Access denied by a rule")
    OPENED = "opened", _("Cases and shared information opened")
    NAMES = "names", _("Names seen in lists")
    SEARCHED = "searched", _("Searches for people")
    TAKEN = "taken", _("Messages and files opened or exported")
    FAILED = "failed", _("Wrong passphrases while signed in")
    DURESS = "duress", _("A worker was forced to open an offline pack")
    DOOR = "door", _("Wrong passphrases at sign-in, for many accounts")
    DECOY = "decoy", _("A decoy case was opened, found or taken out")


class ActiveDay(models.Model):
    """How often someone did one kind of thing on one day, in the roles held then."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    on = models.DateField()
    kind = models.CharField(max_length=8, choices=ActivityKind)
    role = models.CharField(max_length=120, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="active_day_once", fields=["user", "on", "kind"]
            )
        ]
        indexes = [
            models.Index(name="active_day_of_role", fields=["kind", "role", "on"])
        ]

    class Privacy:
        kept = "28 days, from which the usual is learnt; watch_log deletes older ones."
        user = on = role = count = personal
        kind = plain

    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id} on {self.on}"


class AlteredRecord(models.Model):
    """Something in the database that isn't what was signed; who met it is no suspect.

    It says which check stopped the page, and nothing of what is in the case."""

    what = models.CharField(max_length=8, choices=Alteration)
    case = models.UUIDField(null=True, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    found_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Whose page was stopped; None: a timer met it."""
    told = models.ManyToManyField(User, related_name="+")

    class Meta:
        indexes = [models.Index(name="altered_newest", fields=["-found_at", "-id"])]

    class Privacy:
        kept = "As long as the log names them."
        what = found_at = plain
        case = found_by = told = personal

    def __str__(self) -> str:
        return f"altered record {self.pk}"


class LogPosition(models.Model):
    """How far the log has been looked through, and when."""

    up_to = models.BigIntegerField()
    """The number of the last event that was looked at."""
    at = models.DateTimeField()

    class Privacy:
        kept = "One row, replaced at each look."
        up_to = at = plain

    def __str__(self) -> str:
        return f"watched up to event {self.up_to}"


class TimerRun(models.Model):
    """When a timer last ran to its end, and whether someone was told that it didn't."""

    command = models.CharField(max_length=40, primary_key=True)
    known_since = models.DateTimeField(default=timezone.now)
    """Since when it should run."""
    at = models.DateTimeField(null=True, blank=True)
    """When it last ran to its end; None: it never did."""
    tried_at = models.DateTimeField(null=True, blank=True)
    """When it last began."""
    unfinished_since = models.DateTimeField(null=True, blank=True)
    """The first try of those of which none came to its end; None: the last one did."""
    error = models.CharField(max_length=120, blank=True)
    """The class of the last error, without its words."""
    told_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        kept = "One row a timer, replaced at each run."
        command = known_since = at = tried_at = unfinished_since = plain
        error = told_at = plain

    def __str__(self) -> str:
        return f"timer {self.command}"


class Decoy(models.Model):
    """A case of a person who doesn't exist, whose opening is an alarm (`decoys`). Not a
    word of it is unencrypted: neither which case it is, nor which team's, nor since
    when."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sealed = models.BinaryField()

    class Privacy:
        kept = "As long as the case; one that was never made, until it is ended."
        id = plain
        sealed = sealed

    def __str__(self) -> str:
        return f"decoy {self.pk}"


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def for_list(self) -> Self:
        return self.select_related("user", "settled_by")


class Alarm(models.Model):
    """Someone did more on a day than is usual for the role; two others are told."""

    class Outcome(models.TextChoices):
        EXPLAINED = "explained", _("There is a good reason for it")
        INCIDENT = "incident", _("It is a data breach")

    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None: the person who guesses at the door is not known."""
    kind = models.CharField(max_length=8, choices=ActivityKind)
    on = models.DateField()
    count = models.PositiveIntegerField()
    """How often, as far as was seen when it was last looked at."""
    budget = models.PositiveIntegerField()
    """How often was usual, when it was raised."""
    raised_at = models.DateTimeField(default=timezone.now)
    told = models.ManyToManyField(User, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    words = models.CharField(max_length=500, blank=True)
    """What was found out, without the name of anyone who is helped."""

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            # Two runs of the watch at once raise one alarm for a person, kind and day.
            models.UniqueConstraint(
                name="alarm_one_open_of_a_day",
                fields=["user", "kind", "on"],
                condition=Q(settled_at=None),
            ),
            models.UniqueConstraint(
                name="alarm_one_open_at_the_door",
                fields=["kind", "on"],
                condition=Q(settled_at=None, user=None),
            ),
            models.CheckConstraint(
                name="alarm_of_someone_or_at_the_door",
                condition=Q(user=None, kind="door")
                | Q(user__isnull=False) & ~Q(kind="door"),
            ),
            # No one settles an alarm about themselves, whatever a page or a rule
            # allows.
            models.CheckConstraint(
                name="alarm_settled_by_another",
                condition=Q(settled_by=None)
                | Q(user=None)
                | ~Q(settled_by=models.F("user")),
            ),
            models.CheckConstraint(
                name="alarm_settled_whole",
                condition=Q(settled_at=None, settled_by=None, outcome="", words="")
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(words="")
                ),
            ),
        ]
        indexes = [models.Index(name="alarm_newest", fields=["-raised_at", "-id"])]

    class Privacy:
        kept = "As long as the log names them."
        user = on = count = told = settled_by = words = personal
        kind = budget = raised_at = settled_at = outcome = plain

    def __str__(self) -> str:
        return f"alarm {self.pk}"

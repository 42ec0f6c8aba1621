"""The roster's statements, and the removal of someone's keys."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.errors import Changed
from amana.privacy import personal, plain, sealed
from amana.trust.access.models.organisations import Membership
from amana.trust.vault.models.team_keys import PersonKey
from amana.trust.vault.removal_states import (
    KEPT_AT_MOST,
    OPEN,
    PENDING,
    UNDONE_WITHIN,
    RemovalStatus,
)


class RosterStatement(models.Model):
    """One statement about whose key is whose: signed, and chained to the one before.

    Of people no more than numbers and public keys (`statements`)."""

    place = models.PositiveIntegerField(primary_key=True)
    text = models.TextField()
    hash = models.BinaryField(max_length=32)
    signatures = models.JSONField()
    """Of each who signed, by the id of their key, in hexadecimal."""
    made_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "For ever: each statement rests on those before it."
        place = hash = signatures = made_at = plain
        text = personal

    def __str__(self) -> str:
        return f"statement {self.place}"


class KeyRemovalQuerySet(models.QuerySet["KeyRemoval"]):
    def open(self) -> Self:
        """Filter those that can still change."""
        return self.filter(status__in=OPEN)

    def pending(self) -> Self:
        """Filter those that have taken nothing away yet."""
        return self.filter(status__in=PENDING)

    def due(self) -> Self:
        """Filter confirmed ones whose delay has passed."""
        return self.filter(
            status=RemovalStatus.CONFIRMED, effective_at__lte=timezone.now()
        )

    def for_list(self) -> Self:
        return self.select_related(
            "user", "membership__team__organisation", "proposed_by", "confirmed_by"
        )


class KeyRemoval(models.Model):
    """A proposal to take someone's keys away: because they start again, or leave.

    Two people and a delay lie before it. Then the keys are set aside, sealed, until it
    can't be undone any more (`removal`)."""

    class Why(models.TextChoices):
        START_AGAIN = "again", _("Start again with new keys")
        LEAVE = "leave", _("Leave the team")

    why = models.CharField(max_length=5, choices=Why)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="key_removals"
    )
    membership = models.ForeignKey(
        Membership, models.CASCADE, null=True, blank=True, related_name="+"
    )
    """The place that ends; of someone who starts again, None."""
    status = models.CharField(
        max_length=9, choices=RemovalStatus, default=RemovalStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    effective_at = models.DateTimeField(null=True, blank=True)
    """When it takes effect; once it has, when it did."""
    told = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="removals_told", blank=True
    )
    """Two others beside the person, who may stop it as well."""
    organisation_word = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    """Who said for the person's organisation that fewer than two may hold a key."""
    coordinator_word = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    """Who withdrew or undid it; None: no one has, or the timer did."""
    set_aside = models.BinaryField(null=True, blank=True)
    """What was taken away, sealed under the server's pepper: a copy of the database
    opens none of it, and nothing is sealed to it."""

    waits_for_me = False
    """On a page: whether the reader can confirm it."""

    objects = KeyRemovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="key_removal_one_pending_for_a_person",
                fields=["user"],
                condition=Q(status__in=["proposed", "confirmed"]),
            ),
            # The database checks it as well: a mistake in a rule, or in a form, can't
            # make one person enough (ADR 53).
            models.CheckConstraint(
                name="key_removal_confirmed_by_another",
                condition=Q(confirmed_by=None)
                | ~Q(confirmed_by=models.F("proposed_by"))
                & ~Q(confirmed_by=models.F("user")),
            ),
            models.CheckConstraint(
                name="key_removal_takes_effect_only_when_confirmed",
                condition=Q(status__in=["proposed", "withdrawn", "lapsed"])
                | Q(confirmed_by__isnull=False, effective_at__isnull=False),
            ),
            # Keys that were set aside are there exactly as long as they can be given
            # back, and not a day longer.
            models.CheckConstraint(
                name="key_removal_sets_aside_while_it_can_be_undone",
                condition=Q(status="effective", set_aside__isnull=False)
                | ~Q(status="effective") & Q(set_aside=None),
            ),
            models.CheckConstraint(
                name="key_removal_ends_a_place_or_all",
                condition=Q(why="again", membership=None)
                | Q(why="leave", membership__isnull=False),
            ),
        ]

    class Privacy:
        kept = "As long as the log names the person; the keys 14 days at most."
        why = status = user = membership = told = personal
        proposed_by = confirmed_by = ended_by = personal
        organisation_word = coordinator_word = personal
        proposed_at = effective_at = personal
        set_aside = sealed

    def __str__(self) -> str:
        return f"removal {self.pk}"

    @property
    def state(self) -> RemovalStatus:
        return RemovalStatus(self.status)

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def starts_again(self) -> bool:
        return self.why == self.Why.START_AGAIN

    @property
    def has_keys(self) -> bool:
        """Whether the person has keys, in spite of it: others, or new ones."""
        return PersonKey.objects.filter(user=self.user_id).exists()

    @property
    def undone_until(self) -> datetime | None:
        """Until when it can be undone; None: it isn't in effect."""
        if self.state is not RemovalStatus.EFFECTIVE or self.effective_at is None:
            return None
        kept = UNDONE_WITHIN if self.has_keys else KEPT_AT_MOST
        return self.effective_at + kept

    @property
    def can_be_undone(self) -> bool:
        until = self.undone_until
        return until is not None and timezone.now() < until

    def move(self, to: RemovalStatus, **changes: object) -> None:
        """Change the status, unless someone else changed it first."""
        # The status is compared in the update itself: two people who decide at once
        # would both have read the earlier one.
        free = KeyRemoval.objects.filter(pk=self.pk, status=self.status)
        if to not in self.state.next or not free.update(status=to, **changes):
            raise Changed(str(_("Someone else has already decided this.")))
        for name, value in {"status": to, **changes}.items():
            setattr(self, name, value)

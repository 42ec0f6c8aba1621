"""Negotiations at a table: who sits there, what is written, proposed and signed."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.academy.cohorts.models import Cohort
from amana.academy.practice.labs.engine.table import ENDED, Stage
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

STAGES = [
    (Stage.SEATS.value, _("Seats are taken")),
    (Stage.PLAYING.value, pgettext_lazy("of a negotiation", "In progress")),
    (Stage.BREAK.value, pgettext_lazy("of a negotiation", "Break")),
    (Stage.SUSPENDED.value, pgettext_lazy("of a negotiation", "Suspended")),
    (Stage.AGREED.value, pgettext_lazy("of a negotiation", "Agreed")),
    (Stage.BROKEN.value, pgettext_lazy("of a negotiation", "No agreement")),
    (Stage.CLOSED.value, pgettext_lazy("of a negotiation", "Closed")),
]
RESULTS = [(stage, label) for stage, label in STAGES if stage in ENDED]


class LabQuerySet(models.QuerySet["Lab"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def for_list(self) -> Self:
        return self.select_related("cohort__version__course").order_by(
            "-opened_at", "pk"
        )


class Lab(models.Model):
    """One table of a negotiation that a course describes; no one in it is real."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="labs")
    code = models.CharField(max_length=60)
    """Which of the course's negotiations."""
    language = models.CharField(max_length=12, default="en")
    """The language in which the parties write their clauses."""
    stage = models.CharField(max_length=12, choices=STAGES, default=Stage.SEATS.value)
    result = models.CharField(max_length=12, choices=RESULTS, blank=True)
    """How it ended, once it has; kept when the table is closed."""
    round = models.PositiveSmallIntegerField(default=0)
    """The number of the round that is played; 0: seats are taken."""
    round_began_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    """When the renegotiation began, which is after the last round."""
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    last_event = models.PositiveIntegerField(default=0)
    """The number of its newest event, by which open pages learn of it."""

    objects = LabQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lab_closed_iff_when",
                condition=Q(stage="closed", closed_at__isnull=False)
                | ~Q(stage="closed") & Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="lab_ended_has_result",
                condition=~Q(stage__in=["agreed", "broken"])
                | Q(result=models.F("stage")),
            ),
        ]

    class Privacy:
        kept = "As long as its cohort."
        cohort = code = language = stage = result = round = round_began_at = plain
        reopened_at = opened_at = closed_at = last_event = plain
        opened_by = personal

    def __str__(self) -> str:
        return f"lab {self.pk}"


class LabParticipant(models.Model):
    """A person plays a party, or mediates; several may play the same."""

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="seats")
    person = models.ForeignKey(User, models.CASCADE, related_name="lab_seats")
    party = models.CharField(max_length=40)
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="seat_one_each", fields=["lab", "person"])
        ]

    class Privacy:
        kept = "As long as its cohort."
        lab = party = taken_at = plain
        person = personal

    def __str__(self) -> str:
        return f"seat {self.pk}"


class LabEvent(models.Model):
    """Something happened at a table; in their order they are the table's history.

    A message has one too, with its channel: by it, the pages of those who read that
    channel, and no others, learn that something is new."""

    class Kind(models.TextChoices):
        SEAT = "seat", _("Seat taken")
        ROUND = "round", _("Round begun")
        BREAK = "break", _("Break called")
        RESUMED = "resumed", _("Break over")
        LEFT = "left", _("Walked away")
        RETURNED = "returned", _("Came back")
        AGREED = "agreed", _("Agreement")
        BROKEN = "broken", _("Broken down")
        REOPENED = "reopened", _("Renegotiation begun")
        CLOSED = "closed", _("Table closed")
        PROPOSED = "proposed", _("Words proposed")
        ACCEPTED = "accepted", _("Words accepted")
        REFUSED = "refused", _("Words refused")
        SIGNED = "signed", _("Text signed")
        UNSIGNED = "unsigned", _("Signature withdrawn")
        MESSAGE = "message", _("Message")

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    channel = models.CharField(max_length=90, blank=True)
    """Of a message: who reads it. Empty: everyone at the table."""
    party = models.CharField(max_length=40, blank=True)
    """The seat that did it; empty: those who lead."""
    clause = models.CharField(max_length=40, blank=True)
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lab_event_once", fields=["lab", "number"])
        ]

    class Privacy:
        kept = "As long as its cohort."
        lab = number = kind = channel = party = clause = round = at = plain

    def __str__(self) -> str:
        return f"lab event {self.pk}"


class LabMessage(models.Model):
    """Something that a seat wrote in a channel. In the channel of one seat alone, it is
    a note to itself."""

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=90)
    party = models.CharField(max_length=40)
    text = models.CharField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index("lab", "channel", name="lab_message_channel")]

    class Privacy:
        kept = "As long as its cohort."
        lab = channel = party = text = at = plain

    def __str__(self) -> str:
        return f"lab message {self.pk}"


class Proposal(models.Model):
    """Words for a clause that a seat put on the table. They never change: a counter is
    another proposal."""

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="proposals")
    clause = models.CharField(max_length=40)
    option = models.CharField(max_length=40, blank=True)
    """The choice that it contains, where the clause has choices."""
    words = models.CharField(max_length=2000, blank=True)
    counters = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The proposal over whose words it was written."""
    party = models.CharField(max_length=40)
    why = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "As long as its cohort."
        lab = clause = option = words = counters = party = why = made_at = plain

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class Acceptance(models.Model):
    """A party accepts a proposal. It accepts one for each clause at most."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="acceptances")
    lab = models.ForeignKey(Lab, models.CASCADE, related_name="acceptances")
    clause = models.CharField(max_length=40)
    party = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="acceptance_one_each", fields=["lab", "clause", "party"]
            )
        ]

    class Privacy:
        kept = "As long as its cohort."
        proposal = lab = clause = party = at = plain

    def __str__(self) -> str:
        return f"acceptance {self.pk}"


class Refusal(models.Model):
    """A party refuses a proposal, with a reason that everyone reads."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="refusals")
    party = models.CharField(max_length=40)
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="refusal_one_each", fields=["proposal", "party"]
            )
        ]

    class Privacy:
        kept = "As long as its cohort."
        proposal = party = why = at = plain

    def __str__(self) -> str:
        return f"refusal {self.pk}"


class Departure(models.Model):
    """A party walked away from the table, until it came back."""

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="departures")
    party = models.CharField(max_length=40)
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="departure_one_each",
                fields=["lab", "party"],
                condition=Q(returned_at=None),
            )
        ]

    class Privacy:
        kept = "As long as its cohort."
        lab = party = why = at = returned_at = plain

    def __str__(self) -> str:
        return f"departure {self.pk}"


class Signature(models.Model):
    """A party signed the text as it was then."""

    lab = models.ForeignKey(Lab, models.CASCADE, related_name="signatures")
    party = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="signature_one_each", fields=["lab", "party"])
        ]

    class Privacy:
        kept = "As long as its cohort."
        lab = party = sha256 = at = plain

    def __str__(self) -> str:
        return f"signature {self.pk}"

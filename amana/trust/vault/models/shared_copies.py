"""What is shared: disclosures, messages, sealed pages, slips, visits."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from amana.privacy import personal, plain, sealed, sensitive
from amana.trust.access.models.organisations import Team
from amana.trust.vault.models.sealed_documents import HeldKey
from amana.trust.vault.models.team_keys import generate_uuid7


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def live(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())


class Disclosure(models.Model):
    """A copy of exactly the fields consented to, under its own key."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    consent = models.UUIDField(db_index=True)
    case = models.UUIDField(db_index=True)
    recipient = models.ForeignKey(Team, models.PROTECT, related_name="disclosures")
    purpose = models.CharField(max_length=40)
    fields = models.JSONField()
    """`compartment.field` names, as in the consent."""
    expires_at = models.DateTimeField(db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    """When the recipient's hold on it was ended, though the consent continues."""
    exposed_at = models.DateTimeField(null=True, blank=True)
    """When a holder lost their right to its key: the next writer reseals it."""
    held_back = models.BooleanField(default=False)
    """The recipient's wrap lies under the server's pepper besides, until `release`."""
    sealed = models.BinaryField()

    objects = DisclosureQuerySet.as_manager()

    class Privacy:
        kept = "Until the consent ends: withdrawn, expired, or the case erased."
        consent = case = recipient = made_at = expires_at = personal
        taken_back_at = exposed_at = held_back = personal
        purpose = fields = sensitive
        sealed = sealed

    def __str__(self) -> str:
        return f"disclosure {self.pk}"


class DisclosureWrap(HeldKey):
    """A disclosure's key, sealed to the recipient, or to who holds the case."""

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, related_name="wraps")

    class Meta(HeldKey.Meta):
        constraints = [
            *HeldKey.Meta.constraints,
            models.UniqueConstraint(
                name="disclosure_wrap_once_per_team",
                fields=["disclosure", "team_key"],
            ),
            models.UniqueConstraint(
                name="disclosure_wrap_once_per_person",
                fields=["disclosure", "person_key"],
            ),
        ]

    class Privacy:
        kept = "As the disclosure."
        disclosure = team_key = person_key = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"wrap of disclosure {self.disclosure_id}"


class DisclosureMessage(models.Model):
    """A sealed message between the two teams of a disclosure; goes when it goes."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    disclosure = models.ForeignKey(Disclosure, models.CASCADE, related_name="letters")
    name = models.CharField(max_length=60)
    """`note`, `appointment`, `handover` …: a kind, never a personal word."""
    sealed = models.BinaryField()
    written_at = models.DateTimeField(default=timezone.now)
    held_for = models.UUIDField(null=True, blank=True, db_index=True)
    """The decision with which it is sent; until then no one can read it."""

    class Privacy:
        kept = "As the disclosure."
        disclosure = name = written_at = personal
        held_for = plain
        sealed = sealed

    def __str__(self) -> str:
        return f"letter {self.pk}"


class SealedPageQuerySet(models.QuerySet["SealedPage"]):
    def open(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())


class SealedPage(models.Model):
    """A disclosure for someone without the system, to be opened once by a code."""

    # The page's address: nothing in it shows when it was made.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    disclosure = models.OneToOneField(Disclosure, models.CASCADE, related_name="offer")
    salt = models.BinaryField(max_length=16)
    cost = models.JSONField()
    sealed = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    objects = SealedPageQuerySet.as_manager()

    class Privacy:
        kept = "Until it is opened, tried in vain five times, or a week has passed."
        disclosure = tries = made_at = expires_at = personal
        salt = cost = plain
        sealed = sealed

    def __str__(self) -> str:
        return f"offer {self.pk}"


class Letterbox(models.Model):
    """Where those without the system put letters: holders of the disclosure open it,
    and a sender who puts a letter in opens nothing (`slips`)."""

    disclosure = models.OneToOneField(
        Disclosure, models.CASCADE, primary_key=True, related_name="letterbox"
    )
    sealed = models.BinaryField()
    """Its private key, under the disclosure's. The public half is on each slip."""

    class Privacy:
        kept = "As the disclosure."
        disclosure = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"letterbox of {self.disclosure_id}"


class ReturnSlipQuerySet(models.QuerySet["ReturnSlip"]):
    def good(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())


class ReturnSlip(models.Model):
    """A return slip: the bearer of its code may answer, and open nothing. It outlives
    what was shared, so that the bearer can be asked to destroy their copies."""

    class Way(models.TextChoices):
        PAGE = "page"
        PAPER = "paper"
        TOLD = "told"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(max_length=4, unique=True)
    """The first four signs of the code: they find it, and open nothing."""
    disclosure = models.UUIDField(db_index=True)
    page = models.UUIDField(null=True, blank=True, unique=True)
    """The offer that it was handed out with."""
    way = models.CharField(max_length=5, choices=Way)
    salt = models.BinaryField(max_length=16)
    cost = models.JSONField()
    sealed = models.BinaryField()
    """The public key of the letterbox, under the code: what proves the code as well."""
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    objects = ReturnSlipQuerySet.as_manager()

    class Privacy:
        kept = "Until revoked, tried in vain five times, or 30 days after the consent."
        number = disclosure = page = way = tries = made_at = expires_at = personal
        salt = cost = plain
        sealed = sealed

    def __str__(self) -> str:
        return f"slip {self.pk}"


class VisitQuerySet(models.QuerySet["Visit"]):
    def open(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())


class Visit(models.Model):
    """A page, or a slip, that a code opened: it stays open for a quarter of an hour in
    the browser that opened it, whose cookie alone holds the key."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    page = models.UUIDField(null=True, blank=True)
    """The offer that was opened; of a slip, None."""
    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, null=True, blank=True, related_name="visits"
    )
    slip = models.ForeignKey(
        ReturnSlip, models.CASCADE, null=True, blank=True, related_name="visits"
    )
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_of_a_page_or_of_a_slip",
                condition=Q(page__isnull=False, disclosure__isnull=False, slip=None)
                | Q(page=None, disclosure=None, slip__isnull=False),
            )
        ]

    class Privacy:
        kept = "A quarter of an hour."
        page = disclosure = slip = expires_at = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"visit {self.pk}"

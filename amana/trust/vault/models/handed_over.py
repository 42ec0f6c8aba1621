"""What waits for a team: parcels, keys of drafts, drafts."""

from django.db import models
from django.utils import timezone

from amana.privacy import personal, plain, sealed
from amana.trust.access.models.organisations import Team
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models.sealed_documents import HeldKey
from amana.trust.vault.models.team_keys import generate_uuid7


class Parcel(HeldKey):
    """One part of what was handed to a team before there is a case (`parcels`)."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    about = models.UUIDField()
    part = models.CharField(max_length=10, choices=Compartment)
    content = models.BinaryField()
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta(HeldKey.Meta):
        constraints = [
            *HeldKey.Meta.constraints,
            models.UniqueConstraint(name="parcel_part_once", fields=["about", "part"]),
        ]

    class Privacy:
        kept = "Until it is in a case, or answered; 30 days at most."
        about = part = team_key = person_key = sealed_at = personal
        sealed = content = sealed

    def __str__(self) -> str:
        return f"parcel {self.pk}"


class DraftKey(HeldKey):
    """To which the browsers of a team's people seal what they finished without a
    network. One for each epoch of the team's key; the private half lies sealed under
    the team's current key."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="draft_keys")
    epoch = models.PositiveIntegerField()
    """Of the team's key, when this one was made."""
    public = models.BinaryField(max_length=65)
    voucher = models.BinaryField(max_length=32)
    """Proof by the person who made it, under the team's key that it is sealed to:
    anyone can seal another pair to that key, and only its holders can vouch for one."""
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(HeldKey.Meta):
        constraints = [
            *HeldKey.Meta.constraints,
            models.UniqueConstraint(
                name="draft_key_one_an_epoch", fields=["team", "epoch"]
            ),
        ]

    class Privacy:
        kept = "As long as the team: a device may come back late."
        team = epoch = public = voucher = made_at = plain
        team_key = person_key = plain
        sealed = sealed

    def __str__(self) -> str:
        return f"draft key {self.pk}"


class WaitingDraft(HeldKey):
    """What a browser sealed and sent, until someone of the team unlocks and takes it;
    sealed once more, to the team's hybrid key."""

    id = models.UUIDField(primary_key=True, editable=False)
    """Made by the device."""
    draft_key = models.ForeignKey(DraftKey, models.PROTECT, related_name="waiting")
    received_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "Until it is taken."
        draft_key = received_at = team_key = person_key = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"waiting draft {self.pk}"

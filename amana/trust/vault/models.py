"""Keys, and what is sealed with them. No row here is readable without a person."""

import os
import time
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.errors import Changed
from amana.privacy import personal, plain, sealed, sensitive
from amana.trust.access.models import Membership, Team
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.removal_states import (
    KEPT_AT_MOST,
    OPEN,
    PENDING,
    UNDONE_WITHIN,
    RemovalStatus,
)


def generate_uuid7() -> UUID:
    """Generate a random id that sorts by its time of birth (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 7 << 76
    return UUID(int=number & ~(3 << 62) | 2 << 62)


class PersonKey(models.Model):
    """The public half of someone's key; the private half only under their secrets."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="person_key"
    )
    public = models.BinaryField()
    verify_key = models.BinaryField(max_length=32)
    """With it everyone checks what the person signed (`signing`)."""
    made_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "Until the person leaves or starts again with a new key."
        user = made_at = personal
        public = verify_key = plain

    def __str__(self) -> str:
        return f"key of person {self.user_id}"


class PersonWrap(models.Model):
    """A person's private key, sealed under one of their secrets."""

    class Method(models.TextChoices):
        PASSPHRASE = "passphrase"  # noqa: S105 — the name of a method
        RECOVERY = "recovery"

    person_key = models.ForeignKey(PersonKey, models.CASCADE, related_name="wraps")
    method = models.CharField(max_length=12, choices=Method)
    salt = models.BinaryField(max_length=16)
    cost = models.JSONField()
    """What Argon2id was told, and which pepper, if any, was in it."""
    sealed = models.BinaryField()
    seen = models.BinaryField(default=b"")
    """The last statement of the roster that the person has seen, sealed with their key:
    nobody cuts it back behind them."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="person_wrap_one_of_each_method", fields=["person_key", "method"]
            )
        ]

    class Privacy:
        kept = "As the key that it opens, or until the secret is changed."
        person_key = method = personal
        salt = cost = plain
        seen = sealed = sealed

    def __str__(self) -> str:
        return f"{self.method} of key {self.person_key_id}"


class TeamKey(models.Model):
    """One epoch of a team's key; a new epoch begins when someone leaves."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="keys")
    epoch = models.PositiveIntegerField(default=1)
    public = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    to_move = models.PositiveIntegerField(default=0)
    """How much was sealed under earlier epochs when this one began."""
    moved = models.PositiveIntegerField(default=0)
    """How much of it has been sealed anew under this one."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When nothing was left under earlier epochs, and their keys were destroyed."""
    kept_until = models.DateTimeField(null=True, blank=True)
    """When all is sealed anew but records that could not be: until when the earlier
    keys are kept for them (`unopened`)."""
    exposed_at = models.DateTimeField(null=True, blank=True)
    """When a holder lost their right to it, or their own keys: the next keyholder who
    unlocks, or writes, begins a new epoch."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="team_key_epoch_once", fields=["team", "epoch"]
            ),
            models.UniqueConstraint(
                name="team_key_one_current",
                fields=["team"],
                condition=Q(retired_at=None),
            ),
        ]

    class Privacy:
        kept = "As long as the team; the private half only while it is needed."
        team = epoch = public = made_at = retired_at = plain
        to_move = moved = settled_at = kept_until = exposed_at = plain

    def __str__(self) -> str:
        return f"key {self.epoch} of team {self.team_id}"


class UnopenedRecord(models.Model):
    """A record that could not be sealed anew under a team's new key, and was set aside:
    what it is lies under an earlier key (`unopened`)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    """Its model, as `vault.SearchCard`."""
    row = models.CharField(max_length=36)
    """Its id."""
    error = models.CharField(max_length=80, blank=True)
    """The class of the error; empty: the earlier key does not open it."""
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="unopened_once", fields=["kind", "row"])
        ]

    class Privacy:
        kept = "Until the earlier keys are destroyed, or it is tried again."
        team = kind = error = found_at = plain
        row = personal

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"


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
    """Who withdrew or undid it; None: nobody, or the clock."""
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

    def move(self, to: RemovalStatus, **changes: Any) -> None:
        """Change the status, unless someone else changed it first."""
        # The status is compared in the update itself: two people who decide at once
        # would both have read the earlier one.
        free = KeyRemoval.objects.filter(pk=self.pk, status=self.status)
        if to not in self.state.next or not free.update(status=to, **changes):
            raise Changed(str(_("Someone else has already decided this.")))
        for name, value in {"status": to, **changes}.items():
            setattr(self, name, value)


class TeamWrap(models.Model):
    """A team's private key, sealed to one member."""

    team_key = models.ForeignKey(TeamKey, models.CASCADE, related_name="wraps")
    person_key = models.ForeignKey(PersonKey, models.CASCADE, related_name="team_wraps")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="team_wrap_once", fields=["team_key", "person_key"]
            )
        ]

    class Privacy:
        kept = "Until the member leaves, or the epoch is settled."
        team_key = person_key = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"team key {self.team_key_id} for person key {self.person_key_id}"


class RecoveryKeyQuerySet(models.QuerySet["RecoveryKey"]):
    def proposed(self) -> Self:
        """Filter those that a second keyholder has still to confirm."""
        return self.filter(confirmed_at=None, ended_at=None)

    def current(self) -> Self:
        """Filter those to which teams' keys are sealed."""
        return self.filter(confirmed_at__isnull=False, ended_at=None)


class RecoveryKey(models.Model):
    """What opens a team's keys when the team has lost them: its public half. The other
    half is nowhere; three of five other organisations can put it together."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="recovery_keys")
    public = models.BinaryField(default=b"")
    """Empty before a second keyholder has confirmed the custodians."""
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
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was withdrawn, used up, or another took its place."""

    objects = RecoveryKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recovery_key_one_proposed",
                fields=["team"],
                condition=Q(confirmed_at=None, ended_at=None),
            ),
            models.UniqueConstraint(
                name="recovery_key_one_current",
                fields=["team"],
                condition=Q(confirmed_at__isnull=False, ended_at=None),
            ),
            # As for a removal: two people, whatever the code above asks.
            models.CheckConstraint(
                name="recovery_key_confirmed_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=models.F("proposed_by")),
            ),
        ]

    class Privacy:
        kept = "As long as the team; the shares until it is used up or replaced."
        team = public = ended_at = plain
        proposed_by = proposed_at = confirmed_by = confirmed_at = personal

    def __str__(self) -> str:
        return f"recovery key {self.pk} of team {self.team_id}"


class RecoveryWrap(models.Model):
    """A team's private key, sealed to its recovery key."""

    recovery = models.ForeignKey(RecoveryKey, models.CASCADE, related_name="wraps")
    team_key = models.ForeignKey(TeamKey, models.CASCADE, related_name="recovery_wraps")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recovery_wrap_once", fields=["recovery", "team_key"]
            )
        ]

    class Privacy:
        kept = "Until the epoch is settled, or the recovery key is used up or replaced."
        recovery = team_key = plain
        sealed = sealed

    def __str__(self) -> str:
        return f"team key {self.team_key_id} for recovery key {self.recovery_id}"


class HeldKey(models.Model):
    """A key sealed to its holder: a team, or (restricted case) a named person."""

    # PROTECT: a team's key can't be deleted while anything is still sealed to it.
    team_key = models.ForeignKey(
        TeamKey, models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    # CASCADE: what only this person could open is lost with their key, on purpose.
    person_key = models.ForeignKey(
        PersonKey, models.CASCADE, null=True, blank=True, related_name="%(class)ss"
    )
    sealed = models.BinaryField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_held_by_one",
                condition=Q(team_key=None, person_key__isnull=False)
                | Q(team_key__isnull=False, person_key=None),
            )
        ]

    @property
    def holder(self) -> str:
        """Names the holder in what binds the sealed key to it."""
        if self.team_key_id:
            return f"team:{self.team_key_id}"
        return f"person:{self.person_key_id}"


class CompartmentKey(models.Model):
    """The key of one compartment of one case. Deleting it shreds the compartment."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.UUIDField()
    compartment = models.CharField(max_length=10, choices=Compartment)
    exposed_at = models.DateTimeField(null=True, blank=True)
    """When a holder lost their right to it: the next writer seals all of it anew."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="compartment_key_once", fields=["case", "compartment"]
            )
        ]

    class Privacy:
        kept = "As long as the case; erasing it shreds all that is sealed under it."
        case = compartment = exposed_at = personal

    def __str__(self) -> str:
        return f"{self.compartment} key {self.pk}"


class CompartmentWrap(HeldKey):
    """A compartment's key, sealed to one holder."""

    key = models.ForeignKey(CompartmentKey, models.CASCADE, related_name="wraps")

    class Meta(HeldKey.Meta):
        constraints = [
            *HeldKey.Meta.constraints,
            models.UniqueConstraint(
                name="compartment_wrap_once_per_team", fields=["key", "team_key"]
            ),
            models.UniqueConstraint(
                name="compartment_wrap_once_per_person", fields=["key", "person_key"]
            ),
        ]

    class Privacy:
        kept = "As the key that it opens, as long as the holder holds it."
        key = team_key = person_key = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"wrap of {self.key_id}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def current(self) -> Self:
        return self.filter(superseded_at=None)

    def of_case(self, case: UUID) -> Self:
        return self.filter(key__case=case)


class Document(models.Model):
    """One revision of one sealed JSON document in a compartment."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    key = models.ForeignKey(CompartmentKey, models.CASCADE, related_name="documents")
    name = models.CharField(max_length=60)
    """`record`, or kind/uuid: never a personal word."""
    revision = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    written_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="document_revision_once", fields=["key", "name", "revision"]
            ),
            models.UniqueConstraint(
                name="document_one_current",
                fields=["key", "name"],
                condition=Q(superseded_at=None),
            ),
        ]

    class Privacy:
        kept = "As long as the case."
        key = name = revision = written_at = superseded_at = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"document {self.pk}"


class CaseLink(models.Model):
    """One signed link of a case's manifest: its whole state, or what narrows it
    (`manifest`). Each names the hash of the one before."""

    class Kind(models.TextChoices):
        STATE = "state"
        ENDS = "ends"  # a consent
        RELEASES = "releases"  # a holder whose keys were taken
        RETURNS = "returns"  # to a holder whose keys were given back
        FORGETS = "forgets"  # a document that was deleted
        SHREDS = "shreds"  # a compartment's key
        ERASES = "erases"  # the case

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    chain = models.UUIDField()
    """A hash of the case's id (`manifest.compute_chain_id`): after it is erased, what
    is left here names no case.
    """
    place = models.PositiveIntegerField()
    before = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=8, choices=Kind)
    body = models.TextField()
    """Empty once the log has a later state: then the chain is enough."""
    signer = models.CharField(max_length=20)
    """`key:` and the id of the `PersonKey` of the person who acted, or `log`."""
    signature = models.BinaryField(max_length=64)
    countersignature = models.BinaryField(max_length=64, null=True, blank=True)
    """By the log's key, where the signer lost theirs before the log took it in."""
    hash = models.BinaryField(max_length=32)
    taken_in = models.BooleanField(default=False)
    """Whether the log has it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="case_link_once", fields=["chain", "place"])
        ]
        indexes = [
            models.Index(
                name="case_link_waiting",
                fields=["chain", "place"],
                condition=Q(taken_in=False),
            )
        ]

    class Privacy:
        kept = "With the case; of one that was erased, only that it was."
        chain = place = before = kind = signature = countersignature = personal
        hash = taken_in = personal
        body = sensitive
        signer = personal

    def __str__(self) -> str:
        return f"link {self.place} of {self.chain}"


class CaseHead(models.Model):
    """Which link of a case was its last when the log was sealed (`heads`)."""

    chain = models.UUIDField(primary_key=True)
    bucket = models.PositiveSmallIntegerField(db_index=True)
    place = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)

    class Privacy:
        kept = "As the log: else an erased case could come back."
        place = hash = personal
        bucket = plain

    def __str__(self) -> str:
        return f"last link of {self.chain}"


class HeadMap(models.Model):
    """The hashes of all buckets of heads, whose own hash is the log's last entry."""

    tops = models.BinaryField()

    class Privacy:
        kept = "One row, replaced whenever the log is sealed."
        tops = plain

    def __str__(self) -> str:
        return "map of heads"


class SealedFile(models.Model):
    """A file's bytes, under a key of its own that its compartment's key opens."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    key = models.ForeignKey(CompartmentKey, models.CASCADE, related_name="files")
    own_key = models.BinaryField(max_length=64)
    sealed = models.BinaryField()
    sealed_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "As long as the case."
        key = sealed_at = personal
        own_key = sealed
        sealed = sealed

    def __str__(self) -> str:
        return f"file {self.pk}"


class SearchCard(HeldKey):
    """The few words by which a holder finds a case again."""

    case = models.UUIDField()

    class Meta(HeldKey.Meta):
        constraints = [
            *HeldKey.Meta.constraints,
            models.UniqueConstraint(
                name="search_card_once_per_team", fields=["case", "team_key"]
            ),
            models.UniqueConstraint(
                name="search_card_once_per_person", fields=["case", "person_key"]
            ),
        ]

    class Privacy:
        kept = "As long as the case."
        case = team_key = person_key = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"search card of case {self.case}"


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
    """When the recipient's hold on it was ended, though the consent goes on."""
    exposed_at = models.DateTimeField(null=True, blank=True)
    """When a holder lost their right to its key: the next writer seals it anew."""
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
    """The decision with which it goes out; until then nobody reads it."""

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
    """Where those without the system put letters: whoever holds the disclosure opens
    it, and whoever puts something in opens nothing (`slips`)."""

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
    """A return slip: whoever holds its code may answer, and open nothing. It outlives
    what was shared, so that its bearer can be told to destroy their copies."""

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
    """The word of who made it, under the team's key that it is sealed to: anybody can
    seal another pair to that key, and only its holders can vouch for one."""
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


# --- what was erased, and the clock by which that happens


class Heartbeat(models.Model):
    """When the timers last ran, and by which start of the machine (`heartbeat`)."""

    at = models.DateTimeField()
    boot = models.CharField(max_length=40, blank=True)
    booted_at = models.DateTimeField()
    """By the clock and the counter at the first reading since that start."""
    doubted_at = models.DateTimeField(null=True, blank=True)
    """Since when nothing is destroyed: the clock may have jumped."""
    stopped_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)
    """Of the last outage: when the timers had last run before it, and when again."""

    class Privacy:
        kept = "The last one."
        at = boot = booted_at = doubted_at = plain
        stopped_at = resumed_at = plain

    def __str__(self) -> str:
        return f"heartbeat at {self.at}"


class ErasedLine(models.Model):
    """One line of the list of what was erased: what kind and why, never whose."""

    class Why(models.TextChoices):
        TIME = "time", _("The set time is over")
        REQUEST = "request", _("The person asked for it")

    place = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=20)
    on = models.DateField()
    why = models.CharField(max_length=8, choices=Why)
    count = models.PositiveIntegerField()
    tokens = models.JSONField(default=list)
    """Hashes of the ids of the keys that were destroyed. No page, address or log ever
    named those ids: only an older copy of the database still holds them."""
    by = models.JSONField(default=list)
    """Who decided it, two of them; empty: the clock."""
    before = models.CharField(max_length=64, blank=True)
    """The hash of the line before."""
    signature = models.CharField(max_length=128)
    """By the log's key, which does not lie in the database."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erased_line_counts_something", condition=Q(count__gt=0)
            )
        ]

    class Privacy:
        kept = "Ten years: longer than any copy of the database."
        place = kind = on = why = count = tokens = before = signature = plain
        by = personal

    def __str__(self) -> str:
        return f"line {self.place} of what was erased"

"""A case's compartments: keys, documents, files, its manifest, its search card."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from amana.privacy import personal, plain, sealed, sensitive
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models.team_keys import PersonKey, TeamKey, generate_uuid7


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
    """When a holder lost their right to it: the next writer reseals all of it."""

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

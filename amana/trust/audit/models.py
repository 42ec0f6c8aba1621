"""The append-only log: who, in which role, did what, to which object, for what.

The database itself refuses to change or delete these rows (migration 0002). What makes
the log provable lies in tables of its own, filled a moment after the commit, so that
no writer waits for another (ADR 8).
"""

from typing import Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from amana.privacy import personal, plain, sensitive


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about_case(self, case: UUID) -> Self:
        """Filter what was done to a case."""
        return self.filter(case=case)

    def touching_case(self, case: UUID) -> Self:
        """Filter what was done to a case, and each list or search that showed it; by
        two indexes, not by OR.
        """
        # With OR, neither index serves, and the whole log is read.
        done = AuditEvent.objects.filter(case=case).values_list("pk")
        shown = AuditMention.objects.filter(case=case).values_list("event")
        return self.filter(pk__in=done.union(shown))


class AuditEvent(models.Model):
    """One thing that someone did, kept by value, so that no deletion can touch it."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=60)
    role = models.CharField(max_length=120, blank=True)
    did = models.CharField(max_length=60)
    thing = models.CharField(max_length=120, blank=True)
    case = models.UUIDField(null=True, blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    commitment = models.BinaryField(max_length=32)
    """SHA-256(salt ‖ details): the details can be shredded, the proof stays."""

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="audit_event_by_case"),
            models.Index(fields=["actor", "id"], name="audit_event_by_actor"),
            models.Index(fields=["did", "id"], name="audit_event_by_did"),
        ]

    class Privacy:
        kept = "Ten years; the log only grows, and its proof needs every entry."
        at = actor = role = case = thing = personal
        did = purpose = commitment = plain

    def __str__(self) -> str:
        return f"event {self.pk}: {self.did}"


class AuditMention(models.Model):
    """A case that an event showed among others, as in a list or a search."""

    event = models.ForeignKey(AuditEvent, models.PROTECT, related_name="mentions")
    case = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_mention_once", fields=["case", "event"])
        ]

    class Privacy:
        kept = "As the event."
        event = plain
        case = personal

    def __str__(self) -> str:
        return f"case {self.case} in event {self.event_id}"


class AuditDetail(models.Model):
    """What an event's commitment stands for; may be shredded, never changed."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, primary_key=True)
    salt = models.BinaryField(max_length=16)
    details = models.JSONField()

    class Privacy:
        kept = "Until the case is erased; ten years otherwise."
        event = salt = plain
        details = sensitive

    def __str__(self) -> str:
        return f"detail of event {self.event_id}"


# --- the tree over the events


class AuditPending(models.Model):
    """An event that waits to be sealed. A trigger writes it, in the event's insert.

    On PostgreSQL a column `transaction` says which transaction that was."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, primary_key=True)

    class Privacy:
        kept = "A moment, until the event is sealed."
        event = plain

    def __str__(self) -> str:
        return f"event {self.event_id} waits"


class AuditLeaf(models.Model):
    """The place of one event in the tree, with its hash. Places have no gap."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="leaf")
    hash = models.BinaryField(max_length=32)

    class Privacy:
        kept = "As the event."
        position = event = hash = plain

    def __str__(self) -> str:
        return f"leaf {self.position}"


class AuditNode(models.Model):
    """The hash over 256, 65,536 … leaves, so that no proof has to read them all."""

    level = models.PositiveSmallIntegerField()
    place = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_node_once", fields=["level", "place"])
        ]

    class Privacy:
        kept = "As the events under it."
        level = place = hash = plain

    def __str__(self) -> str:
        return f"node {self.place} of level {self.level}"


class Checkpoint(models.Model):
    """The log's signed word on what it held at one size; outsiders keep copies."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField()
    """Origin, size and root with a signature, as a C2SP signed note."""

    class Privacy:
        kept = "As the log."
        size = root = at = note = plain

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class LogStart(models.Model):
    """Where a new log begins, because two people declared a restoration.

    It begins with the entries that are left of the one before, under a new name."""

    position = models.BigIntegerField(primary_key=True)
    """The place of its first own entry, which names the last checkpoint seen."""
    origin = models.CharField(max_length=200, unique=True)
    seen = models.TextField()
    """The last checkpoint of the log before that is known of, as a signed note."""

    class Privacy:
        kept = "As the log."
        position = origin = seen = plain

    def __str__(self) -> str:
        return f"log from entry {self.position}"


class Cosignature(models.Model):
    """A witness's signature under one of our checkpoints, which its key bears out."""

    size = models.BigIntegerField()
    name = models.CharField(max_length=200)
    """The witness's, as in its signatures."""
    line = models.TextField()
    """The line of the note, as it came."""
    at = models.DateTimeField()
    """When it was given, as the witness says."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="cosignature_once", fields=["size", "name"])
        ]

    class Privacy:
        kept = "As the log."
        size = name = line = at = plain

    def __str__(self) -> str:
        return f"cosignature at {self.size} by {self.name}"

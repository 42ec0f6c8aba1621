"""Courses that are being written: their files, as they will be published."""

from hashlib import sha256
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from amana.academy.courses.models import Version
from amana.privacy import personal, plain
from amana.trust.access.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def for_list(self) -> Self:
        return self.select_related("published_as__course").order_by("-changed_at", "pk")


class Draft(models.Model):
    """A course on its way to its next version."""

    name = models.CharField(max_length=60)
    """The folder's name; what the course is called stands in its files."""
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    """Published or put away; its files are gone then."""
    published_as = models.OneToOneField(
        Version, models.PROTECT, null=True, blank=True, related_name="written_as"
    )

    writers = models.ManyToManyField(User, related_name="+", blank=True)
    """The people who wrote in it; a colleague who did not has to publish it."""

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="course_draft_published_is_ended",
                condition=Q(published_as=None) | Q(ended_at__isnull=False),
            )
        ]

    class Privacy:
        kept = "As long as the course."
        name = begun_at = changed_at = ended_at = published_as = plain
        begun_by = writers = personal

    def __str__(self) -> str:
        return self.name

    def content(self) -> dict[str, bytes]:
        return {
            path: bytes(content)
            for path, content in self.files.values_list("path", "content")
        }


class DraftFile(models.Model):
    """One file, as its author wrote it."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    path = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="course_draft_file_once", fields=["draft", "path"]
            )
        ]

    class Privacy:
        kept = "Until the draft is published or put away."
        draft = path = content = sha256 = plain

    def __str__(self) -> str:
        return self.path


def compute_digest(content: bytes) -> str:
    return sha256(content).hexdigest()

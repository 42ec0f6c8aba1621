"""Comments, signatures, and who plays which role."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from amana.design.directory.models import Area
from amana.design.mechanism.models.versions import Mechanism, Version
from amana.privacy import personal, plain
from amana.trust.access.models.organisations import Organisation, Team, User


class CommentQuerySet(models.QuerySet["Comment"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def for_list(self) -> Self:
        return self.select_related("by", "organisation", "settled_by").order_by(
            "at", "pk"
        )


class Comment(models.Model):
    """What a colleague says of a version in consultation, or of one of its steps."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="comments")
    step = models.CharField(max_length=60, blank=True)
    """The step that is spoken of; empty: the whole."""
    words = models.TextField(max_length=4000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(max_length=4000, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="comment_settled_by_someone",
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            )
        ]

    class Privacy:
        kept = "As long as its version."
        version = step = at = settled_at = plain
        words = by = organisation = settled_by = answer = personal

    def __str__(self) -> str:
        return f"comment {self.pk}"


class RoleHolder(models.Model):
    """The agency here that is meant by an organisation named in the pack."""

    mechanism = models.ForeignKey(
        Mechanism, models.PROTECT, related_name="seats", db_index=False
    )
    code = models.CharField(max_length=60)
    """As in `organisations` of mechanism.yaml."""
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="seat_of_one_organisation", fields=["mechanism", "code"]
            )
        ]

    class Privacy:
        kept = "As long as the mechanism."
        mechanism = code = organisation = plain

    def __str__(self) -> str:
        return self.code


class Signature(models.Model):
    """An organisation agrees to exactly the files whose SHA-256 this is."""

    version = models.ForeignKey(
        Version, models.PROTECT, related_name="signatures", db_index=False
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="signature_one_of_each_organisation",
                fields=["version", "organisation", "sha256"],
            )
        ]

    class Privacy:
        kept = "As long as its version."
        version = organisation = sha256 = at = plain
        by = personal

    def __str__(self) -> str:
        return f"signature {self.pk}"


class RolePlayerQuerySet(models.QuerySet["RolePlayer"]):
    def of_role(self, role: str) -> Self:
        return self.filter(role=role)

    def for_list(self) -> Self:
        return self.select_related("team__organisation", "area").order_by(
            "role", "area__path", "team__organisation__name", "team__name"
        )


class RolePlayer(models.Model):
    """A team plays a role of the mechanism: everywhere, or in one area."""

    mechanism = models.ForeignKey(
        Mechanism, models.PROTECT, related_name="parts", db_index=False
    )
    role = models.CharField(max_length=60)
    team = models.ForeignKey(Team, models.PROTECT, related_name="parts")
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RolePlayerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="part_once_in_an_area",
                fields=["mechanism", "role", "team", "area"],
                condition=Q(area__isnull=False),
            ),
            models.UniqueConstraint(
                name="part_once_everywhere",
                fields=["mechanism", "role", "team"],
                condition=Q(area=None),
            ),
        ]

    class Privacy:
        kept = "As long as the mechanism."
        mechanism = role = team = area = plain

    def __str__(self) -> str:
        return self.role

"""Views of lists that people have saved, for themselves or for their team."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from amana.privacy import personal, plain, sealed
from amana.trust.access.models import Team, User
from amana.trust.vault.models import HeldKey, generate_uuid7

MOST_VIEWS = 20
"""So many views of all lists a person saves, and so many a team."""


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def with_default(self, user: User) -> Self:
        """Annotate whether a user has chosen it to begin with."""
        begun = DefaultView.objects.filter(user=user, view=OuterRef("pk"))
        return self.annotate(is_default=Exists(begun))


class SavedView(HeldKey):
    """What a list is filtered and sorted by, under a name that is sealed to its
    readers: one person, or a team."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    list = models.CharField(max_length=12)
    """The code of the list in `saved.LISTS`."""
    kind = models.CharField(max_length=12, blank=True)
    """Which part of that list, as its address names it."""
    query = models.CharField(max_length=600, blank=True)
    """As the list's address has it: codes and ids, and nothing that was typed."""
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views"
    )
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="saved_views"
    )
    """The team that shares it; none: it is the owner's alone."""
    saved_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta(HeldKey.Meta):
        indexes = [
            models.Index(fields=["owner", "list"]),
            models.Index(fields=["team", "list"]),
        ]

    class Privacy:
        kept = "Until it is deleted, or its owner's account or its team goes."
        list = kind = saved_at = plain
        query = owner = team = team_key = person_key = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"saved view {self.pk}"


class DefaultView(models.Model):
    """With which of the views one person begins a list."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="default_views"
    )
    list = models.CharField(max_length=12)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="begins")

    class Privacy:
        kept = "Until another is chosen, or the view is deleted."
        user = view = personal
        list = plain

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="default_view_one_a_list", fields=["user", "list"]
            )
        ]

    def __str__(self) -> str:
        return f"default view {self.pk}"

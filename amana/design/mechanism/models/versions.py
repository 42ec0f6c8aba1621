"""A mechanism, its versions and their files."""

from collections.abc import Mapping
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.design.mechanism import pack_memory
from amana.design.mechanism.pack.pack_model import Pack
from amana.errors import Refused
from amana.privacy import personal, plain
from amana.trust.access.models.organisations import User

type Files = Mapping[str, bytes]


class Mechanism(models.Model):
    """An agreed way of working together; what it says stands in its versions."""

    code = models.SlugField(max_length=60, unique=True)
    """The `id` in its file, which never changes."""
    title = models.CharField(max_length=200)
    retires_on = models.DateField(null=True, blank=True)
    """From this day on no new case follows it."""
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    """Where its running cases continue from that day on; without one, by this one to
    their end."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mechanism_successor_only_if_retiring",
                condition=Q(retires_on__isnull=False) | Q(successor=None),
            )
        ]

    class Privacy:
        kept = "As long as the mechanism."
        code = title = retires_on = successor = plain

    def __str__(self) -> str:
        return self.title

    @property
    def is_retired(self) -> bool:
        return self.retires_on is not None and self.retires_on <= timezone.localdate()


class VersionQuerySet(models.QuerySet["Version"]):
    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def in_force(self) -> Self:
        return self.filter(state=State.IN_FORCE)

    def in_force_first(self) -> Self:
        """Find what is in force, in the order in which the mechanisms were created."""
        return self.in_force().select_related("mechanism").order_by("mechanism")

    def open_first(self) -> Self:
        """Find, in the same order, what new cases can follow: without what has
        retired."""
        retired = Q(mechanism__retires_on__lte=timezone.localdate())
        return self.in_force_first().exclude(retired)

    def for_list(self) -> Self:
        return self.select_related("mechanism", "made_from", "begun_by").order_by(
            "mechanism", "-number"
        )


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONSULTATION = "consultation", _("In consultation")
    ADOPTED = "adopted", _("Adopted")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")

    @property
    def next(self) -> frozenset["State"]:
        return NEXT[self]


NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.CONSULTATION}),
    State.CONSULTATION: frozenset({State.DRAFT, State.ADOPTED}),
    State.ADOPTED: frozenset({State.IN_FORCE}),
    State.IN_FORCE: frozenset({State.SUPERSEDED}),
    State.SUPERSEDED: frozenset(),
}


FIXED = frozenset({State.ADOPTED, State.IN_FORCE, State.SUPERSEDED})
"""States of a version that never changes any more; the database sees to that."""


class Version(models.Model):
    """One wording of the mechanism: a pack of files, named by their SHA-256."""

    mechanism = models.ForeignKey(
        Mechanism, models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    made_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the present files; what organisations sign. See `compute_fingerprint`."""
    renamed = models.JSONField(default=dict, blank=True)
    """Steps that got another code since `made_from`: old code to new, so that what
    stands at them is found again."""
    revision = models.PositiveIntegerField(default=0)
    """Counts the changes of a draft, so that two people's never cross."""
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    consulted_at = models.DateTimeField(null=True, blank=True)
    consulted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_force_at = models.DateTimeField(null=True, blank=True)
    in_force_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="version_number_in_mechanism", fields=["mechanism", "number"]
            ),
            models.UniqueConstraint(
                name="version_one_in_force",
                fields=["mechanism"],
                condition=Q(state="in_force"),
            ),
            models.CheckConstraint(
                name="version_adopted_at_iff_adopted",
                condition=Q(
                    state__in=["adopted", "in_force", "superseded"],
                    adopted_at__isnull=False,
                )
                | Q(state__in=["draft", "consultation"], adopted_at=None),
            ),
            models.CheckConstraint(
                name="version_in_force_at_iff_was_in_force",
                condition=Q(
                    state__in=["in_force", "superseded"], in_force_at__isnull=False
                )
                | Q(
                    state__in=["draft", "consultation", "adopted"],
                    in_force_at=None,
                ),
            ),
        ]

    class Privacy:
        kept = "As long as a case or a record refers to it."
        mechanism = number = state = made_from = sha256 = plain
        renamed = revision = plain
        begun_at = consulted_at = adopted_at = in_force_at = superseded_at = plain
        begun_by = consulted_by = adopted_by = in_force_by = personal

    def __str__(self) -> str:
        return say("Version %(number)s") % {"number": self.number}

    @property
    def is_fixed(self) -> bool:
        return self.state in FIXED

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    def content(self) -> dict[str, bytes]:
        """Read its files, by their path in the pack."""
        rows = self.files.order_by("path").values_list("path", "content")
        return {path: bytes(content) for path, content in rows}

    def move(self, to: State, **changes: object) -> None:
        """Change the state. Raises `Refused` when someone else changed the version
        first.
        """
        was = State(self.state)
        # The revision too: a draft that changed after it was checked for faults must
        # not be opened or adopted by that check.
        free = Version.objects.filter(pk=self.pk, state=was, revision=self.revision)
        if to not in was.next or not free.update(state=to, **changes):
            raise Refused(
                say("This version can no longer become “%(state)s”.")
                % {"state": to.label}
            )
        self.state = to
        for name, value in changes.items():
            setattr(self, name, value)

    def renamed_since(self, was: "Version") -> dict[str, str]:
        """Map the steps that have another code than in a version from which this was
        made, directly or through others in between: old code to new.
        """
        between: list[dict[str, str]] = []
        one: Version | None = self
        while one is not None and one.pk != was.pk:
            between.append(one.renamed)
            one = one.made_from
        if one is None:
            return {}
        found: dict[str, str] = {}
        # From the oldest version to this one. A code that was given up and used again
        # for another step must not lead to both.
        for renamed in reversed(between):
            later = {old: renamed.get(new, new) for old, new in found.items()}
            taken = found.values()
            found = {k: v for k, v in renamed.items() if k not in taken} | later
        return {old: new for old, new in found.items() if old != new}

    @property
    def pack(self) -> Pack:
        """The parsed files; read once for each wording, not for each request."""
        return pack_memory.get_pack(self.sha256, self.content)


class VersionFile(models.Model):
    """One file of a version's pack."""

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="files", db_index=False
    )
    path = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="versionfile_path_in_version", fields=["version", "path"]
            )
        ]

    class Privacy:
        kept = "As long as its version."
        version = path = content = sha256 = plain

    def __str__(self) -> str:
        return self.path

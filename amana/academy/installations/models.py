"""Practice installations, who practises in each, and what was handed in from there."""

import secrets
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.academy.assessment.models import HandIn, WorkFile
from amana.academy.courses.models import Enrolment
from amana.academy.installations.learner_accounts import build_learner_account
from amana.academy.sandboxes.sandbox_folder import SandboxFolder
from amana.academy.sandboxes.sandbox_kinds import SandboxKind
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

KIND = SandboxKind(
    at_once=4,
    is_elsewhere=_(
        "This practice installation is not on this server. Close it, and open another."
    ),
    are_too_many=_(
        "%(most)s practice installations already run on this server. Try again when "
        "one of them has been left alone for half an hour."
    ),
    path_too_long=_(
        "The path of this server’s data is too long for practice installations: "
        "%(path)s"
    ),
    is_busy=_("Your practice installation is busy right now. Try again in a moment."),
    command="practise",
    environment={"AMANA_PRACTISING": "1"},
)


def get_folder_of_practice() -> Path:
    """Get the folder in which each practice installation has its own."""
    return Path(settings.VAR) / "practice"


CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read for one another."""


def make_joining_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _number in range(10))


class PracticeInstallationQuerySet(models.QuerySet["PracticeInstallation"]):
    def kept(self) -> Self:
        """Filter those that are on the disk."""
        return self.filter(forgotten_at=None)

    def for_page(self) -> Self:
        return self.order_by("-opened_at", "pk")


class PracticeInstallation(models.Model):
    """An installation in which a learner or a group makes the work of a course."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    language = models.CharField(max_length=12)
    """In which it is built; each reads its pages in their own."""
    opened_at = models.DateTimeField(default=timezone.now)
    visited_on = models.DateField(default=timezone.localdate)
    """The day on which someone came last, by which it is kept."""
    joining_code = models.CharField(max_length=12, default=make_joining_code)
    """By which another learner joins, whom one has told it."""
    forgotten_at = models.DateTimeField(null=True, blank=True)
    """Since when it is removed."""

    objects = PracticeInstallationQuerySet.as_manager()

    class Privacy:
        kept = "180 days after the last visit, or until it is closed."
        language = joining_code = forgotten_at = plain
        opened_at = visited_on = personal

    def __str__(self) -> str:
        return f"practice installation {self.pk}"

    @property
    def folder(self) -> SandboxFolder:
        return SandboxFolder(get_folder_of_practice() / str(self.pk))

    @property
    def prefix(self) -> str:
        """The part of the address by which it is reached."""
        return reverse("installations:enter", args=[self.pk]).rstrip("/")

    @property
    def sandbox_kind(self) -> SandboxKind:
        return KIND


class PracticePlaceQuerySet(models.QuerySet["PracticePlace"]):
    def of(self, person: User) -> Self:
        """Filter the places of a person in installations that are kept."""
        return self.filter(
            enrolment__person=person,
            enrolment__person__is_active=True,
            installation__forgotten_at=None,
        )


class PracticePlace(models.Model):
    """A learner practises in an installation, by one of its accounts."""

    installation = models.ForeignKey(
        PracticeInstallation, models.CASCADE, related_name="places"
    )
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="practice_places"
    )
    number = models.PositiveSmallIntegerField(default=1)
    """Which of the accounts, from 1; the first may let others in, and closes it."""
    taken_at = models.DateTimeField(default=timezone.now)

    objects = PracticePlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="practice_place_each_one", fields=["installation", "enrolment"]
            ),
            models.UniqueConstraint(
                name="practice_place_account_once", fields=["installation", "number"]
            ),
        ]

    class Privacy:
        kept = "As long as its installation."
        installation = number = plain
        enrolment = taken_at = personal

    def __str__(self) -> str:
        return f"practice place {self.pk}"

    @property
    def account(self) -> str:
        """The account of the installation by which they act."""
        return build_learner_account(self.number)


class OfferedToolkitQuerySet(models.QuerySet["OfferedToolkit"]):
    def standing(self) -> Self:
        """Filter those that their authors have not taken back."""
        return self.filter(withdrawn_at=None)

    def waiting(self) -> Self:
        return self.standing().filter(accepted_at=None)

    def accepted(self) -> Self:
        return self.standing().filter(accepted_at__isnull=False)

    def for_list(self) -> Self:
        # Without the files themselves: each has megabytes, and a list has fifty.
        return (
            self.select_related("work__made", "work__hand_in__enrolment__person")
            .defer("work__made__content", "work__hand_in__words")
            .order_by("-offered_at", "pk")
        )


class OfferedToolkit(models.Model):
    """Work that passed, offered by its author to those who learn afterwards."""

    work = models.OneToOneField("MachineCheck", models.CASCADE, related_name="offer")
    title = models.CharField(max_length=120)
    about = models.TextField(max_length=1000, blank=True)
    author = models.CharField(max_length=150, blank=True)
    """The name that it bears, where its author wants one."""
    offered_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OfferedToolkitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="offered_toolkit_accepted_by_someone",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            )
        ]

    class Privacy:
        kept = "As long as the enrolment, or until its author takes it back."
        work = title = about = author = personal
        offered_at = accepted_at = accepted_by = withdrawn_at = personal

    def __str__(self) -> str:
        return f"offered toolkit {self.pk}"


class MachineCheck(models.Model):
    """What the checks of an assignment found in work that was made in practice, when it
    was handed in."""

    hand_in = models.OneToOneField(HandIn, models.CASCADE, related_name="machine_check")
    made = models.OneToOneField(WorkFile, models.CASCADE, related_name="+")
    """The ZIP file that was taken out of the installation."""
    results = models.JSONField()
    """[{check, met, found: [[sentence, values]]}], as `findings` writes it."""

    class Privacy:
        kept = "As long as the enrolment."
        hand_in = made = results = personal

    def __str__(self) -> str:
        return f"check of work {self.hand_in_id}"

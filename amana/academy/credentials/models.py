"""What can be certified, the keys that sign it, and each certificate issued."""

from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.academy.credentials.engine import documents
from amana.academy.credentials.engine.issuers import PublicKeys
from amana.academy.credentials.engine.statuses import PLACES
from amana.privacy import personal, plain
from amana.trust.access.models import User

SOON = timedelta(days=90)
"""From when the end of a certificate is announced, and it may be renewed."""


class IssuerKeyQuerySet(models.QuerySet["IssuerKey"]):
    def trusted(self) -> Self:
        """Find the keys that are trusted, also those that sign no more."""
        return self.filter(distrusted_at=None)

    def signing(self) -> Self:
        return self.trusted().filter(replaced_at=None)


class IssuerKey(models.Model):
    """The public halves of a pair of keys that sign; the secret ones are in a file."""

    multikey = models.CharField(max_length=60, unique=True)
    """The Ed25519 key, for proofs; printed on certificates as their issuer's mark."""
    jwk = models.JSONField()
    """The P-256 key, for tokens."""
    made_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)
    distrusted_at = models.DateTimeField(null=True, blank=True)
    """When it was taken out, because others might have it."""

    objects = IssuerKeyQuerySet.as_manager()

    class Privacy:
        kept = "As long as what it signed."
        multikey = jwk = made_at = replaced_at = distrusted_at = plain

    def __str__(self) -> str:
        return f"key {self.pk}"

    @property
    def public(self) -> PublicKeys:
        return PublicKeys(self.multikey, self.jwk)


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def newest_first(self) -> Self:
        return self.order_by("name", "-version")


class Achievement(models.Model):
    """Something that can be certified: one version, which never changes."""

    class Kind(models.TextChoices):
        CERTIFICATION = "Certification", _("Assessed")
        COMPLETION = (
            "CertificateOfCompletion",
            pgettext_lazy("kind of certificate", "Attended"),
        )

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=30, choices=Kind, default=Kind.CERTIFICATION)
    language = models.CharField(max_length=5, default="en")
    name = models.CharField(max_length=200)
    description = models.TextField()
    criteria = models.TextField()
    """How it is earned, in words."""
    rubric = models.JSONField(default=list, blank=True)
    """[{code, name, levels: [{code, name, description}], required}], lowest first."""
    alignment = models.JSONField(default=list, blank=True)
    """[{name, framework, url, description}]: what it covers of frameworks of
    competences."""
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    """How long a certificate is in force; empty: always."""
    defined_at = models.DateTimeField(default=timezone.now)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="achievement_version_once", fields=["code", "version"]
            )
        ]

    class Privacy:
        kept = "As long as certificates speak of it."
        code = version = kind = language = name = description = criteria = plain
        rubric = alignment = months = defined_at = plain

    def __str__(self) -> str:
        return self.name

    @property
    def criteria_by_level(self) -> tuple[documents.Criterion, ...]:
        return documents.read_rubric(self.rubric)


class AttestationStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for a second person")
    SIGNED = "signed", _("Signed by two people")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AttestationQuerySet(models.QuerySet["Attestation"]):
    def waiting(self) -> Self:
        return self.filter(status=AttestationStatus.WAITING).order_by("proposed_at")

    def for_list(self) -> Self:
        return self.select_related("achievement", "learner", "proposed_by")


class Attestation(models.Model):
    """What one colleague knows of a person’s work that no course has assessed. It
    becomes a certificate if a second colleague signs it too."""

    achievement = models.ForeignKey(
        Achievement, models.PROTECT, related_name="attestations"
    )
    learner = models.ForeignKey(User, models.PROTECT, related_name="attestations")
    levels = models.JSONField(default=dict, blank=True)
    """Which level was reached, by criterion."""
    is_named = models.BooleanField(default=False)
    reason = models.TextField(max_length=1_000)
    """Where the work was seen, and why no course has assessed it. It stands in the
    certificate."""
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(
        max_length=10, choices=AttestationStatus, default=AttestationStatus.WAITING
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The second person, or the first one where they withdrew it."""
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AttestationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="attestation_one_waiting",
                fields=["learner", "achievement"],
                condition=Q(status=AttestationStatus.WAITING),
            ),
            models.CheckConstraint(
                name="attestation_of_another",
                condition=~Q(learner=models.F("proposed_by"))
                & ~Q(learner=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="attestation_signed_by_two",
                condition=~Q(status=AttestationStatus.SIGNED)
                | Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="attestation_decided_iff_by_whom",
                condition=Q(
                    status=AttestationStatus.WAITING, decided_by=None, decided_at=None
                )
                | ~Q(status=AttestationStatus.WAITING)
                & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    class Privacy:
        kept = "As long as the person's account is named in the log."
        achievement = status = plain
        learner = levels = is_named = reason = proposed_by = proposed_at = personal
        decided_by = decided_at = personal

    def __str__(self) -> str:
        return f"attestation {self.pk}"

    @property
    def level_names(self) -> list[tuple[str, str]]:
        """Name each criterion, and the level that was reached."""
        return [
            (criterion.name, level.name)
            for criterion in self.achievement.criteria_by_level
            for level in criterion.levels
            if level.code == self.levels.get(criterion.code)
        ]


class EndorsementStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for a second person")
    RECORDED = "recorded", _("Recorded by two people")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EndorsementQuerySet(models.QuerySet["Endorsement"]):
    def waiting(self) -> Self:
        return self.filter(status=EndorsementStatus.WAITING).order_by("proposed_at")

    def recorded(self) -> Self:
        return self.filter(status=EndorsementStatus.RECORDED).order_by("pk")

    def in_force(self, now: datetime) -> Self:
        still = Q(valid_until=None) | Q(valid_until__gt=now)
        return self.recorded().filter(still, valid_from__lte=now, ended_at=None)

    def for_list(self) -> Self:
        return self.select_related("achievement", "proposed_by", "decided_by")


class Endorsement(models.Model):
    """What another body signed of a certificate: that it accredits or recognises it."""

    class EndReason(models.TextChoices):
        REVOKED = "revoked", _("The body has revoked it")
        ENDED = "ended", _("It was ended before its time")
        MISTAKE = "mistake", _("It was recorded by mistake")

    achievement = models.ForeignKey(
        Achievement, models.PROTECT, related_name="endorsements"
    )
    identifier = models.CharField(max_length=300)
    """The id that the body gave it."""
    document = models.JSONField()
    """As the body signed it."""
    issuer = models.CharField(max_length=300)
    issuer_name = models.CharField(max_length=200)
    multikey = models.CharField(max_length=60)
    """The body’s key, by which it is checked."""
    comment = models.TextField(max_length=2_000)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    compared = models.TextField(max_length=500)
    """How the key was compared with the body’s."""
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(
        max_length=10, choices=EndorsementStatus, default=EndorsementStatus.WAITING
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="endorsement_once",
                fields=["achievement", "identifier"],
                condition=Q(status__in=["waiting", "recorded"], ended_at=None),
            ),
            models.CheckConstraint(
                name="endorsement_recorded_by_two",
                condition=~Q(status=EndorsementStatus.RECORDED)
                | Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="endorsement_ended_iff_reason",
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
            ),
        ]

    class Privacy:
        kept = "As long as certificates speak of it."
        achievement = identifier = document = issuer = issuer_name = multikey = plain
        comment = valid_from = valid_until = compared = status = plain
        ended_at = end_reason = plain
        proposed_by = proposed_at = decided_by = decided_at = ended_by = personal

    def __str__(self) -> str:
        return self.issuer_name


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def in_force(self, now: datetime | None = None) -> Self:
        still = Q(valid_until=None) | Q(valid_until__gt=now or timezone.now())
        return self.filter(still, revoked_at=None, key__distrusted_at=None)

    def ending_soon(self, now: datetime | None = None) -> Self:
        by = (now or timezone.now()) + SOON
        return self.in_force(now).filter(valid_until__lt=by)

    def revoked(self) -> Self:
        return self.filter(revoked_at__isnull=False)

    def of(self, code: str) -> Self:
        """Find those for an achievement, in any of its versions."""
        return self.filter(achievement__code=code)

    def for_list(self) -> Self:
        return self.select_related("achievement", "learner", "key").defer(
            "document", "compact", "token"
        )


class Certificate(models.Model):
    """What was signed for one person, as it was signed, and whether it is still
    valid."""

    class Reason(models.TextChoices):
        MISTAKE = "mistake", _("It was issued by mistake")
        WORK = "work", _("The assessed work was not the person’s own")
        CONDUCT = "conduct", _("The person broke the rules of the profession")
        WISH = "wish", _("The person wishes it")
        REPLACED = "replaced", _("A newer certificate replaces it")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    """Drawn by lot: it is in the certificate, and reveals nothing of when or whose."""
    achievement = models.ForeignKey(
        Achievement, models.PROTECT, related_name="certificates"
    )
    learner = models.ForeignKey(User, models.PROTECT, related_name="certificates")
    key = models.ForeignKey(IssuerKey, models.PROTECT, related_name="certificates")
    document = models.JSONField()
    compact = models.JSONField()
    """The short form that is printed as a square."""
    token = models.TextField()
    listed_in = models.PositiveIntegerField(default=1)
    """The number of the list of revoked certificates that it has a place in."""
    place = models.PositiveIntegerField()
    issued_at = models.DateTimeField(default=timezone.now)
    attestation = models.OneToOneField(
        Attestation, models.PROTECT, null=True, blank=True, related_name="certificate"
    )
    """Empty: a course issued it, as soon as all that it asks for was judged."""
    valid_until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=Reason, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # Places are drawn by lot: of two that draw the same, the second is
                # refused here.
                name="certificate_has_its_place",
                fields=["listed_in", "place"],
            ),
            models.CheckConstraint(
                name="certificate_place_in_list", condition=Q(place__lt=PLACES)
            ),
            models.CheckConstraint(
                name="certificate_revoked_iff_reason",
                condition=Q(revoked_at=None, revoked_by=None, reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["learner", "achievement"], name="certificate_of_learner"
            )
        ]

    class Privacy:
        kept = "As long as the person's account is named in the log."
        achievement = key = listed_in = place = plain
        learner = document = compact = token = issued_at = attestation = personal
        valid_until = revoked_at = revoked_by = reason = personal

    def __str__(self) -> str:
        return f"certificate {self.pk}"

    def is_in_force(self, now: datetime | None = None) -> bool:
        now = now or timezone.now()
        ended = self.valid_until is not None and self.valid_until <= now
        taken_back = self.revoked_at or self.key.distrusted_at
        return not taken_back and not ended

    def is_ending_soon(self) -> bool:
        by = timezone.now() + SOON
        ends = self.valid_until is not None and self.valid_until < by
        return ends and self.is_in_force()

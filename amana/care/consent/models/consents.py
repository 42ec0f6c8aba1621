"""What a person answered about one recipient, until when it lasts, and how it ends."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Case, Need
from amana.errors import Refused
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team
from amana.trust.vault.models import generate_uuid7

USUAL = timedelta(days=90)
"""How long a consent lasts unless she wishes otherwise."""


LONGEST = timedelta(days=365)
"""No consent is for ever: after a year she is asked again."""


SOON = timedelta(days=7)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live(self, now: datetime | None = None) -> Self:
        """Filter those given, not withdrawn, not expired, whether or not the timer has
        run."""
        return self.filter(
            status=Consent.Status.GIVEN, expires_at__gt=now or timezone.now()
        )

    def standing(self, now: datetime | None = None) -> Self:
        """Filter the live ones that are the last the person said about this need and
        recipient: not followed by a refusal, a withdrawal, or another consent, whatever
        became of that."""
        heard = Coalesce(OuterRef("asked_again_at"), OuterRef("asked_at"))
        later = Consent.objects.exclude(pk=OuterRef("pk")).filter(
            Q(asked_at__gte=heard)
            | Q(asked_again_at__gte=heard)
            | Q(status=Consent.Status.WITHDRAWN, ended_at__gte=heard),
            case=OuterRef("case"),
            need=OuterRef("need"),
            recipient=OuterRef("recipient"),
        )
        return self.live(now).exclude(Exists(later))

    def lapsed(self, now: datetime | None = None) -> Self:
        return self.filter(
            status=Consent.Status.GIVEN, expires_at__lte=now or timezone.now()
        )

    def ending_soon(self, now: datetime | None = None) -> Self:
        now = now or timezone.now()
        return self.live(now).filter(expires_at__lte=now + SOON)

    def for_ledger(self) -> Self:
        return (
            self.select_related("recipient__organisation", "taken_by", "destruction")
            .order_by("-asked_at", "-pk")
            .fetch_mode(models.FETCH_PEERS)
        )


class Consent(models.Model):
    """One answer about one recipient; its wording, and who answered, are sealed."""

    class Status(models.TextChoices):
        GIVEN = "given", _("Given")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")
        UNUSED = "unused", _("Never used")

    class Purpose(models.TextChoices):
        REFERRAL = "referral", _("To ask for help from this service")
        COORDINATION = "coordination", _("To plan help together")
        JUSTICE = "justice", _("For a complaint or a court")
        STATISTICS = "statistics", _("For statistics without names")

    class Mode(models.TextChoices):
        WRITTEN = "written", _("In writing")
        SPOKEN = "spoken", _("Spoken, recorded by the worker")
        THUMB = "thumb", _("By thumbprint")
        AUDIO = "audio", _("Spoken, with a sound recording")

    class GivenBy(models.TextChoices):
        """Sealed with the text that was heard, for it reveals a child (`sealed`)."""

        PERSON = "person", _("The person")
        GUARDIAN = "guardian", _("The guardian, with the child’s agreement")
        CHILD = "child", _("The child alone, as the law here allows")

    class Copy(models.TextChoices):
        NONE = "none", _("Not wanted")
        GIVEN = "given", _("The person has one")
        UNSAFE = "unsafe", _("Not safe for the person to keep")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="consents")
    need = models.ForeignKey(
        Need, models.CASCADE, null=True, blank=True, related_name="consents"
    )
    """Of a referral: the one that it is about. Its kind, its urgency and her words
    about it are part of what she heard."""
    recipient = models.ForeignKey(Team, models.PROTECT, related_name="consents")
    fields = models.JSONField(default=list)
    """`compartment.field` names, exactly those that may be shared."""
    along = models.JSONField(default=list)
    """Letters of the worker's that go along, by name: she heard of them."""
    purpose = models.CharField(max_length=20, choices=Purpose)
    status = models.CharField(max_length=10, choices=Status)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_again_at = models.DateTimeField(null=True, blank=True)
    """When the person last agreed to another end of the same."""
    expires_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    """When something was last disclosed under it."""
    ended_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=35)
    mode = models.CharField(max_length=10, choices=Mode)
    interpreter = models.BooleanField(default=False)
    understood = models.BooleanField(default=False)
    """She said in her own words what she agrees to (teach-back)."""
    copy = models.CharField(max_length=10, choices=Copy, default=Copy.NONE)
    """Whether she keeps the page: on some people it would be dangerous."""
    has_conditions = models.BooleanField(default=False)
    """She asks something of the recipient; what it is, is sealed."""
    text_version = models.CharField(max_length=20)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_ended_at_iff_ended",
                condition=Q(status__in=["given", "refused"], ended_at=None)
                | Q(status__in=["withdrawn", "expired"], ended_at__isnull=False)
                # Under one that was never used, nothing was shared: no team is asked to
                # destroy what it never had (ADR 40).
                | Q(status="unused", shared_at=None, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                # Teach-back: without it, it is not known that she understood.
                name="consent_given_only_when_understood",
                condition=~Q(status="given") | Q(understood=True),
            ),
            models.CheckConstraint(
                name="consent_refused_shares_nothing",
                condition=~Q(status="refused") | Q(shared_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "status"]),
            models.Index(
                name="consent_clock", fields=["expires_at"], condition=Q(status="given")
            ),
        ]

    class Privacy:
        kept = "As long as the case; a refusal as the law says (retention)."
        id = case = recipient = along = plain
        need = fields = purpose = sensitive
        status = asked_at = asked_again_at = expires_at = shared_at = ended_at = plain
        language = sensitive
        mode = interpreter = understood = copy = has_conditions = text_version = plain
        taken_by = personal

    def __str__(self) -> str:
        return f"consent {self.pk}"

    @property
    def document(self) -> str:
        """The name of the sealed document with conditions, wording and who answered."""
        return f"consent/{self.pk.hex}"

    @property
    def heard_at(self) -> datetime:
        """When the person last agreed to it."""
        return self.asked_again_at or self.asked_at

    @property
    def is_live(self) -> bool:
        given = self.status == Consent.Status.GIVEN
        return given and self.expires_at > timezone.now()

    @property
    def tone(self) -> str:
        return "good" if self.is_live else "plain"

    @property
    def what_became_of_it(self) -> str:
        """Of the recipient's copies, after the end."""
        if self.ended_at is None or self.shared_at is None:
            return ""
        if not self.destruction.confirmed_at:
            return gettext(
                "Deleted here. The recipient has not yet confirmed that its copies "
                "are destroyed."
            )
        return self.destruction.answer_label

    def move(self, to: Status, **changes: object) -> None:
        """Change the status, unless someone else changed it first."""
        was = Consent.Status(self.status)
        # Compare and set: of two that end it at once, one does, and the other is
        # refused.
        free = Consent.objects.filter(pk=self.pk, status=was)
        if to not in NEXT[was] or not free.update(status=to, **changes):
            raise Refused(_("This consent has already ended."))
        for name, value in (changes | {"status": to}).items():
            setattr(self, name, value)

    def share(self, now: datetime) -> None:
        """Mark that something is disclosed now, unless it has ended meanwhile, or the
        person has said something else since."""
        # The update holds the row until the transaction ends: a withdrawal at the same
        # moment waits, and then finds and deletes what was disclosed.
        standing = Consent.objects.standing(now).filter(pk=self.pk)
        if not standing.update(shared_at=now):
            raise Refused(
                _("There is no longer consent for this. Ask the person again.")
            )
        self.shared_at = now

    def prolong(self, until: datetime, **changes: object) -> None:
        """Give it another end, unless it has ended meanwhile; holds the row."""
        live = Consent.objects.live().filter(pk=self.pk)
        if not live.update(expires_at=until, **changes):
            raise Refused(_("This consent has already ended."))
        for name, value in (changes | {"expires_at": until}).items():
            setattr(self, name, value)


NEXT: dict[Consent.Status, frozenset[Consent.Status]] = {
    Consent.Status.GIVEN: frozenset(
        {Consent.Status.WITHDRAWN, Consent.Status.EXPIRED, Consent.Status.UNUSED}
    ),
    Consent.Status.REFUSED: frozenset(),
    Consent.Status.WITHDRAWN: frozenset(),
    Consent.Status.EXPIRED: frozenset(),
    Consent.Status.UNUSED: frozenset(),
}

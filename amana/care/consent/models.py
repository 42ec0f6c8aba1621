"""The ledger: what a person agreed to share, with whom, why, until when."""

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
        return str(Destruction.Answer(self.destruction.answer).label)

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


class VitalInterestQuerySet(models.QuerySet["VitalInterest"]):
    def live(self) -> Self:
        """Filter those that have not ended."""
        return self.filter(ended_at=None)

    def undecided(self) -> Self:
        """Filter those that have not been confirmed or rejected yet."""
        return self.live().filter(confirmed_at=None)

    def untold(self) -> Self:
        """Filter those of which the person doesn't know yet; she has to be informed
        even where it has ended."""
        return self.filter(told_at=None)

    def to_escalate(self, now: datetime | None = None) -> Self:
        over = now or timezone.now()
        return self.undecided().filter(escalated_at=None, confirm_by__lte=over)

    def lapsed(self, now: datetime | None = None) -> Self:
        return self.live().filter(expires_at__lte=now or timezone.now())

    def for_list(self) -> Self:
        return self.select_related(
            "recipient__organisation", "recorded_by", "confirmed_by"
        ).order_by("-recorded_at", "-pk")


class VitalInterest(models.Model):
    """Something shared without consent because a life was in danger and the person
    could not be asked. It is no consent: it is the decision of two people, and not
    hers."""

    CONFIRM_WITHIN = timedelta(hours=1)
    LASTS = timedelta(days=7)
    """By then she has been asked, or what was told is gone."""

    class Reason(models.TextChoices):
        UNCONSCIOUS = "unconscious", _("The person is unconscious")
        CONDITION = "condition", _("Their condition means that they can’t be asked")
        UNREACHABLE = (
            "unreachable",
            _("Their life is in danger and we can’t reach them"),
        )

    class End(models.TextChoices):
        REJECTED = "rejected", _("Rejected by a second person")
        OBJECTED = "objected", _("The person objected")
        CONSENTED = "consented", _("Replaced by the person’s consent")
        EXPIRED = "expired", _("Time limit passed")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="vital_interests")
    need = models.ForeignKey(Need, models.CASCADE, related_name="vital_interests")
    recipient = models.ForeignKey(Team, models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    """`compartment.field` names of what was told."""
    reason = models.CharField(max_length=12, choices=Reason)
    provision = models.CharField(max_length=100)
    """By which provision of the mechanism's law, by its id."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    confirm_by = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When supervisors and data-protection officers were told that nobody confirmed."""
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    told_at = models.DateTimeField(null=True, blank=True)
    """When the person was told of it."""
    expires_at = models.DateTimeField()
    end = models.CharField(max_length=10, choices=End, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = VitalInterestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vital_interest_takes_two",
                # No one confirms what they recorded themselves: the database refuses it
                # too (ADR 41).
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=models.F("recorded_by"))
                ),
            ),
            models.CheckConstraint(
                name="vital_interest_rejected_by_another",
                condition=~Q(end="rejected")
                | (
                    Q(ended_by__isnull=False, confirmed_at=None)
                    & ~Q(ended_by=models.F("recorded_by"))
                ),
            ),
            models.CheckConstraint(
                name="vital_interest_ended_at_iff_ended",
                condition=Q(end="", ended_at=None)
                | (~Q(end="") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "recorded_at"]),
            models.Index(
                name="vital_interest_undecided",
                fields=["confirm_by"],
                condition=Q(confirmed_at=None, ended_at=None),
            ),
            models.Index(
                name="vital_interest_untold",
                fields=["recorded_at"],
                condition=Q(told_at=None),
            ),
            models.Index(
                name="vital_interest_clock",
                fields=["expires_at"],
                condition=Q(ended_at=None),
            ),
        ]

    class Privacy:
        kept = "As long as the case."
        id = case = recipient = provision = plain
        need = fields = reason = sensitive
        recorded_by = confirmed_by = told_by = ended_by = personal
        recorded_at = confirm_by = confirmed_at = escalated_at = told_at = plain
        expires_at = end = ended_at = plain

    def __str__(self) -> str:
        return f"vital interest {self.pk}"

    @property
    def document(self) -> str:
        """The name of the sealed document with what was the danger."""
        return f"vital/{self.pk.hex}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()

    @property
    def is_undecided(self) -> bool:
        return self.ended_at is None and self.confirmed_at is None

    @property
    def state(self) -> str:
        """How far it is, in words."""
        if self.end:
            return str(VitalInterest.End(self.end).label)
        if self.confirmed_at:
            return gettext("Confirmed by a second person")
        if self.escalated_at:
            return gettext("Not confirmed within the hour")
        return gettext("A second person must confirm")

    @property
    def tone(self) -> str:
        if self.ended_at:
            return "plain"
        if self.confirmed_at:
            return "good"
        return "late" if self.escalated_at else "due"

    def change(self, **changes: object) -> bool:
        """Set these fields while it lasts; False when someone ended it first."""
        free = VitalInterest.objects.live().filter(pk=self.pk)
        return self._changed(free, changes)

    def decide(self, **changes: object) -> bool:
        """Set these fields while no second person has decided."""
        free = VitalInterest.objects.undecided().filter(pk=self.pk)
        return self._changed(free, changes)

    def tell(self, **changes: object) -> bool:
        """Set these fields while the person has not been informed."""
        free = VitalInterest.objects.untold().filter(pk=self.pk)
        return self._changed(free, changes)

    def _changed(self, free: VitalInterestQuerySet, changes: dict[str, object]) -> bool:
        if not free.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True


class DestructionQuerySet(models.QuerySet["Destruction"]):
    def waiting(self) -> Self:
        return self.filter(confirmed_at=None)

    def to_remind(self, now: datetime | None = None) -> Self:
        """Filter those asked or reminded more than a few days ago, and still silent."""
        before = (now or timezone.now()) - Destruction.REMIND_EVERY
        return self.waiting().filter(told_at__lt=before, reminded_at__lt=before)

    def for_list(self) -> Self:
        return (
            self.select_related(
                "consent__case__team__organisation",
                "consent__recipient__organisation",
                "vital_interest__case__team__organisation",
                "vital_interest__recipient__organisation",
            )
            .order_by("told_at", "pk")
            .fetch_mode(models.FETCH_PEERS)
        )


class Destruction(models.Model):
    """A recipient asked to destroy their copies, and what they answered."""

    REMIND_EVERY = timedelta(days=3)

    class Answer(models.TextChoices):
        DESTROYED = "destroyed", _("All copies are destroyed")
        KEPT = (
            "kept",
            _("The law requires us to keep part of it; the rest is destroyed"),
        )

    consent = models.OneToOneField(
        Consent, models.CASCADE, null=True, blank=True, related_name="destruction"
    )
    vital_interest = models.OneToOneField(
        VitalInterest,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="destruction",
    )
    """What they were told without consent, where that has ended."""
    told_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(default=timezone.now)
    """When they were last told; the first time is `told_at`."""
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = DestructionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="destruction_answered_iff_confirmed",
                condition=Q(confirmed_at=None, answer="")
                | (Q(confirmed_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="destruction_of_one_of_the_two",
                condition=Q(consent=None, vital_interest__isnull=False)
                | Q(consent__isnull=False, vital_interest=None),
            ),
        ]
        indexes = [
            models.Index(
                name="destruction_waiting",
                fields=["told_at"],
                condition=Q(confirmed_at=None),
            )
        ]

    class Privacy:
        kept = "As long as the case."
        consent = vital_interest = plain
        told_at = reminded_at = answer = confirmed_at = plain
        confirmed_by = personal

    def __str__(self) -> str:
        return f"destruction for {self.basis}"

    @property
    def basis(self) -> Consent | VitalInterest:
        """Under what the copies were shared."""
        basis = self.consent or self.vital_interest
        assert basis is not None
        return basis

    def confirm(self, answer: Answer, **changes: object) -> None:
        """Record the answer once. Raises `Refused` for who answers second."""
        waiting = Destruction.objects.waiting().filter(pk=self.pk)
        if not waiting.update(answer=answer, **changes):
            raise Refused(_("A colleague has already confirmed this."))
        for name, value in (changes | {"answer": answer}).items():
            setattr(self, name, value)

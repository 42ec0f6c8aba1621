"""Live sessions, who sits in their rooms, and what happened there."""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.academy.cohorts.models import Cohort, CohortMode
from amana.academy.sessions.engine.room_state import RoomAct, RoomVerb
from amana.errors import Changed
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

WEEK = timedelta(days=7)
SILENT_AFTER = timedelta(seconds=150)
"""A participant whose page was silent for so long has left; it reports each minute."""


class VideoService(models.TextChoices):
    """How people see each other; the room itself works without."""

    NONE = "none", _("No video")
    LINK = "link", _("A link to another service")
    MESH = "mesh", _("Built in, for groups of up to five")
    BIGBLUEBUTTON = "bbb", _("BigBlueButton")


class SessionQuerySet(models.QuerySet["Session"]):
    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def coming_within(self, span: timedelta) -> Self:
        """Filter those that are not over yet, and begin before `span` has passed."""
        now = timezone.now()
        return self.standing().filter(ends_at__gte=now, starts_at__lte=now + span)

    def upcoming(self) -> Self:
        """Filter those that are not over yet, or over for less than a day."""
        return self.filter(ends_at__gte=timezone.now() - timedelta(days=1))

    def for_page(self) -> Self:
        return (
            self.select_related("cohort__version__course")
            .defer("cohort__version__compiled")
            .order_by("starts_at", "pk")
        )


class Session(models.Model):
    """A cohort meets for the live part of a module: online, in a place, or both."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="sessions")
    module = models.CharField(max_length=60, blank=True)
    """The module of the cohort's version whose plan it follows; empty: a meeting of the
    cohort's own."""
    own = models.JSONField(default=dict, blank=True)
    """What those who lead it have written: `title` and `task` of a meeting of their
    own; `polls`, each with its `key`, `text` and `options`; and `last_poll`, the number
    that the latest one got."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mode = models.CharField(
        max_length=10, choices=CohortMode, default=CohortMode.ONLINE
    )
    venue = models.CharField(max_length=200, blank=True)
    video = models.CharField(
        max_length=10, choices=VideoService, default=VideoService.NONE
    )
    link = models.URLField(max_length=500, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    """Counts its changes, so that a calendar keeps one entry of it (RFC 5545)."""
    planned_at = models.DateTimeField(default=timezone.now)
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    last_event = models.PositiveIntegerField(default=0)
    """The number of the last thing that happened in its room."""

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                name="session_by_a_plan_or_its_own",
                condition=~Q(module="") | Q(own__has_key="title"),
            ),
            models.CheckConstraint(
                name="session_link_for_a_link",
                condition=~Q(video=VideoService.LINK) | ~Q(link=""),
                violation_error_message=_("Enter the link to open."),
            ),
        ]
        indexes = [
            models.Index(name="session_of_cohort", fields=["cohort", "starts_at"])
        ]

    class Privacy:
        kept = "As long as the cohort."
        cohort = module = own = starts_at = ends_at = mode = venue = video = plain
        link = sequence = planned_at = changed_at = cancelled_at = last_event = plain
        planned_by = personal

    def __str__(self) -> str:
        return f"session {self.pk}"

    def change(self, *, seen: int, **changes: object) -> None:
        """Set these fields and count the change. Raises `Changed` if another person
        changed it after the change with the number `seen`.
        """
        changes |= {"sequence": seen + 1, "changed_at": timezone.now()}
        free = Session.objects.standing().filter(pk=self.pk, sequence=seen)
        if not free.update(**changes):
            raise Changed(_("Someone else has just changed this session."))
        for name, value in changes.items():
            setattr(self, name, value)

    @property
    def uid(self) -> str:
        """Of its entry in a calendar, for ever."""
        return f"{self.pk}@sessions"

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def silent(self) -> Self:
        """Filter those present that were not heard of for too long."""
        return self.filter(
            present=True, seen_at__lt=timezone.now() - SILENT_AFTER
        ).order_by("number")

    def for_list(self) -> Self:
        return self.select_related("person").order_by("number")


class Participant(models.Model):
    """A person's place in the room of one session, where they are only a number."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="seats")
    person = models.ForeignKey(User, models.CASCADE, related_name="seats")
    number = models.PositiveIntegerField()
    present = models.BooleanField(default=False)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="seat_one_for_each", fields=["session", "person"]
            ),
            models.UniqueConstraint(
                name="seat_number_once", fields=["session", "number"]
            ),
        ]

    class Privacy:
        kept = "As long as the person has an account here."
        person = number = present = seen_at = personal
        session = plain

    def __str__(self) -> str:
        return f"seat {self.pk}"


class RoomEventQuerySet(models.QuerySet["RoomEvent"]):
    def for_minutes_of(self, seat: Participant) -> Self:
        """Filter what its minutes are counted from: of a long log, a few lines."""
        return self.filter(Q(seat=seat) | Q(verb=RoomVerb.CLOSED))

    def since(self, session: UUID | Session, number: int) -> list[RoomAct]:
        """List what came after this number, in order."""
        rows = self.filter(session=session, number__gt=number).order_by("number")
        return [
            RoomAct(*row)
            for row in rows.values_list(
                "number", "at", "seat__number", "verb", "object", "data"
            )
        ]


class RoomEvent(models.Model):
    """One thing that happened in a room. Rows are only ever added.

    The id comes from the browser, so that what is sent twice is there once."""

    VERBS: ClassVar[list[tuple[str, str]]] = [
        (verb.value, verb.value) for verb in RoomVerb
    ]

    id = models.UUIDField(primary_key=True, default=uuid4)
    session = models.ForeignKey(
        Session, models.CASCADE, related_name="events", db_index=False
    )
    number = models.PositiveIntegerField()
    """Within the session, without a gap, in the order in which they were kept."""
    seat = models.ForeignKey(
        Participant, models.CASCADE, null=True, blank=True, related_name="events"
    )
    verb = models.CharField(max_length=10, choices=VERBS)
    object = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = RoomEventQuerySet.as_manager()

    class Meta:
        constraints = [
            # Two processes that count at once can't give one number twice: the second
            # fails.
            models.UniqueConstraint(
                name="room_event_number_once", fields=["session", "number"]
            )
        ]

    class Privacy:
        kept = "As long as the session; of a person, as long as their account."
        seat = data = at = personal
        session = number = verb = object = plain

    def __str__(self) -> str:
        return f"room event {self.pk}"


class NoteQuerySet(models.QuerySet["Note"]):
    def newest(self) -> "Note | None":
        return self.order_by("-version").first()

    def newest_of_each(self, boards: Iterable[str]) -> dict[str, "Note"]:
        latest = self.filter(board__in=list(boards)).order_by("board", "version")
        return {note.board: note for note in latest}


class Note(models.Model):
    """A version of what participants write together; earlier ones stay, so that no
    participant's words are lost."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="notes", db_index=False
    )
    board = models.CharField(max_length=20)
    """`all`, or `group-2-1`: of the second division, the first group."""
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=20_000, blank=True)
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        # The second of two who write on one version fails, and is shown both texts.
        constraints = [
            models.UniqueConstraint(
                name="note_version_once", fields=["session", "board", "version"]
            )
        ]

    class Privacy:
        kept = "As long as the session."
        session = board = version = at = plain
        text = written_by = personal

    def __str__(self) -> str:
        return f"note {self.pk}"


class Captions(models.Model):
    """What was said in a session, as a WebVTT file, in one language."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="captions")
    language = models.CharField(max_length=5)
    text = models.TextField()
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="captions_one_by_language", fields=["session", "language"]
            )
        ]

    class Privacy:
        kept = "As long as the session."
        session = language = added_at = plain
        text = added_by = personal

    def __str__(self) -> str:
        return f"captions {self.pk}"


class FeedbackCount(models.Model):
    """How often an answer was chosen in a session’s feedback form; by whom is kept
    nowhere."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="feedback", db_index=False
    )
    question = models.PositiveSmallIntegerField()
    option = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_count_once", fields=["session", "question", "option"]
            )
        ]

    class Privacy:
        kept = "As long as the session."
        session = question = option = count = plain

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class FeedbackGiven(models.Model):
    """A person has filled in a session’s feedback form, so that they do it once."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="feedback_given", db_index=False
    )
    person = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_given_once", fields=["session", "person"]
            )
        ]

    class Privacy:
        kept = "Until the form is closed, or a week after the session."
        session = plain
        person = personal

    def __str__(self) -> str:
        return f"feedback given {self.pk}"


class CallSignalQuerySet(models.QuerySet["CallSignal"]):
    def old(self) -> Self:
        """Filter what was not read in time: its receiver is not calling any more."""
        return self.filter(at__lt=timezone.now() - CallSignal.KEPT_FOR)


class CallSignal(models.Model):
    """What one browser tells another in its group so that they find each other for a
    call; it says where in the network they are, so it is kept for minutes only."""

    KEPT_FOR = timedelta(minutes=5)

    session = models.ForeignKey(Session, models.CASCADE, related_name="letters")
    sender = models.ForeignKey(Participant, models.CASCADE, related_name="letters_sent")
    to = models.ForeignKey(Participant, models.CASCADE, related_name="letters")
    text = models.TextField(max_length=20_000)
    at = models.DateTimeField(default=timezone.now)

    objects = CallSignalQuerySet.as_manager()

    class Privacy:
        kept = "Five minutes, or until the session's next call."
        sender = to = text = at = personal
        session = plain

    def __str__(self) -> str:
        return f"letter {self.pk}"


class CalendarKey(models.Model):
    """The secret part of the address at which a person's calendar is read."""

    person = models.OneToOneField(User, models.CASCADE, related_name="calendar_key")
    key = models.UUIDField(unique=True, default=uuid4)
    made_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "Until a new one is made, or the account goes."
        person = key = made_at = personal

    def __str__(self) -> str:
        return f"calendar key {self.pk}"

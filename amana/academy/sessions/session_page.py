"""What the pages of a session show, in the reader's language or the course's own."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.sessions import kits, labels
from amana.academy.sessions.actions.kit_acts import is_feedback_open
from amana.academy.sessions.engine.plan import PlannedPoll, PlanStep, SessionPlan, Words
from amana.academy.sessions.engine.room_state import PACES, PollState, RoomState
from amana.academy.sessions.labels import Said
from amana.academy.sessions.models import Participant, Session
from amana.academy.sessions.plans import get_plan
from amana.academy.sessions.session_kit import (
    GroupPiece,
    KitLink,
    ShownSlide,
    build_link,
    find_session_kit,
    find_slide,
    iterate_handout_links,
    iterate_step_links,
    list_group_pieces,
    list_handed_parts,
)


@dataclass(frozen=True)
class ShownOption:
    place: int
    text: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class ShownPoll:
    key: str
    text: str
    options: list[ShownOption]
    asked: bool
    """At some time, in this session."""
    open: bool
    answers: int
    answered: bool
    """By the one who looks."""


@dataclass(frozen=True)
class ShownPlanStep:
    place: int
    number: int
    title: str
    kind: str
    kind_name: Said
    minutes: int
    task: str
    low_bandwidth: str
    group_size: int
    poll: ShownPoll | None
    kit: list[KitLink]
    """What serves it, for those who lead."""
    handouts: list[KitLink]
    """What participants may read once it has begun."""
    current: bool
    past: bool


@dataclass(frozen=True)
class ShownGroup:
    number: int
    board: str
    seats: tuple[int, ...]
    mine: bool
    reported: bool


class ShownSession:
    """A session with its plan, and its room as one person sees it."""

    def __init__(
        self,
        session: Session,
        room: RoomState | None = None,
        seat: Participant | None = None,
    ) -> None:
        self.session = session
        self.room = room or RoomState()
        self.seat = seat
        self.course: CourseContent = load_content(session.cohort.version)
        self.plan: SessionPlan = get_plan(session)
        self.kit = find_session_kit(session)

    def said(self, words: Words) -> str:
        return pages.format_text(self.course, words)

    @property
    def title(self) -> str:
        return self.said(self.plan.title)

    @property
    def course_title(self) -> str:
        return self.said(self.course.title)

    @property
    def about(self) -> str:
        return self.said(self.plan.about)

    @property
    def facilitator(self) -> str:
        return self.said(self.plan.facilitator)

    @property
    def own_polls(self) -> list[ShownPoll]:
        """Those that were added to the plan."""
        added = (poll for poll in self.plan.polls if poll.key.startswith("own-"))
        return [self.poll(poll) for poll in added]

    @property
    def language(self) -> pages.TextLanguage:
        """In which language the plan's tasks are written."""
        texts = [step.task for step in self.plan.steps]
        return pages.choose_texts(self.course, texts).language

    @property
    def steps(self) -> list[ShownPlanStep]:
        return [self.step(step) for step in self.plan.steps]

    def step(self, step: PlanStep) -> ShownPlanStep:
        now = self.room.step
        poll = self.plan.poll_by_key.get(step.poll)
        return ShownPlanStep(
            place=step.place,
            number=step.place + 1,
            title=self.said(step.title),
            kind=step.kind,
            kind_name=labels.KINDS[step.kind],
            minutes=step.minutes,
            task=self.said(step.task),
            low_bandwidth=self.said(step.low_bandwidth),
            group_size=step.group_size,
            poll=self.poll(poll) if poll else None,
            kit=[*iterate_step_links(self.kit, step.place)] if self.kit else [],
            handouts=[*iterate_handout_links(self.kit, self.session, step.place)]
            if self.kit
            else [],
            current=step.place == now,
            past=now is not None and step.place < now,
        )

    def poll(self, poll: PlannedPoll) -> ShownPoll:
        asked = self.room.polls.get(poll.key, PollState(open=False))
        # Only one's own choice: who else answered what is not on a participant's page.
        mine = asked.choices.get(self.seat.number) if self.seat else None
        counts = asked.counts(len(poll.options))
        options = [
            ShownOption(place, self.said(text), counts[place], place == mine)
            for place, text in enumerate(poll.options)
        ]
        return ShownPoll(
            key=poll.key,
            text=self.said(poll.text),
            options=options,
            asked=poll.key in self.room.polls,
            open=asked.open,
            answers=len(asked.choices),
            answered=mine is not None,
        )

    @property
    def groups(self) -> list[ShownGroup]:
        mine = self.room.group_of(self.seat.number) if self.seat else None
        return [
            ShownGroup(
                number,
                board,
                members,
                number == mine,
                board in self.room.reports,
            )
            for number, (board, members) in enumerate(
                zip(self.room.boards, self.room.groups, strict=True), 1
            )
        ]

    @property
    def own_group(self) -> ShownGroup | None:
        return next((group for group in self.groups if group.mine), None)

    @property
    def members(self) -> str:
        """The numbers of one's group, while there are groups."""
        own = self.own_group if self.room.divided else None
        return ",".join(map(str, own.seats)) if own else ""

    @property
    def slide(self) -> ShownSlide | None:
        """What everyone sees now."""
        return find_slide(self.session, self.room.slide)

    @property
    def slide_count(self) -> int:
        return kits.count_slides(self.session)

    @property
    def group_pieces(self) -> list[GroupPiece]:
        return list_group_pieces(self.session, self.room)

    @property
    def handed(self) -> list[KitLink]:
        """What was handed to one’s group."""
        number = self.seat.number if self.seat else None
        parts = list_handed_parts(self.room, number)
        shown = [self.kit.piece(part) for part in parts] if self.kit else []
        return [
            build_link(piece, "sessions:handout", self.session.pk, piece.part)
            for piece in shown
            if piece
        ]

    @property
    def asks_feedback(self) -> bool:
        return is_feedback_open(self.session, self.room)

    @property
    def has_feedback(self) -> bool:
        """Whether the kit has a form that can be opened."""
        return bool(kits.list_questions(self.session))

    @property
    def hand_is_up(self) -> bool:
        return self.seat is not None and self.seat.number in self.room.hands

    @property
    def paces(self) -> Iterator[tuple[str, Said, int, bool]]:
        """Each signal: code, words, how many say it, and whether one does oneself."""
        said = list(self.room.pace.values())
        mine = self.room.pace.get(self.seat.number) if self.seat else None
        for pace in PACES:
            yield pace, labels.PACES[pace], said.count(pace), pace == mine

    @property
    def ticket(self) -> str:
        return self.room.tickets.get(self.seat.number, "") if self.seat else ""

    @property
    def seconds_left(self) -> int:
        if self.room.until is None:
            return 0
        left = self.room.until - timezone.now()
        return max(0, round(left.total_seconds()))

    @property
    def minutes_left(self) -> int:
        return round(self.seconds_left / 60)

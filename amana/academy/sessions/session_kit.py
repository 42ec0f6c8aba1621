"""What pages and paper show of a session's kit, in the reader's language or the
course's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent, Module
from amana.academy.courses.engine.kit_pieces import GROUP, KitPiece, KitText
from amana.academy.courses.engine.prose import ProseSection, split_sections
from amana.academy.courses.models import Version
from amana.academy.sessions import kits, labels
from amana.academy.sessions.engine.plan import SessionPlan
from amana.academy.sessions.engine.room_state import RoomState
from amana.academy.sessions.labels import Said
from amana.academy.sessions.models import Session
from amana.academy.sessions.plans import read_plan

SPLIT = ("slides", "cards", "injects")
"""The kinds of which each heading begins a part that is shown by itself."""


@dataclass(frozen=True)
class ShownKitPart:
    """A slide, a card or an inject."""

    number: int
    title: str
    prose: pages.CourseProse


@dataclass(frozen=True)
class ShownKitPiece:
    course: CourseContent
    plan: SessionPlan
    piece: KitPiece

    @property
    def part(self) -> str:
        return self.piece.part

    @property
    def text(self) -> KitText:
        return pages.choose_text(self.course, self.piece.texts).said

    @property
    def language(self) -> pages.TextLanguage:
        texts = self.piece.texts
        return pages.TextLanguage(pages.choose_text(self.course, texts).language)

    @property
    def languages(self) -> list[pages.TextLanguage]:
        """The languages in which it can be printed."""
        return [
            pages.TextLanguage(code)
            for code in self.course.languages
            if code in self.piece.texts
        ]

    @property
    def kind_name(self) -> Said:
        return labels.KIT_KINDS[self.piece.kind]

    @property
    def audience_name(self) -> Said:
        return labels.AUDIENCES[self.piece.audience]

    @property
    def is_slides(self) -> bool:
        return self.piece.kind == "slides"

    @property
    def step(self) -> str:
        """The number and title of the step that it serves; empty for the session."""
        if self.piece.step is None:
            return ""
        step = self.plan.steps[self.piece.step - 1]
        return f"{self.piece.step}. {pages.format_text(self.course, step.title)}"

    @property
    def numbers(self) -> dict[str, int]:
        """The place of each cited source in the list below."""
        return {key: number for number, key in enumerate(self.text.cites, 1)}

    @property
    def sources(self) -> list[pages.ShownSource]:
        return pages.list_sources(self.course, self.text.cites)

    @property
    def sections(self) -> list[ProseSection]:
        """Its text in one piece, or by what is shown by itself."""
        if self.piece.kind in SPLIT:
            return split_sections(self.text.body)
        return [ProseSection("", self.text.body, 1)]

    @property
    def intro(self) -> pages.CourseProse:
        words = [section.words for section in self.sections if not section.title]
        return self.write("\n\n".join(words))

    @property
    def parts(self) -> list[ShownKitPart]:
        titled = [section for section in self.sections if section.title]
        return [
            ShownKitPart(number, section.title, self.write(section.words))
            for number, section in enumerate(titled, 1)
        ]

    def write(self, words: str) -> pages.CourseProse:
        # The check refuses pictures in a kit, so that none has an address.
        return pages.CourseProse(words, self.numbers, lambda _name: "")


@dataclass(frozen=True)
class ShownKit:
    """The kit of a module's session, as a version of its course has it."""

    version: Version
    module: Module

    @cached_property
    def course(self) -> CourseContent:
        return load_content(self.version)

    @cached_property
    def plan(self) -> SessionPlan:
        return read_plan(self.version, self.module.code)

    @property
    def title(self) -> str:
        return pages.format_text(self.course, self.plan.title)

    @property
    def course_title(self) -> str:
        return pages.format_text(self.course, self.course.title)

    @property
    def pieces(self) -> list[ShownKitPiece]:
        return [self.show(piece) for piece in self.module.kit]

    @property
    def languages(self) -> list[pages.TextLanguage]:
        """The languages in which all of it can be printed."""
        return [
            pages.TextLanguage(language)
            for language in self.course.languages
            if all(language in piece.texts for piece in self.module.kit)
        ]

    def piece(self, part: str) -> ShownKitPiece | None:
        kit = self.module.kit
        found = next((piece for piece in kit if piece.part == part), None)
        return self.show(found) if found else None

    def show(self, piece: KitPiece) -> ShownKitPiece:
        return ShownKitPiece(self.course, self.plan, piece)

    @property
    def place(self) -> tuple[str, int, str]:
        """By which its addresses name it."""
        return self.course.slug, self.version.number, self.module.code

    @property
    def url(self) -> str:
        return reverse("sessions:kit", args=self.place)


def list_kits(version: Version) -> list[ShownKit]:
    """List the sessions of a course that have a kit."""
    modules = load_content(version).modules
    return [ShownKit(version, module) for module in modules if module.kit]


# -- on the pages of a session


@dataclass(frozen=True)
class ShownSlide:
    """The slide that everyone in the room sees, in the reader’s language."""

    deck: ShownKitPiece
    part: ShownKitPart
    count: int

    @property
    def number(self) -> int:
        return self.part.number

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        """The number of the next one; 0 after the last."""
        return self.number + 1 if self.number < self.count else 0


@dataclass(frozen=True)
class GroupPiece:
    """A piece for groups, with those that have it, and those that can get it."""

    part: str
    title: str
    groups: list[tuple[int, bool]]


@dataclass(frozen=True)
class KitLink:
    title: str
    language: pages.TextLanguage
    audience_name: Said
    url: str


def find_session_kit(session: Session) -> ShownKit | None:
    """Find the kit that a session is led with; None without one."""
    version = session.cohort.version
    module = load_content(version).module(session.module)
    return ShownKit(version, module) if module and module.kit else None


def find_handout(
    session: Session, part: str, place: int | None
) -> ShownKitPiece | None:
    """Find a piece that participants may read, once the room is at this step."""
    kit = find_session_kit(session)
    # Polls that trainers add come after the last step of the plan and are asked at any
    # time: at one of them, the steps before need not have been reached.
    if kit is None or place is None or place >= len(kit.plan.steps):
        return None
    shown = kit.piece(part)
    return shown if shown and shown.piece.is_shared_at(place) else None


def list_handed_parts(room: RoomState, seat: int | None) -> list[str]:
    """List what was handed to the group in which a seat is, while the room is open."""
    # Once the room is closed, a brief has done its work; its secrets end with it.
    group = room.group_of(seat) if room.is_open else None
    return [part for part, groups in room.handed.items() if group in groups]


def find_handed_piece(
    session: Session, part: str, room: RoomState, seat: int | None
) -> ShownKitPiece | None:
    """Find a piece that was handed to the group of this seat, and to no other’s."""
    kit = find_session_kit(session)
    if kit is None or part not in list_handed_parts(room, seat):
        return None
    return kit.piece(part)


def iterate_step_links(kit: ShownKit, place: int) -> Iterator[KitLink]:
    """Yield links to what serves this step, for those who lead."""
    for shown in kit.pieces:
        if shown.piece.step == place + 1:
            yield build_link(shown, "sessions:kit_piece", *kit.place, shown.part)


def iterate_handout_links(
    kit: ShownKit, session: Session, place: int
) -> Iterator[KitLink]:
    """Yield links to what participants may read at this step."""
    for shown in kit.pieces:
        if shown.piece.step == place + 1 and shown.piece.is_shared_at(place):
            yield build_link(shown, "sessions:handout", session.pk, shown.part)


def find_slide(session: Session, number: int) -> ShownSlide | None:
    """Find a slide of the kit; None where there is no such one."""
    kit, piece = find_session_kit(session), kits.find_slides(session)
    if kit is None or piece is None:
        return None
    deck = kit.show(piece)
    count = kits.count_slides(session)
    if not 1 <= number <= count:
        return None
    return ShownSlide(deck, deck.parts[number - 1], count)


def list_group_pieces(session: Session, room: RoomState) -> list[GroupPiece]:
    """List what can be handed to groups in the step that is under way."""
    kit = find_session_kit(session)
    if kit is None or room.step is None or not room.divided:
        return []
    numbers = range(1, len(room.groups) + 1)
    return [
        GroupPiece(
            shown.part,
            shown.text.title,
            [(number, number in room.handed.get(shown.part, ())) for number in numbers],
        )
        for shown in kit.pieces
        if shown.piece.audience == GROUP and shown.piece.step == room.step + 1
    ]


def build_link(shown: ShownKitPiece, to: str, *place: object) -> KitLink:
    url = reverse(to, args=place)
    return KitLink(shown.text.title, shown.language, shown.audience_name, url)

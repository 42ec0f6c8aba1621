"""What a visitor has said so far: it travels in the form, and nowhere else.

No session, nothing in the browser: each page carries what was said on those before, and
the last one sends it."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest

from amana.insight.feedback.actions.answering import (
    Answers,
    find_kiosk,
    get_slip,
    is_read,
)
from amana.insight.feedback.forms import PREFIX, read_answers, read_words
from amana.insight.feedback.models import Kiosk, Slip
from amana.insight.feedback.questions import SlipMoment, get_questions, split_pages
from amana.ui.typed import parse_small_int


@dataclass(frozen=True)
class QuestionsVisit:
    """A person's way through the questions."""

    code: str
    house: str
    """The code in the address of a kiosk; empty for a person with a slip."""
    slip: Slip | None
    kiosk: Kiosk | None
    step: int
    answers: Answers
    words: str
    is_read: bool
    """Whether a team may read words about this house: else none are asked for."""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read a visit from the form. Raises Refused when the code is wrong, or was
        used."""
        said = request.POST
        house = str(said.get("house", ""))
        kiosk = find_kiosk(house) if house else None
        code = str(said.get("slip", ""))
        slip = None if kiosk else get_slip(code)
        moment = slip.moment if slip else SlipMoment.HELP
        asks = kiosk or slip
        return cls(
            code=code,
            house=house if kiosk else "",
            slip=slip,
            kiosk=kiosk,
            step=parse_small_int(str(said.get("step", ""))) or 0,
            answers=read_answers(said, get_questions(moment)),
            words=read_words(said),
            is_read=asks is not None and is_read(asks.about),
        )

    @property
    def moment(self) -> str:
        return self.slip.moment if self.slip else SlipMoment.HELP

    @property
    def last(self) -> int:
        """The last page, for one's own words if a team may read them; the first is
        1."""
        return len(split_pages(self.moment)) + self.is_read

    def to(self, go: str) -> int:
        """Return the page that comes now."""
        wanted = {
            "next": self.step + 1,
            "back": self.step - 1,
            "end": self.last,
        }.get(go, self.step)
        return min(max(wanted, 1), self.last)

    def carried(self, step: int) -> dict[str, str]:
        """Return what the page of this step holds without showing it."""
        shown = set(self.questions(step))
        held = {PREFIX + q: a for q, a in self.answers.items() if q not in shown}
        held |= {"slip": self.code, "house": self.house, "step": str(step)}
        if self.is_read and step != self.last and self.words:
            held["words"] = self.words
        return {name: value for name, value in held.items() if value}

    def questions(self, step: int) -> tuple[str, ...]:
        asked = split_pages(self.moment)
        return asked[step - 1] if step <= len(asked) else ()

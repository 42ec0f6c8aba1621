"""The safety gate: what is asked before anything else, and what an answer leads to.

Any red answer leads to what to do now; the questions never stand in its way. Source of
the questions: safety checks before an interview (WHO/LSHTM 2003, principle 1 and 5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import EmergencyContact, Urgency
from amana.design.directory.taxonomy import ServiceType

When = EmergencyContact.When


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("Unsure")
    NOT_ASKED = "not_asked", _("Not asked")


A = Answer


@dataclass(frozen=True)
class Question:
    """One thing to be sure of; `red` and `first` say what its answers lead to."""

    code: str
    text: str | Promise
    hint: str | Promise = ""
    red: frozenset[Answer] = frozenset()
    """Answers that mean danger now."""
    emergency: EmergencyContact.When = When.ANY
    do: tuple[str | Promise, ...] = ()
    """What to do at once when an answer is red."""
    need: ServiceType | None = None
    """What is then needed, as an emergency."""
    first: frozenset[Answer] = frozenset()
    """Answers after which something comes before the talk: `do_first`."""
    do_first: str | Promise = ""


@dataclass(frozen=True)
class Step:
    """A few questions on one small page."""

    title: str | Promise
    lead: str | Promise
    questions: tuple[Question, ...]


STEPS: tuple[Step, ...] = (
    Step(
        _("Is anyone in danger now?"),
        _("Look around first. Ask only what you can ask safely."),
        (
            Question(
                "SAFE02",
                _("Is somebody near who may control them: here, waiting, or calling?"),
                red=frozenset({A.YES}),
                emergency=When.DANGER,
                do=(
                    _("Do not confront that person, nor speak in front of them."),
                    _(
                        "Bring the person to a place with a door and a colleague, and "
                        "do not say aloud why."
                    ),
                ),
                need=ServiceType.SH1,
                first=frozenset({A.UNSURE}),
                do_first=_("Find a reason to speak with the person alone first."),
            ),
            Question(
                "SAFE03",
                _("Do they need a doctor now?"),
                hint=_(
                    "Bleeding, injury, chest pain, trouble in pregnancy, fits, "
                    "overdose, or sexual violence in the last five days."
                ),
                red=frozenset({A.YES}),
                emergency=When.MEDICAL,
                do=(
                    _("Call for medical help. Stay with the person until it is there."),
                    _(
                        "After sexual violence, care within 72 hours can prevent HIV, "
                        "and within five days a pregnancy. The person decides."
                    ),
                ),
                need=ServiceType.HE1,
                first=frozenset({A.UNSURE}),
                do_first=_("Ask a nurse or doctor to have a look before you go on."),
            ),
            Question(
                "SAFE04",
                _("Do they think of harming themselves or somebody else?"),
                hint=_("It is safe to ask. Asking does not put the thought there."),
                red=frozenset({A.YES}),
                emergency=When.CRISIS,
                do=(
                    _("Do not leave the person alone. Move away what could hurt."),
                    _("Listen, and say that help is on its way."),
                ),
                need=ServiceType.MH7,
                first=frozenset({A.UNSURE}),
                do_first=_("Stay near, and ask again when it is calm."),
            ),
            Question(
                "SAFE09",
                _("Is a child or dependant of theirs alone or in danger now?"),
                red=frozenset({A.YES}),
                emergency=When.CHILD,
                do=(
                    _("Ask where the child or dependant is, and since when."),
                    _("Tell the emergency line. Promise nothing that can't be kept."),
                ),
                need=ServiceType.CP4,
            ),
        ),
    ),
    Step(
        _("Can you talk here?"),
        _("A few minutes for comfort save hours later."),
        (
            Question(
                "SAFE01",
                _("Are you alone with the person, and not overheard?"),
                first=frozenset({A.NO, A.UNSURE}),
                do_first=_("Go where nobody hears you, or meet later."),
            ),
            Question(
                "SAFE05",
                _("Have they had water, food, rest, a toilet and warmth?"),
                first=frozenset({A.NO, A.UNSURE}),
                do_first=_("See to water, food, rest, a toilet and warmth first."),
            ),
            Question(
                "SAFE06",
                _("Do you understand each other, or is there a safe interpreter?"),
                hint=_(
                    "Never family, a companion or a fellow traveller. Ask whether a "
                    "man or a woman is preferred."
                ),
                first=frozenset({A.NO, A.UNSURE}),
                do_first=_(
                    "Find an interpreter with no tie to those who may do harm; "
                    "by telephone if need be."
                ),
            ),
            Question(
                "SAFE07",
                _("Do they need anything to hear, see, move or follow the talk?"),
                first=frozenset({A.YES, A.UNSURE}),
                do_first=_(
                    "Ask what would help: a quiet room, sign language, reading "
                    "aloud, more time."
                ),
            ),
        ),
    ),
    Step(
        _("Who else is there?"),
        _("In doubt, treat the person as a child: it does no harm to an adult."),
        (
            Question(
                "SAFE08",
                _("May they be under 18?"),
                first=frozenset({A.YES, A.UNSURE}),
                do_first=_(
                    "Bring in a guardian or child-protection colleague. Speak "
                    "with the child apart from adults who came along."
                ),
            ),
            Question(
                "SAFE08A",
                _("If so: are they here without a parent or guardian they trust?"),
                red=frozenset({A.YES}),
                emergency=When.CHILD,
                do=(
                    _(
                        "A child is not sent away, nor left alone with those who came "
                        "along."
                    ),
                    _("Call child protection: a guardian is needed before a decision."),
                ),
                need=ServiceType.CP1,
                first=frozenset({A.UNSURE}),
                do_first=_(
                    "Find out who cares for the child, and how they are related."
                ),
            ),
            Question(
                "SAFE10",
                _("Could their phone or whereabouts be followed by somebody?"),
                first=frozenset({A.YES, A.UNSURE}),
                do_first=_(
                    "Let the person switch the phone off or leave it in another "
                    "room. Do not search it."
                ),
            ),
            Question(
                "SAFE12",
                _("Is there a date on which they may be detained or sent away?"),
                first=frozenset({A.YES, A.UNSURE}),
                do_first=_("Write the date down at intake, and call a lawyer today."),
            ),
        ),
    ),
    Step(
        _("Is it all right to go on?"),
        _("Say it in simple words, and leave time for questions."),
        (
            Question(
                "SAFE13",
                _(
                    "Have you said who you are, what you can keep to yourself, and "
                    "what you have to report?"
                ),
                first=frozenset({A.NO, A.UNSURE}),
                do_first=_(
                    "Say who you are and what you can and cannot keep secret, "
                    "before anything is told."
                ),
            ),
            Question(
                "SAFE11",
                _("Have you agreed who may call or write, when, and with which words?"),
                first=frozenset({A.NO, A.UNSURE}),
                do_first=_(
                    "Agree on it before you part; there is room for it at intake."
                ),
            ),
            Question(
                "SAFE14",
                _("Does the person agree to go on now?"),
                hint=_("They may stop at any time, and lose nothing by it."),
                first=frozenset({A.NO, A.UNSURE}),
                do_first=_(
                    "Do not go on. Offer help all the same, and say how to come back."
                ),
            ),
        ),
    ),
)

QUESTIONS: dict[str, Question] = {
    question.code: question for step in STEPS for question in step.questions
}


@dataclass(frozen=True)
class Gate:
    """The answers so far. What nobody answered was not asked."""

    answers: Mapping[str, Answer] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Gate":
        """The known answers to known questions, whatever else was sent along."""
        return cls(
            {
                code: Answer(given[code])
                for code in QUESTIONS
                if given.get(code) in Answer.values
            }
        )

    def __getitem__(self, code: str) -> Answer:
        if code not in QUESTIONS:
            raise KeyError(code)  # so that a template finds the attributes
        return self.answers.get(code, Answer.NOT_ASKED)

    def plain(self) -> dict[str, str]:
        return {code: answer.value for code, answer in self.answers.items()}

    @property
    def red(self) -> list[Question]:
        return [q for q in QUESTIONS.values() if self[q.code] in q.red]

    @property
    def first(self) -> list[Question]:
        """What comes before the talk."""
        return [q for q in QUESTIONS.values() if self[q.code] in q.first]

    @property
    def unanswered(self) -> list[Question]:
        return [q for q in QUESTIONS.values() if self[q.code] is Answer.NOT_ASKED]

    @property
    def declined(self) -> bool:
        """The person does not wish to go on: nothing is asked any more."""
        return self["SAFE14"] is Answer.NO

    @property
    def urgency(self) -> Urgency | None:
        if self.red:
            return Urgency.U0
        return Urgency.U1 if self["SAFE12"] is Answer.YES else None

    @property
    def needs(self) -> list[ServiceType]:
        """What a red answer makes urgent."""
        return unique(q.need for q in self.red if q.need)

    @property
    def emergencies(self) -> list[EmergencyContact.When]:
        return unique(q.emergency for q in self.red)


def unique[T](things: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(things))

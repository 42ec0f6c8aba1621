"""The questions of the safety gate, step by step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models.files import EmergencyContact
from amana.design.directory.taxonomy.service_types import ServiceType

When = EmergencyContact.When


type Text = str | Promise


class GateResult(models.TextChoices):
    """What the answers establish. Codes of the log and of every pathway."""

    DANGER = "danger", _("Danger")
    SAFE = "safe", _("Safe to talk")
    NOT_ESTABLISHED = "not_established", _("Not established")

    @property
    def tone(self) -> str:
        return {GateResult.DANGER: "late", GateResult.SAFE: "good"}.get(self, "due")


class GateAnswer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("Unsure")
    NOT_ASKED = "not_asked", _("Not asked")
    """Offered so that an answer can be taken back; the same as none."""


YES, NO, UNSURE = GateAnswer.YES, GateAnswer.NO, GateAnswer.UNSURE


@dataclass(frozen=True)
class GateQuestion:
    """One thing to establish, and what each of its answers leads to."""

    code: str
    text: Text
    hint: Text = ""
    red: frozenset[GateAnswer] = frozenset()
    """Answers that mean danger now."""
    emergency: EmergencyContact.When = When.ANY
    do: tuple[Text, ...] = ()
    """What to do at once when an answer is red."""
    need: ServiceType | None = None
    """What is then needed, as an emergency."""
    against: frozenset[GateAnswer] = frozenset()
    """Answers with which it isn't safe to talk yet: `do_first` comes before."""
    care: frozenset[GateAnswer] = frozenset()
    """Answers that ask for care, and never make it unsafe to talk: `do_first` too."""
    do_first: Text = ""
    warnings: Mapping[GateAnswer, Text] = field(default_factory=dict)
    """What colleagues have to know of an answer, in a few words."""
    unless: tuple[str, GateAnswer] | None = None
    """The answer to another question with which this one does not apply."""


@dataclass(frozen=True)
class GateStep:
    """A few questions on one small page."""

    title: Text
    lead: Text
    questions: tuple[GateQuestion, ...]


STEPS: tuple[GateStep, ...] = (
    GateStep(
        _("Is anyone in danger now?"),
        _("Look around first. Ask only what you can ask safely."),
        (
            GateQuestion(
                "SAFE02",
                _(
                    "Could someone controlling them be nearby, waiting for them, or "
                    "phoning?"
                ),
                red=frozenset({YES}),
                emergency=When.DANGER,
                do=(
                    _("Don’t confront that person, and don’t talk in front of them."),
                    _(
                        "With a colleague, take the person to a room with a door. "
                        "Don’t say why aloud."
                    ),
                ),
                need=ServiceType.SH1,
                against=frozenset({UNSURE}),
                do_first=_("Find a reason to speak with the person alone."),
                warnings={
                    YES: _("Someone who may control them is near"),
                    UNSURE: _("Someone who may control them could be near"),
                },
            ),
            GateQuestion(
                "SAFE03",
                _("Do they need a doctor now?"),
                hint=_(
                    "Bleeding, injury, chest pain, trouble in pregnancy, fits, "
                    "overdose, or sexual violence in the last five days."
                ),
                red=frozenset({YES}),
                emergency=When.MEDICAL,
                do=(
                    _("Call for medical help. Stay with the person until it arrives."),
                    _(
                        "After sexual violence, care within 72 hours can prevent HIV, "
                        "and within five days a pregnancy. The person decides."
                    ),
                ),
                need=ServiceType.HE1,
                against=frozenset({UNSURE}),
                do_first=_("Ask a nurse or doctor to see them before you continue."),
                warnings={
                    YES: _("Needs a doctor now"),
                    UNSURE: _("May need a doctor"),
                },
            ),
            GateQuestion(
                "SAFE04",
                _("Are they thinking about hurting themselves or someone else?"),
                hint=_("It’s safe to ask. Asking doesn’t give anyone the idea."),
                red=frozenset({YES}),
                emergency=When.CRISIS,
                do=(
                    _("Don’t leave the person alone. Remove what could hurt them."),
                    _("Listen, and reassure them that help is coming."),
                ),
                need=ServiceType.MH7,
                against=frozenset({UNSURE}),
                do_first=_("Stay near, and ask again when it is calm."),
                warnings={
                    YES: _("Thinking about hurting themselves or someone else"),
                    UNSURE: _(
                        "May be thinking about hurting themselves or someone else"
                    ),
                },
            ),
            GateQuestion(
                "SAFE09",
                _("Do they have a child or dependant who is alone or in danger?"),
                red=frozenset({YES}),
                emergency=When.CHILD,
                do=(
                    _("Ask where the child or dependant is, and since when."),
                    _("Call the emergency line. Don’t make promises you can’t keep."),
                ),
                need=ServiceType.CP4,
                against=frozenset({UNSURE}),
                do_first=_("Find out where their children and dependants are."),
                warnings={
                    YES: _("Their child or dependant is alone or in danger"),
                    UNSURE: _("Their child or dependant may be in danger"),
                },
            ),
        ),
    ),
    GateStep(
        _("Can you talk here?"),
        _("Meeting these needs first makes the conversation easier."),
        (
            GateQuestion(
                "SAFE01",
                _("Are you alone with the person, where no one can overhear?"),
                against=frozenset({NO, UNSURE}),
                do_first=_("Move to where no one can overhear, or meet later."),
                warnings={NO: _("Not in private"), UNSURE: _("May be overheard")},
            ),
            GateQuestion(
                "SAFE05",
                _("Have they had water, food, rest, a toilet and warmth?"),
                care=frozenset({NO, UNSURE}),
                do_first=_("Offer water, food, rest, a toilet and warmth first."),
                warnings={
                    NO: _("Needs water, food, rest or warmth"),
                    UNSURE: _("May need water, food, rest or warmth"),
                },
            ),
            GateQuestion(
                "SAFE06",
                _("Do you understand each other, or have a safe interpreter?"),
                hint=_(
                    "Never family, a companion or a fellow traveller. Ask whether they "
                    "prefer a man or a woman."
                ),
                against=frozenset({NO, UNSURE}),
                do_first=_(
                    "Find an interpreter with no link to anyone who may harm them; by "
                    "phone if necessary."
                ),
                warnings={
                    NO: _("Needs a safe interpreter"),
                    UNSURE: _("May need a safe interpreter"),
                },
            ),
            GateQuestion(
                "SAFE07",
                _("Do they need support to communicate or move around?"),
                care=frozenset({YES, UNSURE}),
                do_first=_(
                    "Ask what would help: a quiet room, sign language, reading "
                    "aloud, more time."
                ),
                warnings={
                    YES: _("Needs support to communicate or move around"),
                    UNSURE: _("May need support to communicate or move around"),
                },
            ),
        ),
    ),
    GateStep(
        _("Who else is affected?"),
        _("If in doubt, treat the person as a child: it does an adult no harm."),
        (
            GateQuestion(
                "SAFE08",
                _("Could they be under 18?"),
                care=frozenset({YES, UNSURE}),
                do_first=_(
                    "Bring in a guardian or child-protection colleague. Speak with the "
                    "child apart from the adults who came along."
                ),
                warnings={
                    YES: _("Could be under 18"),
                    UNSURE: _("Could be under 18"),
                },
            ),
            GateQuestion(
                "SAFE08A",
                _(
                    "If they could be under 18: are they here without a parent or "
                    "guardian they trust?"
                ),
                red=frozenset({YES}),
                emergency=When.CHILD,
                do=(
                    _(
                        "Don’t send a child away, or leave them alone with those who "
                        "came along."
                    ),
                    _(
                        "Call child protection. No decision is made before the child "
                        "has a guardian."
                    ),
                ),
                need=ServiceType.CP1,
                against=frozenset({UNSURE}),
                do_first=_(
                    "Find out who cares for the child, and how they are related."
                ),
                warnings={
                    YES: _("Child without a trusted parent or guardian"),
                    UNSURE: _("Child: guardian not known"),
                },
                unless=("SAFE08", NO),
            ),
            GateQuestion(
                "SAFE10",
                _("Could someone be tracking their phone or location?"),
                against=frozenset({YES, UNSURE}),
                do_first=_(
                    "The person can switch the phone off, or leave it in another "
                    "room. Don’t search it. Agree on another way to contact them."
                ),
                warnings={
                    YES: _("Phone may be tracked"),
                    UNSURE: _("Phone may be tracked"),
                },
            ),
            GateQuestion(
                "SAFE12",
                _("Is there a date when they may be detained or deported?"),
                care=frozenset({YES, UNSURE}),
                do_first=_("Add the date to the basic details. Call a lawyer today."),
                warnings={
                    YES: _("May be detained or deported on a known date"),
                    UNSURE: _("May be detained or deported"),
                },
            ),
        ),
    ),
    GateStep(
        _("Is it all right to continue?"),
        _("Use simple words, and leave time for questions."),
        (
            GateQuestion(
                "SAFE13",
                _(
                    "Have you explained who you are, their rights, what stays "
                    "confidential and what you must report?"
                ),
                against=frozenset({NO, UNSURE}),
                do_first=_(
                    "Explain who you are, their rights, and what you can and can’t "
                    "keep confidential, before they tell you anything."
                ),
                warnings={
                    NO: _("Rights and confidentiality not explained"),
                    UNSURE: _("Rights and confidentiality not explained"),
                },
            ),
            GateQuestion(
                "SAFE11",
                _("Have you agreed who may contact them, when, and in which words?"),
                care=frozenset({NO, UNSURE}),
                do_first=_(
                    "Before you part, agree on how to contact them. Add it to the "
                    "basic details."
                ),
                warnings={
                    NO: _("No safe contact agreed"),
                    UNSURE: _("No safe contact agreed"),
                },
            ),
            GateQuestion(
                "SAFE14",
                _("Do they agree to continue now?"),
                hint=_("They can stop at any time, and lose nothing."),
                against=frozenset({NO, UNSURE}),
                do_first=_(
                    "Don’t continue. Offer help all the same, and explain how to "
                    "come back."
                ),
                warnings={
                    NO: _("Does not agree to continue"),
                    UNSURE: _("Unsure about continuing"),
                },
            ),
        ),
    ),
)


QUESTIONS: dict[str, GateQuestion] = {
    question.code: question for step in STEPS for question in step.questions
}


OF_CONTACT = frozenset({"SAFE02", "SAFE10"})
"""Warnings that have to be seen before a colleague calls or writes."""


def remove_duplicates[T](things: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(things))

"""The questions of the safety gate, step by step: `gate_questions.yaml` has them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models.files import EmergencyContact
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.faults import Fault, check_known, check_unique
from amana.reviewed_files import Text, read_reviewed
from amana.yaml_files.yamls import YAMLSource

When = EmergencyContact.When
FILE = Path(__file__).with_suffix(".yaml")
NAMED = frozenset({"SAFE08", "SAFE08A", "SAFE12", "SAFE14"})
"""The questions that the program knows by their codes."""

UNKNOWN = "There is no question “%(name)s”."
RED_TOO = "“%(answer)s” means danger already: take it out of here, or out of “red”."


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
    before_contact: bool = False
    """Whether its warning is seen before a colleague calls or writes."""


@dataclass(frozen=True)
class GateStep:
    """A few questions on one small page."""

    title: Text
    lead: Text
    questions: tuple[GateQuestion, ...]


def read_steps(file: Path) -> tuple[GateStep, ...]:
    """Read the steps of the gate. Raises FaultyFile."""
    codes = {"emergency": When.values, "service_type": ServiceType.values}
    steps = read_reviewed(file, codes, check=check_questions)["steps"]
    return tuple(
        GateStep(
            step["title"],
            step["lead"],
            tuple(build_question(*entry) for entry in step["questions"].items()),
        )
        for step in steps
    )


def check_questions(source: YAMLSource) -> Iterator[Fault]:
    """Check what holds between questions: no code is used twice, those that the program
    names exist, and an answer has one meaning."""
    entries = {
        ("steps", number, "questions", code): entry
        for number, step in enumerate(source.plain["steps"])
        for code, entry in step["questions"].items()
    }
    codes = [(place, place[-1]) for place in entries]
    known = {str(code) for _place, code in codes}
    yield from check_unique(source, codes, "There are two questions “%(name)s”.")
    for code in sorted(NAMED - known):
        yield source.fault(("steps",), "Question “%(code)s” is missing.", code=code)
    for place, entry in entries.items():
        for other in entry.get("unless", ()):
            there = (*place, "unless", other)
            yield from check_known(source, there, UNKNOWN, other, known)
        for meaning in ("against", "care"):
            both = {*entry.get("red", ())} & {*entry.get(meaning, ())}
            for answer in sorted(both):
                yield source.fault((*place, meaning), RED_TOO, answer=answer)


def build_question(code: str, entry: Mapping[str, Any]) -> GateQuestion:
    return GateQuestion(
        code=code,
        text=entry["text"],
        hint=entry.get("hint", ""),
        red=build_answers(entry.get("red", ())),
        emergency=When(entry.get("emergency", When.ANY)),
        do=tuple(entry.get("do", ())),
        need=ServiceType(entry["need"]) if "need" in entry else None,
        against=build_answers(entry.get("against", ())),
        care=build_answers(entry.get("care", ())),
        do_first=entry["do_first"],
        warnings={GateAnswer(a): text for a, text in entry["warnings"].items()},
        unless=next(
            ((other, GateAnswer(a)) for other, a in entry.get("unless", {}).items()),
            None,
        ),
        before_contact=entry.get("before_contact", False),
    )


def build_answers(answers: Iterable[str]) -> frozenset[GateAnswer]:
    return frozenset(map(GateAnswer, answers))


STEPS = read_steps(FILE)


QUESTIONS: dict[str, GateQuestion] = {
    question.code: question for step in STEPS for question in step.questions
}


def remove_duplicates[T](values: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(values))

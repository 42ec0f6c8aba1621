"""The answers given, and what is recorded of them in a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from amana.care.cases.gate.gate_questions import (
    NO,
    QUESTIONS,
    UNSURE,
    YES,
    GateAnswer,
    GateQuestion,
    GateResult,
    remove_duplicates,
)
from amana.care.cases.models.case_record import Urgency
from amana.care.cases.models.files import EmergencyContact
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.reviewed_files import Text


@dataclass(frozen=True)
class SafetyGate:
    """The answers given. A question without one was not asked."""

    answers: Mapping[str, GateAnswer] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "SafetyGate":
        """Keep the known answers to known questions, whatever else was sent along."""
        return cls(
            {
                code: GateAnswer(given[code])
                for code in QUESTIONS
                if given.get(code) in (YES, NO, UNSURE)
            }
        )

    def __getitem__(self, code: str) -> GateAnswer:
        if code not in QUESTIONS:
            raise KeyError(code)  # so that a template finds the attributes
        return self.answers.get(code, GateAnswer.NOT_ASKED)

    def plain(self) -> dict[str, str]:
        return {code: answer.value for code, answer in self.answers.items()}

    @property
    def result(self) -> GateResult:
        """What the answers establish; never more than was asked."""
        # One red answer is danger, however much was not asked; and a question without
        # an answer is never counted as safe (ADR 37).
        if self.red:
            return GateResult.DANGER
        if self.unanswered or self.against:
            return GateResult.NOT_ESTABLISHED
        return GateResult.SAFE

    @property
    def applying(self) -> list[GateQuestion]:
        """The questions that apply: about a guardian only where a child is possible."""
        return [
            question
            for question in QUESTIONS.values()
            if not question.unless or self[question.unless[0]] is not question.unless[1]
        ]

    @property
    def red(self) -> list[GateQuestion]:
        return [q for q in self.applying if self[q.code] in q.red]

    @property
    def against(self) -> list[GateQuestion]:
        """Answered so that it isn't safe to talk yet."""
        return [q for q in self.applying if self[q.code] in q.against]

    @property
    def care(self) -> list[GateQuestion]:
        """Answered so that the person needs something first."""
        return [q for q in self.applying if self[q.code] in q.care]

    @property
    def unanswered(self) -> list[GateQuestion]:
        return [q for q in self.applying if self[q.code] is GateAnswer.NOT_ASKED]

    @property
    def declined(self) -> bool:
        """The person doesn't agree to continue: nothing more is asked."""
        return self["SAFE14"] is NO

    @property
    def urgency(self) -> Urgency | None:
        if self.red:
            return Urgency.U0
        return Urgency.U1 if self["SAFE12"] is YES else None

    @property
    def needs(self) -> list[ServiceType]:
        """What a red answer makes urgent."""
        return remove_duplicates(q.need for q in self.red if q.need)

    @property
    def emergencies(self) -> list[EmergencyContact.When]:
        return remove_duplicates(q.emergency for q in self.red)


@dataclass(frozen=True)
class GateSession:
    """What one colleague asked at one time."""

    gate: SafetyGate
    by: str
    at: datetime

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "GateSession":
        return cls(
            SafetyGate.read(content.get("answers", {})),
            str(content.get("by", "")),
            datetime.fromisoformat(content["at"]),
        )

    @property
    def given(self) -> list[tuple[GateQuestion, GateAnswer]]:
        return [(QUESTIONS[code], told) for code, told in self.gate.answers.items()]

    def plain(self) -> dict[str, Any]:
        return {
            "answers": self.gate.plain(),
            "by": self.by,
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True)
class LatestAnswer:
    """The latest answer to a question: who asked it, and when."""

    question: GateQuestion
    answer: GateAnswer
    by: str
    at: datetime

    @property
    def warning(self) -> Text:
        return self.question.warnings.get(self.answer, "")

    @property
    def tone(self) -> str:
        if self.answer in self.question.red:
            return "late"
        return "due" if self.answer in self.question.against else "info"


@dataclass(frozen=True)
class SafetyRecord:
    """The latest answer to each question. One that a later asking left out stays, with
    the time at which it was given."""

    askings: tuple[GateSession, ...] = ()

    @cached_property
    def answered(self) -> dict[str, LatestAnswer]:
        latest: dict[str, LatestAnswer] = {}
        # By the time of asking, not of writing: answers that were taken without a
        # network are written later than others that are newer (ADR 48).
        for asking in sorted(self.askings, key=lambda asking: asking.at):
            for code, answer in asking.gate.answers.items():
                latest[code] = LatestAnswer(
                    QUESTIONS[code], answer, asking.by, asking.at
                )
        return {code: latest[code] for code in QUESTIONS if code in latest}

    @cached_property
    def gate(self) -> SafetyGate:
        return SafetyGate({code: told.answer for code, told in self.answered.items()})

    @cached_property
    def warnings(self) -> list[LatestAnswer]:
        """What colleagues have to know, danger first."""
        standing = [self.answered.get(question.code) for question in self.gate.applying]
        found = [told for told in standing if told is not None and told.warning]
        return sorted(found, key=lambda told: TONES.index(told.tone))

    @property
    def by_asking(self) -> list[tuple[str, datetime, list[LatestAnswer]]]:
        """The warnings by who asked and when, danger first."""
        groups: dict[tuple[str, datetime], list[LatestAnswer]] = {}
        for told in self.warnings:
            groups.setdefault((told.by, told.at), []).append(told)
        return [(by, at, told) for (by, at), told in groups.items()]

    @property
    def of_contact(self) -> list[LatestAnswer]:
        """The warnings for a colleague who is about to call or write."""
        return [told for told in self.warnings if told.question.before_contact]

    @property
    def last(self) -> GateSession | None:
        return max(self.askings, key=lambda asking: asking.at, default=None)

    def since(self, at: datetime) -> dict[str, LatestAnswer]:
        """List the answers that were given at that time or later."""
        return {code: told for code, told in self.answered.items() if told.at >= at}


TONES = ["late", "due", "info"]


FRESH = timedelta(hours=6)
"""For so long a person is not asked again what they have just answered."""

"""The result of a screening: as the instrument found it, and as a person has judged it.

The findings are never stored: they follow from the sealed answers and from the rules of
the version with which was asked, which never change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from amana.care.cases.rules import list_readable_parts
from amana.care.screening import sealed
from amana.care.screening.models import Screening
from amana.care.screening.sealed import ScreeningContent
from amana.design.forms.engine.filling import FilledForm, fill_form
from amana.design.instruments import (
    DimensionStatus,
    FindingOverride,
    Findings,
    Flag,
    FlagStatus,
    Instrument,
    TraffickingElement,
    convert_answers,
)
from amana.trust.access.models import User
from amana.trust.vault.compartments import Compartment

KEPT_FLAGS = (Flag.HEALTH, Flag.CHILD)
"""What everyone who helps has to know, though they may not read why."""


class FindingKind(StrEnum):
    """What a finding is about."""

    SIGN = "sign"
    ELEMENT = "element"
    FLAG = "flag"


def build_key(kind: FindingKind, name: str) -> str:
    return f"{kind}:{name}"


@dataclass(frozen=True)
class FindingVerdict:
    """How a person judges one finding; the finding itself is kept as well."""

    found: str
    said: str
    reason: str = ""

    @property
    def differs(self) -> bool:
        return self.said != self.found


@dataclass(frozen=True)
class ResultAssessment:
    """How a person judges a result, finding by finding."""

    by: str
    at: str
    verdicts: Mapping[str, FindingVerdict]
    words: str = ""

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "ResultAssessment":
        verdicts = {
            key: FindingVerdict(*said) for key, said in plain["verdicts"].items()
        }
        return cls(plain["by"], plain["at"], verdicts, plain.get("words", ""))

    def plain(self) -> dict[str, object]:
        return {
            "by": self.by,
            "at": self.at,
            "words": self.words,
            "verdicts": {
                key: [said.found, said.said, said.reason]
                for key, said in self.verdicts.items()
            },
        }

    def said(self, kind: FindingKind) -> dict[str, str]:
        """Map the names of the findings that the person sees differently to their
        judgement."""
        return {
            key.partition(":")[2]: verdict.said
            for key, verdict in self.verdicts.items()
            if key.startswith(f"{kind}:") and verdict.differs
        }

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def differs(self) -> bool:
        return any(verdict.differs for verdict in self.verdicts.values())

    @property
    def judged(self) -> FindingOverride:
        flags, elements = self.said(FindingKind.FLAG), self.said(FindingKind.ELEMENT)
        return FindingOverride(
            rejected=frozenset(self.said(FindingKind.SIGN)),
            elements={
                TraffickingElement(e): DimensionStatus(said)
                for e, said in elements.items()
            },
            flags={Flag(flag): FlagStatus(said) for flag, said in flags.items()},
        )


@dataclass(frozen=True)
class ScreeningResult:
    """A screening, opened for one person."""

    screening: Screening
    instrument: Instrument
    filled: FilledForm
    sealed: ScreeningContent
    closed: frozenset[Compartment]
    """Parts of the form that this person may not read."""

    @cached_property
    def found(self) -> Findings:
        """The findings by the answers alone."""
        return self._find(FindingOverride())

    @cached_property
    def concluded(self) -> Findings:
        """The same, with what a person has judged differently."""
        return self._find(self.judgement.judged) if self.judgement else self.found

    def concluded_by(self, judgement: ResultAssessment) -> Findings:
        return self._find(judgement.judged)

    def _find(self, judged: FindingOverride) -> Findings:
        known = self.sealed.known
        # The raised flags are sealed in a part that everyone reads: a person who may
        # not read the answers behind a flag would otherwise compute that there is none.
        kept = {
            Flag(flag): FlagStatus(raised)
            for flag, raised in known.get("flags", {}).items()
            if FlagStatus(raised) is not FlagStatus.NO
            and Flag(flag) not in judged.flags
        }
        # What isn't asked (any more) was not sealed; what seems so to a person who does
        # not read every part, was.
        data = convert_answers(self.filled.form, self.filled.answers)
        answers = {n: None if n in self.unread else said for n, said in data.items()}
        hidden = (self.filled.off - self.sealed.answers.keys()) | self.unread
        child = bool(known.get("child"))

        def find(judged: FindingOverride) -> Findings:
            return self.instrument.find(
                answers, child=child, hidden=hidden, judged=judged
            )

        found = find(judged)
        less = {  # no < perhaps < yes, by the alphabet too
            flag: raised for flag, raised in kept.items() if found.flags[flag] < raised
        }
        # A second time only where a flag is missing here: its rules may give the
        # pathway other results and next steps.
        return find(replace(judged, flags={**judged.flags, **less})) if less else found

    @cached_property
    def unread(self) -> frozenset[str]:
        """Questions in parts that this person may not read: nothing of them is known
        here, and nothing of them is missing."""
        questions = self.filled.form.questions.values()
        return frozenset(q.name for q in questions if q.compartment in self.closed)

    @cached_property
    def judgements(self) -> list[ResultAssessment]:
        return [ResultAssessment.read(plain) for plain in self.sealed.judgements]

    @property
    def judgement(self) -> ResultAssessment | None:
        return self.judgements[-1] if self.judgements else None


def summarise_findings(findings: Findings) -> dict[str, object]:
    """Summarise in codes what everyone who helps has to know."""
    return {
        "child": findings.child,
        "flags": {str(flag): str(findings.flags[flag]) for flag in KEPT_FLAGS},
    }


def list_asked_parts(screening: Screening) -> frozenset[Compartment]:
    """List the parts in which the form stores its answers."""
    asked = {q.compartment for q in screening.form.questions.values() if q.compartment}
    return frozenset(map(Compartment, asked))


def list_parts_opened(screening: Screening, user: User) -> frozenset[Compartment]:
    """List the parts of a screening that a person may read, who may read it at all. In
    a case, the colleague who screened still reads what they wrote until the result was
    reviewed."""
    if screening.case_id is None:
        return frozenset(Compartment)
    assert screening.case
    read = list_readable_parts(user, screening.case)
    # Otherwise a colleague whose access does not cover every part could not review the
    # result of the questions that they asked themselves.
    wrote = screening.screened_by_id == user.pk and screening.judged_at is None
    return (
        read | list_asked_parts(screening) | {Compartment.NARRATIVE} if wrote else read
    )


def open_result(
    screening: Screening, *, by: User, purpose: str = "screening"
) -> ScreeningResult:
    parts = list_parts_opened(screening, by)
    found = sealed.open_answers(screening, parts, by=by, purpose=purpose)
    # Before a case, a part is missing where it did not go along at a handover.
    there = found.parts.keys() if screening.case_id is None else parts
    return build_result(screening, found, closed=list_asked_parts(screening) - there)


def build_result(
    screening: Screening, found: ScreeningContent, *, closed: Iterable[Compartment] = ()
) -> ScreeningResult:
    filled = fill_form(screening.form, found.answers, now=screening.screened_at)
    return ScreeningResult(screening, screening.rules, filled, found, frozenset(closed))

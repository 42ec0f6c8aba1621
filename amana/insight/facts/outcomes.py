"""Observations of outcomes, from the coded answers that are sealed in a case."""

from amana.care.cases.models import Case
from amana.care.outcomes.actions import ChangedAnswer
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.recording import Said


def encode_answer(case: Case, answer: ChangedAnswer) -> Said:
    """Encode an answer in the codes of the kind that has its name. An answer with no
    such code counts as unknown: no one knows, no one asked, or it does not concern the
    person."""
    kind = KINDS[answer.asked.question.code]
    said = {"urgency": case.urgency}
    if answer.asked.topic:
        said["topic"] = answer.asked.topic
    if answer.asked.moment:
        said["reason"] = answer.asked.moment
    if kind.numbered:
        number = int(answer.now) if answer.now.isdecimal() else None
        return kind.code, {**said, "number": number}
    known = answer.now in kind.results
    return kind.code, {**said, "result": answer.now if known else ""}

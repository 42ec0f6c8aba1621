"""A case from a screening: what was answered already is not asked again."""

from amana.care.cases.fields import FIELDS
from amana.care.cases.forms import ASKED_AT_INTAKE
from amana.care.screening.labels import iterate_needs
from amana.care.screening.results import ScreeningResult
from amana.design.instruments import FlagStatus


def build_initial_values(result: ScreeningResult) -> dict[str, object]:
    """Build the initial values of the intake form: answers to questions that have the
    name of a field of the case and are in the same part, and the flags of the
    result."""
    known = {
        key.replace(".", "_"): answer
        for key, answer in map_case_answers(result).items()
        if key in ASKED_AT_INTAKE
    }
    findings = result.concluded
    if findings.child:
        # “Unsure”, and only where nothing was answered: the findings raise a
        # possibility, which a person confirms or rejects at the intake.
        known.setdefault("identity_child", "unsure")
    flags = [str(flag) for flag, r in findings.flags.items() if r is not FlagStatus.NO]
    return known | {"narrative_flags": flags}


def map_case_answers(result: ScreeningResult) -> dict[str, object]:
    """Map fields of the case to the answers of the same name in the same part."""
    form = result.filled.form
    said: dict[str, object] = {}
    for name, answer in result.sealed.answers.items():
        question = form.questions.get(name)
        # Name and part both: a question of the same name in another part would carry an
        # answer to people who may not read it there.
        key = f"{question.compartment}.{name}" if question else ""
        if key in FIELDS and answer:
            several = FIELDS[key].kind == "choices"
            said[key] = answer.split() if several else answer
    return said


def list_initial_needs(result: ScreeningResult) -> list[dict[str, str]]:
    """List the needs that the next steps ask for, as rows of the form."""
    return [
        {"type": need, "urgency": urgency}
        for need, urgency in iterate_needs(result.concluded.follows)
    ]

"""Answers that the safety questions and the basic details have just given: they are not
asked again.

A mechanism writes its own screenings, so the questions are known by their names, as the
fields of an intake are (docs/manual/pack.md): `private`, `urgent`, `age_group`, and
`safe01` to `safe14`. An answer is taken over only where the form offers its code."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.fields import may_be_child
from amana.care.cases.gate import FRESH, NO, UNSURE, YES, LatestAnswer
from amana.care.cases.models import Case
from amana.care.cases.opened_records import OpenedRecords, build_written
from amana.care.cases.rules import FIRST_PARTS, list_readable_parts
from amana.design.forms.engine.form_model import Form
from amana.design.forms.pages import EarlierAnswer
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD
from amana.ui.typed import parse_small_int

C = Compartment

URGENT = {
    "danger": "SAFE02",
    "doctor": "SAFE03",
    "self_harm": "SAFE04",
    "child_alone": "SAFE09",
}
"""The codes of `urgent`, by the question of the gate that answers each."""


def map_known_answers(case: Case, form: Form, *, by: User) -> dict[str, EarlierAnswer]:
    """Map the questions of this form to the answers given within the last hours."""
    # Only parts that this person may read anyway: an answer shown here must not be a
    # way into a closed part of the case.
    parts = {C.IDENTITY, C.CONTACT} & FIRST_PARTS & list_readable_parts(by, case)
    opened = documents.open_documents(case.pk, parts, by=by, purpose="screening")
    identity = opened.get((C.IDENTITY, RECORD))
    since = timezone.now() - FRESH
    found = dict(iterate_gate_answers(build_written(opened), since))
    # The safety questions come first: they were asked with the person, while the basic
    # details may be estimates.
    if "age_group" not in found and identity and identity.written_at >= since:
        found |= dict(iterate_age_answers(identity.content, identity.written_at))
    return {
        name: told for name, told in found.items() if can_take_answer(form, name, told)
    }


def iterate_gate_answers(
    written: OpenedRecords, since: datetime
) -> Iterator[tuple[str, EarlierAnswer]]:
    told = written.safety.since(since)
    for code, answered in told.items():
        yield code.lower(), build_given(answered, answered.answer)
    if alone := told.get("SAFE01"):
        yield "private", build_given(alone, alone.answer)
    if age := told.get("SAFE08"):
        groups = {YES: "child", NO: "adult", UNSURE: "unsure"}
        yield "age_group", build_given(age, groups[age.answer])
    if urgent := build_urgent_answer(told):
        yield "urgent", urgent


def build_urgent_answer(told: Mapping[str, LatestAnswer]) -> EarlierAnswer | None:
    """Build the answer to `urgent` once each of its questions has a yes or a no; None
    while one is open or unsure, so that it is asked again."""
    asked = {code: told.get(question) for code, question in URGENT.items()}
    answers = [answered for answered in asked.values() if answered is not None]
    if len(answers) < len(asked) or any(a.answer is UNSURE for a in answers):
        return None
    codes = [code for code, a in asked.items() if a is not None and a.answer is YES]
    # The latest of the four: the page shows how old the answer as a whole is.
    last = max(answers, key=lambda answered: answered.at)
    return build_given(last, " ".join(codes) or "none")


def iterate_age_answers(
    identity: Mapping[str, object], at: datetime
) -> Iterator[tuple[str, EarlierAnswer]]:
    """Yield the age group as the intake recorded it: an age, or that the person may be
    a child."""
    age = parse_small_int(str(identity.get("age") or "").strip())
    if age is not None or identity.get("child") in (YES, NO):
        # In doubt a child, as everywhere: the presumption of minority.
        group = "child" if may_be_child(identity) else "adult"
        yield "age_group", EarlierAnswer(group, _("Basic details"), at)


def build_given(answered: LatestAnswer, answer: str) -> EarlierAnswer:
    return EarlierAnswer(str(answer), answered.by, answered.at)


def can_take_answer(form: Form, name: str, told: EarlierAnswer) -> bool:
    """Check that the form asks this, and has all the codes of the answer."""
    question = form.questions.get(name)
    if question is None:
        return False
    codes = {choice.name for choice in question.choices}
    return all(code in codes for code in told.answer.split())

"""The work of a learner as a practice installation would send it: the demo starts none,
as each takes a minute to build."""

import io
import json
import zipfile

from django.conf import settings

from amana.academy.assessment import actions
from amana.academy.assessment.models import HandIn
from amana.academy.courses.models import Enrolment
from amana.academy.installations import work_checking
from amana.academy.installations.engine import practice_work, work_checks
from amana.academy.installations.engine.findings import CheckResult
from amana.academy.installations.models import MachineCheck

ANY, NIGHT, DAY = "any", "night", "day"
LINES = (
    (
        "Coordination Office",
        "555 0120",
        ANY,
        "Answered in two minutes, three languages.",
    ),
    ("Ambulance", "555 0101", ANY, "Asks for the place first."),
    ("Care after sexual violence", "555 0133", ANY, "A nurse answers, at night too."),
    ("Lantern Children’s Centre", "555 0144", ANY, "For a child alone, first of all."),
    ("Migrant clinic", "555 0155", DAY, "From eight to five, without papers."),
    ("Harbour House", "555 0166", NIGHT, "A free place is confirmed on the telephone."),
    ("Interpreters", "555 0177", DAY, "Until eight; after that no one answers."),
)
"""Whom to call, when, and what was found when each was called. No number exists."""


def submit_made_work(enrolment: Enrolment, module: str, words: str) -> HandIn:
    """Submit a list of emergency lines with a page of words, and what the machine
    checks find of both."""
    by = enrolment.person
    made = build_bundle()
    work = actions.submit_work(enrolment, module, words, made=made, by=by)
    MachineCheck.objects.create(
        hand_in=work,
        made=work.files.get(name=actions.MADE),
        results=[
            result.convert_to_plain() for result in check(enrolment, module, words)
        ],
    )
    return work


def build_bundle() -> bytes:
    contacts = [
        {"name": name, "number": number, "when": when, "note": note}
        for name, number, when, note in LINES
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        described = {"format": practice_work.FORMAT, "parts": ["contacts"]}
        bundle.writestr("practice.json", json.dumps(described))
        bundle.writestr("contacts.json", json.dumps(contacts))
    return packed.getvalue()


def check(enrolment: Enrolment, module: str, words: str) -> list[CheckResult]:
    taken = practice_work.read_bundle(build_bundle())
    work = practice_work.build_work(taken, words=words, pack=None, faults=())
    base = work_checking.load_base(settings.ROOT / "mechanisms" / "example")
    return work_checks.run_checks(
        work_checking.list_asked(enrolment, module), work, base
    )

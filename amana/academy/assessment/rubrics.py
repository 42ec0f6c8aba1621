"""By what work is judged: the rubric in the version of the course by which a learner
learns. A newer wording is a newer version, and changes nothing here."""

from typing import Any

from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment


def is_made_in_practice(enrolment: Enrolment, module: str) -> bool:
    """Check whether the work of a module is made in a practice installation, from where
    it is handed in."""
    found = load_content(enrolment.version).module(module)
    return bool(found and found.assignment and found.assignment.get("checks"))


def get_rubric(enrolment: Enrolment, module: str) -> list[dict[str, Any]]:
    """Get the rubric of a module; empty where it asks for no work."""
    found = load_content(enrolment.version).module(module)
    if found is None or not found.assignment:
        return []
    rubric: list[dict[str, Any]] = found.assignment["rubric"]
    return rubric

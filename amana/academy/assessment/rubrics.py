"""By what work is judged: the rubric in the version of the course by which a learner
learns. A newer wording is a newer version, and changes nothing here."""

from typing import Any

from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment


def get_rubric(enrolment: Enrolment, module: str) -> list[dict[str, Any]]:
    """Get the rubric of a module; empty where it asks for no work."""
    found = load_content(enrolment.version).module(module)
    if found is None or not found.assignment:
        return []
    rubric: list[dict[str, Any]] = found.assignment["rubric"]
    return rubric

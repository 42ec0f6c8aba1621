"""What upper rooms show on a learner's pages, and what they know of a learner, without
this room knowing them. A room registers in its `apps.ready()`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from amana.academy.courses.models import Enrolment
from amana.registry import Registry


@dataclass(frozen=True)
class Panel:
    """A part of a page: `load` gives the context of `template`, for an enrolment and
    the code of a module (empty on a page of the whole course)."""

    template: str
    load: Callable[[Enrolment, str], dict[str, Any]]


PROGRESS: Registry[Panel] = Registry()
"""On the page that says what is missing."""

ASSIGNMENT: Registry[Panel] = Registry()
"""Below the work that a module asks for."""

ATTENDED: Registry[Callable[[Enrolment], Collection[str]]] = Registry()
"""The codes of the modules whose live session the learner attended."""


def shown(
    panels: Registry[Panel], enrolment: Enrolment, module: str = ""
) -> list[tuple[str, dict[str, Any]]]:
    return [(one.template, one.load(enrolment, module)) for one in panels]


def attended(enrolment: Enrolment) -> frozenset[str]:
    return frozenset(code for find in ATTENDED for code in find(enrolment))

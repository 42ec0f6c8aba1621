"""Sections and links that upper rooms show on a learner's pages, and what they know of
a learner, without this room knowing them. A room registers in its `apps.ready()`."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import resolve
from django.utils.translation import ngettext

from amana.academy.courses.models import Enrolment
from amana.registry import Registry
from amana.trust.access.http import is_open_to_learners
from amana.trust.access.models import User


@dataclass(frozen=True)
class EnrolmentSection:
    """A part of a page: `load` gives the context of `template`, for an enrolment and
    the code of a module or the path of a lesson (empty on a page of the whole course).
    """

    template: str
    load: Callable[[Enrolment, str], dict[str, object]]


@dataclass(frozen=True)
class AcademyLink:
    """A way on, from the first page of the academy, for those whom it concerns."""

    label: str
    url: str
    count: int = 0
    """How much waits there."""

    @property
    def waiting(self) -> str:
        if not self.count:
            return ""
        return ngettext("%(n)s waiting", "%(n)s waiting", self.count) % {
            "n": self.count
        }


OFFERS: Registry[Callable[[User], Iterable[AcademyLink]]] = Registry()

COURSE: Registry[EnrolmentSection] = Registry()
"""On the page of a course that a person has begun."""

MODULE: Registry[EnrolmentSection] = Registry()
"""On the page of a module, above its lessons."""

LESSON: Registry[EnrolmentSection] = Registry()
"""Below a lesson."""

PROGRESS: Registry[EnrolmentSection] = Registry()
"""On the page of what is missing."""

ASSIGNMENT: Registry[EnrolmentSection] = Registry()
"""Below the work that a module asks for."""

ATTENDED: Registry[Callable[[Enrolment], Collection[str]]] = Registry()
"""The codes of the modules whose live session the learner attended."""


def list_sections(
    panels: Registry[EnrolmentSection], enrolment: Enrolment, place: str = ""
) -> list[tuple[str, dict[str, object]]]:
    return [(panel.template, panel.load(enrolment, place)) for panel in panels]


def list_attended(enrolment: Enrolment) -> frozenset[str]:
    return frozenset(code for find in ATTENDED for code in find(enrolment))


def list_links(user: User) -> list[AcademyLink]:
    """List the links that a person can follow."""
    links = [offer for offers in OFFERS for offer in offers(user)]
    if not user.only_learns:
        return links
    return [link for link in links if can_learner_follow(link.url)]


def can_learner_follow(url: str) -> bool:
    """Check whether who only learns can follow a link."""
    found = resolve(urlsplit(url).path)
    open_to_all = not getattr(found.func, "login_required", True)
    return open_to_all or is_open_to_learners(found.view_name)

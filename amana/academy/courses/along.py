"""Where a course's page leads besides learning: rooms above add their entries here, in
their `apps.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from amana.registry import Registry
from amana.trust.access.models import User


@dataclass(frozen=True)
class CourseLink:
    """A page about a course; its address takes the course's slug."""

    label: str | Promise
    to: str
    when: Callable[[User], bool]


ALONG: Registry[CourseLink] = Registry()


def list_links(slug: str, to: User) -> list[tuple[str | Promise, str]]:
    return [
        (page.label, reverse(page.to, args=[slug])) for page in ALONG if page.when(to)
    ]

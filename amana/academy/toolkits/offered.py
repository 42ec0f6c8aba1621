"""Toolkits that learners have left to others. A room that knows of them registers in
its `apps.ready()`, without this room knowing it."""

from collections.abc import Callable
from dataclasses import dataclass

from amana.registry import Registry
from amana.trust.access.models import User


@dataclass(frozen=True)
class LearnersToolkit:
    title: str
    about: str
    author: str
    url: str


OFFERED: Registry[Callable[[User, str], list[LearnersToolkit]]] = Registry()
"""Each lists, for a person and the slug of a course."""


def list_offered(user: User, course: str) -> list[LearnersToolkit]:
    return [kit for find in OFFERED for kit in find(user, course)]

"""What rooms above know of a mechanism, without this room knowing them: figures on its
first page, and how a certificate is called that a role asks for. A room registers in
its `apps.ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from amana.design.mechanism.models import Version
from amana.registry import Registry
from amana.trust.access.models import User


@dataclass(frozen=True)
class SummaryFigure:
    label: str
    value: str
    note: str = ""
    url: str = ""


FIGURES: Registry[Callable[[Version, User], Iterable[SummaryFigure]]] = Registry()


def list_figures(version: Version, user: User) -> list[SummaryFigure]:
    return [figure for find in FIGURES for figure in find(version, user)]


CERTIFICATES: Registry[Callable[[str], str]] = Registry()
"""From the code of a certificate to its name; empty where it isn't known."""


def find_certificate_name(code: str) -> str:
    return next(filter(None, (find(code) for find in CERTIFICATES)), code)

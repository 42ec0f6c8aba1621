"""Where a case leads to the page: on its own page, where something ends."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import panels
from amana.care.cases.models import Case
from amana.care.cases.panels import NeedStep, Panel
from amana.care.outcomes.questions import named_by_mechanism
from amana.trust.access.models import User


def panel(case: Case, user: User) -> dict[str, Any]:
    return {"asks": panels.may_work(case, user) and bool(named_by_mechanism(case))}


def steps(case: Case, user: User) -> Iterator[NeedStep]:
    if panels.may_work(case, user) and named_by_mechanism(case):
        url = reverse("outcomes:answers", args=[case.pk])
        yield NeedStep(_("Record outcomes"), url)


def register() -> None:
    panels.PANELS.append(Panel(40, "outcomes/panel.html", panel))
    panels.AFTERWARDS.append(steps)

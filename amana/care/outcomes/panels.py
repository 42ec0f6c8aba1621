"""Where a case leads to the page: on its own page, where something ends."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import panels
from amana.care.cases.models import Case
from amana.care.cases.panels import CaseSection, NeedAction
from amana.care.outcomes.questions import list_codes_of_mechanism
from amana.trust.access.models import User


def load_panel(case: Case, user: User) -> dict[str, Any]:
    return {"asks": panels.may_work(case, user) and bool(list_codes_of_mechanism(case))}


def iterate_steps(case: Case, user: User) -> Iterator[NeedAction]:
    if panels.may_work(case, user) and list_codes_of_mechanism(case):
        url = reverse("outcomes:answers", args=[case.pk])
        yield NeedAction(_("Record outcomes"), url)


def register() -> None:
    panels.PANELS.append(CaseSection(40, "outcomes/panel.html", load_panel))
    panels.AFTERWARDS.append(iterate_steps)

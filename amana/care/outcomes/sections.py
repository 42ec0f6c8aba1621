"""Where a case leads to the page: on its own page, where something ends."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import sections
from amana.care.cases.models import Case
from amana.care.cases.sections import CaseSection, NeedAction
from amana.care.outcomes.questions import list_codes_of_mechanism
from amana.trust.access.models import User


def load_panel(case: Case, user: User) -> dict[str, object]:
    return {
        "asks": sections.may_work(case, user) and bool(list_codes_of_mechanism(case))
    }


def iterate_steps(case: Case, user: User) -> Iterator[NeedAction]:
    if sections.may_work(case, user) and list_codes_of_mechanism(case):
        url = reverse("outcomes:answers", args=[case.pk])
        yield NeedAction(_("Record outcomes"), url)


def register() -> None:
    sections.PANELS.append(CaseSection(40, "outcomes/panel.html", load_panel))
    sections.AFTERWARDS.append(iterate_steps)

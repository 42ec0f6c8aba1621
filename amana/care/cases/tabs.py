"""The tabs of a case's page: each has its own address and loads what it shows."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CaseTab(models.TextChoices):
    OVERVIEW = "overview", _("Overview")
    REFERRALS = "referrals", _("Referrals")
    CONSENT = "consent", _("Consent")
    NOTES = "notes", _("Notes")
    SAFETY = "safety", _("Safety")
    HISTORY = "history", _("History")


LATER = tuple(tab.value for tab in CaseTab if tab is not CaseTab.OVERVIEW)
"""Those with a word in their address; a case's own address is its overview."""


def build_address(tab: CaseTab, case: UUID) -> str:
    if tab is CaseTab.OVERVIEW:
        return reverse("cases:case", args=[case])
    return reverse("cases:tab", args=[case, tab.value])


@dataclass(frozen=True)
class TabLink:
    """A tab as the page offers it."""

    label: str
    url: str
    current: bool


def list_links(current: CaseTab, case: UUID) -> list[TabLink]:
    return [
        TabLink(str(tab.label), build_address(tab, case), tab is current)
        for tab in CaseTab
    ]

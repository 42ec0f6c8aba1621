"""The tabs of a case's page: each has its own address and loads what it shows."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Tab(models.TextChoices):
    OVERVIEW = "overview", _("Overview")
    REFERRALS = "referrals", _("Referrals")
    CONSENT = "consent", _("Consent")
    NOTES = "notes", _("Notes")
    SAFETY = "safety", _("Safety")
    HISTORY = "history", _("History")


LATER = tuple(tab.value for tab in Tab if tab is not Tab.OVERVIEW)
"""Those with a word in their address; a case's own address is its overview."""


def address(tab: Tab, case: UUID) -> str:
    if tab is Tab.OVERVIEW:
        return reverse("cases:case", args=[case])
    return reverse("cases:tab", args=[case, tab.value])


@dataclass(frozen=True)
class Link:
    """A tab as the page offers it."""

    label: str
    url: str
    current: bool


def links(current: Tab, case: UUID) -> list[Link]:
    return [Link(str(tab.label), address(tab, case), tab is current) for tab in Tab]
